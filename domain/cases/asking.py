"""Raising a case: what has to be said, read from the text of a form or a message, and when two are equal.

It finds every flaw at once, each with what to do. Refuses to guess what it is about.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from domain.canonical import digest
from domain.cases.case import AGREED_DAYS, About, AcceptanceCheck, Case, Deadline
from domain.cases.checking import WRITE, check_of
from domain.cases.kinds import OBJECTED, AboutKind, CaseCause
from domain.deviations.asking import LONGEST_TEXT, MOST_ENTRIES, SHORTEST_REASON
from domain.deviations.entries import KNOWN, Entries, entries
from domain.deviations.flaws import Flaw, Flawed, quoted
from domain.ids import VersionId
from domain.language import Message
from domain.organization.office import Organization

ONCE = ("cause", "deadline", "citation", "counterpart", "sponsor", "project", "days", "check")
SEVERAL = ("document",)
OF_RULE = "rule delivery-method/2.0 plan-size"
_VERSIONS = {AboutKind.RULE: OF_RULE, AboutKind.VERSION: "version delivery-method/2.0"}
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
            Flaw(
                "about",
                Message("nobody objects to that: {given}"),
                Message("raise it as feedback"),
                given=there.kind.value,
            )
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
        what, instead = (
            Message("{given} does not say what it is about"),
            Message("write {example}; there are {known}"),
        )
        flaws.append(
            Flaw("about", what, instead, given=quoted(text.strip()), example=f"`{OF_RULE}`", known=known)
        )
        return None
    if len(rest) > 200:
        flaws.append(too_long("about", rest, 200))
        return None
    of = AboutKind(kind)
    if of not in _VERSIONS:
        return About(of, rest, project=project)
    named, _, uid = rest.rpartition(" ") if of is AboutKind.RULE else (rest, "", rest)
    version = VersionId.find(named)
    if version is not None and " " not in named:
        return About(of, uid, version.standard, version.version, project)
    what = Message("{given} names no version")
    flaws.append(Flaw("about", what, WRITE, given=quoted(rest), example=f"`{_VERSIONS[of]}`"))
    return None


def too_long(field: str, text: str, most: int) -> Flaw:
    """That a text has more characters than may be kept."""
    what = Message("it has more than {most} characters: {n}")
    return Flaw(field, what, Message("write fewer"), most=most, n=len(text))


def _cause(read: Entries, *, objection: bool) -> CaseCause:
    text = read.once.get("cause", CaseCause.CONFLICT.value if objection else "")
    try:
        return CaseCause(text)
    except ValueError:
        known = ", ".join(each.value for each in CaseCause)
        what = Message("{given} is no cause") if text else Message("it says no cause")
        read.flaws.append(Flaw("cause", what, KNOWN, given=quoted(text, 40), known=known))
        return CaseCause.CONFLICT


def _days(read: Entries) -> int:
    text = read.once.get("days", str(AGREED_DAYS))
    if text.isdecimal() and 1 <= int(text) <= LONGEST_DAYS:
        return int(text)
    what = Message("{given} is no number of business days")
    instead = Message("give 1 to {most}: for so long both checks are kept before it closes")
    read.flaws.append(Flaw("days", what, instead, given=quoted(text, 20), most=LONGEST_DAYS))
    return AGREED_DAYS


def _deadline(read: Entries, today: date) -> Deadline | None:
    on, citation = read.day("deadline"), read.once.get("citation", "")
    if on is None:
        return None
    if not citation:
        what, instead = Message("a day is set by a law that is not named"), Message("name it: {example}")
        read.flaws.append(Flaw("citation", what, instead, example="citation=Ports Act 12"))
    if on < today:
        what, instead = Message("{day} is over"), Message("give the day that law sets, today or later")
        read.flaws.append(Flaw("deadline", what, instead, day=on))
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
            what, instead = Message("there is no office {given}"), Message("give an id of offices.yaml")
            yield Flaw(name, what, instead, given=quoted(id_))
    if office and read.once.get("counterpart") == office:
        yield Flaw(
            "counterpart", Message("it is the office that raises it"), Message("name the other office")
        )


def _of_texts(why: str, documents: list[str], citation: str) -> Iterator[Flaw]:
    if len(why.strip()) < SHORTEST_REASON:
        what = Message("it gives no reason")
        instead = Message("say what does not work, in {least} characters or more")
        yield Flaw("why", what, instead, least=SHORTEST_REASON)
    for name, text in (("why", why), ("citation", citation)):
        if len(text) > LONGEST_TEXT:
            yield too_long(name, text, LONGEST_TEXT)
    if len(documents) > MOST_ENTRIES:
        what, instead = Message("there are too many of them: {n}"), Message("give {most} or fewer")
        yield Flaw("document", what, instead, n=len(documents), most=MOST_ENTRIES)


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
        and any(r.office == draft.office and r.stops for r in (*each.raisers, *each.left))
        for each in cases
    )


def case_id(draft: CaseDraft, counterpart: str, cases: Iterable[Case]) -> str:
    """The id of a new case: by what it is about and to whom, and how many of these there were before."""
    before = sum(_matter(e.about) == _matter(draft.about) and e.counterpart == counterpart for e in cases)
    told = [_matter(draft.about), counterpart, draft.objection, draft.office, before]
    return f"case-{digest(told)[:12]}"
