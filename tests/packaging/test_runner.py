from __future__ import absolute_import, division, print_function

import os
import re
import shutil
import subprocess
import sys

import pytest

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), os.pardir, os.pardir))
sys.path.insert(0, os.path.join(ROOT, "scripts"))

import environment  # noqa: E402
import interpreters  # noqa: E402
import plan  # noqa: E402
import results  # noqa: E402

REPORT = """<testsuites><testsuite>
<testcase classname="tests.unit.test_urls" name="test_joins" />
<testcase classname="tests.unit.test_urls.Case" name="test_splits">
<failure message="assert 1 == 2&#10;  more" /></testcase>
<testcase classname="tests.unit.test_urls" name="test_torn">
<error>failed on setup</error></testcase>
<testcase classname="tests.unit.test_urls" name="test_later"><skipped /></testcase>
<testcase classname="" name="tests.unit.test_curl"><skipped /></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def reported(tmp_path):
    """What the runner reads from the report above: counts and names of tests."""
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
    assert reported.counts == results.Counts(passed=1, failed=2, skipped=2)


def test_each_failed_test_is_named_with_the_first_line_of_its_reason(reported):
    """They stand below the table of counts, at the end of the log."""
    assert reported.failures == [
        "tests.unit.test_urls.Case.test_splits: assert 1 == 2",
        "tests.unit.test_urls.test_torn: failed on setup",
    ]


def test_a_skipped_test_is_reported_but_did_not_run(reported):
    """A failed test ran, a skipped one did not."""
    skipped = {"tests.unit.test_urls.test_later", "tests.unit.test_curl"}
    assert reported.reported - reported.ran == skipped


def test_a_file_without_a_result_is_found(reported, tree):
    """A test file that nothing was reported of is named, be its name the start of another's."""
    py3 = os.path.join("tests", "py3")
    assert results.files_not_run(tree, reported.reported, without=[py3]) == [
        os.path.join("tests", "unit", "test_url.py")
    ]


