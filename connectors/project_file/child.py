"""The child process in which Java runs: it reads project files with mpxj and answers in lines of JSON.

Started by path and isolated, so it imports nothing of ours; the only module that imports jpype. A request is
a line of JSON followed by as many bytes as its `size` says; the answer is one line. It refuses to open any
file, to read the environment, and to outlive the process that started it.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO

READERS = {
    "mspdi": "org.mpxj.mspdi.MSPDIReader",
    "mpp": "org.mpxj.mpp.MPPReader",
    "xer": "org.mpxj.primavera.PrimaveraXERFileReader",
    "pmxml": "org.mpxj.primavera.PrimaveraPMFileReader",
}
SEVERAL = ("xer", "pmxml")
FORMATS = {"mspdi": "MSPDI", "xer": "XER", "pmxml": "PMXML"}
PLANNED = (("Start", "Start"), ("Finish", "Finish"), ("Duration", "Duration"), ("Work", "Work"))
WATCH_SECONDS = 1.0
NO_UID = -1
DAY = 1440
WRITTEN = ("mspdi",)
"""The kinds of files into which plans are written."""


class Java:
    """mpxj in the virtual machine of this process; there is one, and it cannot be started twice."""

    def __init__(self, library: str, jars: Sequence[str], memory: str) -> None:
        import jpype  # noqa: PLC0415 - only this process, and only here

        options = [
            f"-Xmx{memory}",
            "-Xrs",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Djava.awt.headless=true",
            "-Duser.language=en",
            "-Duser.country=US",
            "-Djavax.xml.accessExternalDTD=",
            "-Djavax.xml.accessExternalSchema=",
            "-Dlog4j2.statusLoggerLevel=OFF",
        ]
        jpype.startJVM(library, *options, classpath=list(jars), convertStrings=False)
        self.jpype = jpype
        self.task_fields = {str(f.getName()).casefold(): f for f in self.type("org.mpxj.TaskField").values()}
        self.hours = self.type("org.mpxj.TimeUnit").HOURS
        self.days = self.type("org.mpxj.TimeUnit").DAYS
        self.elapsed_days = self.type("org.mpxj.TimeUnit").ELAPSED_DAYS
        self.minutes = self.type("org.mpxj.TimeUnit").MINUTES
        self.elapsed_minutes = self.type("org.mpxj.TimeUnit").ELAPSED_MINUTES
        self.classes = self.type("org.mpxj.FieldTypeClass")
        self.project_fields = self.type("org.mpxj.ProjectField")
        self.failure = self.type("org.mpxj.MPXJException")

    def type(self, name: str) -> Any:  # noqa: ANN401 - whatever Java has by that name
        """A class of Java."""
        return self.jpype.JClass(name)

    def stream(self, data: bytes) -> Any:  # noqa: ANN401 - a stream of Java
        """Bytes as Java reads them."""
        return self.type("java.io.ByteArrayInputStream")(self.jpype.JArray(self.jpype.JByte)(data))

    def files(self, kind: str, data: bytes) -> list[Any]:
        """The projects that a file of that kind holds."""
        reader = self.type(READERS[kind])()
        if kind == "xer":
            reader.setCharset(self.type("java.nio.charset.StandardCharsets").UTF_8)
        found = reader.readAll(self.stream(data)) if kind in SEVERAL else [reader.read(self.stream(data))]
        return [each for each in found if each is not None]

    def field(self, file: Any, name: str, of: str = "TASK") -> Any:  # noqa: ANN401 - a field of Java
        """The field with that alias, else with that name; None where the file has neither."""
        found = file.getCustomFields().getFieldTypeByAlias(getattr(self.classes, of), name)
        if found is None and of == "TASK":
            found = self.task_fields.get(name.casefold())
        return found


class Unidentified(Exception):
    """A task without a unique id; the text names it."""


def identity(task: Any) -> int:  # noqa: ANN401 - a task of Java
    """A task's unique id, -1 for an empty line without one; raises `Unidentified` naming a task without."""
    uid = task.getUniqueID()
    if uid is None and task.getNull():
        return NO_UID
    if uid is None:
        line = task.getID()
        raise Unidentified(f"{task.getName()!s}" + ("" if line is None else f" (line {int(line)})"))
    return int(uid)


