"""The traps of the vendors' documents are in the stand-ins: raw calls fall into them, as a careless connector would.

A good connector never meets most of these, so that its own tests do not show that they are there.
"""

import base64
import json
from datetime import timedelta

import pytest

from tests.contract import (
    azure_devops_bench,
    github_bench,
    jira_cloud_bench,
    jira_dc_bench,
    openproject_bench,
)
from tests.standins.azure_devops import AzureStandIn
from tests.standins.described import specs
from tests.standins.world import Asked

pytestmark = specs(
    "azure-devops-core-7.1.json", "azure-devops-wit-7.1.json", "github.json", "jira-cloud-v3.json",
    "jira-dc-10.3.json", "openproject-v3.json",
)  # fmt: skip


def basic(user, code):
    return "Basic " + base64.b64encode(f"{user}:{code}".encode()).decode()


KNOWN = {
    "cloud": basic("interoffice@example.com", "token-interoffice"),
    "dc": "Bearer pat-interoffice",
    "openproject": basic("apikey", "opapi-interoffice"),
    "azure": basic("", "pat-interoffice"),
    "github": "Bearer ghp-interoffice",
}
CLIENT = {"user-agent": "raw", "host": "vendor.example", "x-github-api-version": "2022-11-28"}
ISSUES = "/repos/porto/lagerhalle-1/issues"
CLOUD, DC, OPEN = "/rest/api/3", "/rest/api/2", "/api/v3"


class Caller:
    """Raw calls to a stand-in; `settle` forgets departures that a trap is known to cause."""

    def __init__(self, kind, standin):
        self.standin, self.known = standin, KNOWN[kind]

    def __call__(self, method, path, body=None, known=None, **query):
        kind = "application/json-patch+json" if isinstance(body, list) else "application/json"
        headers = {**CLIENT, "authorization": known or self.known, "content-type": kind}
        sent = b"" if body is None else json.dumps(body).encode()
        asked = Asked(method, path, {name: [value] for name, value in query.items()}, headers, sent)
        answer = self.standin.handle(asked)
        told = answer.bytes()
        return answer.status, json.loads(told) if told[:1] in (b"{", b"[") else told, answer.headers


@pytest.fixture
def cloud():
    caller = Caller("cloud", jira_cloud_bench.furnished())
    caller.standin.lag = timedelta()
    yield caller
    caller.standin.end()


@pytest.fixture
def dc():
    caller = Caller("dc", jira_dc_bench.furnished())
    caller.standin.lag = timedelta()
    yield caller
    caller.standin.end()


@pytest.fixture
def openproject():
    caller = Caller("openproject", openproject_bench.furnished())
    yield caller
    caller.standin.end()


@pytest.fixture
def azure():
    caller = Caller("azure", azure_devops_bench.furnished())
    yield caller
    caller.standin.end()


@pytest.fixture
def github():
    caller = Caller("github", github_bench.furnished())
    yield caller
    caller.standin.end()


def search(cloud, jql, **more):
    body = {"jql": jql, "fields": ["updated"], **more}
    return cloud("POST", f"{CLOUD}/search/jql", body)


def creation(project="HAF", **fields):
    return {"fields": {"project": {"key": project}, "issuetype": {"name": "Task"}, "summary": "t", **fields}}


def test_the_old_search_of_jira_cloud_is_gone_and_calling_it_departs(cloud):
    assert cloud("GET", f"{CLOUD}/search", jql="project = HAF")[0] == 410
    assert "neither described" in str(cloud.standin.departures.pop())


def test_jira_clouds_pages_have_tokens_no_total_and_an_end(cloud):
    query = 'project in ("HAF", "LAG") ORDER BY key ASC'
    status, first, _ = search(cloud, query, maxResults=4)
    assert (status, len(first["issues"]), first["isLast"], "total" in first) == (200, 4, False, False)
    _, last, _ = search(cloud, query, maxResults=4, nextPageToken=first["nextPageToken"])
    assert (len(last["issues"]), last["isLast"], "nextPageToken" in last) == (2, True, False)
    other = 'project in ("HAF") ORDER BY key ASC'
    assert search(cloud, other, nextPageToken=first["nextPageToken"])[0] == 400, "a token of another query"
    cloud.standin.pass_time(days=8)
    assert search(cloud, query, nextPageToken=first["nextPageToken"])[0] == 400, "a token of last week"


def test_a_search_without_fields_tells_ids_only(cloud):
    _, found, _ = cloud("POST", f"{CLOUD}/search/jql", {"jql": 'project in ("HAF") ORDER BY key ASC'})
    assert all(issue["fields"] == {} for issue in found["issues"])


def test_a_time_without_a_zone_is_in_that_of_the_tokens_owner(cloud):
    made = cloud.standin.at("HAF-1").updated

    def found(since):
        return search(cloud, f'project in ("HAF") AND updated >= {since} ORDER BY key ASC')[1]["issues"]

    assert found(f"{int((made + timedelta(hours=1)).timestamp() * 1000)}") == []
    before = made - timedelta(hours=1)
    assert len(found(f"{int(before.timestamp() * 1000)}")) == 3, "milliseconds mean one point in time"
    assert len(found(f'"{before.astimezone(cloud.standin.zone):%Y-%m-%d %H:%M}"')) == 3
    assert found(f'"{before:%Y-%m-%d %H:%M}"') == [], (
        "UTC is taken for the owner's zone, and changes are lost"
    )


