"""What departs from a vendor's description is found in calls and answers, and reported in words that help."""

import json

import pytest

from tests.standins.described import Departure, Description, specs

pytestmark = specs("jira-cloud-v3.json", "jira-dc-10.3.json", "openproject-v3.json")
JSON = {"content-type": "application/json"}
JQL = "/rest/api/3/search/jql"
LINK = "/rest/api/3/issueLink"
DELETE_LINK = "DELETE /rest/api/3/issueLink/{linkId}"


def cloud(**more):
    return Description(("jira-cloud-v3.json",), **more)


def called(description, method, path, query=None, body=None):
    sent = b"" if body is None else json.dumps(body).encode()
    description.check_request(method, path, {k: [v] for k, v in (query or {}).items()}, JSON, sent)


def answered(description, method, path, body, status=200):
    description.check_reply(method, path, {}, JSON, b"", (status, JSON, json.dumps(body).encode()))


def test_a_call_and_an_answer_as_described_pass():
    description = cloud()
    called(description, "GET", JQL, {"jql": "project = A", "maxResults": "50"})
    answered(description, "GET", JQL, {"issues": [{"id": "1", "key": "A-1", "fields": {}}], "isLast": True})


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (("GET", "/rest/api/3/issues/A-1"), "neither described in jira-cloud-v3.json nor exempt"),
        (("DELETE", "/rest/api/3/myself"), "neither described"),
        (("GET", JQL, {"maxResult": "50"}), "no query parameter maxResult; there are .*maxResults"),
        (("GET", JQL, {"maxResults": "many"}), "maxResults.*integer.*many"),
        (("POST", LINK, None, {"type": {"name": "Blocks"}, "inwardIssue": {"key": "A-1"}}), "outwardIssue"),
        (("POST", "/rest/api/3/issue/bulk", None, {"issueUpdates": "x"}), "issueUpdates: 'x' is not of type 'array'"),
    ],
)  # fmt: skip
def test_a_call_that_departs_is_told_with_its_place(call, words):
    with pytest.raises(Departure, match=words):
        called(cloud(), *call)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"issues": [{"id": 1}], "isLast": True}, "issues/0/id: 1 is not of type 'string'"),
        ({"issues": [], "isLast": True, "total": 3}, "'total' was unexpected"),
        ({"issues": {}}, "issues: .* is not of type 'array'"),
    ],
)
def test_an_answer_that_departs_is_told_with_its_place(body, words):
    with pytest.raises(Departure, match=words):
        answered(cloud(), "GET", JQL, body)


def test_a_success_that_is_not_described_departs_and_a_refusal_that_every_call_can_meet_does_not():
    with pytest.raises(Departure, match=r"the answer 206 to GET /rest/api/3/myself: .* no such answer"):
        answered(cloud(), "GET", "/rest/api/3/myself", {}, 206)
    answered(cloud(), "GET", "/rest/api/3/myself", {"errorMessages": []}, 429)


def test_an_exempt_call_passes_and_is_counted_as_used():
    description = cloud(exempt={DELETE_LINK: "https://vendor.example/links"})
    called(description, "DELETE", "/rest/api/3/issueLink/10001")
    assert description.used_exemptions == {DELETE_LINK}
    with pytest.raises(Departure, match="neither described"):
        called(cloud(), "DELETE", "/rest/api/3/issueLink/10001")


def test_an_exempt_call_that_is_described_departs():
    description = cloud(exempt={"GET /rest/api/3/issue/{issueIdOrKey}": "https://vendor.example/issues"})
    with pytest.raises(Departure, match="is exempt, and yet described"):
        called(description, "GET", "/rest/api/3/issue/A-1")


def test_times_are_as_jira_writes_them_and_nonsense_departs():
    path = "/rest/api/3/issue/A-1/comment"
    for told in ("2027-01-04T07:00:00.000+0000", "2027-01-04T07:00:00.000-05:00"):
        answered(cloud(), "GET", path, {"comments": [{"created": told}]})
    with pytest.raises(Departure, match="comments/0/created: 'yesterday' does not match"):
        answered(cloud(), "GET", path, {"comments": [{"created": "yesterday"}]})


def test_what_data_center_describes_as_one_project_is_a_list():
    description = Description(("jira-dc-10.3.json",), strip="/rest")
    answered(description, "GET", "/rest/api/2/project", [{"id": "1", "key": "A", "name": "A"}])
    with pytest.raises(Departure, match="is not of type 'array'"):
        answered(description, "GET", "/rest/api/2/project", {"id": "1"})
    called(description, "PUT", "/rest/api/2/issue/A-1/properties/ours", body={"any": ["json"]})


def test_openprojects_pages_are_asked_for_as_its_own_examples_do():
    description = Description(("openproject-v3.json",), loose_bodies=True)
    called(description, "GET", "/api/v3/projects", {"offset": "2", "pageSize": "100"})
    with pytest.raises(Departure, match="no query parameter page"):
        called(description, "GET", "/api/v3/projects", {"page": "2"})


def test_a_test_that_does_not_say_what_it_needs_is_told_even_where_it_is_there():
    description = Description(("github.json",))
    with pytest.raises(Departure, match=r"needs the mark specs\(github.json\)"):
        called(description, "GET", "/user")
