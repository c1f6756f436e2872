"""What became of a case's draft stands in the timeline of the case, with whose comment and which answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from domain.cases.case import About, Case, Raised
from domain.cases.case import Said as CaseSaid
from domain.cases.kinds import AboutKind, CaseCause
from domain.cases.moving import raised
from domain.cases.sheet import sheet_of
from domain.drafts import moving
from domain.drafts.consultation import with_consultation
from domain.drafts.draft import Draft, Said
from domain.language import ENGLISH
from tests.domain.cases.sample import ORG
from tests.domain.drafts.test_moving import AT, CALENDARS, by, commented, opened

READER = ORG.offices["porto"].roles["head"][0]


def case(project: str = "") -> Case:
    about = About(AboutKind.RULE, "size", "method", "1.0", project=project)
    who = Raised("porto", READER, AT, CaseCause.REGULATORY, "the port authority asks for it")
    return raised(Case("case-1", about, (who,), "hq"), CaseSaid(AT, READER))


def consulted() -> Draft:
    """Two offices comment, one has none; the owner declines both, and accepts the first after all."""
    there = commented(opened(), "porto", "5 is too few", AT + timedelta(hours=1))
    there = commented(there, "dubai", "leave it", AT + timedelta(hours=2))
    there = moving.without_comment(there, by("oslo", AT + timedelta(hours=3)), CALENDARS["oslo"])
    answers = ((4, 1, "5 is enough", False), (5, 2, "a port needs it", False), (6, 1, "", True))
    for hours, number, reason, accepted in answers:
        said = Said(AT + timedelta(hours=hours), "mara", "hq")
        there = moving.answered(there, number, reason, said, accepted=accepted)
    return there


def told(draft: Draft, of: Case, person: str = READER) -> list[tuple[str, str]]:
    sheet = sheet_of(of, ORG, person, AT + timedelta(days=1), ENGLISH)
    assert sheet is not None
    found = with_consultation(sheet, of, [draft], (ORG, person), ENGLISH)
    assert [each.at for each in found.moments] == sorted(each.at for each in found.moments)
    return [(each.what, each.office) for each in found.moments]


def test_each_comment_stands_there_with_its_office_and_what_its_owner_answered_in_the_end() -> None:
    name = {key: ORG.offices[key].name for key in ("porto", "dubai", "oslo", "hq")}
    assert told(consulted(), case()) == [
        ("raised: the port authority asks for it", name["porto"]),
        ("draft method/2.0: put to the offices", name["hq"]),
        ("comment 1 on the draft method/2.0: 5 is too few", name["porto"]),
        ("comment 2 on the draft method/2.0: leave it", name["dubai"]),
        ("draft method/2.0: no comment", name["oslo"]),
        ("draft method/2.0: a comment was answered: 1: 5 is enough", name["hq"]),
        ("comment 2 on the draft method/2.0 was declined: a port needs it", name["hq"]),
        ("comment 1 on the draft method/2.0 was accepted", name["hq"]),
    ]


def test_where_the_case_names_a_restricted_project_no_text_of_it_reaches_another_office() -> None:
    of = case("porto/P-1")
    porto = replace(ORG.offices["porto"], restricted=frozenset({"P-1"}))
    closed = replace(ORG, offices={**ORG.offices, "porto": porto})
    person = ORG.offices["hq"].roles["head"][0]
    for reader, seen in ((person, False), (READER, True)):
        sheet = sheet_of(of, closed, reader, AT, ENGLISH)
        assert sheet is not None
        found = with_consultation(sheet, of, [consulted()], (closed, reader), ENGLISH)
        text = " ".join(each.what for each in found.moments)
        assert ("5 is too few" in text, "a port needs it" in text) == (seen, seen)
        assert "comment 2 on the draft method/2.0 was declined" in text


def test_an_office_that_is_gone_is_named_by_its_id() -> None:
    gone = replace(ORG, offices={key: office for key, office in ORG.offices.items() if key != "oslo"})
    sheet = sheet_of(case(), gone, READER, AT, ENGLISH)
    assert sheet is not None
    found = with_consultation(sheet, case(), [consulted()], (gone, READER), ENGLISH)
    assert ("draft method/2.0: no comment", "oslo") in [(each.what, each.office) for each in found.moments]
