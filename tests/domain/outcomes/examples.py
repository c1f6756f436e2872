"""An outcome of every kind, with the sentence that people read of it."""

from __future__ import annotations

from dataclasses import replace

from domain.organization.actions import Action, Permission
from domain.organization.office import Role
from domain.outcomes.advancing import RolloutsAdvanced, RolloutStanding, Writes
from domain.outcomes.cases import CaseAnswered, CaseRaised, CasesEscalated
from domain.outcomes.deployments import DeploymentMoved, PeerQuestioned, PlanShared
from domain.outcomes.deviations import DeviationAsked, DeviationEnded, DeviationsReviewed, VoteTaken
from domain.outcomes.directives import (
    DirectiveAnswered,
    DirectiveEnded,
    DirectiveIssued,
    DirectivesFollowed,
)
from domain.outcomes.distributing import PlanDistributed
from domain.outcomes.drafts import DraftCommented, VersionDrafted
from domain.outcomes.failures import FailureNotified, Trouble
from domain.outcomes.local_plans import PlanLocalized
from domain.outcomes.network import OfficesRead, Page, Reported, Swept
from domain.outcomes.outcome import Answered, Cycled, Outcome, Reaped
from domain.outcomes.people import DigestsSent
from domain.outcomes.retention import RemovedOfKind, RetentionApplied
from domain.outcomes.rollouts import ApprovalAsked, Approved, Effort, ForeseenProjects, Simulated, Steered
from domain.outcomes.standards import Published
from domain.outcomes.starting import ProjectStarted
from domain.outcomes.templates import PlanCaptured, TemplateRecalled, TemplateReleased
from domain.outcomes.updating import (
    ConflictResolved,
    ImprovementsProposed,
    PlansUpdated,
    PlanUpdated,
    UpdateState,
    UpdateUndone,
)
from domain.questions.needed_facts import FactGap

BY = Permission(Role.APPROVER, "group")
DIGEST = "0123456789abcdef" * 4
READ = OfficesRead(("antwerp", "hamburg"), (), 12, 40, 3, 1, 0)
SWEPT = Swept("s-1", "method/2.0", 12, {"pass": 8, "not_applicable": 4, "fail": 0}, 0, new=True)
REPORTED = Reported((Page("rollout-m-2", "http://127.0.0.1:1/reports/a", "8 of 12 follow."),))
COUNTS = ForeseenProjects(12, 4, 1, 3, 1, 3, asked=1)
SIMULATED = Simulated(
    "m-2", "method/2.0", DIGEST, COUNTS, {"antwerp": COUNTS}, (Effort("antwerp", "reporter", 7),)
)
APPROVED = Approved("m-2", 12, 1, new=True, by=BY, dry_run=False)
ASKED = ApprovalAsked("approve/m-2/0123", "group", new=True, stands=True, dry_run=False)
STEERED = Steered("m-2", Action.ROLL_BACK, "running", 12, 2, 3, changed=True, by=BY, dry_run=False)
STARTED = ProjectStarted(
    "porto", "P-9", "method/2.0", new=True, by_hand=False, items=4, by=BY, dry_run=False, undated=1, put=4
)
PUBLISHED = Published("method/2.0", 9, DIGEST, new=True, by=BY, dry_run=False)
CAPTURED = PlanCaptured(
    "erp@0123456789ab", "porto", "porto", 12, 9, 1, dry_run=False, stripped={"address": 1, "person": 3},
    checks={"no_role": "1 of 12 tasks have no role"},
)  # fmt: skip
RELEASED = TemplateReleased(
    "erp/2", "erp@0123456789ab", DIGEST, "live", True, 11, 12, Permission(Role.HEAD, "porto"), dry_run=False,
    changelog=("1 task added",),
)  # fmt: skip
RECALLED = TemplateRecalled("erp/2", "stop", new=True, by=Permission(Role.HEAD, "porto"), dry_run=False)
LOCALIZED = PlanLocalized(
    "porto/erp/1", "erp/2", "porto", 12, 9, "2027-03-01", "2027-06-04", 0, 1, dry_run=False,
    by=Permission(Role.HEAD, "porto"), not_taken={"condition": 2}, estimated=True,
)  # fmt: skip
DEV = DeviationAsked(
    "dev-1", "under_review", significant=True, in_advance=False, interim=True, office="group", new=True,
    dry_run=False,
)  # fmt: skip
REVIEWED = DeviationsReviewed(12, 1, 0, 2, 1, 0, 3)
DEV_ENDED = DeviationEnded("dev-1", "revoked", BY, dry_run=False)
VOTED = VoteTaken("deviation/dev-1", "open", 1, 2, counted=True, why="", dry_run=False)
DEPLOYED = DeploymentMoved(
    "erp-9", "opened", 3, 1, new=True, by=Permission(Role.SPONSOR, "group"), dry_run=False,
    next_go_live="2027-05-12",
)  # fmt: skip
SHARED = PlanShared(
    "erp", 2, "erp-9", "deployment", 1, new=True, by=Permission(Role.HEAD, "porto"), dry_run=False,
    kept_back={"costs": 4, "risks": 1},
)  # fmt: skip
PEER = PeerQuestioned("peer/erp/0123456789ab", "erp", "asked", new=True, dry_run=False)
DISTRIBUTED = PlanDistributed(
    "oslo/erp/1", "oslo", "P-9", 12, 10, Permission(Role.HEAD, "oslo"), dry_run=False, created=9, linked=4, left=1,
    removed=1, waiting=1, calls=30, lost={"lag": 2}, approximated={"start": 1},
)  # fmt: skip
STANDINGS = (
    RolloutStanding("m-2", "running", {"adopted": 4, "rolled_back": 1, "failed": 0}),
    RolloutStanding("n-1", "done", {}),
)
ADVANCED = RolloutsAdvanced(STANDINGS, (), 5, 2, Writes(3, 1, 8), (), dry_run=False)
ANSWERED = Answered("sync.requested", READ)
FORESEEN = replace(ADVANCED, dry_run=True, would_place={"antwerp": 3, "hamburg": 0}, calls=1)


