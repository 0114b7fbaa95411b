"""What the numbers were measured on."""

from __future__ import absolute_import, division, print_function

import multiprocessing
import os
import platform


def describe():
    # type: () -> dict[str, Any]
    """The machine in JSON's types; ``load`` is how busy it is now, in cores."""
    return {
        "cpu": cpu(),
        "cores": multiprocessing.cpu_count(),
        "system": "%s %s %s" % (platform.system(), platform.release(), platform.machine()),
        "load": round(os.getloadavg()[0], 1),
    }


def memory_bytes():
    # type: () -> int
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def cpu():
    # type: () -> str
    """Its name, less what only lawyers read."""
    try:
        with open("/proc/cpuinfo") as file:
            for line in file:
                if line.startswith("model name"):
                    name = line.partition(":")[2].strip()
                    return name.replace("(R)", "").replace("(TM)", "")
    except IOError:
        pass
    return platform.processor() or platform.machine()
