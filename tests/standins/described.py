"""A vendor's own description of its API, against which every call and every answer is held.

The descriptions lie outside the project (../shared/specs, or $INTEROFFICE_SPECS); where they are absent
the tests that need them are not collected, and one line says so (tests/conftest.py).
"""

import json
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pytest
from jsonschema.exceptions import best_match
from jsonschema_path import SchemaPath
from openapi_core import Config, OpenAPI
from openapi_core.exceptions import OpenAPIError
from openapi_core.templating.paths.exceptions import PathError
from openapi_core.templating.responses.exceptions import ResponseNotFound
from openapi_core.testing import MockRequest, MockResponse

from tests.conftest import SPECS, at_work

PATCH, HAL = "application/json-patch+json", "application/hal+json"


ANY_VALUE = frozenset({"azure-devops-wit-7.1.json", "azure-devops-core-7.1.json"})
"""Converted from Swagger 2.0, where any value was written as a bare object."""


PAGED = ("offset", "pageSize")
COMMENTS = "/{organization}/{project}/_apis/wit/workItems/{workItemId}/comments"
ALSO = {"/api/v3/projects": PAGED, "/api/v3/relations": PAGED, COMMENTS: ("continuationToken",)}
"""Query parameters that a description's own examples send or its answers lead to, and its lists leave out."""
JIRA_TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)$"
"""Jira's own examples write `+0000` without a colon where its schemas say date-time."""
JIRA = frozenset({"jira-cloud-v3.json", "jira-dc-10.3.json"})
TEXTS = ("StringList",)
"""A class of Jira's for texts with commas between them, described as an object."""
LISTS = {"jira-dc-10.3.json": ("/api/2/project", "/api/2/field")}
"""What is answered with a list by GET, and described as one thing."""
ANY_JSON = {"jira-dc-10.3.json": ("EntityPropertyBean", "PropertiesBean")}
"""Holders of any JSON value, described as holding text."""


KEPT = 100_000
"""Places in a description that are remembered once they were found: the library looks each up anew by itself."""
UNHELD = frozenset({"host", "authorization", "content-length"})
"""Headers that no description looks at, and that differ from server to server."""
_right: set[tuple[Any, ...]] = set()
"""Calls and answers that were as described: what is the same to the last byte is not held a second time."""


class Departure(AssertionError):
    """A call or an answer that the vendor's description does not know."""


def specs(*names: str) -> pytest.MarkDecorator:
    """A test that needs vendors' descriptions; it is not collected where one is absent."""
    return pytest.mark.descriptions(*names)


