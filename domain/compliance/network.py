"""The network at one time: every counted project with its facts, judged by any version, each once.

Pure: all that was read is passed in, so that the same values give the same verdicts at any later time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from domain.canonical import digest
from domain.compliance.sweep import Judged, OfficeState, Sweep
from domain.deviations.permitting import permit
from domain.deviations.register import Place, Register
from domain.ids import ProjectKey
from domain.language import ENGLISH, Language
from domain.organization.office import Office
from domain.plans.facts import Facts, facts_of
from domain.plans.project import Plan, Scalar, Stage, ToolDescription
from domain.questions.missing_facts import with_answers
from domain.questions.question import Question
from domain.questions.twins import Twins, not_counted, suspected
from domain.standards.checks.answers import Answers, Ended, Evaluator
from domain.standards.checks.check import Scene
from domain.standards.checks.evaluation import InProcess
from domain.standards.due import ahead
from domain.standards.judging import Prepared, RuleSet, Subject, prepared, verdicts_of
from domain.standards.leeway import Elector, LeewayDecision, decide_leeway
from domain.standards.position import Position, position_of
from domain.standards.standard import Version
from domain.standards.tailoring import Effective, Rulebook, effective_rules, rules_digest
from domain.standards.verdict import Result, Verdict, band

AT_ONCE = 50
"""How many projects go to an evaluator at once."""
IN_PROCESS = InProcess()
NO_TOOL = ToolDescription("unknown")


@dataclass(frozen=True, slots=True)
class Holding:
    """The rules as they hold for an office and program, ready to judge by, and their digest."""

    effective: tuple[Effective, ...]
    rules: RuleSet
    """Ready to judge by: the effective rules, then those of `ahead`."""
    digest: str
    ahead: tuple[Effective, ...] = ()
    """What is due at gates, as if each were reached."""

    @property
    def holding(self) -> tuple[Prepared, ...]:
        """The rules that hold, without those ahead."""
        return self.rules.rules[: len(self.effective)]

    def parted(self, verdicts: tuple[Verdict, ...]) -> tuple[tuple[Verdict, ...], tuple[Verdict, ...]]:
        """The verdicts of what holds, and those of what is ahead."""
        first, last = len(self.effective), len(self.rules.rules)
        return (*verdicts[:first], *verdicts[last:]), verdicts[first:last]


@dataclass(frozen=True, slots=True)
class Incident:
    """A check that had to be ended on a project, of which version (`standard/version`), and why."""

    project: str
    version: str
    rule: str
    why: str


def incidents(project: str, version: Version, rules: RuleSet, answers: Answers) -> Iterator[Incident]:
    """The checks of a project that had to be ended."""
    ended = {n: each for n, each in enumerate(answers) if isinstance(each, Ended) and each.tried}
    if not ended:
        return
    for each, pair in zip(rules.rules, rules.expressions.pairs, strict=True):
        for number in pair:
            if number in ended:
                yield Incident(project, version.id, each.rule.uid, ended[number].why)


class Network:
    """What was read of all offices that take part, ready to be judged; results are kept, never changed."""

    def __init__(
        self,
        rulebook: Rulebook,
        plans: Iterable[Plan],
        tools: Mapping[str, ToolDescription],
        questions: Iterable[Question],
        now: datetime,
        digests: Mapping[str, str] | None = None,
        before: Network | None = None,
        evaluator: Evaluator = IN_PROCESS,
        deviations: Register | None = None,
    ) -> None:
        """`plans` of the offices that take part, `tools` by office; `now` is aware.

        `digests` are those of the plans as they were read, by project; those not given are computed. What did
        not change since `before`, by the same rulebook, is not judged again. `deviations` are in force.
        """
        self._digests = dict(digests or {})
        self.organization = rulebook.organization
        self.rulebook = rulebook
        self.now = now
        self.tools = tools
        self.questions = tuple(questions)
        read = sorted(plans, key=lambda plan: plan.project.key)
        self.twins: tuple[Twins, ...] = tuple(self._suspected(read))
        left_out = not_counted(self.twins, self.questions)
        asked = _by_project(self.questions)
        self.plans = {
            plan.project.key: with_answers(plan, asked.get(plan.project.key, ()))
            for plan in read
            if plan.project.key not in left_out
        }
        self._facts: dict[str, Facts] = {}
        self._rules: dict[tuple[str, str, str | None], Holding] = {}
        self._judged: dict[tuple[str, str, str], Judged] = {}
        self._evaluator, self.deviations = evaluator, deviations or Register()
        self.incidents: list[Incident] = []
        """The checks that had to be ended, until somebody has recorded them."""
        if before is not None and before.serves(rulebook, now):
            self._take_over(before)

    def serves(self, rulebook: Rulebook, now: datetime) -> bool:
        """Whether what was judged here holds by this rulebook at this time too."""
        ours = self.rulebook
        same = ours.organization is rulebook.organization and ours.tailorings == rulebook.tailorings
        return same and self.now == now

    def _take_over(self, before: Network) -> None:
        """Take over facts, verdicts and what is still to record, of the projects that did not change."""
        same = {key for key in self.plans.keys() & before.plans if self._read(key) == before._read(key)}
        self._facts = {key: facts for key, facts in before._facts.items() if key in same}
        if self.deviations.digest == before.deviations.digest:
            self._judged = {key: judged for key, judged in before._judged.items() if key[0] in same}
        self.incidents = [incident for incident in before.incidents if incident.project in same]

    def _read(self, project: str) -> tuple[object, ...]:
        """All that was read of a project."""
        plan = self.plans[project]
        return plan, self._digests.get(project), self.tools.get(plan.project.office)

    def _suspected(self, plans: Iterable[Plan]) -> Iterator[Twins]:
        """Suspected twins, but for those of which a question would name a restricted project elsewhere."""
        restricted = self.organization.restricted
        for each in suspected(plan.project for plan in plans):
            first, second = ProjectKey.read(each.first), ProjectKey.read(each.second)
            if first.office == second.office or restricted.isdisjoint((each.first, each.second)):
                yield each

    def office(self, project: str) -> Office:
        """The one accountable office of a project."""
        return self.organization.offices[self.plans[project].project.office]

    def today(self, project: str) -> date:
        """The date at the project's office."""
        return self.office(project).calendar.local_date(self.now)

    def closed(self, project: str) -> bool:
        """Whether the project is over."""
        return self.plans[project].project.stage is Stage.CLOSED

    def facts(self, project: str) -> Facts:
        """The facts of one project."""
        if project not in self._facts:
            office = self.office(project)
            tool = self.tools.get(office.id, NO_TOOL)
            self._facts[project] = facts_of(self.plans[project], office, tool, self.now)
        return self._facts[project]

    def rules(self, project: str, version: Version) -> Holding:
        """The rules as they hold for the project."""
        values = self.plans[project].project
        key = (version.id, values.office, values.program)
        if key not in self._rules:
            rules = effective_rules(version, self.rulebook, values.office, values.program)
            coming = ahead(rules, version.life_cycles)
            self._rules[key] = Holding(rules, prepared((*rules, *coming)), rules_digest(rules), coming)
        return self._rules[key]

    def judged(self, project: str, version: Version) -> Judged:
        """The project as judged by one version."""
        self.judge([project], version)
        return self._judged[project, version.id, version.digest]

    def judge(self, projects: Iterable[str], version: Version) -> None:
        """Judge those that are not judged yet, many at a time: that is cheaper than one by one."""
        alike: dict[str, list[str]] = {}
        for key in projects:
            if (key, version.id, version.digest) not in self._judged:
                alike.setdefault(self.rules(key, version).digest, []).append(key)
        for keys in alike.values():
            for first in range(0, len(keys), AT_ONCE):
                self._judge(keys[first : first + AT_ONCE], version)

    def _judge(self, projects: Sequence[str], version: Version) -> None:
        holding = self.rules(projects[0], version)
        scenes = [Scene(self.facts(key)) for key in projects]
        expressions = holding.rules.expressions
        found = self._evaluator.answers(expressions, [scene.roots for scene in scenes], self.now)
        for key, scene, answers in zip(projects, scenes, found, strict=True):
            self.incidents += dict.fromkeys(incidents(key, version, holding.rules, answers))
            self._judged[key, version.id, version.digest] = self._told(
                key, version, holding, (scene, answers)
            )

    def _told(self, project: str, version: Version, holding: Holding, found: tuple[Scene, Answers]) -> Judged:
        plan, facts, office = self.plans[project], self.facts(project), self.office(project)
        tool = self.tools.get(office.id, NO_TOOL)
        subject = Subject(plan, facts, tool, self.now, self.today(project))
        verdicts, coming = holding.parted(verdicts_of(subject, holding.rules, version.tools, found))
        if self.deviations.may_have(project):
            verdicts = self._permitted(project, version, (holding, holding.effective), found[0], verdicts)
            coming = self._permitted(project, version, (holding, holding.ahead), found[0], coming)
        return Judged(
            project=project,
            office=office.id,
            version=version.version,
            band=band(verdict.result for verdict in verdicts),
            verdicts=verdicts,
            plan=self._digest(plan),
            facts=digest({**facts, "plan": _without_titles(facts["plan"])}),
            rules=holding.digest,
            position=self._position(project, version, coming),
        )

    def _position(self, project: str, version: Version, coming: Iterable[Verdict]) -> Position | None:
        """Where a project stands in its life cycle; None where the version has none."""
        if not version.life_cycles:
            return None
        results = {verdict.rule: verdict.result for verdict in coming}
        return position_of(version, self.facts(project), self.now, results, self.office(project).calendar)

    def _permitted(
        self,
        project: str,
        version: Version,
        rules_of: tuple[Holding, tuple[Effective, ...]],
        scene: Scene,
        verdicts: tuple[Verdict, ...],
    ) -> tuple[Verdict, ...]:
        """The verdicts with the deviations in force for the project, each judged by the rules given."""
        holding, effective = rules_of
        granted = self.deviations.by_rule(self.place(project), version.standard)
        if not granted:
            return verdicts
        rules = {each.rule.uid: each for each in effective}

        def within(uid: str, limit: Scalar) -> Result:
            ready = prepared([replace(rules[uid], limit=limit)])
            (answers,) = self._evaluator.answers(ready.expressions, [scene.roots], self.now)
            subject = Subject(
                self.plans[project], self.facts(project), NO_TOOL, self.now, self.today(project)
            )
            return verdicts_of(subject, ready, (), (scene, answers))[0].result

        return permit(verdicts, holding.holding, granted, self.deviations.forces, within)

    def place(self, project: str) -> Place:
        """The project as scopes of deviations see it."""
        office = self.office(project).id
        above = frozenset(each.id for each in self.organization.above(office))
        return Place(project, above, self.plans[project].project.program or "", self.facts(project))

    def _digest(self, plan: Plan) -> str:
        """The digest of the plan as it was read, or with its answers where that is not known."""
        return self._digests.get(plan.project.key) or digest(plan)

    def leeway(
        self, project: str, version: Version, language: Language = ENGLISH, *, granted: bool = False
    ) -> LeewayDecision:
        """Whether the project may finish under the version before.

        `granted` says that its program manager elected so beyond the rule.
        """
        today, facts = self.today(project), self.facts(project)
        band = version.leeway is not None and version.leeway.discretion is not None
        elector = Elector(band and self._has_elector(project, today), granted)
        return decide_leeway(version.leeway, facts, version.previous, today, language, elector)

    def _has_elector(self, project: str, today: date) -> bool:
        """Whether the project's program has a manager or deputy, and its office takes part."""
        program = self.organization.programs.get(self.plans[project].project.program or "")
        named = program is not None and bool(program.elector)
        return named and program is not None and self.organization.takes_part(program.office, today)

    def swept(
        self,
        projects: Sequence[str],
        version: Version,
        previous: Version | None,
        grandfathered: frozenset[str],
    ) -> tuple[Judged, ...]:
        """These projects judged for a sweep: by the version, or by the one that they finish under.

        A grandfathered project is in the band grandfathered when the old version gives pass or permitted,
        else in the band that the old version gives. Under a first version nothing is demanded of it.
        """
        spared = grandfathered if previous else frozenset[str]()
        self.judge([key for key in projects if key not in spared], version)
        if previous is not None:
            self.judge([key for key in projects if key in spared], previous)
        return tuple(self._swept(key, version, previous, grandfathered) for key in projects)

    def sweep(self, version: Version, found: Sequence[Judged], offices: Iterable[OfficeState]) -> Sweep:
        """The sweep of all counted projects, judged as found, in the order of their keys."""
        states = tuple(sorted(offices, key=lambda state: state.office))
        basis = [(j.project, j.version, j.band, j.plan, j.facts, j.rules) for j in found]
        found_in = [version.id, version.digest, self.now, basis, states]
        identity = digest([*found_in, self.deviations.digest] if self.deviations.digest else found_in)
        return Sweep(identity, self.now, version.standard, version.version, tuple(found), states)

    def _swept(
        self, project: str, version: Version, previous: Version | None, grandfathered: frozenset[str]
    ) -> Judged:
        if project in grandfathered and version.previous is None:
            judged = self.judged(project, version)
            return replace(judged, band=Result.GRANDFATHERED, verdicts=(), grandfathered=True)
        if project not in grandfathered or previous is None:
            return self.judged(project, version)
        old = self.judged(project, previous)
        follows = old.band in (Result.PASS, Result.PERMITTED)
        shown = Result.GRANDFATHERED if follows else old.band
        return Judged(
            project=old.project,
            office=old.office,
            version=old.version,
            band=shown,
            verdicts=old.verdicts,
            plan=old.plan,
            facts=old.facts,
            grandfathered=True,
            rules=old.rules,
            position=old.position,
        )


def _by_project(questions: Iterable[Question]) -> Mapping[str, Sequence[Question]]:
    found: dict[str, list[Question]] = {}
    for question in questions:
        found.setdefault(question.project, []).append(question)
    return found


def _without_titles(facts: Mapping[str, object]) -> Mapping[str, object]:
    """A plan's facts without its items' titles: the plan's own digest holds those."""
    return {name: value for name, value in facts.items() if name != "titles"}
