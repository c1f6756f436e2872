"""The figures of the pages behind a report once more, slowly; see `slow` for what that means.

A page is a list of texts, one for each block that has numbers: only their numbers and days are compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from domain.deviations.deviation import Deviation
from domain.plans.fact_names import short_name
from domain.plans.facts import documented
from domain.rollouts.rollout import Rollout
from domain.standards.standard import Rule, Version
from tests.reports.slow import (
    BANDS,
    BEST_FIRST,
    NOT_KEPT,
    OUT,
    SETTLED,
    DutyRow,
    OfRollout,
    Slow,
    bound,
    duty_rows,
    long,
    rule_of,
    short,
    swept_before,
    turns,
)
from tests.reports.slow_deviations import Measured, asked_of, not_over, pending, share_of

Texts = list[str]
MOST_NAMED = 12
MEANINGS = {path: (unit, meaning) for path, unit, meaning in documented()}
UNITS = ("%", "days", "weeks", "hours")
DEFAULT_DAYS = 20


@dataclass(frozen=True)
class Row:
    """A project of a report: what it says of itself, and what a list says after its name and office."""

    number: int
    key: str
    office: str
    group: str
    cells: str


class Behind:
    """The pages behind one report; `most` is how many lines of a list stand on one page."""

    def __init__(self, slow: Slow, version: Version, today: date, most: int) -> None:
        self.slow, self.version, self.today, self.most = slow, version, today, most
        self.named = {key: plan.project.title for key, plan in slow.network.plans.items()}
        self.bound = bound(slow, version)
        self.hidden = slow.organization.restricted

    def top(self, *texts: str) -> Texts:
        """The head of every page, and what follows."""
        return [f"{self.slow.organization.name} {self.version.title} {long(self.today)}", *texts]

    def unconsulted(self) -> list[str]:
        """That nobody was consulted on a version that replaced another: for how many days, which is none."""
        asked = self.version.consultation
        none = asked is not None and asked.days == 0 and self.version.previous is not None
        return ["0"] if none else []

    def office(self, office: str) -> str:
        return self.slow.organization.offices[office].name

    def link(self, key: str) -> str:
        """How a project is called in a list."""
        return "" if key in self.hidden else self.named.get(key) or key

    def line(self, row: Row) -> str:
        """A project in a list: of a restricted one neither name nor key."""
        name = self.link(row.key)
        shown = f"{name} {row.key}" if name and name != row.key else name
        return f"{shown} {self.office(row.office)} {row.cells}"

    def all(self, rows: Sequence[Row], groups: Sequence[str]) -> dict[str, Texts]:
        """Every page that a rollout and a review both have."""
        found: dict[str, Texts] = {}
        counts = Counter(row.group for row in rows)
        shown = [group for group in groups if counts[group]]
        order = self._offices(rows, groups)
        by_number = {row.key: row for row in rows}
        found |= self.parts("offices", self.top(), [self._office(each, rows, shown) for each in order])
        for n, office in enumerate(order, 1):
            own = sorted(
                (row for row in rows if row.office == office),
                key=lambda row: (-groups.index(row.group), row.number),
            )
            of_group = Counter(row.group for row in own)
            inside = " ".join(str(of_group[group]) for group in reversed(groups) if of_group[group])
            head = self.top(f"{self.office(office)} {len(own)}", self._read(office), inside)
            found |= self.parts(f"o-{n}", head, list(map(self.line, own)), self._rest(office))
        for group in shown:
            own = [row for row in rows if row.group == group]
            found |= self.parts(f"g-{group}", self.top(str(len(own))), list(map(self.line, own)))
        changed = list(self._changes(by_number))
        if changed:
            found |= self.parts("changes", self.top(), changed)
        for row in rows:
            if row.key not in self.hidden:
                found[f"p-{row.number}"] = self.project(row)
        return found

    def parts(self, name: str, head: Texts, lines: Texts, rest: Sequence[str] = ()) -> dict[str, Texts]:
        """A list on one page or on several; what stands below it is on the first."""
        found = {}
        for n in range(max(1, -(-len(lines) // self.most))):
            own = lines[n * self.most : (n + 1) * self.most]
            found[f"{name}-{n + 1}" if n else name] = [*head, *own, *(() if n else rest)]
        return found

    def _offices(self, rows: Sequence[Row], groups: Sequence[str]) -> list[str]:
        """The offices with projects, the largest share of the worst group first; then those without any."""
        here = {row.office for row in rows} | set(self.slow.offices)
        counts = {office: Counter(row.group for row in rows if row.office == office) for office in here}

        def worst(office: str) -> tuple[float, ...]:
            total = sum(counts[office].values())
            return tuple(-counts[office][g] / total if total else 1.0 for g in reversed(groups))

        return sorted(here, key=lambda office: (worst(office), office))

    def _office(self, office: str, rows: Sequence[Row], shown: Sequence[str]) -> str:
        own = Counter(row.group for row in rows if row.office == office)
        reading = self.slow.readings.get(office)
        at = short(reading.ok_at.date()) if reading is not None and reading.ok_at else ""
        return f"{self.office(office)} {at} {sum(own.values())} {' '.join(str(own[g]) for g in shown)}"

    def _read(self, office: str) -> str:
        reading = self.slow.readings.get(office)
        if reading is None or reading.ok_at is None:
            return reading.problem if reading is not None else ""
        return f"{reading.ok_at:%Y-%m-%d %H:%M} {reading.problem}"

    def _rest(self, office: str) -> Iterator[str]:
        """What could not be understood at an office, was left out, and does not stand in its tool."""
        reading, some = self.slow.readings.get(office), self.slow.organization.offices[office].restricted
        for cell in reading.unreadable if reading is not None else ():
            yield "" if some else f"{cell.text} {cell.problem}"
        items = [
            item
            for plan in self.slow.network.plans.values()
            if plan.project.office == office
            for item in plan.items
            if not item.ours and item.status is None and item.percent is None
        ]
        if items:
            yield str(len(items))
        if reading is not None and reading.left_out:
            yield " ".join(str(each.count) if some else str(each) for each in reading.left_out)
        held = Counter((h.kind, h.cause, "" if some else h.why) for h in self.slow.held if h.office == office)
        for (_, _, why), count in sorted(held.items()):
            yield f"{count} {why}"

    def _changes(self, rows: dict[str, Row]) -> Iterator[str]:
        """Every project whose band is another one, the most frequent kind first."""
        found = swept_before(self.slow, self.version)
        if found is None:
            return
        kinds = turns(self.slow, self.version, found[1], set(rows))
        gone = {judged.project: judged.office for judged in found[1].judged}
        for (was, now, _), (changed, _) in sorted(
            kinds.items(), key=lambda item: (-len(item[1][0]), item[0])
        ):
            for key, rules in changed.items():
                office = rows[key].office if key in rows else gone[key]
                told = "" if key in self.hidden else "; ".join(rules)
                yield f"{self.link(key) if key in rows else ''} {self.office(office)} {was} {now} {told}"

    def project(self, row: Row) -> Texts:
        """The page of a project."""
        told = f"{row.key}, {self.office(row.office)} {self.told(row.key)}"
        page = self.top(self.named.get(row.key) or row.key, told, self.reason(row.key))
        if row.key not in self.slow.network.plans:
            return page
        by, verdicts = self.slow.verdicts(row.key, self.version)
        not_kept = [each for each in verdicts if str(each.result) in NOT_KEPT]
        page += [self._finding(row, by, each) for each in not_kept]
        kept = [each for each in verdicts if str(each.result) not in NOT_KEPT]
        if kept:
            page.append(str(len(kept)))
        titles = {rule.uid: rule.title for rule in by.rules}
        return page + [f"{titles.get(v.rule, v.rule)} {facts(v.facts, v.missing)}" for v in kept]

    def _finding(self, row: Row, by: Version, verdict) -> str:
        rule = rule_of(by, verdict.rule)
        days = rule.days if rule else DEFAULT_DAYS
        since = self.bound.get(row.key) if by is self.version else None
        calendar = self.slow.organization.offices[row.office].calendar
        until = short(calendar.add_business_days(since, days)) if since else str(days)
        seen = facts(verdict.facts, (*verdict.missing, *self._asked(verdict, rule))) or verdict.why
        stands, source = self._strictest(row, rule, verdict)
        limit = "" if stands is None else value("limit", stands)
        remedy = rule.remedy if rule else verdict.why
        return f"{rule.title if rule else verdict.rule} {seen} {limit} {source} {remedy} {until}"

    def _strictest(self, row: Row, rule: Rule | None, verdict) -> tuple[object, str]:
        """The lowest of the limits that the standards in force set to one fact, and where it comes from."""
        limit, source = verdict.limit, verdict.source
        if rule is None or str(verdict.result) != "fail" or limit is None:
            return limit, source
        for other in self.slow.others(self.version):
            by, verdicts = self.slow.verdicts(row.key, other)
            for each in verdicts:
                same = (there := rule_of(by, each.rule)) is not None and there.check == rule.check
                if not same or each.limit is None:  # it is kept there, so it is not stricter
                    continue
                if each.limit < limit if "<=" in rule.check else each.limit > limit:
                    limit, source = each.limit, f"{each.source}; stricter than {verdict.source}"
        return limit, source

    def _asked(self, verdict, rule: Rule | None) -> list[str]:
        """What the text of a broken rule asks for and is not there."""
        if rule is None or str(verdict.result) != "fail":
            return []
        if not rule.check:
            return [] if verdict.facts else [f"attested.{rule.subject}"]
        return [path for path in re.findall(r"has\(([\w.]+)\)", rule.check) if path not in verdict.facts]

    def told(self, _: str) -> str:
        """What stands under a project's name besides its key and office."""
        return ""

    def reason(self, _: str) -> str:
        """Why it stands where it stands."""
        return ""


