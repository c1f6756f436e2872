"""An organization from its folder of YAML files, with all errors in one run; it refuses an incomplete one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, Field

from config.clocks import read_clocks
from config.decisions import enough_approvers, read_terms
from config.folder import Files, read_folder
from config.languages import LANGUAGES
from config.lineage import check_version
from config.links import read_agreements, read_programs, read_relations
from config.offices import (
    OrganizationShape,
    known,
    led,
    read_offices,
    read_people,
    vacancies,
    without_leavers,
)
from config.problems import Problem, Problems, WrongValue
from config.rates import rates_of
from config.retention import read_retention
from config.rollouts import RolloutPlan, check_rollout, no_second, read_rollout
from config.shapes import Shape, parse
from config.tailorings import no_disagreement, read_tailoring
from config.templates import FiledTemplate, check_place, read_template
from config.tools import Kinds, never_read, read_partitions, read_tools
from config.versions import Read, Versions, read_version
from config.webhooks import read_receivers, read_sources
from domain.ids import VersionId
from domain.organization.clocks import Clocks
from domain.organization.office import Organization
from domain.organization.retention import Retention
from domain.organization.terms import Terms
from domain.standards.standard import Tailoring, Version, Where

TREE = frozenset({"offices.yaml", "people.yaml", "relations.yaml", "agreements.yaml"})
"""The files whose errors leave open which office is above which, and which takes part."""


def _moment(value: object) -> object:
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise WrongValue("this is no time with a zone", "write it as 2027-01-04T07:00:00Z")
    if not 1900 < value.year < 2200:
        raise WrongValue(f"nobody keeps holidays of the year {value.year}", "choose a year of ours")
    return value


class ClockShape(Shape):
    """clock.yaml: the as-of time of an organization."""

    as_of: Annotated[AwareDatetime, BeforeValidator(_moment)] = Field(examples=["2027-01-04T07:00:00Z"])
    """The time at which everything is judged, with its zone. Without the file it is the machine's."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """All that the files say: the organization, versions by `standard/version`, rollouts, clock."""

    organization: Organization
    versions: Mapping[str, Version]
    rollouts: tuple[RolloutPlan, ...]
    tailorings: tuple[Tailoring, ...] = ()
    templates: tuple[FiledTemplate, ...] = ()
    as_of: datetime | None = None
    warnings: tuple[Problem, ...] = ()
    withheld: tuple[Problem, ...] = ()
    """Why less is done in an office's tool than it grants."""


def load(folder: Path, kinds: Kinds, now: datetime | None = None) -> Loaded | Problems:
    """The organization in a folder, or everything that is wrong with its files.

    `kinds` are the tools that can be connected; `now` (aware) is needed only where no clock.yaml gives an
    as-of time.
    """
    problems = Problems()
    if not folder.is_dir():
        problems.add(Where(str(folder), 0), "there is no such folder", "name the folder of the organization")
        return problems
    files = read_folder(folder, problems)
    as_of = _as_of(files, problems)
    at = as_of or now
    if at is None:
        if "clock.yaml" not in files.unread | files.single.keys():
            problems.add(
                Where("clock.yaml", 1), "there is no time to go by", "add `as_of: 2027-01-04T07:00:00Z`"
            )
        at = datetime(2027, 1, 4, tzinfo=UTC)
    organization = _organization(files, kinds, at, problems)
    versions = _versions(files, kinds, problems)
    tailorings = _tailorings(files, versions, organization, problems)
    rollouts = _rollouts(files, organization, versions, problems)
    templates = _templates(files, problems)
    if organization is None or problems.errors:
        return problems
    usable = {key: read.version for key, read in versions.items() if read is not None}
    told = tuple(problems.warnings), tuple(problems.withheld)
    return Loaded(organization, usable, rollouts, tailorings, templates, as_of, *told)


def read_versions(folder: Path, kinds: Kinds) -> tuple[Versions, Problems]:
    """The versions in a folder as far as they can be used, and every problem found in its files."""
    problems = Problems()
    return _versions(read_folder(folder, problems), kinds, problems), problems


def _as_of(files: Files, problems: Problems) -> datetime | None:
    document = files.single.get("clock.yaml")
    entry = parse(ClockShape, document, problems) if document else None
    return entry.value.as_of.astimezone(UTC) if entry else None


