"""Raising a case: what has to be said, read from the text of a form or a message, and when two are equal.

It finds every flaw at once, each with what to do. Refuses to guess what it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from domain.canonical import digest
from domain.cases.case import AGREED_DAYS, About, AcceptanceCheck, Case, Deadline
from domain.cases.checking import check_of
from domain.cases.kinds import OBJECTED, AboutKind, CaseCause
from domain.deviations.asking import LONGEST_TEXT, MOST_ENTRIES, SHORTEST_REASON
from domain.deviations.entries import Entries, entries
from domain.deviations.flaws import Flaw, Flawed
from domain.ids import VersionId
from domain.organization.office import Organization

ONCE = ("cause", "deadline", "citation", "counterpart", "sponsor", "project", "days", "check")
SEVERAL = ("document",)
EXAMPLE = "cause=regulatory; deadline=2027-03-01; citation=Ports Act 12; check=attested: we may file it"
LONGEST_DAYS = 250


@dataclass(frozen=True, slots=True)
class CaseDraft:
    """What an office raises, as it was written; `counterpart` is empty where it is not named."""

    office: str
    about: About
    cause: CaseCause
    reason: str
    objection: bool = False
    deadline: Deadline | None = None
    counterpart: str = ""
    sponsor: str = ""
    days: int = AGREED_DAYS
    documents: tuple[str, ...] = ()
    check: AcceptanceCheck | None = None


def draft_of(
    office: str, about: str, terms: str, why: str, organization: Organization, today: date, *, objection: bool
) -> CaseDraft:
    """What is raised. Raises Flawed with everything that is wrong with it."""
    read = entries(terms, ONCE, SEVERAL, EXAMPLE)
    flaws = read.flaws
    there = _about(about, read.once.get("project", ""), flaws)
    cause, days = _cause(read, objection=objection), _days(read)
    deadline, check = _deadline(read, today), _check(read, there)
    flaws.extend(_of_offices(office, read, organization))
    flaws.extend(_of_texts(why, read.several["document"], read.once.get("citation", "")))
    if there is not None and objection and there.kind not in OBJECTED:
        flaws.append(
            Flaw("about", f"nobody objects to a {there.kind}", "raise it as feedback: raise-feedback")
        )
    if flaws or there is None:
        raise Flawed(tuple(flaws))
    return CaseDraft(
        office=office,
        about=there,
        cause=cause,
        reason=why.strip(),
        objection=objection,
        deadline=deadline,
        counterpart=read.once.get("counterpart", ""),
        sponsor=read.once.get("sponsor", ""),
        days=days,
        documents=tuple(read.several["document"]),
        check=check,
    )


def _about(text: str, project: str, flaws: list[Flaw]) -> About | None:
    kind, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    if kind not in set(AboutKind) or not rest:
        known = ", ".join(each.value for each in AboutKind)
        flaws.append(
            Flaw(
                "about",
                f"{text.strip()[:60]!r} does not say what it is about",
                f"write `rule delivery-method/2.0 plan-size`; there are {known}",
            )
        )
        return None
    if len(rest) > 200:
        flaws.append(Flaw("about", f"it has {len(rest)} characters", "write 200 or fewer"))
        return None
    of = AboutKind(kind)
    if of is AboutKind.RULE:
        named, _, uid = rest.rpartition(" ")
        version = VersionId.find(named)
        if version is not None:
            return About(of, uid, version.standard, version.version, project)
        flaws.append(
            Flaw("about", f"{rest[:60]!r} names no version", "write `rule delivery-method/2.0 plan-size`")
        )
        return None
    if of is AboutKind.VERSION:
        version = VersionId.find(rest)
        if version is not None and " " not in rest:
            return About(of, rest, version.standard, version.version, project)
        flaws.append(Flaw("about", f"{rest[:60]!r} is no version", "write `version delivery-method/2.0`"))
        return None
    return About(of, rest, project=project)


def _cause(read: Entries, *, objection: bool) -> CaseCause:
    text = read.once.get("cause", CaseCause.CONFLICT.value if objection else "")
    try:
        return CaseCause(text)
    except ValueError:
        known = ", ".join(each.value for each in CaseCause)
        what = f"{text[:40]!r} is none" if text else "it says no cause"
        read.flaws.append(Flaw("cause", what, f"there are {known}"))
        return CaseCause.CONFLICT


def _days(read: Entries) -> int:
    text = read.once.get("days", str(AGREED_DAYS))
    if text.isdecimal() and 1 <= int(text) <= LONGEST_DAYS:
        return int(text)
    what = f"{text[:20]!r} is no number of business days"
    read.flaws.append(
        Flaw("days", what, f"give 1 to {LONGEST_DAYS}: so long both checks are kept before it closes")
    )
    return AGREED_DAYS


def _deadline(read: Entries, today: date) -> Deadline | None:
    on, citation = read.day("deadline"), read.once.get("citation", "")
    if on is None:
        return None
    if not citation:
        read.flaws.append(Flaw("citation", "a day is set by a law that is not named", "give citation=..."))
    if on < today:
        read.flaws.append(Flaw("deadline", f"{on} is over", "give the day that law sets, today or later"))
    return Deadline(on, citation)


def _check(read: Entries, about: About | None) -> AcceptanceCheck | None:
    text = read.once.get("check")
    if text is None:
        return None
    try:
        return check_of(text, about.standard if about else "", about.project if about else "")
    except Flawed as found:
        read.flaws.extend(found.flaws)
        return None


def _of_offices(office: str, read: Entries, organization: Organization) -> Iterator[Flaw]:
    named = {"office": office, **{name: read.once.get(name, "") for name in ("counterpart", "sponsor")}}
    for name, id_ in named.items():
        if (id_ or name == "office") and id_ not in organization.offices:
            yield Flaw(name, f"there is no office {id_[:60]!r}", "give an id of offices.yaml")
    if office and read.once.get("counterpart") == office:
        yield Flaw("counterpart", "it is the office that raises it", "name the other office")


def _of_texts(why: str, documents: list[str], citation: str) -> Iterator[Flaw]:
    if len(why.strip()) < SHORTEST_REASON:
        yield Flaw(
            "why", "it gives no reason", f"say what does not work, in {SHORTEST_REASON} characters or more"
        )
    for name, text in (("why", why), ("citation", citation)):
        if len(text) > LONGEST_TEXT:
            yield Flaw(name, f"it has {len(text)} characters", f"write {LONGEST_TEXT} or fewer")
    if len(documents) > MOST_ENTRIES:
        yield Flaw("document", f"there are {len(documents)} of them", f"give {MOST_ENTRIES} or fewer")


def equal_to(draft: CaseDraft, counterpart: str, cases: Iterable[Case]) -> Case | None:
    """The open case that is the same: about the same, put to the same office; None where there is none.

    An office of both raises it once; a project does not make two of one.
    """
    for each in cases:
        same = _matter(each.about) == _matter(draft.about) and each.counterpart == counterpart
        if same and each.is_open and each.objection is draft.objection and each.counterpart != draft.office:
            return each
    return None


def _matter(about: About) -> tuple[str, ...]:
    return (about.kind, about.subject, about.standard, about.version)


def stopped_before(draft: CaseDraft, cases: Iterable[Case]) -> bool:
    """Whether that office's clock was stopped for the same before: it is stopped once."""
    return any(
        each.objection
        and _matter(each.about) == _matter(draft.about)
        and any(r.office == draft.office and r.stops for r in each.raisers)
        for each in cases
    )


def case_id(draft: CaseDraft, counterpart: str, cases: Iterable[Case]) -> str:
    """The id of a new case: by what it is about and to whom, and how many of these there were before."""
    before = sum(_matter(e.about) == _matter(draft.about) and e.counterpart == counterpart for e in cases)
    told = [_matter(draft.about), counterpart, draft.objection, draft.office, before]
    return f"case-{digest(told)[:12]}"
