"""Finds where a module matches a sentence, to learn from its words what a value should say.

A sentence is what an attribute with the name of one holds, the text of an exception, and what is made of either;
what is assigned from one is one too, within a function. Besides, wherever it is looked for, a piece of what an
f-string of ours says. What a function gets as its argument is not followed into it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

SENTENCES = {"message", "text", "sentence", "headline", "why", "note", "problem", "instead"}
"""Attributes that hold words for people."""
FOREIGN = {"connectors": {"text"}}
"""Of which room which of them hold what stands in an office's tool."""
TAKEN = {
    "startswith", "endswith", "removeprefix", "removesuffix", "split", "rsplit", "partition", "rpartition",
    "find", "rfind", "index", "rindex", "count",
}  # fmt: skip
"""What a text is asked for with a piece of it."""
SEARCHED = {"search", "match", "fullmatch", "findall", "finditer", "split"}
"""What a pattern is asked for with a text."""
SAME = {"casefold", "lower", "upper", "strip", "lstrip", "rstrip", "splitlines", "split", "replace"}
"""What makes of a sentence another one, or its parts."""
SAYING = {"say", "count", "Message"}
"""What says a text of the catalogs in somebody's language."""
VALUE = re.compile(r"\{\w*\}")
SHORTEST = 8
"""Characters of a piece that is looked for in our sentences; shorter ones are words."""
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@dataclass(frozen=True)
class Names:
    """What the names in a function stand for: sentences, exceptions, and texts that are written there."""

    sentences: frozenset[str]
    exceptions: frozenset[str]
    texts: Mapping[str, ast.expr]


def said(trees: Iterable[tuple[str, ast.Module]]) -> str:
    """What all f-strings, and all texts of the catalogs, say between their values, a line each."""
    found: list[str] = []
    for node in (each for _, tree in trees for each in ast.walk(tree)):
        if isinstance(node, ast.JoinedStr):
            found += [part.value for part in node.values if isinstance(part, ast.Constant)]
        elif isinstance(node, ast.Call) and _called(node) in SAYING:
            texts = [part.value for part in node.args if isinstance(part, ast.Constant)]
            found += [piece for text in texts if isinstance(text, str) for piece in VALUE.split(text)]
    return "\n".join(found)


def _called(node: ast.Call) -> str:
    match node.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def matched(module: str, tree: ast.Module, ours: str) -> list[str]:
    """Where a module matches a sentence, or looks for a piece of what is said in `ours`, a line each."""
    own = SENTENCES - FOREIGN.get(module.partition(".")[0], set())
    outside = texts_of(_within(tree))
    found: dict[int, str] = {}
    for scope in (tree, *(each for each in ast.walk(tree) if isinstance(each, FUNCTIONS))):
        nodes = list(_within(scope))
        names = _names(nodes, outside, own)
        for node in nodes:
            if _matches(node, names, own, ours):
                found[node.lineno] = f"{module}: {ast.unparse(node).splitlines()[0]}"
    return [found[line] for line in sorted(found)]


def _within(scope: ast.AST) -> Iterator[ast.AST]:
    """What stands in a scope, and not in a function inside it."""
    for child in ast.iter_child_nodes(scope):
        if not isinstance(child, FUNCTIONS):
            yield child
            yield from _within(child)


def _given(node: ast.AST) -> tuple[ast.expr, list[ast.expr]] | None:
    """What is given to which names, by a statement or a loop."""
    match node:
        case ast.Assign(targets=targets, value=value):
            return value, targets
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            return value, [target]
        case ast.NamedExpr(target=target, value=value):
            return value, [target]
        case ast.For(target=target, iter=value) | ast.comprehension(target=target, iter=value):
            return value, [target]
    return None


def texts_of(nodes: Iterable[ast.AST]) -> dict[str, ast.expr]:
    """The names to which a written text is given, a pattern of one, or a collection of them."""
    found = {}
    for value, targets in filter(None, map(_given, nodes)):
        for target in targets:
            if isinstance(target, ast.Name) and any(_written(value)):
                found[target.id] = value
    return found


def _names(nodes: list[ast.AST], outside: Mapping[str, ast.expr], own: set[str]) -> Names:
    caught = frozenset(each.name for each in nodes if isinstance(each, ast.ExceptHandler) and each.name)
    names = Names(frozenset(), caught, {**outside, **texts_of(nodes)})
    given = [found for node in nodes if (found := _given(node))]
    while True:
        more = {
            target.id
            for value, targets in given
            for target in targets
            if isinstance(target, ast.Name) and _is_sentence(value, names, own)
        }
        if more <= names.sentences:
            return names
        names = Names(names.sentences | more, caught, names.texts)


