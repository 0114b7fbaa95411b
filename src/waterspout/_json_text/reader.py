"""Decodes a long JSON text in short steps, so that the program can do other work between them.

`json.loads` decodes ten megabytes in one call of C. That takes a tenth of a second to a second, in
which no other Python code runs, not even in other threads. `LargeText` gives the same value, or the
same error, in steps of about a millisecond.

It walks through containers that are longer than a step, and passes everything shorter to the C
decoder: one row, or as many of the next rows as fit into a step. The end of such a part is guessed.
If the part decodes, the guess was right, because the grammar of JSON is deterministic: a complete
list between brackets is a complete list of elements in its array too. A part that does not decode
is walked through, so that errors are found only where the text was not cut. The C decoder writes
the message, and its position is adjusted to the whole text.
"""

from __future__ import absolute_import, division, print_function

import re
import sys

from waterspout._compat import json_error, json_error_parts
from waterspout._compat.recursion import protected

#: Characters to be decoded in a step, and in one call of the C decoder. 0.1 ms on average; the
#: worst shapes (empty objects, one-digit integers) take 3 ms on Python 2.7.
STEP_CHARACTERS = 16 * 1024

# The cost of one move of the walk, in characters.
_MOVE = 32

# Elements with more whitespace than this between them are decoded one at a time.
_LONGEST_GAP = 64

# Characters that are enough to reproduce an error: the longest token is a pair of escapes.
_TOKEN = 16

_SPACES = (u" ", u"\n", u"\r", u"\t")
_SPACE = re.compile(u"[ \t\n\r]*")

# Whole characters of a string, which may be cut after any of them. The escapes of two surrogates
# are one character (RFC 8259 section 7), and so is a surrogate without its other half.
_CHARACTERS = re.compile(
    u'(?:[^"\\\\\x00-\x1f]+'
    u'|\\\\["\\\\/bfnrt]'
    u"|\\\\u(?![dD][89abAB])[0-9a-fA-F]{4}"
    u"|\\\\u[dD][89abAB][0-9a-fA-F]{2}"
    u"(?:\\\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    u"|(?=[^\\\\]|\\\\[^u]|\\\\u(?![dD][c-fC-F])[0-9a-fA-F]{4})))*"
)


