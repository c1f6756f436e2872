"""Each line of each list of a page per role once more, word by word: what, of which projects, who, otherwise.

Where something is typed is looked up in the settings of the office's tool; who may be named is looked up in
the organization's files, up the tree.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from domain.organization.ladder import ladder
from domain.organization.office import Organization, Role
from domain.reporting.roles.readers import PageKind, RolePage
from tests.reports.slow import OPEN, SHOWN_BANDS, OfRollout, rule_of, swept_before, turns
from tests.reports.slow_roles import AHEAD, FACT, OfRole, Told, near

MOST = {"needs": 6, "escalations": 6, "elections": 8, "urgent": 8, "turned": 4, "typed": 5}
MOST_NAMED = 3
ROLES = {
    "head": "Head", "standards_owner": "Standards owner", "approver": "Approver", "reporter": "Reporter",
    "sponsor": "Sponsor", "program_manager": "Program manager",
}  # fmt: skip
COMPUTED = {
    "plan.percent_complete": ["percent_complete"], "project.percent_reported": ["percent_complete"],
    "project.weeks_remaining": ["finish"], "project.finish": ["finish"], "project.start": ["start"],
    "project.slip_days": ["finish", "baseline_finish"],
    "project.slip_percent": ["start", "finish", "baseline_finish"], "project.stage": ["stage"],
    "project.lead": ["lead"], "project.sponsor": ["sponsor"], "project.standard_version": ["standard_version"],
    "report.age_days": ["last_report"], "report.on_time": ["last_report"], "cost.currency": ["currency"],
    "cost.budget": ["budget"], "cost.actual": ["actual_cost"], "cost.forecast": ["forecast_cost"],
    "cost.spent_percent": ["budget", "actual_cost"], "cost.overrun_percent": ["budget", "forecast_cost"],
    "plan.without_owner": ["item.owner"], "plan.without_due": ["item.due"],
    "plan.overdue": ["item.due", "item.status"], "plan.unknown": ["item.status", "item.percent"],
    "plan.percent_done_work": ["item.work", "item.percent"], "plan.work_hours": ["item.work"],
}  # fmt: skip
"""From which columns a fact is computed, as docs/facts.md says."""
PATH = re.compile(r"\b(?:project|plan|report|cost|tool|field|gates|attested)(?:\.\w+)+")
CAUSES = ("The connection to the tool", "Deviation", "Leeway", "Missing data", "The project", "The version")
"""In the order of their names in the code."""
GROUPS = {
    "late": "Late", "not_reported": "Not reported", "must_act": "Action required",
    "asked": "Information requested",
}  # fmt: skip


def several(count: int, one: str, many: str) -> str:
    return (one if count == 1 else many).replace("#", str(count))


def columns(settings: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """The columns of an office's part of a tool: our name, and what the tool calls it."""

    def header(said: object) -> str:
        return said if isinstance(said, str) else said["header"]

    projects, items = settings.get("projects") or {}, settings.get("items") or {}
    for part, root in ((projects, ""), (items, "item.")):
        yield from ((f"{root}{name}", header(said)) for name, said in part.get("columns", {}).items())
    yield from ((f"gate.{name}", header(said)) for name, said in projects.get("gates", {}).items())
    yield from ((f"field.{name}", header(said)) for name, said in projects.get("fields", {}).items())
    for subject, parts in projects.get("attested", {}).items():
        yield from ((f"attested.{subject}.{name}", header(said)) for name, said in parts.items())


@dataclass(frozen=True)
class Thing:
    """Something that a project manager has to do; `rule` is empty for a question."""

    key: str
    what: str
    rule: str
    by: date | None
    fields: tuple[str, ...]


