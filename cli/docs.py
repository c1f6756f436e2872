"""The pages of docs/ that are generated from code: `python -m cli.docs` writes them, a test compares them."""

from __future__ import annotations

import inspect
import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import get_args

from cli.organization_page import organization_page
from config.messages import KINDS as MESSAGES
from config.messages import SteeringRequested
from connectors.plan_files.plan_json import json_schema
from connectors.protocol import Capability, Proof, Spec
from connectors.registry import KINDS, ConnectorKind
from connectors.tickets.tracker import Tracker
from domain.compliance.glossary import MEANINGS
from domain.organization.actions import TABLE, Action, Sources, who_may
from domain.plans.facts import LONGEST_ENTRY, LONGEST_TEXT, MOST_FACTS, OPEN_ROOTS, ROOTS
from domain.plans.item_plan import ItemPlan
from domain.reporting.shown import WORDS, shown
from domain.standards.checks.fact_types import type_of
from runtime.folder import CHECKOUT

DOCS = CHECKOUT / "docs"
FACTS = DOCS / "facts.md"
HEAD = """# Facts

What a rule can ask for. A check is an expression over these roots, such as
`plan.overdue == 0 && has(project.sponsor)`. A fact that is not known is absent, and a check that asks for
it gives `unknown` and names it. Beside the facts a check knows `limit` (the limit in force, after
tailorings) and `now`. Dates are midnights, UTC. [standards.md](standards.md) says how expressions are
written.

A text has at most {text:,} characters. A list has at most as many entries as stand with it, of at most
{entry:,} characters each, and a root whose names come from the office's tool has at most {names:,} of them.
What an expression may cost is computed with these sizes. A larger fact is an error of the rules that read
it.

Written by `make docs` from the types in `domain/plans/facts.py`; change it there.
"""


FACTS_COLUMNS = "| fact | type | unit | meaning |\n|---|---|---|---|\n"
CONNECTORS_HEAD = """# Connectors

An office keeps its tool. What a connector can do, against what it was tried and where it stops is said
by the connector itself and written here by `make docs`; [new-connector.md](new-connector.md) says how to
add one, and [organization.md](organization.md) has the settings of each. Whatever the tool: what is
written once stands there once, only our fields are touched, and the access level (`observe`, `ask`,
`write`) is kept by the connector.

What the statuses of an office's items mean is the office's word, under `items` in its settings:

    statuses: {open: [New, In progress], done: [Closed], canceled: [Rejected]}

An item is open, done or canceled as its status says; where the settings do not say it, what the tool knows as
closed is done, and else its percent says it. Only what is known to be open is ever overdue, and what nobody
says is counted apart (`plan.unknown`). A status that means nothing yet is one line of the reading, with its
count and first place. A list (`statuses: [New, Closed]`) only names them.
A tracker (Redmine, Trac, Jira, OpenProject, GitHub, Azure DevOps) says beforehand, in its check, what would
go wrong: fields, statuses and types that the settings name and that are not there, with the nearest names;
our key in a field that we may not write; required fields that nothing fills. `constants`, beside `items` in
an office's settings, gives those a value, by the names that people see there; it is written when something
of ours is created, typed as the field is, and never again:

```yaml
constants: {"Cost center": "4711", "Effort class": 3, "Reviewed on": 2027-01-31}
```

In Redmine its own attributes go by their names in its interface and as numbers (`priority_id`, `category_id`,
`assigned_to_id`, `fixed_version_id`, `is_private`, `status_id`).

"""
ACTIONS_HEAD = """# Who may do what

One table, asked by every flow, by the gateway when a message arrives, and again when its run carries it out.
Who may not is refused with the reason and with who may, and the ledger keeps that they tried (kind `refusal`:
once a day for what repeats). A dry run is refused alike and keeps nothing.

- The strategic office is the one that leads what it is about: [clocks.md](clocks.md).
- A person is known by their account in the strategic office's own tool, and for what an office answers by
  that in its own tool or their link to its page; or an operator or a message enters
  them by their id; that is recorded as entered. The table asks for the same roles either way. Where the
  column "entered" says yes, it counts only if `organization.yaml` has `operator_decisions_count: true`.
- A webhook source sends what `may` names, for the offices that `offices` names in `webhooks.yaml`. A message
  that names a person needs both: the person has the role, and the source acts for the office by which they
  have it. A message that names nobody is judged by the column "a source by itself".

Written by `make docs` from the table in `domain/organization/actions.py`; change it there.

| to | may | a source by itself | entered | flow | message |
|---|---|---|---|---|---|
"""
WORDS_HEAD = """# Words in figures and sentences

Each has one meaning, on every page, in `interoffice status` and in what a run says. A sweep and a rollout
of the same version judge by the same verdicts at the same time, so they say the same of a project: what
follows, is completing under the version before, has an approved deviation or has not reported is so in
both. Of the others a sweep says that they fail, and a rollout how far it has come with them: not bound yet,
owe an answer, require action, late. Pages call a sweep a compliance review.

Written by `make docs` from `domain/compliance/glossary.py` and `domain/reporting/shown.py`; change it there.

| word | meaning |
|---|---|
"""
SHOWN_HEAD = """
## States as people read them

Stores, events, `--json` and what a sheet of an office holds keep the word on the left. Where a page knows the
version before, it says its number: completing under 1.0.

| stored | read |
|---|---|
"""
OF_FILES: Mapping[str, tuple[str, str]] = {
    "workbook": ("sheets, columns", "a row"),
    "project-file": ("", "a new plan"),
}
"""What `prepare` makes and `start-project` begins in a file."""
BY_SOURCES: Mapping[Sources, str] = {
    Sources.NONE: "no",
    Sources.STRATEGIC: "for the strategic office",
    Sources.ANY: "any",
}
PROOFS: Mapping[Proof, str] = {
    Proof.SERVER: "the real thing, a server on loopback or the files themselves",
    Proof.SPEC: "a stand-in with state; each call and answer is held against the vendor's own description",
}


