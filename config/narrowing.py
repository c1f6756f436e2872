"""What the readers of the files check beyond the types of keys, as far as JSON Schema can say it.

Only for the schemas that editors check by: what a schema lets through is refused when the files are loaded.
Refuses to be stricter than the readers are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeAlias

from pydantic import BaseModel

from config.credentials import LONGEST_NAME, NAME
from config.files import OfficesFile
from config.formats import ReportShape
from config.lineage import NEW_RULES
from config.links import SHARES, AgreementShape
from config.messages import KINDS as MESSAGES
from config.offices import ADDRESS, OfficeShape, PersonShape, ReportingShape
from config.places import CURRENCIES, DAYS, FULL_DAYS, countries, zones
from config.proofs import ATTESTED, PARTS, TODAY, ExamplesShape, is_numeric
from config.rollouts import WaveShape
from config.rules import RuleShape
from config.tailorings import AdjustmentShape, TailoringShape
from config.tools import ToolShape
from config.versions import ConditionShape, LeewayShape, SupersessionShape, ToolDemandShape
from config.webhooks import EVERY, ReceiverShape, SourceShape
from connectors.github.fields import GitHubSettings
from connectors.jira.fields import JiraSettings
from connectors.project_file.settings import ENDINGS, ProjectFileTool
from connectors.records.columns import Money, Plain
from connectors.records.mapping import Statuses, ToolSettings
from connectors.redmine.fields import RedmineSettings
from connectors.registry import KINDS
from connectors.tickets.settings import TicketTool
from domain.messages.outbox import EVENTS
from domain.organization.webhooks import SCHEMES
from domain.plans.facts import NAMES, OPEN_ROOTS, ROOTS, documented

Json: TypeAlias = dict[str, Any]
Narrower: TypeAlias = Callable[[Json], None]
"""Changes the schema of a mapping in place."""
GIVEN: Json = {"not": {"type": "null"}}
EMPTY: Json = {"enum": [None, ""]}


def narrowed(shape: type[BaseModel], found: Json) -> Json:
    """The schema of a shape with all that is checked of it, and of the shapes that it extends."""
    for each in reversed(shape.__mro__):
        if each in NARROWERS:
            NARROWERS[each](found)
    if issubclass(shape, Plain):
        return _or({"type": "string", "minLength": 1}, found)
    if shape is Statuses:
        return _or({"type": "array", "items": {"type": "string", "minLength": 1}}, found)
    return found


def _or(short: Json, whole: Json) -> Json:
    """What may be written in a short form too."""
    return {"description": whole.pop("description"), "anyOf": [short, whole]}


def _office(found: Json) -> None:
    each = found["properties"]
    places = countries()
    parts = [f"{code}-{part}" for code, parts in places.items() for part in parts]
    each["country"]["enum"] = sorted([*places, *parts])
    each["time_zone"]["enum"] = sorted(zones())
    each["currency"]["enum"] = sorted(CURRENCIES)
    days = _inside(each["weekend"])
    days["items"] = {**days["items"], **_days()}


def _inside(found: Json) -> Json:
    """The schema of what is given, where nothing may be given too."""
    inside: Json = next((part for part in found.get("anyOf", ()) if part.get("type") != "null"), found)
    return inside


def _days() -> Json:
    """Days of the week, in whatever case."""
    names = "|".join("".join(f"[{c.upper()}{c}]" for c in day) for day in (*DAYS, *FULL_DAYS))
    return {"anyOf": [{"enum": [*DAYS, *FULL_DAYS]}, {"pattern": f"^({names})$"}]}


def _offices(found: Json) -> None:
    found["properties"]["offices"]["contains"] = {"properties": {"kind": {"const": "strategic"}}}


def _adjustment(found: Json) -> None:
    limited: Json = {"required": ["limit"], "properties": {"limit": GIVEN}}
    found["anyOf"] = [limited, {"required": ["off"], "properties": {"off": {"const": True}}}]


def _reporting(found: Json) -> None:
    found["properties"]["weekday"].update(_days())


def _person(found: Json) -> None:
    found["properties"]["address"]["pattern"] = f"^({ADDRESS.pattern})?$"


def _agreement(found: Json) -> None:
    shares = found["properties"]["shares"]
    shares.update(minItems=1, items={"type": "string", "enum": list(SHARES)})


def _name(found: Json, *, needed: bool) -> None:
    found.update(pattern=f"^({NAME.pattern}){'' if needed else '?'}$", maxLength=LONGEST_NAME)


def _tool(found: Json) -> None:
    found["properties"]["kind"]["enum"] = sorted(KINDS)
    _name(found["properties"]["credentials"], needed=False)


def _source(found: Json) -> None:
    each = found["properties"]
    _inside(each["scheme"])["enum"] = list(SCHEMES)
    _name(each["secrets"]["items"], needed=True)
    each["may"]["items"]["enum"] = list(MESSAGES)
    offices = {key: each["offices"].pop(key) for key in ("type", "items")}
    each["offices"]["anyOf"] = [{"const": EVERY}, offices]
    some = {"required": ["may"], "properties": {"may": {"minItems": 1}}}
    named = {"required": ["offices"], "properties": {"offices": {"not": {"maxItems": 0, "type": "array"}}}}
    of_tool = {"required": ["tool"], "properties": {"tool": GIVEN}}
    none = {"properties": {key: {"maxItems": 0, "type": "array"} for key in ("may", "offices")}}
    by_itself = {"required": ["scheme"], "properties": {"scheme": GIVEN}}
    found["allOf"] = [
        {"if": some, "then": named},
        {"if": of_tool, "then": none, "else": by_itself},
    ]


def _receiver(found: Json) -> None:
    found["properties"]["url"]["pattern"] = "^[Hh][Tt][Tt][Pp][Ss]?://[^/?#@]+([/?][^#]*)?$"
    found["properties"]["events"]["items"]["enum"] = list(EVENTS)
    _name(found["properties"]["secret"], needed=True)


def _fact(*, number: bool = False) -> Json:
    """A fact's name: those of the roots with fixed names, or any of the others."""
    paths = [path for path, _, _ in documented() if not number or is_numeric(path)]
    free = "|".join(root for root in OPEN_ROOTS if not number or is_numeric(root))
    return {"anyOf": [{"enum": paths}, {"pattern": rf"^({free})\..+"}]}


