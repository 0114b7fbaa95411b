"""Memory of the workers over the soak: how much it grows once they are warm."""

from __future__ import absolute_import, division, print_function

import collections

#: Seconds of load until a worker has made its connections and has seen each kind of request, and
#: seconds that it must be watched after that.
WARM, WATCHED = 15.0, 30.0

#: Seconds of samples at both ends, of which the median counts: a large body that is in memory at
#: the moment of a sample is no growth.
_ENDS = 8.0

#: What one worker may grow by.
LIMIT_KIB = 2048

#: ``seconds`` is how long it was watched.
Growth = collections.namedtuple("Growth", "pid seconds kib")


class Memory(object):
    """Samples of each worker: seconds, and KiB."""

    def __init__(self):
        # type: () -> None
        self._samples = collections.OrderedDict()

    def add(self, pid, seconds, kib):
        # type: (int, float, int) -> None
        self._samples.setdefault(pid, []).append((seconds, kib))

    def growths(self):
        # type: () -> list[Growth]
        """Return what each worker that was watched long enough has grown by."""
        found = []
        for pid, samples in self._samples.items():
            begun, ended = samples[0][0] + WARM, samples[-1][0]
            if ended - begun >= WATCHED:
                first = [kib for seconds, kib in samples if begun <= seconds <= begun + _ENDS]
                last = [kib for seconds, kib in samples if seconds >= ended - _ENDS]
                found.append(Growth(pid, ended - begun, median(last) - median(first)))
        return found


def median(values):
    # type: (list[int]) -> int
    return sorted(values)[len(values) // 2]