def facts_page() -> str:
    """The page of the facts, with one table per root."""
    parts = [HEAD.format(text=LONGEST_TEXT, entry=LONGEST_ENTRY, names=MOST_FACTS)]
    for root, kind in ROOTS.items():
        parts.append(
            f"\n## {_titled(kind.__doc__ or root)}\n\n| fact | type | unit | meaning |\n|---|---|---|---|\n"
        )
        for each in fields(kind):
            said = each.metadata
            most = f"; at most {said['most']:,} entries" if said["most"] else ""
            path = f"{root}.{each.name}"
            parts.append(f"| `{path}` | {type_of(path)} | {said['unit']} | {said['doc']}{most} |\n")
    parts.append("\n## Roots whose names come from the office's tool\n\n| root | meaning |\n|---|---|\n")
    parts += [f"| `{root}` | {meaning} |\n" for root, meaning in OPEN_ROOTS.items()]
    return "".join(parts)


def connectors_page() -> str:
    """The page of every connector: what it can do, what it was tried against, what it cannot do."""
    kinds = sorted(KINDS.items())
    specs = [(name, kind.connector.spec) for name, kind in kinds]
    parts = [CONNECTORS_HEAD, _matrix(specs), PLAN_HEAD, _plan_parts(specs), PLAN_FOOT]
    parts += ["\n## What each is tried against\n\n"]
    parts += [f"- **{proof}**: {PROOFS[proof]}\n" for proof in Proof if proof in PROOFS]
    for name, kind in kinds:
        parts.append(_connector(name, kind))
    return "".join(parts)


def _matrix(specs: list[tuple[str, Spec]]) -> str:
    """The table of what each connector can do, a row for each capability."""
    head = "| | " + " | ".join(f"`{name}`" for name, _ in specs) + " |\n|---|" + "---|" * len(specs) + "\n"
    rows = [("tried against", [str(spec.proof) for _, spec in specs])]
    rows += [
        (str(can), ["yes" if can in spec.capabilities else "" for _, spec in specs]) for can in Capability
    ]
    rows += [
        ("things to a page", [str(spec.page or "all") for _, spec in specs]),
        ("things to a write", [str(spec.batch or "all") for _, spec in specs]),
        ("seconds until a write is seen", [f"{spec.read_lag.total_seconds():g}" for _, spec in specs]),
        ("webhook scheme", [spec.webhook or "" for _, spec in specs]),
        ("`prepare` makes", [_makes(name) for name, _ in specs]),
        ("`start-project` begins", [_begins(name) for name, _ in specs]),
    ]
    return head + "".join(f"| {what} | {' | '.join(cells)} |\n" for what, cells in rows)


PLAN_HEAD = """
## Plans

What is read of an item besides its title, dates, work, percent, status and who does it, so that a project is
a whole plan. Only what the tool holds is read, of the office's items and of ours alike; what is not there is
missing, and nothing is guessed. The chapter of each connector says where it stands.

"""
PLAN_FOOT = """
`column`: where the settings name a column or field for it (`duration`, `actual_start`, `actual_finish`,
`not_before`, `deadline`, `cost`, `role`). A sheet of items may also tell its outline, by a column `level` or
`parent`, or by `outline: rows` (Excel's grouping) or `outline: indent` (the indent of the titles), and what
follows what, by a column `after`; the order by a column `order` (1, 2, 3; 2.5 is between two), else by rows;
and a task's own calendar, by its name, by a column `calendar`:

```yaml
items:
  sheet: Tâches
  columns:
    id: N°
    project: Projet
    title: Tâche
    level: Niveau hiérarchique
    duration: {header: Durée, unit: days}
    after: {header: Prédécesseurs, by: id}
```

Predecessors are written as scheduling programs write them, several in a cell: `12FS+2d; T-4`, `12EA+2t`,
`12FD+2j`, `12FC`, `12TI-1d`, `12ZR`, `12AS`, `12FS+50%`, `12FS+2ed` (elapsed days); the English letters are
understood in every language. Numbers are ids of items, or with `by: row` rows of the sheet, with `by: line`
lines of the project. Durations are `5d`, `5 Tage`, `40h`, or numbers in the `unit` of their column. Where a
letter means two things (`t` is a day in German, an hour in Swedish), the rest of the column decides, else
`language` in the settings. A row that has parts is their sum: it stands beside the items, is not counted and
not judged. What is not understood is one line of the reading, with its cell.
"""
BY_COLUMN = frozenset({"duration", "actual_start", "actual_finish", "constraint", "deadline", "cost", "role"})
"""The parts of a plan for which the settings of any tool may name a column."""
PLAN_WORDS = {
    "parent": "what it is part of",
    "order": "its place in the order",
    "after": "what it follows",
    "duration": "duration",
    "milestone": "whether it is a milestone",
    "summary": "whether it is a sum of others",
    "manual": "whether its dates are held by hand",
    "actual_start": "actual start",
    "actual_finish": "actual finish",
    "constraint": "constraint",
    "deadline": "deadline",
    "cost": "cost",
    "calendar": "its own calendar",
    "spent": "hours spent so far",
    "role": "role",
    "own_id": "the office's own id",
}


