"""Where a figure comes from: how many projects of which offices, which facts, and what is left out.

Only counts what stands in the pack; refuses to compute a figure anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from domain.language import Language
from domain.reporting.figures import Figure, Gap, GapReason
from domain.reporting.pack import Change, PackProject
from reports.pack.spoken_pack import SpokenPack
from reports.pack.words import MOST_NAME, RESTRICTED, offices_words
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

    def words(self, says: Language) -> str:
        """`12 of 14 projects, 2 of them restricted; 3 of 4 offices`."""
        if self.basis:
            return says.say("computed from {figures}", figures=", ".join(self.basis))
        if not self.offices:
            if not self.missing:
                return says.say("no office")
            return says.count(self.missing, "{n} office did not report", "{n} offices did not report")
        of = says.count(
            self.projects,
            "{given} of {all} project",
            "{given} of {all} projects",
            given=says.whole(self.given),
            all=says.whole(self.projects),
        )
        if self.restricted:
            of = says.say("{of}, {n} of them restricted", of=of, n=self.restricted)
        offices = offices_words(self.offices + self.missing, says)
        return f"{of}; {says.say('{n} of {offices}', n=self.offices, offices=offices)}"


def sources(pack: SpokenPack, figure: Figure) -> Sources:
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


def gaps(pack: SpokenPack) -> Iterator[tuple[str, Gap]]:
    """What is left out of which figure, by the figure's name, each once."""
    for figure in pack.figures:
        for gap in sources(pack, figure).left_out:
            yield clean(figure.name, MOST_NAME), gap


def changed_project(change: Change, says: Language) -> str:
    """Whose change it is, without naming what may not be named."""
    return clean(change.title, MOST_NAME) if change.title else says.message(RESTRICTED)


def changed_figure(pack: SpokenPack, change: Change) -> Figure | None:
    """The figure of which it is a change; None where it is one of the project's band."""
    return next((each for each in pack.figures if each.id == change.figure), None)


def project_names(pack: SpokenPack) -> dict[int, PackProject]:
    """The projects that may be named, by their numbers."""
    return {project.number: project for project in pack.projects}