def test_a_project_that_is_not_there_makes_the_whole_query_wrong(cloud, dc):
    query = 'project in ("HAF", "NONE") ORDER BY key ASC'
    status, told, _ = search(cloud, query)
    assert (status, "'NONE' does not exist" in told["errorMessages"][0]) == (400, True)
    assert dc("POST", f"{DC}/search", {"jql": query})[0] == 400


def test_who_is_not_known_is_shown_nothing_with_success(cloud):
    known = basic("interoffice@example.com", "expired")
    body = {"jql": 'project in ("HAF") ORDER BY key ASC', "fields": ["id"]}
    status, told, headers = cloud("POST", f"{CLOUD}/search/jql", body, known=known)
    assert (status, told["issues"], headers["X-Seraph-LoginReason"]) == (200, [], "AUTHENTICATED_FAILED")
    assert cloud("GET", f"{CLOUD}/myself", known=known)[0] == 401


@pytest.mark.parametrize("kind", ["cloud", "dc"])
def test_a_bulk_has_fifty_at_most_and_tells_failures_by_number(kind, request):
    caller, path = request.getfixturevalue(kind), {"cloud": CLOUD, "dc": DC}[kind]
    before = len(caller.standin.issues())
    updates = [creation(), creation(summary="a\nb"), creation(), creation(project="NONE")]
    status, told, _ = caller("POST", f"{path}/issue/bulk", {"issueUpdates": updates})
    assert (status, len(told["issues"])) == (201, 2)
    assert [each["failedElementNumber"] for each in told["errors"]] == [1, 3]
    status, told, _ = caller("POST", f"{path}/issue/bulk", {"issueUpdates": [creation(summary="")]})
    assert (status, told["issues"]) == (400, []), "of which nothing was made"
    assert len(caller.standin.issues()) == before + 2


def test_more_than_fifty_in_a_bulk_are_refused(dc):
    updates = {"issueUpdates": [creation()] * 51}
    assert dc("POST", f"{DC}/issue/bulk", updates)[0] == 400
    assert len(dc.standin.issues()) == 6


def test_long_texts_are_documents_in_the_cloud_and_plain_in_data_center(cloud, dc):
    document = {"type": "doc", "version": 1, "content": []}
    for caller, path, good, bad in ((cloud, CLOUD, document, "text"), (dc, DC, "text", document)):
        for description, status in ((good, 201), (bad, 400)):
            update = {"issueUpdates": [creation(description=description)]}
            assert caller("POST", f"{path}/issue/bulk", update)[0] == status


def test_the_inward_end_of_a_link_is_the_one_that_blocks(dc):
    ends = {"inwardIssue": {"key": "HAF-1"}, "outwardIssue": {"key": "HAF-2"}}
    assert dc("POST", f"{DC}/issueLink", {"type": {"name": "Blocks"}, **ends})[0] == 201
    seen = {key: dc("GET", f"{DC}/issue/{key}")[1]["fields"]["issuelinks"][0] for key in ("HAF-1", "HAF-2")}
    assert seen["HAF-1"]["outwardIssue"]["key"] == "HAF-2"
    assert seen["HAF-2"]["inwardIssue"]["key"] == "HAF-1"


def test_the_three_limits_of_jira_cloud_have_each_their_reason(cloud):
    def reason(method, path, body=None):
        status, _, headers = cloud(method, f"{CLOUD}{path}", body)
        return headers.get("RateLimit-Reason", status)

    edits = [reason("PUT", "/issue/HAF-1", {"fields": {"summary": f"t{n}"}}) for n in range(21)]
    assert edits == [204] * 20 + ["jira-per-issue-on-write"]
    cloud.standin.burst = 1
    cloud.standin.pass_time(seconds=5)
    assert [reason("GET", "/myself") for _ in range(2)] == [200, "jira-burst-based"]
    cloud.standin.burst, cloud.standin.points = None, 2
    cloud.standin.reset = cloud.standin.now + timedelta(hours=1)
    assert [reason("GET", "/myself") for _ in range(2)] == [200, "jira-quota-tenant-based"]


def test_data_center_clamps_pages_and_tells_its_bucket_on_every_answer(dc):
    dc.standin.most = 2
    query = {"jql": 'project in ("HAF") ORDER BY key ASC', "maxResults": 500}
    _, found, headers = dc("POST", f"{DC}/search", query)
    assert (found["total"], found["maxResults"], len(found["issues"])) == (3, 2, 2)
    assert headers["retry-after"] == "0"
    assert int(headers["X-RateLimit-Remaining"]) < int(headers["X-RateLimit-Limit"])
    dc.standin.bucket = 0
    status, _, headers = dc("GET", f"{DC}/myself")
    assert (status, headers["X-RateLimit-Remaining"]) == (429, "0")