def _plan_parts(specs: list[tuple[str, Spec]]) -> str:
    """The table of which connector reads which part of a plan."""
    head = "| | " + " | ".join(f"`{name}`" for name, _ in specs) + " |\n|---|" + "---|" * len(specs) + "\n"
    rows = []
    for part in (each.name for each in fields(ItemPlan)):
        other = "column" if part in BY_COLUMN else ""
        cells = ["yes" if part in spec.plan else other for _, spec in specs]
        rows.append(f"| {PLAN_WORDS[part]} | {' | '.join(cells)} |\n")
    return head + "".join(rows)


def _makes(name: str) -> str:
    """What `interoffice prepare` makes in such a tool; the rest it tells."""
    made = KINDS[name].connector
    return made.kit.makes if issubclass(made, Tracker) else OF_FILES[name][0]


def _begins(name: str) -> str:
    """What a project is that is started in such a tool; empty where people make it."""
    made = KINDS[name].connector
    if issubclass(made, Tracker):
        return "a project" if made.kit.start is not None else ""
    return OF_FILES[name][1]


def _connector(name: str, kind: ConnectorKind) -> str:
    """One connector: where our key is stored, limits, settings of the tool, calls outside the description."""
    spec = kind.connector.spec
    module = kind.connector.__module__
    said = inspect.cleandoc(sys.modules[module].__doc__ or "")
    parts = [f"\n## `{name}`\n\n{said}\n\n", f"- our key: {spec.key_place}\n"]
    parts.append(f"- limits: {spec.limits or 'none'}\n")
    fields = ", ".join(
        f"`{field}`" + ("" if info.is_required() else " (optional)")
        for field, info in kind.tool.model_fields.items()
    )
    parts.append(f"- settings of the tool: {fields}\n- file: `{module.replace('.', '/')}.py`\n")
    if spec.plan:
        parts.append("- what it reads of a plan, and where that stands:\n")
        parts += [f"  - {PLAN_WORDS[part]}: {place}\n" for part, place in spec.plan.items()]
    if spec.exempt:
        parts.append("- calls that the vendor's description lacks, and where they are documented:\n")
        parts += [f"  - `{call}`: <{page}>\n" for call, page in sorted(spec.exempt.items())]
    return "".join(parts)


def actions_page() -> str:
    """The page of the table of actions: who may do what, and which messages ask for it."""
    asked: dict[Action, list[str]] = {}
    for name, kind in MESSAGES.items():
        asked.setdefault(kind.shape.model_validate(kind.example).asks.action, []).append(name)
    for each in get_args(SteeringRequested.model_fields["action"].annotation):
        asked[Action(each)] = ["steering.requested"]
    parts = [ACTIONS_HEAD]
    for action, row in TABLE.items():
        messages = ", ".join(f"`{name}`" for name in asked.get(action, ()))
        parts.append(f"| {row.what} | {who_may(action)} | {BY_SOURCES[row.sources]} | ")
        parts.append(f"{'yes' if row.by_configuration else ''} | `{row.flow}` | {messages} |\n")
    return "".join(parts)


def words_page() -> str:
    """The page of the words: what each means in every figure and sentence."""
    rows = "".join(f"| {word} | {meaning.text} |\n" for word, meaning in MEANINGS.items())
    named = "".join(f"| `{word}` | {shown(word)} |\n" for word in WORDS)
    return WORDS_HEAD + rows + SHOWN_HEAD + named


def plan_schema() -> str:
    """The JSON Schema of a plan's canonical JSON."""
    return json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "facts.md": facts_page,
    "connectors.md": connectors_page,
    "actions.md": actions_page,
    "organization.md": organization_page,
    "words.md": words_page,
    "plan.schema.json": plan_schema,
}
"""Every generated page of docs/ by its file name."""


def main() -> None:
    """Write the pages."""
    DOCS.mkdir(exist_ok=True)
    for name, page in PAGES.items():
        (DOCS / name).write_text(page(), "utf-8")
        print(f"written: docs/{name}")


def _titled(docstring: str) -> str:
    return docstring.strip().splitlines()[0].rstrip(".")


if __name__ == "__main__":
    main()
