"""The pages of cases once more, word by word: of each case how it stands, since when, who is asked by when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from domain.cases.case import Case
from domain.organization.office import Organization
from domain.organization.turns import Turn, TurnClock
from tests.reports.slow import long

STATES = {
    "raised": "raised", "acknowledged": "acknowledged", "joint_analysis": "joint analysis",
    "proposal": "proposal", "counter_proposal": "counter-proposal",
    "escalated": "waits for a decision above both offices", "agreed": "agreed, to be carried out",
    "trial": "carried out, pilot period", "effective": "effective", "closed": "closed", "withdrawn": "withdrawn",
}  # fmt: skip
NEGOTIATED = ("raised", "acknowledged", "joint_analysis", "proposal", "counter_proposal")
OVER = ("closed", "withdrawn")


class SlowCase:
    """A case at a time."""

    def __init__(self, case: Case, organization: Organization, now: datetime) -> None:
        self.case, self.organization, self.now = case, organization, now
        self.state, self.is_open = str(case.state), str(case.state) not in OVER
        self.since = (case.steps[-1].at if case.steps else case.raisers[0].at).date()
        self.turn = case.turns[-1] if case.turns and case.turns[-1].until is None else None

    def _path(self, office: str) -> list[str]:
        found, at = [], office
        while at is not None:
            found.append(at)
            at = self.organization.offices[at].parent
        return found

    @property
    def above(self) -> str:
        """Who decides in the end: the named office, else the nearest above both, else the other's root."""
        raiser, other = self.case.raisers[0].office, self.case.counterpart
        both = [office for office in self._path(other) if office in self._path(raiser)]
        return self.case.sponsor or (both or self._path(other)[-1:])[0]

    @property
    def asked(self) -> str:
        if self.state == "escalated":
            return self.above
        if self.turn is None:
            return ""
        return self.case.raisers[0].office if self.turn.side == "raiser" else self.case.counterpart

    @property
    def due(self) -> date | None:
        """The last day of whose turn it is, by the clock of that office; a day that law sets comes first."""
        case, days = self.case, []
        if self.turn is not None:
            last = max((turn.round for turn in case.turns), default=0)
            own = tuple(
                Turn(turn.delivered, turn.until)
                for turn in case.turns
                if turn.side == self.turn.side and turn.round == last and turn.delivered is not None
            )
            office = case.raisers[0].office if self.turn.side == "raiser" else case.counterpart
            clocks = self.organization.clocks
            allowed = clocks.answer_days if self.state == "raised" else clocks.decision_days
            allowed = clocks.legal_decision_days if case.deadline is not None else allowed
            by = TurnClock(self.organization.offices[office].calendar, own, allowed).due_on
            days += [by] if by is not None else []
        if case.deadline is not None and self.state in NEGOTIATED:
            days.append(case.deadline.on)
        return min(days, default=None)

    def about(self) -> str:
        about = self.case.about
        kinds = {"update": "the update", "item": "the work item"}
        if about.kind == "rule":
            return f"the rule {about.subject} of {about.standard}/{about.version}"
        return f"{kinds.get(str(about.kind), f'the {about.kind}')} {about.subject}"

    def standing(self) -> str:
        is_review = any(str(each.way) == "review" for each in self.case.raisers)
        what = "objection: " if self.case.objection else "rule under review: " if is_review else ""
        return f"{what if self.is_open else ''}{STATES[self.state]}"

    def otherwise(self) -> str:
        if self.state == "closed":
            return "It is opened again when a check is not kept any more."
        if not self.is_open:
            return "Nothing happens any more."
        if self.state in ("trial", "effective"):
            n = self.case.days
            return f"It closes when both checks were kept for {n} business day{'' if n == 1 else 's'}."
        if self.state == "escalated":
            return f"Nothing is decided by silence: it waits. {self.alone(self.above)}".strip()
        if self.state == "agreed" and self.turn is None:
            return "Offices are consulted on the amendment; no clock of the two offices runs meanwhile."
        if self.due is None:
            if self.asked and self.alone(self.asked):
                return f"{self.alone(self.asked)} No clock runs."
            return "No clock runs until it stands in the tool of the office that is asked."
        return f"After {long(self.due)} it goes up the tree of offices."

    def alone(self, office: str) -> str:
        """That an office has no tool that may be asked; empty where it has one."""
        parts = [each for each in self.organization.partitions if each.office == office]
        if any(each.access != "observe" for each in parts):
            return ""
        name = self.organization.offices[office].name
        return f"{name} has no tool in which it may be asked: it answers on its page (`interoffice link`)."

    def offices(self) -> list[str]:
        return list(dict.fromkeys([*(each.office for each in self.case.raisers), self.case.counterpart]))

    def sees(self, person: str) -> bool:
        """Whether a person has a role in an office that takes part, or decides."""
        there = (self.organization.offices[each].roles for each in (*self.offices(), self.above))
        return any(person in people for roles in there for people in roles.values())

    def row(self) -> str:
        names, asked, due = self.organization.offices, self.asked, self.due
        who = "nobody"
        if asked:
            late = due is not None and names[asked].calendar.local_date(self.now) > due
            who = (
                f"{names[asked].name}{f', by {long(due)}' if due else ''}{' It is overdue.' if late else ''}"
            )
        offices = ", ".join(names[each].name for each in self.offices())
        return f"{self.about()} {offices} {self.standing()} since {long(self.since)} {who} {self.otherwise()}"


def cases_page(
    cases: Iterable[Case], person: str, organization: Organization, now: datetime
) -> tuple[str, list[str]]:
    """The heading and the rows of the page of all cases that a person sees."""
    found = [slow for each in cases if (slow := SlowCase(each, organization, now)).sees(person)]
    found.sort(key=lambda each: (not each.is_open, each.since, each.case.id))
    count = sum(each.is_open for each in found)
    heading = "1 case of feedback is open" if count == 1 else f"{count} cases of feedback are open"
    return heading, [each.row() for each in found]
