"""The sample's twelve weeks in memory: player, readings, laws; no Prefect, no store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from config.organization import load
from connectors.registry import KINDS, connect
from domain import wave
from domain.asking import settle
from domain.network import Network
from domain.office import Organization
from domain.progress import Progress, first_adoption, progress
from domain.project import Answer, Reading
from domain.question import Question
from domain.rollout import Adoption, Manifest, Member, Rollout, RolloutState, Standing, WaveState
from domain.standard import Version
from domain.twins import twin_question
from examples.harbor_group import player
from examples.harbor_group.script import week_script

@dataclass
class Season:
    """The state of the sample after some weeks."""

    folder: Path
    questions: dict[str, Question] = field(default_factory=dict)
    rollout: Rollout | None = None
    adoptions: tuple[Adoption, ...] = ()
    history: list[Progress] = field(default_factory=list)
    readings: dict[str, Reading] = field(default_factory=dict)
    network: Network | None = None
    items: dict[str, set[str]] = field(default_factory=dict)

    def open(self):
        loaded = load(self.folder, KINDS)
        assert not hasattr(loaded, "errors"), [str(each) for each in loaded.errors]
        self.loaded = loaded
        self.organization: Organization = loaded.organization
        self.new: Version = loaded.versions["delivery-method/2.0"]
        self.old: Version = loaded.versions["delivery-method/1.0"]
        self.now = loaded.as_of

    def read(self, answers: Mapping[str, Answer] = {}):  # noqa: B006 - never changed
        organization = self.organization
        for office in organization.offices:
            partition = organization.partition(office)
            if partition is None or not organization.takes_part(office, self.now.date()):
                continue
            tool = organization.tools[partition.tool]
            self.readings[office] = connect(tool, partition, self.folder).read()
        self.network = self._network()
        plans = {plan.project.key: plan for r in self.readings.values() for plan in r.plans}
        for key, question in self.questions.items():
            plan = plans.get(question.project)
            facts = self.network.facts(question.project) if question.project in self.network.plans else {}
            today = organization.offices[question.office].calendar.local_date(self.now)
            self.questions[key] = settle(question, answers.get(key), plan, facts, today)
        self.network = self._network()
        for twins in self.network.twins:
            question = twin_question(twins, self.now.date(), self.now.date() + timedelta(days=7))
            self.questions.setdefault(question.id, question)

    def _network(self) -> Network:
        plans = [plan for reading in self.readings.values() for plan in reading.plans]
        tools = {office: reading.tool for office, reading in self.readings.items()}
        return Network(self.organization, plans, tools, self.questions.values(), self.now)

    def begin(self):
        self.open()
        self.read()
        [plan] = self.loaded.rollouts
        waves = {office: w.number for w in plan.waves for office in w.offices}
        members = tuple(
            Member(key, p.project.office, waves[p.project.office])
            for key, p in self.network.plans.items()
            if not self.network.closed(key)
        )
        manifest = Manifest(self.new.standard, "2.0", self.new.digest, self.now.date(), plan.waves, members)
        states = {w.number: WaveState.PLANNED for w in plan.waves}
        self.rollout = Rollout(
            plan.id, manifest, RolloutState.RUNNING, "x", True, "y", self.now.date(), states
        )
        self.adoptions = tuple(first_adoption(m, self.rollout) for m in members)
        self.advance()

    def advance(self) -> Progress:
        done = progress(self.rollout, self.adoptions, self.network, self.new)
        self.rollout, self.adoptions = done.rollout, done.adoptions
        self.questions |= {q.id: q for q in done.asked}
        for adoption in self.adoptions:
            if adoption.standing in (Standing.BINDING, Standing.FAILED):
                self.items.setdefault(adoption.office, set()).add(adoption.project)
        self.history.append(done)
        return done

    def week(self, number: int) -> Progress:
        actions = player.play(self.folder, number)
        self.open()
        for action in actions:
            assert action.parameters["action"] == "resume"
            self.rollout = wave.resume(self.rollout, self.adoptions, self.now.date())
        script = week_script(number)
        answers = {
            key: Answer(key, said.answer, said.by)
            for did in script.offices.values()
            for said in did.answers
            for key in self.questions
            if said.answers(key)
        }
        self.read(answers)
        return self.advance()

    @property
    def counts(self) -> dict[str, int]:
        return {str(s): n for s, n in wave.counts(self.adoptions).items() if n}

    def of(self, project: str) -> Adoption:
        return next(a for a in self.adoptions if a.project == project)


def monday(week: int) -> datetime:
    return datetime.combine(date(2027, 1, 4) + timedelta(weeks=week), time(7), tzinfo=UTC)
