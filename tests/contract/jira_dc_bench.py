"""Jira Data Center's stand-in as a bench of the contract; another node of it is a few seconds behind."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from connectors.jira.data_center import JiraDataCenter
from connectors.jira.fields import JiraSettings
from connectors.tickets.lines import MARK, apart
from connectors.tickets.settings import TicketTool
from domain.organization.office import Access
from tests.connectors.workbook import books
from tests.contract.around import around
from tests.contract.jira_bench import SETTINGS, TWO_LINES, furnish, jira_bench
from tests.standins.jira_dc import JiraDataCenterStandIn


def connector(
    url: str,
    access: Access = Access.WRITE,
    secret: Callable[[], str] = lambda: "pat-interoffice",
    settings: dict[str, Any] = SETTINGS,
    zone: str | None = None,
    **more: Any,
) -> JiraDataCenter:
    """The connector to a stand-in."""
    tool = TicketTool(url=url, allow=("127.0.0.1",), zone=zone)
    use = JiraSettings.model_validate(settings)
    return JiraDataCenter.connect(around(None, secret, **more), books.OFFICE, access, "10.3", tool, use)


def furnished() -> JiraDataCenterStandIn:
    """A server with two projects and six tasks of the office's."""
    standin = JiraDataCenterStandIn()
    standin.lag = timedelta(seconds=5)
    furnish(standin, TWO_LINES.replace("\n", "\r\n"))
    return standin


def jira_dc_bench(url: str, standin: JiraDataCenterStandIn) -> Any:
    """A part of a running stand-in."""

    def annotate(key: str, text: str) -> None:
        (issue,) = standin.bearing(key)
        standin.change(
            issue, description=f"{text}\r\n\r\n{issue.description[issue.description.index(MARK) :]}"
        )

    return jira_bench(
        standin,
        lambda access=Access.WRITE, **more: connector(url, access, **more),
        "Rosa Pinto (rosa)",
        annotate=annotate,
        annotation=lambda key: apart(standin.bearing(key)[0].description)[0],
    )