def facts(seen, missing) -> str:
    """The facts that were looked at, in the order of their names, and those that were missing."""
    found = [f"{called(path)}: {value(path, seen[path])}{unit(path)}" for path in sorted(seen)]
    return "; ".join([*found, *map(called, missing)])


def called(path: str) -> str:
    if path in ("project.stage", "cost.currency"):
        return path.split(".")[1]
    return MEANINGS[path][1].split(";")[0] if path in MEANINGS else short_name(path)


def unit(path: str) -> str:
    return " %" if MEANINGS.get(path, ("", ""))[0] == "%" else ""


def value(path: str, found: object) -> str:
    """A fact's value as English writes it; a person is not named, and a list has its length only."""
    if path.rpartition(".")[2] in ("lead", "sponsor", "person"):
        return ""
    if isinstance(found, bool):
        return ""
    if isinstance(found, float):
        return f"{found:g}" if abs(found) < 10_000 else f"{Decimal(f'{found:.10g}'):,f}"
    if isinstance(found, datetime | date):
        return f"{found.year:04}-{found.month:02}-{found.day:02}"
    if isinstance(found, list | tuple | set | frozenset | dict):
        return str(len(found))
    return str(found)[:60]


def behind_rollout(slow: Slow, rollout: Rollout, most: int) -> dict[str, Texts]:
    """The pages behind a rollout's report by their names."""
    return _Rollout(slow, rollout, most).pages()


