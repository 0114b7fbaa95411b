"""JSON Lines: one object in each line."""

from __future__ import absolute_import, division, print_function

import io

from waterspout_cmdb.bulk.reading import places
from waterspout_cmdb.bulk.reading.json_text import objects

#: Characters of one line.
MAX_LINE = 1 << 20


def read_lines(file, codec, path, first_line=1):
    # type: (io.BufferedIOBase, str, str, int) -> Iterator[tuple[int, list]]
    """Yield the number of each line that is not blank, and its names and values as pairs.

    Args:
        file: it is at the beginning of a line; it is not closed.
        path: for errors.
        first_line: the number of that line.
    Raises: BulkError: what is wrong with a line, with its number.
    """
    text = io.TextIOWrapper(file, codec, "strict", newline="")
    decode = objects.ObjectDecoder().decode
    number = first_line - 1
    try:
        while True:
            line = text.readline(MAX_LINE + 1)
            if not line:
                return
            number += 1
            if len(line) > MAX_LINE:
                raise ValueError("has more than %d characters" % MAX_LINE)
            line = line.strip()
            if line:
                pairs, end = decode(line)
                if end != len(line):
                    raise ValueError("has more text behind its object")
                yield number, pairs
    except UnicodeDecodeError as error:
        raise places.trouble(
            path, u"is not in %s (%s); name the encoding of the file with --encoding"
            % (codec, error.reason), row=number + 1)
    except ValueError as error:
        raise places.trouble(
            path, u"%s; JSON Lines have one whole object in each line" % objects.shown(error),
            row=number)
    finally:
        if not text.closed:
            text.detach()
