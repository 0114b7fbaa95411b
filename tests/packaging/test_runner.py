from __future__ import absolute_import, division, print_function

import os
import sys

import pytest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), os.pardir, os.pardir))
sys.path.insert(0, os.path.join(ROOT, "scripts"))

import interpreters  # noqa: E402
import results  # noqa: E402

REPORT = """<testsuites><testsuite>
<testcase classname="tests.unit.test_urls" name="test_joins" />
<testcase classname="tests.unit.test_urls.Case" name="test_splits"><failure /></testcase>
<testcase classname="tests.unit.test_urls" name="test_torn"><error /></testcase>
<testcase classname="tests.unit.test_urls" name="test_later"><skipped /></testcase>
<testcase classname="" name="tests.unit.test_curl"><skipped /></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def reported(tmp_path):
    """What the runner reads from the report above: counts and names."""
    report = tmp_path / "results.xml"
    report.write_bytes(REPORT.encode("ascii"))
    return results.read(str(report))


@pytest.fixture
def tree(tmp_path):
    """A project with four test files and a helper."""
    for path in "unit/test_urls unit/test_curl unit/test_url py3/test_await unit/helper".split():
        folder = tmp_path / "tests" / path.split("/")[0]
        if not folder.is_dir():
            folder.mkdir(parents=True)
        (folder / (path.split("/")[1] + ".py")).write_bytes(b"")
    return str(tmp_path)


def test_an_error_counts_as_failed(reported):
    """Errors in fixtures are failures; a file skipped as a whole is one skip."""
    assert reported[0] == results.Counts(passed=1, failed=2, skipped=2)


def test_a_file_without_a_result_is_found(reported, tree):
    """A test file that nothing was reported of is named, be its name the start of another's."""
    assert results.files_not_run(tree, reported[1], without=[os.path.join("tests", "py3")]) == [
        os.path.join("tests", "unit", "test_url.py")
    ]


def test_nothing_is_left_out_silently(reported, tree):
    """Only the folders that are named need not have run."""
    assert os.path.join("tests", "py3", "test_await.py") in results.files_not_run(
        tree, reported[1]
    )


@pytest.mark.parametrize(
    "version, wanted, matches",
    [("3.11.7", "3.11", True), ("3.11.7", "3.11.7", True), ("3.11.7", "3.1", False),
     ("3.1.7", "3.11", False), ("2.7.18", "2.7.1", False)],
)
def test_versions_match_part_by_part(version, wanted, matches):
    """``3.1`` is not the beginning of ``3.11``."""
    interpreter = interpreters.Interpreter("python", version)
    assert interpreters.is_version(interpreter, wanted) is matches


def test_this_interpreter_is_found_by_its_path():
    """An interpreter may be named by its path, and says its own version."""
    found = interpreters.resolve(sys.executable)
    assert found.version == "%d.%d.%d" % sys.version_info[:3]


@pytest.mark.parametrize("name", ["python2.6", "3.7.99", "no-such-command"])
def test_a_missing_interpreter_is_named(name):
    """The line that the user sees says what was looked for."""
    with pytest.raises(interpreters.NotFound, match=name):
        interpreters.resolve(name)
