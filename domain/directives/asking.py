"""Issuing a directive: what has to be said, read from the texts of a form.

It finds every flaw at once, each with what to do. Refuses to guess whom it is for, or what shows that it is
done.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from domain.canonical import digest
from domain.cases.case import AcceptanceCheck
from domain.cases.checking import check_of
from domain.cases.kinds import CheckKind
from domain.deviations.asking import LONGEST_TEXT, MOST_ENTRIES, SHORTEST_REASON
from domain.deviations.entries import Entries, entries
from domain.deviations.flaws import Flaw, Flawed, quoted
from domain.directives.addressing import is_led, resolved
from domain.directives.directive import Addressed, Directive
from domain.organization.office import NO_LEADER, OfficeKind, Organization, Role

WHOM = ("office", "subtree", "role", "except")
ONCE = ("due", "evidence", "acknowledge", "issuer")
SEVERAL = ("document",)
WHOM_EXAMPLE = "subtree=ports; except=oslo; role=head"
EXAMPLE = "due=2027-03-31; evidence=attested: every crane was inspected"
SHORTEST, LONGEST_DAYS, LONGEST_YEARS = 10, 250, 3
EVIDENCE = frozenset({CheckKind.ATTESTED, CheckKind.FACT})
"""What shows that a directive is carried out; a rule that is to hold for good belongs into a standard."""
ROLES = tuple(each.value for each in Role if each is not Role.PROGRAM_MANAGER)


@dataclass(frozen=True, slots=True)
class DirectiveDraft:
    """What a strategic office instructs, as it was written."""

    issuer: str
    text: str
    addressed: Addressed
    due: date
    acknowledge: int
    evidence: AcceptanceCheck
    documents: tuple[str, ...] = ()
    why: str = ""


def draft_of(
    text: str,
    addressees: str,
    terms: str,
    why: str,
    organization: Organization,
    today: date,
    issuer: str = "",
) -> DirectiveDraft:
    """What is instructed; `issuer` is the office of a message, which no term says otherwise.

    Raises Flawed with everything that is wrong with it.
    """
    if issuer:
        terms = f"{terms}; issuer={issuer}"
    whom, read = entries(addressees, (), WHOM, WHOM_EXAMPLE), entries(terms, ONCE, SEVERAL, EXAMPLE)
    flaws = [each.at("addressees") for each in whom.flaws]
    flaws.extend(read.flaws)
    addressed = _addressed(whom)
    flaws.extend(_of_text(text, why, read.several["document"]))
    flaws.extend(_of_offices(addressed, organization, read.once.get("issuer", "")))
    due, evidence = _due(read, today, flaws), _evidence(read, flaws)
    days = _acknowledge(read, organization, flaws)
    issuer = "" if flaws else _issuer(addressed, organization, read.once.get("issuer", ""), today, flaws)
    if issuer:
        flaws.extend(_of_leading(addressed, organization, issuer, today))
    if flaws or due is None or evidence is None:
        raise Flawed(tuple(flaws))
    documents = tuple(read.several["document"])
    return DirectiveDraft(issuer, text.strip(), addressed, due, days, evidence, documents, why.strip())


def _addressed(read: Entries) -> Addressed:
    """Each term may stand several times, and name several with commas between them."""
    named = {
        name: tuple(
            dict.fromkeys(
                id_.strip() for text in read.several[name] for id_ in text.split(",") if id_.strip()
            )
        )
        for name in WHOM
    }
    return Addressed(named["office"], named["subtree"], named["role"] or (Role.HEAD.value,), named["except"])


def _of_text(text: str, why: str, documents: list[str]) -> Iterator[Flaw]:
    said = text.strip()
    if len(said) < SHORTEST:
        yield Flaw("text", "it does not say what is to be done", f"write {SHORTEST} characters or more")
    if len(said) > LONGEST_TEXT:
        yield Flaw("text", f"it has {len(said)} characters", f"write {LONGEST_TEXT} or fewer")
    if len(why.strip()) < SHORTEST_REASON:
        yield Flaw("why", "it gives no reason", f"say why, in {SHORTEST_REASON} characters or more")
    if len(why) > LONGEST_TEXT:
        yield Flaw("why", f"it has {len(why)} characters", f"write {LONGEST_TEXT} or fewer")
    if len(documents) > MOST_ENTRIES:
        yield Flaw("document", f"there are {len(documents)} of them", f"give {MOST_ENTRIES} or fewer")


def _of_offices(addressed: Addressed, organization: Organization, issuer: str) -> Iterator[Flaw]:
    if not addressed.offices and not addressed.subtrees:
        yield Flaw("addressees", "they name no office", f"write {WHOM_EXAMPLE}, or office=ID")
    named = {
        "office": addressed.offices,
        "subtree": addressed.subtrees,
        "except": addressed.excepted,
        "issuer": (issuer,) if issuer else (),
    }
    for name, ids in named.items():
        for id_ in ids:
            if id_ not in organization.offices:
                yield Flaw(name, f"there is no office {quoted(id_)}", "give an id of offices.yaml")
    for role in addressed.roles:
        if role not in ROLES:
            yield Flaw("role", f"there is no role {quoted(role, 40)}", f"there are {', '.join(ROLES)}")
    if addressed.excepted and not addressed.subtrees:
        yield Flaw("except", "there is no subtree to except it from", "add subtree=, or leave it out")


def _due(read: Entries, today: date, flaws: list[Flaw]) -> date | None:
    if "due" not in read.once:
        flaws.append(Flaw("due", "it has no last day", "give due=2027-03-31"))
        return None
    known = len(read.flaws)
    on = read.day("due")
    flaws.extend(read.flaws[known:])
    if on is not None and on < today:
        flaws.append(Flaw("due", f"{on} is over", "give today or later"))
    if on is not None and on > today + timedelta(days=366 * LONGEST_YEARS):
        what = f"{on} is more than {LONGEST_YEARS} years away"
        flaws.append(Flaw("due", what, "put it into a standard: a directive is carried out once"))
    return on


def _acknowledge(read: Entries, organization: Organization, flaws: list[Flaw]) -> int:
    text = read.once.get("acknowledge", str(organization.clocks.answer_days))
    if text.isdecimal() and 1 <= int(text) <= LONGEST_DAYS:
        return int(text)
    what = f"{quoted(text, 20)} is no number of business days"
    flaws.append(Flaw("acknowledge", what, f"give 1 to {LONGEST_DAYS}: in so many it is to be acknowledged"))
    return organization.clocks.answer_days


def _evidence(read: Entries, flaws: list[Flaw]) -> AcceptanceCheck | None:
    text = read.once.get("evidence", "")
    if not text:
        how = "write evidence=attested: what holds, or evidence=fact cost.overrun_percent <= 10"
        flaws.append(Flaw("evidence", "nothing shows that it is fulfilled", how))
        return None
    try:
        return check_of(text, kinds=EVIDENCE)
    except Flawed as wrong:
        flaws.extend(each.at("evidence") for each in wrong.flaws)
        return None


def _issuer(
    addressed: Addressed, organization: Organization, named: str, today: date, flaws: list[Flaw]
) -> str:
    """The strategic office that issues it: the one that is named, else the nearest that leads them all."""
    if named:
        if organization.offices[named].kind is OfficeKind.STRATEGIC:
            return named
        flaws.append(Flaw("issuer", f"{named} is no strategic office", "name one that leads the addressees"))
        return ""
    offices = dict.fromkeys((*addressed.offices, *addressed.subtrees), today)
    try:
        return organization.leader_over(offices).id
    except LookupError:
        flaws.append(_unled(organization, offices))
        return ""


def _unled(organization: Organization, offices: Mapping[str, date]) -> Flaw:
    """That nobody may direct all of them: several strategic offices lead them, or none does."""
    if any(organization.leaders(office, on) for office, on in offices.items()):
        how = "issue one directive for each strategic office that leads some of them"
        return Flaw("addressees", "no strategic office leads all of them", how)
    how = f"{NO_LEADER}; in a deployment there are `ask-owner` and feedback on its template"
    return Flaw("addressees", "no strategic office leads any of them, and only such an office directs", how)


def _of_leading(addressed: Addressed, organization: Organization, issuer: str, today: date) -> Iterator[Flaw]:
    for office in addressed.offices:
        if office == issuer:
            yield Flaw("office", f"{office} issues it", "leave it out: it directs others")
        elif any(each.id == office for each in organization.above(issuer)):
            yield Flaw("office", f"{office} stands above {issuer}, which issues it", "leave it out")
        elif not is_led(organization, office, issuer, today):
            what = f"{office} takes no part in a network that {issuer} leads"
            yield Flaw("office", what, "leave it out, or make an agreement first (agreements.yaml)")
    if not resolved(addressed, issuer, organization, today):
        yield Flaw("addressees", "nobody is left who takes part", f"name offices that {issuer} leads")


def directive_id(draft: DirectiveDraft, before: Iterable[Directive]) -> tuple[str, Directive | None]:
    """The id of a directive, and the open one that is the same; the same after it ended is another."""
    told = [draft.issuer, draft.text, draft.due.isoformat(), draft.evidence.text, _whom(draft.addressed)]
    same = [each for each in before if _is_same(draft, each)]
    found = next((each for each in same if each.is_open), None)
    if found is not None:
        return found.id, found
    return f"directive-{digest([*told, len(same)])[:12]}", None


def _whom(addressed: Addressed) -> list[list[str]]:
    return [
        sorted(each) for each in (addressed.offices, addressed.subtrees, addressed.roles, addressed.excepted)
    ]


def _is_same(draft: DirectiveDraft, other: Directive) -> bool:
    return (draft.issuer, draft.text, draft.due, draft.evidence.text, _whom(draft.addressed)) == (
        other.issuer, other.text, other.due, other.evidence.text, _whom(other.addressed)
    )  # fmt: skip
