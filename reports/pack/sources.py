"""Where a figure comes from: how many projects of which offices, which facts, and what is left out.

Only counts what stands in the pack; refuses to compute a figure anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from domain.reporting.figures import Figure, Gap, GapReason
from domain.reporting.pack import Change, Pack, PackProject
from domain.words import counted
from reports.pack.words import MOST_NAME, RESTRICTED, projects_words
from reports.words import clean


@dataclass(frozen=True, slots=True)
class Sources:
    """The sources of one figure, counted. `facts` are meanings with the number of projects that gave them."""

    projects: int
    given: int
    """Projects that gave a value."""
    restricted: int
    offices: int
    """Offices that were read."""
    missing: int
    """Offices that were not."""
    facts: tuple[tuple[str, int], ...]
    basis: tuple[str, ...]
    """The names of the figures that it is computed from."""
    left_out: tuple[Gap, ...]
    """What is not in the value, or why there is none."""

    @property
    def words(self) -> str:
        """`12 of 14 projects (2 of them restricted), 3 of 4 offices`."""
        if self.basis:
            return f"computed from {', '.join(self.basis)}"
        if not self.offices:
            return f"{counted(self.missing, 'office')} not read" if self.missing else "no office"
        restricted = f", {self.restricted} of them restricted" if self.restricted else ""
        of = f"{self.given:,} of {projects_words(self.projects)}{restricted}"
        return f"{of}; {self.offices} of {counted(self.offices + self.missing, 'office')}"


def sources(pack: Pack, figure: Figure) -> Sources:
    """The sources of that figure of the pack."""
    tallies = [step.tally for step in figure.offices]
    absent = [t for t in tallies if isinstance(t.value, Gap) and t.value.reason is GapReason.OFFICE]
    facts = Counter(clean(fact.title or fact.fact) for part in figure.parts for fact in part.facts)
    own = (figure.value,) if isinstance(figure.value, Gap) else ()
    names = {each.id: clean(each.name, MOST_NAME) for each in pack.figures}
    return Sources(
        projects=sum(t.projects for t in tallies),
        given=sum(t.of for t in tallies),
        restricted=sum(t.restricted for t in tallies),
        offices=len(tallies) - len(absent),
        missing=len(absent),
        facts=tuple(facts.items()),
        basis=tuple(names.get(each, each) for each in figure.basis),
        left_out=tuple(dict.fromkeys((*own, *figure.lacking))),
    )


def gaps(pack: Pack) -> Iterator[tuple[str, Gap]]:
    """What is left out of which figure, by the figure's name, each once."""
    for figure in pack.figures:
        for gap in sources(pack, figure).left_out:
            yield clean(figure.name, MOST_NAME), gap


def changed_project(change: Change) -> str:
    """Whose change it is, without naming what may not be named."""
    return clean(change.title, MOST_NAME) if change.title else RESTRICTED


def changed_figure(pack: Pack, change: Change) -> Figure | None:
    """The figure of which it is a change; None where it is one of the project's band."""
    return next((each for each in pack.figures if each.id == change.figure), None)


def project_names(pack: Pack) -> dict[int, PackProject]:
    """The projects that may be named, by their numbers."""
    return {project.number: project for project in pack.projects}