def test_openproject_shows_open_work_packages_only_unless_asked(openproject):
    openproject.standin.change(openproject.standin.packages[1], status=2)
    every = json.dumps([{"status": {"operator": "*", "values": []}}])
    assert openproject("GET", f"{OPEN}/work_packages")[1]["total"] == 5
    assert openproject("GET", f"{OPEN}/work_packages", filters=every)[1]["total"] == 6


def test_openprojects_offset_is_the_number_of_a_page(openproject):
    pages = [openproject("GET", f"{OPEN}/work_packages", offset=str(n), pageSize="4")[1] for n in (1, 2)]
    assert [page["count"] for page in pages] == [4, 2]
    ids = [each["id"] for page in pages for each in page["_embedded"]["elements"]]
    assert len(set(ids)) == 6
    assert openproject("GET", f"{OPEN}/work_packages", pageSize="5000")[1]["pageSize"] == 1000


def test_openproject_refuses_a_write_to_what_was_changed_since(openproject):
    path = f"{OPEN}/work_packages/1"
    lock = openproject("GET", path)[1]["lockVersion"]
    assert openproject("PATCH", path, {"lockVersion": lock, "subject": "ours"})[0] == 200
    assert openproject("PATCH", path, {"lockVersion": lock, "subject": "late"})[0] == 409
    assert openproject("PATCH", path, {"subject": "without a lock"})[0] == 409
    assert openproject.standin.packages[1].subject == "ours"


def test_openproject_moves_a_successor_that_it_schedules_itself(openproject):
    first, second = (openproject.standin.packages[n] for n in (1, 3))
    openproject.standin.change(second, start="2027-01-25", due="2027-01-27")
    to = {"to": {"href": f"{OPEN}/work_packages/{first.id}"}}
    body = {"type": "follows", "lag": 2, "_links": to}
    assert openproject("POST", f"{OPEN}/work_packages/{second.id}/relations", body)[0] == 201
    assert (second.start, second.due) == ("2027-02-01", "2027-02-03")


def test_azure_devops_answers_a_wrong_token_with_a_page_and_success(azure):
    path = "/harbor/_apis/projects"
    status, page, headers = azure("GET", path, known=basic("", "expired"), **{"api-version": "7.1"})
    assert (status, headers["Content-Type"].split(";")[0], b"Sign In" in page) == (203, "text/html", True)
    azure.standin.departures.clear()  # such a page is in no description


def test_azure_devops_refuses_a_time_of_day_where_it_was_not_announced(azure):
    assert isinstance(azure.standin, AzureStandIn)
    query = "SELECT [System.Id] FROM WorkItems WHERE [System.ChangedDate] >= '2027-01-04T07:00:00Z'"
    path = f"/harbor/{azure.standin.projects[0]}/_apis/wit/wiql"
    version = {"api-version": "7.1"}
    assert azure("POST", path, {"query": query}, **version)[0] == 400
    assert azure("POST", path, {"query": query}, timePrecision="true", **version)[0] == 200


def test_github_lists_open_issues_only_and_pull_requests_among_them(github):
    github.standin.change(github.standin.issues[1000], state="closed", reason="completed")
    order = {"sort": "updated", "direction": "asc"}
    _, found, headers = github("GET", ISSUES, per_page="2", **order)
    assert [each["number"] for each in found] == [2, 3]
    assert "/repositories/500/issues?" in headers["Link"]
    _, found, _ = github("GET", ISSUES, state="all", **order)
    assert [each["number"] for each in found if "pull_request" in each] == [4]
    assert len(found) == 4
    assert github("GET", ISSUES, page="100", **order)[0] == 422


def test_github_takes_all_other_values_away_where_an_issue_is_patched_with_one(github):
    values = {"issue_field_values": [{"field_id": 4, "value": "reporter"}]}
    assert github("POST", f"{ISSUES}/1/issue-field-values", values)[0] == 200
    assert github.standin.issues[1000].fields == {2: "2027-01-29", 3: 20, 4: "reporter"}
    assert github("PATCH", f"{ISSUES}/1", values)[0] == 200
    assert github.standin.issues[1000].fields == {4: "reporter"}


def test_github_drops_labels_types_and_values_of_who_may_not_push(github):
    values = [{"field_id": 4, "value": "x"}]
    body = {"title": "t", "labels": ["l"], "type": "Task", "issue_field_values": values}
    status, found, _ = github("POST", ISSUES, body, known="Bearer ghp-guest")
    assert (status, found["labels"], found.get("type"), found["issue_field_values"]) == (201, [], None, [])


def test_github_dates_neither_parents_nor_dependencies(github):
    before = {each.id: each.updated for each in github.standin.issues.values()}
    assert github("POST", f"{ISSUES}/1/sub_issues", {"sub_issue_id": 1002})[0] == 201
    assert github("POST", f"{ISSUES}/1/dependencies/blocked_by", {"issue_id": 1004})[0] == 201
    assert github("POST", f"{ISSUES}/3/sub_issues", {"sub_issue_id": 1002})[0] == 422
    assert {each.id: each.updated for each in github.standin.issues.values()} == before
