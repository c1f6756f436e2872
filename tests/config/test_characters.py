"""Characters that are invisible or disguise a text are refused wherever they stand; every script is kept."""

import json
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from cli import main
from config import characters
from config.characters import named, unfit, visible
from config.documents import MOST_TOLD
from config.problems import Problems, shown
from config.wiring import examine
from domain.standards.standard import Where
from tests.config.good import FILES, write
from tests.config.test_organization import loaded, spoil

HIDDEN = [
    *(chr(code) for code in (*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0))),
    *"\u00ad\u034f\u061c\u115f\u180e\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\u2064",
    *"\u2066\u2067\u2068\u2069\u206a\u206f\u3164\ufdd0\ufeff\uffa0\ufff9\ufffe\uffff",
    *"\U0001d173\U0001fffe\U000e0001\U000e0041\U000e007f\U0010ffff\ud800\udbff\udfff",
]
NAMES = {
    "Arabic": "مكتب إدارة المشاريع",
    "Hebrew": "משרד הפרויקטים",
    "Persian, with a non-joiner": "دفتر برنامه\u200cها",  # noqa: RUF001 - it is Persian
    "Persian behind a Latin word": "PDF\u200cها",  # noqa: RUF001 - it is Persian
    "Hindi, with a joiner": "क्\u200dष कार्यालय",
    "Bengali": "র\u200d্যাব",
    "Malayalam": "അവന\u0d4d\u200d",
    "Sinhala": "ශ්\u200dරී ලංකා",
    "Thai": "สำนักงานโครงการ",
    "Mongolian": "ᠮᠣᠩᠭᠣᠯ\u180eᠠ",
    "Chinese": "项目办公室",
    "Korean": "사업 관리",
    "an emoji with joiners": "Crew 👩🏽\u200d🚀 👨\u200d👩\u200d👧 🏳️\u200d🌈",
    "combining characters": "Ą́\u0323 Straße",
    "composed": unicodedata.normalize("NFC", "Ångström Việt"),
    "decomposed": unicodedata.normalize("NFD", "Ångström Việt"),
    "a variant of an ideograph": "葛\U000e0100城",
    "hard spaces and dashes": "A\u00a0B \u2013 C\u202fD",
}
EVERY = [
    *(file for file in FILES if file != "clock.yaml"),
    "agreements.yaml",
    "webhooks.yaml",
    "clock.yaml",
]  # fmt: skip
LACKING = {"agreements.yaml": "agreements: []\n", "webhooks.yaml": "sources: []\n"}


def laid_out(folder: Path) -> Path:
    """The good organization, with every file that an organization may have."""
    write(folder)
    for file, content in LACKING.items():
        if not (folder / file).exists():
            (folder / file).write_text(content, "utf-8")
    loaded(folder)
    return folder


def escaped(char: str) -> str:
    return f"\\u{ord(char):04x}" if ord(char) <= 0xFFFF else f"\\U{ord(char):08x}"


def the_only(problems: object, char: str) -> str:
    """The one error about that character; it does not hold the character itself."""
    assert isinstance(problems, Problems), "nothing was found wrong"
    said = [str(each) for each in problems.errors if named(char) in each.message]
    assert len(said) == 1, [str(each) for each in problems.errors]
    assert char not in said[0]
    assert " -> " in said[0]
    return said[0]


@pytest.mark.parametrize("char", HIDDEN, ids=lambda char: f"U+{ord(char):04X}")
def test_a_hidden_character_is_refused_as_it_is_and_as_an_escape(char: str, tmp_path: Path) -> None:
    if not "\ud800" <= char <= "\udfff":  # half a character is no UTF-8
        spoil(write(tmp_path), "people.yaml", "Bo Lind", f"Bo{char}Lind")
        assert the_only(examine(tmp_path), char).startswith("people.yaml:6: U+")
        spoil(write(tmp_path), "people.yaml", "people:", f"# for {char}you\npeople:")
        assert the_only(examine(tmp_path), char).startswith("people.yaml:1: U+")
    spoil(write(tmp_path), "people.yaml", "Bo Lind", f'"Bo{escaped(char)}Lind"')
    assert the_only(examine(tmp_path), char).startswith("people.yaml:6: `name` holds U+")
    spoil(write(tmp_path), "people.yaml", "name: Bo Lind", f'name: Bo Lind\n    "na{escaped(char)}me": x')
    assert the_only(examine(tmp_path), char).startswith("people.yaml:7: a key holds U+")


@pytest.mark.parametrize("file", EVERY)
def test_a_hidden_character_is_refused_in_every_file_of_an_organization(file: str, tmp_path: Path) -> None:
    laid_out(tmp_path)
    with (tmp_path / file).open("a", encoding="utf-8") as opened:
        opened.write("# paid\u202e\n")
    assert the_only(examine(tmp_path), "\u202e").startswith(f"{file}:")


def scalars(node: Node) -> Iterator[ScalarNode]:
    """Every key and single value of a file."""
    if isinstance(node, ScalarNode):
        yield node
    for each in node.value if isinstance(node, MappingNode | SequenceNode) else ():
        for inside in each if isinstance(each, tuple) else (each,):
            yield from scalars(inside)


