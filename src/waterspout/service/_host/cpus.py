"""The number of CPUs that this process may use."""

from __future__ import absolute_import, division, print_function

import math

from tornado.process import cpu_count

from waterspout._compat import TYPE_CHECKING
from waterspout.service._host.cgroup_quotas import cpu_quotas, read_lines

if TYPE_CHECKING:
    from typing import Optional  # noqa: F401


def available_cpus(root="/"):
    # type: (str) -> int
    """Return how many processes can compute at the same time here; at least 1.

    On Linux that is the number of CPUs that the process may run on (``taskset``, cpusets), or the
    CPU quota of its control groups, rounded up, if that is less: ``docker run --cpus=1.5`` gives 2.
    Where nothing can be read it is the number of the machine's CPUs.

    Args:
        root (native str): the folder that has ``proc``; for tests.
    """
    cpus = _allowed(root) or cpu_count()
    return max(1, min([cpus] + [int(math.ceil(quota)) for quota in cpu_quotas(root)]))


def _allowed(root):
    # type: (str) -> Optional[int]
    """The number of CPUs in the process's affinity mask, which cpusets limit, too."""
    # py2: without os.sched_getaffinity.
    for line in read_lines(root, "proc", "self", "status"):
        name, _, value = line.partition(":")
        if name == "Cpus_allowed_list":
            try:
                return sum(_length(part) for part in value.strip().split(","))
            except ValueError:
                return None
    return None


def _length(part):
    # type: (str) -> int
    """The length of a range such as ``0-3``, or of a single number."""
    first, _, last = part.partition("-")
    return int(last or first) - int(first) + 1
