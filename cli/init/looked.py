"""What was found at one input, whatever its kind: how it is shown, and the entries that it becomes.

Refuses to ask anything, and to write.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from cli.init.shown import of_server, of_workbook
from config.skeleton import office_id, place_of
from config.skeleton_entries import PlanSaid, ToolSaid, plan_entries, tracker_entries, workbook_entries
from config.skeleton_trackers import settings_of
from connectors.project_file.schedule import CALLED, Schedule
from connectors.survey.server import Server
from connectors.workbook.proposal import MappingProposal
from domain.words import counted


class Looked(Protocol):
    """One input."""

    @property
    def named(self) -> str:
        """What it is, for people."""
        ...

    @property
    def suggested(self) -> str:
        """The office id that is proposed."""
        ...

    @property
    def title(self) -> str:
        """The office's name that is proposed."""
        ...

    @property
    def suffix(self) -> str:
        """What the tool's id ends in."""
        ...

    @property
    def is_file(self) -> bool:
        """Whether it is a file."""
        ...

    def lines(self) -> Iterator[str]:
        """What was found, as people read it."""
        ...

    def entries(self, office: str, tool: str, folder: Path, copied: str) -> ToolSaid:
        """Its entries; `copied` is the place of its copy in the folder, empty where it is used in place."""
        ...

    def copy_place(self, name: str) -> tuple[Path, str] | None:
        """The file and where a copy of it would lie, by a name; None where there is no file."""
        ...


@dataclass(frozen=True, slots=True)
class LookedFile:
    """A file: what workbooks and project files share."""

    file: Path

    @property
    def named(self) -> str:  # noqa: D102 - the protocol says it
        return str(self.file)

    @property
    def suggested(self) -> str:  # noqa: D102 - the protocol says it
        return office_id(self.file.stem)

    @property
    def title(self) -> str:  # noqa: D102 - the protocol says it
        return " ".join(self.file.stem.replace("_", " ").split())

    @property
    def is_file(self) -> bool:  # noqa: D102 - the protocol says it
        return True


@dataclass(frozen=True, slots=True)
class LookedWorkbook(LookedFile):
    """A workbook, and the mapping that its headers suggest."""

    proposal: MappingProposal

    @property
    def suffix(self) -> str:  # noqa: D102 - the protocol says it
        return "workbook"

    def lines(self) -> Iterator[str]:  # noqa: D102 - the protocol says it
        yield from of_workbook(self.proposal)

    def entries(self, office: str, tool: str, folder: Path, copied: str) -> ToolSaid:  # noqa: D102 - the protocol says it
        place = copied or place_of(self.file, folder)
        return workbook_entries(office, tool, place, self.proposal, copied=bool(copied))

    def copy_place(self, name: str) -> tuple[Path, str]:  # noqa: D102 - the protocol says it
        return self.file, f"workbooks/{name}.xlsx"


@dataclass(frozen=True, slots=True)
class LookedPlan(LookedFile):
    """A project file, as it was read."""

    schedule: Schedule
    code: str = ""
    encoding: str = ""

    @property
    def suffix(self) -> str:  # noqa: D102 - the protocol says it
        return "plan"

    @property
    def project(self) -> str:
        """The id that is proposed for its project."""
        return self.code or self.schedule.code or office_id(self.file.stem)

    def lines(self) -> Iterator[str]:  # noqa: D102 - the protocol says it
        found = self.schedule
        tasks = [task for task in found.tasks if not (task.summary or task.blank or task.external)]
        stones = sum(task.milestone for task in tasks)
        said = f"{counted(len(tasks) - stones, 'task')}, {counted(stones, 'milestone')}"
        title = found.title or found.name or "without a title"
        days = [str(day) for task in tasks for day in (task.start, task.finish) if day]
        when = f", {min(days)} to {max(days)}" if days else ""
        yield f"  {CALLED[found.kind]}: one project, {title!r}{when}; {said}"
        yield f"    its id here: {self.project} (of the file's {'own id' if found.code else 'name'})"
        for name, ours in (("Name", "title"), ("Finish", "due"), ("Resource Names", "owner")):
            values = (
                getattr(task, {"title": "name", "due": "finish", "owner": "owner"}[ours]) for task in tasks
            )
            samples = [str(each) for each in dict.fromkeys(values) if each][:3]
            yield f"    {ours:<7}{name:<16}for example {' | '.join(samples) or 'no values'}"
        if found.letters:
            yield f"    {found.letters}"

    def entries(self, office: str, tool: str, folder: Path, copied: str) -> ToolSaid:  # noqa: D102 - the protocol says it
        place = copied or place_of(self.file, folder)
        plan = PlanSaid(self.project, self.code, self.encoding)
        return plan_entries(office, tool, place, plan, copied=bool(copied))

    def copy_place(self, name: str) -> tuple[Path, str]:  # noqa: D102 - the protocol says it
        return self.file, f"plans/{name}{self.file.suffix.lower()}"


@dataclass(frozen=True, slots=True)
class LookedTracker:
    """A server, and what it has."""

    url: str
    credentials: str
    user: str
    allow: tuple[str, ...]
    server: Server
    within: tuple[str, ...] = ()

    @property
    def named(self) -> str:  # noqa: D102 - the protocol says it
        return self.url

    @property
    def suggested(self) -> str:  # noqa: D102 - the protocol says it
        host = urlsplit(self.url).hostname or ""
        named = any(each.isalpha() for each in host) and ":" not in host
        return office_id(host.split(".")[0] if named else self.server.kind)

    @property
    def title(self) -> str:  # noqa: D102 - the protocol says it
        return ""

    @property
    def suffix(self) -> str:  # noqa: D102 - the protocol says it
        return self.server.kind

    @property
    def is_file(self) -> bool:  # noqa: D102 - the protocol says it
        return False

    def lines(self) -> Iterator[str]:  # noqa: D102 - the protocol says it
        yield from of_server(self.server, self.within)

    def entries(self, office: str, tool: str, folder: Path, copied: str) -> ToolSaid:  # noqa: D102 - the protocol says it
        del folder, copied
        own: Mapping[str, object] = {
            "url": self.url.rstrip("/"),
            **({"user": self.user} if self.user else {}),
            **({"allow": list(self.allow)} if self.allow else {}),
        }
        settings = settings_of(self.server, self.within)
        return tracker_entries(office, tool, self.server.kind, self.credentials, own, settings)

    def copy_place(self, name: str) -> None:  # noqa: D102 - the protocol says it
        del name