def test_nothing_is_left_out_silently(reported, tree):
    """Only the folders that are named need not have run."""
    assert os.path.join("tests", "py3", "test_await.py") in results.files_not_run(
        tree, reported.reported
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


# Which interpreter runs what


def chosen(*versions):
    return [interpreters.Interpreter("python" + version, version) for version in versions]


@pytest.mark.parametrize(
    "versions, kind, whole, slow",
    [
        (["2.7.18", "3.8.18", "3.11.7", "3.13.0"], "test", True, ["2.7.18", "3.13.0"]),
        (["3.8.18", "3.11.7"], "test", True, ["3.8.18", "3.11.7"]),
        (["3.11.7"], "test", True, ["3.11.7"]),
        (["2.7.18", "3.8.18", "3.13.0"], "test", False, ["2.7.18", "3.8.18", "3.13.0"]),
        (["2.7.18", "3.8.18", "3.13.0"], "full", True, ["2.7.18", "3.8.18", "3.13.0"]),
        (["3.13.0"], "quick", True, []),
    ],
)
def test_slow_tests_run_on_the_oldest_and_the_newest(versions, kind, whole, slow):
    """Each slow test runs somewhere, and everywhere when arguments select it or in a full run."""
    parts = [part for part in plan.parts(chosen(*versions), kind, whole) if not part.tornado]
    assert [part.interpreter.version for part in parts] == versions
    assert [part.interpreter.version for part in parts if part.slow] == slow
    assert [part.soak for part in parts] == [kind == "full"] * len(parts)


@pytest.mark.parametrize(
    "versions, kind, whole, lowest",
    [
        (["2.7.18", "3.8.18", "3.9.18", "3.13.0"], "test", True, ["3.8.18"]),
        (["3.9.18"], "full", True, ["3.9.18"]),
        (["2.7.18", "3.13.0"], "test", True, []),
        (["3.8.18"], "test", False, []),
        (["3.8.18"], "quick", True, []),
    ],
)
def test_one_interpreter_also_runs_on_the_lowest_tornado(versions, kind, whole, lowest):
    """One that has a wheel of it; after all others, and not if arguments select the tests."""
    parts = plan.parts(chosen(*versions), kind, whole)
    assert [part.interpreter.version for part in parts[len(versions):]] == lowest
    assert all(plan.arguments(part, kind) == plan.ON_LOWEST_TORNADO
               for part in parts[len(versions):])


def test_the_forecast_names_time_and_interpreters():
    """Before the first test one reads how long it takes, where, and what is left out there."""
    parts = plan.parts(chosen("2.7.18", "3.8.18", "3.13.0"), "test", whole=True)
    seconds = 2 * plan.ALL_SECONDS + plan.NOT_SLOW_SECONDS + plan.LOWEST_TORNADO_SECONDS
    assert plan.forecast(parts, "test", at_once=1) == (
        "about %d minutes on 2 cores, one after another: "
        "Python 2.7.18, Python 3.8.18 (without the slow tests), Python 3.13.0, "
        "Python 3.8.18 with Tornado %s (%s)" % (
            -(-seconds // 60), plan.LOWEST_TORNADO, ", ".join(plan.ON_LOWEST_TORNADO))
    )


def test_the_forecast_is_shorter_for_two_at_a_time():
    """The time is that of the two which together take longest."""
    parts = plan.parts(chosen("2.7.18", "3.13.0"), "test", whole=True)
    assert plan.forecast(parts, "test", at_once=2).startswith(
        "about %d minutes on 2 cores, 2 at a time: Python 2.7.18, " % -(-plan.ALL_SECONDS // 60))


def test_what_takes_longest_starts_first():
    """And what shares an environment stays in one queue."""
    parts = plan.parts(chosen("2.7.18", "3.8.18", "3.11.7", "3.13.0"), "test", whole=True)
    assert [[part.interpreter.version for part in queue] for queue in plan.queues(parts)] == [
        ["2.7.18"], ["3.13.0"], ["3.8.18", "3.8.18"], ["3.11.7"]]


@pytest.mark.parametrize("jobs, kind, whole, at_once", [
    ("2", "test", True, 2), ("9", "test", True, 3), ("1", "test", True, 1), ("", "test", True, 3),
    ("2", "test", False, 1), ("2", "full", True, 1), ("2", "quick", True, 1),
])
def test_interpreters_run_at_the_same_time_in_a_whole_run(monkeypatch, jobs, kind, whole, at_once):
    """One for each core unless JOBS says otherwise; soaks, and selected tests, one by one."""
    monkeypatch.setattr(plan.multiprocessing, "cpu_count", lambda: 64)
    monkeypatch.setenv("JOBS", jobs)
    parts = plan.parts(chosen("2.7.18", "3.8.18", "3.13.0"), kind, whole)
    assert plan.at_once(parts, kind, whole) == at_once


@pytest.mark.parametrize("jobs", ["0", "-1", "two"])
def test_a_wrong_number_of_jobs_is_refused(monkeypatch, jobs):
    """The line says which variable it was in."""
    monkeypatch.setenv("JOBS", jobs)
    with pytest.raises(environment.Failed, match="JOBS .* not '%s'" % jobs):
        plan.at_once(plan.parts(chosen("3.13.0"), "test", True), "test", True)


def test_a_slow_test_that_ran_nowhere_is_named():
    """Whatever its parameters were: those may differ from one interpreter to the next."""
    left_out = {"tests/unit/test_a.py::Case::test_b[1/2]", "tests/unit/test_a.py::test_c"}
    ran = {"tests.unit.test_a.Case.test_b[3]", "tests.unit.test_a.test_cc"}
    assert plan.not_run_anywhere(left_out, ran) == ["tests.unit.test_a.test_c"]


# The command


#: The tests of a small project, by file.
TESTS = {
    "test_quick.py": "def test_passes(): pass",
    "test_slow.py": """
import pytest
pytestmark = pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
def test_takes_long(number): pass
""",
    "contract/test_contract.py": "def test_agrees(): pass",
    "with_server/async_http_client/test_client.py": "def test_fetches(): pass",
    "with_server/http_server/test_server.py": "def test_serves(): pass",
    "soak/test_soak.py": "def test_takes_an_hour(): pass",
}


@pytest.fixture
def run(tmp_path, monkeypatch, capfd):
    """``run(arguments, more files)``: run scripts/test on a small project: exit code, output.

    It believes to have Python 2.7.18, 3.8.18 and 3.13.0, each of which is this one.
    """
    command = load_command()
    monkeypatch.setattr(environment, "ROOT", str(tmp_path))
    monkeypatch.setattr(interpreters, "resolve", lambda name: chosen(name)[0])
    monkeypatch.setattr(command.Run, "prepare", prepare)
    monkeypatch.setenv("REQUIRE", "3.13.0 2.7.18 3.8.18")
    monkeypatch.setenv("JOBS", "2")
    monkeypatch.delenv("PYTHON", raising=False)
    # Only what is needed: pytest starts faster.
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setenv("PYTEST_PLUGINS", "pytest_timeout")

    def run(arguments=(), **more):
        write(tmp_path / "setup.cfg", "[tool:pytest]\ntestpaths = tests\nmarkers = slow")
        write(tmp_path / "tests" / "conftest.py", CONFTEST + more.pop("conftest", ""))
        for name, content in dict(TESTS, **more).items():
            write(tmp_path / "tests" / name, content)
        code = command.main(list(arguments))
        return code, capfd.readouterr()

    return run


CONFTEST = """
import os, sys
sys.path.insert(0, %r)
pytest_plugins = ["slow_tests"]
collect_ignore = [] if os.environ.get("SOAK_TESTS") else ["soak"]
""" % os.path.join(ROOT, "tests", "support")


def write(path, content):
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True)
    path.write_bytes(content.encode("ascii"))


def load_command():
    """scripts/test, whose name has no ending, as a module."""
    module = type(sys)("command")
    with open(os.path.join(ROOT, "scripts", "test")) as file:
        exec(compile(file.read().replace("#!", "##", 1), "scripts/test", "exec"), vars(module))
    return module


def prepare(run):
    """Stands for making an environment: its Python is this one."""
    path = environment.python_of(run.folder)
    for folder in (os.path.dirname(path), run.place):
        if not os.path.isdir(folder):
            os.makedirs(folder)
    with open(path, "w") as file:
        file.write('#!/bin/sh\nexec "%s" "$@"\n' % sys.executable)
    os.chmod(path, 0o700)


def rows(output):
    """The table at the end: passed, failed, skipped and left out on each interpreter.

    The last row is that of the lowest Tornado; here that is the installed one.
    """
    lines = [line.split() for line in output.splitlines()]
    found = [(line[0], list(map(int, line[2:6]))) for line in lines
             if len(line) == 7 and line[0] in ("2.7.18", "3.8.18", "3.13.0")]
    return dict(found[:-1], lowest=found[-1][1]) if len(found) > 3 else dict(found)


@pytest.mark.slow
def test_slow_tests_are_left_out_between_the_ends(run):
    """Two of three interpreters run them; all is well, and the summary says so."""
    code, (out, err) = run()
    assert code == 0, out
    assert "about" in err and "Python 3.8.18 (without the slow tests)" in err
    assert rows(out) == {"2.7.18": [6, 0, 0, 0], "3.8.18": [4, 0, 0, 2], "3.13.0": [6, 0, 0, 0],
                         "lowest": [3, 0, 0, 0]}
    assert out.count("2 slow tests were left to other interpreters") == 1
    assert out.splitlines()[-1] == "19 passed, 0 failed, 0 skipped"


@pytest.mark.slow
def test_output_of_an_interpreter_is_in_one_piece(run, monkeypatch):
    """Also of those that run at the same time: its title, and then all that its pytest prints."""
    monkeypatch.setenv("JOBS", "3")
    fails = "import sys\ndef test_fails():\n    assert 0, 'on ' + sys.argv[0]"
    code, (out, _) = run(**{"test_failing.py": fails})
    assert code == 1
    pieces = out.split("waterspout: Python ")[1:]
    assert [piece.split(",")[0] for piece in pieces] == ["2.7.18", "3.13.0", "3.8.18", "3.8.18"]
    assert [piece.count("E       AssertionError: on ") for piece in pieces] == [1, 1, 1, 0]
    assert [len(re.findall(r"\d passed.* in \d", piece)) for piece in pieces] == [1, 1, 1, 1]
    named = [line.split(": tests.test_failing.test_fails: AssertionError: on ")[0]
             for line in out.splitlines()[-4:-1]]
    assert named == ["failed on Python " + version for version in ("2.7.18", "3.8.18", "3.13.0")]


@pytest.mark.slow
def test_a_full_run_leaves_nothing_out(run):
    """Every test on every interpreter, the soak as well."""
    code, (out, _) = run(["--full"])
    assert code == 0, out
    found = rows(out)
    assert found.pop("lowest") == [3, 0, 0, 0]
    assert set(map(tuple, found.values())) == {(7, 0, 0, 0)}


@pytest.mark.slow
def test_a_file_that_did_not_run_fails_the_run(run):
    """Also one of a folder that an interpreter may leave out, if nothing there was collected."""
    code, (out, _) = run(conftest="collect_ignore += ['test_quick.py']")
    assert code == 1
    path = os.path.join("tests", "test_quick.py")
    assert out.count("%s was not run" % path) == 3


@pytest.mark.slow
def test_a_slow_test_that_is_skipped_elsewhere_fails_the_run(run):
    """It would have run on the interpreter that left it to the others."""
    skips = "import os, pytest\n@pytest.mark.slow\ndef test_is_dropped(): pytest.skip('not here')"
    code, (out, _) = run(**{"test_dropped.py": skips})
    assert code == 1
    assert "tests.test_dropped.test_is_dropped was run on no interpreter" in out


@pytest.mark.slow
def test_arguments_select_tests_on_every_interpreter(run):
    """Who names a slow test wants to see it run."""
    code, (out, _) = run(["-k", "takes_long"])
    assert code == 0, out
    assert set(map(tuple, rows(out).values())) == {(2, 0, 0, 0)}


def test_a_missing_interpreter_fails_the_run():
    """CI's matrix is complete or red, and no test is run for the rest of it."""
    environ = dict(os.environ, REQUIRE="%d.%d.%d 2.6.9" % sys.version_info[:3])
    process = subprocess.Popen(
        [sys.executable, os.path.join(ROOT, "scripts", "test")], env=environ,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = process.communicate()
    assert process.returncode == 1
    assert b"there is no 2.6.9" in err
    assert out.splitlines()[-1] == b"0 passed, 1 failed, 0 skipped"


def test_uncommitted_changes_stop_a_release(tmp_path):
    """``make dist`` builds what is committed, on each Python that PYTHON may name."""
    for folder in ("scripts", "cmdb"):
        shutil.copytree(os.path.join(ROOT, folder), str(tmp_path / folder),
                        ignore=shutil.ignore_patterns("__pycache__", "*.pyc"))
    git = ["git", "-C", str(tmp_path), "-c", "user.name=n", "-c", "user.email=e"]
    subprocess.check_call(git + ["init", "-q"])
    result = subprocess.Popen(
        [sys.executable, str(tmp_path / "scripts" / "dist")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = result.communicate()[0].decode("utf-8")
    assert (result.returncode, "changes are not committed" in output) == (2, True), output