class _Rollout(Behind):
    def __init__(self, slow: Slow, rollout: Rollout, most: int) -> None:
        self.again = again = OfRollout(slow, rollout)
        super().__init__(slow, again.version, again.today, most)

    def pages(self) -> dict[str, Texts]:
        again = self.again
        rows = [
            Row(n, key, again.rows[key].office, again.group[key], self._cells(key))
            for n, key in enumerate(sorted(again.rows), 1)
        ]
        found = self.all(rows, BEST_FIRST)
        needs = again.needs()
        if needs:
            found["needs"] = self.top(*map(self._need, needs))
        found["waves"] = self.top(*self._waves())
        moved = self._moved()
        if moved is not None:
            on, keys = moved
            lines = [self.line(row) for row in rows if row.key in keys]
            found |= self.parts("moved", self.top(f"{long(on)}: {len(lines)}"), lines)
        hidden = sum(key in self.hidden for key in again.rows)
        found["method"] = self.top(*self._method(), *self.unconsulted(), *([str(hidden)] if hidden else []))
        return found

    def _cells(self, key: str) -> str:
        row, out = self.again.rows[key], self.again.rows[key].wave
        if key in self.hidden:
            return str(out)
        day = row.due or row.answer_by or row.until
        return f"{out} {short(row.since)} {short(day) if day else ''} {self.reason(key)}"

    def reason(self, key: str) -> str:
        row = self.again.rows[key]
        return " ".join(map(short_name, row.missing)) if row.missing else row.why

    def told(self, key: str) -> str:
        row = self.again.rows[key]
        days = [row.since, row.due or row.answer_by, row.until]
        return f"wave {row.wave}, {' '.join(short(on) for on in days if on)}"

    def _need(self, need) -> str:
        named = [self.link(key) for key in need.projects[:MOST_NAMED]]
        more = str(len(need.projects) - MOST_NAMED) if len(need.projects) > MOST_NAMED else ""
        by, decides = short(need.by) if need.by else "", need.decides or ""
        place = self.office(need.office)
        return f"{by} {place} {need.what} {decides} {need.otherwise} {', '.join(named)} {more}"

    def _waves(self) -> Iterator[str]:
        again = self.again
        rows, standing = again.rows, again.standing
        counts_in = {key: row.carried.into if row.carried else row.wave for key, row in rows.items()}
        for plan in sorted(again.rollout.manifest.waves, key=lambda wave: wave.number):
            n, own = plan.number, [key for key, row in rows.items() if row.wave == plan.number]
            active = [key for key in rows if counts_in[key] == n and standing[key] not in OUT]
            settled = sum(standing[key] in SETTLED for key in active)
            moves = (
                sum(standing[key] in OUT for key in own),
                sum(counts_in[key] != n and standing[key] not in OUT for key in own),
                sum(rows[key].wave != n for key in active),
            )
            counts = [
                f"{n} {plan.name} {short(plan.start)} {len(own)}",
                *(str(each) for each in moves if each),
                str(settled),
                *([f"{round(100 * settled / len(active))} %"] if active else []),
                str(sum(standing[key] in ("questioned", "unanswered") for key in active)),
                str(sum(again.late_today(key) for key in active)),
                str(sum(standing[key] == "failed" for key in active)),
                f"{100 * plan.exit_settled:.0f} % {100 * plan.halt_late:.0f} % {plan.halt_late_least or ''}",
            ]
            share = plan.halt_failed_share
            halts = f"{plan.halt_failed}" if share is None else f"{100 * share:.0f} % {plan.halt_failed}"
            yield f"{' '.join(counts)} {halts}"
        open_ones = [
            (row.carried_until or row.since, key)
            for key, row in rows.items()
            if row.carried and standing[key] not in (*SETTLED, *OUT)
        ]
        if open_ones:
            yield str(len(open_ones))
        for _, key in sorted(open_ones):
            row = rows[key]
            until = row.carried_until or row.carried.by
            place, into = self.office(row.office), row.carried.into or ""
            yield f"{self.link(key)} {place} {row.wave} {into} {short(row.carried.on)} {short(until)}"

    def _moved(self) -> tuple[date, set[str]] | None:
        days = [on for on, _ in self.slow.unit.adoptions.counts(self.again.rollout.id) if on < self.today]
        if not days:
            return None
        keys = {key for key, on in self.again.changed_on().items() if on > max(days)}
        return (max(days), keys) if keys else None

    def _method(self) -> Iterator[str]:
        again = self.again
        course = again.course()
        yield f"{again.planned()} {course[-1][1] + course[-1][2]}"
        yield again.forecast_why()
        yield str(len(again.rows))