class Lists(OfRole):
    """The lists of one page of one person, each line as text without spaces counting."""

    def __init__(
        self, again: OfRollout, page: RolePage, own: Sequence[Told], named: set[str],
        leads: Callable[[Organization, str, str], bool],
    ) -> None:  # fmt: skip
        super().__init__(again, page, [each.key for each in own], named)
        self.told, self.leads = {each.key: each for each in own}, leads
        self.organization = again.slow.organization
        self.old = again.version.previous or "the version before"

    def lists(self) -> dict[str, list[str]]:
        """The lines of each list."""
        board, projects = self.page.kind is PageKind.BOARD, self.page.kind is PageKind.PROJECTS
        return {
            "needs": [] if projects else self._cut("needs", list(self._need_lines())),
            "escalations": self._cut("escalations", list(self._escalation_lines())),
            "elections": self._cut("elections", list(self._election_lines())),
            "urgent": [] if board or projects else self._cut("urgent", list(self._urgent_lines())),
            "turned": self._turned_lines(),
            "typed": self._typed_lines() if projects else [],
            "strangers": self._stranger_lines(),
        }

    def _cut(self, which: str, found: list[str]) -> list[str]:
        more = len(found) - MOST[which]
        return [*found[: MOST[which]], *([f"and {more} more"] if more > 0 else [])]

    # names

    def _plan(self, key: str):
        plan = self.again.slow.network.plans.get(key)
        return plan.project if plan is not None else None

    def _title(self, key: str) -> str:
        if key not in self.named:
            return "a restricted project"
        project = self._plan(key)
        title = project.title if project is not None else key.partition("/")[2]
        return title + (" restricted" if key in self.organization.restricted else "")

    def _titles(self, keys: Sequence[str]) -> str:
        """Three of those that may be named, and how many more there are."""
        named = [key for key in keys if key in self.named][:MOST_NAMED]
        more = f" and {len(keys) - len(named)} more" if named and len(keys) > len(named) else ""
        return ", ".join(map(self._title, named)) + more

    def _above(self, office: str) -> list[str]:
        path: list[str] = []
        at: str | None = office
        while at is not None:
            path.append(at)
            at = self.organization.offices[at].parent
        return path

    @cached_property
    def _known(self) -> set[str]:
        """The offices whose people are named: those of the page, and those above them."""
        about, offices = self.page.about, self.organization.offices
        if self.whole:
            return {o for o in offices if self.leads(self.organization, about, o)} | {about}
        own = {about} if self.page.kind is PageKind.OFFICE else {each.office for each in self.told.values()}
        return {above for office in own for above in self._above(office)}

    def _who(self, role: str, office: str, program: str = "") -> str:
        of = self.organization.programs.get(program)
        said = f"{ROLES[role]}, {of.name if of else self.organization.offices[office].name}"
        if role == "program_manager" and of:
            seen = of.office in self._known or office in self._known
            seen = seen or (self.page.kind is PageKind.PROGRAM and self.page.about == program)
            people = [of.manager or of.deputy] if seen else []
        else:
            people = list(self.organization.offices[office].roles.get(Role(role), ()))
            people = people if office in self._known else []
        names = self._names(people)
        if not names and role not in ("head", "program_manager") and not program:
            return said + self._instead(role, office)
        more = f" +{len(names) - MOST_NAMED}" if len(names) > MOST_NAMED else ""
        return f"{said} ({', '.join(names[:MOST_NAMED])}{more})" if names else said

    def _names(self, people: Sequence[str]) -> list[str]:
        return [self.organization.people[each].name for each in people if each in self.organization.people]

    def _instead(self, role: str, office: str) -> str:
        """That an office has nobody in a role, and its head; empty where somebody is, or no head may be named."""
        roles = self.organization.offices[office].roles
        heads = self._names(roles.get(Role.HEAD, ())) if office in self._known else []
        if roles.get(Role(role)) or not heads:
            return ""
        return f" (nobody; head: {', '.join(heads[:MOST_NAMED])})"

    def _manager(self, key: str) -> str:
        found = [p for p in self.organization.people.values() if self._is_of(p.accounts, self.told[key])]
        return found[0].name if len(found) == 1 else ""

    def _is_of(self, accounts: Mapping[str, str], project: Told) -> bool:
        return bool(project.lead) and _plain(accounts.get(project.tool, "")) == _plain(project.lead)

    # what is needed

    def _need_lines(self) -> Iterator[str]:
        for late, when, what, keys, who, otherwise in (*self._besides(), *self._of_projects()):
            titles = "" if self.page.kind is PageKind.BOARD else self._titles(keys)
            colon = f": {titles}" if titles else ""
            yield f"{'!' if late else ''}{when} {what}{colon} {who}; otherwise {otherwise}"

    def _besides(self) -> Iterator[tuple]:
        """A rollout that rests, stale offices, and elections of which a head is asked for other offices."""
        again, slow = self.again, self.again.slow
        if self.whole and again.rollout.state in ("paused", "halted"):
            who = self._who("approver", again.leader.id)
            yield False, "now", "Resume the rollout", [], who, "no further wave starts"
        for office in self._worst_first():
            mine = self.leads(self.organization, self.page.about, office) if self.whole else (
                self.page.kind is PageKind.OFFICE and office == self.page.about)  # fmt: skip
            if mine and slow.state(office).endswith("stale"):
                who = self._who("reporter", office)
                what = "Have the office read again, or report"
                yield False, "now", what, [], who, "its figures stay marked as stale"
        if self.page.kind is not PageKind.OFFICE:
            return
        days: dict[date, list[str]] = {}
        held = {each.key for each in slow.held}
        for q in slow.questions:
            waits = q.state == "open" and q.id not in held and q.project in again.rows
            other = waits and q.office == self.page.about and again.rows[q.project].office != q.office
            if other and not q.program and str(q.kind) == "election":
                days.setdefault(q.answer_by, []).append(q.project)
        for by, keys in sorted(days.items()):
            who = self._who("head", self.page.about)
            yield False, near(by, self.today), self._elect(len(keys)), keys, who, self._default()

    def _worst_first(self) -> list[str]:
        """The offices in the order of the report: the largest share late first; those without any last."""
        again = self.again
        order = ("follows", "old", "deviates", "out", "not_yet", "asked", "must_act", "not_reported", "late")

        def badness(office: str) -> tuple:
            own = [again.group[key] for key, row in again.rows.items() if row.office == office]
            return *(-own.count(group) / len(own) if own else 1.0 for group in reversed(order)), office

        return sorted({*again.slow.offices, *(row.office for row in again.rows.values())}, key=badness)

    def _elect(self, n: int) -> str:
        new = self.again.version.version
        return (
            several(n, "Elect for # project", "Elect for # projects")
            + f": complete under {self.old}, or adopt {new}"
        )

    def _default(self) -> str:
        leeway = self.again.version.leeway
        adopt = leeway is None or str(leeway.default) == "adopt"
        return "the default: " + (
            f"adopt {self.again.version.version}" if adopt else f"complete under {self.old}"
        )

    def _of_projects(self) -> Iterator[tuple]:
        """What the page's own projects need, what is late first, then by day, office and kind."""
        new, found = self.again.version.version, []
        words = {
            "answer": ("Report what is missing on # project", "Report what is missing on # projects"),
            "decide": ("Decide on # project", "Decide on # projects"),
            "silent": ("Get the missing answers on # project", "Get the missing answers on # projects"),
            "late": (f"Bring # late project to {new}", f"Bring # late projects to {new}"),
            "due": (
                f"Finish the adoption of {new} in # project",
                f"Finish the adoption of {new} in # projects",
            ),
            "leeway": (
                f"Close # project, or begin with {new}: the leeway ends",
                f"Close # projects, or begin with {new}: the leeway ends",
            ),
        }
        otherwise = {
            "elect": self._default(), "answer": "they count as not reported", "decide": "each stays a question",
            "silent": "the wave cannot complete", "late": "the wave may halt",
            "due": "late, and the head is told", "leeway": f"{new} binds from the day after",
        }  # fmt: skip
        for late, by, office, kind, program, role, keys, then in self._groups():
            n = len(keys)
            what = self._elect(n) if kind == "elect" else several(n, *words[kind])
            when = near(by, self.today) if by is not None else "now"
            who, follows = self._who(role, office, program), then or otherwise[kind]
            order = (not late, by or self.today, office, kind, program)
            found.append((order, (late, when, what, keys, who, follows)))
        yield from (line for _, line in sorted(found, key=lambda each: each[0]))

    def _groups(self) -> Iterator[tuple]:
        """Late or not, day, office, kind, program, role, the projects, and who is told next."""
        again, limit = self.again, self.today + AHEAD
        asked: dict[tuple, dict[str, None]] = {}
        for q in self.asked:
            kind = {"election": "elect", FACT: "answer"}.get(str(q.kind), "decide")
            role = "program_manager" if q.program else "head" if kind == "elect" else "reporter"
            asked.setdefault((q.answer_by, q.office, kind, q.program, role), {})[q.project] = None
        for (by, office, kind, program, role), keys in sorted(asked.items()):
            if by <= limit:
                yield False, by, office, kind, program, role, list(keys), ""
        yield from self._late_groups()
        dated: dict[tuple, list[str]] = {}
        for key in sorted(self.keys):
            row, standing = again.rows[key], again.standing[key]
            if standing in ("binding", "failed") and row.due is not None and not self._late(key):
                dated.setdefault((row.due, row.office, "due", "", "reporter"), []).append(key)
            if standing == "grandfathered" and row.until is not None:
                program = self._elector(key)
                role = "program_manager" if program else "head"
                dated.setdefault((row.until, row.office, "leeway", program, role), []).append(key)
        for (by, office, kind, program, role), keys in sorted(dated.items()):
            if by <= limit:
                late = kind == "leeway" and by < self.today
                yield late, by, office, kind, program, role, keys, ""

    def _late(self, key: str) -> bool:
        return self.again.is_late(key) and self.again.rows[key].stopped is None

    def _waited(self, key: str) -> date | None:
        row = self.again.rows[key]
        day = row.answer_by if self.again.standing[key] == "unanswered" else row.due
        return day if row.stopped is None else None

    def _late_groups(self) -> Iterator[tuple]:
        again, found = self.again, {}
        for key in sorted(self.keys):
            row, standing = again.rows[key], again.standing[key]
            if standing == "unanswered" or self._late(key):
                kind = "silent" if standing == "unanswered" else "late"
                found.setdefault((row.office, kind, row.escalated), []).append(key)
        for (office, kind, told), keys in sorted(found.items()):
            levels = ladder(self.organization, office, self.organization.clocks.escalation, again.leader.id)
            owner = levels[min(max(told, 1), len(levels)) - 1]
            waited = [day for key in keys if (day := self._waited(key)) is not None]
            then = ""
            if waited and told < len(levels):
                calendar, level = self.organization.offices[office].calendar, levels[told]
                on = min(calendar.add_business_days(day, level.after) for day in waited)
                then = f"{self._who(str(level.role), level.office)} is told on {near(on, self.today)}"
            by = min(waited, default=None)
            yield True, by, owner.office, kind, "", str(owner.role), keys, then

    # the other lists

    def _escalation_lines(self) -> Iterator[str]:
        """Which projects are told to whom on which day, of an office's page."""
        if self.page.kind is not PageKind.OFFICE:
            return
        found: dict[tuple, list[str]] = {}
        for key in sorted(self.keys):
            row, standing = self.again.rows[key], self.again.standing[key]
            day = self._waited(key) if standing in ("binding", "failed", "unanswered") else None
            terms = self.organization.clocks.escalation
            levels = ladder(self.organization, row.office, terms, self.again.leader.id)
            if day is not None and day <= self.today + AHEAD and row.escalated < len(levels):
                level = levels[row.escalated]
                on = self.organization.offices[row.office].calendar.add_business_days(day, level.after)
                found.setdefault((on, level.after, level.office, str(level.role)), []).append(key)
        for (on, _, office, role), keys in sorted(found.items(), key=lambda each: each[0][:2]):
            many = several(len(keys), "# project", "# projects")
            yield f"{near(on, self.today)} {many} → {self._who(role, office)} {self._titles(keys)}"

    def _election_lines(self) -> Iterator[str]:
        if self.page.kind is not PageKind.PROGRAM:
            return
        beyond = {q.project for q in self.asked if q.about == "discretion"}
        for key in sorted(self.elections, key=lambda each: (self._elect_by(each) or date.max, each)):
            by = self._elect_by(key)
            mark = " beyond the rule, with a reason" if key in beyond else ""
            office = self.organization.offices[self.again.rows[key].office].name
            yield f"{near(by, self.today) if by else 'now'} {self._title(key)}{mark} {office}"

    def _urgent_lines(self) -> Iterator[str]:
        again, order = self.again, ("late", "not_reported", "must_act", "asked")
        keys = [key for key in self.keys if again.group[key] in order]
        keys.sort(key=lambda k: (not self._late(k), order.index(again.group[k]), self._due(k) or date.max, k))
        for key in keys:
            due = self._due(key)
            when = near(due, self.today) if due else GROUPS[again.group[key]]
            text = f"{'!' if self._late(key) else ''}{when} {self._title(key)}"
            if key in self.named:
                why, office = self._first(key), self.organization.offices[again.rows[key].office].name
                lead = self._manager(key)
                if not lead and self.page.kind is PageKind.OFFICE:
                    lead = self.told[key].lead or "nobody leads it in its tool"
                text += f"{f': {why}' if why else ''} {office}{f', {lead}' if lead else ''}"
            yield text

    def _broken(self, key: str) -> list[tuple]:
        """What a project does not keep, what is open first, then by day and title."""
        if key not in self.again.slow.network.plans:
            return []
        slow, version = self.again.slow, self.again.version
        by_version, verdicts = slow.verdicts(key, version)
        calendar, found = self.organization.offices[self.again.rows[key].office].calendar, []
        since = self.again.rows[key].bound_on if by_version is version else None
        since = since if self.again.standing[key] in ("binding", "failed") else None
        for verdict in verdicts:
            if str(verdict.result) in ("pass", "not_applicable"):
                continue
            rule = rule_of(by_version, verdict.rule)
            by = calendar.add_business_days(since, rule.days if rule else 20) if since else None
            title = rule.title if rule else verdict.rule
            found.append((str(verdict.result) not in OPEN, by or date.max, title, verdict, rule))
        return sorted(found, key=lambda each: each[:3])

    def _first(self, key: str) -> str:
        broken = self._broken(key)
        more = f", and {len(broken) - 1} more" if len(broken) > 1 else ""
        return f"{_of_tool(broken[0][2])}{more}" if broken else ""

    def _turned_lines(self) -> list[str]:
        before = swept_before(self.again.slow, self.again.version)
        if before is None:
            return []
        left = {judged.project: judged.office for judged in before[1].judged}
        kinds = turns(self.again.slow, self.again.version, before[1], set(self.keys))
        bands = {said: band for band, said in SHOWN_BANDS.items()} | {"new": "~", "gone": "~"}
        found = []
        for (was, now, cause), (changed, _) in kinds.items():
            keys = [key for key in changed if now != "gone" or self._left(left[key], key)]
            if not keys:
                continue
            rules: dict[str, int] = {}
            for title in (title for key in keys if key in self.named for title in changed[key]):
                rules[title] = rules.get(title, 0) + 1
            most = sorted(rules, key=lambda title: (-rules[title], title))[:2]
            named = [key for key in keys if key in self.named and now != "gone"][:MOST_NAMED]
            titles = ", ".join(map(self._title, named)) if self.page.kind is not PageKind.BOARD else ""
            text = (
                f"{several(len(keys), '# project', '# projects')} {was} → {now} {cause}"
                f"{': ' if most else ''}{', '.join(map(_of_tool, most))}{'; ' if titles else ''}{titles}"
            )
            order = [bands.get(each, "grandfathered") for each in (was, now)]
            found.append((-len(keys), *order, CAUSES.index(cause), text, len(keys)))
        found.sort(key=lambda each: each[:4])
        more = sum(each[5] for each in found[MOST["turned"] :])
        rest = [several(more, "# more project changed", "# more projects changed")] if more else []
        return [each[4] for each in found[: MOST["turned"]]] + rest

    def _left(self, office: str, key: str) -> bool:
        if key in self.again.rows:
            return False
        if self.whole:
            return self.leads(self.organization, self.page.about, office)
        return self.page.kind is PageKind.OFFICE and self.page.about == office

    def _stranger_lines(self) -> list[str]:
        if self.page.kind is not PageKind.OFFICE:
            return []
        leads = [p.lead for k, p in self.told.items() if p.lead and k in self.named and not self._manager(k)]
        counted = sorted({(-leads.count(lead), lead) for lead in leads})
        names = [f"{lead} ({-count})" for count, lead in counted[:8]]
        if len(counted) > 8:
            names.append(several(len(counted) - 8, "# other", "# others"))
        told = f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
        text = f"They have no page of their own, and their projects wait for you: {told}. Whoever keeps the "
        return [f"{text} organization's files can enter their accounts."] if told else []

    # what a project manager has to do, and where

    @cached_property
    def things(self) -> list[Thing]:
        """All of it, the most urgent first; what is asked for is said once."""
        asked = [q for q in self.asked if str(q.kind) == FACT]
        found = [
            Thing(q.project, q.text, "", q.answer_by, self._fields(q.office, [q.about], q.project))
            for q in asked
        ]
        said = {(each.key, each.fields) for each in found}
        for key in self.keys:
            office = self.again.rows[key].office
            for done, by, title, verdict, rule in self._broken(key):
                facts = verdict.missing or tuple(verdict.facts) or self._looked_at(rule)
                fields = self._fields(office, facts, key)
                if done or (str(verdict.result) == "unknown" and (key, fields) in said):
                    continue
                what = rule.remedy if rule else f"Bring the tool in line: {verdict.why}"
                found.append(Thing(key, what, _of_tool(title), by if by < date.max else None, fields))
        return sorted(found, key=lambda t: (t.by or date.max, bool(t.rule), t.key, t.rule or t.what))

    def _looked_at(self, rule) -> Sequence[str]:
        if rule is None:
            return ()
        return (
            tuple(dict.fromkeys(PATH.findall(rule.check)))
            if rule.check
            else (f"attested.{rule.subject}.person",)
        )

    def _fields(self, office: str, facts: Sequence[str], key: str) -> tuple[str, ...]:
        """What the office's tools call that from which these facts are computed, what is empty if any is."""
        known: dict[str, str] = {}
        for part in self.organization.partitions:
            if part.office == office:
                known = {**dict(columns(part.settings)), **known}
        project = self._plan(key)
        names: list[str] = []
        for fact in facts:
            whole = COMPUTED.get(fact, [])
            empty = [n for n in whole if "." not in n and project is not None and getattr(project, n) is None]
            names += [*(empty or whole), fact, fact.replace("gates.", "gate.", 1)]
        return tuple(dict.fromkeys(known[name] for name in names if name in known))[:3]

    def place(self, key: str) -> tuple[str, str]:
        """Where a project stands: its place in its tool, and the tool's file, folder or address."""
        project, tool = self._plan(key), self.organization.tools[self.told[key].tool]
        named = (tool.settings.get(name) for name in ("file", "folder", "url"))
        return (project.ref if project is not None else ""), next((each for each in named if each), tool.id)

    def _typed_lines(self) -> list[str]:
        lines = []
        for each in self.things[: MOST["typed"]]:
            late = each.by is not None and each.by < self.today
            when = near(each.by, self.today) if each.by else "when it binds"
            why = f"Not kept: {each.rule}" if each.rule else (
                "Asked for; without an answer it counts as not reported.")  # fmt: skip
            ref, place = self.place(each.key)
            fields = each.fields
            told = f"{', '.join(fields[:-1])} and {fields[-1]}" if len(fields) > 1 else "".join(fields)
            where = f"{told}{', ' if told else ''}at {ref} in {place}"
            title = self._title(each.key)
            lines.append(f"{'!' if late else ''}{when} {each.what} {title}: {why} Where: {where}")
        more = len(self.things) - MOST["typed"]
        rest = several(more, "# more thing comes after these.", "# more things come after these.")
        return [*lines, *([rest] if more > 0 else [])]

    def manager_line(self) -> str:
        """The first line of a project manager's page."""
        n = len(self.things)
        if not n:
            return "Nothing waits for you."
        first = self.things[0].by
        if first is None:
            return several(n, "# thing to do, without a date yet.", "# things to do, without a date yet.")
        on = near(first, self.today)
        if first < self.today:
            return several(n, f"# thing to do, due since {on}.", f"# things to do, the first due since {on}.")
        return several(n, f"# thing to do by {on}.", f"# things to do, the first by {on}.")


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _of_tool(title: str) -> str:
    """The title of a rule, or what a version asks for of a tool."""
    for root, said in (
        ("tool.field.", "The tool has the field "),
        ("tool.status.", "The tool has the status "),
    ):
        if title.startswith(root):
            return said + title.removeprefix(root)
    return {"tool.kind": "The kind of tool", "tool.version": "The version of the tool"}.get(title, title)
