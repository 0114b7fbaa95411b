"""Encodes a large value as JSON in short steps, so that the program can do other work between them.

The counterpart of `waterspout._json_text.reader`: large values are walked through, small ones are
passed to the C encoder, many small elements at once.
"""

from __future__ import absolute_import, division, print_function

import collections
import itertools

from waterspout._compat import text_type, to_text
from waterspout._json_text.encoded_json import EncodedJSON

#: Approximate characters to encode in a step, and in one call of the C encoder.
STEP_CHARACTERS = 16 * 1024

#: A value of fewer characters (approximately) is encoded at once, in half a millisecond.
LARGE_CHARACTERS = 64 * 1024

# Items of a container in the first attempt to encode several at once.
_FIRST_RUN = 64

# Characters of a number, or of quotes or brackets, with the comma after it.
_ITEM = 4

# The classes of most other values.
_NUMBERS = frozenset([int, float, bool, type(None)])


def is_large(value):
    # type: (Any) -> bool
    """Whether to encode ``value`` with `LargeValue`. Stops counting once it is large."""
    if value.__class__ is EncodedJSON:
        return False
    return _room_left(value, LARGE_CHARACTERS) < 0


class LargeValue(object):
    """Encodes one value.

    Args:
        value: as for `json.dumps`. It must not be changed before `steps` has ended.
        encode (callable): ``encode(part)`` returns the JSON of a part, as bytes.
        comma, colon (bytes): the separators that ``encode`` writes.
    """

    def __init__(self, value, encode, comma, colon):
        # type: (Any, Callable[[Any], bytes], bytes, bytes) -> None
        self._value = value
        self._encode = encode
        self._comma = comma
        self._colon = colon
        self._pieces = []  # type: List[bytes]
        self._open = set()  # type: Set[int]  # Ids of the containers around this place.

    def result(self):
        # type: () -> bytes
        """The JSON, after `steps` has ended."""
        return b"".join(self._pieces)

    def steps(self):
        # type: () -> Iterator[None]
        """Encode; each ``next()`` does one step.

        Raises: ValueError, TypeError: the errors of ``encode``.
        """
        walks = [self._walk(self._value)]  # py2: there is no ``yield from``.
        while walks:
            try:
                inner = next(walks[-1])
            except StopIteration:
                walks.pop()
            else:
                if inner is not None:
                    walks.append(inner)
                yield

    def _walk(self, value):
        """Yield None for each step, or a generator that has to run first."""
        if isinstance(value, (text_type, bytes)):
            return self._walk_text(value)
        if isinstance(value, dict):
            plain = dict if value.__class__ is dict else collections.OrderedDict
            return self._walk_container(value, plain, ((name, value[name]) for name in value))
        if isinstance(value, (list, tuple)):
            return self._walk_container(value, list, iter(value))
        return iter([self._pieces.append(self._encode(value))])

    def _walk_text(self, value):
        if isinstance(value, bytes):
            self._encode(value[:0])  # Raises TypeError, except on 2.7, where bytes are text.
            value = to_text(value)
        write = self._pieces.append
        write(b'"')
        at = 0
        while at < len(value):
            end = at + STEP_CHARACTERS
            if u"\ud800" <= value[end - 1:end] <= u"\udbff":
                end += 1  # On narrow builds of 2.7 a character may be two surrogates.
            write(self._encode(value[at:end])[1:-1])
            at = end
            yield
        write(b'"')

    def _walk_container(self, value, plain, items):
        """Encode as many items at once as fit into a step; ``plain(items)`` holds some of them."""
        if id(value) in self._open:
            raise ValueError("Circular reference detected")
        self._open.add(id(value))
        write = self._pieces.append
        brackets = self._encode(plain())
        write(brackets[:1])
        separator = b""
        ahead, count = [], _FIRST_RUN
        while True:
            ahead.extend(itertools.islice(items, max(0, count - len(ahead))))
            if not ahead:
                break
            run = plain(ahead[:count])
            if _room_left(run, STEP_CHARACTERS) >= 0:
                write(separator + self._encode(run)[1:-1])
                del ahead[:count]
                count *= 2
            elif len(run) > 1:
                count = max(1, len(run) // 4)
                continue
            else:
                write(separator)
                item = ahead.pop(0)
                if plain is not list:
                    yield self._walk_name(item[0])
                    item = item[1]
                yield self._walk(item)
            separator = self._comma
            yield
        write(brackets[1:])
        self._open.discard(id(value))

    def _walk_name(self, name):
        if isinstance(name, text_type) and len(name) > STEP_CHARACTERS:
            yield self._walk_text(name)
            self._pieces.append(self._colon)
        else:
            self._pieces.append(self._encode({name: 0})[1:-2])


def _room_left(value, room, text=text_type, numbers=_NUMBERS):
    """``room`` less the approximate characters of ``value``; below 0 if it is too large.

    Values other than text and containers count as numbers, even if they cannot be encoded. This is
    called for every ``json=``, so that globals are passed as arguments.
    """
    containers = [value if value.__class__ is dict or value.__class__ is list else (value,)]
    for container in containers:  # The loop adds to this list.
        room -= _ITEM * len(container)
        if room < 0:
            break
        if container.__class__ is dict or isinstance(container, dict):
            for name in container:
                if name.__class__ is text:
                    room -= len(name)
            container = container.values()
        for item in container:
            kind = item.__class__
            if kind is text:
                room -= len(item)
            elif kind is dict or kind is list:
                containers.append(item)
            elif kind in numbers:
                continue
            elif isinstance(item, (dict, list, tuple)):
                containers.append(item)
            elif isinstance(item, (text, bytes)):
                room -= len(item)
    return room