def dry(text: str, where: str = "") -> str:
    """The sentence of a dry run."""
    return f"DRY RUN, nothing was written{where}: {text} DRY RUN: `dry_run` off carries it out."


UPDATED = PlanUpdated(
    "porto/erp/1", "porto", UpdateState.UPDATED, 1, 2, {"taken": 3}, 1, created=1, changed=2, calls=4
)
WAITING = PlanUpdated("lodz/erp/1", "lodz", UpdateState.NOT_STARTED, 1, 1)
UPDATES = PlansUpdated("erp", 2, (UPDATED, WAITING), BY, dry_run=False)
RESOLVED = ConflictResolved("conflict/porto/erp/1/0123456789ab", "theirs", BY, dry_run=False, changed=1)
UNDONE = UpdateUndone(replace(UPDATED, before=2, version=1, conflicts=2, by_hand=1), BY, dry_run=False)
RETAINED = RetentionApplied(
    (
        RemovedOfKind("messages", 90, 12, "2026-07-01", "2026-10-02", names=DIGEST),
        RemovedOfKind("cases", 3653, held=1),
        RemovedOfKind("runs", None),
    ),
    dry_run=False,
)
SENTENCES: list[tuple[Outcome, str]] = [
    (
        PlanDistributed(
            "porto/erp/1", "porto", "P-1", 12, 11, BY, dry_run=False, created=3, left=1, lost={"task.role": 1}
        ),
        (
            "porto/erp/1 into porto/P-1: 11 of 12 tasks there, 3 of them new, 1 not taken by the tool: `interoffice held"
            " porto` says why; the tool cannot hold 1 fact (1 task.role) and holds 0 in another"
            " form; permitted as approver of group."
        ),
    ),
    (
        UPDATES,
        "erp/2: 2 plans: 1 updated, 1 not started; 1 task new, 2 changed, 1 conflict open; permitted as approver of group.",
    ),
    (
        replace(UPDATES, template="all", version=0, plans=()),
        "all templates: no plan of an office comes from it; nothing to update.",
    ),
    (
        replace(
            UPDATES, plans=(replace(UPDATED, lost={"task.cost": 1, "task.role": 2}), WAITING), dry_run=True
        ),
        dry(
            "erp/2: 2 plans: 1 updated, 1 not started; the tool cannot hold 3 facts (2 task.role, 1 task.cost) and"
            " holds 0 in another form; 1 task new, 2 changed with 4 calls at least, 1 conflict would be open.",
            " into any tool",
        ),
    ),
    (
        replace(UPDATES, plans=(UPDATED, UPDATED), dry_run=True),
        dry(
            "erp/2: 2 plans: 2 updated; the tools keep all of it; 2 tasks new, 4 changed with 8 calls at least, 2"
            " conflicts would be open.",
            " into any tool",
        ),
    ),
    (
        replace(UPDATES, plans=(replace(UPDATED, state=UpdateState.UNFINISHED, left=2, by_hand=1),)),
        (
            "erp/2: 1 plan: 1 unfinished; 1 task new, 2 changed, 1 conflict open, 1 task to delete by hand, 2 not taken"
            " by a tool; permitted as approver of group."
        ),
    ),
    (
        replace(UPDATES, plans=(replace(UPDATED, onto="erp", same=7, own=2),)),
        (
            "erp/2: 1 plan: 1 updated; 7 tasks the same, 2 from now on the office's own, 0 unsure; 1 task new, 2"
            " changed, 1 conflict open; permitted as approver of group."
        ),
    ),
    (
        RESOLVED,
        (
            "conflict/porto/erp/1/0123456789ab: the template's value counts, 1 task changed; permitted as approver of"
            " group."
        ),
    ),
    (
        replace(RESOLVED, choice="ours", new=False),
        "conflict/porto/erp/1/0123456789ab: the office's value was chosen before; nothing changed.",
    ),
    (
        replace(RESOLVED, dry_run=True),
        dry(
            "conflict/porto/erp/1/0123456789ab: the template's value would count; permitted as approver of group.",
            " into any tool",
        ),
    ),
    (
        ImprovementsProposed("erp", "porto", 3, 1, {"changed": 2, "added": 1}, BY, dry_run=False),
        "erp: 3 proposals to porto of 3 plans: 2 changed, 1 added; 1 tool did not answer; permitted as approver of group.",
    ),
    (
        UNDONE,
        (
            "porto/erp/1 from version 2 back to 1: 2 tasks changed, 1 to delete by hand; 2 places where the office"
            " changed it since stay as they are; permitted as approver of group."
        ),
    ),
    (
        LOCALIZED,
        (
            "porto/erp/1 is made of erp/2: 12 tasks and 9 links, from 2027-03-01 to 2027-06-04; 1 vacancy; left out: 2"
            " condition; remarks: none. Permitted as head of porto."
        ),
    ),
    (
        replace(
            LOCALIZED,
            dry_run=True,
            vacancies=2,
            days_late=3,
            estimated=False,
            target="make the project P-9",
            away=1,
            days_after_agreed=29,
        ),
        dry(
            "porto/erp/1 would be made of erp/2: 12 tasks and 9 links, from 2027-03-01 to 2027-06-04; 2 vacancies;"
            " 1 role holder away while their tasks run; left out: 2 condition; remarks: none. It would have to begin 3"
            " days ago. It goes live 29 days after the day agreed in the deployment. The office gave no estimate of"
            " its own, so no saving of its estimate can be shown. To do: make the project P-9. Permitted as head of"
            " porto."
        ),
    ),
    (
        replace(LOCALIZED, new=False),
        "porto/erp/1 was made of erp/2 with these answers before; nothing changed.",
    ),
    (
        DEV,
        "dev-1: significant, asked for afterwards; group decides; it has interim effect, as law demands it.",
    ),
    (
        replace(DEV, significant=False, in_advance=True, interim=False, office="", dry_run=True),
        dry("dev-1: below significance, asked for in advance; it is recorded, and nobody has to decide."),
    ),
    (replace(DEV, new=False), "dev-1 was asked for before; it is under review."),
    (RETAINED, "Removed: 12 of messages; 1 thing held."),
    (
        replace(RETAINED, dry_run=True, removed=RETAINED.removed[2:]),
        dry("Nothing is kept for longer than it is to be."),
    ),
    (
        REVIEWED,
        (
            "12 deviations reviewed: 1 granted, 0 declined, 1 past the last day, 2 ended as what they were"
            " granted for changed, 0 asked again; 3 notices."
        ),
    ),
    (DEV_ENDED, "dev-1 is revoked, permitted as approver of group."),
    (replace(DEV_ENDED, dry_run=True), dry("dev-1 would be revoked, permitted as approver of group.")),
    (VOTED, "deviation/dev-1 is open: 1 of 2 approve, entered by an operator."),
    (
        replace(VOTED, counted=False, why="separation of duties"),
        "deviation/dev-1 is open: 1 of 2 approve; the vote does not count: separation of duties.",
    ),
    (
        CAPTURED,
        (
            "erp@0123456789ab is captured: 12 tasks and 9 links of porto, 1 open. Taken out: 1 address, 3 persons; 0"
            " left. 1 check found something (no role); none stops a release."
        ),
    ),
    (
        replace(CAPTURED, checks={}, date_driven=True, by_dates=5, proposed=4, not_carried=1, new=False),
        (
            "erp@0123456789ab is captured: 12 tasks and 9 links of porto, 1 open. Taken out: 1 address, 3 persons; 0"
            " left. No check found anything. Dates drive the plan, not links: 5 tasks held by a date. 4 links"
            " proposed in place of dates, 0 confirmed. 1 thing of the tool's could not be carried into the plan."
            " The same draft was there before."
        ),
    ),
    (
        RELEASED,
        (
            "erp/2 is released from erp@0123456789ab: the pilot is live, as whoever releases it states; 11 of 12"
            " tasks have actual dates; the checks found nothing; 1 task added; permitted as head of porto."
        ),
    ),
    (
        replace(RELEASED, dry_run=True, stated=False, left=1),
        dry(
            "erp/2 would be released from erp@0123456789ab: the pilot is live, as the plan tells; 11 of 12 tasks"
            " have actual dates; the checks found nothing; 1 text may hold something private; 1 task added;"
            " permitted as head of porto."
        ),
    ),
    (
        DISTRIBUTED,
        (
            "oslo/erp/1 into oslo/P-9: 10 of 12 tasks there, 9 of them new, 1 removed by the office and left out, 1 not"
            " taken by the tool: `interoffice held oslo` says why, 1 not seen yet: run it again in some minutes; the"
            " tool cannot hold 2 facts (2 lag) and holds 1 in another form (1 start); permitted as head of oslo."
        ),
    ),
    (
        replace(
            DISTRIBUTED, placed=0, lost={}, approximated={}, seconds=90.0, starts=True, dry_run=True, away=2
        ),
        dry(
            "oslo/erp/1 into oslo/P-9: the project is made first, 12 tasks of 12 would be put there with 30 calls, 2"
            " minutes at least; the tool keeps all of it; 2 role holders away while their tasks run; permitted as head"
            " of oslo.",
            " into any tool",
        ),
    ),
    (RECALLED, "erp/2 is recalled: stop; permitted as head of porto."),
    (replace(RECALLED, new=False), "erp/2 was recalled before with this text; nothing changed."),
    (
        DEPLOYED,
        (
            "erp-9 is opened; permitted as sponsor of group. 3 receiving offices, 1 accepted; next go-live"
            " 2027-05-12."
        ),
    ),
    (
        replace(DEPLOYED, moved="accepted", office="porto", offices=1, next_go_live="", dry_run=True),
        dry(
            "erp-9, by porto, would be accepted; permitted as sponsor of group. 1 receiving office, 1 accepted."
        ),
    ),
    (
        replace(DEPLOYED, moved="closed", new=False),
        (
            "erp-9 was closed like that before; nothing changed. 3 receiving offices, 1 accepted; next go-live"
            " 2027-05-12."
        ),
    ),
    (
        SHARED,
        (
            "erp/2 is shared under the deployment erp-9; kept back: 4 costs, 1 risk; 1 office has it; permitted"
            " as head of porto."
        ),
    ),
    (
        replace(SHARED, kept_back={}, offices=0, dry_run=True),
        dry(
            "erp/2 would be shared under the deployment erp-9; nothing is kept back; 0 offices have it;"
            " permitted as head of porto."
        ),
    ),
    (
        replace(SHARED, new=False),
        "erp was shared under erp-9 like that before; nothing changed. 1 office has it.",
    ),
    (PEER, "peer/erp/0123456789ab is asked."),
    (replace(PEER, moved="answered", dry_run=True), dry("peer/erp/0123456789ab would be answered.")),
    (replace(PEER, new=False), "peer/erp/0123456789ab was asked before; nothing changed."),
    (READ, "2 of 2 offices read: 12 projects, 3 changed, 1 answer."),
    (
        replace(READ, read=(), not_read=("antwerp",), projects=1),
        "0 of 1 office read: 1 project, 3 changed, 1 answer; not read: antwerp.",
    ),
    (SWEPT, "12 projects judged under method/2.0: 8 pass, 4 not applicable."),
    (
        replace(SWEPT, bands={"pass": 8, "grandfathered": 1, "unknown": 3}),
        "12 projects judged under method/2.0: 8 pass, 1 completing under the version before, 3 not reported.",
    ),
    (replace(SWEPT, bands={}, stale=2), "12 projects judged under method/2.0: none; 2 offices stale."),
    (REPORTED, "8 of 12 follow."),
    (Reported(()), "there is nothing to report: no office was read and no sweep took place"),
    (
        SIMULATED,
        (
            "12 projects: 4 follow method/2.0 already, 3 may complete under the version before, 1 not reported, "
            f"1 to be asked for information, 3 require action; 1 of them follow the version before; digest {DIGEST}."
        ),
    ),
    (
        APPROVED,
        (
            "Rollout m-2 begins: 12 projects in 1 wave; approval entered by an operator, permitted as approver of "
            "group."
        ),
    ),
    (
        replace(APPROVED, dry_run=True),
        dry(
            "Rollout m-2 would begin: 12 projects in 1 wave; approval entered by an operator, permitted as approver "
            "of group."
        ),
    ),
    (
        replace(APPROVED, new=False),
        "Rollout m-2 was approved before with this digest; nothing changed.",
    ),
    (
        ASKED,
        (
            "The approvers of group are asked; the question stands in its tool. advance-rollouts begins the rollout "
            "once one of them approved there."
        ),
    ),
    (
        replace(ASKED, new=False, stands=False),
        (
            "The approvers of group are asked again; the question will stand in its tool when it answers again. "
            "advance-rollouts begins the rollout once one of them approved there."
        ),
    ),
    (replace(ASKED, dry_run=True), dry("the approvers of group would be asked in its tool.")),
    (
        STEERED,
        "Rollout m-2 is running; 3 projects taken out; permitted as approver of group, as entered.",
    ),
    (
        replace(STEERED, action=Action.BRING_BACK, dry_run=True),
        dry(
            "permitted as approver of group; rollout m-2 would be running, 12 projects in 2 waves; 3 "
            "projects brought back."
        ),
    ),
    (replace(STEERED, changed=False), "Rollout m-2 was so already; it is running."),
    (
        replace(STEERED, changed=False, dry_run=True),
        dry("permitted as approver of group; rollout m-2 is so already, nothing would change."),
    ),
    (
        STARTED,
        (
            "porto/P-9 is started under method/2.0: 4 of 4 first items put there, 0 were there, 1 without a due "
            "day, as the version says none; permitted as approver of group."
        ),
    ),
    (
        replace(STARTED, new=False, put=1, there=3, undated=0),
        (
            "porto/P-9 was started under method/2.0 before: 1 of 4 first items put there, 3 were there; permitted "
            "as approver of group."
        ),
    ),
    (
        replace(STARTED, by_hand=True, undated=0),
        (
            "porto/P-9 was made by hand and gets its first items under method/2.0: 4 of 4 first items put there, "
            "0 were there; permitted as approver of group."
        ),
    ),
    (
        replace(STARTED, dry_run=True, put=0),
        dry(
            "porto/P-9 would be started under method/2.0 with 4 first items, 1 without a due day, as the version "
            "says none; permitted as approver of group.",
            " into any tool",
        ),
    ),
    (
        PUBLISHED,
        "method/2.0 is published with 9 rules, digest 0123456789ab; permitted as approver of group.",
    ),
    (
        replace(PUBLISHED, gaps=(FactGap("field.risks", ("antwerp", "hamburg")),)),
        (
            "method/2.0 is published with 9 rules, digest 0123456789ab; permitted as approver of group. "
            "Nothing gives field.risks (antwerp, hamburg)."
        ),
    ),
    (
        replace(PUBLISHED, dry_run=True),
        dry(
            "method/2.0 would be published with 9 rules, digest 0123456789ab; permitted as approver of group."
        ),
    ),
    (
        replace(PUBLISHED, new=False),
        "method/2.0 was published before with this content; nothing changed.",
    ),
    (
        ADVANCED,
        "m-2 is running: 4 adopted, 1 rolled back; n-1 is done: none; create 3, update 1, same 8.",
    ),
    (
        replace(
            ADVANCED, rollouts=(), writes=Writes(0, 0, 8, 2, 1), notices_not_sent=1, not_written=("a", "b")
        ),
        (
            "no rollout is on its way; create 0, update 0, same 8, held 2, waiting 1, 1 notices not sent; not "
            "written: a, b."
        ),
    ),
    (
        FORESEEN,
        dry(
            "m-2 is running: 4 adopted, 1 rolled back; n-1 is done: none; 5 projects would move, 3 things "
            "would be placed in the tools of 1 office. Of what is wanted by now: create 3, update 1, same 8, in 1 "
            "call."
        ),
    ),
    (
        FailureNotified("run-cycle", Trouble.CRASHED, 2, 2),
        "run-cycle crashed: a message was sent to 2 of 2 addresses.",
    ),
    (
        FailureNotified("run-cycle", Trouble.LATE, 1, 1),
        "run-cycle is late: a message was sent to 1 of 1 address.",
    ),
    (
        FailureNotified("run-cycle", Trouble.FAILED, 0, 1),
        "run-cycle failed: a message about it was sent before; nothing was sent again.",
    ),
    (
        FailureNotified("run-cycle", Trouble.FAILED, 0, 0),
        (
            "run-cycle failed: nothing was sent, as there is no address. Set INTEROFFICE_ALERTS, or give the head"
            " of a strategic office an address in people.yaml."
        ),
    ),
    (
        DigestsSent(3, 0, 0, 0),
        "3 digests were sent.",
    ),
    (
        DigestsSent(1, 1, 2, 4),
        (
            "1 digest was sent; 1 address took none: correct it in people.yaml, or see that its server answers; "
            "the next run tries again; 2 notices only in reports: nobody there has an address in people.yaml; "
            "4 questions not in the office's tool: interoffice held."
        ),
    ),
    (
        FailureNotified("sync-offices", Trouble.FAILED, 0, 0, inner=True),
        "sync-offices failed: it is a part of another run, about which a message is sent; nothing was sent.",
    ),
    (
        CaseRaised("case-1", "group", objection=False, joined=False, stops=False, new=True, dry_run=False),
        "case-1: feedback to group.",
    ),
    (
        CaseRaised("case-1", "group", objection=True, joined=True, stops=True, new=True, dry_run=True),
        dry(
            "case-1: an objection to group, which another office raised too; the office's clock stands until "
            "it is agreed or decided."
        ),
    ),
    (
        CaseRaised("case-1", "group", objection=False, joined=False, stops=False, new=False, dry_run=False),
        "case-1 was raised by that office before; it is put to group.",
    ),
    (
        CaseAnswered("case-1", "counter_proposal", "porto", changed=True, dry_run=False),
        "case-1 is counter proposal; porto is asked now.",
    ),
    (
        CaseAnswered("case-1", "closed", "", changed=False, dry_run=True),
        dry("case-1 was and stays closed; nobody is asked now."),
    ),
    (
        CasesEscalated(1, raised=1),
        (
            "1 case raised on a page; 1 case looked after: 0 answered in the offices' tools, 0 levels told, 0 passed"
            " above both offices, 0 carried out, 0 closed, 0 reopened, 0 rules put under review; 0 comments on drafts"
            " taken, 0 drafts put to approvers."
        ),
    ),
    (
        CasesEscalated(3, 1, 1, 0, 1, 2, 1),
        (
            "3 cases looked after: 1 answered in the offices' tools, 1 level told, 0 passed above both offices, "
            "1 carried out, 2 closed, 1 reopened, 0 rules put under review; 0 comments on drafts taken, "
            "0 drafts put to approvers."
        ),
    ),
    (
        replace(CasesEscalated(1), directives=DirectivesFollowed(2, 1, 1, 3, 1, 0, 1, 0)),
        (
            "1 case looked after: 0 answered in the offices' tools, 0 levels told, 0 passed above both offices, "
            "0 carried out, 0 closed, 0 reopened, 0 rules put under review; 0 comments on drafts taken, 0 drafts put to approvers. 2 directives looked after: 1 answered, "
            "1 reminder, 3 levels told, 1 fulfilled, 0 by all; 1 addressee came, 0 left."
        ),
    ),
    (
        DirectiveIssued("directive-1", "group", 3, 2, "2027-03-31", new=True, dry_run=False),
        "directive-1 of group to 3 addressees in 2 offices, to be fulfilled by 2027-03-31.",
    ),
    (
        DirectiveIssued("directive-1", "group", 5, 3, "2027-03-31", True, False, 2, 1, 1),
        (
            "directive-1 of group to 5 addressees in 3 offices, to be fulfilled by 2027-03-31. 2 offices of the"
            " subtrees left out: no part in the network. 1 addressee by the head, as nobody has the role."
            " 1 addressee with nobody to answer: name people in offices.yaml."
        ),
    ),
    (
        DirectiveIssued("directive-1", "group", 1, 1, "2027-03-31", new=True, dry_run=True),
        dry("directive-1 of group to 1 addressee in 1 office, to be fulfilled by 2027-03-31."),
    ),
    (
        DirectiveIssued("directive-1", "group", 1, 1, "2027-03-31", new=False, dry_run=False),
        "directive-1 was issued by group before; it is in force.",
    ),
    (
        DirectiveAnswered("directive-1", "porto", "acknowledged", "", changed=True, dry_run=False),
        "directive-1 stands for porto as acknowledged.",
    ),
    (
        DirectiveAnswered("directive-1", "porto", "objection", "case-1", changed=True, dry_run=True),
        dry("directive-1 stands for porto as objection (case-1)."),
    ),
    (
        DirectiveEnded("directive-1", "superseded", "directive-2", "", 3, dry_run=False),
        "directive-1 is superseded by directive-2; 3 addressees told.",
    ),
    (
        DirectiveEnded("directive-1", "in force", "", "porto", 1, dry_run=False),
        "porto is released from directive-1; 1 addressee told.",
    ),
    (
        VersionDrafted(
            "draft-1", "m/2.1", "consultation", 2, "2027-03-01", 4, 1, 0, changed=True, dry_run=False
        ),
        (
            "draft-1, the draft of m/2.1, is in state consultation: 2 offices may comment until 2027-03-01 at "
            "the latest; 4 projects would keep a rule that they do not keep now, 1 the other way."
        ),
    ),
    (
        VersionDrafted("draft-1", "m/2.1", "drafted", 0, "", 0, 0, 1, changed=True, dry_run=True),
        dry(
            "draft-1, the draft of m/2.1, is in state drafted; 0 projects would keep a rule that they do not keep "
            "now, 0 the other way. It cannot be put to the offices yet: 1 thing to be mended, see "
            "`interoffice drafts draft-1`."
        ),
    ),
    (
        VersionDrafted("draft-1", "m/2.1", "approved", 2, "", 0, 0, 0, changed=False, dry_run=False),
        "draft-1, the draft of m/2.1, was and stays in state approved.",
    ),
    (
        DraftCommented("draft-1", "m/2.1", 3, 2, changed=True, dry_run=False),
        "Comment 3 on m/2.1 is recorded; 2 comments to be answered.",
    ),
    (
        DraftCommented("draft-1", "m/2.1", 0, 1, changed=False, dry_run=True),
        dry("No comment on m/2.1 was recorded before; nothing changed; 1 comment to be answered."),
    ),
    (
        DraftCommented("draft-1", "m/2.1", 3, 0, changed=True, dry_run=False, answered=True),
        "Comment 3 on m/2.1 is answered; 0 comments to be answered.",
    ),
    (Reaped(3, 1, 2), "1 dead run closed, 2 alive."),
    (Cycled(READ, ADVANCED, SWEPT, REPORTED), "8 of 12 follow."),
    (Cycled(READ, FORESEEN, SWEPT, REPORTED), dry("8 of 12 follow.", " into any tool")),
    (ANSWERED, "sync.requested: 2 of 2 offices read: 12 projects, 3 changed, 1 answer."),
]