def scalar(value: Any) -> object:  # noqa: ANN401 - a value of Java
    """A value of Java as JSON holds it: text, number, truth value, day; None where it is blank."""
    if value is None:
        return None
    if isinstance(value, bool | int | float):
        return value
    name = str(value.getClass().getName()) if hasattr(value, "getClass") else ""
    if name in ("java.lang.Double", "java.lang.Integer", "java.math.BigDecimal", "java.lang.Long"):
        return float(value.doubleValue())
    if name == "java.lang.Boolean":
        return bool(value.booleanValue())
    if name.startswith("java.time.LocalDate"):
        return str(value)[:10]
    return str(value)


def moment(value: Any) -> str | None:  # noqa: ANN401 - a time of Java
    """A time as ISO text; None where there is none."""
    return None if value is None else str(value)


def number(value: Any) -> float | None:  # noqa: ANN401 - a number of Java
    """A number; None where there is none."""
    return None if value is None else float(value.doubleValue())


def text(value: Any) -> str | None:  # noqa: ANN401 - a text of Java
    """A text; None where there is none."""
    return None if value is None else str(value)


def hours(java: Java, value: Any, properties: Any) -> float | None:  # noqa: ANN401 - values of Java
    """A duration in hours; None where there is none."""
    if value is None:
        return None
    return float(value.convertUnits(java.hours, properties).getDuration())


def links(java: Java, task: Any, properties: Any) -> Iterator[dict[str, object]]:  # noqa: ANN401 - Java's
    """What a task follows: the other's UID, the type of the link, the lag in working days or percent."""
    for relation in task.getPredecessors():
        lag = relation.getLag()
        units = "d" if lag is None else str(lag.getUnits())
        unit = java.elapsed_days if units.startswith("e") else java.days
        in_days = lag if lag is None or "%" in units else lag.convertUnits(unit, properties)
        days = 0.0 if in_days is None else float(in_days.getDuration())
        uid = identity(relation.getPredecessorTask())
        yield {"uid": uid, "type": str(relation.getType()), "lag": days, "units": units}


def plan_of(java: Java, task: Any, properties: Any) -> dict[str, object]:  # noqa: ANN401 - Java's
    """A task's part of a plan: its duration in minutes, actuals, what holds it, scheduling and calendar."""
    length, kind, mode = task.getDuration(), task.getConstraintType(), task.getTaskMode()
    length = task.getPlannedDuration() if length is None else length
    elapsed = length is not None and str(length.getUnits()).startswith("e")
    unit = java.elapsed_minutes if elapsed else java.minutes
    calendar = task.getCalendar()
    return {
        "minutes": None if length is None else float(length.convertUnits(unit, properties).getDuration()),
        "elapsed": elapsed,
        "actual_start": moment(task.getActualStart()),
        "actual_finish": moment(task.getActualFinish()),
        "constraint": None if kind is None else str(kind.name()),
        "constraint_date": moment(task.getConstraintDate()),
        "deadline": moment(task.getDeadline()),
        "spent": hours(java, task.getActualWork(), properties),
        "manual": None if mode is None else str(mode.name()) == "MANUALLY_SCHEDULED",
        "calendar": None if calendar is None else text(calendar.getName()),
    }


def owner(task: Any) -> str | None:  # noqa: ANN401 - a task of Java
    """The name of the first person or thing assigned."""
    for assignment in task.getResourceAssignments():
        resource = assignment.getResource()
        if resource is not None and resource.getName() is not None:
            return str(resource.getName())
    return None


def percent_of(task: Any, kind: str) -> float | None:  # noqa: ANN401 - a task of Java
    """How much is done: in files of Primavera by the kind of percentage that the activity has."""
    own = task.getActivityPercentComplete() if kind in SEVERAL and not task.getSummary() else None
    return number(task.getPercentageComplete() if own is None else own)


def has_baseline(file: Any, kind: str) -> bool:  # noqa: ANN401 - a file of Java
    """Whether baselines were stated; for a file of Primavera without any, mpxj makes one of planned dates."""
    return kind not in SEVERAL or any(each is not None for each in file.getBaselines())


