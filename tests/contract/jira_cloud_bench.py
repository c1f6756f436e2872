"""Jira Cloud's stand-in as a bench of the contract; its search lags by a minute."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from connectors.jira import adf
from connectors.jira.cloud import JiraCloud, JiraCloudTool
from connectors.jira.fields import JiraSettings
from domain.organization.office import Access
from tests.connectors.workbook import books
from tests.contract.around import around
from tests.contract.jira_bench import SETTINGS, TWO_LINES, furnish, jira_bench
from tests.standins.jira_cloud import JiraCloudStandIn


def connector(
    url: str,
    access: Access = Access.WRITE,
    secret: Callable[[], str] = lambda: "token-interoffice",
    settings: dict[str, Any] = SETTINGS,
    **more: Any,
) -> JiraCloud:
    """The connector to a stand-in."""
    tool = JiraCloudTool(url=url, user="interoffice@example.com", allow=("127.0.0.1",))
    use = JiraSettings.model_validate(settings)
    return JiraCloud.connect(around(None, secret, **more), books.OFFICE, access, "cloud", tool, use)


def furnished() -> JiraCloudStandIn:
    """A site with two projects and six tasks of the office's."""
    standin = JiraCloudStandIn()
    standin.lag = timedelta(minutes=1)
    furnish(standin, adf.whole(TWO_LINES))
    return standin


def jira_cloud_bench(url: str, standin: JiraCloudStandIn) -> Any:
    """A part of a running stand-in."""

    def annotate(key: str, text: str) -> None:
        (issue,) = standin.bearing(key)
        ours = [node for node in issue.description["content"] if node["type"] == "codeBlock"]
        standin.change(issue, description={**adf.whole(text), "content": [*adf.paragraphs(text), *ours]})

    return jira_bench(
        standin,
        lambda access=Access.WRITE, **more: connector(url, access, **more),
        "Rosa Pinto (5f:rosa)",
        annotate=annotate,
        annotation=lambda key: adf.read(standin.bearing(key)[0].description)[0],
    )
