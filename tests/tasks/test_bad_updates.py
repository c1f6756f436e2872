"""Bad inputs to updates, conflicts, undoing, re-basing, proposals and savings: each says where, and what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.plan import resolving
from domain.plans.localization.sizes import NoSize, size_of
from domain.plans.templates.form import digest_of
from domain.plans.templates.template import Release, Standing
from runtime.problem import Problem, UsageProblem
from tasks import context
from tasks.proposing import propose_improvements_of
from tasks.rebasing import rebase_plan
from tasks.resolving import resolve_conflict_of
from tasks.undoing_updates import undo_update_of
from tasks.updating import plans_of, update_plan
from tests.cli.test_new_standard import run
from tests.deployments import test_report
from tests.tasks import test_updating
from tests.tasks.conftest import leave
from tests.tasks.rebased import offer, other
from tests.tasks.test_updating import PLAN, at_place, conflicts, made  # noqa: F401 - a fixture
from tests.tasks.updated import AT, Sheet, changing, lasting, release, update

Told = tuple[Mapping[str, Any], str, str]
"""The values that are wrong, where the message says it is, and what it says is to be done."""

UPDATE: Mapping[str, Told] = {
    "no such template": ({"template": "other"}, "template: ", "there are finance-system"),
    "a version for a template": ({"template": "finance-system/2"}, "template: ", "there are finance-system"),
    "no template": ({"template": ""}, "template: ", "there are finance-system"),
    "no such office": ({"office": "nowhere"}, "office: ", "leave it empty for all"),
    "an office by its name": ({"office": "Győr"}, "office: ", "leave it empty for all"),
    "a stranger": ({"person": "nobody"}, "nobody", "people.yaml"),
    "another's template": ({"person": "imre"}, "whoever is named may not", "it takes the head"),
}
"""To update-plans, by what is chosen."""
PLANS: Mapping[str, tuple[str, str, str]] = {
    "no such plan": ("gyor/other/1", "derivation: ", "give one of gyor/finance-system/1"),
    "no such office": ("pecs/finance-system/1", "derivation: ", "give one of gyor/finance-system/1"),
    "an office alone": ("gyor", "derivation: ", "give one of gyor/finance-system/1"),
    "no number": ("gyor/finance-system/x", "derivation: ", "give one of gyor/finance-system/1"),
    "a path": ("../gyor/finance-system/1", "derivation: ", "give one of gyor/finance-system/1"),
    "nothing": ("", "derivation: ", "give one of gyor/finance-system/1"),
}
"""To update-plan, undo-update and re-base-plan alike."""
RESOLVE: Mapping[str, Told] = {
    "no such conflict": ({"conflict": "conflict/x"}, "conflict: ", "give one of conflict/gyor/"),
    "nothing": ({"conflict": " "}, "conflict: ", "give one of conflict/gyor/"),
    "a plan for a conflict": ({"conflict": PLAN}, "conflict: ", "give one of conflict/gyor/"),
    "neither side": ({"choice": "mine"}, "choice: 'mine'", "write theirs (the template's) or ours"),
    "no side": ({"choice": ""}, "choice: ''", "write theirs (the template's) or ours"),
    "nobody": ({"person": ""}, "nobody is named who decided to", "it takes the head"),
    "a stranger": ({"person": "nobody"}, "nobody", "people.yaml"),
    "not the head": ({"person": "imre"}, "whoever is named may not", "it takes the head"),
    "settled": ({"conflict": "settled", "choice": "ours"}, "is settled", "change it in the office's tool"),
}
UNDO: Mapping[str, Told] = {
    "nobody": ({"person": ""}, "nobody is named who decided to", "it takes the head"),
    "a stranger": ({"person": "nobody"}, "nobody", "people.yaml"),
    "not the head": ({"person": "imre"}, "whoever is named may not", "it takes the head"),
}
RE_BASE: Mapping[str, Told] = {
    "no such template": ({"onto": "third"}, "template 'third'", "its owner shares it"),
    "no such version": ({"onto": "second/9"}, "template 'second/9'", "its owner shares it"),
    "one that is not shared": ({"onto": "unshared"}, "template 'unshared'", "its owner shares it"),
    "the same template": ({"onto": "finance-system/1"}, "onto: ", "run update-plans"),
    "no pairs": ({"same": "6"}, "same: ", "write T7=T2 or T7=new"),
    "half a pair": ({"same": "6="}, "same: ", "write T7=T2 or T7=new"),
    "a task twice": ({"same": "6=d; 6=new"}, "same: ", "keep one"),
    "two the same": ({"same": "6=d; 8=d"}, "same: d is named for two tasks", "keep one"),
    "not in the template": (
        {"same": "99=d"},
        "same: the other template has no task '99'",
        "the dry run names them",
    ),
    "not in the plan": ({"same": "6=zz"}, "same: the plan has no task 'zz'", "name one, or write new"),
    "a phase for a task": (
        {"same": "6=p1"},
        "same: of 6 and p1 one is a phase",
        "name another, or write new",
    ),
    "nobody": ({"person": ""}, "nobody is named who decided to", "it takes the head"),
    "a stranger": ({"person": "nobody"}, "nobody", "people.yaml"),
}
PROPOSE: Mapping[str, Told] = {
    "no such template": ({"template": "other"}, "template", "there are finance-system"),
    "no such version": ({"template": "finance-system/9"}, "template", "there are finance-system"),
    "nothing": ({"template": ""}, "template", "there are finance-system"),
    "a stranger": ({"person": "nobody"}, "nobody", "people.yaml"),
    "not the owner": ({"person": "imre"}, "whoever is named may not", "it takes the head"),
}
SIZES: Mapping[str, tuple[str, str]] = {
    "no number": ("many users", "write digits and what is counted: 180 users"),
    "no driver": ("180", "write digits and what is counted: 180 users"),
    "another driver": ("180 chairs", "write one of users, companies, interfaces"),
    "nothing of it": ("0 users", "write how many there are, or leave it empty"),
    "less than nothing": ("-3 users", "write digits and what is counted: 180 users"),
    "two numbers": ("1,200 users", "write digits and what is counted: 180 users"),
}
COMMAND: Mapping[str, tuple[tuple[str, ...], str]] = {
    "no side": (("conflict/x",), "give `theirs` (the template's) or `ours`"),
    "neither side": (("conflict/x", "mine"), "give `theirs` (the template's) or `ours`"),
    "nobody": (("conflict/x", "ours"), "give --person and --why"),
    "no reason": (("conflict/x", "ours", "--person", "eva"), "give --person and --why"),
    "no such office": (("--office", "nowhere"), "give an id of offices.yaml"),
}
"""To `interoffice plan resolve`."""


@pytest.fixture(scope="module")
def there(made: Path) -> Iterator[Path]:  # noqa: F811
    """A plan with an open conflict and a settled one, another template that is shared, and one that is not."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        people = made / "organization/people.yaml"
        people.write_text(people.read_text("utf-8") + "  - {id: imre, name: Nagy Imre}\n", "utf-8")
        at_place(made, monkeypatch)
        sheet = Sheet(made / "organization/gyor.xlsx")
        sheet.edit("b", duration="64h")
        sheet.edit("d", title="Our rehearsal")
        release(2, lasting("b", 6), changing("d", names={"en": "Dry run"}))
        update(PLAN)
        resolve_conflict_of.fn(settled(), "theirs", "eva", "agreed", dry_run=False)
        update(PLAN)
        offer(other())
        unshared = replace(other(), id="unshared")
        with context.current_application().store.begin() as unit:
            found = Release(unshared, 1, digest_of(unshared), date(2027, 1, 1), Standing.LIVE, stated=True)
            unit.templates.release(found, AT)
            unit.commit()
        yield made
        leave()


