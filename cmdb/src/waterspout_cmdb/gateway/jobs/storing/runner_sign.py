"""The sign of life of the jobs runner: the time of its lock file, set after what it has done."""

from __future__ import absolute_import, division, print_function

import os

#: Name of the file that is locked by the only runner of a folder.
LOCK = "runner.lock"

#: Seconds between two signs, and without one until the runner is taken for away.
INTERVAL, SILENCE = 2.0, 10.0


def give(jobs_dir):
    # type: (str) -> None
    """The runner is there, and takes jobs. Raises: EnvironmentError."""
    os.utime(os.path.join(jobs_dir, LOCK), None)


def is_there(jobs_dir, now):
    # type: (str, float) -> bool
    """Whether the runner has given a sign lately.

    Unlike the lock this also tells of one that runs and cannot do anything.

    Args:
        now (float): seconds since 1970.
    """
    try:
        # Absolute: the system's time may have been set back.
        return abs(now - os.stat(os.path.join(jobs_dir, LOCK)).st_mtime) < SILENCE
    except EnvironmentError:
        return False
