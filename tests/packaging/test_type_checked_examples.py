"""How scripts/check hands the documentation's examples to the type checkers."""

from __future__ import absolute_import, division, print_function

import io
import os
import sys

import doc_pages
import example_projects
import pytest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), os.pardir, os.pardir))
sys.path.insert(0, os.path.join(ROOT, "scripts"))

import checked_examples  # noqa: E402
import environment  # noqa: E402


def test_each_example_is_a_module_with_the_lines_of_its_page(tmp_path):
    """None is left out, and what a checker complains about is found on the page."""
    origins = checked_examples.write_examples(str(tmp_path))
    blocks = [block for page in doc_pages.pages() for block in doc_pages.blocks(page, "python")]
    modules = sorted(name for name in origins if not name.startswith("typing_"))
    assert len(modules) == len(blocks) > 20
    for block in blocks:
        name = [each for each in modules if origins[each] == block.page
                and each.endswith("_%d.py" % block.line)]
        with io.open(str(tmp_path / name[0]), encoding="utf-8") as file:
            lines = file.read().split(u"\n")
        assert u"\n".join(lines[block.line - 1:]) == block.source


@pytest.mark.parametrize("comment", [u"# type: ignore", u"# pyright: basic", u"#mypy: strict"])
def test_an_example_that_silences_a_checker_is_refused(tmp_path, monkeypatch, comment):
    """Readers copy examples, comments included."""
    block = doc_pages.Block("page.md", "python", 3, u"import waterspout  %s\n" % comment)
    monkeypatch.setattr(doc_pages, "pages", lambda: ["page.md"])
    monkeypatch.setattr(doc_pages, "blocks", lambda page, language: [block])
    with pytest.raises(environment.Failed) as caught:
        checked_examples.write_examples(str(tmp_path))
    assert "page.md:3" in str(caught.value)


@pytest.mark.parametrize("name", example_projects.names())
def test_a_project_is_checked_apart(tmp_path, name):
    """With all its modules; what a checker complains about is found in the tree."""
    place, origins = checked_examples.write_project(name, str(tmp_path))
    assert os.path.basename(place) == name and "app.py" in origins
    for origin in origins.values():
        assert os.path.exists(os.path.join(ROOT, origin))


def test_a_project_that_silences_a_checker_is_refused(tmp_path, monkeypatch):
    """As an example on a page is."""
    project = tmp_path / "mine"
    project.mkdir()
    (project / "a.py").write_bytes(b"import waterspout  # type: ignore\n")
    monkeypatch.setattr(example_projects, "FOLDER", str(tmp_path))
    with pytest.raises(environment.Failed) as caught:
        checked_examples.write_project("mine", str(tmp_path / "copy"))
    assert os.path.join("examples", "mine", "a.py") in str(caught.value)


@pytest.mark.parametrize("status", [0, 1])
def test_a_complaint_names_the_page(tmp_path, capfd, status):
    """Not the module that was made of it; a status other than 0 is a failure."""
    (tmp_path / "checker.py").write_bytes(
        b"print('/tmp/x/docs_a_md_7.py:9: error: no'); raise SystemExit(%d)" % status)
    checked_examples.COMMANDS["checker"] = []
    try:
        passed = checked_examples.passes(
            "checker", sys.executable, str(tmp_path), {"docs_a_md_7.py": "docs/a.md"})
    finally:
        del checked_examples.COMMANDS["checker"]
    assert passed is (status == 0)
    assert capfd.readouterr()[0] == "docs/a.md:9: error: no\n"