def task_of(
    java: Java,
    task: Any,  # noqa: ANN401 - a task of Java
    properties: Any,  # noqa: ANN401 - properties of Java
    fields: Mapping[str, Any],
    kind: str,
    *,
    baseline: bool,
) -> dict[str, object]:
    """One task as JSON: times as ISO text, work in hours, custom values by the names asked for."""
    parent = task.getParentTask()
    values = {name: scalar(task.get(field)) for name, field in fields.items()}
    return {
        "uid": identity(task),
        "id": None if task.getID() is None else int(task.getID()),
        "code": text(task.getActivityID()),
        "parent": None if parent is None else identity(parent),
        "level": 0 if task.getOutlineLevel() is None else int(task.getOutlineLevel()),
        "name": text(task.getName()),
        "start": moment(task.getStart()),
        "finish": moment(task.getFinish()),
        "baseline_finish": moment(task.getBaselineFinish()) if baseline else None,
        "work": hours(java, task.getWork(), properties),
        "percent": percent_of(task, kind),
        "cost": number(task.getCost()),
        "actual_cost": number(task.getActualCost()),
        "baseline_cost": number(task.getBaselineCost()) if baseline else None,
        "summary": bool(task.getSummary()),
        "milestone": bool(task.getMilestone()),
        "active": bool(task.getActive()),
        "blank": bool(task.getNull()),
        "external": bool(task.getExternalTask()),
        "inserted": text(task.getSubprojectFile()),
        "estimated": bool(task.getEstimated()),
        "owner": owner(task),
        "notes": text(task.getNotes()),
        "after": list(links(java, task, properties)),
        "plan": plan_of(java, task, properties),
        "fields": {name: value for name, value in values.items() if value is not None},
    }


