"""The number of CPUs that a container, a cpuset or the machine gives a process."""

from __future__ import absolute_import, division, print_function

import io
import os

import pytest

from waterspout.service import available_cpus

V2_MOUNT = u"30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
V1_MOUNT = u"33 25 0:29 %s /sys/fs/cgroup/cpu,cpuacct rw shared:9 - cgroup cgroup rw,cpu,cpuacct\n"
EIGHT = u"Name:\tpython\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7\n"


@pytest.fixture
def machine(tmp_path):
    """Write files, given by path, into a folder; returns the number of CPUs read from it."""

    def write(files, status=EIGHT):
        for path, text in dict({"proc/self/status": status}, **files).items():
            path = os.path.join(str(tmp_path), path)
            if not os.path.isdir(os.path.dirname(path)):
                os.makedirs(os.path.dirname(path))
            with io.open(path, "w", encoding="latin1") as file:
                file.write(text)
        return available_cpus(str(tmp_path))

    return write


def v2(group, **quotas):
    """The files of a version 2 hierarchy: ``cpu.max`` by the group's name, "_" for "/"."""
    files = {"proc/self/mountinfo": V2_MOUNT, "proc/self/cgroup": u"0::%s\n" % group}
    for name, text in quotas.items():
        files["sys/fs/cgroup%s/cpu.max" % name.replace("_", "/")] = text
    return files


def v1(group, quota, period=u"100000\n", root=u"/", folder=""):
    """The files of a version 1 hierarchy with one quota."""
    files = {
        "proc/self/mountinfo": V1_MOUNT % root,
        "proc/self/cgroup": u"5:memory:/else\n4:cpu,cpuacct:%s\n1:name=systemd:/\n0::/\n" % group,
    }
    mount = "sys/fs/cgroup/cpu,cpuacct" + folder
    files[mount + "/cpu.cfs_quota_us"] = quota
    files[mount + "/cpu.cfs_period_us"] = period
    return files


@pytest.mark.parametrize(
    "allowed, cpus",
    [(u"0-7", 8), (u"3", 1), (u"0-1,4,6-7", 5), (u"0", 1)],
)
def test_affinity_of_the_process_counts(machine, allowed, cpus):
    """As ``taskset`` and cpusets set it."""
    assert machine({}, u"Cpus_allowed_list:\t%s\n" % allowed) == cpus


@pytest.mark.parametrize(
    "quota, cpus",
    [
        (u"200000 100000\n", 2),
        (u"150000 100000\n", 2),
        (u"10000 100000\n", 1),
        (u"50000 20000\n", 3),
        (u"max 100000\n", 8),
        (u"1600000 100000\n", 8),
    ],
)
def test_quota_of_version_2_is_rounded_up(machine, quota, cpus):
    """And never more than the CPUs that the process may run on."""
    assert machine(v2("/service", _service=quota)) == cpus


@pytest.mark.parametrize(
    "quota, period, cpus",
    [(u"200000\n", u"100000\n", 2), (u"25000\n", u"50000\n", 1), (u"-1\n", u"100000\n", 8)],
)
def test_quota_of_version_1_is_rounded_up(machine, quota, period, cpus):
    """-1 is without a limit."""
    assert machine(v1(u"/service", quota, period, folder="/service")) == cpus


def test_lowest_quota_of_the_groups_around_counts(machine):
    """A group may use no more than the group around it."""
    assert machine(v2("/a/b/c", _a=u"300000 100000\n", _a_b=u"max 100000\n",
                      _a_b_c=u"600000 100000\n")) == 3


def test_quota_of_another_group_does_not_count(machine):
    """Only those of the process's own group and of the groups around it."""
    assert machine(v2("/a", _b=u"100000 100000\n", _a_b=u"100000 100000\n")) == 8


def test_container_that_sees_its_own_group_as_the_mount_point(machine):
    """The group's path is the one of the machine, as with Docker and version 1."""
    assert machine(v1(u"/docker/4711", u"200000\n", root=u"/docker/4711")) == 2


def test_group_outside_of_the_namespace_is_the_mount_point(machine):
    """Linux writes it as ``/../other``."""
    files = v2("/../other", _=u"200000 100000\n")
    assert machine(files) == 2


def test_mount_point_with_a_blank_is_found(machine):
    """The kernel writes a blank as an octal number."""
    files = v2("/a")
    files["proc/self/mountinfo"] = V2_MOUNT.replace(u"/sys/fs/cgroup", u"/my\\040groups")
    files["my groups/a/cpu.max"] = u"200000 100000\n"
    assert machine(files) == 2


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"proc/self/cgroup": u"0::/a\n"},
        {"proc/self/mountinfo": V2_MOUNT},
        {"proc/self/mountinfo": u"\n - \nx - cgroup2\n" + V2_MOUNT, "proc/self/cgroup": u"\nx\n:"},
        v2("/a", _a=u""),
        v2("/a", _a=u"many 100000\n"),
        v2("/a", _a=u"100000 0\n"),
        v2("/a", _a=u"100000\n"),
        v2("/a", _a=u"-5 100000\n"),
        v1(u"/a", u"100000\n", u"0\n", folder="/a"),
        v1(u"/a", u"\xff\n", folder="/a"),
    ],
)
def test_what_cannot_be_understood_is_no_limit(machine, files):
    """The service starts, with the CPUs that it may run on."""
    assert machine(files) == 8


@pytest.mark.parametrize("status", [u"", u"Cpus_allowed_list:\t\n", u"Cpus_allowed_list: x-y\n"])
def test_number_of_the_machine_counts_if_nothing_can_be_read(machine, status, monkeypatch):
    """As on systems without ``/proc``."""
    monkeypatch.setattr("waterspout.service._host.cpus.cpu_count", lambda: 5)
    assert machine({}, status) == 5


def test_this_machine_has_at_least_one():
    """With its own files, whatever they are."""
    assert available_cpus() >= 1