@dataclass
class Description:
    """One or several files of a vendor; `strip` is what our base path has in front of theirs.

    `exempt` are calls that the files lack, `GET /path/{id}` by the page that documents them; one that the
    files do have is a departure too.
    """

    names: tuple[str, ...]
    strip: str = ""
    exempt: Mapping[str, str] = field(default_factory=dict)
    loose_bodies: bool = False
    envelope: str = ""
    """The key under which the vendor really sends what its description gives as a bare list."""
    used_exemptions: set[str] = field(default_factory=set)

    def check(
        self,
        method: str,
        path: str,
        query: Mapping[str, list[str]],
        headers: Mapping[str, str],
        body: bytes,
        answer: tuple[int, Mapping[str, str], bytes],
    ) -> None:
        """Raises `Departure` where the call or its answer is not as the vendor describes it."""
        self.check_request(method, path, query, headers, body)
        self.check_reply(method, path, query, headers, body, answer)

    def check_request(
        self,
        method: str,
        path: str,
        query: Mapping[str, list[str]],
        headers: Mapping[str, str],
        body: bytes,
    ) -> None:
        """Raises `Departure` where a call is not as the vendor describes it, whatever will be answered."""
        if unsaid := at_work.unsaid(self.names):
            raise Departure(f"a test that calls this stand-in needs the mark specs({', '.join(unsaid)})")
        same = self._same(method, path, query, headers, body)
        if same in _right:
            return
        api = self._describing(method, path)
        if api is None:
            return
        request = _request(method, path.removeprefix(self.strip), query, headers, body)
        known = _query_names(api, request)
        if unknown := sorted(set(query) - known):
            raise Departure(
                f"{method} {path}: no query parameter {', '.join(unknown)}; there are {', '.join(sorted(known))}"
            )
        self._held(api.validate_request, f"{method} {path}", body, request)
        _right.add(same)

    def check_reply(
        self,
        method: str,
        path: str,
        query: Mapping[str, list[str]],
        headers: Mapping[str, str],
        body: bytes,
        answer: tuple[int, Mapping[str, str], bytes],
    ) -> None:
        """Raises `Departure` where an answer is not as the vendor describes it."""
        status, answered, content = answer
        same = (*self._same(method, path, query, headers, body), status, _kept(answered), content)
        if same in _right:
            return
        api = self._describing(method, path)
        if api is None:
            return
        request = _request(method, path.removeprefix(self.strip), query, headers, body)
        kind = next((v for k, v in answered.items() if k.lower() == "content-type"), "application/json")
        if self.envelope and kind.startswith("application/json") and status < 400:
            said = json.loads(content)
            if isinstance(said, dict) and set(said) == {"count", self.envelope}:
                content = json.dumps(said[self.envelope]).encode()
        response = MockResponse(content, status, dict(answered), kind.partition(";")[0])
        what = f"the answer {status} to {method} {path}"
        self._held(api.validate_response, what, content, request, response, status=status)
        _right.add(same)

    def _same(
        self,
        method: str,
        path: str,
        query: Mapping[str, list[str]],
        headers: Mapping[str, str],
        body: bytes,
    ) -> tuple[Any, ...]:
        """All that decides whether a call is as described."""
        ours = (self.names, self.strip, tuple(self.exempt), self.loose_bodies, self.envelope)
        asked = tuple(sorted((name, tuple(values)) for name, values in query.items()))
        return (*ours, method, path, asked, _kept(headers), body)

    def _describing(self, method: str, path: str) -> OpenAPI | None:
        """The file that describes a call; None for one that is exempt."""
        named = self._exemption(method, path)
        described = [api for api in self.apis() if _knows(api, method, path.removeprefix(self.strip))]
        if named and any(self._has(api, named) for api in described):
            raise Departure(f"{named} is exempt, and yet described in {', '.join(self.names)}")
        if named:
            self.used_exemptions.add(named)
            return None
        if not described:
            raise Departure(f"{method} {path} is neither described in {', '.join(self.names)} nor exempt")
        return described[0]

    def _held(self, check: Any, what: str, body: bytes, *given: Any, status: int = 0) -> None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                check(*given)
        except ResponseNotFound:
            if status < 400:  # vendors leave refusals out that every call can meet
                raise Departure(f"{what}: the description has no such answer") from None
        except OpenAPIError as problem:
            raise Departure(f"{what}: {'; '.join(_words(problem))}\n{body[:600]!r}") from None

    def apis(self) -> list[OpenAPI]:
        """The loaded files."""
        return [_loaded(name, self.loose_bodies) for name in self.names]

    def _has(self, api: OpenAPI, named: str) -> bool:
        """Whether the file has that very path and method, not only a template into which it fits."""
        method, _, path = named.partition(" ")
        return method.lower() in api.spec.read_value()["paths"].get(path.removeprefix(self.strip), {})

    def _exemption(self, method: str, path: str) -> str:
        for named in self.exempt:
            verb, _, template = named.partition(" ")
            pattern = re.sub(r"\\\{[^}]*\\\}", "[^/]+", re.escape(template))
            if verb == method and re.fullmatch(pattern, path):
                return named
        return ""


def _kept(headers: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, value) for name, value in headers.items() if name.lower() not in UNHELD))


def _request(
    method: str, path: str, query: Mapping[str, list[str]], headers: Mapping[str, str], body: bytes
) -> MockRequest:
    kind = next((v for k, v in headers.items() if k.lower() == "content-type"), "application/json")
    args: dict[str, Any] = {name: values if len(values) > 1 else values[0] for name, values in query.items()}
    return MockRequest(
        "http://vendor.example",
        method.lower(),
        path,
        args=args,
        headers=dict(headers),
        data=body or None,
        content_type=kind.partition(";")[0],
    )


