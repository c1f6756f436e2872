"""Programs, relations and agreements between offices: it refuses unknown ones and overlaps."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import combinations

from pydantic import Field

from config.documents import YamlDocument
from config.offices import known, unique
from config.problems import Problems, meant
from config.shapes import Day, FileEntry, Shape, Slug, Words, entries
from domain.organization.office import Agreement, Office, OfficeKind, Program, Relation, RelationKind

SHARES = ("templates", "plans", "reports", "measures", "standards", "lessons")


class ProgramShape(Shape):
    """One entry of programs.yaml."""

    id: Slug = Field(examples=["terminal-renewal"])
    """The program's id. A project belongs to it where its tool gives this id as the project's program."""
    name: Words = Field(examples=["Terminal renewal"])
    """The program's name, as reports show it."""
    office: Slug = Field(examples=["porto"])
    """The id of the program office; it elects for the program's projects that have leeway."""
    manager: Slug | None = Field(None, examples=["ana-reis"])
    """The id of the person of people.yaml who manages the program: elects for its projects, and has a page
    with them. Without one the deputy elects, and without a deputy the head of the program office."""
    deputy: Slug | None = Field(None, examples=["bo-li"])
    """The id of the person of people.yaml who stands in for the manager: has the same page, and elects where
    no manager is named."""


class RelationShape(Shape):
    """One entry of relations.yaml."""

    root: Slug = Field(examples=["harbor-hq"])
    """The id of the office at the top of the subtree. The nearest root above an office decides."""
    kind: RelationKind = Field(examples=["network"])
    """How the offices of the subtree work together. In a diverse one an office without an agreement takes no
    part: it is neither read, nor judged, nor shown; of one in a deployment the local plan alone is read."""


class AgreementShape(Shape):
    """One entry of agreements.yaml."""

    id: Slug = Field(examples=["hq-oslo-2027"])
    """The agreement's id."""
    giver: Slug = Field(examples=["harbor-hq"])
    """The id of the office that shares."""
    taker: Slug = Field(examples=["oslo"])
    """The id of the office with which it shares."""
    shares: tuple[str, ...] = Field(examples=["[templates, reports]"])
    """What is shared. With `templates` the giver may share templates with the taker (share-plan). By an
    agreement about templates and lessons alone nobody takes part in a network. Agreements between the same
    offices on the same things may not overlap."""
    since: Day = Field(examples=["2027-01-01"])
    """The first day on which the agreement is in force."""
    until: Day | None = None
    """The last day on which it is in force. Without it the agreement is open."""


def read_programs(
    document: YamlDocument | None,
    names: list[str] | None,
    people: list[str] | None,
    offices: Mapping[str, Office],
    problems: Problems,
) -> dict[str, Program]:
    """Programs by id; `names` are the ids of offices and `people` those of people, None where not known."""
    found = list(entries(ProgramShape, document, "programs", problems))
    unique(found, "programs", problems)
    for entry in found:
        _managed(entry, people, problems)
        office = entry.value.office
        if known(office, names, "office", entry.where("office"), problems) and office in offices:
            kind = offices[office].kind
            if kind not in (OfficeKind.PROGRAM, OfficeKind.STRATEGIC):
                message = f"`{entry.value.id}` is led by `{office}`, which is a {kind} office"
                problems.warn(entry.where("office"), message, "name a program office")
    return {
        e.value.id: Program(
            e.value.id, e.value.name, e.value.office, e.value.manager or "", e.value.deputy or ""
        )
        for e in found
    }


def _managed(entry: FileEntry[ProgramShape], people: list[str] | None, problems: Problems) -> None:
    """Refuse a manager or deputy whom people.yaml does not name, and one person as both."""
    said = entry.value
    for key, person in (("manager", said.manager), ("deputy", said.deputy)):
        if person is not None:
            known(person, people, "person", entry.where(key), problems)
    if said.manager is not None and said.manager == said.deputy:
        message = f"`{said.deputy}` is the manager and the deputy of `{said.id}`"
        problems.add(entry.where("deputy"), message, "name another person, or leave `deputy` out")


def read_relations(
    document: YamlDocument | None, names: list[str] | None, problems: Problems
) -> tuple[Relation, ...]:
    """Relations; an office is the root of at most one."""
    found = list(entries(RelationShape, document, "relations", problems))
    first: dict[str, FileEntry[RelationShape]] = {}
    for entry in found:
        root = entry.value.root
        known(root, names, "office", entry.where("root"), problems)
        if root in first:
            message = f"`{root}` has two relations, the first on line {first[root].where().line}"
            problems.add(entry.where("root"), message, "keep one of them")
        first.setdefault(root, entry)
    return tuple(Relation(e.value.root, e.value.kind) for e in found)


def read_agreements(
    document: YamlDocument | None, names: list[str] | None, today: date, problems: Problems
) -> tuple[Agreement, ...]:
    """Agreements, with a warning for each that has ended."""
    found = list(entries(AgreementShape, document, "agreements", problems))
    unique(found, "agreements", problems)
    for entry in found:
        _sound(entry, names, today, problems)
    for first, second in combinations(found, 2):
        _apart(first, second, problems)
    return tuple(
        Agreement(a.id, a.giver, a.taker, frozenset(a.shares), a.since, a.until)
        for a in (e.value for e in found)
    )


def _sound(
    entry: FileEntry[AgreementShape], names: list[str] | None, today: date, problems: Problems
) -> None:
    said = entry.value
    for key in ("giver", "taker"):
        known(getattr(said, key), names, "office", entry.where(key), problems)
    if said.giver == said.taker:
        problems.add(
            entry.where("taker"), f"`{said.id}` is between `{said.giver}` and itself", "name another office"
        )
    for n, share in enumerate(said.shares):
        if share not in SHARES:
            where = entry.where("shares", n)
            problems.add(where, f"nothing is shared under the name `{share[:40]}`", meant(share, SHARES))
    if not said.shares:
        problems.add(entry.where("shares"), f"`{said.id}` shares nothing", "name what is shared: [templates]")
    if said.until is not None and said.until < said.since:
        message = f"`{said.id}` ends on {said.until}, before it begins on {said.since}"
        problems.add(entry.where("until"), message, "swap the dates, or remove `until`")
    elif said.until is not None and said.until < today:
        problems.warn(
            entry.where("until"), f"the agreement `{said.id}` expired on {said.until}", "renew or remove it"
        )


def _apart(first: FileEntry[AgreementShape], second: FileEntry[AgreementShape], problems: Problems) -> None:
    one, other = first.value, second.value
    if (one.giver, one.taker) != (other.giver, other.taker) or not set(one.shares) & set(other.shares):
        return
    if one.since <= (other.until or date.max) and other.since <= (one.until or date.max):
        message = (
            f"`{other.id}` overlaps `{one.id}` on line {first.where().line}: same offices, shares and days"
        )
        problems.add(second.where("since"), message, "let the one begin after the other ends")