@pytest.mark.servers  # many seconds: some 300 organizations
def test_a_hidden_character_is_refused_in_every_key_and_every_text_of_every_file(tmp_path: Path) -> None:
    """Each key and each value of the good organization in turn, at whatever depth; none is left out."""
    tried = 0
    for file, content in FILES.items():
        for node in scalars(YAML(typ="safe", pure=True).compose(content)):
            start, end = node.start_mark.index, node.end_mark.index
            hidden = json.dumps(f"{node.value}\u202e")
            write(tmp_path)
            (tmp_path / file).write_text(content[:start] + hidden + content[end:], "utf-8")
            assert the_only(examine(tmp_path), "\u202e").startswith(f"{file}:{node.start_mark.line + 1}: ")
            tried += 1
    assert tried > 300


def test_a_hidden_character_in_the_name_of_a_file_is_refused_and_not_printed(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "rollouts" / "method-2.yaml").rename(tmp_path / "rollouts" / "method\u202e-2.yaml")
    (tmp_path / "stray\x1b[2J.yaml").write_text("a: b\n", "utf-8")
    problems = examine(tmp_path)
    assert "the name of the file holds U+202E" in the_only(problems, "\u202e")
    assert "rollouts/method<U+202E>-2.yaml:1" in the_only(problems, "\u202e")
    assert isinstance(problems, Problems)
    assert [str(each.where) for each in problems.warnings] == ["stray<U+001B>[2J.yaml:1"]


@pytest.mark.parametrize("script", NAMES)
def test_a_name_in_any_script_is_kept_as_it_was_written(script: str, tmp_path: Path) -> None:
    name = NAMES[script]
    spoil(write(tmp_path), "people.yaml", "Bo Lind", name)
    assert loaded(tmp_path).organization.people["bo"].name == name
    spoil(write(tmp_path), "people.yaml", "Bo Lind", json.dumps(name, ensure_ascii=False))
    assert loaded(tmp_path).organization.people["bo"].name == name
    assert visible(name) == name


@pytest.mark.parametrize(
    "text",
    ["ad\u200cmin", "\u200dx", "a b\u200d", "12\u200c3", "\u0431\u200c\u0432", "\u0627\u200d\u200d\u0628"],
)
def test_a_joiner_where_no_script_needs_one_is_refused(text: str) -> None:
    assert [each.name for each in unfit(text)][:1] in (
        ["U+200C ZERO WIDTH NON-JOINER"],
        ["U+200D ZERO WIDTH JOINER"],
    )


def test_an_explanation_keeps_its_lines_and_tabs(tmp_path: Path) -> None:
    spoil(
        write(tmp_path),
        "tailorings/porto-overdue.yaml",
        "the port authority asks for it",
        '"first line,\\n\\tthen another"',
    )
    (tailoring,) = loaded(tmp_path).tailorings
    assert tailoring.adjustments[0].reason == "first line,\n\tthen another"


def test_a_file_with_the_line_ends_of_windows_is_read_with_the_same_lines(tmp_path: Path) -> None:
    write(tmp_path)
    for file in FILES:
        content = (tmp_path / file).read_bytes().replace(b"\n", b"\r\n")
        (tmp_path / file).write_bytes(content)
    there = loaded(tmp_path)
    write(tmp_path)
    assert there.versions["method/2.0"].digest == loaded(tmp_path).versions["method/2.0"].digest
    spoil(tmp_path, "people.yaml", "name: Bo Lind\n", "name: Bo Lind\r\n    nmae: x\r\n")
    problems = examine(tmp_path)
    assert isinstance(problems, Problems)
    assert [str(each.where) for each in problems.errors] == ["people.yaml:7"]


def test_a_file_full_of_them_is_told_of_in_a_few_lines(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "people.yaml").write_bytes(b"\x00\x01\n" * 100_000)
    problems = examine(tmp_path)
    assert isinstance(problems, Problems)
    assert len([each for each in problems.errors if each.where.file == "people.yaml"]) == MOST_TOLD


def test_every_control_has_the_name_that_unicode_gives_it() -> None:
    for code in (*range(0x20), *range(0x7F, 0xA0)):
        assert unicodedata.lookup(named(chr(code)).partition(" ")[2]) == chr(code)


def test_no_format_character_of_unicode_is_forgotten() -> None:
    """Whatever Python's Unicode knows as format, control or half, but for joiners and what is drawn."""
    kept = characters.SEEN | set("\n\t")
    alone = {chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) in ("Cc", "Cf", "Cs")}
    assert {char for char in alone if not any(unfit(char))} == kept


def test_what_a_message_repeats_can_be_printed_on_any_terminal() -> None:
    assert shown("a\x1b[2Jb\u202e") == "`a<U+001B>[2Jb<U+202E>`"
    problems = Problems()
    problems.add(Where("x\x9b.yaml", 1), "there is no `\x07`", "did you mean `\u2066`?")
    assert str(problems.errors[0]) == "x<U+009B>.yaml:1: there is no `<U+0007>` -> did you mean `<U+2066>`?"


def test_no_error_of_the_command_prints_a_control_of_the_terminal(tmp_path, capsys) -> None:
    assert main.main(["check", str(tmp_path / "no\x1b]0;x\x07folder")]) == 2
    assert main.main(["ledger", "verify", "--head", "\x1b[2J"]) == 2
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "no<U+001B>]0;x<U+0007>folder" in said
