"""A slow evaluator of expressions in exact arithmetic, and random expressions: what judging is compared with.

Every operation is carried out on fractions; a double is the one nearest to the exact result, as IEEE 754 and CEL
define it. What has no such result (a division by zero, too large a number) is an error.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from domain.standards.checks.expression import (
    Binary,
    Call,
    Choice,
    Has,
    Index,
    ListOf,
    Literal,
    Loop,
    Name,
    Node,
    Select,
    Unary,
)  # fmt: skip


class NoAnswerError(Exception):
    """The mathematics, or the language, has no answer."""


@dataclass(frozen=True)
class Double:
    """A double, as the fraction that it is."""

    of: Fraction


def rounded(exact: Fraction) -> Double:
    """The double nearest to an exact number."""
    try:
        return Double(Fraction(float(exact)))
    except OverflowError as large:
        raise NoAnswerError from large


def whole(number: int) -> int:
    """A whole number of 64 bits."""
    if not -(2**63) <= number < 2**63:
        raise NoAnswerError
    return number


def taken(value: object) -> object:
    """A fact as it is computed with."""
    if type(value) is float:
        return Double(Fraction(value))
    return [taken(each) for each in value] if isinstance(value, list) else value


class Exact:
    """Evaluates a tree on facts."""

    def __init__(self, facts: Mapping[str, Mapping[str, object]], now: datetime, limit: object) -> None:
        self.facts, self.names = facts, {"now": now, "limit": taken(limit)}
        self.lacked = False
        """Whether a fact was asked for that is not there."""

    def of(self, node: Node) -> object:  # noqa: C901, PLR0912 - a case for each kind of node
        match node:
            case Literal(value):
                return taken(value)
            case Name(name):
                return self.names[name] if name in self.names else list(self.facts[name])
            case Has(Name(root), name):
                return name in self.facts[root]
            case Select(Name(root), name) | Index(Name(root), Literal(str(name))) if root in self.facts:
                if name not in self.facts[root]:
                    self.lacked = True
                    raise NoAnswerError
                return taken(self.facts[root][name])
            case Index(over, key):
                entries, at = self.of(over), self.of(key)
                if not isinstance(entries, list) or type(at) is not int or not 0 <= at < len(entries):
                    raise NoAnswerError
                return entries[at]
            case ListOf(entries):
                return [self.of(each) for each in entries]
            case Choice(condition, then, otherwise):
                return self.of(then) if self.truth(condition) else self.of(otherwise)
            case Unary(operator, of):
                return not self.truth(of) if operator == "!" else self.negative(self.of(of))
            case Binary(operator, left, right):
                return self.binary(operator, left, right)
            case Loop():
                return self.loop(node)
            case Call():
                return self.call(node.function, self.arguments(node))
        raise AssertionError(node)

    def arguments(self, node: Call) -> list[object]:
        """All of them are looked at, so that a missing fact is seen in each."""
        found, none = [], None
        for each in node.arguments:
            try:
                found.append(self.of(each))
            except NoAnswerError as lacking:
                none = lacking
        if none is not None:
            raise none
        return found

    def truth(self, node: Node) -> bool:
        value = self.of(node)
        if type(value) is not bool:
            raise NoAnswerError
        return value

    @staticmethod
    def negative(value: object) -> object:
        if type(value) is int:
            return whole(-value)
        if isinstance(value, Double):
            return Double(-value.of)
        raise NoAnswerError

    def binary(self, operator: str, left: Node, right: Node) -> object:
        if operator in ("&&", "||"):
            return self.logic([left, right], operator == "||")
        ours, theirs = self.of(left), self.of(right)
        if operator == "in":
            if not isinstance(theirs, list):
                raise NoAnswerError
            return any(equal(ours, each) for each in theirs)
        if operator in ("==", "!="):
            return equal(ours, theirs) is (operator == "==")
        if operator in ("<", "<=", ">", ">="):
            one, other = ordered(ours, theirs)
            return {"<": one < other, "<=": one <= other, ">": one > other, ">=": one >= other}[operator]
        return arithmetic(operator, ours, theirs)

    def logic(self, nodes: list[Node], decides: bool) -> bool:
        """What decides hides what has no answer, on whichever side it stands."""
        lacking: list[NoAnswerError] = []
        for node in nodes:
            try:
                if self.truth(node) is decides:
                    return decides
            except NoAnswerError as none:
                lacking.append(none)
        if lacking:
            raise lacking[0]
        return not decides

    def loop(self, node: Loop) -> object:
        """Entries are looked at in order, until one decides or has no answer."""
        entries = self.of(node.over)
        if not isinstance(entries, list):
            raise NoAnswerError
        kept, seen = [], 0
        for entry in entries:
            self.names[node.name] = entry
            try:
                if node.macro == "map" and len(node.bodies) == 1:
                    kept.append(self.of(node.bodies[0]))
                    continue
                holds = self.truth(node.bodies[0])
                if node.macro in ("exists", "all") and holds is (node.macro == "exists"):
                    return holds
                seen += holds
                if holds:
                    kept.append(self.of(node.bodies[1]) if node.macro == "map" else entry)
            finally:
                del self.names[node.name]
        if node.macro in ("map", "filter"):
            return kept
        return seen == 1 if node.macro == "exists_one" else node.macro == "all"

    @staticmethod
    def call(function: str, values: list[object]) -> object:  # noqa: C901, PLR0912 - a case for each
        match function, values:
            case "size", [str() | list() as of]:
                return len(of)
            case "contains", [str(of), str(part)]:
                return part in of
            case "startsWith", [str(of), str(part)]:
                return of.startswith(part)
            case "endsWith", [str(of), str(part)]:
                return of.endswith(part)
            case "int", [bool()]:
                raise NoAnswerError
            case "int", [int(of)]:
                return of
            case "int", [Double(of)] if of != -(
                2**63
            ):  # which the evaluator refuses, though it could be held
                return whole(int(of))
            case "int", [str(of)] if of.removeprefix("-").isdecimal() and of.isascii():
                return whole(int(of))
            case "double", [bool()]:
                raise NoAnswerError
            case "double", [int(of)]:
                if int(float(of)) != of:
                    raise NoAnswerError
                return Double(Fraction(of))
            case "double", [Double() as of]:
                return of
            case "double", [str(of)] if of.removeprefix("-").replace(".", "", 1).isdecimal() and of.isascii():
                return rounded(Fraction(Decimal(of)))
            case "string", [bool()]:
                raise NoAnswerError
            case "string", [int() | str() as of]:
                return str(of)
            case "string", [Double(of)]:
                return format(Decimal(repr(float(of))), "f").removesuffix(".0")
            case "string", [datetime() as of]:
                return of.isoformat()
            case "timestamp", [str(of)]:
                return datetime.fromisoformat(of)
            case "duration", [str(of)]:
                return timedelta(**{"hours" if of.endswith("h") else "minutes": int(of[:-1])})
            case "getFullYear", [datetime() as of]:
                return of.year
            case "getDayOfWeek", [datetime() as of]:
                return of.isoweekday() % 7
        raise NoAnswerError


def equal(left: object, right: object) -> bool:
    """Values of different types are not equal; numbers are, of whatever type."""
    if number(left) is not None and number(right) is not None:
        return number(left) == number(right)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    return type(left) is type(right) and left == right


def number(value: object) -> Fraction | None:
    """The exact number that a value is."""
    if isinstance(value, Double):
        return value.of
    return Fraction(value) if type(value) is int else None


def ordered(left: object, right: object) -> tuple[object, object]:
    """What the two are compared by."""
    ours, theirs = number(left), number(right)
    if ours is not None and theirs is not None:
        return ours, theirs
    if type(left) is type(right) and isinstance(left, str | bool | datetime | timedelta):
        return left, right
    raise NoAnswerError


SUBTRACTED = {(datetime, datetime), (datetime, timedelta), (timedelta, timedelta)}


def arithmetic(operator: str, left: object, right: object) -> object:
    """Whole numbers stay whole, doubles are rounded once; the two are not mixed."""
    if type(left) is int and type(right) is int:
        return whole(of_whole(operator, left, right))
    if isinstance(left, Double) and isinstance(right, Double) and operator != "%":
        if operator == "/" and right.of == 0:
            raise NoAnswerError
        ways = {"+": left.of + right.of, "-": left.of - right.of, "*": left.of * right.of}
        return rounded(ways[operator] if operator in ways else left.of / right.of)
    if operator == "+" and type(left) is type(right) and isinstance(left, str | list):
        return left + right
    try:
        if operator == "+" and {type(left), type(right)} in ({datetime, timedelta}, {timedelta}):
            return left + right
        if operator == "-" and (type(left), type(right)) in SUBTRACTED:
            return left - right
    except OverflowError as beyond:
        raise NoAnswerError from beyond
    raise NoAnswerError


def of_whole(operator: str, left: int, right: int) -> int:
    """Division and remainder go towards zero, as CEL defines them."""
    if operator in "/%":
        if right == 0 or (operator == "%" and (left, right) == (-(2**63), -1)):
            raise NoAnswerError
        quotient = abs(left) // abs(right) * (1 if (left < 0) is (right < 0) else -1)
        return quotient if operator == "/" else left - right * quotient
    return {"+": left + right, "-": left - right, "*": left * right}[operator]


WHOLES = [
    0,
    1,
    -1,
    2,
    3,
    7,
    100,
    2**31,
    2**53 - 1,
    2**53,
    2**53 + 1,
    -(2**53) - 1,
    2**63 - 1,
    -(2**63),
    -(2**63) + 1,
]
DOUBLES = [
    0.0, -0.0, 0.1, 0.2, 0.3, 1.0, 1.5, -2.5, 3.0, 100.0, 1e16, 2.0**53, 2.0**53 + 2, 2.0**63, -(2.0**63), 1e300,
    1.7976931348623157e308, -1e308, 5e-324, 1e-308,
]  # fmt: skip
NEAR = [f"{2**53 + step}{point}" for step in (-1, 0, 1, 2) for point in ("", ".0")]
TEXTS = ["", "a", "ab", "Größe", "🛳", "7", "-7", "0.5", "9223372036854775808", "Kick-off", "x\ny", '"\\']
NOW = datetime(2027, 1, 4, 7, tzinfo=UTC)
TIMES = [NOW, datetime(2027, 9, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)]
FACTS: Mapping[str, Mapping[str, object]] = {
    "project": {"sponsor": "Größe", "lead": "a", "finish": TIMES[1], "percent_reported": 40.0, "slip_days": -3},
    "plan": {"items": 7, "overdue": 0, "milestones": 2**53, "titles": ["Kick-off", "Größe", "a"], "work_hours": 0.1},
    "report": {"on_time": True, "age_days": 3},
    "cost": {"budget": 1.7976931348623157e308, "actual": 0.0, "forecast": 5e-324, "currency": "EUR"},
    "tool": {"fields": ["a", "7"], "statuses": []},
    "gates": {"G1": NOW, "G9": TIMES[2]},
    "field": {
        "big": 2**53 + 1, "least": -(2**63), "most": 2**63 - 1, "double": 2.0**53, "huge": 1e308, "text": "🛳", "yes": True,
        "tenth": 0.1, "zero": 0, "none": 0.0,
    },
}  # fmt: skip
ABSENT = ["project.program", "plan.longest_task_days", "cost.overrun_percent", "field.gone", "gates.G2"]
BY_KIND = {
    "whole": [f"{root}.{name}" for root, names in FACTS.items() for name, value in names.items() if type(value) is int],
    "double": [f"{r}.{n}" for r, names in FACTS.items() for n, value in names.items() if type(value) is float],
    "text": [f"{r}.{n}" for r, names in FACTS.items() for n, value in names.items() if type(value) is str],
    "truth": [f"{r}.{n}" for r, names in FACTS.items() for n, value in names.items() if type(value) is bool],
    "time": [f"{r}.{n}" for r, names in FACTS.items() for n, value in names.items() if isinstance(value, datetime)],
    "list": [f"{r}.{n}" for r, names in FACTS.items() for n, value in names.items() if type(value) is list],
}  # fmt: skip


class Writer:
    """Writes random expressions, mostly of fitting types."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.bound: list[tuple[str, str]] = []

    def of(self, kind: str, depth: int) -> str:
        pick = self.random.random()
        if pick < 0.06:
            kind = self.random.choice(list(BY_KIND))
        if pick < 0.02:
            return self.random.choice(ABSENT)
        if depth <= 0 or pick > 0.85:
            return self.leaf(kind)
        if pick > 0.8:
            return (
                f"({self.of('truth', depth - 1)} ? {self.of(kind, depth - 1)} : {self.of(kind, depth - 1)})"
            )
        return getattr(self, kind)(depth - 1)

    def leaf(self, kind: str) -> str:
        names = [name for name, of in self.bound if of == kind]
        facts = BY_KIND[kind] + names * 3 + ["limit"] * (kind == "whole")
        literals = {
            "whole": [str(each) for each in WHOLES], "double": [repr(each) for each in DOUBLES],
            "text": [quoted(each) for each in TEXTS], "truth": ["true", "false"],
            "time": [f'timestamp("{each.isoformat()}")' for each in TIMES] + ["now"],
            "list": ["[]", "[1, 2.0]", "['a', 'Größe']", "[9007199254740993, 1.5]", "[0.1, 0.2]"],
        }[kind]  # fmt: skip
        return self.random.choice(facts if facts and self.random.random() < 0.5 else literals)

    def whole(self, depth: int) -> str:
        way = self.random.randrange(8)
        if way < 5:
            return f"({self.of('whole', depth)} {self.random.choice('+-*/%')} {self.of('whole', depth)})"
        return [f"(-{self.of('whole', depth)})", f"int({self.any(depth)})", f"size({self.of(self.random.choice(['text', 'list']), depth)})"][way - 5]  # fmt: skip

    def double(self, depth: int) -> str:
        way = self.random.randrange(7)
        if way < 5:
            return f"({self.of('double', depth)} {self.random.choice('+-*//')} {self.of('double', depth)})"
        return [f"(-{self.of('double', depth)})", f"double({self.any(depth)})"][way - 5]

    def text(self, depth: int) -> str:
        if self.random.random() < 0.6:
            return f"({self.of('text', depth)} + {self.of('text', depth)})"
        return f"string({self.of(self.random.choice(['whole', 'double', 'text']), depth)})"

    def time(self, depth: int) -> str:
        hours = self.random.choice(["1h", "-24h", "100000h", "30m"])
        return f"({self.of('time', depth)} {self.random.choice('+-')} duration('{hours}'))"

    def list(self, depth: int) -> str:
        kind = self.random.choice(["whole", "double", "text"])
        way = self.random.randrange(4)
        if way == 0:
            return f"[{', '.join(self.of(kind, depth) for _ in range(self.random.randrange(4)))}]"
        if way == 1:
            return f"({self.of('list', depth)} + {self.of('list', depth)})"
        small = f"[{', '.join(self.of(kind, 0) for _ in range(self.random.randrange(1, 4)))}]"
        return self.loop(small, kind, "filter" if way == 2 else "map", "truth" if way == 2 else kind, depth)

    def truth(self, depth: int) -> str:
        way = self.random.randrange(14)
        if way > 11:
            return self.edge()
        if way < 4:
            one, other = self.numeric(), self.numeric()
            return f"({self.of(one, depth)} {self.relation()} {self.of(other, depth)})"
        if way < 6:
            return f"({self.of('truth', depth)} {self.random.choice(['&&', '||'])} {self.of('truth', depth)})"
        kind = self.random.choice(["text", "time", "truth", "list"])
        if way == 6:
            operator = self.random.choice(["==", "!="]) if kind == "list" else self.relation()
            return f"({self.of(kind, depth)} {operator} {self.of(kind, depth)})"
        if way == 7:
            return f"(!{self.of('truth', depth)})"
        if way == 8:
            return f"({self.any(depth)} in {self.of('list', depth)})"
        if way == 9:
            search = self.random.choice(["contains", "startsWith", "endsWith"])
            return f"{self.of('text', depth)}.{search}({self.of('text', depth)})"
        if way == 10:
            return f"has({self.random.choice(ABSENT + BY_KIND['whole'])})"
        kind = self.random.choice(["whole", "double", "text"])
        over = f"[{', '.join(self.of(kind, 0) for _ in range(self.random.randrange(4)))}]"
        if kind == "text" and self.random.random() < 0.5:
            over = self.random.choice(BY_KIND["list"])
        return self.loop(over, kind, self.random.choice(["all", "exists", "exists_one"]), "truth", depth)

    def edge(self) -> str:
        """Where doubles stop telling whole numbers apart, and texts have fewer characters than bytes."""
        near = [*NEAR, "field.big", "field.double", "plan.milestones", "-field.least"]
        one, other, third = self.random.choices(near, k=3)
        way = self.random.randrange(3)
        if way == 0:
            return f"({one} {self.relation()} {other})"
        if way == 1:
            return f"({one} in [{other}, {third}])"
        return f"(size({self.of('text', 0)}) {self.relation()} {self.random.randrange(8)})"

    def loop(self, over: str, kind: str, macro: str, body: str, depth: int) -> str:
        name = f"e{len(self.bound)}"
        self.bound.append((name, kind))
        inner = self.of(body, depth)
        self.bound.pop()
        return f"{over}.{macro}({name}, {inner})"

    def numeric(self) -> str:
        return self.random.choice(["whole", "double"])

    def any(self, depth: int) -> str:
        return self.of(self.random.choice(["whole", "double", "text"]), depth)

    def relation(self) -> str:
        return self.random.choice(["==", "!=", "<", "<=", ">", ">="])


def quoted(text: str) -> str:
    """A text as an expression has it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n") + "'"
