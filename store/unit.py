"""The unit of work: every repository on one transaction, which is rolled back unless `commit` is called."""

from __future__ import annotations

from sqlalchemy.orm import Session

from store.anchor import HeadFile
from store.cases import Cases
from store.claims import Claims
from store.decision_links import DecisionLinks
from store.decisions import Decisions
from store.deployments import DeploymentRegister
from store.derivations import Derivations
from store.deviations import Deviations
from store.directives import Directives
from store.drafts import Drafts
from store.erasing import Erasing
from store.expiring import Expiring
from store.held import HeldThings
from store.hosts import HostRegister
from store.inbox import Inbox
from store.intents import Intents, Marks, Tallies
from store.ledger import Ledger, Pseudonyms
from store.locks import Locks, RunRegister
from store.mirrors import Mirrors
from store.outbox import Outbox
from store.outcomes import Outcomes
from store.packs import Packs
from store.pages import PageLinks, PageQuestions, Uploads
from store.plan_updates import PlanUpdates
from store.plans import Plans, Readings
from store.questions import Notices, Questions
from store.refusals import Refusals
from store.reports import Reports
from store.role_bases import RoleBases
from store.rollouts import Adoptions, Rollouts
from store.room import Room
from store.standards import Simulations, Versions
from store.standing_in import StandInRegister
from store.sweeps import Sweeps
from store.templates import Templates


class Unit:
    """One transaction and the repositories that work in it; made by Store.begin() and Store.read()."""

    def __init__(self, session: Session, head: HeadFile | None = None) -> None:
        self._session = session
        self._head = head
        self._of_plans(session)
        self._of_decisions(session)
        self._of_processes(session)

    def _of_plans(self, session: Session) -> None:
        """What offices plan, and what is shared of it."""
        self.readings = Readings(session)
        self.plans = Plans(session)
        self.mirrors = Mirrors(session)
        self.templates = Templates(session)
        self.derivations = Derivations(session)
        self.plan_updates = PlanUpdates(session)
        self.deployments = DeploymentRegister(session)

    def _of_decisions(self, session: Session) -> None:
        """What is asked, decided and judged, and by whom."""
        self.versions = Versions(session)
        self.simulations = Simulations(session)
        self.rollouts = Rollouts(session)
        self.adoptions = Adoptions(session)
        self.questions = Questions(session)
        self.notices = Notices(session)
        self.sweeps = Sweeps(session)
        self.pseudonyms = Pseudonyms(session)
        self.refusals = Refusals(session)
        self.page_links = PageLinks(session)
        self.uploads = Uploads(session)
        self.page_questions = PageQuestions(session)
        self.decisions = Decisions(session)
        self.deviations = Deviations(session)
        self.cases = Cases(session)
        self.directives = Directives(session)
        self.drafts = Drafts(session)
        self.decision_links = DecisionLinks(session)
        self.stand_ins = StandInRegister(session)

    def _of_processes(self, session: Session) -> None:
        """What is on its way, kept and shown."""
        self.intents = Intents(session)
        self.held = HeldThings(session)
        self.tallies = Tallies(session)
        self.marks = Marks(session)
        self.inbox = Inbox(session)
        self.outbox = Outbox(session)
        self.room = Room(session)
        self.locks = Locks(session)
        self.runs = RunRegister(session)
        self.hosts = HostRegister(session)
        self.outcomes = Outcomes(session)
        self.ledger = Ledger(session)
        self.claims = Claims(session)
        self.erasing = Erasing(session)
        self.expiring = Expiring(session)
        self.reports = Reports(session)
        self.packs = Packs(session)
        self.role_bases = RoleBases(session)

    def commit(self) -> None:
        """Keeps all that was done and ends the unit; using it afterwards is an error.

        The ledger's newest entry is then named in the file of its head, where the store has one.
        """
        appended, head = self.ledger.appended, self._head
        continues = appended is not None and head is not None and head.continues(self.ledger)
        self._session.commit()
        if appended is not None and head is not None and continues:
            head.advance(appended)
