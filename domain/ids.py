"""Identifiers: values that have a text form. Only an identifier's own class knows it; nothing else parses it.

A text form stands in tools, in the store and in the ledger, so it is data: it changes only with a migration.
`read` raises ValueError for a text of another form; `find` gives None for it. An identifier that only one
package uses may stand there, as a class that derives from `Id` and reads with `parts`.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Self


class Id:
    """A value that is written as text."""

    __slots__ = ()

    @classmethod
    @abstractmethod
    def read(cls, text: str) -> Self:
        """The id of that text. Raises ValueError for a text of another form."""

    @classmethod
    def find(cls, text: str) -> Self | None:
        """The id of that text; None for a text of another form."""
        try:
            return cls.read(text)
        except ValueError:
            return None


def parts(text: str, prefix: str, count: int) -> list[str]:
    """The parts after a prefix, `count` of them, none empty; the last takes the rest.

    Raises ValueError for a text of another form.
    """
    if not text.startswith(prefix):
        raise ValueError(f"{text!r} does not begin with {prefix!r}")
    found = text.removeprefix(prefix).split("/", count - 1)
    if len(found) != count or not all(found):
        raise ValueError(f"{text!r} is not {prefix!r} and {count} parts")
    return found


@dataclass(frozen=True, slots=True)
class ProjectKey(Id):
    """A project: the accountable office, and the office's own id of it, which may have slashes in it."""

    office: str
    own: str

    def __str__(self) -> str:
        return f"{self.office}/{self.own}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a text such as `porto/P-1`."""
        return cls(*parts(text, "", 2))


def own_id(office: str, text: str) -> str:
    """The office's own id of a project that is named with its office or without it."""
    return text.removeprefix(f"{office}/")


@dataclass(frozen=True, slots=True)
class ItemKey(Id):
    """An item of an office's plan: its project, and the office's own id of it, which has no slash in it."""

    project: str
    own: str

    def __str__(self) -> str:
        return f"{self.project}/{self.own}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a text such as `porto/P-1/T-3`."""
        project, slash, own = text.rpartition("/")
        if not slash:
            raise ValueError(f"{text!r} names no project and item")
        return cls(project, own)


@dataclass(frozen=True, slots=True)
class VersionId(Id):
    """A version of a standard."""

    standard: str
    version: str

    def __str__(self) -> str:
        return f"{self.standard}/{self.version}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `delivery-method/2.0`."""
        return cls(*parts(text, "", 2))


@dataclass(frozen=True, slots=True)
class VersionIds(Id):
    """Versions of several standards, each of its own."""

    versions: tuple[str, ...]

    def __str__(self) -> str:
        return ", ".join(self.versions)

    @classmethod
    def read(cls, text: str) -> Self:
        """The ids of a text such as `delivery-method/2.0, site-safety/1.0`."""
        return cls(tuple(str(VersionId.read(each)) for each in text.split(", ")))


@dataclass(frozen=True, slots=True)
class TemplateVersionId(Id):
    """A released version of a template."""

    template: str
    number: int

    def __str__(self) -> str:
        return f"{self.template}/{self.number}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `finance-system/2`."""
        template, number = parts(text, "", 2)
        return cls(template, int(number))


@dataclass(frozen=True, slots=True)
class DraftId(Id):
    """A draft of a template, by the beginning of its digest."""

    template: str
    digest: str

    def __str__(self) -> str:
        return f"{self.template}@{self.digest[:12]}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `finance-system@0123456789ab`; the digest is its beginning only."""
        template, at, digest = text.partition("@")
        if not (template and at and digest):
            raise ValueError(f"{text!r} names no template and digest")
        return cls(template, digest)


@dataclass(frozen=True, slots=True)
class PeerQuestionId(Id):
    """The question of an office on a template that is shared with it, by the beginning of its digest."""

    template: str
    digest: str

    def __str__(self) -> str:
        return f"peer/{self.template}/{self.digest}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `peer/finance-system/0123456789ab`."""
        return cls(*parts(text, "peer/", 2))


@dataclass(frozen=True, slots=True)
class FactQuestionId(Id):
    """The question of a rollout for one missing fact of a project."""

    rollout: str
    project: str
    fact: str

    def __str__(self) -> str:
        return f"ask/{self.rollout}/{self.project}/{self.fact}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `ask/rollout/porto/P-1/project.finish`."""
        rollout, rest = parts(text, "ask/", 2)
        project, slash, fact = rest.rpartition("/")
        if not slash:
            raise ValueError(f"{text!r} names no project and fact")
        return cls(rollout, project, fact)


@dataclass(frozen=True, slots=True)
class ReportQuestionId(Id):
    """The question of a report format for one missing fact of a project, before a cut-off."""

    format: str
    day: str
    """The cut-off's day, as it is written."""
    project: str
    fact: str

    def __str__(self) -> str:
        return f"report/{self.format}/{self.day}/{self.project}/{self.fact}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `report/method.board/2027-03-05/porto/P-1/project.finish`."""
        format_, day, rest = parts(text, "report/", 3)
        project, slash, fact = rest.rpartition("/")
        if not slash:
            raise ValueError(f"{text!r} names no project and fact")
        return cls(format_, day, project, fact)


