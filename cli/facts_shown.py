"""The facts that versions need, as `interoffice check` shows them: what gives each at each office."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.organization import Loaded
    from domain.questions.needed_facts import FactRow


def tables(loaded: Loaded) -> Mapping[str, tuple[FactRow, ...]]:
    """The table of each version, for the offices that plan in a tool.

    A diverse one is left out unless it agreed with a strategic office on more than templates, on any day:
    no version judges it.
    """
    from config.fact_tables import table_of  # noqa: PLC0415 - keeps --help quick
    from domain.organization.office import RelationKind  # noqa: PLC0415 - keeps --help quick

    organization = loaded.organization
    leading = {office.id for office in organization.strategic_offices()}
    agreed = {
        office
        for each in organization.agreements
        if each.opens_network
        for office, other in ((each.giver, each.taker), (each.taker, each.giver))
        if other in leading
    }
    offices = [
        office
        for office in organization.offices
        if organization.parts(office)
        and (office in agreed or organization.relation(office) is not RelationKind.DIVERSE)
    ]
    return {key: table_of(version, organization, offices) for key, version in loaded.versions.items()}


def lines(tables: Mapping[str, tuple[FactRow, ...]], *, every: bool) -> Iterator[str]:
    """A line for each version, and for each fact that nothing gives at an office; or the whole table."""
    for version, rows in tables.items():
        facts = [(fact, list(some)) for fact, some in groupby(rows, key=lambda row: row.fact)]
        missing = sum(any(not row.is_given for row in some) for _, some in facts)
        told = f"nothing gives {missing} of them at some office" if missing else "all of them are given"
        yield f"  facts       {version} needs {len(facts)}; {told}"
        for fact, some in facts:
            for row in some:
                if every or not row.is_given:
                    yield f"    {fact:26}  {row.office:12}  {_by(row)}"


def _by(row: FactRow) -> str:
    if not row.is_given:
        used_by = ", ".join(row.used_by)
        return f"nothing gives it: {', '.join(row.lacks)} is mapped to no field (used by {used_by})"
    return ", ".join(row.by)


def as_data(tables: Mapping[str, tuple[FactRow, ...]]) -> Mapping[str, object]:
    """The same for other programs."""
    return {
        version: [
            {
                "fact": row.fact,
                "office": row.office,
                "used_by": list(row.used_by),
                "fields": list(row.fields),
                "by": list(row.by),
                "lacks": list(row.lacks),
            }
            for row in rows
        ]
        for version, rows in tables.items()
    }
