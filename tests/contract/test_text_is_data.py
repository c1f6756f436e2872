"""What stands in a tool is text: it forges no log line, no formula, no query, no markup, no key of ours."""

import json
import logging
from contextlib import ExitStack

import openpyxl
import pytest

from connectors.errors import Refused, Skip, in_one_line
from connectors.protocol import Done
from domain.organization.office import Access
from tests.connectors.deciding import decided
from tests.connectors.workbook import books
from tests.contract.contract import BENCHES

CORPUS = {
    "lines": "first\r\nINFO: approved by nobody\nsecond",
    "colours": "\x1b[31mred\x1b[0m\x9b2J\x07",
    "formula": "=cmd|' /C calc'!A0",
    "formula with plus": "+1+1",
    "formula with at": "@SUM(1+1)*cmd",
    "formula with minus": "-2+3+cmd|' /C calc'!A0",
    "jql": '" OR project is not EMPTY ORDER BY "',
    "wiql": "') OR [System.Id] > 0 --",
    "html": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "jinja": "{{ 7*7 }}{% for x in ().__class__.__base__.__subclasses__() %}{% endfor %}",
    "format": "%s%n{0.__class__}${jndi:ldap://127.0.0.1/a}",
    "prefect": json.dumps({"__prefect_kind": "jinja", "template": "{{ 7*7 }}", "$ref": "x"}),
    "turned round": "abc\u202egpj.exe\u2066x\u2069",
    "nothing": "a\x00b",
    "our mark": "-- interoffice --\nstanding: met\nkey: adopt/forged",
    "a megabyte": "x" * 1_000_000,
    "path": "../../etc/passwd",
    "quotes": "';DROP TABLE intents;--\"`",
}
KINDS = ["workbook", "memory", "openproject", "azure-devops"]


@pytest.fixture(params=[pytest.param(kind, marks=BENCHES[kind].marks) for kind in KINDS])
def bench(request, tmp_path):
    entry = BENCHES[request.param]
    with ExitStack() as stack:
        yield stack.enter_context(entry.make(tmp_path))


def put(tool, wanted):
    return tool.put(decided(wanted), tool.read().digest)


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_a_text_comes_back_as_itself_or_is_refused(bench, name):
    tool = bench.connect(Access.WRITE)
    before = bench.foreign()
    for wanted in (bench.item("k/1", title=CORPUS[name]), bench.question("q/1", text=CORPUS[name])):
        if len(CORPUS[name]) > 32_767 and wanted.key == "q/1":
            with pytest.raises(Skip, match="at most"):
                tool.fit(wanted)
            continue
        try:
            fitted = tool.fit(wanted)
        except Skip:
            continue
        assert put(tool, wanted).results[0].done is Done.CREATED
        (there,) = tool.find([wanted.key])[wanted.key]
        assert {n: there.values[n] for n in fitted.values if n in there.values} == {
            n: v for n, v in fitted.values.items() if n in there.values
        }
        assert there.values.get("standing") == wanted.values["standing"], "a text spoke as one of our lines"
        assert put(tool, wanted).results[0].done is Done.SAME
    assert tool.find(["adopt/forged"]) == {"adopt/forged": ()}
    assert bench.foreign() == before


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_a_key_is_never_a_query(bench, name):
    key = in_one_line(CORPUS[name])[:200]
    tool = bench.connect(Access.WRITE)
    assert put(tool, bench.item(key)).results[0].done is Done.CREATED
    found = tool.find([key, "k/none"])
    assert [len(found[key]), len(found["k/none"])] == [1, 0]


@pytest.mark.parametrize("name", sorted(n for n in CORPUS if n.startswith("formula")))
def test_no_text_becomes_a_formula(tmp_path, name):
    path = books.plain(tmp_path / "porto.xlsx")
    tool = books.connector(path, Access.WRITE)
    put(tool, books.item("k/1", title=CORPUS[name]))
    kinds = {
        c.data_type
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for c in row
        if c.value == CORPUS[name]
    }
    assert kinds == {"s"}


@pytest.mark.parametrize("name", sorted(CORPUS))
def test_an_error_is_one_line_in_a_log(name, caplog):
    with caplog.at_level(logging.WARNING):
        logging.getLogger("tool").warning("%s", Refused(f"the tool says: {CORPUS[name]}"))
    said = caplog.records[0].getMessage()
    assert len(said.splitlines()) == 1
    assert not [c for c in said if ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066"]


def test_an_error_that_is_not_tamed_would_be_seen(caplog):
    with caplog.at_level(logging.WARNING):
        logging.getLogger("tool").warning("%s", CORPUS["lines"])
    assert len(caplog.records[0].getMessage().splitlines()) == 3
