"""What happened is a value: no module learns it from the words of a sentence, and each way of doing so is found."""

import ast
import textwrap

import pytest

from tests.sentences import matched, said
from tests.test_house import ROOMS, trees

EXCEPTIONS = {
    "config.envelope: re.search('line \\\\d+ column \\\\d+', str(problem))": "the JSON parser tells the place in its words only",
    "connectors.http.client: 'CERTIFICATE_VERIFY_FAILED' in str(reason)": "OpenSSL's name of the error, which requests wraps",
    "domain.standards.checks.evaluation: _PLACE.search(str(refused))": "the evaluator tells the place in its words only",
    "domain.standards.checks.evaluation: _CALLED.search(str(broken))": "a panic of the evaluator is only a text",
    "store.migrations.versions.r0009_remarks: re.escape(NO_APPROVER)": "the old form, read once",
    "store.migrations.versions.r0009_remarks: NO_LONGER_COUNTS in text": "the old form, read once",
    "store.migrations.versions.r0009_remarks: NOT_UNDERSTOOD in text": "the old form, read once",
    "tasks.delivering: intent.note == note": "whether the same is noted already, as a whole",
}
"""What is found and stays, with the reason."""
OURS = "1 of 9 offices\n; not read: \nThe answer was not understood: \n may begin under "
"""What a module says in its f-strings, for modules that are planted."""


def found_in(planted: str, module: str = "runtime.planted") -> list[str]:
    return matched(module, ast.parse(textwrap.dedent(planted)), OURS)


def test_no_module_matches_a_sentence() -> None:
    ours = said(trees())
    found = [line for name, tree in trees() for line in matched(name, tree, ours)]
    assert sorted(set(found) - set(EXCEPTIONS)) == []
    assert sorted(set(EXCEPTIONS) - set(found)) == [], "exceptions that nothing needs"


@pytest.mark.parametrize(
    "planted",
    [
        'found = re.search(r"digest ([0-9a-f]+)", ended.message)',
        "found = DIGEST.search(simulated.message)",
        'if "not read" in state.message: pass',
        'again = question.text.startswith("What ")',
        'if x.message == "done": pass',
        'if "done" != x.sentence: pass',
        "if REMARK in question.text: pass",
        'first = ended.message.split(". ")[0]',
        'head, _, rest = page.headline.partition(": ")',
        'if problem.why.casefold().endswith("is late"): pass',
        'if ended.message[:8] == "Refused:": pass',
        'if (ended.message or "").startswith("Refused"): pass',
        'if rollout.note in {"halted", "paused"}: pass',
        "ours = [each for each in problems if uid in each.message]",
        'ours = [each for each in problems if f"`{uid}`" in str(each)]',
        'late = any(line.startswith("late") for line in read.problem.splitlines())',
        'match state.message:\n    case "done":\n        pass',
        'try:\n    act()\nexcept ValueError as problem:\n    again = "once more" in str(problem)',
        'try:\n    act()\nexcept ValueError as problem:\n    refused = str(problem).startswith("Refused")',
        'what, _, instead = str(error["ctx"]["error"]).partition(" -> ")',
        'def f(ended):\n    told = ended.message\n    return "late" in told',
        'def f(ended):\n    told: str = ended.message.strip()\n    first = told[0:9]\n    return first == "not read:"',
        "def f(ended):\n    if (told := ended.message) and LATE.match(told):\n        return 1",
        'def f(ended):\n    wanted = "all is done"\n    return ended.message == wanted',
        'DONE = "all is done"\ndef f(ended):\n    return ended.message == DONE',
        'class A:\n    async def f(self):\n        return self.last.message.count("project")',
        'NOT_READ = re.compile(r"\\bnot read: ([^.]+)\\.")',
        'if "answer was not understood" in said: pass',
        'REMARK = "The answer was not understood: "\ndef f(said):\n    return REMARK in said',
        'if told.startswith("may begin under"): pass',
        'parts = told.split("; not read: ")',
    ],
)  # fmt: skip
def test_a_planted_module_that_matches_a_sentence_is_found(planted: str) -> None:
    assert found_in(planted)


@pytest.mark.parametrize("room", ROOMS)
def test_it_is_found_in_every_room(room: str) -> None:
    assert found_in('late = "not read" in state.message', f"{room}.planted")


@pytest.mark.parametrize(
    "planted",
    [
        "say(ended.message.rstrip('.'))",
        'told = f"{flow} ended as {ended.state}: {ended.message}"',
        'message = state.message or ""',
        'if page.headline == "": pass',
        "if before.note != after.note: pass",
        "if ended.state != 'Crashed': pass",
        'if choice(change.after) == "approved": pass',
        "if answer.text.strip(): pass",
        'first = asked.text("x-interoffice-id").split("-")',
        'short = " ".join(str(problem).split())',
        'scheme = address.partition("://")[0]',
        'if kind in ("enum", "literal_error"): pass',
        'if "in progress" in status: pass',
        "found = sorted(each.message for each in problems)",
        "try:\n    act()\nexcept ValueError as problem:\n    told = str(problem)\n    again = told != self.told",
    ],
)  # fmt: skip
def test_what_only_passes_a_sentence_on_or_looks_at_other_texts_is_let_be(planted: str) -> None:
    assert found_in(planted) == []


def test_the_text_of_a_tool_is_the_connectors_to_take_apart_and_nobody_else_s() -> None:
    planted = 'hours = cell.text.endswith("h")'
    assert found_in(planted, "connectors.planted") == []
    assert found_in(planted, "tasks.planted")