def settled() -> str:
    return next(str(each.id) for each in conflicts() if each.places[0].about == ("d",))


def open_one() -> str:
    return next(str(each.id) for each in conflicts() if each.places[0].about == ("b",))


def refused(act: Callable[[], object]) -> str:
    """What the refusal says; that it is one by its type, as a form shows it."""
    with pytest.raises((LookupError, ValueError, PermissionError)) as problem:
        act()
    assert problem.type not in (KeyError, IndexError)
    return str(problem.value)


@pytest.mark.servers
@pytest.mark.parametrize("case", UPDATE)
@pytest.mark.usefixtures("there")
def test_what_is_chosen_badly_for_an_update(case: str) -> None:
    values, place, remedy = UPDATE[case]
    given = {"template": "finance-system", "office": "", "person": "", "why": "w", "dry_run": True, **values}
    said = refused(lambda: plans_of.fn(**given))
    assert (place in said, remedy in said) == (True, True), said


@pytest.mark.servers
@pytest.mark.parametrize("case", PLANS)
@pytest.mark.usefixtures("there")
def test_a_plan_that_is_not_there_is_refused_alike_wherever_it_is_named(case: str) -> None:
    plan, place, remedy = PLANS[case]
    for act in (
        lambda: update_plan.fn(plan, dry_run=True),
        lambda: undo_update_of.fn(plan, "eva", "w", dry_run=True),
        lambda: rebase_plan.fn(plan, "second", "", "eva", "w", dry_run=True),
    ):
        said = refused(act)
        assert (place in said, remedy in said) == (True, True), said


