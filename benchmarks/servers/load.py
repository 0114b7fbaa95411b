"""Load from `wrk`, and what it says of it."""

from __future__ import absolute_import, division, print_function

import collections
import json
import subprocess
import tempfile

from benchmarks import upstream
from benchmarks.servers import messages

#: Seconds that `wrk` may take longer than asked for, before it is killed.
_PATIENCE = 20

#: ``failed`` are connections that were lost, timeouts, and answers other than 2xx and 3xx.
Counts = collections.namedtuple("Counts", "requests seconds bytes failed")

_SCRIPT = """
local pieces = {%s}
local number = %d
request = function()
    number = number + 1
    return table.concat(pieces, string.format("%%08d", number))
end
done = function(summary, latency, requests)
    local errors = summary.errors
    io.write(string.format(
        '\\n{"requests": %%d, "seconds": %%.6f, "bytes": %%d, "failed": %%d}\\n',
        summary.requests, summary.duration / 1e6, summary.bytes,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
"""


class Failed(Exception):
    """`wrk` did not do it; the text is the last line that it printed."""


def find():
    # type: () -> str | None
    return upstream.find_program("wrk")


def run(wrk, message, port, connections, seconds, first):
    # type: (str, str, int, int, int, int) -> Counts
    """Send requests for so long, on so many connections, each as soon as the last is answered.

    One thread, so that each request gets another number; ``first`` is the one before the first.
    Raises Failed.
    """
    with tempfile.NamedTemporaryFile("w", prefix="waterspout-bench-", suffix=".lua") as file:
        file.write(script(message, first))
        file.flush()
        process = subprocess.Popen(
            ["timeout", "%d" % (seconds + _PATIENCE), wrk, "--threads", "1",
             "--connections", "%d" % connections, "--duration", "%ds" % seconds,
             "--timeout", "10s", "--script", file.name, "http://127.0.0.1:%d" % port],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            close_fds=True)  # py2: wrk fails with descriptors as high as those of a `Crowd`.
        output = process.communicate()[0].decode("utf-8", "replace")
    return counts(output)


def script(message, first):
    # type: (str, int) -> str
    pieces = message.split(messages.NUMBER)
    return _SCRIPT % (", ".join(map(quoted, pieces)), first)


def quoted(text):
    # type: (str) -> str
    """Return a string of Lua's."""
    return '"%s"' % "".join(
        char if char.isalnum() or char in " {}[]:/,.-" else "\\%03d" % ord(char)
        for char in text)


def counts(output):
    # type: (str) -> Counts
    lines = output.strip().splitlines()
    try:
        return Counts(**json.loads(lines[-1]))
    except (IndexError, TypeError, ValueError):
        raise Failed(lines[-1] if lines else "wrk printed nothing")
