"""A derivation: which plan of an office came from which version of which template, by which answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Self

from domain.ids import Id, TemplateVersionId, parts
from domain.plans.localization.answers import Answers
from domain.plans.whole_plan import WholePlan


@dataclass(frozen=True, slots=True, order=True)
class DerivationId(Id):
    """A plan of an office from a template; `number` counts its plans from one template, from 1."""

    office: str
    template: str
    number: int = 1

    def __str__(self) -> str:
        return f"{self.office}/{self.template}/{self.number}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The id of a text such as `porto/finance-system/1`."""
        office, template, number = parts(text, "", 3)
        return cls(office, template, int(number))


class GroundKind(StrEnum):
    """What lets an office take a template."""

    OWN = "own"
    """It is the office's own template."""
    DEPLOYMENT = "deployment"
    AGREEMENT = "agreement"


@dataclass(frozen=True, slots=True)
class Ground:
    """By what a template was shared: the deployment's id, or the office that agreed to give it."""

    kind: GroundKind
    by: str = ""


@dataclass(frozen=True, slots=True)
class Derivation:
    """An office's plan and where it comes from.

    `project` is the office's own id of the project that holds it, empty until one does. `keys` are the ids of
    its tasks in the office's tool by the template's uid, of those that were put there. `base` is the plan as
    it was localized or merged last: what the next update is compared with.
    """

    id: DerivationId
    version: int
    digest: str
    """Of the template's version."""
    ground: Ground
    answers: Answers
    at: datetime
    base: WholePlan
    project: str = ""
    keys: Mapping[str, str] = field(default_factory=dict)
    follows: str = ""
    """The template that it went over to; empty while it is the one that it was made from."""

    @property
    def template(self) -> TemplateVersionId:
        """The version that it was made from or updated to."""
        return TemplateVersionId(self.follows or self.id.template, self.version)
