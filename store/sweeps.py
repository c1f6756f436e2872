"""Sweeps, each exactly as it was judged, so that any past report can be made again; it refuses to judge."""

from __future__ import annotations

import hashlib
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.compliance.sweep import Judged, OfficeState, Sweep, SweepCount
from domain.standards.verdict import Result
from store.base import Base, Json, Key
from store.document import DocumentForm
from store.errors import Unknown
from store.repository import Repository, Values

WIDTH = hashlib.sha256().digest_size
AT_ONCE = 500
"""How many judgments are asked for at once; a database takes only so many values in a statement."""


class SweepRow(Base):
    """A sweep without its projects; `number` is the order in which sweeps were stored."""

    __tablename__ = "sweeps"
    number: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[str] = mapped_column(unique=True)
    standard: Mapped[str]
    version: Mapped[str]
    at: Mapped[datetime]
    document: Mapped[Json]
    __table_args__ = (Index(None, "standard", "version", "at"),)


class JudgmentRow(Base):
    """What a project was judged as, by its content: never changed; the document is compressed (zlib)."""

    __tablename__ = "judgments"
    digest: Mapped[Key]
    document: Mapped[bytes]


class SweepJudgmentsRow(Base):
    """What a sweep judged, in its order: the digests of the judgments, 32 bytes each."""

    __tablename__ = "sweep_judgments"
    sweep: Mapped[int] = mapped_column(ForeignKey(SweepRow.number), primary_key=True)
    judgments: Mapped[bytes]


class SweepBandsRow(Base):
    """The band of each project of a sweep, in its order, so that what only counts reads no judgment."""

    __tablename__ = "sweep_bands"
    sweep: Mapped[int] = mapped_column(ForeignKey(SweepRow.number), primary_key=True)
    bands: Mapped[Json]


SWEEP = DocumentForm(Sweep)
BANDS: DocumentForm[dict[str, Result]] = DocumentForm(dict[str, Result])


class JudgedForm(DocumentForm[Judged]):
    """What a project was judged as; its place in a life cycle stands there only where it has one."""

    def _native(self, value: Judged) -> dict[str, Any]:
        native: dict[str, Any] = super()._native(value)
        if native["position"] is None:
            del native["position"]
        return native


JUDGED = JudgedForm(Judged, keep=1024)


@dataclass(frozen=True, slots=True)
class Judgment:
    """What a project was judged as, in the form in which it is stored, and the SHA-256 of its text."""

    digest: bytes
    document: bytes


def judgments(judged: Iterable[Judged]) -> tuple[Judgment, ...]:
    """These in the form in which they are stored. It takes most of the time of storing, and no database."""
    texts = (JUDGED.write(each).encode() for each in judged)
    return tuple(Judgment(hashlib.sha256(text).digest(), zlib.compress(text)) for text in texts)


