"""The grammar of expressions: reads text into a tree, or says at which line and column it cannot.

It refuses what no rule needs, numbers that a machine cannot hold, and what is nested too deeply.
"""

from __future__ import annotations

import math
import re
from typing import NoReturn

from domain.standards.checks.expression import (
    LEAST_WHOLE,
    MACROS,
    MOST_WHOLE,
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

DEEPEST = 40
"""Levels of parentheses, operators and calls within one another."""
LONGEST_ROW = 100
"""Operators of one kind in a row, as in `a || b || c`."""
WORDS = {"true": True, "false": False, "null": None}
RISING = (("||",), ("&&",), (*ORDERS, "==", "!=", "in"), ("+", "-"), ("*", "/", "%"))
"""Operators by how tightly they bind, loosest first."""

_TOKEN = re.compile(
    r"""(?P<blank>(?:\s|//[^\n]*)+)"""
    r"""|(?P<text>[rRbB]{0,2}(?:\"{3}[\s\S]*?(?<!\\)\"{3}|'{3}[\s\S]*?(?<!\\)'{3}))"""
    r"""|(?P<raw>(?:[bB]?[rR]|[rR][bB])(?:"[^"\n]*"|'[^'\n]*'))"""
    r"""|(?P<line>[bB]?(?:"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'))"""
    r"""|(?P<float>\d+\.\d+(?:[eE][+-]?\d+)?|\d+[eE][+-]?\d+|\.\d+(?:[eE][+-]?\d+)?)"""
    r"""|(?P<whole>(?:0x[0-9a-fA-F]+|\d+)[uU]?)"""
    r"""|(?P<word>[A-Za-z_]\w*)"""
    r"""|(?P<sign>&&|\|\||[=!<>]=|[-<>+*/%!?:.,()\[\]])""",
    re.ASCII,
)
_ESCAPE = re.compile(
    r"\\(?:(?P<one>[abfnrtv\\?\"'`])|[xX](?P<x>[0-9a-fA-F]{2})|u(?P<u>[0-9a-fA-F]{4})"
    r"|U(?P<U>[0-9a-fA-F]{8})|(?P<o>[0-3][0-7]{2})|(?P<bad>.))",
    re.DOTALL,
)
_ONE = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def parse(expression: str) -> Node:
    """The tree of an expression. Raises BadCheck, with line and column, for what rules may not use."""
    return _Parser(expression).whole()


class _Parser:
    """Reads tokens from left to right, each rule of the grammar a method."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self.tokens = list(self._tokens())
        self.at = 0
        self.depth = 0

    def _tokens(self) -> list[tuple[str, str, int]]:
        found, at = [], 0
        while at < len(self.expression):
            token = _TOKEN.match(self.expression, at)
            if token is None:
                self._refuse(at, self._strange(self.expression[at]))
            if token.lastgroup != "blank":
                found.append((str(token.lastgroup), token.group(), at))
            at = token.end()
        return [*found, ("end", "", at)]

    @staticmethod
    def _strange(sign: str) -> str:
        """Why a sign may not be used outside of texts."""
        if sign.isalpha():
            return f'`{sign}` stands in no name here; write a field with such letters as `field["größe"]`'
        return f"`{sign}` is not expected here"

    def _refuse(self, place: int, why: str) -> NoReturn:
        before = self.expression[:place]
        line, column = before.count("\n") + 1, place - (before.rfind("\n") + 1) + 1
        raise BadCheck(f"is not CEL that rules may use: line {line}, column {column}: {why}")

    def _unexpected(self) -> NoReturn:
        kind, text, at = self.tokens[self.at]
        self._refuse(at, "it ends too early" if kind == "end" else f"`{text[:40]}` is not expected here")

    def _next(self) -> tuple[str, str, int]:
        token = self.tokens[self.at]
        self.at += token[0] != "end"
        return token

    def _peek(self) -> str:
        kind, text, _ = self.tokens[self.at]
        return text if kind in ("sign", "word") else ""

    def _take(self, sign: str) -> bool:
        if self._peek() != sign:
            return False
        self.at += 1
        return True

    def _expect(self, sign: str) -> None:
        if not self._take(sign):
            self._unexpected()

    def whole(self) -> Node:
        found = self._choice()
        if self.tokens[self.at][0] != "end":
            self._unexpected()
        return found

    def _choice(self) -> Node:
        self.depth += 1
        if self.depth > DEEPEST:
            self._refuse(self.tokens[self.at][2], f"it is nested more than {DEEPEST} deep")
        found = self._operators(0)
        if self._take("?"):
            then = self._operators(0)
            self._expect(":")
            found = Choice(found, then, self._choice())
        self.depth -= 1
        return found

    def _operators(self, level: int) -> Node:
        if level == len(RISING):
            return self._unary()
        found, many = self._operators(level + 1), 0
        while (operator := self._peek()) in RISING[level]:
            self.at, many = self.at + 1, many + 1
            if many > LONGEST_ROW:
                self._refuse(self.tokens[self.at][2], f"more than {LONGEST_ROW} operators stand in a row")
            found = Binary(operator, found, self._operators(level + 1))
        return found

    def _unary(self) -> Node:
        operators: list[str] = []
        while self._peek() in ("!", "-"):
            operators.append(self._next()[1])
        kind, text, at = self.tokens[self.at]
        if operators[-1:] == ["-"] and kind in ("whole", "float"):
            operators.pop()
            self.at += 1
            found = self._after(Literal(self._number(kind, "-" + text, at)))
        else:
            found = self._after(self._primary())
        if len(operators) > DEEPEST:
            self._refuse(at, f"more than {DEEPEST} signs stand in a row")
        for operator in reversed(operators):
            found = Unary(operator, found)
        return found

    def _after(self, found: Node) -> Node:
        """Parse what follows a value: `.name`, `.name(arguments)`, `[key]`."""
        links = 0
        while (sign := self._peek()) in (".", "["):
            self.at += 1
            links += 1
            if links > DEEPEST:
                self._refuse(self.tokens[self.at][2], f"it is nested more than {DEEPEST} deep")
            if sign == "[":
                found = Index(found, self._choice())
                self._expect("]")
                continue
            kind, name, at = self._next()
            if kind != "word":
                self._refuse(at, "a name is expected after the point")
            found = self._member(found, name, at) if self._take("(") else Select(found, name)
        return found

    def _member(self, of: Node, name: str, at: int) -> Node:
        if name not in MACROS:
            return Call(name, (of, *self._arguments(")")), method=True)
        kind, bound, place = self._next()
        if kind != "word" or bound in WORDS:
            self._refuse(place, f"`{name}` begins with a name for the entry, as in `.{name}(entry, ...)`")
        self._expect(",")
        bodies = self._arguments(")")
        if not 1 <= len(bodies) < MACROS[name]:
            self._refuse(at, f"`{name}` has a name and an expression, as in `.{name}(entry, ...)`")
        return Loop("exists_one" if name == "existsOne" else name, of, bound, bodies)

    def _arguments(self, end: str) -> tuple[Node, ...]:
        found: list[Node] = []
        while not self._take(end):
            found.append(self._choice())
            if not self._take(","):
                self._expect(end)
                break
        return tuple(found)

    def _primary(self) -> Node:
        kind, text, at = self._next()
        if kind in ("whole", "float"):
            return Literal(self._number(kind, text, at))
        if kind in ("text", "raw", "line"):
            return Literal(self._text(text, at))
        if text == "(":
            found = self._choice()
            self._expect(")")
            return found
        if text == "[":
            return ListOf(self._arguments("]"))
        if kind != "word" or text == "in":
            self.at -= kind != "end"
            self._unexpected()
        if text in WORDS:
            return Literal(WORDS[text])
        if not self._take("("):
            return Name(text)
        return self._function(text, at)

    def _function(self, name: str, at: int) -> Node:
        arguments = self._arguments(")")
        if name != "has":
            return Call(name, arguments, method=False)
        if len(arguments) != 1 or not isinstance(arguments[0], Select):
            self._refuse(at, "`has` asks for one fact, as in `has(project.sponsor)`")
        return Has(arguments[0].of, arguments[0].name)

    def _number(self, kind: str, text: str, at: int) -> int | float:
        if text[-1] in "uU" and "x" not in text:
            self._refuse(at, f"unsigned numbers are not used: write {text[:-1]}")
        if kind == "whole":
            number = int(text.rstrip("uU"), 16 if "x" in text else 10)
            if not LEAST_WHOLE <= number <= MOST_WHOLE:
                self._refuse(at, f"{text[:40]} is a whole number beyond 64 bits")
            return number
        broken = float(text)
        lost = broken == 0.0 and any(digit in "123456789" for digit in re.split("[eE]", text)[0])
        if math.isinf(broken) or lost:
            self._refuse(at, f"{text[:40]} is beyond what a double can hold")
        return broken

    def _text(self, text: str, at: int) -> str:
        prefix = text[: len(text) - len(text.lstrip("rRbB"))].lower()
        if "b" in prefix:
            self._refuse(at, "bytes are not used: write a text")
        quoted = text[len(prefix) :]
        size = 3 if quoted[:3] in ("'''", '"""') else 1
        inner = quoted[size:-size]
        return inner if "r" in prefix else _ESCAPE.sub(lambda found: self._unescaped(found, at), inner)

    def _unescaped(self, found: re.Match[str], at: int) -> str:
        if one := found["one"]:
            return _ONE.get(one, one)
        if found["bad"] is not None:
            self._refuse(at, f"`\\{found['bad']}` means nothing in a text; write \\\\ for a backslash")
        code = int(found["o"], 8) if found["o"] else int(found["x"] or found["u"] or found["U"], 16)
        if code > 0x10FFFF or 0xD800 <= code < 0xE000:
            self._refuse(at, f"{found.group()} is no character")
        return chr(code)
