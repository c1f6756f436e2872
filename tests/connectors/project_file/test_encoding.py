"""How the letters of a project file are known: by its mark, the settings or its declaration, and never by a guess."""

import pytest

from connectors.errors import Refused
from connectors.project_file.encoding import codec, letters
from connectors.registry import tool_problems

XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><a>Żółw</a>'


@pytest.mark.parametrize(
    "name",
    [
        "UTF-8",
        "utf8",
        "windows-1251",
        "CP1251",
        "gbk",
        "GB2312",
        "x-gbk",
        "ISO-8859-2",
        "IBM852",
        "Shift_JIS",
        "Windows-31J",
        "KOI8-R",
        "Big5",
        "macintosh",
        "windows-874",
        "ks_c_5601-1987",
    ],
)
def test_names_of_encodings_are_known_as_programs_write_them(name):
    assert codec(name)


@pytest.mark.parametrize(
    "name", ["klingon", "rot13", "hex", "base64", "idna", "punycode", "unicode_escape", "utf-7", "", " "]
)
def test_what_is_no_encoding_of_letters_is_refused(name):
    with pytest.raises(ValueError, match="no encoding that is known"):
        codec(name)


@pytest.mark.parametrize("encoding", ["klingon", "rot13"])
def test_a_wrong_encoding_is_refused_in_the_settings(encoding):
    (problem,) = tool_problems("project-file", {"file": "plan.xer", "encoding": encoding})
    assert problem.place[0] == "encoding"
    assert "such as utf-8, cp1251 or gbk" in problem.text
    assert tool_problems("project-file", {"file": "plan.xer", "encoding": "cp1250"}) == ()


def test_an_mpp_needs_no_encoding():
    (problem,) = tool_problems("project-file", {"file": "plan.MPP", "encoding": "cp1250"})
    assert "take `encoding` out" in problem.text


def test_plain_utf_8_stays_as_it_is_byte_for_byte():
    assert letters(XML.encode(), "a").data == XML.encode()


@pytest.mark.parametrize("quoted", ['encoding="iso-8859-2"', "encoding = 'ISO-8859-2'", 'encoding="latin2"'])
def test_only_the_declaration_changes_when_letters_are_written_anew(quoted):
    found = letters(XML.replace('encoding="UTF-8"', quoted).encode("iso-8859-2"), "a")
    assert found.data.decode().endswith('standalone="yes"?><a>Żółw</a>')
    assert "UTF-8" in found.data.decode()[:60]
    assert str(found).startswith("its letters are written in ")


def test_a_setting_wins_over_a_declaration_and_never_over_a_mark():
    assert "Żółw" in letters(XML.encode("cp1250"), "a", "cp1250").data.decode()
    with pytest.raises(Refused, match="take `encoding` out"):
        letters(XML.encode("utf-8-sig"), "a", "cp1250")
    assert letters(XML.encode("utf-16"), "a", "UTF-16").encoding == "UTF-16"
    assert letters(XML.encode("utf-8-sig"), "a", "utf8").encoding == "UTF-8"


def test_halves_of_letters_are_refused():
    with pytest.raises(Refused, match="not written in UTF-16"):
        letters("<a>".encode("utf-16") + b"\x00\xd8", "a")


@pytest.mark.parametrize(
    ("declared", "written", "text"),
    [
        ("gb2312", "gbk", "镕"),
        ("Shift_JIS", "cp932", "①"),
        ("euc-kr", "cp949", "똠"),
        ("Big5", "cp950", "碁"),
    ],
)
def test_a_name_means_what_programs_of_windows_write_under_it(declared, written, text):
    data = XML.replace("UTF-8", declared).replace("Żółw", text).encode(written)
    assert text in letters(data, "a").data.decode()
