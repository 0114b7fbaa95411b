"""The pid file: who may write it, and who removes it."""

from __future__ import absolute_import, division, print_function

import fcntl
import os
import stat

import pytest

from waterspout.service import PidFileError
from waterspout.service._host.pidfile import PidFile


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "service.pid")


@pytest.fixture
def in_child():
    """Run a function in a forked process; returns what it returned, or its PidFileError, as text.

    With ``stays=True`` the child lives until the end of the test.
    """
    children = []

    def run(function, stays=False):
        answer, end = os.pipe(), os.pipe()
        pid = os.fork()
        if pid == 0:
            try:
                try:
                    text = str(function())
                except PidFileError as error:
                    text = str(error)
                os.write(answer[1], text.encode("ascii"))
                os.close(answer[1])
                os.close(end[1])
                if stays:
                    os.read(end[0], 1)
            finally:
                os._exit(0)
        os.close(answer[1])
        os.close(end[0])
        text = b""
        while True:
            data = os.read(answer[0], 4096)
            if not data:
                break
            text += data
        os.close(answer[0])
        children.append((pid, end[1]))
        if not stays:
            finish()
        return text.decode("ascii")

    def finish():
        while children:
            pid, fd = children.pop()
            os.close(fd)
            os.waitpid(pid, 0)

    yield run
    finish()


def content(path):
    with open(path) as file:
        return file.read()


def write_text(path, text):
    with open(path, "w") as file:
        file.write(text)


def test_file_has_the_pid_until_it_is_removed(path):
    """Everybody may read it. Removing it again does nothing, nor does writing it again."""
    pidfile = PidFile(path)
    pidfile.write()
    pidfile.write()
    assert content(path) == "%d\n" % os.getpid()
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o644
    assert os.listdir(os.path.dirname(path)) == ["service.pid"]
    pidfile.remove()
    pidfile.remove()
    assert not os.path.exists(path)


def test_file_of_a_running_process_is_not_replaced(path, in_child):
    """The error names the process. What it wrote is kept."""
    pid = in_child(lambda: [PidFile(path).write(), os.getpid()][1], stays=True)
    with pytest.raises(PidFileError) as caught:
        PidFile(path).write()
    assert str(caught.value) == (
        "cannot write the pid file %s: process %s, which has written it, is running" % (path, pid))
    assert content(path) == pid + "\n"
    assert os.listdir(os.path.dirname(path)) == ["service.pid"]


def test_file_of_a_process_that_ended_is_replaced(path, in_child):
    """It was killed, so it could not remove it."""
    in_child(lambda: PidFile(path).write())
    assert content(path) != "%d\n" % os.getpid()
    pidfile = PidFile(path)
    pidfile.write()
    assert content(path) == "%d\n" % os.getpid()
    pidfile.remove()


@pytest.mark.parametrize("left", ["1\n", "%d\n" % os.getppid(), "%d" % os.getpid(), ""])
def test_number_that_another_process_has_now_does_not_count(path, left):
    """In a container the first process has the same number at each start."""
    write_text(path, left)
    pidfile = PidFile(path)
    pidfile.write()
    assert content(path) == "%d\n" % os.getpid()
    pidfile.remove()


def test_new_release_takes_over_from_the_process_that_started_it(path, in_child):
    """Then the old one removes nothing, and writes it again if the new one has failed."""
    old = PidFile(path)
    old.write()
    pid = in_child(lambda: [PidFile(path).write(), os.getpid()][1], stays=True)
    assert content(path) == pid + "\n"
    old.remove()
    assert content(path) == pid + "\n"


def test_old_release_writes_it_again_if_the_new_one_has_ended(path, in_child):
    """As after a new release that cannot start."""
    old = PidFile(path)
    old.write()
    in_child(lambda: PidFile(path).write())
    old.write()
    assert content(path) == "%d\n" % os.getpid()
    old.remove()
    assert not os.path.exists(path)


def test_deleted_file_is_written_again(path):
    """Somebody has tidied up."""
    pidfile = PidFile(path)
    pidfile.write()
    os.remove(path)
    pidfile.write()
    assert content(path) == "%d\n" % os.getpid()
    pidfile.remove()


def test_worker_does_not_remove_the_file_of_its_parent(path, in_child):
    """A forked process has the same object. The parent still holds the file then."""
    pidfile = PidFile(path)
    pidfile.write()
    in_child(pidfile.remove)
    assert content(path) == "%d\n" % os.getpid()
    assert "is running" in in_child(lambda: what_a_child_gets(path))
    pidfile.remove()


def test_file_of_a_process_whose_workers_still_stop_is_replaced(path, in_child):
    """They have inherited the lock of a parent that was killed."""
    write_text(path, in_child(os.getpid))
    with open(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        pidfile = PidFile(path)
        pidfile.write()
    assert content(path) == "%d\n" % os.getpid()
    pidfile.remove()


@pytest.mark.parametrize("written", ["", str(os.getpid())])
def test_file_that_another_process_is_writing_is_not_replaced(path, written):
    """Two that start at the same time: one of them gets the error."""
    write_text(path, written)
    with open(path) as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        with pytest.raises(PidFileError) as caught:
            PidFile(path).write()
    assert str(caught.value).endswith("which has written it, is running")


def what_a_child_gets(path):
    """The error when a child of this process writes the file, or "written"."""
    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            text = "written"
            try:
                PidFile(path).write()
            except PidFileError as error:
                text = str(error)
            os.write(writer, text.encode("ascii"))
        finally:
            os._exit(0)
    os.waitpid(pid, 0)
    return os.read(reader, 4096).decode("ascii")


def test_file_is_found_after_a_change_of_the_working_directory(path, monkeypatch):
    """As daemons do it."""
    monkeypatch.chdir(os.path.dirname(path))
    pidfile = PidFile("service.pid")
    pidfile.write()
    monkeypatch.chdir("/")
    pidfile.remove()
    assert not os.path.exists(path)


@pytest.mark.parametrize("make", [
    lambda path: write_text(path, "root:x:0:0\n"),
    lambda path: write_text(path, "12 13\n"),
    lambda path: os.mkfifo(path),
], ids=["text", "two numbers", "fifo"])
def test_file_of_another_kind_is_not_replaced(path, make):
    """A wrong path in a configuration deletes nothing."""
    make(path)
    before = os.stat(path)
    with pytest.raises(PidFileError) as caught:
        PidFile(path).write()
    assert str(caught.value).endswith("there is something that is not a pid file")
    assert os.path.samestat(os.stat(path), before)


def test_link_is_not_followed(path):
    """In a folder where others may write, a link could point to any file."""
    write_text(path + ".target", "")
    os.symlink(path + ".target", path)
    with pytest.raises(PidFileError):
        PidFile(path).write()
    assert content(path + ".target") == ""


@pytest.mark.parametrize("path, reason", [
    ("/no/such/folder/x.pid", "No such file or directory"),
    ("/", "Is a directory"),
    ("/proc/x.pid", "No such file or directory"),
])
def test_path_where_nothing_can_be_written_is_an_error_of_one_line(path, reason):
    """With the path and the reason."""
    with pytest.raises(PidFileError) as caught:
        PidFile(path).write()
    assert str(caught.value) == "cannot write the pid file %s: %s" % (path, reason)