@dataclass(frozen=True, slots=True)
class ElectionId(Id):
    """The question whether a project finishes under the old version."""

    rollout: str
    project: str

    def __str__(self) -> str:
        return f"elect/{self.rollout}/{self.project}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `elect/rollout/porto/P-1`."""
        return cls(*parts(text, "elect/", 2))


@dataclass(frozen=True, slots=True)
class ApprovalId(Id):
    """The question whether a rollout may begin, for the list of members whose digest begins like that."""

    rollout: str
    digest: str

    def __str__(self) -> str:
        return f"approve/{self.rollout}/{self.digest[:16]}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `approve/rollout/0123456789abcdef`; the digest is its beginning only."""
        return cls(*parts(text, "approve/", 2))


@dataclass(frozen=True, slots=True)
class TwinId(Id):
    """The question whether two projects are one. Both have slashes in them, so it is never read back."""

    first: str
    second: str

    def __str__(self) -> str:
        return f"twin/{self.first}/{self.second}"

    @classmethod
    def read(cls, text: str) -> Self:
        """Always raises ValueError: where the first project ends is ambiguous."""
        raise ValueError(f"{text!r} does not say where its first project ends")


@dataclass(frozen=True, slots=True)
class CopyId(Id):
    """The question about a key of ours that stands several times in an office's tool."""

    office: str
    key: str

    def __str__(self) -> str:
        return f"copy/{self.office}/{self.key}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `copy/porto/adopt/delivery-method/2.0/porto/P-1/sponsor`."""
        return cls(*parts(text, "copy/", 2))


@dataclass(frozen=True, slots=True)
class WorkItemKey(Id):
    """The work that one rule of a version asks of one project."""

    version: VersionId
    project: str
    rule: str

    def __str__(self) -> str:
        return f"adopt/{self.version}/{self.project}/{self.rule}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a text such as `adopt/delivery-method/2.0/porto/P-1/sponsor`."""
        standard, version, rest = parts(text, "adopt/", 3)
        project, slash, rule = rest.rpartition("/")
        if not slash:
            raise ValueError(f"{text!r} names no project and rule")
        return cls(VersionId(standard, version), project, rule)


@dataclass(frozen=True, slots=True)
class StartKey(Id):
    """A project that was started by us in its office's tool."""

    project: str

    def __str__(self) -> str:
        return f"start/{self.project}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a text such as `start/porto/P-9`."""
        return cls("/".join(parts(text, "start/", 2)))


@dataclass(frozen=True, slots=True)
class FirstItemKey(Id):
    """An item with which a project was started, the office's since: its plan part, and which one of it."""

    project: str
    part: str
    which: str

    def __str__(self) -> str:
        return f"first/{self.project}/{self.part}/{self.which}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a text such as `first/porto/P-9/gate-reviews/1`."""
        project, _, which = text.removeprefix("first/").rpartition("/")
        project, slash, part = project.rpartition("/")
        if not slash or "/" not in project or not text.startswith("first/"):
            raise ValueError(f"{text!r} names no project, part and item")
        return cls(project, part, which)


@dataclass(frozen=True, slots=True)
class PlanTaskKey(Id):
    """A task of a plan that was put into an office's tool, the office's since: its project, and its uid.

    A uid has no slash in it.
    """

    project: str
    uid: str

    def __str__(self) -> str:
        return f"task/{self.project}/{self.uid}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a text such as `task/porto/P-9/k3f9`."""
        project, slash, uid = text.removeprefix("task/").rpartition("/")
        if not (text.startswith("task/") and slash and uid and "/" in project):
            raise ValueError(f"{text!r} names no project and task")
        return cls(project, uid)


def is_given(key: str) -> bool:
    """Whether our key is that of something that is the office's own since it was put there."""
    return FirstItemKey.find(key) is not None or PlanTaskKey.find(key) is not None


@dataclass(frozen=True, slots=True)
class UnreadableKey(Id):
    """The notice about a place in an office's tool that could not be understood."""

    office: str
    ref: str

    def __str__(self) -> str:
        return f"unreadable/{self.office}/{self.ref}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a text such as `unreadable/porto/Projects!C7`."""
        return cls(*parts(text, "unreadable/", 2))


@dataclass(frozen=True, slots=True)
class Subject(Id):
    """What an entry of the ledger is about: something of a rollout or of an office."""

    of: str
    about: str

    def __str__(self) -> str:
        return f"{self.of}: {self.about}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The subject of a text such as `delivery-method-2.0: porto/P-1`."""
        of, colon, about = text.partition(": ")
        if not colon:
            raise ValueError(f"{text!r} is about nothing of something")
        return cls(of, about)
