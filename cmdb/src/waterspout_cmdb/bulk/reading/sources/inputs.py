"""fetch_input: a file by its name, standard input, or what is behind a URL."""

from __future__ import absolute_import, division, print_function

import io
import os
import select
import sys

from tornado import gen
from tornado.escape import to_unicode

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading.sources import downloads, gzip_limits

#: The most that is spooled, in bytes: a limit for the disk.
MAX_BYTES = gzip_limits.MAX_TOTAL

_CHUNK = 1 << 20
#: Seconds between two looks at a standard input that has nothing yet.
_PAUSE = 0.05


def fetch_input(name, folder):
    # type: (str, str) -> str | Future[str]
    """Return the path of a file with the input, or a Future of it.

    The name of a file is returned as it is. What can be read only once, standard input and what is
    behind a URL, is written to a file in a folder; that is a Future, and blocks no loop.

    Args:
        name: of a file, "-" for standard input, or a URL of http or https.
        folder: where files are written; the caller removes them with it.
    Raises: BulkError, through the Future: it cannot be read, and why.
    """
    if name == "-":
        return _spool_standard_input(os.path.join(folder, "standard-input"))
    if downloads.is_url(name):
        return downloads.download(name, folder, MAX_BYTES)
    return name


@gen.coroutine
def _spool_standard_input(path):
    source = getattr(sys.stdin, "buffer", sys.stdin)
    if source is None or source.closed:
        raise BulkError(u"standard input is closed; name a file")
    if source.isatty():
        raise BulkError(
            u"standard input is this terminal; name a file, or send one: cat FILE | COMMAND -")
    size = 0
    try:
        with io.open(path, "wb") as file:
            while True:
                chunk = _read_some(source)
                if chunk is None:
                    yield gen.sleep(_PAUSE)
                    continue
                if not chunk:
                    break
                size += len(chunk)
                if size > MAX_BYTES:
                    raise BulkError(
                        u"standard input has more than %d MB; import it as a file, which has no "
                        u"limit" % (MAX_BYTES >> 20))
                file.write(chunk)
                yield gen.moment
    except (IOError, OSError) as error:
        raise BulkError(u"standard input cannot be written to %s (%s)" % (
            to_unicode(path), error.strerror or error))
    raise gen.Return(path)


def _read_some(source):
    """Return some bytes, none at the end, None if the program that sends them has not yet."""
    try:
        number = source.fileno()
    except (AttributeError, ValueError, IOError):  # It is no file of the system's.
        return source.read(_CHUNK)
    if not select.select([number], [], [], 0)[0]:
        return None
    return os.read(number, _CHUNK)