def _organization(files: Files, kinds: Kinds, at: datetime, problems: Problems) -> Organization | None:
    """The organization; None where errors leave open which office is above which."""
    single, names = files.single, files.ids("offices.yaml")
    people = read_people(single.get("people.yaml"), files.ids("tools.yaml"), problems)
    head = single.get("organization.yaml")
    said = parse(OrganizationShape, head, problems) if head else None
    clocks = read_clocks(said.value.clocks, said, problems) if said else Clocks()
    document = single.get("offices.yaml")
    offices = read_offices(document, files.ids("people.yaml"), at.year, clocks, problems) if document else {}
    programs = read_programs(single.get("programs.yaml"), names, files.ids("people.yaml"), offices, problems)
    relations = read_relations(single.get("relations.yaml"), names, problems)
    agreements = read_agreements(single.get("agreements.yaml"), names, at.date(), problems)
    tools = read_tools(single.get("tools.yaml"), kinds, problems)
    partitions = read_partitions(single.get("tools.yaml"), names, tools, kinds, problems)
    sources = read_sources(single.get("webhooks.yaml"), names, tools, kinds, problems)
    receivers = read_receivers(single.get("webhooks.yaml"), problems)
    if document is None or any(problem.where.file in TREE for problem in problems.errors):
        return None
    vacancies(offices := without_leavers(offices, people, at, document, problems), document, problems)
    organization = Organization(
        id=said.value.id if said else "",
        name=said.value.name if said else "",
        offices=offices,
        relations=relations,
        programs=programs,
        tools=tools,
        partitions=partitions,
        people=people,
        agreements=agreements,
        sources=sources,
        receivers=receivers,
        clocks=clocks,
        operator_decisions_count=bool(said and said.value.operator_decisions_count),
        terms=read_terms(said.value.decisions, said, problems) if said else Terms(),
        retention=read_retention(said.value.retention, said, problems) if said else Retention(),
        rates=rates_of(said.value.rates) if said and said.value.rates else None,
        language=said.value.language if said else "",
        languages=LANGUAGES,
    )
    return _checked(organization, files, at, problems)


def _checked(organization: Organization, files: Files, at: datetime, problems: Problems) -> Organization:
    """The same; refuse offices that nobody leads, warn of approvals nobody can give and tools never read."""
    led(organization, files.single["offices.yaml"], problems)
    enough_approvers(organization, files.single.get("organization.yaml"), problems)
    never_read(organization, files.single.get("tools.yaml"), at.date(), problems)
    return organization


def _versions(files: Files, kinds: Kinds, problems: Problems) -> Versions:
    """Versions by `standard/version`; None for one whose head cannot be read."""
    unread = [PurePosixPath(name).parts for name in files.unread]
    broken = [at for at in unread if at[0] == "standards"]
    versions: dict[str, Read | None] = {
        str(VersionId(at[1], at[2].removesuffix(".yaml"))): None for at in broken
    }
    found = []
    for document in files.many["standards"]:
        read = read_version(document, files.ids("offices.yaml"), kinds, problems)
        if read is None:
            at = PurePosixPath(document.file).with_suffix("").parts
            versions.setdefault(str(VersionId(at[1], at[2])), None)
        else:
            found.append(read)
            versions[read.version.id] = read
    for read in found:
        check_version(read, versions, problems)
    return versions


def _tailorings(
    files: Files, versions: Versions, organization: Organization | None, problems: Problems
) -> tuple[Tailoring, ...]:
    names, programs = files.ids("offices.yaml"), files.ids("programs.yaml")
    found = (read_tailoring(d, names, programs, versions, problems) for d in files.many["tailorings"])
    tailorings = tuple(each for each in found if each is not None)
    no_disagreement(tailorings, organization.offices if organization else {}, problems)
    return tailorings


def _templates(files: Files, problems: Problems) -> tuple[FiledTemplate, ...]:
    """The released templates that stand in files, of offices that are known."""
    found = []
    for document in files.many["templates"]:
        filed = read_template(document, problems)
        if filed is not None:
            check_place(filed, document, problems)
            offices = files.ids("offices.yaml")
            known(filed.template.owner, offices, "office", document.where("owner"), problems)
            found.append(filed)
    return tuple(found)


def _rollouts(
    files: Files, organization: Organization | None, versions: Versions, problems: Problems
) -> tuple[RolloutPlan, ...]:
    read = (read_rollout(document, problems) for document in files.many["rollouts"])
    drafts = [draft for draft in read if draft is not None]
    for draft in drafts:
        check_rollout(draft, files.ids("offices.yaml"), organization, versions, problems)
    no_second(drafts, problems)
    return tuple(draft.plan for draft in drafts)
