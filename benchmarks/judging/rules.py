"""Two hundred rules over all roots of facts, each in CEL, Rego and Python, and as offices tailored them.

Only the standard library, so that each engine's process can read it. Refuses to judge.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from random import Random
from typing import Any, NamedTuple

SEED = 200


class Form(NamedTuple):
    """A sentence over the facts A and B, said in three languages; `limit` is the rule's own.

    Where `needs` is true it is unknown as long as one of its facts is missing; else it asks for that itself.
    """

    cel: str
    rego: str
    python: str
    needs: bool = True


def alike(text: str) -> Form:
    """The same words in all three."""
    return Form(text, text, text)


NUMBERS = (
    *(alike(text) for text in ("A <= limit", "A >= limit", "A < limit", "A > limit", "A <= limit")),
    Form("has(A) && A <= limit", "A <= limit", "has(A) and A <= limit", needs=False),
    Form("!has(A) || A >= limit", "not A < limit", "not has(A) or A >= limit", needs=False),
    alike("A <= B"),
    alike("A >= B + limit"),
)
FORMS: Mapping[str, tuple[Form, ...]] = {
    "whole": NUMBERS,
    "broken": NUMBERS,
    "text": (
        *(alike(text) for text in ("A == limit", "A != limit", "A != B")),
        Form("A.startsWith(limit)", "startswith(A, limit)", "A.startswith(limit)"),
        Form("A in [limit, 'planning']", 'A in [limit, "planning"]', "A in [limit, 'planning']"),
        Form("size(A) > 0", "count(A) > 0", "len(A) > 0"),
        Form("has(A)", "_ = A", "has(A)", needs=False),
    ),
    "truth": (
        Form("A", "A == true", "A"),
        Form("has(A) && A", "A == true", "has(A) and A", needs=False),
        Form("!has(A) || A == limit", "not A != limit", "not has(A) or A == limit", needs=False),
    ),
    "date": (
        *(alike(text) for text in ("A <= limit", "A > limit", "A <= B")),
        Form("A >= now", "A >= input.now", "A >= now"),
        Form("has(A) && A < now", "A < input.now", "has(A) and A < now", needs=False),
        Form("A - now <= duration('2160h')", "A - input.now <= 7776000", "A - now <= hours(2160)"),
    ),
    "list": (
        Form("A.exists(x, x == limit)", "some x in A; x == limit", "any(x == limit for x in A)"),
        Form("A.all(x, x != limit)", "every x in A { x != limit }", "all(x != limit for x in A)"),
        alike("limit in A"),
        Form(
            "A.exists(x, x.startsWith(limit))",
            "some x in A; startswith(x, limit)",
            "any(x.startswith(limit) for x in A)",
        ),
        Form("size(A) >= 3", "count(A) >= 3", "len(A) >= 3"),
    ),
}  # fmt: skip
SCOPES = (
    (Form("A == 'execution'", 'A == "execution"', "A == 'execution'"), "project.stage"),
    (alike("A != 'closed'")._replace(rego='A != "closed"'), "project.stage"),
    (Form("A >= 50000.0", "A >= 50000.0", "A >= 50000.0"), "cost.budget"),
    (Form("has(A)", "A", "has(A)", needs=False), "gates.G1"),
    (Form("A > 10", "A > 10", "A > 10"), "plan.items"),
    (Form("A == 'workbook'", 'A == "workbook"', "A == 'workbook'"), "tool.kind"),
    (Form("A < now", "A < input.now", "A < now"), "project.start"),
    (Form("A", "A == true", "A"), "field.major"),
)  # fmt: skip
"""What a rule may be confined to."""

WORDS = "field.score"
"""A whole number, but some offices write a word there: an error."""
WEEKS = (date(2026, 10, 5), date(2027, 1, 4), date(2027, 6, 30))
FACTS: Mapping[str, tuple[str, Sequence[Any]]] = {
    "project.stage": ("text", ("execution", "planning", "exec")),
    "project.lead": ("text", ("Ana", "Ben", "A")),
    "project.sponsor": ("text", ("Ana", "Eve")),
    "project.program": ("text", ("north", "so")),
    "project.standard_version": ("text", ("1.0", "1.")),
    "project.start": ("date", WEEKS),
    "project.finish": ("date", WEEKS),
    "project.percent_reported": ("broken", (20.0, 50.0, 90.5)),
    "project.slip_days": ("whole", (-10, 0, 20)),
    "project.weeks_remaining": ("broken", (2.0, 6.5, 20.0)),
    "plan.items": ("whole", (10, 50, 60)),
    "plan.milestones": ("whole", (1, 5)),
    "plan.overdue": ("whole", (0, 5, 20)),
    "plan.without_owner": ("whole", (0, 3)),
    "plan.without_due": ("whole", (0, 3)),
    "plan.work_hours": ("broken", (100.0, 400.0)),
    "plan.percent_done_work": ("broken", (30.0, 60.0)),
    "plan.percent_complete": ("broken", (30.0, 60.0)),
    "plan.longest_task_days": ("whole", (10, 40)),
    "plan.titles": ("list", ("Task 3", "Task 49", "Handover", "Re")),
    "report.age_days": ("whole", (7, 14, 30)),
    "report.on_time": ("truth", (True,)),
    "cost.currency": ("text", ("EUR", "U")),
    "cost.budget": ("broken", (10000.0, 50000.0)),
    "cost.actual": ("broken", (10000.0, 50000.0)),
    "cost.forecast": ("broken", (10000.0, 90000.0)),
    "cost.spent_percent": ("broken", (50.0, 100.0)),
    "cost.overrun_percent": ("broken", (0.0, 10.0)),
    "tool.kind": ("text", ("workbook", "red")),
    "tool.version": ("text", ("2024", "5.")),
    "tool.fields": ("list", ("risk_register", "budget")),
    "tool.statuses": ("list", ("done", "in ")),
    "gates.G1": ("date", WEEKS),
    "gates.G2": ("date", WEEKS),
    "gates.G3": ("date", WEEKS),
    "field.risk_register": ("truth", (True,)),
    "field.major": ("truth", (True, False)),
    "field.risks": ("whole", (0, 4)),
    WORDS: ("whole", (2, 4)),
    "field.contingency": ("broken", (0.05, 0.25)),
    "field.method": ("text", ("agile", "wa")),
    "field.signed_on": ("date", WEEKS),
}
"""Every fact with its kind, and limits that make sense for it."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A form, and the facts that it is about."""

    form: Form
    facts: tuple[str, ...]

    def cel(self, limit: object = None) -> str:
        """In CEL; `limit` stays a word where none is given."""
        return self._said(self.form.cel, "{}.{}", in_cel(limit) if limit is not None else "limit")

    def rego(self, limit: object) -> str:
        """As the body of a rule of Rego."""
        return self._said(
            self.form.rego, "input.{}.{}", json.dumps(moment(limit), default=datetime.timestamp)
        )

    def python(self, limit: object) -> str:
        """As an expression over the facts `f`, with `now` and `hours`."""
        asked = re.sub(
            r"has\((\w)\)",
            lambda found: "({1!r} in f[{0!r}])".format(*self._path(found[1])),
            self.form.python,
        )
        return self._said(asked, "f[{!r}][{!r}]", repr(moment(limit)))

    def there(self) -> str:
        """The body of Rego that holds where every fact is there."""
        return "; ".join("_ = input.{}.{}".format(*each.split(".")) for each in self.facts if self.form.needs)

    def _path(self, letter: str) -> list[str]:
        return self.facts["AB".index(letter)].split(".")

    def _said(self, text: str, path: str, limit: str) -> str:
        said = re.sub(r"\b[AB]\b", lambda found: path.format(*self._path(found[0])), text)
        return re.sub(r"\blimit\b", lambda _: limit, said)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it asks, where it applies, and its own limit."""

    uid: str
    check: Sentence
    scope: Sentence | None
    limit: Any


@dataclass(frozen=True, slots=True)
class Held:
    """A rule as it holds at one office."""

    rule: Rule
    limit: Any
    off: bool


def moment(value: object) -> object:
    """A date as rules see it: midnight UTC."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return value