def _condition(found: Json) -> None:
    found["properties"]["fact"].update(_fact(number=True))
    found["oneOf"] = [
        {"required": [bound], "properties": {bound: GIVEN, other: {"type": "null"}}}
        for bound, other in (("at_least", "at_most"), ("at_most", "at_least"))
    ]


def _leeway(found: Json) -> None:
    found["properties"]["conditions"]["minItems"] = 1


def _report(found: Json) -> None:
    found["properties"]["facts"]["items"].update(_fact())


def _demand(found: Json) -> None:
    found["properties"]["kind"]["enum"] = sorted(KINDS)


def _supersession(found: Json) -> None:
    found["allOf"] = [
        {
            "if": {"required": ["fate"], "properties": {"fate": {"const": str(fate)}}},
            "then": {
                "properties": {"new": {"minItems": 0 if fate == "same" else least, "maxItems": most}},
                "required": ["new"] if least and fate != "same" else [],
            },
        }
        for fate, (least, most) in NEW_RULES.items()
    ]


def _rule(found: Json) -> None:
    computed = {"properties": {"check": {"minLength": 1}, "subject": EMPTY}, "required": ["check"]}
    attested = {"properties": {"subject": {"minLength": 1}, "check": EMPTY}, "required": ["subject"]}
    bounded = {
        "properties": {"range": GIVEN, "limit": {"type": "number"}},
        "required": ["range", "limit"],
    }
    bare = {"properties": {"range": {"type": "null"}}}
    numeric = {"properties": {"limit": {"type": ["number", "null"]}}}
    found["properties"]["uid"]["not"] = {"pattern": r"^tool(\.|$)"}
    found["allOf"] = [
        _where("kind", ["computed"], computed),
        _where("kind", ["attested"], attested),
        {**_where("level", ["range"], bounded), "else": bare},
        _where("level", ["floor", "ceiling"], numeric),
    ]


