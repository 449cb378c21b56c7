# SPDX-License-Identifier: MIT
"""Lists of a class as spreadsheets and learning platforms save them: understood, or refused."""

import pytest
from hypothesis import given, settings, strategies as st

from minelib.errors import BadInput
from minelib.workbench.class_list import read_class

TWO = {"007": "李雷", "20210101001": "韩梅梅"}
UNDERSTOOD = {
    "UTF-8": ("student,name\n007,李雷\n20210101001,韩梅梅\n".encode(), TWO),
    "a byte order mark": ("学号,姓名\n007,李雷\n20210101001,韩梅梅\n".encode("utf-8-sig"), TWO),
    "GBK": ("学号,姓名\n007,李雷\n20210101001,韩梅梅\n".encode("gbk"), TWO),
    "Unicode text": ("student\tname\n007\t李雷\n20210101001\t韩梅梅\n".encode("utf-16"), TWO),
    "UTF-16 unmarked": ("姓名,学号\n李雷,007\n韩梅梅,20210101001\n".encode("utf-16-le"), TWO),
    "semicolons": ("student;name\n007;李雷\n20210101001;韩梅梅\n".encode(), TWO),
    "tabs": ("student\tname\n007\t李雷\n20210101001\t韩梅梅".encode(), TWO),
    "sep=": ("sep=|\nname|student\n李雷|007\n韩梅梅|20210101001\n".encode(), TWO),
    "old line ends": ("student,name\r007,李雷\r20210101001,韩梅梅\r".encode(), TWO),
    "typed by hand": ("学号，姓名\n007，李雷\n20210101001，韩梅梅\n".encode(), TWO),
    "no heading": ("007,李雷\n20210101001,韩梅梅\n".encode(), TWO),
    "a title above": (
        "春季班,,\n,,\n序号,学号,姓名\n1,007,李雷\n2,20210101001,韩梅梅".encode(),
        TWO,
    ),
    "full width": ("student,name\n００７,李雷\n２０２１０１０１００１,韩梅梅\n".encode(), TWO),
    "formulas": ('student,name\n="007",李雷\n\'20210101001,韩梅梅\n'.encode(), TWO),
    "noughts": (b"student\n20260001.0\n20260002.0\n", {"20260001": "", "20260002": ""}),
    "Moodle": (
        b"First name,Surname,ID number,Email address\nAda,Lovelace,s01,ada@example.org\n",
        {"s01": "Ada Lovelace"},
    ),
    "Canvas": (
        b'Student,ID,SIS User ID,Section\n    Points Possible,,,\n"Lovelace, Ada",9,s01,A\n',
        {"s01": "Lovelace, Ada"},
    ),
    "Brightspace": (
        b"OrgDefinedId,Username,Last Name,First Name,End\n#s01,ada,Lovelace,Ada,#\n",
        {"s01": "Ada Lovelace"},
    ),
    "xuexitong": ("学号/工号,姓名,班级\n0001,李雷,1班\n".encode("gb18030"), {"0001": "李雷"}),
    "family name apart": ("姓,名,学号\n李,雷,007\n".encode(), {"007": "李雷"}),
    "addresses": (b"Name,Email\nAda,ada@example.org\n", {"ada@example.org": "Ada"}),
    "names are ids": ("姓名\n李雷\n韩梅梅\n".encode(), {"李雷": "", "韩梅梅": ""}),
    "Western Excel": (
        "s03;Müller\ns04;François\n".encode("cp1252"),
        {"s03": "Müller", "s04": "François"},
    ),
    "comma in a name": (b'name,student\n"Lovelace, Ada",s01\n', {"s01": "Lovelace, Ada"}),
    "empty rows and cells": ("student,name,,\n\n,,,\n007,李雷,,\n".encode(), {"007": "李雷"}),
}


@pytest.mark.parametrize("form", UNDERSTOOD)
def test_a_list_is_understood(tmp_path, form):
    content, names = UNDERSTOOD[form]
    (tmp_path / "class.csv").write_bytes(content)
    found = read_class(tmp_path / "class.csv")
    assert found.names == names and list(found.names) == list(names)
    assert f"students: {len(names)}; {next(iter(names))}" in found.sentence()