def _is_sentence(node: ast.AST, names: Names, own: set[str]) -> bool:
    """Whether an expression is a sentence, or made of one."""
    match node:
        case ast.Name(id=name):
            return name in names.sentences
        case ast.Attribute(attr=name):
            return name in own
        case ast.Call(func=ast.Name(id="str"), args=[of]):
            caught = isinstance(of, ast.Name) and of.id in names.exceptions
            return caught or _is_sentence(of, names, own)
        case ast.Call(func=ast.Attribute(attr=way, value=inner)):
            return way in SAME and _is_sentence(inner, names, own)
        case ast.Subscript(value=inner) | ast.NamedExpr(value=inner):
            return _is_sentence(inner, names, own)
        case ast.BoolOp(values=parts) | ast.JoinedStr(values=parts):
            return any(_is_sentence(each, names, own) for each in parts)
        case ast.FormattedValue(value=inner):
            return _is_sentence(inner, names, own)
        case ast.BinOp(op=ast.Add(), left=one, right=other) | ast.IfExp(body=one, orelse=other):
            return _is_sentence(one, names, own) or _is_sentence(other, names, own)
    return False


def _asked(node: ast.AST) -> tuple[list[ast.expr], list[ast.expr]]:
    """Where something is asked of texts: the texts, and the pieces that are looked for in them."""
    match node:
        case ast.Call(func=ast.Attribute(attr=way, value=ast.Name(id="re")), args=[piece, *rest]):
            return (rest[:1] if way in SEARCHED else []), [piece]
        case ast.Call(func=ast.Attribute(attr=way, value=on), args=[first, *_]):
            taken, searched = way in TAKEN, way in SEARCHED
            return [on] * taken + [first] * searched, [first] * taken + [on] * searched
        case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[right]):
            return [left, right], [left, right]
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            return [left, right], [left, right]
        case ast.Match(subject=subject):
            return [subject], []
    return [], []


def _matches(node: ast.AST, names: Names, own: set[str], ours: str) -> bool:
    texts, pieces = _asked(node)
    resolved = [_resolved(each, names) for each in pieces]
    if any(run in ours for each in resolved for text in _written(each) for run in _runs(text)):
        return True
    if isinstance(node, ast.Compare):
        if isinstance(node.ops[0], ast.In | ast.NotIn) and _is_text_of(node.comparators[0]):
            return any(map(_speaks, resolved))
        if isinstance(node.ops[0], ast.Eq | ast.NotEq) and not any(map(_speaks, resolved)):
            return False  # whether two values are the same, or one is empty
    if any(_is_sentence(text, names, own) for text in texts):
        return True
    spaced = any(" " in text for each in resolved for text in _written(each))
    return spaced and any(_is_text_of(text) for text in texts)


def _resolved(node: ast.expr, names: Names) -> ast.expr:
    """What is written where a name stands, unless it may stand for a sentence, too."""
    if isinstance(node, ast.Name) and node.id not in names.sentences:
        return names.texts.get(node.id, node)
    return node


def _is_text_of(node: ast.expr) -> bool:
    """`str()` of anything, of which nobody knows whether it is a sentence."""
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "str"


def _speaks(node: ast.expr) -> bool:
    """Whether a text is written there."""
    return any(text for text in _written(node))


def _written(node: ast.AST) -> Iterator[str]:
    """The texts that stand in an expression as they are: itself, between the values of an f-string, in a list."""
    match node:
        case ast.Constant(value=str() as text):
            yield text
        case ast.JoinedStr(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            for part in parts:
                yield from _written(part)
        case ast.Call(func=ast.Attribute(attr="compile"), args=[piece, *_]):
            yield from _written(piece)


def _runs(text: str) -> Iterator[str]:
    """The words in a text or pattern, outside of tags, that are long enough to be one of our sentences'."""
    for run in re.findall(r"[A-Za-z][A-Za-z,;:' ]+", re.sub(r"\\[a-zA-Z]|<[^>]*>", "|", text)):
        if " " in run.strip() and len(run.strip()) >= SHORTEST:
            yield run.strip()
