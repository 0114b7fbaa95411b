"""FieldLines: a header or trailer section, encoded as it is sent."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout._wire import grammar
from waterspout._wire.faults import excerpt, unsendable
from waterspout.exceptions import InvalidHeader, LocalProtocolError
from waterspout.field_names import FRAMING_BYTES

if TYPE_CHECKING:
    from typing import Iterable, List, Sequence, Tuple  # noqa: F401

#: Fields that the client itself has to know about.
_NOTED = FRAMING_BYTES.union([b"host", b"connection", b"upgrade", b"expect"])


def parse_pairs(raw):
    # type: (bytes) -> List[Tuple[bytes, bytes]]
    """``(name, value)`` of each line in a section that was validated before."""
    ows = grammar.OWS
    return [(name, value.strip(ows)) for name, value in grammar.FIELD_PAIRS.findall(raw)]


def connection_options(value):
    # type: (bytes) -> List[bytes]
    """The options in a ``Connection`` value, lower-cased (RFC 9110 section 7.6.1)."""
    return [option.strip(grammar.OWS) for option in value.lower().split(b",")]


class FieldLines(object):
    """Fields of a request, validated and encoded once, to be sent any number of times.

    Immutable. ``a + b`` has the lines of both, Host first (RFC 9110 section 7.2), without
    validating them again: encode constant fields once and add those that change.

    Args:
        pairs: iterable of ``(name, value)``, both bytes. Content-Length and Transfer-Encoding
            are refused: they are written from the body that is sent.
    Attributes:
        raw (bytes): the lines, each with its CRLF.
        has_host (bool): there is a Host field.
        close (bool): Connection has the option "close".
        upgrade (bool): there is an Upgrade field, so the response may be 101.
        expects_continue (bool): Expect is ``100-continue`` (RFC 9110 section 10.1.1).
    Raises:
        InvalidHeader: a name is not a token, or a value has characters that RFC 9110 section 5.5
            forbids (CR, LF, NUL, other controls).
        LocalProtocolError: a framing field, or two Host fields.
    """

    __slots__ = ("raw", "has_host", "close", "upgrade", "expects_continue")

    def __init__(self, pairs=()):
        # type: (Iterable[Tuple[bytes, bytes]]) -> None
        self._join([(name.lower(), encode_line(name, value)) for name, value in pairs])

    @classmethod
    def of_lines(cls, lines):
        # type: (Iterable[Tuple[bytes, bytes]]) -> FieldLines
        """The same, of lines that `encode_line` has made: each ``(lower-case name, line)``."""
        fields = cls.__new__(cls)
        fields._join(lines)
        return fields

    def followed_by(self, lines):
        # type: (Sequence[Tuple[bytes, bytes]]) -> FieldLines
        """``self + FieldLines.of_lines(lines)``, faster where no field of ``lines`` is noted."""
        raw = self.raw
        for name, line in lines:
            if name in _NOTED:
                return self + FieldLines.of_lines(lines)
            raw += line
        both = FieldLines.__new__(FieldLines)
        both.raw = raw
        both.has_host = self.has_host
        both.close = self.close
        both.upgrade = self.upgrade
        both.expects_continue = self.expects_continue
        return both

    def _join(self, lines):
        # type: (Iterable[Tuple[bytes, bytes]]) -> None
        self.has_host = self.close = self.upgrade = self.expects_continue = False
        joined = []  # type: List[bytes]
        for name, line in lines:
            if name in _NOTED:
                self._note(name, line)
                if name == b"host":
                    joined.insert(0, line)
                    continue
            joined.append(line)
        self.raw = b"".join(joined)

    def _note(self, name, line):
        # type: (bytes, bytes) -> None
        if name == b"host":
            self._note_host()
        elif name in FRAMING_BYTES:
            raise unsendable(LocalProtocolError,
                             "%s is set from the body and cannot be given", excerpt(name))
        elif name == b"upgrade":
            self.upgrade = True
        else:
            value = line[len(name) + 1:].strip(b" \t\r\n")
            if name == b"connection":
                self.close = self.close or b"close" in connection_options(value)
            else:
                self.expects_continue = value.lower() == b"100-continue"

    def _note_host(self):
        # type: () -> None
        if self.has_host:
            raise unsendable(LocalProtocolError, "more than one Host field")
        self.has_host = True

    def __add__(self, other):
        # type: (FieldLines) -> FieldLines
        if not isinstance(other, FieldLines):
            return NotImplemented
        both = FieldLines.__new__(FieldLines)
        both.has_host = self.has_host
        if other.has_host:
            if self.has_host:
                raise unsendable(LocalProtocolError, "more than one Host field")
            both.has_host = True
            both.raw = other.raw + self.raw
        else:
            both.raw = self.raw + other.raw
        both.close = self.close or other.close
        both.upgrade = self.upgrade or other.upgrade
        both.expects_continue = self.expects_continue or other.expects_continue
        return both

    def __eq__(self, other):
        # type: (object) -> bool
        if not isinstance(other, FieldLines):
            return NotImplemented
        return self.raw == other.raw  # The other attributes follow from it.

    def __ne__(self, other):  # py2: does not follow from __eq__
        # type: (object) -> bool
        return not self == other

    def __hash__(self):
        # type: () -> int
        return hash(self.raw)

    def __repr__(self):
        # type: () -> str
        names = ", ".join(excerpt(name) for name, _ in parse_pairs(self.raw))
        return "<FieldLines %s>" % names  # No values: tokens are among them.


def encode_line(name, value):
    # type: (bytes, bytes) -> bytes
    """The field line, checked in the form in which it is sent.

    Raises: InvalidHeader.
    """
    if not isinstance(name, bytes) or not isinstance(value, bytes):
        raise TypeError("field names and values must be bytes")
    line = name + b": " + value + b"\r\n"
    match = grammar.FIELD_LINE.match(line)
    if match is None or match.end(1) != len(name):
        if grammar.TOKEN.match(name) is None:
            raise unsendable(InvalidHeader, "%s is not a field name", excerpt(name))
        raise invalid_value(name)
    return line


def invalid_value(name):
    # type: (bytes) -> InvalidHeader
    """The error for a value that RFC 9110 section 5.5 forbids; it does not quote it."""
    return unsendable(InvalidHeader, "the value of field %s has a control character",
                      excerpt(name))
