"""The directory of a service's metrics: whose files count, and whose do not."""

from __future__ import absolute_import, division, print_function

import logging
import os
import subprocess
import sys

import pytest
from programs import SOURCES

from waterspout.instrumentation.prometheus import SharedDirectory, shared_directory
from waterspout.instrumentation.prometheus.client_library import VARIABLE

pytest.importorskip("prometheus_client")


@pytest.fixture(autouse=True)
def files(monkeypatch):
    """As in a program that imports prometheus_client with the variable set."""
    monkeypatch.delenv(VARIABLE, raising=False)
    monkeypatch.setattr(shared_directory, "writes_files", lambda: True)
    yield
    os.environ.pop(VARIABLE, None)


@pytest.fixture
def folder(tmp_path):
    for name in ("counter_1.db", "gauge_livesum_%d.db" % os.getpid(), "histogram_999999.db",
                 "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    return tmp_path


def names(folder):
    return sorted(path.name for path in folder.iterdir() if path.suffix != ".lock")


def test_files_of_an_earlier_run_are_removed(folder):
    """Even if another process has their pids now; what is not the library's stays."""
    shared = SharedDirectory(str(folder))
    assert names(folder) == ["notes.txt"]
    assert os.environ[VARIABLE] == shared.path == str(folder)
    shared.close()
    assert folder.exists()


def test_directory_of_another_service_loses_only_what_is_of_no_use(folder, caplog):
    """Those of processes that live stay, and the log says that one directory is not for two."""
    caplog.set_level(logging.WARNING)
    with open(str(folder / "waterspout.lock"), "a") as lock:
        shared_directory.fcntl.flock(lock, shared_directory.fcntl.LOCK_EX)
        SharedDirectory(str(folder)).close()
    assert names(folder) == ["counter_1.db", "notes.txt"]
    assert "each service needs a directory of its own" in caplog.text


def test_environment_names_the_directory(tmp_path, monkeypatch):
    """It is made if it is not there."""
    monkeypatch.setenv(VARIABLE, str(tmp_path / "a" / "b"))
    assert SharedDirectory().path == str(tmp_path / "a" / "b")
    assert (tmp_path / "a" / "b").exists()


def test_without_one_it_is_temporary():
    """And is removed with all files, but not by a forked worker."""
    shared = SharedDirectory()
    assert os.path.isdir(shared.path)
    pid = os.fork()
    if not pid:
        try:
            shared.close()
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    assert os.path.isdir(shared.path)
    shared.close()
    shared.close()
    assert not os.path.exists(shared.path)


def run(code, **variables):
    """What a program prints."""
    environ = dict(os.environ, PYTHONPATH=SOURCES, **variables)
    return subprocess.check_output([sys.executable, "-c", code], env=environ).decode().strip()


def test_temporary_directory_of_the_program_that_has_started_this_one_is_not_used():
    """A new release inherits the variable, and the directory goes with the old release."""
    shared = SharedDirectory()
    path = run(
        "from waterspout.instrumentation.prometheus import SharedDirectory\n"
        "print(SharedDirectory().path)", **{VARIABLE: shared.path})
    assert path != shared.path
    assert os.path.isdir(shared.path) and not os.path.exists(path)
    shared.close()


def test_one_process_that_inherits_a_temporary_directory_keeps_its_values_in_memory():
    """It may be a new release with fewer processes."""
    shared = SharedDirectory()
    printed = run(
        "from waterspout.instrumentation.prometheus import PrometheusObserver\n"
        "PrometheusObserver()\n"
        "from prometheus_client import values\n"
        "print(values.ValueClass._multiprocess)", **{VARIABLE: shared.path})
    assert printed == "False"
    assert [name for name in os.listdir(shared.path) if name.endswith(".db")] == []
    shared.close()


def test_second_one_in_a_program_has_the_directory_of_the_first():
    shared = SharedDirectory()
    assert SharedDirectory().path == shared.path
    shared.close()


def test_only_gauges_of_a_worker_that_ended_are_removed(tmp_path):
    """Its counts stay in the sums."""
    shared = SharedDirectory(str(tmp_path))
    for name in ("counter_7.db", "histogram_7.db", "gauge_livesum_7.db", "gauge_livesum_8.db"):
        (tmp_path / name).write_bytes(b"")
    shared.worker_ended(7)
    assert names(tmp_path) == ["counter_7.db", "gauge_livesum_8.db", "histogram_7.db"]


def test_library_that_was_imported_before_is_refused(tmp_path):
    """It would keep the values in the memory of each worker, and a scrape see one of them."""
    program = (
        "import prometheus_client\n"
        "from waterspout.instrumentation.prometheus import SharedDirectory\n"
        "import os\n"
        "try:\n    SharedDirectory()\n"
        "except RuntimeError as error:\n    print(error, os.environ.get('%s'))\n" % VARIABLE)
    environment = dict(os.environ, PYTHONPATH=SOURCES)
    environment.pop(VARIABLE, None)
    output = subprocess.check_output([sys.executable, "-c", program], env=environment)
    assert b"was imported before PROMETHEUS_MULTIPROC_DIR was set" in output
    assert output.rstrip().endswith(b"None" if str is not bytes else b"None)")


def test_path_that_is_a_file_is_refused(tmp_path):
    """The variable is what it was before."""
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(EnvironmentError):
        SharedDirectory(str(tmp_path / "file"))
    assert VARIABLE not in os.environ