def test_how_it_was_understood_is_said(tmp_path):
    (tmp_path / "c.csv").write_bytes("学号,姓名\ns01,张\ns02,李\n".encode("gbk"))
    said = read_class(tmp_path / "c.csv").sentence()
    assert said == "c.csv: students: 2; s01 … s02; ids: 学号; names: 姓名; read as GBK"


REFUSED = {
    b"name,student\nA\nB,s02\n": "line 2: student is missing (A)",
    b"student,name\ns01,Lovelace, Ada\n": "line 2: 3 cells, but 2 headings",
    b"student\ns01\ns02\nS01\n": "lines 2, 4: the same id twice (s01, S01)",
    "student\ncafé\ncafe\u0301\n".encode(): "lines 2, 3: the same id twice",
    "student\ns１\ns1\n".encode(): "lines 2, 3: the same id twice",
    b"student\n2.02101E+10\n": "line 2: 2.02101E+10 is what the spreadsheet made of an id",
    b"student;name\n2,02101E+10;x\n": "line 2: 2,02101E+10 is what the spreadsheet made of an id",
    b"student\n########\n": "line 2: ######## is what the spreadsheet made",
    b"student\n#NAME?\n": "line 2: #NAME? is what the spreadsheet made",
    b"student\n2026010100100000\n2026010100200000\n": "the ids end in 0 after 15 digits",
    ("student\n" + "长" * 150).encode(): "is too long for a student id (at most 60",
    b"student\n../s01\n": "line 2: '../s01' cannot be a student id",
    b"student\nCON\n": "line 2: 'CON' cannot be",
    b"student\nsolution\n": "line 2: 'solution' cannot be",
    "学号,人数\ns01,1\n合计,1\n".encode(): "line 3: '合计' cannot be",
    b"student,marks\ns01,1\nTotal,1\n": "line 3: 'Total' cannot be",
    b"student\n": "no student below the headings",
    b"": "is empty",
    b"\xef\xbb\xbf\n": "is empty",
    b"Matrikel,Vorname\n1,a\n": "which column has the student ids? Found: Matrikel, Vorname",
    b"Matrikel\n12\n13\n": "which column has the student ids? Found: Matrikel.",
    "20260001 李雷\n20260002 韩梅梅\n".encode(): "a comma between id and name: 20260001 李雷",
    b'student,name\ns01,"abc\n': "line 2: a quotation mark is opened",
    b"PK\x03\x04\x14": "is a workbook (xlsx, ods) or an archive, whatever its name",
    b"\xd0\xcf\x11\xe0": "is an old Excel workbook",
    b" <table><tr><td>s01": "is a page of HTML",
    b"%PDF-1.7": "is PDF",
    b"\x00\x01\x02\x03binary": "is no text that can be read",
}


@pytest.mark.parametrize("content", REFUSED)
def test_a_list_is_refused_with_the_line_and_the_reason(tmp_path, content):
    (tmp_path / "class.csv").write_bytes(content)
    with pytest.raises(BadInput) as refused:
        read_class(tmp_path / "class.csv")
    assert REFUSED[content] in str(refused.value) and "class.csv" in str(refused.value)


def test_what_is_no_file_is_refused(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(BadInput, match="cannot be read"):
            read_class(path)


def test_every_line_that_is_in_the_way_is_named_up_to_a_few(tmp_path):
    (tmp_path / "class.csv").write_text("student,name\n" + ",x\n" * 8)
    with pytest.raises(BadInput) as refused:
        read_class(tmp_path / "class.csv")
    lines = str(refused.value).splitlines()
    assert len(lines) == 6 and "line 2" in lines[0] and lines[-1] == "... and 3 more."


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.binary(max_size=80), st.text(max_size=80).map(lambda t: t.encode("utf-16"))))
def test_any_bytes_are_a_list_or_a_sentence(tmp_path_factory, content):
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(content)
    try:
        assert read_class(path).names
    except BadInput as refused:
        assert str(refused)
