"""What operators make of the types of their operands, and where the evaluator would round silently."""

from __future__ import annotations

from dataclasses import replace

from domain.standards.checks import sizes
from domain.standards.checks.sizes import Kind, Shape


def mixed(left: Shape, right: Shape) -> bool:
    """Whether a whole number beyond 2**53 may meet a double, so that the evaluator would round it."""
    if left.kind is Kind.LIST and right.kind is Kind.LIST:
        return mixed(left.each or sizes.ANY, right.each or sizes.ANY)
    if left.kind is Kind.LIST or right.kind is Kind.LIST:
        return Kind.DYN in (left.kind, right.kind)
    wide = [shape.may_be(Kind.INT) and not shape.small for shape in (left, right)]
    double = [shape.may_be(Kind.DOUBLE) and not shape.small for shape in (left, right)]
    return (wide[0] and double[1]) or (wide[1] and double[0])


def either(one: Shape, other: Shape) -> Shape:
    """What is one or the other."""
    size = max(one.size, other.size)
    if one.kind is not other.kind:
        return replace(sizes.ANY, size=max(one.weight, other.weight))
    each = either(one.each, other.each) if one.each and other.each else one.each or other.each
    return Shape(one.kind, size, each, small=one.small and other.small)


def computed(operator: str, left: Shape, right: Shape) -> tuple[Shape, bool]:
    """What `+ - * / %` gives, and whether it may be beyond what a double holds."""
    kinds = {left.kind, right.kind}
    if operator == "+" and kinds == {Kind.TEXT}:
        return Shape(Kind.TEXT, left.size + right.size), False
    if operator == "+" and kinds == {Kind.LIST}:
        each = either(left.each or sizes.ANY, right.each or sizes.ANY)
        return Shape(Kind.LIST, left.size + right.size, each), False
    if Kind.TIME in kinds or Kind.DURATION in kinds:
        both = operator == "-" and kinds == {Kind.TIME}
        return (sizes.DURATION if both or Kind.TIME not in kinds else sizes.TIME), False
    if kinds == {Kind.INT}:
        return replace(sizes.INT, small=False), False
    if Kind.DOUBLE in kinds and kinds <= {Kind.DOUBLE, Kind.DYN, Kind.INT}:
        return sizes.DOUBLE, True
    return replace(sizes.ANY, size=left.weight + right.weight), True
