"""What people outside see is said through a language: no text of it stands beside the catalogs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

from tests.test_house import ROOT

MODULES = (
    "domain/questions/copies.py", "domain/questions/deciding.py", "domain/questions/elections.py",
    "domain/questions/kind.py", "domain/questions/missing_facts.py", "domain/questions/twins.py",
    "domain/rollouts/asking.py", "domain/rollouts/notices.py", "domain/delivery/undelivered.py",
    "domain/delivery/work.py", "domain/pages/answering.py", "domain/standards/leeway.py",
    "gateway/pages/asked.py", "connectors/workbook/proposed.py", "reports/office_page.py",
    "domain/reporting/sentence.py", "domain/reporting/needs.py", "domain/reporting/shown.py",
    "domain/reporting/rollout_report.py", "domain/reporting/sweep_report.py", "domain/reporting/duties.py",
    "domain/reporting/reading_report.py", "domain/reporting/held_groups.py", "domain/rollouts/forecast.py", "domain/plans/fact_names.py",
    "domain/compliance/glossary.py", "reports/charts.py", "reports/details.py", "reports/entries.py",
    "reports/environment.py", "reports/fact_words.py", "reports/first_line.py", "reports/made.py",
    "reports/project_page.py", "reports/render.py", "reports/rows.py", "reports/spoken.py",
    "reports/trends.py", "reports/turns.py", "reports/words.py", "domain/reporting/amounts.py",
    "domain/reporting/adding.py", "domain/reporting/changing.py", "domain/reporting/filling.py",
    "domain/reporting/parts.py", "tasks/reported.py", "reports/pack/charts.py", "reports/pack/page.py",
    "reports/pack/records.py", "reports/pack/rows.py", "reports/pack/slide_charts.py", "reports/pack/slides.py",
    "reports/pack/sources.py", "reports/pack/steps.py", "reports/pack/told.py", "reports/pack/words.py",
    "reports/pack/workbook.py",
)  # fmt: skip
"""What makes questions, notices, offices' pages, the sheets that we make, reports and packs."""
IN_ENGLISH = {"messages"}
"""Templates for those who write programs."""
TEMPLATES = tuple(
    path
    for path in sorted((ROOT / "reports").glob("**/templates/*.html.j2"))
    if path.name.removesuffix(".html.j2") not in IN_ENGLISH
)
NOT_OUTSIDE = {
    "connectors/workbook/proposed.py": ("settings_line",),
    "domain/reporting/rollout_report.py": ("__post_init__",),
    "domain/reporting/sweep_report.py": ("__post_init__",),
}
"""Functions whose texts are lines of tools.yaml, or of errors."""
KEPT = {
    "notice: unreadable": "the notice of a cell that was not understood: its reason is in English",
    "the office's page": "a place of the ledger and the store",
    "interoffice key": "the header of our key, the same in every language",
}
SAYING = {"say", "count", "name", "Message"}
MARKUP = re.compile(r"^[^<>]*>|<[^<>]*(?:>|$)")
"""An element, or the end or the beginning of one."""
WORDS = re.compile(r"[A-Za-z']{2,} +[A-Za-z']{2,}|[A-Za-z]{3,}: |[A-Za-z]{3,}\. ")
"""At least two words, or one before a colon: a text, and no key."""


def beside(source: str, functions: tuple[str, ...] = ()) -> Iterator[str]:
    """The texts of a module that are said through no language."""
    tree = ast.parse(source)
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
        elif isinstance(node, ast.Call) and _called(node.func) in SAYING:
            passed |= {id(each) for each in node.args}
            passed |= {id(each.value) for each in node.keywords if each.arg == "about"}
        elif isinstance(node, ast.Raise) or (isinstance(node, ast.FunctionDef) and node.name in functions):
            passed |= {id(each) for each in ast.walk(node)}
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
        if WORDS.search(MARKUP.sub(" ", text)) and id(node) not in passed and text not in KEPT:
            yield f"{node.lineno}: {text}"


def _called(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def shown(template: str) -> Iterator[str]:
    """The words that a template shows as they stand there, and in no call."""
    tree = Environment(autoescape=True).parse(template)
    for node in tree.find_all(nodes.TemplateData):
        text = re.sub(r"<style>.*?</style>|&[a-z]+;", " ", f"{node.data}", flags=re.DOTALL)
        if re.search(r"(?:^|>)[^<>]*[A-Za-z]{3}[^<>]*(?:<|$)", text) and not re.fullmatch(r"[^<>]*", text):
            yield from (part for part in re.findall(r"(?<=>)[^<>]*[A-Za-z]{3}[^<>]*(?=<)", text))


@pytest.mark.parametrize("module", MODULES)
def test_no_text_for_people_outside_stands_beside_the_catalogs(module: str) -> None:
    source = (ROOT / module).read_text("utf-8")
    assert list(beside(source, NOT_OUTSIDE.get(module, ()))) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_no_template_shows_words_of_its_own(path: Path) -> None:
    assert [each for each in shown(path.read_text("utf-8")) if each.strip() != "Interoffice"] == []


@pytest.mark.parametrize(
    "planted",
    [
        'text = f"Is this the same project as {other}?"',
        'return Question(text="Fill in its cells")',
        'hint = "write finish or adopt"',
        'TEXTS = {Kind.LATE: "{n} projects are past their date"}',
        'what = "question: fact"',
    ],
)  # fmt: skip
def test_a_planted_text_is_found(planted: str) -> None:
    assert len(list(beside(f"def made():\n    {planted}"))) == 1


def test_what_is_said_documented_or_refused_is_let_be() -> None:
    fine = '"""Two words."""\nsays.say("two words")\nMessage("two words")\nraise ValueError("two words")\n'
    assert list(beside(fine)) == []


def test_a_planted_word_in_a_template_is_found() -> None:
    assert list(
        shown('<p class="soft words">Upload it</p>{{ say("Not this") }}<b title="nor this"></b>')
    ) == ["Upload it"]


def test_what_is_kept_stands_there_still() -> None:
    sources = "".join((ROOT / module).read_text("utf-8") for module in MODULES)
    assert [text for text in KEPT if text not in sources] == []
