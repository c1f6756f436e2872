"""A credential is in no error, no log and no traceback, whatever a tool says and wherever a call breaks."""

import base64
import html
import json
import logging
import traceback
from urllib.parse import quote

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from connectors.errors import HIDDEN, Refused, ToolError
from connectors.http.client import Call
from connectors.http.concealing import Concealed
from tests.connectors.http.loopback import Tool, reset, said, silence, speaking, then_end, then_reset

CANARY = 'k3y/c4n+ry<"ü=&7f3e77a9'
BASIC = base64.b64encode(f"robot:{CANARY}".encode()).decode()
LATIN = CANARY.encode().decode("latin-1")  # as a header carries it
SCHEMES = {
    "bearer": {"Authorization": f"Bearer {LATIN}"},
    "basic": {"Authorization": f"Basic {BASIC}"},
    "own header": {"X-Redmine-API-Key": LATIN},
    "two": {"Authorization": f"token {LATIN}", "Private-Token": LATIN},
}
SPELLINGS = {
    "as it is": CANARY,
    "as sent": LATIN,
    "in base64": BASIC,
    "in JSON": json.dumps(CANARY)[1:-1],
    "in JSON with its slashes escaped": json.dumps(CANARY)[1:-1].replace("/", "\\/"),
    "in a URL": quote(CANARY, safe=""),
    "in HTML": html.escape(CANARY),
    "of the pair": f"robot:{CANARY}",
}
ECHOES = [
    *({"message": f"Invalid token {spelling}!"} for spelling in SPELLINGS.values()),
    *({"errors": [f"{'x' * 290} {spelling}"]} for spelling in SPELLINGS.values()),
    *(f"{' ' * 1190}{spelling} is not known".encode() for spelling in SPELLINGS.values()),
    *(f"<html><body>{spelling}</body></html>".encode() for spelling in SPELLINGS.values()),
]
KEPT = ("k3y", "c4n", "7f3e77a9")
"""Parts of the canary that every spelling of it contains."""


def traces(error):
    """Everything that is written of an error, and of those behind it, the hidden ones too."""
    seen, texts = set(), []
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        texts += [
            str(error),
            repr(error),
            repr(error.args),
            repr(vars(error)),
            "".join(traceback.format_exception(error)),
        ]
        error = error.__cause__ or error.__context__
    return "\n".join(texts)


def shows(text):
    """Whether any spelling of the canary, or a part of it, is in the text."""
    return BASIC[-12:] in text or any(part in text for part in KEPT)


@pytest.fixture
def log():
    """All that is logged, as it would be written; urllib3's and requests' own besides ours."""
    lines, root = [], logging.getLogger()

    class Lines(logging.Handler):
        def emit(self, record):
            lines.append(f"{record.getMessage()} {record.args} {record.exc_text or ''}")

    handler, level = Lines(), root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.removeHandler(handler)
    root.setLevel(level)


def ended(call, *answers, auth, **options):
    """The error that a call ended with, and the tool's requests."""
    with Tool(*answers) as tool, speaking(tool, auth=lambda: auth, **options) as http:
        try:
            http.call(call).json()
        except ToolError as error:
            return error, tool.requests
    raise AssertionError("it went well")


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_tool_that_repeats_the_credential_does_not_make_us_show_it(scheme, log):
    for number, echo in enumerate(ECHOES):
        for status in (400, 401, 403, 404, 422, 429, 500, 503, 302, 200):
            kind = "text/html" if isinstance(echo, bytes) and b"<html" in echo else "application/json"
            answer = said(
                status,
                echo if isinstance(echo, bytes) else json.dumps(echo, ensure_ascii=False).encode(),
                {"Content-Type": kind},
            )
            call = Call("POST", "/issues", json={}, creates=True) if number % 2 else Call("GET", "/issues")
            if status == 200 and not isinstance(echo, bytes):
                continue
            error, sent = ended(call, answer, auth=SCHEMES[scheme], patience=0)
            assert sent  # the canary was on the way
            assert not shows(traces(error)), (status, echo)
    assert not any(shows(line) for line in log)


HEADERS = [
    {"Location": f"https://{LATIN}@elsewhere.example/"},
    {"Location": f"https://elsewhere.example/?token={LATIN}"},
    {"Location": f"https://{KEPT[0]}{KEPT[1]}.example/".replace(KEPT[0] + KEPT[1], "x")},
    {"Location": f"http://[{LATIN}"},
    {"Content-Type": f"text/{quote(CANARY, safe='')}"},
    {"Retry-After": LATIN},
    {"X-RateLimit-Reset": LATIN, "X-RateLimit-Remaining": "0"},
    {"Link": f"<https://{LATIN}/>; rel=next"},
    {"Content-Encoding": quote(CANARY, safe="")},
]


@pytest.mark.parametrize("headers", HEADERS)
def test_headers_that_repeat_the_credential_are_not_shown(headers, log):
    for status in (200, 301, 400, 429, 503):
        error, _ = ended(Call("GET", "/x"), said(status, b"not json", headers), auth=SCHEMES["bearer"])
        assert not shows(traces(error))
    assert not any(shows(line) for line in log)


FAULTS = {"reset": reset, "half": then_end(said()[:-1]), "cut": then_reset(said()[:20]), "silence": silence, "garbage": then_end(f"{LATIN}\r\n\r\n".encode("latin-1")),
          "bad status": then_end(f"HTTP/1.1 {LATIN} x\r\n\r\n".encode("latin-1")), "bad header": then_end(b"HTTP/1.1 200 OK\r\n" + LATIN.encode("latin-1") + b"\r\n\r\n"),
          "bad chunk": then_end(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + LATIN.encode("latin-1") + b"\r\n"),
          "bad length": then_end(b"HTTP/1.1 200 OK\r\nContent-Length: " + LATIN.encode("latin-1") + b"\r\n\r\n{")}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("creates", [False, True])
