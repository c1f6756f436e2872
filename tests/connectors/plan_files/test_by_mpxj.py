"""300 generated plans as MPXJ writes them: Microsoft Project's XML, Primavera's XML and .xer, 100 of each."""

from collections import Counter
from itertools import islice

import pytest

from connectors.errors import Refused
from connectors.plan_files import mspdi_writing, reading
from connectors.project_file.process import KEEPER
from connectors.project_file.schedule import MSPDI, OLE, PMXML, XER
from domain.plans import certificate as certificates
from domain.plans.certificate import certificate
from tests.connectors.plan_files.counting import certified, differing
from tests.connectors.plan_files.plans import plan, plans
from tests.connectors.project_file import ole
from tests.contract import project_files

pytestmark = pytest.mark.servers
COUNT = 100
KINDS = (MSPDI, PMXML, XER)
LETTERS = {XER: "cp1252"}
WHOLE_IN_PRIMAVERA = {"link.type", "task.actual_start", "task.actual_finish", "calendar.special_hours"}
OTHER_IN_MSPDI = {"plan.finish", "task.remaining"}
"""What MPXJ adds to a file (the plan's finish) or leaves out (that nothing of a finished task remains)."""


@pytest.fixture(autouse=True)
def java() -> None:
    project_files.need_java()


def by_mpxj(made, kind: str) -> bytes:
    answer = KEEPER.ask({"do": "convert", "kind": MSPDI, "to": kind}, mspdi_writing.written(made), "plan.xml")
    return answer["text"].encode("latin-1")


def read(data: bytes, kind: str):
    return reading.read_plan(data, f"plan.{'xer' if kind == XER else 'xml'}", encoding=LETTERS.get(kind, ""))


@pytest.mark.parametrize("kind", KINDS)
def test_what_differs_in_generated_plans_that_mpxj_wrote_is_in_the_certificate(kind, record_property) -> None:
    told: Counter[str] = Counter()
    silent: Counter[str] = Counter()
    stated = 0
    for made in islice(
        plans(3 * COUNT, tools=True), KINDS.index(kind) * COUNT, (KINDS.index(kind) + 1) * COUNT
    ):
        found = read(by_mpxj(made, kind), kind).plan
        counted, said = differing(made, found), certified(certificate(made, found))
        told += said
        silent += (counted - said) + (said - counted)
        stated += sum(each.stated for each in certificate(made, found).fields)
    record_property("facts", f"{stated:,} stated, {told.total():,} differ as told, {silent.total()} silently")
    record_property("fields", dict(told))
    assert not silent
    assert stated > 600 * COUNT
    if kind == MSPDI:
        assert set(told) <= OTHER_IN_MSPDI
    else:
        assert not set(told) & (WHOLE_IN_PRIMAVERA - ({"calendar.special_hours"} if kind == XER else set()))


def test_a_silent_loss_is_seen_by_the_count(monkeypatch) -> None:
    made = plan(3, tools=True)
    found = read(by_mpxj(made, PMXML), PMXML).plan
    honest = certificates.facts
    monkeypatch.setattr(
        certificates,
        "facts",
        lambda told: ((key, value) for key, value in honest(told) if key[0] != "task.cost"),
    )
    assert set(differing(made, found) - certified(certificate(made, found))) == {"task.cost"}


def test_an_activity_keeps_its_own_id_and_its_percentage() -> None:
    found = read(by_mpxj(plan(1, tools=True), PMXML), PMXML)
    assert found.kind == PMXML
    assert all(task.own_id for task in found.plan.tasks)
    assert {task.percent for task in found.plan.tasks if not task.summary} >= {0, 25, 100}
    assert any("activity codes" in each.what for each in found.remarks)


def test_a_locked_or_broken_mpp_is_refused_with_what_to_do() -> None:
    for data, said in (
        (OLE + b"\0" * 4096, "mpxj cannot read it"),
        (ole.locked_mpp(), "it is password-protected; save it without a password"),
    ):
        with pytest.raises(Refused, match=said):
            reading.read_plan(data, "plan.mpp")