class LargeText(object):
    """Decodes one text.

    Args:
        text (text): the whole text.
        decoder (json.JSONDecoder): decodes the parts. If it has a hook for objects, override
            `new_object` and `end_object` with the same effect.

    Attributes:
        value: the result, after `steps` has ended.
    """

    value = None

    def __init__(self, text, decoder):
        # type: (Text, json.JSONDecoder) -> None
        self._text = text
        self._decoder = decoder
        self._scan = protected(decoder.scan_once)
        self._at = 0
        self._work = 0  # Characters handled in this step.
        self._move = None  # type: Any  # The method for the next character.
        self._top = None  # type: Optional[_Open]  # The innermost open container.
        self._stack = []  # type: List[Optional[_Open]]  # The containers around it.
        self._window, self._base = u"", -STEP_CHARACTERS  # A part of the text, and its start.
        self._misses = 0  # Containers in a row that did not end within the window.
        self._parts = None  # type: Optional[List[Text]]  # Of a long string, while inside it.
        self._start = self._part = 0  # The start of that string, and of its last part.
        self._take_string = None  # type: Any  # Called with that string.

    # To be overridden

    def new_object(self):
        # type: () -> dict
        """Return an empty object, to be filled by the walk."""
        return {}

    def end_object(self, value, members):
        # type: (dict, int) -> None
        """Called with a complete object that was walked; its text has ``members`` names. May raise.
        """

    def opened(self, depth):
        # type: (int) -> None
        """Called when a container is opened that will be walked, at nesting level ``depth``.

        Raises: RuntimeError: nested too deep for the interpreter, as in `json.loads`.
        """
        if depth > sys.getrecursionlimit():
            raise RuntimeError("maximum recursion depth exceeded")

    def decoded(self, value, depth, start, end):
        # type: (Any, int, int, int) -> None
        """Called when ``text[start:end]`` was decoded to ``value``.

        ``value`` is inside of ``depth`` containers. It is a whole value, a part of a list, object
        or string, or a name.
        """

    # The walk

    def steps(self):
        # type: () -> Iterator[None]
        """Decode; each ``next()`` does one step.

        Raises: the error that the decoder would raise for the whole text, with the same message.
        """
        text = self._text
        self._move = self._value
        try:
            while self._move is not None:
                self._work = 0
                while self._work < STEP_CHARACTERS and self._move is not None:
                    self._work += _MOVE
                    character = text[self._at:self._at + 1]
                    if character in _SPACES and self._parts is None:
                        end = self._at + STEP_CHARACTERS
                        self._advance(_SPACE.match(text, self._at, end).end())
                    else:
                        self._move(character)
                yield
        finally:
            # They refer to this object: with them it would keep the text and the value until a
            # full garbage collection, which large JSON defers.
            self._move = self._take_string = None

    def _advance(self, end):
        self._work += end - self._at
        self._at = end

    # Moves. Each gets the next character and chooses the next move.

    def _value(self, character):
        if character == u'"':
            self._begin_string(self._take)
        elif character in (u"[", u"{"):
            if not self._take_whole():
                self._open(character == u"[")
        else:
            self._scan_token()

    def _first_element(self, character):
        if character == u"]":
            self._close()
        else:
            self._value(character)

    def _element(self, character):
        if not self._take_run(character):
            self._value(character)

    def _first_name(self, character):
        if character == u"}":
            self._close()
        else:
            self._name(character)

    def _name(self, character):
        if character != u'"':
            self._refuse()
        self._begin_string(self._take_name)

    def _next_name(self, character):
        if character != u'"' or not self._take_run(character):
            self._name(character)

    def _colon(self, character):
        if character != u":":
            self._refuse()
        self._at += 1
        self._move = self._value

    def _comma(self, character):
        top = self._top
        if top is None:
            if character:
                raise json_error("Extra data", self._text, self._at, len(self._text))
            self._move = None
        elif character == u",":
            self._at += 1
            self._move = self._element if top.is_array else self._next_name
        elif character == (u"]" if top.is_array else u"}"):
            self._close()
        else:
            self._refuse()

    def _string(self, character):
        """Inside a string that is longer than a step, or has quotes in it."""
        text, at = self._text, self._at
        end = _CHARACTERS.match(text, at, at + STEP_CHARACTERS).end()
        if end > at:
            part = self._scan(u'"%s"' % text[at:end], 0)[0]
            self.decoded(part, len(self._stack), at, end)
            self._parts.append(part)
            self._part = at
            self._advance(end)
        elif character == u'"':
            value, self._parts = u"".join(self._parts), None
            self._take_string(value, at + 1)
        else:
            self._refuse_string()

    # What moves do

    def _scan_token(self):
        """A number or a word; the decoder finds its end."""
        try:
            value, end = self._scan(self._text, self._at)
        except StopIteration:
            self._refuse()
        self._take(value, end)

    def _begin_string(self, take):
        text, at = self._text, self._at
        end = text.find(u'"', at + 1, at + STEP_CHARACTERS)
        if end > 0 and text[end - 1] != u"\\":
            value, end = self._scan(text, at)
            self.decoded(value, len(self._stack), at, end)
            take(value, end)
        else:
            self._start, self._parts, self._take_string = at, [], take
            self._part = self._at = at + 1
            self._move = self._string

    def _take_whole(self):
        """Decode the container that begins here, if it is short enough. Return whether it was."""
        at = self._at
        if not 0 <= at - self._base <= STEP_CHARACTERS // 2 or len(self._window) < STEP_CHARACTERS:
            # Failing attempts at each level of deep nesting would add up, so they get shorter.
            self._base = at
            self._window = self._text[at:at + (STEP_CHARACTERS >> min(self._misses, 6))]
        try:
            value, end = self._scan(self._window, at - self._base)
        except Exception:  # Any kind: if the cut is not the reason, the walk finds the error.
            self._misses += 1
            self._work += len(self._window)
            return False
        self._misses = 0
        end += self._base
        self.decoded(value, len(self._stack), at, end)
        self._take(value, end)
        return True

    def _take_run(self, character):
        """Decode as many elements or members as fit into a step, if the end of one can be found."""
        text, at, top = self._text, self._at, self._top
        if at < top.next_run:
            return False
        top.next_run = at + STEP_CHARACTERS
        cut = self._find_seam(character)
        if cut <= at:
            return False
        try:
            values, end = self._scan((u"[%s]" if top.is_array else u"{%s}") % text[at:cut], 0)
        except Exception:
            end = None
        if end != cut - at + 2:  # The cut was within an element.
            top.failed_runs += 1
            top.next_run = at + (STEP_CHARACTERS << min(top.failed_runs, 10))
            self._work += cut - at
            return False
        self.decoded(values, len(self._stack) - 1, at, cut)
        if top.is_array:
            top.value.extend(values)
        else:
            top.value.update(values)
            top.members += len(values)
        top.next_run = top.mark = cut
        self._advance(cut)
        self._move = self._comma
        return True

    def _find_seam(self, character):
        """The last place within a step that looks like the end of the element before, or -1.

        It is searched together with the characters around it, such as ``},{`` or ``", "``.
        """
        text, at, mark = self._text, self._at, self._top.mark
        if at - mark > _LONGEST_GAP:
            return -1
        marked = text[mark - 1] in u'"]}'
        seam = text[mark - marked:at + (character in u'"[{')]
        return text.rfind(seam, at, at + STEP_CHARACTERS) + marked

    def _open(self, is_array):
        self._stack.append(self._top)
        self.opened(len(self._stack))
        self._at += 1
        if is_array:
            self._top, self._move = _Open([], True, self._at), self._first_element
        else:
            self._top, self._move = _Open(self.new_object(), False, self._at), self._first_name

    def _close(self):
        value = self._top.value
        if not self._top.is_array:
            self.end_object(value, self._top.members)
        self._top = self._stack.pop()
        self._take(value, self._at + 1)

    def _take(self, value, end):
        """A value ends at ``end``."""
        top = self._top
        if top is None:
            self.value = value
        else:
            if top.is_array:
                top.value.append(value)
            else:
                top.value[top.name] = value
                top.name = None
                top.members += 1
            top.mark = end
        self._advance(end)
        self._move = self._comma

    def _take_name(self, name, end):
        self._top.name = name
        self._top.mark = end
        self._advance(end)
        self._move = self._colon

    # Errors

    def _refuse(self):
        """Raise the decoder's error for the token at this place."""
        top = self._top
        if top is None:
            self._raise(u"", self._at)
        elif top.is_array:
            self._raise(u'[""' if top.value else u"[", top.mark)
        elif top.name is not None:
            self._raise(u'{""', top.mark)
        else:
            self._raise(u'{"":""' if top.members else u"{", top.mark)

    def _refuse_string(self):
        # Together with the part before: the error for an escape at the end of the text differs.
        self._raise(u'"', self._part, start=self._start)

    def _raise(self, before, mark, start=None):
        """Raise the decoder's error for a short text with the same fault.

        ``before`` stands for the correct part of the text, and ``text[mark:]`` follows it.
        """
        try:
            self._decoder.raw_decode(before + self._text[mark:self._at + _TOKEN])
        except ValueError as error:
            message, position = json_error_parts(error)
            if position is None:
                raise
            if position == 0 and start is not None:  # An unterminated string: report its start.
                raise json_error(message, self._text, start)
            raise json_error(message, self._text, position - len(before) + mark)
        raise AssertionError("the decoder accepts what the walk does not, at %d" % self._at)


class _Open(object):
    """A container that is being walked.

    Attributes:
        name (text or None): of the member whose value is next.
        members (int): of an object, so far.
        mark (int): the end of its last element or name, or of the bracket that opened it.
        next_run (int): the position at which to try again to decode several elements at once.
        failed_runs (int): how often that failed.
    """

    __slots__ = ("value", "is_array", "name", "members", "mark", "next_run", "failed_runs")

    def __init__(self, value, is_array, mark):
        # type: (Any, bool, int) -> None
        self.value = value
        self.is_array = is_array
        self.name = None
        self.members = 0
        self.mark = mark
        self.next_run = self.failed_runs = 0
