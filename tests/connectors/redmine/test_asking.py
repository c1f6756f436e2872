"""How many requests it takes to find an office's projects in a Redmine that has few or many."""

import pytest

from connectors.errors import Refused
from connectors.redmine.asking import PAGE, Asking
from connectors.redmine.connector import Redmine
from connectors.redmine.fields import RedmineFields, RedmineSettings
from connectors.tickets.settings import TicketTool
from domain.organization.office import Access
from tests.connectors.http.loopback import Tool, said, speaking
from tests.contract.around import around
from tests.contract.redmine_bench import settings
from tests.standins.canned import PROJECT, CannedRedmine
from tests.standins.world import Answer, served


def told(number: int, **more: object) -> dict[str, object]:
    """A project as Redmine tells it."""
    stamp = "2027-01-04T09:00:00Z"
    return {"id": number, "identifier": f"p-{number}", "name": f"P {number}", "updated_on": stamp, **more}


def page(first: int, total: int) -> bytes:
    """A page of the list of all projects."""
    last = min(first + PAGE - 1, total)
    return said(200, {"projects": [told(n) for n in range(first, last + 1)], "total_count": total})


def found(names: list[str], *answers: bytes) -> tuple[set[str], list[str]]:
    """Which projects were found, and the paths that were asked for."""
    with Tool(*answers) as tool, speaking(tool) as http:
        there, missing = Asking(http, RedmineFields(settings(*names))).projects()
        assert missing == {}
        return set(there), [head.split()[1].partition("?")[0] for head in tool.heads]


@pytest.mark.parametrize(("total", "pages"), [(2, 1), (PAGE, 1), (PAGE + 2, 2)])
def test_in_a_redmine_with_few_projects_they_come_by_its_list(total, pages):
    names = ["p-1", f"p-{total - 1}", f"p-{total}"]
    answers = [page(1 + PAGE * n, total) for n in range(pages)]
    assert found(names, *answers) == (set(names), ["/projects.json"] * pages)


def test_a_few_among_thousands_are_asked_for_by_their_names():
    one, two = said(200, {"project": told(4_000)}), said(200, {"project": told(4_001)})
    asked = ["/projects.json", "/projects/p-4000.json", "/projects/p-4001.json"]
    assert found(["p-4000", "p-4001"], page(1, 5_000), one, two) == ({"p-4000", "p-4001"}, asked)


def tool_at(url: str) -> Redmine:
    use = RedmineSettings.model_validate(
        {"projects": {"within": [PROJECT]}, "items": {"columns": {"key": "Key"}}}
    )
    tool = TicketTool(url=url, allow=("127.0.0.1",))
    return Redmine.connect(around(None), "porto", Access.OBSERVE, "5.0.4", tool, use)


def test_that_its_rest_service_is_off_is_said_and_not_taken_for_a_missing_right():
    standin = CannedRedmine()
    standin.off = True
    with served(standin) as url:
        with pytest.raises(
            Refused, match=r"REST web service is switched off.*Administration, Settings, API"
        ) as raised:
            tool_at(url).read()
        (remark,) = tool_at(url).check().remarks
    assert remark == raised.value.text
    assert "member" not in remark


def test_a_key_that_is_not_known_is_not_taken_for_rest_that_is_off():
    standin = CannedRedmine()
    standin.fault(path="current.json", answer=Answer(401))
    with served(standin) as url, pytest.raises(Refused, match="does not know the credential"):
        tool_at(url).read()


def test_where_the_export_says_nothing_a_number_stays_and_is_a_line():
    standin = CannedRedmine()
    standin.fault(path="issues.csv", times=9, answer=Answer(403))
    with served(standin) as url:
        use = RedmineSettings.model_validate({
            "projects": {"within": [PROJECT]},
            "items": {"columns": {"key": "Interoffice key", "owner": "Role"}},
        })  # fmt: skip
        tool = TicketTool(url=url, allow=("127.0.0.1",))
        reading = Redmine.connect(around(None), "porto", Access.OBSERVE, "5.0.4", tool, use).read()
    assert {item.owner for plan in reading.plans for item in plan.items} == {"6"}
    assert ["does not show what this number means" in told.problem for told in reading.unreadable] == [
        True
    ] * 6


def test_what_stands_on_the_first_page_is_not_asked_for_again():
    one = said(200, {"project": told(4_000)})
    names = {"p-1", "p-4000"}
    assert found(sorted(names), page(1, 5_000), one) == (names, ["/projects.json", "/projects/p-4000.json"])


def test_hours_of_time_entries_are_read_and_none_where_nothing_is_booked():
    with served(CannedRedmine()) as url:
        (plan,) = tool_at(url).read().plans
    first, second, *_ = plan.items
    assert (first.plan.spent, second.plan and second.plan.spent) == (6.5, None)