@lru_cache(maxsize=10_000)
def _knows(api: OpenAPI, method: str, path: str) -> bool:
    """Whether a file describes a call to that path."""
    try:
        api.request_validator._find_path(_request(method, path, {}, {}, b""))
    except PathError:
        return False
    return True


def _query_names(api: OpenAPI, request: MockRequest) -> set[str]:
    """The query parameters of the operation that a request calls."""
    found = api.request_validator._find_path(request)
    lists = [part / "parameters" for part in (found.path, found.operation) if "parameters" in part]
    each = [(parameters / n).read_value() for parameters in lists for n in range(len(parameters))]
    named = {str(parameter["name"]) for parameter in each if parameter["in"] == "query"}
    return named | set(ALSO.get(found.path_result.pattern, ()))


@lru_cache(maxsize=16)
def _loaded(name: str, loose: bool) -> OpenAPI:
    text = (SPECS / name).read_text("utf-8")
    document = json.loads(text)
    document["servers"] = [{"url": "http://vendor.example"}]
    for item in document["paths"].values():
        item.pop("servers", None)
        for operation in item.values():
            if isinstance(operation, dict):
                operation.pop("security", None)
                operation.pop("servers", None)
                operation.get("responses", {}).get("204", {}).pop("content", None)  # it has none
                if loose and "requestBody" in operation:
                    _loosened(operation["requestBody"])
    document.pop("security", None)
    if name in ANY_VALUE:
        _any_values(document)
    if name in JIRA:
        _jira_times(document)
        document["components"]["schemas"] |= {text: {"type": "string"} for text in TEXTS}
    for path in LISTS.get(name, ()):
        for media in document["paths"][path]["get"]["responses"]["200"]["content"].values():
            media["schema"] = {"type": "array", "items": media["schema"]}
    for schema in ANY_JSON.get(name, ()):
        _any_json(document, schema)
    config = Config(
        spec_validator_cls=None,
        extra_media_type_deserializers={PATCH: json.loads, HAL: json.loads},
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return OpenAPI(SchemaPath.from_dict(document, resolved_cache_maxsize=KEPT), config)


def _any_values(node: Any) -> None:
    """A bare object that stands for any value is made to say so."""
    for inside in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        if (
            isinstance(inside, dict)
            and inside.get("type") == "object"
            and set(inside) <= {"type", "description"}
        ):
            del inside["type"]
        if isinstance(inside, dict) and "allOf" in inside and not inside.get("properties"):
            inside.pop("type", None)  # a list of something is called an object
        if isinstance(inside, dict) and (inside.get("in"), inside.get("name")) == ("query", "ids"):
            inside["required"] = False  # two operations on one path: all comments, and some by their ids
        _any_values(inside)


def _jira_times(node: Any) -> None:
    """Times are held against how Jira really writes them."""
    for inside in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
        if isinstance(inside, dict) and inside.get("format") == "date-time":
            inside |= {"pattern": JIRA_TIME}
            del inside["format"]
        _jira_times(inside)


def _any_json(document: dict[str, Any], schema: str) -> None:
    """The values that such a schema holds may be any JSON, and so may the bodies that set one."""
    properties = document["components"]["schemas"][schema]["properties"]
    if "value" in properties:
        properties["value"] = {}
    else:
        document["components"]["schemas"][schema] = {"type": "object"}
    for path, item in document["paths"].items():
        if path.endswith("/properties/{propertyKey}"):
            for media in item["put"]["requestBody"]["content"].values():
                media["schema"] = {}


def _loosened(body: dict[str, Any]) -> None:
    """Write bodies that point at read models: only their being objects is held."""
    for media in body.get("content", {}).values():
        media["schema"] = {"type": "object"}


def _words(problem: BaseException) -> Iterable[str]:
    """The schema's own words, down to where the first errors lie."""
    errors = list(getattr(problem, "schema_errors", []))
    if not errors:
        yield f"{type(problem).__name__}: {problem}"[:300]
    for error in errors[:4]:
        deepest = best_match([error])
        yield f"{'/'.join(map(str, deepest.absolute_path))}: {deepest.message}"[:300]
    if problem.__cause__ is not None:
        yield from _words(problem.__cause__)
