"""Computes what an expression may cost at most, and the same expression made exact.

It refuses what would cost too much where its facts are as large as they may be, and names that do not exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

from domain.plans.facts import OPEN_ROOTS, ROOTS, first_fact
from domain.plans.project import Scalar
from domain.standards.checks import combining, sizes
from domain.standards.checks.expression import (
    MACROS,
    ORDERS,
    BadCheck,
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
from domain.standards.checks.literals import written
from domain.standards.checks.sizes import Shape, TypeKind
from domain.standards.checks.steps import CALLED, MOST_STEPS, READ_AT_ONCE, steps_to_compare, steps_to_match

KNOWN_NAMES = frozenset({*ROOTS, *OPEN_ROOTS, "limit", "now"})
ONE_BY_ONE = (
    "`exists` and `all` cost one look at each entry; for a count or a maximum ask for a fact that gives it"
)

NUMERIC = (TypeKind.INT, TypeKind.DOUBLE)
INSTANTS = ("getFullYear", "getMonth", "getDate", "getDayOfMonth", "getDayOfWeek", "getDayOfYear")
CLOCKS = ("getHours", "getMinutes", "getSeconds", "getMilliseconds")
SEARCHES = ("contains", "startsWith", "endsWith")
CONVERSIONS: Mapping[str, Shape] = {
    "int": replace(sizes.INT, small=False), "double": sizes.DOUBLE, "string": Shape(TypeKind.TEXT, 400),
    "timestamp": sizes.TIME, "duration": sizes.DURATION,
}  # fmt: skip
FUNCTIONS = (*CONVERSIONS, "size", "has", "matches", *SEARCHES, *INSTANTS, *CLOCKS, *MACROS)


@dataclass(frozen=True, slots=True)
class Bounded:
    """A part of an expression: its exact form as text, the shape of its result, and its steps at most."""

    text: str
    shape: Shape
    steps: int


@dataclass
class Bounding:
    """Visits one tree; notes which facts it reads, and of which it only checks whether they are there."""

    limit: Scalar | None
    others: frozenset[str] = frozenset()
    """Roots besides those of facts, such as the figures of a report."""
    reads: set[str] = field(default_factory=set)
    asks: set[str] = field(default_factory=set)
    whole: set[str] = field(default_factory=set)
    """The roots that are read as a whole."""
    patterns: set[str] = field(default_factory=set)
    uses_limit: bool = False
    _bound: dict[str, Shape] = field(default_factory=dict)

    def of(self, node: Node) -> Bounded:
        """The node made exact. Raises BadCheck for what no rule may use, or what would cost too much."""
        way: Callable[..., Bounded] = getattr(self, f"_{type(node).__name__.lower()}")
        found = way(node)
        if found.steps > MOST_STEPS:
            raise BadCheck(
                f"may take {found.steps:,} steps, {MOST_STEPS:,} is the most: `{found.text[:60]}`", ONE_BY_ONE
            )
        return found

    def _literal(self, node: Literal) -> Bounded:
        return Bounded(written(node.value), sizes.of_value(node.value), 1)

    def _name(self, node: Name) -> Bounded:
        if node.name in self._bound:
            return Bounded(node.name, self._bound[node.name], 1)
        if node.name == "limit":
            self.uses_limit = True
            return Bounded(written(self.limit), sizes.of_value(self.limit), 1)
        if node.name == "now":
            return Bounded("now", sizes.TIME, 1)
        if node.name in OPEN_ROOTS:
            self.whole.add(node.name)
            return Bounded(node.name, sizes.of_root(node.name), 1)
        if node.name in ROOTS:
            raise BadCheck(
                f"names `{node.name}` without a fact of it, as in `{node.name}.{first_fact(node.name)}`"
            )
        raise BadCheck(f"names {_unknown(node.name, KNOWN_NAMES | self.others)}")

    def _fact(self, of: Node, name: str, noted: set[str]) -> Bounded | None:
        """The fact that `of.name` is; None where `of` is no root."""
        if (
            not isinstance(of, Name)
            or of.name in self._bound
            or of.name not in (*ROOTS, *OPEN_ROOTS, *self.others)
        ):
            return None
        noted.add(f"{of.name}.{name}")
        return Bounded(f"{of.name}.{name}", sizes.of_fact(of.name, name), 2)

    def _select(self, node: Select) -> Bounded:
        found = self._fact(node.of, node.name, self.reads)
        if found is None:
            self.of(node.of)
            raise BadCheck(
                f"asks for `.{node.name[:60]}` of what has no names: facts are written as `plan.items`"
            )
        return found

    def _has(self, node: Has) -> Bounded:
        found = self._fact(node.of, node.name, self.asks)
        if found is None:
            raise BadCheck("asks with `has` for what is no fact; write it as in `has(project.sponsor)`")
        return Bounded(f"has({found.text})", sizes.BOOL, 2)

    def _index(self, node: Index) -> Bounded:
        if isinstance(node.key, Literal) and isinstance(node.key.value, str):
            found = self._fact(node.of, node.key.value, self.reads)
            if found is not None and isinstance(node.of, Name):
                return replace(found, text=f"{node.of.name}[{written(node.key.value)}]")
        of, key = self.of(node.of), self.of(node.key)
        each = of.shape.each or sizes.ANY
        return Bounded(f"{of.text}[{key.text}]", each, of.steps + key.steps + 1)

    def _unary(self, node: Unary) -> Bounded:
        of = self.of(node.of)
        if node.operator == "!":
            return Bounded(f"(!{of.text})", sizes.BOOL, of.steps + 1)
        if of.shape.kind is TypeKind.DOUBLE or (of.shape.kind is TypeKind.INT and of.shape.small):
            return Bounded(f"(-{of.text})", of.shape, of.steps + 1)
        return Bounded(f"negative_({of.text})", of.shape, of.steps + CALLED)

    def _binary(self, node: Binary) -> Bounded:
        left, right = self.of(node.left), self.of(node.right)
        steps = left.steps + right.steps + 1
        plain = f"({left.text} {node.operator} {right.text})"
        if node.operator in ("&&", "||"):
            return Bounded(plain, sizes.BOOL, steps)
        if node.operator == "in":
            return self._among(left, right)
        if node.operator in ("==", "!=", *ORDERS):
            return self._compared(node.operator, left, right)
        shape, inexact = combining.computed(node.operator, left.shape, right.shape)
        steps += shape.weight // READ_AT_ONCE
        if inexact:
            return Bounded(f"finite_{plain}", shape, steps + CALLED)
        return Bounded(plain, shape, steps)

    def _among(self, value: Bounded, entries: Bounded) -> Bounded:
        each = entries.shape.each or sizes.ANY
        many = entries.shape.size if entries.shape.kind is not TypeKind.MAP else 1
        steps = value.steps + entries.steps + 1 + many * (1 + steps_to_compare(value.shape, each))
        if entries.shape.kind is TypeKind.MAP or not combining.mixed(value.shape, each):
            return Bounded(f"({value.text} in {entries.text})", sizes.BOOL, steps)
        return Bounded(f"among_({value.text}, {entries.text})", sizes.BOOL, steps + many * CALLED)

    @staticmethod
    def _compared(operator: str, left: Bounded, right: Bounded) -> Bounded:
        steps = left.steps + right.steps + 1 + steps_to_compare(left.shape, right.shape)
        if not combining.mixed(left.shape, right.shape):
            return Bounded(f"({left.text} {operator} {right.text})", sizes.BOOL, steps)
        if operator in ORDERS:
            text = f"(order_({left.text}, {right.text}) {operator} 0)"
        else:
            text = f"({'!' if operator == '!=' else ''}equal_({left.text}, {right.text}))"
        return Bounded(text, sizes.BOOL, steps + CALLED)

    def _choice(self, node: Choice) -> Bounded:
        condition, then, otherwise = self.of(node.condition), self.of(node.then), self.of(node.otherwise)
        text = f"({condition.text} ? {then.text} : {otherwise.text})"
        steps = condition.steps + max(then.steps, otherwise.steps) + 1
        return Bounded(text, combining.either(then.shape, otherwise.shape), steps)

    def _listof(self, node: ListOf) -> Bounded:
        entries = [self.of(each) for each in node.entries]
        each = Shape(TypeKind.NULL, 0)
        for number, entry in enumerate(entries):
            each = combining.either(each, entry.shape) if number else entry.shape
        text = f"[{', '.join(entry.text for entry in entries)}]"
        return Bounded(text, Shape(TypeKind.LIST, len(entries), each), 1 + sum(e.steps for e in entries))

    def _loop(self, node: Loop) -> Bounded:
        if node.name in KNOWN_NAMES | self.others or node.name in self._bound:
            raise BadCheck(
                f"calls an entry `{node.name}`, which is the name of something else: choose another"
            )
        over = self.of(node.over)
        many = over.shape.size
        self._bound[node.name] = self._entry(over.shape)
        bodies = [self.of(body) for body in node.bodies]
        del self._bound[node.name]
        steps = over.steps + many * (2 + sum(body.steps for body in bodies))
        text = f"{over.text}.{node.macro}({node.name}, {', '.join(body.text for body in bodies)})"
        shape = sizes.BOOL
        if node.macro in ("map", "filter"):
            kept = bodies[-1].shape if node.macro == "map" else self._entry(over.shape)
            shape = Shape(TypeKind.LIST, many, kept)
            steps += many * many // 2 * (1 + kept.weight // READ_AT_ONCE)
        return Bounded(text, shape, steps)

    @staticmethod
    def _entry(over: Shape) -> Shape:
        return sizes.TEXT if over.kind is TypeKind.MAP else over.each or sizes.ANY

    def _call(self, node: Call) -> Bounded:
        if node.function not in FUNCTIONS:
            raise BadCheck(f"calls {_unknown(node.function, FUNCTIONS)}")
        arguments = [self.of(each) for each in node.arguments]
        inner, steps = ", ".join(a.text for a in arguments), 5 + sum(a.steps for a in arguments)
        of = arguments[0].shape if arguments else sizes.ANY
        if node.function == "size":
            self._with(node, 1)
            native = of.kind in (TypeKind.LIST, TypeKind.MAP)
            return Bounded(
                f"{'size' if native else 'characters_'}({inner})",
                sizes.INT,
                steps + of.weight // READ_AT_ONCE,
            )
        if node.function in CONVERSIONS:
            self._with(node, 1)
            return self._converted(node.function, inner, of, steps)
        if not node.method:
            raise BadCheck(f"calls {node.function} of nothing: write it as in `title.{node.function}(...)`")
        text = f"{arguments[0].text}.{node.function}({', '.join(a.text for a in arguments[1:])})"
        if node.function in (*INSTANTS, *CLOCKS):
            self._with(node, 1)
            return Bounded(text, sizes.INT, steps)
        self._with(node, 2)
        steps += (of.size + arguments[1].shape.size) // READ_AT_ONCE
        if node.function == "matches":
            pattern = node.arguments[1]
            if not isinstance(pattern, Literal) or not isinstance(pattern.value, str):
                raise BadCheck("takes a pattern for `matches` from a fact; write the pattern as a text")
            self.patterns.add(pattern.value)
            steps += steps_to_match(pattern.value, of)
        return Bounded(text, sizes.BOOL, steps)

    @staticmethod
    def _with(node: Call, many: int) -> None:
        if len(node.arguments) != many:
            raise BadCheck(f"gives {node.function} {len(node.arguments)} arguments, it takes {many}")

    @staticmethod
    def _converted(function: str, inner: str, of: Shape, steps: int) -> Bounded:
        shape = CONVERSIONS[function]
        if function == "string":
            signed = f"finite_({inner})" if of.may_be(TypeKind.DOUBLE) else inner
            size = max(shape.size, of.size)
            return Bounded(f"string({signed})", replace(shape, size=size), steps + CALLED)
        steps += of.size // READ_AT_ONCE
        if function != "double" or of.kind is TypeKind.DOUBLE or (of.kind is TypeKind.INT and of.small):
            return Bounded(f"{function}({inner})", shape, steps)
        return Bounded(f"finite_(double(as_double_({inner})))", shape, steps + 2 * CALLED)


def _unknown(name: str, known: Iterable[str]) -> str:
    """The error for a name that does not exist, with the nearest and all that do."""
    names = sorted(known)
    near = get_close_matches(name, names, 1)
    meant = f" (did you mean {near[0]}?)" if near else ""
    return f"{name[:60]}{meant}; known are {', '.join(names)}"
