"""An exported ledger proves itself: every change of the file is found, and the first bad entry is named."""

import json

import pytest

from domain.ledger.anchors import Anchor
from domain.ledger.chain import Broken
from domain.ledger.exported import examine_file
from tests.domain.ledger.changes import chained, file_of, tried


def place_of(lines, given=()):
    """The number of the first bad entry; None for a file that holds, 0 where it is the file's end or start."""
    examined = examine_file(lines, given)
    if examined.good:
        return None
    return examined.broken.number if examined.broken else 0


def test_an_honest_file_holds_and_says_how_many_there_are_and_its_head():
    entries = chained(30)
    lines = file_of(entries, [Anchor("the report sweep-1", entries[11].hash, 12)])
    examined = examine_file(lines, [Anchor("--head", entries[20].hash[:12])])
    assert examined.good
    assert (examined.entries, examined.head) == (30, entries[-1].hash)
    assert examine_file(file_of([])).good


def test_any_byte_that_changes_is_found_and_its_entry_is_named():
    whole = file_of(chained(9))
    for line, text in enumerate(whole):
        for at in range(len(text)):
            changed = text[:at] + bytes([text[at] ^ 1]) + text[at + 1 :]
            found = place_of([*whole[:line], *changed.splitlines(keepends=True), *whole[line + 1 :]])
            assert found in ({line} if line else {0, 1}), (line, at)


def test_any_entry_that_is_gone_changed_moved_or_put_in_is_named_and_so_is_a_cut_off_tail():
    assert [found for found in tried(40) if found.missed] == []


def test_a_file_without_its_first_line_does_not_hold_though_every_entry_is_there():
    (_, *entries) = file_of(chained(3))
    assert examine_file(entries).broken == Broken(
        0,
        "the file's first line is an entry: it does not say how many there are -> export the ledger anew",
    )


def test_a_file_that_was_sent_as_text_is_said_to_be_that():
    sent = [line.replace(b"\n", b"\r\n") for line in file_of(chained(3))]
    found = examine_file(sent).broken
    assert found is not None
    assert found.number == 0
    assert "the file was sent as text -> send it packed" in found.problem


def test_a_file_that_was_made_anew_with_less_is_found_by_a_head_from_elsewhere():
    entries = chained(30)
    shorter = file_of(entries[:20])
    assert place_of(shorter) is None, "by itself it is whole"
    (said,) = examine_file(shorter, [Anchor("--head", entries[-1].hash)]).amiss
    assert "--head names the head" in said
    reported = file_of(entries[:20], [Anchor("the report sweep-2", entries[24].hash, 25)])
    (said,) = examine_file(reported).amiss
    assert (
        said
        == "the ledger was shortened after entry 20: the report sweep-2 names entry 25, which is not in it"
    )


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "the file's first line is empty"),
        (b"PK\x03\x04", "the file's first line is no JSON"),
        (b"[]\n", "the file's first line is no JSON object"),
        (b'{"ledger": 2}\n', "the file's first line is not that of an exported ledger of form 1"),
        (b'{"ledger": 1}\n', "the file's first line was changed after it was written"),
    ],
)
def test_what_is_no_exported_ledger_is_said_to_be_none(line, said):
    assert examine_file([line]).broken == Broken(0, said)


def test_lines_that_only_look_alike_are_no_entries():
    first, *lines = file_of(chained(2))
    twice = b'{"kind": "adopted", ' + lines[0][1:]
    spaced = json.dumps(json.loads(lines[0]), separators=(",", ":")).encode() + b"\n"
    for odd in (twice, spaced, lines[0].rstrip(b"\n"), lines[0].replace(b"\n", b"\r\n"), b"\n"):
        assert place_of([first, odd, lines[1]]) == 1
