"""What is written comes back as it was, types included, for every value that the store keeps."""

import dataclasses
import types
import typing
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from domain.canonical import digest
from domain.compliance.sweep import Judged, Sweep
from domain.delivery.delivery import Intent
from domain.plans.project import Plan, Project, ToolDescription, Unreadable
from domain.plans.work_calendar import WorkCalendar
from domain.questions.question import Notice, Question
from domain.rollouts.rollout import Adoption, Rollout, Standing
from domain.standards.standard import Version
from store.document import DocumentForm, prepare
from store.errors import Unstorable

KEPT = [
    Plan, ToolDescription, tuple[Unreadable, ...], Version, Rollout, Adoption, dict[Standing, int],
    Question, Notice, Intent, Sweep, Judged,
]  # fmt: skip

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=8) | st.sampled_from(["2027-01-04", "$date", "$$at", "", "1", "true", "\x00"])
NAIVE = datetime(1950, 1, 1)  # noqa: DTZ001 - what must not be kept
TIMES = st.datetimes(
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=5, minutes=45))]), min_value=NAIVE
)
SIMPLE = {
    str: TEXTS, bool: st.booleans(), int: st.integers(), float: NUMBERS, date: st.dates(), datetime: TIMES,
    time: st.times(), type(None): st.none(),
}  # fmt: skip
HOURS = st.sampled_from([(), ((480, 720), (780, 1020)), ((0, 1440),)])
SIMPLE[WorkCalendar] = st.builds(WorkCalendar, TEXTS, st.tuples(st.just(((540, 600),)), *[HOURS] * 6))
OPEN = st.recursive(
    st.one_of(*(each for kind, each in SIMPLE.items() if kind is not WorkCalendar)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=5,
)


def values(kind: object) -> st.SearchStrategy:
    """Any value of a type, from its annotations alone."""
    if kind is object:
        return OPEN
    if kind in SIMPLE:
        return SIMPLE[kind]
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return st.builds(kind, **{f.name: values(hints[f.name]) for f in dataclasses.fields(kind)})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        return st.one_of([values(each) for each in inner])
    if origin in (Mapping, dict):
        return st.dictionaries(values(inner[0]), values(inner[1]), max_size=3)
    if origin is frozenset:
        return st.frozensets(values(inner[0]), max_size=3)
    if origin is tuple and inner[1:] == (...,):
        return st.lists(values(inner[0]), max_size=2).map(tuple)
    raise NotImplementedError(str(kind))


def shape(value: object) -> object:
    """A value with the type of everything in it, so that 1, 1.0 and True are three."""
    if dataclasses.is_dataclass(value):
        return type(value), [shape(getattr(value, f.name)) for f in dataclasses.fields(value)]
    if isinstance(value, Mapping):
        return [(shape(key), shape(item)) for key, item in value.items()]
    if isinstance(value, tuple | list):
        return type(value), [shape(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC)
    return type(value), value


@pytest.mark.parametrize("kind", KEPT, ids=str)
def test_every_value_comes_back_as_it_was(kind: type) -> None:
    document = DocumentForm(kind)

    @settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(values(kind))
    def check(value: object) -> None:
        back = document.read(document.write(value))
        assert back == value
        assert shape(back) == shape(value)

    check()


def test_a_date_and_its_text_stay_two_things() -> None:
    fields = {"date": date(2027, 1, 4), "text": "2027-01-04", "whole": 1, "broken": 1.0, "yes": True}
    plan = Plan(Project("porto/1", "porto", "Quay", fields=fields))
    back = DocumentForm(Plan).read(DocumentForm(Plan).write(plan))
    assert [type(value) for value in back.project.fields.values()] == [date, str, int, float, bool]


def test_the_order_of_a_mapping_stays() -> None:
    document = DocumentForm(dict[str, object])
    assert list(document.read(document.write({"b": 1, "a": 2}))) == ["b", "a"]


def test_a_mapping_that_looks_like_a_tag_is_not_taken_for_one() -> None:
    document = DocumentForm(dict[str, object])
    for tricky in ({"$date": "2027-01-04"}, {"$$date": "2027-01-04"}, {"$": 1}, {"x": {"$at": "now"}}):
        assert document.read(document.write(tricky)) == tricky


def test_words_that_json_has_for_no_number_are_texts_like_others_beside_a_date() -> None:
    document = DocumentForm(dict[str, object])
    value = {"a": "NaN", "b": date(2027, 1, 4), "NaN": "Infinity", "c": [Decimal(1), "NaN", time(8)]}
    assert document.read(document.write(value)) == value


@pytest.mark.parametrize(
    "text", ['{"a":NaN,"b":{"$date":"2027-01-04"}}', '{"b":{"$date":"2027-01-04"},"a":NaN}', '{"a":-Infinity,"b":{"$date":"2027-01-04"}}']
)  # fmt: skip
def test_a_number_that_is_none_never_takes_the_place_of_a_date(text: str) -> None:
    with pytest.raises(Unstorable):
        DocumentForm(dict[str, object]).read(text)


@pytest.mark.parametrize("value", [date(2027, 1, 4), "$date", {"$date": "2027-01-04"}, {"$": 1}, [Decimal(2), NAIVE.replace(tzinfo=UTC)], Standing.TRIAL, 1.5, None])  # fmt: skip
def test_what_is_written_more_quickly_is_the_same(value: object) -> None:
    quick, slow = DocumentForm(dict[str, object], plain=True), DocumentForm(dict[str, object])
    assert quick.write({"x": value, "y": "€"}) == slow.write({"x": value, "y": "€"})
    for refused in (float("inf"), NAIVE, b"bytes"):
        with pytest.raises(Unstorable):
            quick.write({"x": refused})


def test_a_whole_number_in_a_broken_field_keeps_the_plans_digest() -> None:
    plan = Plan(Project("porto/1", "porto", "Quay", percent_complete=94))
    assert digest(DocumentForm(Plan).read(DocumentForm(Plan).write(plan))) == digest(plan)


def test_decimals_of_an_open_field_come_back() -> None:
    document = DocumentForm(dict[str, object])
    assert document.read(document.write({"limit": Decimal("1.50")})) == {"limit": Decimal("1.50")}


@pytest.mark.parametrize(
    "value",
    [
        float("nan"),
        float("inf"),
        b"bytes",
        NAIVE,
        {"x": {1: "a", "1": "b"}},
        {None: 1},
        object(),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_would_not_come_back_is_refused(value: object) -> None:
    with pytest.raises(Unstorable, match="cannot be stored"):
        DocumentForm(dict[str, object]).write({"value": value})


def test_a_value_that_is_not_what_its_field_says_is_refused() -> None:
    with pytest.raises(Unstorable):
        DocumentForm(Plan).write(Plan(Project("porto/1", "porto", "Quay", percent_complete="94 %")))


def test_a_damaged_document_is_refused_without_quoting_it() -> None:
    for text in ('{"project": {"key": "Ana"}}', "{", "[]", '{"$date": "Ana"}'):
        with pytest.raises(Unstorable) as caught:
            DocumentForm(Plan).read(text)
        assert "Ana" not in str(caught.value)


def test_a_kept_document_is_read_once_and_a_damaged_one_refused_each_time() -> None:
    plans, plan = DocumentForm(Plan, keep=2), Plan(Project("porto/1", "porto", "Quay"))
    text = plans.write(plan)
    assert plans.read(text) == plan
    assert plans.read(text) is plans.read(str(text.encode(), "utf-8"))
    assert plans.read(text.replace("Quay", "Pier")).project.title == "Pier"
    for _ in range(2):
        with pytest.raises(Unstorable):
            plans.read(text.replace("Quay", "Quay" + chr(34)))


def test_the_text_of_what_is_stored_stays_as_it_is() -> None:
    at = datetime(2027, 1, 4, 9, 30, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    value = {
        "text": 'ä"\n\u2028\U0001f600', "truth": [True, False, None], "numbers": (1, -0.0, 1.0, 1e16, 5e-324, 2**70),
        "date": date(2027, 1, 4), "at": at, "time": time(17, 30), "decimal": Decimal("1.50"), "$": {"$at": "now"},
        "set": frozenset({"b", "a", 10, 9}), "word": Standing.ADOPTED, 7: {},
    }  # fmt: skip
    assert DocumentForm(dict[object, object]).write(value) == (
        r'{"text":"\u00e4\"\n\u2028\ud83d\ude00","truth":[true,false,null],'
        r'"numbers":[1,-0.0,1.0,1e+16,5e-324,1180591620717411303424],"date":{"$date":"2027-01-04"},'
        r'"at":{"$at":"2027-01-04T03:45:00+00:00"},"time":{"$time":"17:30:00"},"decimal":{"$decimal":"1.50"},'
        r'"$$":{"$$at":"now"},"set":["a","b",10,9],"word":"adopted","7":{}}'
    )


@pytest.mark.parametrize(
    "value",
    [
        {"a": datetime(2027, 1, 4, 7, tzinfo=UTC), "b": {"c": date(2027, 1, 4)}},
        {"$at": "no time", "a": date(2027, 1, 4)},
        {"a": '{"$at":"2027-01-04"}', "b": date(2027, 1, 4)},
        {"$at": "2027-01-04"},
        {"a": {"$date": date(2027, 1, 4)}},
        {"a": "$at", "b": date(2027, 1, 4)},
    ],
)
def test_the_quick_way_of_reading_takes_no_key_or_text_for_a_tag(value) -> None:
    form = DocumentForm(dict[str, object])
    assert form.read(form.write(value)) == value


def test_a_form_is_worked_out_when_a_value_needs_it_or_all_are_in_advance() -> None:
    used, unused = DocumentForm(Standing), DocumentForm(Adoption)
    assert used.read(used.write(Standing.ADOPTED)) is Standing.ADOPTED
    assert ("adapter" in vars(used), "adapter" in vars(unused)) == (True, False)
    prepare()
    assert "adapter" in vars(unused)
