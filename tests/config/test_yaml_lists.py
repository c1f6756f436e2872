"""An entry is added to a list of a YAML file, and every byte that was there stays."""

import pytest
from ruamel.yaml import YAML

from config.yaml_lists import NotAList, added

ENTRY = ("id: porto", "name: Porto  # CHANGE", "roles:", "  head: [ana]")
KEPT = [
    "tools: []\n  # - {id: oslo}\npartitions: []\n",
    "# first\ntools:\n  - id: a\n    roles:\n      head: [x]   # who\n      # reporter: []\n\n# next\nother: 1\n",
    "tools:\n- id: a\n  text: |\n    one\n    two\n\nother: 2\n",
    "tools:\n    - {id: a,\n       b: 2}  # in two lines\n",
    "tools:  # none yet\nother: 1\n",
    "other: 1",
    "tools: [] # none\r\nother: 1\r\n",
    "",
]


def plain(text: str):
    return YAML(typ="safe", pure=True).load(text) or {}


@pytest.mark.parametrize("text", KEPT)
def test_what_was_there_stays_and_the_entry_is_the_last(text):
    new = added(text, "tools", ENTRY)
    before, after = plain(text), plain(new)
    assert after["tools"][:-1] == (before.get("tools") or [])
    assert after["tools"][-1] == {"id": "porto", "name": "Porto", "roles": {"head": ["ana"]}}
    assert {key: after[key] for key in before if key != "tools"} == {
        key: before[key] for key in before if key != "tools"
    }
    rest = iter(new.splitlines())
    for line in text.splitlines():
        assert any(line == there or line.replace("[] ", " ").replace(" []", "") == there for there in rest), (
            line
        )
    assert ("\r\n" in new) == ("\r\n" in text)
    assert new.count("\n") == new.count("\r\n") or "\r\n" not in text


def test_comments_that_belong_to_the_last_entry_stay_with_it():
    new = added("offices:\n  - id: a\n    # reporter: []\n# end\n", "offices", ("id: b",))
    assert new == "offices:\n  - id: a\n    # reporter: []\n  - id: b\n# end\n"


def test_two_entries_at_once_and_one_after_the_other_give_the_same():
    text = KEPT[0]
    for entry in (ENTRY, ("id: lx",)):
        text = added(text, "tools", entry)
    assert text == added(added(KEPT[0], "tools", ENTRY), "tools", ("id: lx",))
    assert text.index("porto") < text.index("lx") < text.index("# - {id: oslo}")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: 1\ntools: [{id: a}]\n", 2),
        ("tools: x\n", 1),
        ("tools: {a: 1}\n", 1),
        ("- 1\n", 1),
        ("a: 1\nb: [\n", 3),
        ("a: 1\ntools: [\n]\n", 2),
    ],
)
def test_a_list_in_another_form_is_refused_with_its_line(text, line):
    with pytest.raises(NotAList) as refused:
        added(text, "tools", ENTRY)
    assert refused.value.line == line


def test_an_entry_that_would_not_read_back_is_refused():
    with pytest.raises(NotAList, match="would not read back"):
        added(KEPT[1], "tools", ("id: a: b",))
