# -*- coding: utf-8 -*-
from __future__ import absolute_import, division, print_function

import sys

import pytest

from waterspout_cmdb.bulk.errors import BulkError

CHINESE = u"名称,地址,负责人\n网络服务器,北京机房,张三\n数据库主机,上海机房,李四\n"
GERMAN = u"name,straße,ort\nweb-1,Königstraße 3,Zürich\nweb-2,Rue de l'Église,Besançon\n"
ENGLISH = u"name,ip\nweb-1,10.0.0.1\n"


@pytest.mark.parametrize("text", [CHINESE, GERMAN, ENGLISH])
@pytest.mark.parametrize("encoding", [
    "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_found_out(folder, text, encoding):
    """With a byte order mark or without; the mark is no part of the first name."""
    text = text if encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-32") else ENGLISH
    table = folder.open(text, encoding=encoding)
    assert table.encoding == encoding
    assert [table.columns] + [row.cells for row in table.rows()] == [
        line.split(u",") for line in text.splitlines()]
    told = [line for line in table.findings if line.startswith(u"encoding")]
    assert len(told) == (encoding != "utf-8")


def test_utf16_of_another_byte_order_is_read(folder):
    """A mark tells the order."""
    table = folder.open(b"\xfe\xff" + CHINESE.encode("utf-16-be"))
    assert (table.encoding, table.columns[0]) == ("utf-16", u"名称")


@pytest.mark.parametrize("text, encoding, found", [
    (CHINESE, "gb18030", "gb18030"), (CHINESE, "gbk", "gb18030"), (GERMAN, "latin-1", "cp1252"),
    (GERMAN.replace(u"3", u"€ “3”"), "cp1252", "cp1252"),
    (ENGLISH + u"x,日本\n" + u"\U00020000,y\n", "gb18030", "gb18030"),
    (u"name,ort\nweb-1,M\xfcnchen\n", "latin-1", "cp1252"),
    (u"name,owner\nweb-1,张三\n", "gb18030", "gb18030"),
])
def test_older_encodings_are_found_out(folder, text, encoding, found):
    """Chinese and Western files of Windows, told with the option that says otherwise."""
    table = folder.open(text.encode(encoding))
    assert table.encoding == found
    assert [table.columns] + [row.cells for row in table.rows()] == [
        line.split(u",") for line in text.split(u"\n")[:-1]]
    assert any(u"encoding" in line and u"--encoding names another" in line
               for line in table.findings)


@pytest.mark.parametrize("text, encoding", [
    (u"имя;город Москва", "cp1251"), (u"имя;город Москва", "koi8-r"),
    (u"Καλημέρα;κόσμε", "cp1253"), (u"名前,サーバー,東京データ", "shift_jis"),
    (u"名前,サーバー,東京データ", "euc-jp"), (u"伺服器,台北市信義區,高雄市資料中心", "big5"),
    (u"서버,서울특별시 부산광역시 데이터센터 관리", "euc-kr"),
    (u"München;Köln;Straße", "mac-roman"), (u"München;Köln;Straße", "cp850"),
    (u"Gdańsk;Łódź;Główny", "cp1250"), (u"cœur;sœur", "iso-8859-15")])
def test_what_makes_no_words_is_refused(folder, text, encoding):
    """A person would read other words than those that were imported."""
    content = (u"name;x\n" + text + u"\n").encode(encoding)
    with pytest.raises(BulkError, match="makes no words as GB18030 or cp1252"):
        folder.open(content)
    table = folder.open(content, encoding_option=encoding, delimiter=";")
    assert [u";".join(row.cells) for row in table.rows()] == [text]


@pytest.mark.parametrize("text", [
    u"café", u"Größe", u"Ärger", u"25 °C", u"£2,50", u"µs", u"m²/m³", u"“Größe” – 5…", u"l’été",
    u"¿Qué?", u"OKŠ", u"½ Rack", u"« été »", u"col·lega", u"Müller® ™", u"§5 Abs. 3", u"créée",
    u"Ação"])
def test_western_words_are_read(folder, text):
    table = folder.open((u"name;x\nweb;" + text + u"\n").encode("cp1252"))
    assert (table.encoding, next(table.rows()).cells) == ("cp1252", [u"web", text])


@pytest.mark.parametrize("text, encoding, found", [
    (u"web,Zürich", "latin-1", "cp1252"), (u"主机,机房", "gb18030", "gb18030")])
def test_one_late_character_is_found(folder, text, encoding, found):
    """A file may be ASCII for two megabytes."""
    content = b"name,place\n" + b"web-1,some place of no importance at all\n" * 50000
    table = folder.open(content + text.encode(encoding) + b"\nend,1\n")
    assert table.encoding == found
    rows = list(table.rows())
    assert rows[-2] == (50002, text.split(u","))


def test_a_guess_shows_words_to_look_at(folder, monkeypatch):
    """A person sees at once whether they are right."""
    chardet = pytest.importorskip("chardet")
    monkeypatch.setattr(chardet, "detect", lambda sample: {"encoding": None, "confidence": 0})
    text = u'name,owner\nweb-1,"张三, 李四"\nweb-2,张三\n'
    assert folder.open(text.encode("gb18030")).findings[0] == (
        u"encoding GB18030 (guessed, it makes these words: 张三, 李四; --encoding names another)")


def test_the_users_encoding_is_taken(folder):
    """What is said wins; the mark at the beginning is no part of the text."""
    assert folder.open(GERMAN.encode("gb18030"), encoding_option="gb18030").columns[1] == u"straße"
    table = folder.open(ENGLISH.encode("utf-8-sig"), encoding_option="utf-8")
    assert table.columns[0] == u"name"
    assert folder.open(ENGLISH.encode("utf-16"), encoding_option="utf-16").columns[0] == u"name"
    assert folder.open(u"имя,a\nб,1\n".encode("cp1251"), encoding_option="cp1251").columns[0] == (
        u"имя")


@pytest.mark.parametrize("content, encoding, words", [
    (GERMAN.encode("latin-1"), "utf-8", r"row 1: byte 10 \(df\) is no UTF-8"),
    (b"a,b\r\n1,2\r3,4\n5,\xff\n", "gb18030", r"row 4: byte 16 \(ff\) is no GB18030"),
    (b"a,b\n" * 600000 + b"\xff,1\n", "utf-8", r"row 600001: byte 2400001 \(ff\) is no UTF-8"),
    (b"a,b\n1,\x81\n", "cp1252", r"row 2: byte 7 \(81\)"),
    (u"a,b\n1,2".encode("utf-16") + b"\x00", "utf-16", r"row 2: byte 17 \(00\)"),
    (b"\xef\xbb\xbfa,b\n1,\xff", None, r"row 2: byte 10 \(ff\) is no UTF-8"),
    (b"a,b\n1,\xe4\xb8", "utf-8", r"row 2: byte 7 \(e4\)"),
], ids=["latin-1", "gb18030", "late", "cp1252", "utf-16", "mark", "cut off"])
def test_what_is_not_in_the_encoding_is_named(folder, content, encoding, words):
    """By row and byte; nothing is replaced by question marks."""
    with pytest.raises(BulkError, match=words):
        folder.open(content, encoding_option=encoding)


@pytest.mark.parametrize("encoding", ["nonsense", "base64", "hex", "rot13", "a\0b", "zlib"])
def test_an_encoding_that_is_none_is_told(folder, encoding):
    """Python's codecs have more than encodings of text."""
    with pytest.raises(BulkError, match="--encoding .*no text encoding"):
        folder.open(ENGLISH, encoding_option=encoding)


def test_without_chardet_it_is_asked_for(folder, monkeypatch):
    """Unicode needs no help."""
    monkeypatch.setitem(sys.modules, "chardet", None)
    assert folder.open(CHINESE).columns[0] == u"名称"
    with pytest.raises(BulkError, match=r'--encoding.*pip install "waterspout-cmdb\[bulk\]"'):
        folder.open(GERMAN.encode("latin-1"))
