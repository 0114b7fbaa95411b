"""The CPU quotas that Linux has set for a process through its control groups, version 1 and 2."""

from __future__ import absolute_import, division, print_function

import io
import os
import re

from waterspout._compat import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Iterator, List, Optional, Tuple  # noqa: F401

#: The kernel writes blanks and backslashes in paths as octal numbers.
_OCTAL = re.compile(r"\\([0-7]{3})")


def cpu_quotas(root):
    # type: (str) -> List[float]
    """Return the limits, in CPUs, of all control groups that this process is in.

    A group may use no more than the groups around it, so the lowest limit counts. Whatever cannot
    be read or understood is no limit.

    Args:
        root (str): the folder that has ``proc``; tests use another one than ``"/"``.
    """
    return [
        quota
        for mounted_root, mount_point, is_v2 in _cpu_mounts(root)
        for folder in _folders(_group(root, is_v2), mounted_root, mount_point)
        for quota in (_quota(os.path.join(root, folder.lstrip("/")), is_v2),)
        if quota is not None
    ]


def read_lines(root, *names):
    # type: (str, *str) -> List[str]
    """Return the lines of a file below ``root``; none if it cannot be read."""
    try:
        with io.open(os.path.join(root, *names), encoding="latin1") as file:
            return [str(line) for line in file.read().splitlines()]
    except (EnvironmentError, ValueError):
        return []


def _cpu_mounts(root):
    # type: (str) -> Iterator[Tuple[str, str, bool]]
    """Yield (group that is mounted, mount point, is version 2) of each hierarchy with CPU quotas.

    proc(5): ``36 35 98:0 /group /mount/point options [more fields] - type source options``.
    """
    for line in read_lines(root, "proc", "self", "mountinfo"):
        mounted, _, kind = line.partition(" - ")
        fields, kinds = mounted.split(" "), kind.split(" ")
        if len(fields) < 5 or len(kinds) < 3:
            continue
        is_v2 = kinds[0] == "cgroup2"
        if is_v2 or kinds[0] == "cgroup" and "cpu" in kinds[2].split(","):
            yield _decoded(fields[3]), _decoded(fields[4]), is_v2


def _group(root, is_v2):
    # type: (str, bool) -> Optional[str]
    """Return the path of this process's group; cgroups(7): ``hierarchy:controllers:path``."""
    for line in read_lines(root, "proc", "self", "cgroup"):
        fields = line.split(":", 2)
        if len(fields) == 3:
            hierarchy, controllers, path = fields
            if hierarchy == "0" if is_v2 else "cpu" in controllers.split(","):
                return path
    return None


def _folders(group, mounted_root, mount_point):
    # type: (Optional[str], str, str) -> Iterator[str]
    """Yield the folder of a group and those of the groups around it, up to the mount point.

    A container often sees the folder of its own group as the mount point, while the group's path
    is the one of the machine.
    """
    inside = [] if group is None else _parts(group)
    above = _parts(mounted_root)
    inside = inside[len(above):] if inside[:len(above)] == above else []
    if ".." in inside:  # A group outside of the process's cgroup namespace.
        inside = []
    for count in range(len(inside), -1, -1):
        yield "/".join([mount_point.rstrip("/")] + inside[:count])


def _quota(folder, is_v2):
    # type: (str, bool) -> Optional[float]
    if is_v2:
        fields = " ".join(read_lines(folder, "cpu.max")).split()
    else:
        fields = [
            " ".join(read_lines(folder, name)).strip()
            for name in ("cpu.cfs_quota_us", "cpu.cfs_period_us")
        ]
    try:
        quota, period = [int(field) for field in fields]
    except ValueError:  # "max 100000": without a limit.
        return None
    return quota / period if quota > 0 and period > 0 else None


def _parts(path):
    # type: (str) -> List[str]
    return [part for part in path.split("/") if part]


def _decoded(path):
    # type: (str) -> str
    return _OCTAL.sub(lambda match: chr(int(match.group(1), 8)), path)