class Sweeps(Repository):
    """Every sweep of the network; of two at the same time, the one stored later is the newer."""

    def keep(self, found: Iterable[Judgment]) -> None:
        """Stores what projects were judged as. Nobody sees it before a sweep that holds it is added."""
        for each in found:
            self._add(JudgmentRow, {"digest": each.digest.hex(), "document": each.document})

    def missing(self, found: Sequence[Judgment]) -> tuple[Judgment, ...]:
        """Those that are not kept yet."""
        digests = [each.digest.hex() for each in found]
        there = set(self._session.scalars(select(JudgmentRow.digest).where(JudgmentRow.digest.in_(digests))))
        return tuple(each for each in found if each.digest.hex() not in there)

    def add(self, sweep: Sweep, found: Sequence[Judgment] | None = None) -> bool:
        """Stores a sweep; whether it is new. One with its id that is there stays as it is.

        `found` are its judgments where they are kept already; else it keeps them.
        """
        head: Values = {
            "id": sweep.id,
            "standard": sweep.standard,
            "version": sweep.version,
            "at": sweep.at,
            "document": SWEEP.write(replace(sweep, judged=())),
        }
        if not self._add(SweepRow, head):
            return False
        if found is None:
            self.keep(found := judgments(sweep.judged))
        number = self._session.scalar(select(SweepRow.number).where(SweepRow.id == sweep.id))
        self._add(SweepJudgmentsRow, {"sweep": number, "judgments": b"".join(each.digest for each in found)})
        self._add(SweepBandsRow, {"sweep": number, "bands": BANDS.write(_bands(sweep))})
        return True

    def get(self, sweep_id: str) -> Sweep | None:
        """The sweep with that id; None when there is none."""
        return self._newest(SweepRow.id == sweep_id)

    def any(self) -> bool:
        """Whether anything was ever judged."""
        return self._session.scalar(select(SweepRow.number).limit(1)) is not None

    def offices(self) -> tuple[OfficeState, ...]:
        """How each office stood at the newest sweep of all; none where nothing was ever judged."""
        newest = select(SweepRow.document).order_by(SweepRow.at.desc(), SweepRow.number.desc()).limit(1)
        text = self._session.scalar(newest)
        return () if text is None else SWEEP.read(text).offices

    def latest(self, standard: str, version: str) -> Sweep | None:
        """The newest sweep under that version; None when there is none."""
        return self._newest(_under(standard, version))

    def previous(self, standard: str, version: str, before: str, beside: Sweep | None = None) -> Sweep | None:
        """The newest sweep under that version that is older than the one with the id `before`.

        A project that is in the same band in the sweep `beside` comes without its verdicts. None when there
        is none. Raises Unknown for an id that was never stored.
        """
        asked = select(SweepRow.at, SweepRow.number).where(SweepRow.id == before)
        found = self._session.execute(asked).one_or_none()
        if found is None:
            raise Unknown(f"no sweep with the id {before} was stored")
        at, number = found
        older = or_(SweepRow.at < at, and_(SweepRow.at == at, SweepRow.number < number))
        return self._newest(_under(standard, version), older, beside=beside)

    def at(self, standard: str, version: str, at: datetime) -> Sweep | None:
        """The sweep under that version that was the newest at that time; None when there was none."""
        return self._newest(_under(standard, version), SweepRow.at <= at)

    def counts(self, standard: str, version: str, most: int) -> tuple[SweepCount, ...]:
        """The last sweeps under that version in numbers, at most so many, oldest first."""
        asked = select(SweepRow.at, SweepBandsRow.bands).join(SweepBandsRow)
        newest = asked.where(_under(standard, version)).order_by(SweepRow.at.desc(), SweepRow.number.desc())
        rows = self._session.execute(newest.limit(most)).all()
        named = f"{standard} {version}"
        return tuple(SweepCount(at, _counted(BANDS.read(bands)), named) for at, bands in reversed(rows))

    def first_failing(
        self, version: tuple[str, str], project: str, rule: str, since: datetime | None
    ) -> datetime | None:
        """When a sweep under `version` (standard and version) first found that the project fails the rule.

        Sweeps before `since` do not count. None where none found it.
        """
        asked = select(SweepRow.at, SweepBandsRow.bands, SweepJudgmentsRow.judgments)
        rows = asked.join(SweepBandsRow).join(SweepJudgmentsRow).where(_under(*version))
        if since is not None:
            rows = rows.where(SweepRow.at >= since)
        seen: dict[str, bool] = {}
        at: datetime
        for at, bands, listed in self._session.execute(rows.order_by(SweepRow.at, SweepRow.number)):
            place = list(BANDS.read(bands)).index(project) if f'"{project}"' in bands else -1
            if place < 0:
                continue
            digest = listed[place * WIDTH : (place + 1) * WIDTH].hex()
            if digest not in seen:
                (found,) = self._read(0, [digest]).values()
                seen[digest] = any(v.rule == rule and v.result is Result.FAIL for v in found.verdicts)
            if seen[digest]:
                return at
        return None

    def _newest(self, *conditions: ColumnElement[bool], beside: Sweep | None = None) -> Sweep | None:
        asked = select(SweepRow.number, SweepRow.document).where(*conditions)
        found = self._session.execute(
            asked.order_by(SweepRow.at.desc(), SweepRow.number.desc()).limit(1)
        ).one_or_none()
        if found is None:
            return None
        number, text = found
        return replace(SWEEP.read(text), judged=self._judged(number, beside))

    def _judged(self, number: int, beside: Sweep | None) -> tuple[Judged, ...]:
        """What a sweep judged. Raises Unknown where a judgment that it names is not there."""
        asked = select(SweepJudgmentsRow.judgments).where(SweepJudgmentsRow.sweep == number)
        listed = self._session.scalar(asked) or b""
        digests = [listed[at : at + WIDTH].hex() for at in range(0, len(listed), WIDTH)]
        same = self._same(number, beside) if beside is not None else {}
        wanted = [digest for place, digest in enumerate(digests) if place not in same]
        read = self._read(number, wanted)
        return tuple(same[place] if place in same else read[digest] for place, digest in enumerate(digests))

    def _same(self, number: int, beside: Sweep) -> Mapping[int, Judged]:
        """Of the projects that are in the same band in `beside`: that band, and no verdicts; by place."""
        text = self._session.scalar(select(SweepBandsRow.bands).where(SweepBandsRow.sweep == number))
        now = {each.project: each for each in beside.judged}
        bands = enumerate(BANDS.read(text).items()) if text is not None else ()
        return {
            place: replace(now[project], verdicts=())
            for place, (project, band) in bands
            if project in now and now[project].band is band
        }

    def _read(self, number: int, digests: Sequence[str]) -> Mapping[str, Judged]:
        documents: dict[str, bytes] = {}
        for first in range(0, len(digests), AT_ONCE):
            some = JudgmentRow.digest.in_(digests[first : first + AT_ONCE])
            rows = self._session.execute(select(JudgmentRow.digest, JudgmentRow.document).where(some))
            documents.update((digest, document) for digest, document in rows)
        if missing := set(digests) - documents.keys():
            raise Unknown(f"{len(missing)} judgments of sweep number {number} are not in the store")
        return {key: JUDGED.read(zlib.decompress(found).decode()) for key, found in documents.items()}


def _bands(sweep: Sweep) -> dict[str, Result]:
    return {each.project: each.band for each in sweep.judged}


def _counted(bands: Mapping[str, Result]) -> Mapping[Result, int]:
    found = Counter(bands.values())
    return {band: found[band] for band in Result}


def _under(standard: str, version: str) -> ColumnElement[bool]:
    return and_(SweepRow.standard == standard, SweepRow.version == version)
