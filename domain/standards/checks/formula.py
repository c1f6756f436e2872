"""Formulas of figures: expressions over facts, or over other figures.

They give a number, a date or a truth value, and are bounded and made exact as rules' expressions are.
Refuses limits, which only rules have.
"""

from __future__ import annotations

from functools import lru_cache

from domain.standards.checks.check import Check
from domain.standards.checks.expression import BadCheck
from domain.standards.checks.sizes import TypeKind
from domain.standards.formats import FormatField, Total, Unit

FIGURES, NETWORK = "figures", "network"
"""The roots of a formula of the network: the other figures by id, and what is counted of the pack itself."""
OF_NETWORK = ("offices", "offices_missing", "projects")
"""What `network` has."""
NUMERIC = (TypeKind.INT, TypeKind.DOUBLE)
GIVES = {
    TypeKind.BOOL: "true or false",
    TypeKind.INT: "a whole number",
    TypeKind.DOUBLE: "a number",
    TypeKind.TIME: "a date",
    TypeKind.TEXT: "a text",
    TypeKind.LIST: "a list",
}


class Formula:
    """The formula of one field, ready to run."""

    def __init__(self, field: FormatField) -> None:
        """Raises BadCheck for one that gives what the field's total and unit cannot take."""
        self.field = field
        of_figures = field.total is Total.NETWORK
        self.check = Check(field.formula, frozenset({FIGURES, NETWORK}) if of_figures else frozenset())
        self.text, self.steps = self.check.text, self.check.steps
        self.reads, self.paths = self.check.reads, self.check.paths
        if self.check.uses_limit:
            raise BadCheck("asks for `limit`, which only rules have", "write the number itself")
        self._gives_what_it_should()

    def _gives_what_it_should(self) -> None:
        total, unit, kind = self.field.total, self.field.unit, self.check.kind
        wanted: tuple[TypeKind, ...]
        if total in (Total.COUNT, Total.SHARE):
            wanted, words = (TypeKind.BOOL,), "true or false, and counts the projects of which it is true"
        elif unit is Unit.DATE:
            wanted, words = (TypeKind.TIME,), "a date"
        else:
            wanted, words = NUMERIC, "a number"
        if kind is not TypeKind.DYN and kind not in wanted:
            raise BadCheck(
                f"gives {GIVES.get(kind, str(kind))}, and with `total: {total}` and `unit: {unit}` it has "
                f"to give {words}",
                "write another expression, total or unit",
            )


@lru_cache(maxsize=1024)
def formula_of(field: FormatField) -> Formula:
    """The formula of a field, made once per process. Raises BadCheck."""
    return Formula(field)
