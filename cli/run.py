"""`interoffice run`: one flow, by the worker or in this process; prints its sentence, or its outcome as JSON.

It checks names and values against the form first: a server accepts unknown names, and then the run crashes.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from cli.setup import server_of
from config.characters import LINES, visible
from runtime.place import Place, add_options, placed
from runtime.problem import UsageProblem

if TYPE_CHECKING:
    from runtime.runs import Ended

NAME = "run"
HELP = "start one flow and wait for it: interoffice run sync-offices office=all why='before the board'"
TRUTH = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def configure(parser: argparse.ArgumentParser) -> None:
    """The options."""
    parser.add_argument("flow", metavar="FLOW", help="the deployment's name, such as sync-offices")
    parser.add_argument("values", nargs="*", metavar="key=value", help="what the flow's form asks for")
    parser.add_argument(
        "--fields", action="store_true", help="print what the flow's form asks for; run nothing"
    )
    parser.add_argument("--json", action="store_true", help="for other programs")
    parser.add_argument("--local", action="store_true", help="in this process, not by the worker")
    add_options(parser)


def run(arguments: argparse.Namespace) -> int:
    """0 when the run completed; 1 when it did not."""
    from config.keyfile import auth_string  # noqa: PLC0415 - keeps --help quick
    from runtime.environment import AUTH, given_server  # noqa: PLC0415 - keeps --help quick
    from runtime.manifest import read_manifest  # noqa: PLC0415 - keeps --help quick
    from runtime.reenter import reenter  # noqa: PLC0415 - keeps --help quick

    given = dict(_pair(each) for each in arguments.values)
    read_manifest().deployment(arguments.flow)
    place = placed(arguments)
    extra = {
        "INTEROFFICE_STATE": str(place.folder.root),
        "INTEROFFICE_ORGANIZATION": str(place.settings.organization),
    }
    if not arguments.local or place.folder.is_held or given_server():
        extra["PREFECT_API_URL"] = server_of(place)
    else:
        extra["PREFECT_SERVER_ALLOW_EPHEMERAL_MODE"] = "true"
        extra["PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS"] = "120"  # 20 are too few on a busy machine
        extra[AUTH] = auth_string(place.folder.root)  # its temporary server listens on a port too
    reenter(place.folder, sys.argv[1:], extra)
    place.folder.make()
    if arguments.fields:
        return _fields(place, arguments.flow)
    ended = asyncio.run(_run(place, arguments.flow, given, local=arguments.local))
    if arguments.json:
        print(json.dumps(as_told(arguments.flow, ended), indent=2))
    else:
        from cli.next_steps import next_step  # noqa: PLC0415 - keeps --help quick

        print(visible(ended.message or ended.state, kept=LINES))
        if step := next_step(ended.outcome if ended.good else None, arguments):
            print(f"next: {step}", file=sys.stderr)
    return 0 if ended.good else 1


def _fields(place: Place, flow: str) -> int:
    """Print a line for each field of the flow's form."""
    from config.wiring import wire  # noqa: PLC0415 - slow
    from runtime.local import schema_of  # noqa: PLC0415 - slow

    print(visible("\n".join(described(schema_of(wire(place.settings), flow)["properties"])), kept=LINES))
    return 0


def as_told(flow: str, ended: Ended) -> Mapping[str, object]:
    """How a run ended, for other programs; `outcome` is null where it did not end well."""
    from domain.outcomes.outcome import as_fields  # noqa: PLC0415 - keeps --help quick

    return {
        "flow": flow,
        "run": ended.run,
        "state": ended.state,
        "message": ended.message,
        "outcome": as_fields(ended.outcome) if ended.outcome else None,
    }


