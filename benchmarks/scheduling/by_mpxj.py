"""Plans scheduled by MPXJ's MicrosoftScheduler: a line of JSON in, a line of JSON out.

The first line names Java's library, the jars and the plans. After it each line asks for a round over all
plans: it is answered with the CPU seconds of scheduling alone, all of Java's threads counted, and with the
dates where `say` is true. Plans are built once and scheduled anew in each round.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import jpype

FIELDS = ("EarlyStart", "EarlyFinish", "LateStart", "LateFinish", "Start", "Finish")


class Builder:
    """Plans as mpxj has them."""

    def __init__(self, library: str, jars: Sequence[str]) -> None:
        options = ["-Xmx1g", "-Djava.awt.headless=true", "-Dlog4j2.statusLoggerLevel=OFF"]
        jpype.startJVM(library, *options, classpath=list(jars), convertStrings=False)
        self.units = jpype.JClass("org.mpxj.TimeUnit")
        self.duration = jpype.JClass("org.mpxj.Duration")
        self.days = jpype.JClass("java.time.DayOfWeek")
        self.scheduler = jpype.JClass("org.mpxj.cpm.MicrosoftScheduler")
        self.cycle = jpype.JClass("org.mpxj.cpm.CycleException")

    def minutes(self, amount: float, unit: str = "working") -> Any:  # noqa: ANN401 - a value of Java
        """A duration or lag."""
        units = {"working": self.units.MINUTES, "elapsed": self.units.ELAPSED_MINUTES}
        return self.duration.getInstance(float(amount), units.get(unit, self.units.PERCENT))

    def at(self, text: str) -> Any:  # noqa: ANN401 - a value of Java
        """A time of the clock."""
        at = datetime.fromisoformat(text)
        return jpype.JClass("java.time.LocalDateTime").of(at.year, at.month, at.day, at.hour, at.minute)

    def hours(self, target: Any, hours: Sequence[Sequence[int]]) -> None:  # noqa: ANN401 - a value of Java
        """Enter a day's hours."""
        clock = jpype.JClass("java.time.LocalTime")
        for start, stop in hours:
            begin, end = (clock.of(each // 60 % 24, each % 60) for each in (start, stop))
            target.add(jpype.JClass("org.mpxj.LocalTimeRange")(begin, end))

    def calendar(self, file: Any, said: Mapping[str, Any]) -> Any:  # noqa: ANN401 - values of Java
        """A calendar."""
        made = file.addCalendar()
        made.setName(said["name"])
        kinds = jpype.JClass("org.mpxj.DayType")
        for number, hours in enumerate(said["week"], 1):
            day = self.days.of(number)
            made.setCalendarDayType(day, kinds.WORKING if hours else kinds.NON_WORKING)
            self.hours(made.addCalendarHours(day), hours)
        for text, hours in said["special"].items():
            day = self.at(text).toLocalDate()
            self.hours(made.addCalendarException(day, day), hours)
        return made

    def task(self, file: Any, said: Mapping[str, Any], parents: Mapping[str, Any]) -> Any:  # noqa: ANN401 - Java's
        """A task, in its summary."""
        task = (parents[said["parent"]] if said["parent"] else file).addTask()
        task.setName(said["uid"])
        if said["summary"]:
            return task
        unit = "elapsed" if said["elapsed"] else "working"
        task.setDuration(self.minutes(said["minutes"], unit))
        task.setRemainingDuration(self.minutes(said["remaining"], unit))
        task.setActualDuration(self.minutes(said["minutes"] - said["remaining"], unit))
        task.setMilestone(said["minutes"] == 0)
        if said["constraint"]:
            kind = jpype.JClass("org.mpxj.ConstraintType").valueOf(said["constraint"].upper())
            task.setConstraintType(kind)
        for name in ("constraint_date", "deadline", "actual_start", "actual_finish"):
            if said[name]:
                set_it = getattr(task, "set" + "".join(part.title() for part in name.split("_")))
                set_it(self.at(said[name]))
        return task

    def plan(self, said: Mapping[str, Any]) -> tuple[Any, Any, dict[str, Any]]:
        """A plan, its start, and its tasks by uid."""
        file = jpype.JClass("org.mpxj.ProjectFile")()
        calendars = {each["name"]: self.calendar(file, each) for each in said["calendars"]}
        file.setDefaultCalendar(calendars[said["calendar"]])
        start = self.at(said["start"])
        file.getProjectProperties().setStartDate(start)
        tasks: dict[str, Any] = {}
        for each in said["tasks"]:
            tasks[each["uid"]] = self.task(file, each, tasks)
            if each["calendar"]:
                tasks[each["uid"]].setCalendar(calendars[each["calendar"]])
        types = jpype.JClass("org.mpxj.RelationType")
        names = {
            "FS": types.FINISH_START,
            "SS": types.START_START,
            "FF": types.FINISH_FINISH,
            "SF": types.START_FINISH,
        }
        for before, after, kind, amount, measure in said["links"]:
            relation = jpype.JClass("org.mpxj.Relation$Builder")()
            relation.predecessorTask(tasks[before]).type(names[kind]).lag(self.minutes(amount, measure))
            tasks[after].addPredecessor(relation)
        return file, start, tasks


def dates(tasks: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The dates of each task, its slack in minutes and whether it is critical."""
    found: dict[str, dict[str, Any]] = {}
    for uid, task in tasks.items():
        told: dict[str, Any] = {name: str(getattr(task, f"get{name}")()) for name in FIELDS}
        slack = task.getTotalSlack()
        told["Slack"] = [float(slack.getDuration()), str(slack.getUnits())]
        told["Critical"] = bool(task.getCritical())
        found[uid] = told
    return found


def main() -> int:
    """Answer until nobody asks any more."""
    begin = json.loads(sys.stdin.readline())
    build = Builder(begin["library"], begin["jars"])
    plans = [build.plan(each) for each in begin["plans"]]
    for line in sys.stdin:
        say = json.loads(line).get("say", False)
        began = time.process_time()
        told: list[Any] = []
        for file, start, tasks in plans:
            try:
                build.scheduler().schedule(file, start)
            except build.cycle:
                told.append(None)
                continue
            if say:
                told.append(dates(tasks))
        print(json.dumps({"cpu": time.process_time() - began, "said": told}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
