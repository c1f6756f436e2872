"""Plans written as JSON, Microsoft Project's XML and workbooks, and read back: equal, or the certificate says where not."""

import json
import re
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from connectors.plan_files import mspdi_writing, plan_json, writing
from domain.plans.certificate import certificate
from domain.plans.link import Lag, LagMeasure, PlanLink
from domain.plans.task import Duration, Money, PlanTask
from domain.plans.whole_plan import WholePlan
from domain.plans.work_calendar import WorkCalendar
from tests.connectors.plan_files.counting import certified, differing
from tests.connectors.plan_files.plans import START, UPDATES, plan, plans

COUNT = 60
FORMS = (writing.JSON, writing.XML, writing.XLSX)


def there_and_back(made: WholePlan, form: str) -> WholePlan:
    return writing.read_back(writing.written(made, form, f"plan.{form}", None), form, f"plan.{form}")


def small(*tasks: PlanTask, links: tuple[PlanLink, ...] = (), title: str = "a plan") -> WholePlan:
    return WholePlan(title, "Standard", (WorkCalendar("Standard"),), tasks, links, START)


@pytest.mark.parametrize("form", FORMS)
def test_generated_plans_with_their_five_updates_are_read_back_equal(form) -> None:
    silent = differed = 0
    for made in plans(COUNT):
        back = there_and_back(made, form)
        told, counted = certified(certificate(made, back)), differing(made, back)
        silent += sum(((counted - told) + (told - counted)).values())
        differed += sum(counted.values())
        assert replace(back, links=()) == replace(made, links=())
    assert (silent, differed) == (0, 0)


@pytest.mark.parametrize("form", FORMS)
def test_a_link_that_a_writer_leaves_out_is_told_by_the_certificate(form) -> None:
    made = plan(3)
    back = there_and_back(replace(made, links=made.links[1:]), form)
    assert certified(certificate(made, back)) == differing(made, back)
    assert certified(certificate(made, back))["link.type"] == 1


@pytest.mark.parametrize("form", FORMS)
def test_the_same_plan_gives_the_same_bytes_in_whatever_order_its_links_are(form) -> None:
    made = plan(2)
    turned = replace(made, links=made.links[::-1])
    assert writing.written(made, form, "p", None) == writing.written(turned, form, "p", None)


def test_the_json_of_every_generated_plan_fits_its_published_schema() -> None:
    check = jsonschema.Draft202012Validator(plan_json.json_schema())
    for made in plans(2 * UPDATES):
        check.validate(json.loads(plan_json.written(made)))
    wrong = json.loads(plan_json.written(plan(0))) | {"tasks": [{"uid": "1"}]}
    assert not check.is_valid(wrong)


def test_an_amount_has_one_form_in_json() -> None:
    one, other = (
        small(PlanTask("1", "t", duration=Duration(0), cost=Money(Decimal(text), "EUR")))
        for text in ("1200.50", "1200.5")
    )
    assert one == other
    assert plan_json.written(one) == plan_json.written(other)


TEXTS = ("=1+1", "+cmd|' /C calc'!A0", "@SUM(A1)", "https://127.0.0.1/x", "file:///etc/passwd", "007", "1e5", "TRUE", "_x0041_", "<b>&amp;", "]]>", "a\tb", "line\nline", "\u202ertl", "\U0001d4b3", " padded ")  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("form", FORMS)
def test_a_text_stays_a_text_whatever_it_looks_like(form, text) -> None:
    made = small(PlanTask("1", text, duration=Duration(60), notes=text, role=text), title=text)
    assert there_and_back(made, form) == made


def test_a_workbook_holds_no_formula_and_no_link() -> None:
    made = small(*(PlanTask(str(at), text, duration=Duration(60)) for at, text in enumerate(TEXTS, 1)))
    with zipfile.ZipFile(BytesIO(writing.written(made, "xlsx", "p", None))) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    assert not any("<f>" in text or "<hyperlink" in text for text in parts.values())
    assert not any("TargetMode" in text for text in parts.values())


@settings(max_examples=25, deadline=None, derandomize=True)
@given(name=some.text(max_size=30), minutes=some.integers(0, 10**6), elapsed=some.booleans(), amount=some.integers(-10**5, 10**5), measure=some.sampled_from(LagMeasure))  # fmt: skip
def test_whatever_differs_after_a_round_trip_is_in_the_certificate(
    name, minutes, elapsed, amount, measure
) -> None:
    made = small(
        PlanTask("1", name, duration=Duration(minutes, elapsed)),
        PlanTask("2", "next", duration=Duration(60), percent=amount % 1001 / 10),
        links=(PlanLink("1", "2", lag=Lag(amount / 2, measure)),) if amount else (),
    )
    for form in FORMS:
        try:
            back = there_and_back(made, form)
        except UnicodeError:
            continue  # half a letter, which no file can hold
        assert certified(certificate(made, back)) == differing(made, back)


def test_costs_in_a_second_currency_are_lost_in_a_project_file_and_never_turned_into_the_first() -> None:
    tasks = [
        PlanTask(str(at), "t", duration=Duration(60), cost=Money(Decimal(at), code))
        for at, code in ((1, "EUR"), (2, "EUR"), (3, "CHF"))
    ]
    made = small(*tasks)
    back = there_and_back(made, "xml")
    assert [task.cost for task in back.tasks] == [tasks[0].cost, tasks[1].cost, None]
    (fate,) = [each for each in certificate(made, back).fields if each.field == "task.cost"]
    assert (fate.kept, fate.lost) == (2, 1)


def test_summaries_stand_before_their_tasks_in_files_and_the_certificate_tells_another_order() -> None:
    made = small(
        PlanTask("T", "task", parent="S", duration=Duration(60)),
        PlanTask("S", "summary", summary=True),
    )
    back = there_and_back(made, "xml")
    assert [task.uid for task in back.tasks] == ["S", "T"]
    assert [each.approximated for each in certificate(made, back).fields if each.field == "task.order"] == [2]


def test_numbers_of_tasks_are_kept_as_they_are_and_other_ids_stand_in_a_custom_field() -> None:
    numbers = mspdi_writing.written(small(PlanTask("17", "t", duration=Duration(60))))
    assert b"<UID>17</UID>" in numbers
    assert b"ExtendedAttribute><" not in numbers
    texts = mspdi_writing.written(small(PlanTask("T 17", "t", duration=Duration(60))))
    assert re.search(rb"<Alias>interoffice uid</Alias>", texts)


def test_times_that_a_workbook_cannot_number_stand_there_as_texts() -> None:
    early = START.replace(year=1850) + timedelta(minutes=7)
    made = small(PlanTask("1", "t", duration=Duration(60), deadline=early))
    assert there_and_back(made, "xlsx") == made
