"""The checks that ``make docs`` makes find what they look for."""

from __future__ import absolute_import, division, print_function

import io
import os
import re
import sys

import pytest

import waterspout

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
sys.path.insert(0, os.path.join(ROOT, "scripts"))

import environment  # noqa: E402
import interpreters  # noqa: E402
import offline  # noqa: E402


@pytest.mark.parametrize("text", [
    u'<script src="https://cdn.example/a.js"></script>',
    u"<img alt='x' src='//cdn.example/a.png'>",
    u'<link rel="stylesheet" href="http://cdn.example/a.css" />',
    u"@font-face { src: url(https://cdn.example/a.woff2) }",
    u'@import "https://cdn.example/a.css";',
])
def test_a_resource_of_another_host_is_found(text):
    """In HTML and in CSS."""
    assert [url.split("/")[2] for url in offline.loads(text)] == ["cdn.example"]


@pytest.mark.parametrize("text", [
    u'<a href="https://example.com/">a link</a>',
    u'<link rel="canonical" href="https://example.com/" />',
    u'<script src="_static/a.js"></script>',
    u"background: url(data:image/png;base64,AAAA)",
])
def test_links_and_own_files_are_allowed(text):
    """A reader who is offline sees the page whole."""
    assert offline.loads(text) == []


def test_pages_in_folders_are_searched(tmp_path):
    """Each is reported with its path."""
    (tmp_path / "reference").mkdir()
    with io.open(str(tmp_path / "reference" / "a.html"), "w", encoding="utf-8") as page:
        page.write(u'<img src="https://cdn.example/a.png">')
    assert offline.loaded_from_elsewhere(str(tmp_path)) == [
        (os.path.join("reference", "a.html"), "https://cdn.example/a.png")]


def test_a_public_name_that_is_not_documented_is_found():
    """Unless it is excused by name."""
    sphinx_extensions = os.path.join(ROOT, "docs", "_extensions")
    sys.path.insert(0, sphinx_extensions)
    try:
        import public_names
    finally:
        sys.path.remove(sphinx_extensions)
    every = ["waterspout." + name for name in waterspout.__all__]
    assert public_names.missing(["waterspout"], set(every[1:]), set()) == every[:1]
    assert public_names.missing(["waterspout"], set(every[2:]), set(every[:2])) == []


@pytest.fixture
def docstrings():
    """Our extension of Sphinx; the tests need no Sphinx."""
    docstrings = {"__name__": "docstrings", "nodes": None}
    path = os.path.join(ROOT, "docs", "_extensions", "docstrings.py")
    with io.open(path, encoding="utf-8") as file:
        source = re.sub("(?m)^from (docutils|sphinx) import .*$", "", file.read())
    exec(compile(source.encode("utf-8"), path, "exec"), docstrings)
    return docstrings


@pytest.mark.parametrize("written, shown", [
    (u"(a: Optional[str] = None)", u"(a: str | None = None)"),
    (u"(a: Union[None, str, Tuple[str, int]], b: bool | None)",
     u"(a: str | Tuple[str, int] | None, b: bool | None)"),
    (u"(a: Optional[Mapping[str, Optional[str]]])", u"(a: Mapping[str, str | None] | None)"),
    (u"(a: int = 1)", u"(a: int = 1)"),
])
def test_unions_are_shown_in_one_form(docstrings, written, shown):
    """However the source writes them."""
    assert docstrings["with_bars"](written) == shown


def test_errors_on_one_line_become_a_field(docstrings):
    """Its lines stay one paragraph, also after a line that ends with a colon."""
    lines = docstrings["with_sections"]([
        u"Raises: TypeError: a keyword. Unless ``errors``:", u"    HTTPError: a status.",
        u"Returns:", u"    nothing"])
    assert lines == [
        u"", u":Raises: TypeError: a keyword. Unless ``errors``:", u"    HTTPError: a status.",
        u"", u"Returns:", u"    nothing"]


def test_the_newest_python_builds_and_none_before_3_11(monkeypatch):
    """Whatever PYTHON says."""
    docs = {"__name__": "docs"}
    with open(os.path.join(ROOT, "scripts", "docs"), "rb") as script:
        exec(compile(script.read(), "scripts/docs", "exec"), docs)
    found = {"2.7": "oldest", "3.11": "newer", "3.13": "newest"}
    monkeypatch.setattr(interpreters, "find", lambda: found)
    monkeypatch.setenv("PYTHON", "python2.7")
    assert docs["newest"]() == "newest"
    del found["3.11"], found["3.13"]
    with pytest.raises(environment.Failed):
        docs["newest"]()
