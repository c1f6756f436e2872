"""What the command itself stores in our own record: how far the sample was played, and what a run wrote.

It refuses to remember anything that a flow decides.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from config.wiring import Application
from domain.outcomes.outcome import Outcome
from store.intents import Tally

STORY, DONE, BEGUN = "up.story", "up.done", "up.begun"


@dataclass(frozen=True, slots=True)
class Record:
    """The marks of the command in the store of an application."""

    application: Application

    def story(self) -> str:
        """An id of this record, made at the first call, so that runs of another record are not ours."""
        with self.application.store.begin() as unit:
            found = unit.marks.get(STORY)
            if not isinstance(found, str):
                found = uuid.uuid4().hex[:12]
                unit.marks.set(STORY, found)
                unit.commit()
        return found

    def done(self) -> frozenset[str]:
        """The steps that were played to their end."""
        with self.application.store.read() as unit:
            found = unit.marks.get(DONE)
        return frozenset(str(each) for each in found) if isinstance(found, list) else frozenset()

    def finish(self, step: str) -> None:
        """Remember that a step was played to its end."""
        with self.application.store.begin() as unit:
            found = unit.marks.get(DONE)
            steps = [str(each) for each in found] if isinstance(found, list) else []
            if step not in steps:
                unit.marks.set(DONE, [*steps, step])
            unit.commit()

    def begin(self) -> None:
        """From now on writes to tools are counted as those of this `up` or `run`."""
        with self.application.store.begin() as unit:
            unit.marks.set(BEGUN, unit.tallies.mark())
            unit.commit()

    def outcome(self, run: str) -> Outcome | None:
        """What a run came to, as its flow kept it; None for one that did not end well."""
        with self.application.store.read() as unit:
            return unit.outcomes.get(run)

    def written(self) -> Tally:
        """The writes to tools since the last `up` or `run` began."""
        with self.application.store.read() as unit:
            mark = unit.marks.get(BEGUN)
            return unit.tallies.since(mark if isinstance(mark, int) else 0)