def _where(key: str, values: Iterable[str], then: Json) -> Json:
    """What holds where a key has one of these values."""
    return {"if": {"required": [key], "properties": {key: {"enum": list(values)}}}, "then": then}


def _examples(found: Json) -> None:
    roots: Json = {root: {"type": "object", **_of_names(NAMES[kind])} for root, kind in ROOTS.items()}
    roots |= {root: {"type": "object"} for root in OPEN_ROOTS}
    roots[ATTESTED] = {"type": "object", **_of_names(PARTS)}
    roots[TODAY] = {"type": "string", "format": "date"}
    for each in found["properties"].values():
        each.update(properties=roots, additionalProperties=False)


def _of_names(names: Iterable[str]) -> Json:
    return {"properties": {name: {} for name in names}, "additionalProperties": False}


def _tailoring(found: Json) -> None:
    found["oneOf"] = [
        {"required": [one], "properties": {one: GIVEN, other: {"type": "null"}}}
        for one, other in (("office", "program"), ("program", "office"))
    ]


def _wave(found: Json) -> None:
    found["properties"]["offices"]["minItems"] = 1


def _money(found: Json) -> None:
    unit = found["properties"]["unit"]
    unit["enum"] += [int(each) for each in unit["enum"]]
    unit.pop("type", None)


def _ending(*endings: str) -> Narrower:
    """The file's name ends so, in whatever case."""
    forms = "|".join(
        "".join(f"[{c.upper()}{c}]" if c.isalpha() else f"\\{c}" for c in end) for end in endings
    )

    def narrow(found: Json) -> None:
        found["properties"]["file"]["pattern"] = f"({forms})$"

    return narrow


def _server(found: Json) -> None:
    found["properties"]["url"]["pattern"] = "^ *[Hh][Tt][Tt][Pp][Ss]?://[^/?#@ ]+(/[^?#]*)? *$"
    _inside(found["properties"]["zone"])["enum"] = sorted(zones())


def _key(how: Json) -> Narrower:
    """What may stand as `items.columns.key`."""
    required = ["key"] if how is GIVEN else []

    def narrow(found: Json) -> None:
        columns = {"properties": {"key": how}, "required": required}
        items = {"properties": {"columns": columns}, "required": ["columns"] if required else []}
        found["allOf"] = [{"properties": {"items": items}, "required": ["items"] if required else []}]

    return narrow


def _workbook(found: Json) -> None:
    _ending(".xlsx")(found)
    found["properties"]["pattern"]["pattern"] = r"^[^/\\{}]*({date})?[^/\\{}]*\.[Xx][Ll][Ss][Xx]$"
    _inside(found["properties"]["zone"])["enum"] = sorted(zones())
    nothing: Json = {key: {"type": "null"} for key in ("file", "folder", "pattern")}
    nothing["upload"] = {"const": False}
    places = ({"file": GIVEN}, {"folder": GIVEN, "pattern": GIVEN}, {"upload": {"const": True}})
    found["oneOf"] = [{"required": list(each), "properties": nothing | each} for each in places]


def _redmine(found: Json) -> None:
    _key(GIVEN)(found)
    found["properties"]["days_off"].update(items={"type": "integer", "minimum": 1, "maximum": 7}, maxItems=6)


NARROWERS: Mapping[type, Narrower] = {
    AdjustmentShape: _adjustment,
    OfficeShape: _office,
    OfficesFile: _offices,
    ReportingShape: _reporting,
    PersonShape: _person,
    AgreementShape: _agreement,
    ToolShape: _tool,
    SourceShape: _source,
    ReceiverShape: _receiver,
    ToolDemandShape: _demand,
    ConditionShape: _condition,
    LeewayShape: _leeway,
    SupersessionShape: _supersession,
    ReportShape: _report,
    RuleShape: _rule,
    ExamplesShape: _examples,
    TailoringShape: _tailoring,
    WaveShape: _wave,
    Money: _money,
    ToolSettings: _workbook,
    ProjectFileTool: _ending(*ENDINGS),
    TicketTool: _server,
    RedmineSettings: _redmine,
    JiraSettings: _key({"type": "null"}),
    GitHubSettings: _key({"type": "null"}),
}