def behind_sweep(slow: Slow, version: Version, today: date, most: int) -> dict[str, Texts]:
    """The pages behind a review's report by their names."""
    return _Sweep(slow, version, today, most).pages()


class _Sweep(Behind):
    def pages(self) -> dict[str, Texts]:
        slow = self.slow
        rows = [
            Row(
                n, key, slow.network.plans[key].project.office, slow.band(key, self.version), self._cells(key)
            )
            for n, key in enumerate(sorted(slow.network.plans), 1)
        ]
        found = self.all(rows, BANDS)
        duties = duty_rows(slow, self.version, self.today)
        if duties:
            found["duties"] = self.top(*map(self._duty, duties))
        if asked_for := self._asked_for():
            found["deviations"] = self.top(*self._deviations(asked_for))
        hidden = sum(row.key in self.hidden for row in rows)
        found["method"] = self.top(str(len(rows)), *self.unconsulted(), *([str(hidden)] if hidden else []))
        return found

    def _cells(self, key: str) -> str:
        if key in self.hidden:
            return ""
        by, verdicts = self.slow.verdicts(key, self.version)
        not_kept = [each for each in verdicts if str(each.result) in NOT_KEPT]
        if not not_kept:
            return f"{by.version} 0"
        band = self.slow.band(key, self.version)
        first = next((each for each in not_kept if str(each.result) == band), not_kept[0])
        rule = rule_of(by, first.rule)
        more = str(len(not_kept) - 1) if len(not_kept) > 1 else ""
        return f"{by.version} {len(not_kept)} {rule.title if rule else first.rule} {more}"

    def _asked_for(self) -> list[Deviation]:
        """The deviations from the standard that were submitted by now."""
        return asked_of(self.slow.unit, self.version.standard, self.slow.now)

    def _deviations(self, asked: list[Deviation]) -> Iterator[str]:
        """How many wait, are in force and so on; each that did not end; then by rule and by office."""
        now = self.slow.now
        whole, late = Measured(asked, now), pending(self.slow.unit, asked, now, self.today)
        yield f"{len(whole.waiting)} {whole.full} {whole.interim} {late}"
        for each in sorted(not_over(asked, now), key=lambda d: (d.span.last, d.id)):
            scope = each.asked.office if each.scope.project in self.hidden else each.scope.project
            yield f"{each.id} {scope} {self.office(each.asked.office)} {short(each.span.last)}"
        rules = {d.rule: Measured([e for e in asked if e.rule == d.rule], now) for d in asked}
        for _, of in sorted(rules.items(), key=lambda item: (-len(item[1].asked), item[0])):
            counts = (len(of.asked), len(of.waiting), of.full + of.interim, of.afterwards)
            yield f"{' '.join(map(str, counts))} {share_of(of.took, 0.5)}"
        offices = {
            d.asked.office: Measured([e for e in asked if e.asked.office == d.asked.office], now)
            for d in asked
        }
        for office, of in sorted(offices.items(), key=lambda item: (-len(item[1].waiting), item[0])):
            oldest = max(((now - d.submitted).days for d in of.waiting), default="")
            days = f"{share_of(of.took, 0.5)} {share_of(of.took, 0.9)} {of.soon} 0"
            counts = f"{len(of.asked)} {len(of.waiting)} {oldest} {days}"
            yield f"{self.office(office)} {counts} {100 * of.afterwards / len(of.asked):.0f} %"

    def _duty(self, row: DutyRow) -> str:
        rule = next(
            (
                found
                for number in (self.version.version, self.version.previous)
                if (by := self.slow.version(self.version.standard, number)) is not None
                and (found := rule_of(by, row.rule)) is not None
            ),
            None,
        )
        by, told = (
            short(row.by) if row.by else "",
            f"{rule.title} {row.most} {rule.remedy}" if rule else row.most,
        )
        return f"{self.office(row.office)} {by} {row.points} {row.projects} {told}"
