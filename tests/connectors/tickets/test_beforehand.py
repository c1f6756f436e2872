"""What trackers say beforehand and hold up, on inputs of their own: names, required fields, rights, keys, moves."""

from datetime import date

import pytest

from connectors.protocol import Done
from connectors.tickets.offering import Has, lacks, near
from connectors.tickets.required import TypeField, lacking
from connectors.tickets.settings import TicketSettings
from domain.organization.office import Access, Conflict
from tests.connectors.deciding import but, decided, delivered_before
from tests.connectors.workbook.books import item, put, question
from tests.contract import memory
from tests.contract.bench import merged

FIELDS = ("Kostenstelle", "Kostenträger", "Rolle", "Stand", "Prüfer", "Ort", "Los", "Gewerk", "Bauteil")


def test_the_nearest_names_are_told_and_all_where_there_are_few():
    assert near("kostenstele", FIELDS) == "; nearest are Kostenstelle, Kostenträger"
    assert near("Rolle", ("Role",)) == "; there are Role"
    assert near("Rolle", ()) == "; there is none at all"
    assert near("xyzzy", FIELDS) == ""


def test_what_is_missing_of_projects_is_named_as_a_standard_asks_for_it():
    use = TicketSettings.model_validate({
        "projects": {
            "within": ["P-1"],
            "columns": {"stage": "Phase", "budget": "Budget"},
            "gates": {"G1": "Tor 1"},
            "attested": {"charter": {"person": "Auftrag", "on": "Auftrag am"}},
            "fields": {"risks": "Risiken"},
        },
        "items": {"columns": {"owner": "Prüfer"}, "statuses": ["offen"]},
    })  # fmt: skip
    found = lacks(use, Has(FIELDS, ("Budget", "Auftrag"), ("open",)))
    assert [each.offered for each in found] == ["stage", "gate.G1", "attested.charter", "risks", ""]
    assert [each.place for each in found][-1] == "items.statuses"
    assert lacks(use, Has()) == ()


@pytest.mark.parametrize(
    ("field", "said"),
    [
        (TypeField("Ort", "f1", required=True), 'constants: {"Ort": "VALUE"}'),
        (TypeField("Ort", "f1", required=True, options={"Süd": 1, "Nord": 2}), 'constants: {"Ort": "Süd"}'),
        (TypeField("Ort", "f1", required=True, writable=False), ""),
        (TypeField("Rolle", "f2", required=True), ""),
        (TypeField("Los", "f3", required=True), ""),
        (TypeField("Los", "f3", options={"8": 8}), "constants.Los: there is no '7'; there are 8"),
    ],
)
def test_a_required_field_is_told_with_what_to_paste(field, said):
    found = list(lacking([field], frozenset({"Rolle"}), {"f3": 7}))
    assert len(found) == bool(said)
    assert all(said in each for each in found)


def test_a_constant_is_written_once_and_what_the_office_makes_of_it_stays():
    standin = memory.furnished()
    standin.fields["Los"] = {"required": True, "kind": "number"}
    settings = merged(memory.SETTINGS, {"constants": {"Los": 7}})
    tool = memory.connector(standin, settings=settings)
    assert [each.done for each in put(tool, item("k/1"), question("q/1")).results] == [Done.CREATED] * 2
    (ours,) = standin.bearing("k/1")
    assert ours["fields"]["Los"] == 7.0
    standin.change(ours["number"], fields={**ours["fields"], "Los": 8})
    (result,) = put(tool, item("k/1", due=date(2027, 4, 9))).results
    assert (result.done, standin.bearing("k/1")[0]["fields"]["Los"]) == (Done.UPDATED, 8)


def test_a_barred_project_is_asked_once_for_each_type_and_the_others_are_served():
    standin = memory.furnished()
    standin.barred.add("P-1")
    tool = memory.connector(standin)
    wanted = [item(f"k/{n}", project=f"P-{1 + n % 2}") for n in range(8)] + [question("q/1"), question("q/2")]
    written = put(tool, *wanted)
    became = {each.key: each.done for each in written.results}
    assert {became[f"k/{n}"] for n in range(1, 8, 2)} == {Done.CREATED}
    assert {became[key] for key in ("k/0", "k/2", "k/4", "k/6", "q/1", "q/2")} == {Done.REFUSED}
    assert sum(call.startswith("POST") for call in written.calls) == 1 + 1 + 1 + 2, written.calls


def test_a_key_left_out_of_one_type_holds_up_that_type_alone_and_its_ticket_is_adopted():
    standin = memory.furnished()
    tool = memory.connector(standin, Access.ASK)
    put(tool, question("q/1"))
    standin.keyless = True
    (first,) = put(tool, question("q/2")).results
    assert (first.done, first.ref) == (Done.REFUSED, "#8")
    assert "without our key" in first.why
    again = put(tool, question("q/2"), question("q/3"))
    assert [each.done for each in again.results] == [Done.SAME, Done.REFUSED]
    assert len(standin.tickets()) == 6 + 2
    (remark,) = tool.check().remarks
    assert "#8" in remark


def test_what_the_office_moved_and_renamed_stays_so_while_ours_goes_on():
    standin = memory.furnished()
    tool = memory.connector(standin)
    before = item("k/1", project="P-1")
    put(tool, before)
    (ours,) = standin.bearing("k/1")
    standin.change(ours["number"], project="P-2", title="Umgezogen")
    wanted = but(before, title="Neuer Titel", standing="late")
    decision = delivered_before(wanted, before, tool.find(["k/1"])["k/1"], Conflict.THEIRS)
    (result,) = tool.put([decision], tool.read().digest).results
    (there,) = standin.bearing("k/1")
    assert (result.done, result.fields) == (Done.UPDATED, ("standing",))
    assert (there["project"], there["title"]) == ("P-2", "Umgezogen")
    assert tool.put(decided(), tool.read().digest).calls == ()
