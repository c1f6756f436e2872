"""The types that operators give for the types of their operands, and where the evaluator rounds silently."""

from __future__ import annotations

from dataclasses import replace

from domain.standards.checks import sizes
from domain.standards.checks.sizes import Shape, TypeKind


def mixed(left: Shape, right: Shape) -> bool:
    """Whether a whole number beyond 2**53 may meet a double, so that the evaluator would round it."""
    if left.kind is TypeKind.LIST and right.kind is TypeKind.LIST:
        return mixed(left.each or sizes.ANY, right.each or sizes.ANY)
    if left.kind is TypeKind.LIST or right.kind is TypeKind.LIST:
        return TypeKind.DYN in (left.kind, right.kind)
    wide = [shape.may_be(TypeKind.INT) and not shape.small for shape in (left, right)]
    double = [shape.may_be(TypeKind.DOUBLE) and not shape.small for shape in (left, right)]
    return (wide[0] and double[1]) or (wide[1] and double[0])


def either(one: Shape, other: Shape) -> Shape:
    """The shape of a value that has one of two shapes."""
    size = max(one.size, other.size)
    if one.kind is not other.kind:
        return replace(sizes.ANY, size=max(one.weight, other.weight))
    each = either(one.each, other.each) if one.each and other.each else one.each or other.each
    return Shape(one.kind, size, each, small=one.small and other.small)


def computed(operator: str, left: Shape, right: Shape) -> tuple[Shape, bool]:
    """The shape that `+ - * / %` gives, and whether the result may be beyond what a double holds."""
    kinds = {left.kind, right.kind}
    if operator == "+" and kinds == {TypeKind.TEXT}:
        return Shape(TypeKind.TEXT, left.size + right.size), False
    if operator == "+" and kinds == {TypeKind.LIST}:
        each = either(left.each or sizes.ANY, right.each or sizes.ANY)
        return Shape(TypeKind.LIST, left.size + right.size, each), False
    if TypeKind.TIME in kinds or TypeKind.DURATION in kinds:
        both = operator == "-" and kinds == {TypeKind.TIME}
        return (sizes.DURATION if both or TypeKind.TIME not in kinds else sizes.TIME), False
    if kinds == {TypeKind.INT}:
        return replace(sizes.INT, small=False), False
    if TypeKind.DOUBLE in kinds and kinds <= {TypeKind.DOUBLE, TypeKind.DYN, TypeKind.INT}:
        return sizes.DOUBLE, True
    return replace(sizes.ANY, size=left.weight + right.weight), True