def in_cel(value: object) -> str:
    """A literal of CEL."""
    seen = moment(value)
    return f"timestamp('{seen:%Y-%m-%dT%H:%M:%SZ}')" if isinstance(seen, datetime) else json.dumps(seen)


def rules(count: int) -> list[Rule]:
    """The first so many: every fact in turn, in whatever form; two in five with a scope."""
    chance, paths = Random(SEED), list(FACTS)
    return [_rule(chance, number, paths[number * 17 % len(paths)]) for number in range(count)]


def _rule(chance: Random, number: int, path: str) -> Rule:
    kind, limits = FACTS[path]
    form = chance.choice(FORMS[kind])
    alike = [each for each, (its, _) in FACTS.items() if its == kind and each not in (path, WORDS)]
    facts = (path, chance.choice(alike)) if re.search(r"\bB\b", form.cel) else (path,)
    where, what = chance.choice(SCOPES)
    scope = Sentence(where, (what,)) if chance.random() < 0.4 else None
    limit = chance.choice(limits) if "limit" in form.cel else None
    return Rule(f"R{number + 1:03}", Sentence(form, facts), scope, limit)


def tailored(asked: Sequence[Rule], offices: Sequence[str]) -> dict[str, list[Held]]:
    """The rules as they hold at each office: every other office has limits of its own and leaves some out."""
    return {
        office: [_held(rule, number % 2 == 1, office) for rule in asked]
        for number, office in enumerate(offices)
    }


def _held(rule: Rule, own: bool, office: str) -> Held:  # noqa: FBT001 - one yes or no
    chance = Random(f"{office} {rule.uid}")
    if not own or chance.random() > 0.15:
        return Held(rule, rule.limit, off=False)
    further = [each for each in FACTS[rule.check.facts[0]][1] if each != rule.limit]
    if rule.limit is None or not further:
        return Held(rule, rule.limit, off=True)
    return Held(rule, chance.choice(further), off=False)
