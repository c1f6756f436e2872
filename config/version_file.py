"""A version as the file that it would be: standards/<standard>/<version>.yaml, read back before it is used.

What the reader of files refuses is said with its line; what would come back otherwise is not written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from config.documents import read_text
from config.problems import Problems
from config.proofs import ATTESTED, TODAY
from config.templates import as_yaml
from config.versions import read_version
from domain.standards.due import as_written
from domain.standards.formats import FilledFormat, FormatSection, ReportFormat
from domain.standards.life_cycle import LifeCycle
from domain.standards.standard import (
    Condition,
    DatedPart,
    Example,
    Leeway,
    PlanPart,
    Rule,
    ToolDemand,
    Version,
    material_facts,
)


class NoFile(ValueError):
    """A version that no file says as it is; the text says what would be lost."""


def name_of(version: Version) -> str:
    """Where its file stands in an organization's folder."""
    return f"standards/{version.standard}/{version.version}.yaml"


def version_file(version: Version) -> str:
    """The text of its file."""
    head: dict[str, object] = {
        "standard": version.standard,
        "version": version.version,
        "title": version.title,
        "owner": version.owner,
        "effective_from": version.effective_from,
        "previous": version.previous,
        "changes": version.changes,
        "rules": [_rule(each) for each in as_written(version)],
        "tools": [_filled(_tool(each)) for each in version.tools],
        "leeway": _leeway(version.leeway) if version.leeway else None,
        "supersedes": [
            {"old": each.old, "fate": str(each.fate), "new": list(each.new)} for each in version.supersedes
        ],
        "reports": [_report(each) for each in version.reports],
        "plan_parts": [_part(each) for each in version.plan_parts],
        "project_class": version.project_class,
        "life_cycles": [_life_cycle(each) for each in version.life_cycles],
    }
    if version.review is not None:
        terms = version.review
        head["review"] = {
            "offices": terms.offices,
            "share": terms.share,
            "confidence": terms.confidence,
            "days": terms.days,
        }
    if version.consultation is not None:
        head["consultation"] = {
            "days": version.consultation.days,
            "offices": list(version.consultation.offices),
        }
    return as_yaml(_filled(head))


def flaws_of(version: Version, offices: Iterable[str], kinds: Iterable[str]) -> tuple[str, ...]:
    """Everything that the reader of files finds wrong with it, each with its line and what to do."""
    problems = Problems()
    _read_back(version, version_file(version), offices, kinds, problems)
    return tuple(str(each) for each in problems.errors)


def checked_file(version: Version, offices: Iterable[str], kinds: Iterable[str]) -> str:
    """The text of its file. Raises NoFile where reading it gives another version."""
    text, problems = version_file(version), Problems()
    back = _read_back(version, text, offices, kinds, problems)
    if back is None or (back.digest != version.digest and not problems.errors):
        told = "; ".join(map(str, problems.errors)) or "its content would be another one"
        raise NoFile(f"{version.id} cannot be written as a file: {told}")
    return text


def _read_back(
    version: Version, text: str, offices: Iterable[str], kinds: Iterable[str], problems: Problems
) -> Version | None:
    document = read_text(text, name_of(version), problems)
    read = read_version(document, list(offices), kinds, problems) if document is not None else None
    return read.version if read is not None else None


def _filled(values: Mapping[str, object]) -> dict[str, object]:
    """The values without those that say nothing."""
    return {name: value for name, value in values.items() if value not in (None, "", [], {})}


def _rule(rule: Rule) -> dict[str, object]:
    values: dict[str, object] = {
        "uid": rule.uid,
        "title": rule.title,
        "kind": str(rule.kind),
        "level": str(rule.level),
        "check": rule.check,
        "subject": rule.subject,
        "applies": rule.applies,
    }
    values = _filled(values)
    if rule.limit is not None:
        values["limit"] = rule.limit
    if rule.least is not None and rule.most is not None:
        values["range"] = {"least": rule.least, "most": rule.most}
    values |= {"remedy": rule.remedy, "role": str(rule.role), "days": rule.days}
    if material_facts(rule):
        values["material"] = list(material_facts(rule))
    values["examples"] = {"pass": _example(rule.passing), "fail": _example(rule.failing)}
    return values


def _example(example: Example) -> dict[str, object]:
    found: dict[str, object] = {}
    for root, names in example.facts.items():
        if root == TODAY:
            found[root] = names["date"]
        else:
            found[root] = {name: _plain(value, root) for name, value in names.items()}
    return found


def _plain(value: object, root: str) -> object:
    if root != ATTESTED and isinstance(value, datetime):
        return value.date()
    return [_plain(each, root) for each in value] if isinstance(value, list | tuple) else value


def _tool(each: ToolDemand) -> dict[str, object]:
    return {
        "kind": each.kind,
        "least_version": each.least_version,
        "fields": list(each.fields),
        "statuses": list(each.statuses),
    }


def _leeway(leeway: Leeway) -> dict[str, object]:
    values: dict[str, object] = {
        "conditions": [_condition(each) for each in leeway.conditions],
        "until": leeway.until,
        "default": str(leeway.default),
        "elect_days": leeway.elect_days,
    }
    if leeway.discretion is not None:
        band = leeway.discretion
        values["discretion"] = {
            "fact": band.fact,
            "at_least": band.at_least,
            "at_most": band.at_most,
            "share": band.share,
        }
    return {name: value for name, value in values.items() if value is not None}


def _condition(condition: Condition) -> dict[str, object]:
    values: dict[str, object] = {"fact": condition.fact}
    bounds = {"at_least": condition.at_least, "at_most": condition.at_most}
    values |= {name: bound for name, bound in bounds.items() if bound is not None}
    return values | ({"unit": condition.unit} if condition.unit else {})


def _report(report: ReportFormat) -> dict[str, object]:
    head: dict[str, object] = {"id": report.id, "title": report.title}
    if not isinstance(report, FilledFormat):
        return head | {"facts": list(report.facts)}
    fields = [
        {
            "id": f.id,
            "name": f.name,
            "formula": f.formula,
            "unit": str(f.unit),
            "total": str(f.total),
            "source": str(f.source),
        }
        for f in report.fields
    ]
    values = {
        **head,
        "audience": str(report.audience),
        "cadence": str(report.cadence),
        "fields": fields,
        "layout": [_section(each) for each in report.layout],
        "verdict": report.verdict,
    }
    return _filled(values)


def _section(section: FormatSection) -> dict[str, object]:
    return _filled(
        {
            "title": section.title,
            "show": str(section.kind),
            "figures": list(section.figures),
            "chart": str(section.chart) if section.chart else None,
        }
    )


def _life_cycle(cycle: LifeCycle) -> dict[str, object]:
    phases = [
        _filled(
            {
                "name": phase.name,
                "gate": phase.gate,
                "days": phase.days,
                "deliverables": [due.rule for due in phase.deliverables],
            }
        )
        for phase in cycle.phases
    ]
    return {"uid": cycle.uid, "name": cycle.name, "classes": list(cycle.classes), "phases": phases}


def _part(part: PlanPart) -> dict[str, object]:
    values: dict[str, object] = {"id": part.id, "title": part.title, "items": list(part.items)}
    if isinstance(part, DatedPart):
        values |= {"days": part.days, "gate": part.gate or None}
    return {name: value for name, value in values.items() if value is not None}