def worked(ranges: Any) -> list[list[int]]:  # noqa: ANN401 - ranges of Java
    """The hours of a day as minutes since midnight; what ends at midnight ends with the day."""
    found = (
        [each.getStart().toSecondOfDay() // 60, each.getEnd().toSecondOfDay() // 60] for each in ranges or ()
    )
    return [[start, stop or DAY] for start, stop in found]


def calendar_of(java: Java, calendar: Any) -> dict[str, object]:  # noqa: ANN401 - a calendar of Java
    """A calendar that is not derived from another: its week, Monday first, and the periods that differ."""
    periods = calendar.getExpandedCalendarExceptions()
    return {
        "name": text(calendar.getName()),
        "week": [worked(calendar.getCalendarHours(day)) for day in java.type("java.time.DayOfWeek").values()],
        "special": [
            [str(each.getFromDate()), str(each.getToDate()), text(each.getName()) or "", worked(each)]
            for each in periods
        ],
    }


def project_of(
    java: Java,
    file: Any,  # noqa: ANN401 - a file of Java
    kind: str,
    names: Sequence[str],
) -> dict[str, object]:
    """One project as JSON, with all its tasks in their order."""
    properties = file.getProjectProperties()
    fields = {name: field for name in names if (field := java.field(file, name)) is not None}
    own = {name: field for name in names if (field := java.field(file, name, "PROJECT")) is not None}
    baseline = has_baseline(file, kind)
    said = {name: scalar(properties.get(field)) for name, field in own.items()}
    return {
        "code": text(properties.getProjectID()),
        "name": text(properties.getName()),
        "title": text(properties.getProjectTitle()),
        "exported": bool(properties.getExportFlag()),
        "start": moment(properties.getCachedValue(java.project_fields.START_DATE)),
        "finish": moment(properties.getCachedValue(java.project_fields.FINISH_DATE)),
        "baseline_finish": moment(properties.getBaselineFinish()) if baseline else None,
        "status_date": moment(properties.getStatusDate()),
        "percent": number(properties.getPercentageComplete()),
        "cost": number(properties.getCost()),
        "actual_cost": number(properties.getActualCost()),
        "baseline_cost": number(properties.getBaselineCost()) if baseline else None,
        "currency": text(properties.getCurrencyCode()),
        "manager": text(properties.getManager()),
        "minutes_per_day": number(properties.getMinutesPerDay()),
        "fields": {name: value for name, value in said.items() if value is not None},
        "known": sorted(fields.keys() | own.keys()),
        "passed_over": [str(error.getMessage()) for error in file.getIgnoredErrors()],
        "calendars": [
            calendar_of(java, each)
            for each in (file.getCalendars() if kind in WRITTEN else ())
            if each.getParent() is None
        ],
        "tasks": [
            task_of(java, task, properties, fields, kind, baseline=baseline) for task in file.getTasks()
        ],
    }


def read(java: Java, request: Mapping[str, Any], data: bytes) -> dict[str, object]:
    """All projects of a file."""
    kind = str(request["kind"])
    files = java.files(kind, data)
    return {"projects": [project_of(java, file, kind, request["fields"]) for file in files]}


def convert(java: Java, request: Mapping[str, Any], data: bytes) -> dict[str, object]:
    """The first project of a file in another format, as text of the bytes in Latin-1.

    Primavera's formats know a task by its planned dates, work and duration, which are set where missing.
    """
    file = java.files(str(request["kind"]), data)[0]
    for task in file.getTasks() if request["to"] in SEVERAL else ():
        for planned, stated in PLANNED:
            if getattr(task, f"getPlanned{planned}")() is None:
                getattr(task, f"setPlanned{planned}")(getattr(task, f"get{stated}")())
    target = java.type("java.io.ByteArrayOutputStream")()
    formats = java.type("org.mpxj.writer.FileFormat")
    writer = java.type("org.mpxj.writer.UniversalProjectWriter")
    writer(getattr(formats, FORMATS[str(request["to"])])).write(file, target)
    return {"text": bytes(target.toByteArray()).decode("latin-1")}


def plans(java: Java, request: Mapping[str, Any], data: bytes) -> dict[str, object]:
    """All projects of a file as Microsoft Project's XML, in Latin-1; and what that has no place for."""
    kind = str(request["kind"])
    formats = java.type("org.mpxj.writer.FileFormat")
    found = []
    for file in java.files(kind, data):
        target = java.type("java.io.ByteArrayOutputStream")()
        java.type("org.mpxj.writer.UniversalProjectWriter")(formats.MSPDI).write(file, target)
        properties = file.getProjectProperties()
        found.append(
            {
                "code": text(properties.getProjectID()),
                "name": text(properties.getName()),
                "exported": bool(properties.getExportFlag()),
                "passed_over": [str(error.getMessage()) for error in file.getIgnoredErrors()],
                "activities": [
                    [identity(task), text(task.getActivityID()), percent_of(task, kind)]
                    for task in file.getTasks()
                ],
                "text": bytes(target.toByteArray()).decode("latin-1"),
            }
        )
    return {"projects": found}


ACTS = {"read": read, "convert": convert, "plans": plans}


def answered(java: Java, request: Mapping[str, Any], data: bytes) -> dict[str, object]:
    """The answer to a request; a failure is given by the name of its exception, and what it is about."""
    try:
        return ACTS[str(request["do"])](java, request, data)
    except Unidentified as error:
        return {"error": "Unidentified", "about": str(error)}
    except java.type("java.lang.Throwable") as error:
        cause = error
        while cause.getCause() is not None:
            cause = cause.getCause()
        if str(cause.getMessage()).startswith(str(java.failure.PASSWORD_PROTECTED)):
            return {"error": "PasswordProtected"}
        return {"error": str(cause.getClass().getSimpleName())}
    except Exception as error:  # noqa: BLE001 - the border of this process: one file must not end it
        return {"error": type(error).__name__}


def watch(parent: int) -> None:
    """End when the process that started us has ended: a killed one cannot end us itself."""
    while os.getppid() == parent:
        time.sleep(WATCH_SECONDS)
    os._exit(1)


def serve(source: BinaryIO, target: BinaryIO) -> None:
    """Answer requests until the other end is closed; the first line says how Java is started."""
    begin = json.loads(source.readline())
    threading.Thread(target=watch, args=(begin["parent"],), daemon=True).start()
    java = Java(begin["library"], begin["jars"], begin["memory"])
    target.write(b'{"ready": true}\n')
    target.flush()
    while line := source.readline():
        request = json.loads(line)
        data = source.read(int(request["size"]))
        answer = {"number": request["number"], **answered(java, request, data)}
        target.write(json.dumps(answer).encode() + b"\n")
        target.flush()


def main() -> None:
    """Serve; only answers go to standard output: whatever else prints is sent to standard error."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    serve(sys.stdin.buffer, answers)
    answers.close()
    os._exit(0)


if __name__ == "__main__":
    main()
