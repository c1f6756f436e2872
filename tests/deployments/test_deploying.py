"""A deployment is opened, accepted, shared, changed and closed by those who may; nothing happens twice."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace

import pytest

from domain.deployments.deployment import Membership
from domain.deployments.sharing import Basis, NotShared, Redaction, Shared, Visible, shared_with, visible
from domain.ids import DraftId
from domain.plans.templates.form import digest_of
from domain.plans.templates.template import Draft, Note, Origin, RecallKind, Standing
from flows.refusals import REFUSALS
from tasks.deploying import answer_peer_of, ask_owner_of, change_deployment_of
from tasks.releasing import recall_version, release_draft
from tests.deployments.holding import DEPLOYMENT, TEMPLATE, Holding, template
from tests.remedies import lacks


def seen(holding: Holding, office: str) -> Shared | NotShared:
    with holding.application.store.read() as unit:
        release = unit.templates.newest(TEMPLATE)
        known = unit.deployments.all()
    return shared_with(office, release.template, known, holding.application.organization, holding.now)


def changed(receivers: str, **values: object):
    given = {"deployment": DEPLOYMENT, "person": "holding-sponsor", "why": "it moves", "dry_run": False}
    return change_deployment_of.fn(receivers=receivers, **{**given, **values})


def test_a_dry_run_says_who_would_be_asked_and_stores_nothing(holding: Holding) -> None:
    found = holding.open(dry_run=True)
    assert found.sentence == (
        "DRY RUN, nothing was written: erp-9 would be opened; permitted as sponsor of holding. 3 receiving offices,"
        " 0 accepted; next go-live 2027-05-12. DRY RUN: `dry_run` off carries it out."
    )
    with holding.application.store.read() as unit:
        assert unit.deployments.all().deployments == ()
    assert holding.ledger() == []


def test_each_step_is_recorded_with_the_role_and_done_again_changes_nothing(holding: Holding) -> None:
    assert (holding.open().new, holding.open().new) == (True, False)
    assert (holding.reply("oslo").new, holding.reply("oslo").new) == (True, False)
    assert (holding.share().new, holding.share().new) == (True, False)
    assert (changed("oslo 2027-05-20").new, changed("oslo 2027-05-20").new) == (True, False)
    assert (holding.close().new, holding.close().new) == (True, False)
    assert holding.ledger() == [
        ("deployment", DEPLOYMENT, "opened"), ("deployment", DEPLOYMENT, "accepted"), ("share", TEMPLATE, None),
        ("deployment", DEPLOYMENT, "changed"), ("deployment", DEPLOYMENT, "closed"),
    ]  # fmt: skip
    with holding.application.store.read() as unit:
        details = [each.event.detail for each in unit.ledger.entries()]
        told = json.dumps([dict(each) for each in details])
    assert [each["entered_by_operator"] for each in details] == [True] * 5
    assert [each["role"] for each in details] == ["sponsor", "head", "head", "sponsor", "sponsor"]
    assert "Person" not in told
    assert 'sponsor"' in told
    assert "all need it" not in told


def test_nothing_is_shared_before_the_head_accepted_and_nothing_after_the_close(holding: Holding) -> None:
    holding.open()
    assert holding.share(keep_back="risks").sentence.startswith(
        "finance/1 is shared under the deployment erp-9; kept back: 1 risk; 0 offices have it;"
    )
    assert isinstance(seen(holding, "oslo"), NotShared)
    holding.reply("oslo")
    assert seen(holding, "oslo") == Shared(DEPLOYMENT, Basis.DEPLOYMENT, frozenset({Redaction.RISKS}))
    holding.reply("oslo", accepts=False)
    assert isinstance(seen(holding, "oslo"), NotShared)
    holding.reply("oslo")
    holding.close()
    assert isinstance(seen(holding, "oslo"), NotShared)


def test_an_agreement_shares_without_any_deployment(holding: Holding) -> None:
    assert holding.share("porto-riga").offices == 1
    assert seen(holding, "riga") == Shared("porto-riga", Basis.AGREEMENT)
    holding.turn(400)
    assert isinstance(seen(holding, "riga"), NotShared)


def test_who_is_concerned_is_told_each_once_in_their_language(holding: Holding) -> None:
    holding.going()
    changed("lima 2027-06-15, riga 2027-08-01, kobe out")
    holding.close()
    told = holding.notices()
    assert [len(told[office]) for office in ("porto", "oslo", "lima", "kobe", "riga")] == [2, 3, 4, 2, 2]
    assert told["cairo"] == []
    assert told["lima"] != told["oslo"]
    assert [text for text in told["holding"] if "takes part" in text] == told["holding"]
    assert not [text for text in told["oslo"] if "Lima" in text or "Kobe" in text]


def test_a_changed_deployment_keeps_what_heads_said_and_asks_the_new_ones(holding: Holding) -> None:
    holding.going()
    changed("oslo 2027-05-20, riga 2027-08-01, kobe out")
    with holding.application.store.read() as unit:
        there = unit.deployments.get(DEPLOYMENT)
    assert [(each.office, each.membership) for each in there.receivers] == [
        ("oslo", Membership.ACCEPTED), ("lima", Membership.ACCEPTED), ("riga", Membership.INVITED),
    ]  # fmt: skip
    assert [each.contact for each in there.receivers] == ["oslo-call", "lima-reporter", "riga-reporter"]


def test_peers_see_each_other_and_an_office_that_has_not_accepted_sees_and_shows_nothing(
    holding: Holding,
) -> None:
    holding.going()
    with holding.application.store.read() as unit:
        known = unit.deployments.all()
    there = holding.application.organization
    sees = {
        (one, other)
        for one in there.offices
        for other in there.offices
        if one != other and isinstance(visible(one, other, known, there, holding.now), Visible)
    }
    members = ("porto", "oslo", "lima")
    assert sees == {(one, other) for one in members for other in members if one != other}


BAD: list[tuple[str, Callable[[Holding], object], str]] = [
    ("no office", lambda h: h.open(""), "receivers: it names no office; write office, date and person"),
    (
        "no date",
        lambda h: h.open("oslo"),
        "receivers, entry 1: it has 1 words, not two or three; write office",
    ),
    (
        "a wrong date",
        lambda h: h.open("oslo 12.05.2027"),
        "receivers, entry 1: '12.05.2027' is no date; write it as",
    ),
    (
        "an office twice",
        lambda h: h.open("oslo 2027-05-12, oslo 2027-06-01"),
        "entry 2: oslo stands there twice",
    ),
    (
        "an unknown office",
        lambda h: h.open("bergen 2027-05-12"),
        "entry 1: there is no office 'bergen'; give an id",
    ),
    (
        "the pilot",
        lambda h: h.open("porto 2027-05-12"),
        "entry 1: porto is the pilot and has the system; leave it",
    ),
    ("a day that has passed", lambda h: h.open("oslo 2027-02-01"), "entry 1: 2027-02-01 has passed at oslo"),
    ("nobody to call", lambda h: h.open("oslo 2027-05-12 liv"), "entry 1: nobody has the id 'liv'"),
    ("a dead opaque id", lambda h: h.open("oslo 2027-05-12 p-0123456789abcdef"), "nobody has the opaque id"),
    ("no system", lambda h: h.open(system=" "), "system: it is empty; give the name of what is deployed"),
    ("a long system", lambda h: h.open(system="x" * 61), "system: it has 61 characters; give the name"),
    ("no template", lambda h: h.open(template="hr"), "there is no draft hr; there are none; capture one"),
    (
        "nobody",
        lambda h: h.open(person=""),
        "nobody is named who decided to open a deployment: it takes the sponsor",
    ),
    (
        "no sponsor",
        lambda h: h.open(person="porto-head"),
        "whoever is named may not open a deployment: it takes the",
    ),
    ("another office's sponsor", lambda h: h.open(person="oslo-sponsor"), "whoever is named may not open a"),
    (
        "a name that is taken",
        lambda h: (h.open(), h.open("oslo 2027-09-01")),
        "there is a deployment erp-9 already",
    ),
    (
        "an unknown deployment",
        lambda h: h.reply("oslo"),
        "there is no deployment 'erp-9'; there are none; open one",
    ),
    ("an office outside", lambda h: (h.open(), h.reply("cairo")), "cairo is not in the deployment erp-9"),
    (
        "another office's head",
        lambda h: (h.open(), h.reply("oslo", person="lima-head")),
        "may not accept or decline",
    ),
    (
        "out of nothing",
        lambda h: (h.open(), changed("riga out")),
        "entry 1: riga is not in the deployment erp-9",
    ),
    (
        "all out",
        lambda h: (h.open("oslo 2027-05-12"), changed("oslo out")),
        "no office is left in the deployment",
    ),
    (
        "a closed one",
        lambda h: (h.open(), h.close(), changed("oslo 2027-09-01")),
        "was closed on 2027-03-01; open an",
    ),
    (
        "not its sponsor",
        lambda h: (h.open(), h.close(person="porto-sponsor")),
        "another sponsor has opened this",
    ),
    (
        "under nothing",
        lambda h: h.share("hr"),
        "under: there is no deployment or agreement 'hr'; there are porto-riga",
    ),
    (
        "under a closed one",
        lambda h: (h.open(), h.close(), h.share()),
        "under: the deployment erp-9 is closed; open",
    ),
    (
        "no version",
        lambda h: h.share(template="hr"),
        "there is no released template 'hr'; there are finance/1",
    ),
    (
        "a word that is none",
        lambda h: h.share("porto-riga", keep_back="costs, names"),
        "keep_back: nothing is kept back under the name 'names'; write some of costs, risks, texts",
    ),
    (
        "an agreement about reports",
        lambda h: h.share("porto-cairo"),
        "under: porto-cairo shares no templates; add",
    ),
    (
        "not the owner",
        lambda h: h.share("porto-riga", person="riga-head"),
        "may not share a template: it takes the",
    ),
]


@pytest.mark.parametrize(("act", "said"), [each[1:] for each in BAD], ids=[each[0] for each in BAD])
def test_what_cannot_be_is_refused_with_place_and_remedy(
    holding: Holding, act: Callable[[Holding], object], said: str
) -> None:
    with pytest.raises(REFUSALS) as refused:
        act(holding)
    assert said in str(refused.value)
    assert lacks(str(refused.value)) == [], str(refused.value)


def test_where_entered_decisions_do_not_count_an_operator_opens_and_changes_and_nothing_more(
    holding: Holding,
) -> None:
    path = holding.folder / "organization.yaml"
    path.write_text(path.read_text("utf-8").replace("true", "false"), "utf-8")
    holding.turn(0)
    assert holding.open().new
    assert changed("oslo 2027-05-20").new
    for act in (lambda: holding.reply("oslo"), holding.share, holding.close):
        with pytest.raises(PermissionError, match="does not count in this organization"):
            act()


def test_a_sponsor_who_is_gone_is_followed_by_whoever_has_the_role(holding: Holding) -> None:
    holding.open()
    path = holding.folder / "offices.yaml"
    path.write_text(
        path.read_text("utf-8").replace("sponsor: [holding-sponsor]", "sponsor: [holding-call]"), "utf-8"
    )
    holding.turn(1)
    assert holding.close(person="holding-call").new


@pytest.mark.parametrize(
    ("system", "expected"), [("ERP 9 (Asia)", "erp-9-asia"), ("Größe & Maß", "groe-ma"), ("財務", TEMPLATE)]
)
def test_the_id_of_a_deployment_is_made_of_the_systems_name_in_any_language(
    holding: Holding, system: str, expected: str
) -> None:
    assert holding.open(system=system).deployment == expected


def imported(holding: Holding) -> str:
    """A draft of the template with one more lesson, as its owner would import it."""
    found = template()
    found = replace(found, lessons=(*found.lessons, Note("l2", {"en": "Ask the bank first"})))
    draft = Draft(found, digest_of(found), holding.now, Origin.IMPORTED)
    with holding.application.store.begin() as unit:
        unit.templates.keep(draft)
        unit.commit()
    return str(DraftId(TEMPLATE, draft.digest))


def test_an_answer_is_a_lesson_of_the_next_version_of_which_everybody_with_the_template_is_told(
    holding: Holding,
) -> None:
    holding.going()
    asked = ask_owner_of.fn(TEMPLATE, "oslo", "Which bank was it?", "oslo-reporter", dry_run=False)
    assert not ask_owner_of.fn(TEMPLATE, "oslo", "Which  bank was it?", "oslo-reporter", dry_run=False).new
    assert answer_peer_of.fn(asked.question, "The new one.", "porto-head", dry_run=False).new
    draft = imported(holding)
    release_draft.fn(draft, "porto-head", "questions answered", Standing.LIVE, dry_run=False)
    with holding.application.store.read() as unit:
        texts = [note.texts["en"] for note in unit.templates.newest(TEMPLATE).template.lessons]
    assert "Which bank was it? The new one." in texts
    told = holding.notices()
    with_it = [office for office in told if any("finance/2" in text for text in told[office])]
    assert with_it == ["oslo", "lima"]


def test_a_recall_reaches_every_office_that_has_the_template_and_no_other(holding: Holding) -> None:
    holding.going()
    holding.share("porto-riga")
    recall_version.fn(
        "finance/1", RecallKind.STOP, "porto-head", "it drops credit notes; wait", dry_run=False
    )
    told = holding.notices()
    reached = [office for office in told if any("it drops credit notes" in text for text in told[office])]
    assert reached == ["oslo", "lima", "riga"]


@pytest.mark.parametrize(
    ("office", "text", "person", "said"),
    [
        (
            "cairo",
            "Which bank?",
            "cairo-head",
            "no template 'finance' is shared with cairo: its owner shares it",
        ),
        (
            "kobe",
            "Which bank?",
            "kobe-head",
            "no template 'finance' is shared with kobe: its owner shares it",
        ),
        ("porto", "Which bank?", "porto-head", "office: porto owns finance; name an office"),
        ("oslo", "Which bank?", "lima-head", "whoever is named may not ask the owner of a template"),
        (
            "oslo",
            "Ask Person Porto-Head",
            "oslo-head",
            "question: it holds a person's name, and everybody with the",
        ),
        ("nowhere", "Which bank?", "oslo-head", "there is no office 'nowhere'; give an id of offices.yaml"),
    ],
)
def test_only_an_office_that_has_the_template_asks_and_names_nobody(
    holding: Holding, office: str, text: str, person: str, said: str
) -> None:
    holding.going()
    with pytest.raises(REFUSALS) as refused:
        ask_owner_of.fn(TEMPLATE, office, text, person, dry_run=False)
    assert said in str(refused.value)
