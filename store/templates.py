"""Templates: drafts by their content, released versions, each once and for ever, and recalls.

A draft stays when a later one takes its place, so that what a person saw of one is what they release. It
refuses to change or to delete a version; a recall is a row beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from domain.ids import DraftId, TemplateVersionId
from domain.plans.templates.template import Draft, Recall, Release
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Changed, Unknown
from store.repository import Repository


class TemplateDraftRow(Base):
    """A draft of a template by its content."""

    __tablename__ = "template_drafts"
    template: Mapped[Key]
    digest: Mapped[Key]
    at: Mapped[datetime]
    document: Mapped[Json]


class TemplateVersionRow(Base):
    """A released version of a template."""

    __tablename__ = "template_versions"
    template: Mapped[Key]
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str]
    at: Mapped[datetime]
    document: Mapped[Json]


class TemplateRecallRow(Base):
    """A recall of a version by its place among them, from 1; the last holds."""

    __tablename__ = "template_recalls"
    template: Mapped[Key]
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    document: Mapped[Json]


DRAFT = DocumentForm(Draft)
RELEASE = DocumentForm(Release, keep=16)
RECALL = DocumentForm(Recall)


class Templates(Repository):
    """The drafts, versions and recalls of every template."""

    def keep(self, draft: Draft) -> bool:
        """Stores a draft; whether it is new. The same content again makes it the newest draft."""
        row = {
            "template": draft.template.id, "digest": draft.digest, "at": draft.at,
            "document": DRAFT.write(draft),
        }  # fmt: skip
        new = self._add(TemplateDraftRow, row)
        if not new:
            same = (TemplateDraftRow.template == draft.template.id, TemplateDraftRow.digest == draft.digest)
            self._session.execute(update(TemplateDraftRow).where(*same).values(at=draft.at))
        return new

    def draft(self, asked: DraftId | str) -> Draft:
        """The draft of that id, whose digest begins so; of a template's id alone its newest draft.

        Raises Unknown for one that is not there, naming the newest that are.
        """
        template, digest = (asked, "") if isinstance(asked, str) else (asked.template, asked.digest)
        rows = select(TemplateDraftRow.document).where(
            TemplateDraftRow.template == template, TemplateDraftRow.digest.startswith(digest, autoescape=True)
        )
        found = self._session.scalars(rows.order_by(TemplateDraftRow.at.desc()).limit(2)).all()
        if not found or (digest and len(found) > 1):
            what = "several drafts" if found else "no draft"
            known = ", ".join(map(str, self.drafts()[:12])) or "none; capture one with capture-plan"
            raise Unknown(f"there is {what} {asked}; there are {known}")
        return DRAFT.read(found[0])

    def drafts(self) -> tuple[DraftId, ...]:
        """The ids of all drafts, the newest first."""
        rows = select(TemplateDraftRow.template, TemplateDraftRow.digest)
        ordered = rows.order_by(
            TemplateDraftRow.at.desc(), TemplateDraftRow.template, TemplateDraftRow.digest
        )
        return tuple(DraftId(template, digest) for template, digest in self._session.execute(ordered))

    def release(self, release: Release, at: datetime) -> bool:
        """Stores a version; False when it is there already with this very content.

        Raises Changed when that version is there with other content.
        """
        key = {"template": release.template.id, "number": release.version}
        row = {"digest": release.digest, "at": at, "document": RELEASE.write(release)}
        if self._add(TemplateVersionRow, key | row):
            return True
        there = self.version(TemplateVersionId(release.template.id, release.version))
        if there is None or there.digest != release.digest:
            raise Changed(
                f"{release.template.id}/{release.version} is released and never changes: release another one"
            )
        return False

    def version(self, asked: TemplateVersionId) -> Release | None:
        """That version; None where it was not released."""
        row = select(TemplateVersionRow.document).where(
            TemplateVersionRow.template == asked.template, TemplateVersionRow.number == asked.number
        )
        found = self._session.scalar(row)
        return None if found is None else RELEASE.read(found)

    def newest(self, template: str) -> Release | None:
        """The newest version of a template; None where there is none."""
        number = self._session.scalar(
            select(func.max(TemplateVersionRow.number)).where(TemplateVersionRow.template == template)
        )
        return None if number is None else self.version(TemplateVersionId(template, number))

    def versions(self) -> Mapping[TemplateVersionId, datetime]:
        """When each version was released, by template and number."""
        rows = select(TemplateVersionRow.template, TemplateVersionRow.number, TemplateVersionRow.at)
        ordered = rows.order_by(TemplateVersionRow.template, TemplateVersionRow.number)
        return {TemplateVersionId(name, number): at for name, number, at in self._session.execute(ordered)}

    def recall(self, recall: Recall, at: datetime) -> bool:
        """Marks a version; whether that is new. The same mark again changes nothing."""
        asked = TemplateVersionId(recall.template, recall.version)
        there = self.recalled().get(asked)
        if there is not None and (there.kind, there.text) == (recall.kind, recall.text):
            return False
        place = self._session.scalar(
            select(func.count()).where(
                TemplateRecallRow.template == recall.template, TemplateRecallRow.number == recall.version
            )
        )
        key = {"template": recall.template, "number": recall.version, "place": (place or 0) + 1}
        return self._add(TemplateRecallRow, {**key, "at": at, "document": RECALL.write(recall)})

    def recalled(self) -> Mapping[TemplateVersionId, Recall]:
        """The newest recall of each version that has one."""
        rows = self._session.scalars(select(TemplateRecallRow.document).order_by(TemplateRecallRow.place))
        found = (RECALL.read(text) for text in rows)
        return {TemplateVersionId(each.template, each.version): each for each in found}