def parsed(schema: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, object]:
    """The values as the form's types. Raises UsageProblem for an unknown or missing name or a wrong value."""
    fields: Mapping[str, Any] = schema.get("properties", {})
    unknown = sorted(set(given) - set(fields))
    missing = sorted(set(schema.get("required", ())) - set(given))
    if unknown:
        raise UsageProblem(f"there is no {', '.join(unknown)} -> it asks for: {', '.join(fields)}")
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        add = " ".join(f"{name}=..." for name in missing)
        told = "".join(f"\n{line}" for line in described({name: fields[name] for name in missing}))
        raise UsageProblem(f"{', '.join(missing)} {verb} missing -> add {add}{told}")
    return {name: _value(name, _whole(schema, fields[name]), text) for name, text in given.items()}


def described(fields: Mapping[str, Any]) -> list[str]:
    """A line for each field of a form: its name, what is written there, and its default."""
    lines = []
    for name, field in fields.items():
        about = " ".join(str(field.get("description", "")).split())
        default = field.get("default")
        left_out = "" if default in (None, "") else f" Left out: {json.dumps(default, ensure_ascii=False)}."
        lines.append(f"  {name}: {about}{left_out}".rstrip(": "))
    return lines


def _whole(schema: Mapping[str, Any], field: Mapping[str, Any]) -> Mapping[str, Any]:
    """A field with what it refers to, such as the words of an enumeration."""
    refers = [each.get("$ref", "") for each in (field, *field.get("allOf", ()))]
    known: Mapping[str, Any] = schema.get("definitions", {})
    found = [about for name, about in known.items() if f"#/definitions/{name}" in refers]
    return {**found[0], **field} if found else field


def _value(name: str, field: Mapping[str, Any], text: str) -> object:
    kind = field.get("type")
    if kind == "boolean":
        if text.lower() not in TRUTH:
            raise UsageProblem(
                f"{name}={text} is neither true nor false -> write {name}=true or {name}=false"
            )
        return TRUTH[text.lower()]
    if kind in ("integer", "number"):
        try:
            return int(text) if kind == "integer" else float(text)
        except ValueError:
            raise UsageProblem(f"{name}={text} is no {kind} -> write a number") from None
    if field.get("format") == "date" and not _is_day(text):
        raise UsageProblem(f"{name}={text} is no date -> write {name}=2027-03-01")
    choices: Sequence[object] = field.get("enum", ())
    if choices and text not in choices:
        raise UsageProblem(f"{name}={text} is no choice -> one of: {', '.join(map(str, choices))}")
    if name == "why" and not text.strip():
        raise UsageProblem("why is empty -> say why, in a few words")
    return text


def _is_day(text: str) -> bool:
    try:
        return bool(date.fromisoformat(text))
    except ValueError:
        return False


async def _run(place: Place, flow: str, given: Mapping[str, str], *, local: bool) -> Ended:
    from config.wiring import wire  # noqa: PLC0415 - slow
    from runtime.entered import checked  # noqa: PLC0415 - slow
    from runtime.local import run_here, schema_of  # noqa: PLC0415 - slow
    from runtime.record import Record  # noqa: PLC0415 - slow

    record = Record(wire(place.settings))
    parameters = parsed(schema_of(record.application, flow), checked(record.application, given))
    if local:
        record.begin()
        return await run_here(flow, parameters)
    from gateway.prefect import client_of  # noqa: PLC0415 - slow
    from runtime.deployments import load_flow  # noqa: PLC0415 - slow
    from runtime.manifest import read_manifest  # noqa: PLC0415 - slow
    from runtime.processes import Processes  # noqa: PLC0415 - slow
    from runtime.runs import Runs  # noqa: PLC0415 - slow
    from tasks.reaping import Closing  # noqa: PLC0415 - slow

    entrypoint = read_manifest().deployment(flow).entrypoint
    async with client_of(server_of(place)) as client:
        found = await client.read_deployment_by_name(f"{load_flow(entrypoint).name}/{flow}")
        processes = Processes(place.folder)
        application = record.application
        closing = Closing(application.store, application.settings, application.clock, client)
        runs = Runs(client, {flow: found.id}, processes.flow_processes, application, closing)
        record.begin()
        return await runs.wait(await runs.start(flow, parameters))


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.isidentifier():
        raise UsageProblem(f"{text!r} is no key=value -> write for example office=all")
    return name, value
