"""Where a person sees a version, an update of their plan or a directive, a link opens the form with it filled in."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest

from domain.plans.updates.asked import PlanConflictId
from domain.questions.directives import DirectiveAsk, DirectiveQuestionId
from domain.questions.question import QuestionKind
from tests.domain.builders import members_of, rollout
from tests.gateway.pages.approvers import Approving, approving
from tests.gateway.pages.test_desk import desk_of

PLAN = PlanConflictId("gdansk/system/1", "0123456789ab")
DIRECTIVE = DirectiveQuestionId("directive-1", "gdansk", "head", "head", 1, DirectiveAsk.EITHER)
ROLLOUT = rollout("gdansk/P-1")
ASKED = {
    "update": (
        {"id": str(PLAN), "kind": QuestionKind.PLAN_CONFLICT, "about": PLAN.plan},
        f"update {PLAN}",
        "",
    ),
    "directive": ({"id": str(DIRECTIVE), "kind": QuestionKind.DIRECTIVE}, "directive directive-1", ""),
    "version": (
        {"id": f"elect/{ROLLOUT.id}/gdansk/P-1", "kind": QuestionKind.ELECTION},
        "version method/2.0",
        "gdansk/P-1",
    ),
}


@pytest.fixture
def made(tmp_path, monkeypatch):
    with approving(tmp_path, monkeypatch) as found:
        yield found


def links(page: str) -> list[str]:
    return [html.unescape(each) for each in re.findall(r'href="([^"]+/raise\?[^"]+)"', page)]


def value(page: str, field: str) -> str:
    (found,) = re.findall(rf'id="{field}" name="{field}" value="([^"]*)"', page)
    return html.unescape(found)


@pytest.mark.parametrize("what", ASKED)
def test_the_desk_leads_to_the_form_with_what_is_asked_filled_in(made: Approving, what: str) -> None:
    more, about, project = ASKED[what]
    with made.desk.application.store.begin() as unit:
        unit.rollouts.add(ROLLOUT, members_of(ROLLOUT))
        unit.commit()
    made.desk.ask("gdansk/P-1", "finish.known", placed=date(2027, 1, 4), **more)
    (link,) = links(made.get(desk_of(made, "jan")).text)
    form = made.get(link)
    assert form.status_code == 200
    assert (value(form.text, "about"), value(form.text, "project")) == (about, project)
    assert 'value="objection" checked' in form.text
    assert '<option value="gdansk" selected>' in form.text


def test_what_asks_for_nothing_that_can_be_refused_and_whoever_may_not_object_get_no_link(
    made: Approving,
) -> None:
    made.desk.ask_about_twins()
    made.desk.ask("gdansk/P-2", placed=date(2027, 1, 4))
    assert links(made.get(desk_of(made, "jan")).text) == [], "no rollout asks it"
    made.desk.ask("gdansk/P-1", placed=date(2027, 1, 4), **ASKED["update"][0])
    assert len(links(made.get(desk_of(made, "jan")).text)) == 1
    for other in ("ola", "kim"):
        assert links(made.get(desk_of(made, other)).text) == []
