"""A deployment's page once more: its first line and each office's row, for one reader, word by word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

from domain.deployments.deployment import Deployment
from domain.deployments.progress import LocalStanding
from domain.organization.office import Organization, Role

ORDER = ("live", "running", "not_started", "not_reported")
STEPS = {"localize": "answers how the plan fits it", "distribute": "puts its plan into its tool"}
REPLIES = {
    "invited": "its head has not accepted yet",
    "accepted": "takes part",
    "declined": "its head declined",
}
MOST_VACANCIES = 4


def day(on: date, today: date) -> str:
    return f"{on.day} {on:%B}" if on.year == today.year else f"{on.day} {on:%B} {on.year}"


class SlowDeployment:
    """What one person sees of a deployment at a time; `plans` are by office, without those that have none."""

    def __init__(
        self, found: Deployment, person: str, organization: Organization, plans: Mapping[str, LocalStanding],
        at: datetime,
    ) -> None:  # fmt: skip
        self.found, self.person, self.organization, self.plans, self.at = (
            found,
            person,
            organization,
            plans,
            at,
        )
        self.today = at.date()
        self.is_open = found.opened <= at and (found.closed is None or at < found.closed)
        receivers = {each.office: each for each in found.receivers}
        self.live_on = {office: each.go_live for office, each in receivers.items()}
        self.call = {office: each.contact for office, each in receivers.items()}
        replies = {found.pilot: found.pilot_reply} | {
            office: each.reply for office, each in receivers.items()
        }
        self.reply = {
            office: "invited" if said is None else "accepted" if said.accepts else "declined"
            for office, said in replies.items()
        }
        speak = (Role.HEAD, Role.STANDARDS_OWNER, Role.REPORTER)
        self.mine = {
            office
            for office in self.reply
            if any(person in organization.offices[office].roles.get(role, ()) for role in speak)
            or self.call.get(office) == person
        }
        self.seen = [office for office in self._in_order() if self._sees(office)]

    def _in_order(self) -> list[str]:
        rest = sorted(self.live_on, key=lambda office: (self.live_on[office], office))
        return [self.found.pilot, *rest]

    def _sees(self, office: str) -> bool:
        if office in self.mine or self.person == self.found.sponsor:
            return True
        takes_part = any(self.reply[each] == "accepted" for each in self.mine)
        return self.is_open and takes_part and self.reply[office] == "accepted"

    def _plan(self, office: str) -> LocalStanding | None:
        """How its plan stands, where it may be shown: of an office that takes part, while it is open."""
        if not self.is_open or self.reply[office] != "accepted":
            return None
        return self.plans.get(office, LocalStanding("not_started", "localize"))

    def headline(self) -> str:
        if not self.is_open:
            return "The deployment is closed."
        standings = Counter(str(plan.standing) for o in self.seen if (plan := self._plan(o)) is not None)
        waiting = sum(self._plan(office) is None for office in self.seen)
        counted = sum(standings.values())
        text = f"{counted} office{'' if counted == 1 else 's'}"
        if standings:
            told = [f"{standings[each]} {each.replace('_', ' ')}" for each in ORDER if standings[each]]
            text += f": {', '.join(told)}"
        if waiting:
            more = f"{waiting} {'has' if waiting == 1 else 'have'} not accepted"
            text = f"{text}; {more}" if standings else more
        ahead = [
            self.live_on[office]
            for office in self.seen
            if office in self.live_on
            and (plan := self._plan(office)) is not None
            and str(plan.standing) != "live"
            and self.live_on[office] >= self.today
        ]
        return text + (f"; next go-live {day(min(ahead), self.today)}" if ahead else "") + "."

    def rows(self) -> list[str]:
        """A row for each office that may be seen: the pilot, then by day of going live."""
        return [self._row(office) for office in self.seen]

    def _row(self, office: str) -> str:
        there, plan = self.organization.offices[office], self._plan(office)
        pilot = office == self.found.pilot
        cells = [f"{there.name}{' pilot' if pilot else ''}"]
        if plan is None:
            cells.append(REPLIES[self.reply[office]])
        else:
            tasks = f"{plan.finished} of {plan.tasks} task{'' if plan.tasks == 1 else 's'} finished"
            cells.append(f"{str(plan.standing).replace('_', ' ')} {tasks if plan.tasks else ''}")
        agreed = self.live_on.get(office)
        cells.append(day(agreed, self.today) if agreed else "")
        if agreed and plan is not None and str(plan.standing) != "live":
            cells.append(self._behind(agreed, plan))
        person = self.organization.people.get(self.call.get(office, ""))
        if person is not None:
            cells += [person.name, person.address.removeprefix("mailto://") if "@" in person.address else ""]
        if plan is not None:
            cells += [self._vacant(plan), "" if pilot else self._next(plan)]
        return " ".join(cells)

    def _behind(self, agreed: date, plan: LocalStanding) -> str:
        """Of an office that is not live: a later day by its plan, else that the agreed day is over."""
        if plan.go_live is not None and plan.go_live > agreed:
            return f"planned: {day(plan.go_live, self.today)}"
        return "not live yet" if agreed < self.today else ""

    def _vacant(self, plan: LocalStanding) -> str:
        roles, more = list(plan.vacancies[:MOST_VACANCIES]), len(plan.vacancies) - MOST_VACANCIES
        if more > 0:
            roles.append(f"{more} more role{'' if more == 1 else 's'}")
        if not roles:
            return "none" if plan.tasks else ""
        return f"{', '.join(roles[:-1])} and {roles[-1]}" if len(roles) > 1 else roles[0]

    def _next(self, plan: LocalStanding) -> str:
        if plan.step is not None:
            return STEPS[str(plan.step)]
        if plan.next_end is not None and plan.next_end < self.today:
            return f"{plan.next_task} was to end on {day(plan.next_end, self.today)}"
        if plan.next_end is None and plan.next_on is not None and plan.next_on < self.today:
            return f"{plan.next_task} was to begin on {day(plan.next_on, self.today)}"
        return plan.next_task + (
            f", {day(plan.next_on, self.today)}" if plan.next_task and plan.next_on else ""
        )