def test_a_broken_line_shows_neither_the_credential_nor_a_secret_of_the_address(fault, creates, log):
    call = Call("POST" if creates else "GET", "/x", (("sheet", CANARY), ("token", CANARY)), creates=creates)
    error, sent = ended(call, FAULTS[fault], auth=SCHEMES["bearer"], timeout=(5, 0.05))
    assert quote(CANARY, safe="").encode() in sent[0]
    assert error.__cause__ is error.__context__ is None
    assert not shows(traces(error))
    assert not any(shows(line) for line in log)


def test_a_call_that_succeeds_logs_no_secret_of_its_address(log):
    with Tool() as tool, speaking(tool, auth=lambda: SCHEMES["bearer"]) as http:
        http.get("/x", (("page", CANARY),))
    assert any("GET /x" in line for line in log)
    assert not any(shows(line) for line in log)


def test_what_never_leaves_shows_nothing_either(log):
    errors = []
    for base, auth in (
        (f"http://robot:{CANARY}@127.0.0.1:1", {}),
        (f"http://{CANARY}@127.0.0.1:1", {}),
        ("http://127.0.0.1:1", SCHEMES["bearer"]),
        ("https://127.0.0.1:1", SCHEMES["basic"]),
        ("http://127.0.0.1:1", {"Authorization": f"Bearer {CANARY}\r\nX: y"}),
        ("http://127.0.0.1:1", {"Authorization": f"Bearer {CANARY}\N{SNOWMAN}"}),
    ):
        with pytest.raises(ToolError) as told, speaking(base, auth=lambda given=auth: given) as http:
            http.get("/x", (("token", CANARY),))
        errors.append(traces(told.value))
    assert not any(shows(text) for text in errors)
    assert not any(shows(line) for line in log)


def test_without_our_care_it_would_be_shown(log):
    """The control: requests by itself, and an error that nobody redacted."""
    with Tool(said(401, {"message": "no"}), reset) as tool:
        url = f"{tool.url}/x?token={quote(CANARY, safe='')}"
        with pytest.raises(requests.HTTPError) as refused:
            requests.get(url, timeout=5).raise_for_status()
        assert shows(traces(refused.value))
    with pytest.raises(requests.ConnectionError) as broken:
        requests.get("http://127.0.0.1:1/x?token=" + CANARY, timeout=5)
    assert shows(traces(broken.value))
    assert shows(traces(ValueError(f"the tool says: Invalid token {CANARY}")))
    for spelling in SPELLINGS.values():
        assert shows(spelling)
    logging.getLogger("elsewhere").debug("sent with %s", CANARY)
    assert any(shows(line) for line in log)


def test_the_words_of_a_tool_are_shown_without_the_credential_and_short():
    error, _ = ended(
        Call("GET", "/x"),
        said(422, {"message": f"Field {CANARY} is {'very ' * 200}long"}),
        auth=SCHEMES["own header"],
    )
    assert f"Field {HIDDEN} is very" in error.text
    assert len(error.text) < 400
    assert error.text.endswith("\N{HORIZONTAL ELLIPSIS}")


@pytest.mark.parametrize(
    "words", ["a\r\nERROR root: forged", "a\x1b[31mred", "a\x00b", "a\u202egnp.exe", "a\u2028b", "{0.__class__} {{ 7*7 }} %s %(x)s", "=cmd|' /C calc'!A1", "x" * 10**6]
)  # fmt: skip
def test_the_words_of_a_tool_stay_on_one_line_and_are_nothing_but_words(words):
    for body in ({"message": words}, words.encode()):
        error, _ = ended(Call("GET", "/x"), said(400, body), auth={})
        assert error.text.isprintable()
        assert len(error.text) < 400
        assert error.text.startswith("127.0.0.1")


@given(
    st.text(
        st.characters(codec="latin-1", min_codepoint=33, exclude_characters="\x7f\xa0\xad"),
        min_size=12,
        max_size=40,
    ),
    st.text(max_size=30),
)
def test_any_credential_is_taken_out_of_any_text(secret, around):
    concealed = Concealed({"Authorization": f"Bearer {secret}"})
    for spelling in (
        secret,
        quote(secret),
        quote(secret, safe=""),
        json.dumps(secret)[1:-1],
        html.escape(secret),
    ):
        assert spelling not in concealed.out_of(f"{around}{spelling}{around}").replace(HIDDEN, "\n")


def test_words_that_are_too_short_to_be_secret_stay():
    assert Concealed({"Accept": "abc", "X": ""}).out_of("abc of the message") == "abc of the message"


def test_a_refusal_of_the_guard_and_of_a_page_have_nothing_behind_them():
    page = said(200, b"<html>", {"Content-Type": "text/html"})
    for answer, options in (
        (page, {}),
        (said(200, b"{"), {}),
        (said(), {"allow": []}),
        (said(200, b"x" * 99), {"cap": 9}),
    ):
        try:
            ended(Call("GET", "/x"), answer, auth=SCHEMES["bearer"], **options)
        except AssertionError:
            pytest.fail("it went well")
        error, _ = ended(Call("GET", "/x"), answer, auth=SCHEMES["bearer"], **options)
        assert isinstance(error, Refused)
        assert error.__context__ is None
