"""A large value encoded as JSON in short steps, so that a program may do other things in between.

The counterpart of `waterspout._json_text.reader`: large values are walked through, small ones are
handed to the C encoder, many small elements at once.
"""

from __future__ import absolute_import, division, print_function

import collections
import itertools

from waterspout._compat import text_type, to_text

#: Characters, about, to be encoded in a step, and in one call of the C encoder.
STEP_CHARACTERS = 16 * 1024

#: What takes fewer characters, about, is encoded at once: half a millisecond.
LARGE_CHARACTERS = 64 * 1024

# How many items of a container are tried to be encoded at once, first.
_FIRST_RUN = 64

# Characters of a number, or of quotes or brackets, and of the comma behind.
_ITEM = 4

# Classes of which most other values are.
_NUMBERS = frozenset([int, float, bool, type(None)])


def is_large(value):
    # type: (Any) -> bool
    """Whether ``value`` is a case for `LargeValue`. Looks no further than it has to."""
    return _room_left(value, LARGE_CHARACTERS) < 0


class LargeValue(object):
    """One value on its way to JSON.

    Args:
        value: as for `json.dumps`. It must not be changed before `steps` has ended.
        encode: ``encode(part)`` is the JSON of a part, as bytes.
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
        """The JSON, when `steps` has ended."""
        return b"".join(self._pieces)

    def steps(self):
        # type: () -> Iterator[None]
        """Do the work; each ``next()`` takes one step.

        Raises: ValueError, TypeError: what ``encode`` raises for the value.
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
        """A generator of None for each step, and of a generator for what has to come first."""
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
            self._encode(value[:0])  # Raises TypeError, except on 2.7, where it is text as well.
            value = to_text(value)
        write = self._pieces.append
        write(b'"')
        at = 0
        while at < len(value):
            end = at + STEP_CHARACTERS
            if u"\ud800" <= value[end - 1:end] <= u"\udbff":
                end += 1  # Some builds of 2.7 have two of these for one character.
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
    """``room`` less the characters that ``value`` takes, about; less than 0 if it is too large.

    What is not text or a container counts as a number, whatever the encoder will say to it.
    Every ``json=`` comes by here, so globals are looked up once.
    """
    containers = [value if value.__class__ is dict or value.__class__ is list else (value,)]
    for container in containers:  # It grows meanwhile.
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