@pytest.mark.servers
@pytest.mark.parametrize("case", RESOLVE)
@pytest.mark.usefixtures("there")
def test_what_decides_no_conflict(case: str) -> None:
    values, place, remedy = RESOLVE[case]
    given = {"conflict": open_one(), "choice": "ours", "person": "eva", "why": "w", **values}
    if given["conflict"] == "settled":
        given["conflict"] = settled()
    said = refused(lambda: resolve_conflict_of.fn(**given, dry_run=False))
    assert (place in said, remedy in said) == (True, True), said
    assert next(each for each in conflicts() if str(each.id) == open_one()).is_open


@pytest.mark.servers
@pytest.mark.parametrize("case", UNDO)
@pytest.mark.usefixtures("there")
def test_who_may_not_undo(case: str) -> None:
    values, place, remedy = UNDO[case]
    given = {"derivation": PLAN, "person": "eva", "why": "w", **values}
    said = refused(lambda: undo_update_of.fn(**given, dry_run=False))
    assert (place in said, remedy in said) == (True, True), said


@pytest.mark.servers
@pytest.mark.parametrize("case", RE_BASE)
@pytest.mark.usefixtures("there")
def test_what_a_plan_cannot_go_over_to(case: str) -> None:
    values, place, remedy = RE_BASE[case]
    given = {"derivation": PLAN, "onto": "second", "same": "", "person": "eva", "why": "w", **values}
    said = refused(lambda: rebase_plan.fn(**given, dry_run=False))
    assert (place in said, remedy in said) == (True, True), said


@pytest.mark.servers
@pytest.mark.parametrize("case", PROPOSE)
@pytest.mark.usefixtures("there")
def test_what_nothing_is_proposed_for(case: str) -> None:
    values, place, remedy = PROPOSE[case]
    given = {"template": "finance-system", "person": "", "why": "w", **values}
    said = refused(lambda: propose_improvements_of.fn(**given, dry_run=True))
    assert (place in said, remedy in said) == (True, True), said


@pytest.mark.parametrize("case", SIZES)
def test_what_is_no_size_of_a_deployment(case: str) -> None:
    text, remedy = SIZES[case]
    with pytest.raises(NoSize) as problem:
        size_of(text)
    assert str(problem.value).startswith("size: ")
    assert remedy in str(problem.value)


@pytest.mark.servers
@pytest.mark.parametrize("case", COMMAND)
@pytest.mark.usefixtures("there")
def test_what_the_command_does_not_take(case: str) -> None:
    words, remedy = COMMAND[case]
    with pytest.raises((Problem, UsageProblem), match=remedy.replace("(", r"\(").replace(")", r"\)")):
        run(resolving, *words)


def test_there_are_forty_bad_inputs_and_more_and_each_subject_has_some() -> None:
    cases = {
        "update": (*UPDATE, *PLANS, *test_updating.BAD_TOOLS),
        "conflicts": (*RESOLVE, *COMMAND),
        "undo": (*UNDO, *PLANS),
        "re-base": (*RE_BASE, *PLANS),
        "proposals": tuple(PROPOSE),
        "savings": (*SIZES, *(said for said, _ in test_report.WRONG)),
    }
    counted = {name: len(set(each)) for name, each in cases.items()}
    assert min(counted.values()) >= 5, counted
    assert sum(counted.values()) >= 40, counted
