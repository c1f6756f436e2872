"""The sample's twelve weeks without Prefect and store: player, real workbooks, laws, deliveries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from config.organization import load
from connectors.protocol import Done, permitted
from connectors.registry import KINDS, connect
from domain.compliance.network import Network
from domain.compliance.sweep import Sweep
from domain.delivery.wanted import ItemFields
from domain.delivery.work import Board, wanted_items, wanted_question
from domain.organization.office import Organization
from domain.plans.project import Reading
from domain.questions.kind import Look
from domain.questions.question import Question
from domain.questions.registry import settle
from domain.questions.twins import twin_question
from domain.rollouts import wave
from domain.rollouts.progress import Progress, first_adoption, progress
from domain.rollouts.rollout import Adoption, Manifest, Member, Rollout, RolloutState, WaveState
from domain.standards.standard import Version
from domain.standards.tailoring import Rulebook
from examples.harbor_group import player
from examples.harbor_group.script import week_script
from tests.connectors.deciding import decided
from tests.contract.around import around
from tests.same_words import swept


@dataclass
class Season:
    """The state of the sample after some weeks."""

    folder: Path
    questions: dict[str, Question] = field(default_factory=dict)
    rollout: Rollout | None = None
    adoptions: tuple[Adoption, ...] = ()
    history: list[Progress] = field(default_factory=list)
    sweeps: list[Sweep] = field(default_factory=list)
    """The sweep of each week, after the day's steps."""
    readings: dict[str, Reading] = field(default_factory=dict)
    network: Network | None = None
    placed: dict[str, ItemFields] = field(default_factory=dict)
    """The values of our items as they stand in the tools, by key."""

    def open(self):
        loaded = load(self.folder, KINDS)
        assert not hasattr(loaded, "errors"), [str(each) for each in loaded.errors]
        self.loaded = loaded
        self.organization: Organization = loaded.organization
        self.rulebook = Rulebook(loaded.organization, loaded.tailorings)
        self.new: Version = loaded.versions["delivery-method/2.0"]
        self.old: Version = loaded.versions["delivery-method/1.0"]
        self.now = loaded.as_of

    def connector(self, office: str):
        partition = self.organization.partition(office)
        return connect(self.organization.tools[partition.tool], partition, around(self.folder))

    def offices(self) -> list[str]:
        organization = self.organization
        return [office for office in organization.offices if organization.takes_part(office, self.now.date())]

    def read(self):
        self.readings = {office: self.connector(office).read() for office in self.offices()}
        answers = {a.question: a for reading in self.readings.values() for a in reading.answers}
        plans = {plan.project.key: plan for r in self.readings.values() for plan in r.plans}
        self.network = self._network()
        for key, question in self.questions.items():
            plan = plans.get(question.project)
            facts = self.network.facts(question.project) if question.project in self.network.plans else {}
            today = self.organization.offices[question.office].calendar.local_date(self.now)
            self.questions[key] = settle(
                question, Look(today, answer=answers.get(key), plan=plan, facts=facts)
            )
        self.network = self._network()
        for twins in self.network.twins:
            question = twin_question(twins, self.now.date(), self.now.date() + timedelta(days=7))
            self.questions.setdefault(question.id, question)

    def _network(self) -> Network:
        plans = [plan for reading in self.readings.values() for plan in reading.plans]
        tools = {office: reading.tool for office, reading in self.readings.items()}
        return Network(self.rulebook, plans, tools, self.questions.values(), self.now)

    def begin(self):
        self.open()
        self.read()
        network = self.network
        self.first_bands = Counter(network.judged(key, self.old).band for key in network.plans)
        [plan] = self.loaded.rollouts
        waves = {office: w.number for w in plan.waves for office in w.offices}
        self.members = members = tuple(
            Member(key, p.project.office, waves[p.project.office])
            for key, p in self.network.plans.items()
            if not self.network.closed(key)
        )
        manifest = Manifest(self.new.standard, "2.0", self.new.digest, self.now.date(), plan.waves, members)
        states = {w.number: WaveState.PLANNED for w in plan.waves}
        self.rollout = Rollout(
            plan.id, manifest.summary, RolloutState.RUNNING, "x", True, "y", self.now.date(), states
        )
        self.adoptions = tuple(first_adoption(m, self.rollout) for m in members)
        self.advance()

    def advance(self) -> Progress:
        done = progress(self.rollout, self.adoptions, self.network, self.new)
        self.rollout, self.adoptions = done.rollout, done.adoptions
        self.questions |= {q.id: q for q in done.asked}
        self.history.append(done)
        self.sweeps.append(swept(self.network, self.adoptions, self.new, self.old))
        for office in self.offices():
            self._put(office)
        return done

    def _put(self, office: str):
        connector = self.connector(office)
        rules = {rule.uid: rule for rule in self.new.rules}
        board = Board(self.rollout.manifest.target, rules, self.placed, self.now.date())
        wanted = [wanted_question(q) for q in self.questions.values() if q.office == office]
        for adoption in self.adoptions:
            if adoption.office == office:
                wanted += wanted_items(
                    board, adoption, self.network.judged(adoption.project, self.new).verdicts
                )
        wanted = [w for w in wanted if not permitted(connector.access, w.kind)]
        if not wanted:
            return
        done = connector.put(decided(*wanted), self.readings[office].digest)
        assert {result.done for result in done.results} <= {Done.CREATED, Done.UPDATED, Done.SAME}
        self.placed |= {w.key: w.fields for w in wanted if isinstance(w.fields, ItemFields)}
        today = self.organization.offices[office].calendar.local_date(self.now)
        for question in [self.questions[w.key] for w in wanted if w.key in self.questions]:
            self.questions[question.id] = replace(question, placed=question.placed or today)

    def week(self, number: int) -> Progress:
        actions = player.play(self.folder, number)
        self.left_by_durban = (self.folder / "workbooks/durban.xlsx").read_bytes()
        if week_script(number).tools:
            self.open()
        self.now = week_script(number).as_of
        for action in actions:
            if action.flow != "steer-rollout":
                continue  # what is deployed is nothing that a standard asks for
            assert action.parameters["action"] == "resume"
            self.rollout = wave.resume(self.rollout, self.adoptions, self.now.date())
        self.read()
        return self.advance()

    @property
    def counts(self) -> dict[str, int]:
        return {str(s): n for s, n in wave.counts(self.adoptions).items() if n}

    def of(self, project: str) -> Adoption:
        return next(a for a in self.adoptions if a.project == project)
