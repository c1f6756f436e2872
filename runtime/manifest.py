"""What is to be deployed, from prefect.yaml: it refuses keys that it does not know.

Prefect's own reader ignores them, and a misspelled schedule would simply never run.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from runtime.folder import CHECKOUT
from runtime.problem import Problem

MANIFEST = CHECKOUT / "prefect.yaml"
Tag = Annotated[str, Field(pattern=r"^(daily|by hand|by itself|interoffice/[a-z]+)$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]


class Shape(BaseModel):
    """A part of the file; unknown keys are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ScheduleShape(Shape):
    """When a flow runs by itself: `cron`, or `interval` in seconds."""

    slug: Slug
    cron: str | None = None
    interval: Annotated[float, Field(ge=1)] | None = None
    timezone: str = "UTC"
    active: bool = True
    parameters: dict[str, object] = {}

    @model_validator(mode="after")
    def _one_of(self) -> ScheduleShape:
        if (self.cron is None) == (self.interval is None):
            raise ValueError("needs either cron or interval")
        return self


class LimitShape(Shape):
    """How many of its runs may go on at once; others wait. Canceling them is not offered."""

    limit: Annotated[int, Field(ge=1)]
    collision_strategy: Literal["ENQUEUE"] = "ENQUEUE"
    grace_period_seconds: Annotated[int, Field(ge=60, le=86400)] = 60


class PoolShape(Shape):
    """The work pool whose workers take its runs."""

    name: str


class DeploymentShape(Shape):
    """One flow as operators, schedules and webhooks start it."""

    name: Slug
    entrypoint: Annotated[str, Field(pattern=r"^\w+(\.\w+)+$")]
    tags: Annotated[tuple[Tag, ...], Field(min_length=2)]
    """The first says when one runs it."""
    parameters: dict[str, object] = {}
    work_pool: PoolShape
    concurrency_limit: LimitShape | None = None
    schedules: tuple[ScheduleShape, ...] = ()


class Manifest(Shape):
    """The whole file. `definitions` only holds its YAML anchors."""

    name: str
    prefect_version: str = Field("", alias="prefect-version")
    pull: tuple[()] = ()
    definitions: dict[str, object] = {}
    deployments: tuple[DeploymentShape, ...]

    def deployment(self, name: str) -> DeploymentShape:
        """That deployment. Raises Problem with the names that there are."""
        found = {each.name: each for each in self.deployments}
        if name not in found:
            raise Problem(f"there is no flow {name} -> one of: {', '.join(sorted(found))}")
        return found[name]


def read_manifest(path: Path = MANIFEST) -> Manifest:
    """The content of the file. Raises Problem with every place that is wrong."""
    try:
        return Manifest.model_validate(YAML(typ="safe", pure=True).load(path))
    except OSError as problem:
        raise Problem(f"cannot read {path}: {problem.strerror}") from None
    except YAMLError as problem:
        raise Problem(f"{path.name} is no YAML: {' '.join(str(problem).split())}") from None
    except ValidationError as refused:
        lines = [f"{'.'.join(str(p) for p in e['loc'])}: {e['msg']}" for e in refused.errors()]
        raise Problem(f"{path.name} cannot be used: " + "; ".join(lines)) from None
