"""The words of cases: sides, states and their moves, causes, outcomes, checks. They are stored."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Side(StrEnum):
    """The two sides of a case. The names are stored."""

    RAISER = "raiser"
    COUNTERPART = "counterpart"

    @property
    def other(self) -> Side:
        """The other side."""
        return Side.COUNTERPART if self is Side.RAISER else Side.RAISER


class AboutKind(StrEnum):
    """What a case is about. The names are stored."""

    RULE = "rule"
    VERSION = "version"
    TEMPLATE = "template"
    UPDATE = "update"
    """An update of an office's plan by a newer version of its template."""
    ITEM = "item"
    """A work item in an office's tool."""
    REPORT = "report"
    TOOL = "tool"
    DIRECTIVE = "directive"


OBJECTED = frozenset({AboutKind.VERSION, AboutKind.ITEM, AboutKind.UPDATE, AboutKind.DIRECTIVE})
"""What an office may object to."""


class CaseCause(StrEnum):
    """Why it does not work. The names are stored."""

    REGULATORY = "regulatory"
    LEGAL = "legal"
    CAPACITY = "capacity"
    QUALITY = "quality"
    CONFLICT = "conflict"


class CaseState(StrEnum):
    """How a case stands. The names are stored."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    JOINT_ANALYSIS = "joint_analysis"
    PROPOSAL = "proposal"
    COUNTER_PROPOSAL = "counter_proposal"
    ESCALATED = "escalated"
    """Somebody above both sides decides."""
    AGREED = "agreed"
    """By both, or decided above them; it is not carried out yet."""
    TRIAL = "trial"
    """Carried out; one of the checks is not kept yet."""
    EFFECTIVE = "effective"
    """Both checks are kept, and not for the agreed days yet."""
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


NEGOTIATED = frozenset(
    {
        CaseState.RAISED,
        CaseState.ACKNOWLEDGED,
        CaseState.JOINT_ANALYSIS,
        CaseState.PROPOSAL,
        CaseState.COUNTER_PROPOSAL,
    }
)
"""The two sides look for what serves both."""
UNDECIDED = NEGOTIATED | {CaseState.ESCALATED}
PROPOSED = frozenset({CaseState.PROPOSAL, CaseState.COUNTER_PROPOSAL})
TRIED = frozenset({CaseState.TRIAL, CaseState.EFFECTIVE, CaseState.CLOSED})
"""It is carried out, and the checks of both sides are looked at."""
OVER = frozenset({CaseState.CLOSED, CaseState.WITHDRAWN})

_ALWAYS = frozenset({CaseState.ESCALATED, CaseState.WITHDRAWN})
MOVES: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.RAISED: _ALWAYS | {CaseState.ACKNOWLEDGED, CaseState.JOINT_ANALYSIS, CaseState.PROPOSAL},
    CaseState.ACKNOWLEDGED: _ALWAYS | {CaseState.JOINT_ANALYSIS, CaseState.PROPOSAL},
    CaseState.JOINT_ANALYSIS: _ALWAYS | {CaseState.JOINT_ANALYSIS, CaseState.PROPOSAL},
    CaseState.PROPOSAL: _ALWAYS | {CaseState.AGREED, CaseState.COUNTER_PROPOSAL},
    CaseState.COUNTER_PROPOSAL: _ALWAYS | {CaseState.AGREED, CaseState.COUNTER_PROPOSAL},
    CaseState.ESCALATED: frozenset({CaseState.AGREED, CaseState.WITHDRAWN}),
    CaseState.AGREED: frozenset({CaseState.TRIAL, CaseState.JOINT_ANALYSIS, CaseState.WITHDRAWN}),
    CaseState.TRIAL: frozenset({CaseState.EFFECTIVE, CaseState.JOINT_ANALYSIS, CaseState.WITHDRAWN}),
    CaseState.EFFECTIVE: frozenset(
        {CaseState.TRIAL, CaseState.CLOSED, CaseState.JOINT_ANALYSIS, CaseState.WITHDRAWN}
    ),
    CaseState.CLOSED: frozenset({CaseState.TRIAL, CaseState.JOINT_ANALYSIS}),
    CaseState.WITHDRAWN: frozenset(),
}
"""What may become of a case. A closed one is reopened when a check is not kept any more."""


class NoSuchMove(ValueError):
    """A case cannot become that from where it stands, or it is the other side's turn."""


class OutcomeKind(StrEnum):
    """What is to come of a case. The names are stored."""

    AMENDMENT = "amendment"
    """The rule is amended, by a new version."""
    TAILORING = "tailoring"
    DEVIATION = "deviation"
    TEMPLATE = "template"
    """The template is changed."""
    EXPLANATION = "explanation"
    NOTHING = "nothing"
    """Nothing is changed, with a reason."""


SAID_ONLY = frozenset({OutcomeKind.EXPLANATION, OutcomeKind.NOTHING})
"""What is carried out by being said."""


def carrier(kind: OutcomeKind) -> Side:
    """The side that carries out an outcome: who departs asks for it, the other changes its own."""
    return Side.RAISER if kind in (OutcomeKind.TAILORING, OutcomeKind.DEVIATION) else Side.COUNTERPART


class CheckKind(StrEnum):
    """How it is known whether a side is served. The names are stored."""

    RULE = "rule"
    FACT = "fact"
    EXPRESSION = "expression"
    ATTESTED = "attested"


class Comparison(StrEnum):
    """How a fact is compared with its limit. The names are stored."""

    AT_MOST = "<="
    AT_LEAST = ">="
    EQUAL = "=="


class Color(StrEnum):
    """What a look at a check gave. The names are stored."""

    GREEN = "green"
    RED = "red"
    UNKNOWN = "unknown"
    """A fact is missing, or nobody has attested it yet."""
    LAPSED = "lapsed"
    """It was attested until a day that is over."""


class Way(StrEnum):
    """How something was said. The names are stored."""

    FORM = "form"
    MESSAGE = "message"
    TOOL = "tool"
    PAGE = "page"
    REVIEW = "review"
    """Nobody did: what was said against a rule is more than chance, and put it under review."""
    CONTRADICTION = "contradiction"
    """Nobody did: two rules of two standards bind one project, and no value of a fact keeps both."""


BY_NOBODY = frozenset({Way.REVIEW, Way.CONTRADICTION})
"""No office said it by itself."""


class StepKind(StrEnum):
    """What happened. The names are stored."""

    RAISED = "raised"
    JOINED = "joined"
    """Another office raised the same."""
    LEFT = "left"
    """One of several offices that raised it withdrew."""
    ACKNOWLEDGED = "acknowledged"
    ANALYSIS = "analysis"
    CHECK = "check"
    ATTESTED = "attested"
    PROPOSED = "proposed"
    AGREED = "agreed"
    ESCALATED = "escalated"
    DECIDED = "decided"
    CARRIED_OUT = "carried_out"
    NOT_CARRIED_OUT = "not_carried_out"
    EFFECTIVE = "effective"
    NOT_KEPT = "not_kept"
    CLOSED = "closed"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
