"""FetchHeaders: makes header lines from the options of a Tornado request."""

from __future__ import absolute_import, division, print_function

import re
from base64 import b64encode

from tornado.escape import native_str

from waterspout._bounded_stores import keep
from waterspout._compat import TORNADO_USER_AGENT, to_bytes
from waterspout._wire.field_lines import FieldLines, encode_line
from waterspout._wire.grammar import FIELD_VALUE
from waterspout.field_names import FRAMING

#: "deflate" in an Accept-Encoding, unless its weight is 0 (RFC 9110 section 12.4.2).
_NAMES_DEFLATE = re.compile(
    r"(?:^|,)[ \t]*deflate[ \t]*(?:$|,|;(?![ \t]*q=0(?:\.0*)?[ \t]*(?:,|$)))", re.IGNORECASE)

#: Field names, and sets of the fields that follow from options, that are kept encoded; programs use
#: few different ones.
_CACHED = 512

#: Longer names are not kept, so that what is kept is small.
_CACHED_NAME = 64

#: Nor is a longer host with its port: DNS names have at most 253 characters.
_CACHED_HOST = 260

#: The names of which an option may make a field, or the body. All others are sent as given.
_OF_OPTIONS = FRAMING | frozenset([
    "host", "user-agent", "accept-encoding", "authorization", "content-type", "expect",
    "proxy-authorization"])

#: Those among them for which an option makes a field only if none is given.
_NEVER_DROPPED = frozenset(["host", "content-type"])

_match_value = FIELD_VALUE.match


class FetchHeaders(object):
    """Encodes header lines.

    Names, and the fields that follow from the URL's host, the default User-Agent and options that
    are yes or no, are kept encoded unless they are long. Values that a program gives are not: they
    may be secrets, and most programs send other ones each time.
    """

    def __init__(self):
        # type: () -> None
        self._names = {}  # type: Dict[str, Tuple[str, bytes, bytes]]
        self._ours = {}  # type: Dict[Tuple, Tuple[List, List]]  # By arguments of _encode_ours.

    def encoded(self, hop, options, origin, expects_continue):
        # type: (Hop, Options, Origin, bool) -> FieldLines
        """Raises: ValueError."""
        given = list(hop.headers.get_all())
        kept = self._names
        names = [kept.get(name) or self._name(name) for name, _ in given]
        noted = _OF_OPTIONS.intersection([name[0] for name in names])
        agent, decompress = options.user_agent, options.decompress_response
        of_options = (
            hop.location.netloc if "host" not in noted else None,
            not agent and "user-agent" not in noted,
            offered(given if "accept-encoding" in noted else ()) if decompress else None,
            hop.method == "POST" and "content-type" not in noted,
            expects_continue,
        )
        before, after = self._ours.get(of_options) or self._encode_ours(*of_options)
        lines = before[:]
        if agent:
            lines.insert("host" not in noted, _line(b"User-Agent", latin1(agent)))  # After Host.
        credentials = hop.credentials
        if credentials is not None:
            lines.append(_line(b"Authorization", basic(credentials)))
        lines += after
        proxy = origin.proxy
        if proxy is not None and not origin.tunnelled and proxy.authorization is not None:
            # For a tunnel, it was sent to the proxy when the tunnel was made.
            lines.append(_line(b"Proxy-Authorization", proxy.authorization))
        dropped = ()  # type: Any
        if not noted <= _NEVER_DROPPED:
            # An option counts more than a given field.
            dropped = FRAMING.union(name for name, is_ours in (
                ("user-agent", agent),
                ("accept-encoding", decompress),
                ("authorization", credentials is not None),
                ("expect", expects_continue),
                ("proxy-authorization", proxy is not None),  # Not for the origin.
            ) if is_ours)
        for (name, line_key, start), (_, value) in zip(names, given):
            if name in dropped:
                continue
            value = to_bytes(value if type(value) is str else native_str(value), "latin-1")
            if type(value) is not bytes or _match_value(value) is None:
                encode_line(start[:-2], value)  # It raises.
            lines.append((line_key, start + value + b"\r\n"))
        return FieldLines.of_lines(lines)

    def _name(self, name):
        # type: (str) -> Tuple[str, bytes, bytes]
        """The name in lower case, as text and encoded, and the start of its line."""
        encoded = latin1(name)
        encode_line(encoded, b"")  # Raise InvalidHeader unless it is a token.
        made = name.lower(), encoded.lower(), encoded + b": "
        return made if len(name) > _CACHED_NAME else keep(self._names, name, made, _CACHED)

    def _encode_ours(self, netloc, has_default_agent, codings, is_form, expects):
        # type: (Optional[str], bool, Optional[Tuple[bytes, ...]], bool, bool) -> Tuple[List, List]
        """The lines that follow from these, before and after Authorization.

        ``netloc`` and ``codings`` are None if no line is to be made of them.
        """
        made = before, after = [], []  # type: Tuple[List, List]
        if netloc is not None:
            before.append(_line(b"Host", to_bytes(netloc)))
        if has_default_agent:
            before.append(_line(b"User-Agent", to_bytes(TORNADO_USER_AGENT)))
        if codings is not None:
            before.append(_line(b"Accept-Encoding", b", ".join(codings)))
        if is_form:
            after.append(_line(b"Content-Type", b"application/x-www-form-urlencoded"))
        if expects:
            after.append(_line(b"Expect", b"100-continue"))
        if netloc is not None and len(netloc) > _CACHED_HOST:
            return made
        key = netloc, has_default_agent, codings, is_form, expects
        return keep(self._ours, key, made, _CACHED)


def _line(name, value):
    # type: (bytes, bytes) -> Tuple[bytes, bytes]
    """A field for `FieldLines.of_lines`."""
    return name.lower(), encode_line(name, value)


def offered(given):
    # type: (Iterable[Tuple[str, str]]) -> Tuple[bytes, ...]
    """The content codings that ``decompress_response`` offers to the server and decodes.

    gzip, as in Tornado's simple client. Tornado's curl client decodes deflate too; here only for
    requests whose ``given`` header fields have it in Accept-Encoding.
    """
    for name, value in given:
        if name.lower() == "accept-encoding" and _NAMES_DEFLATE.search(native_str(value)):
            return b"gzip", b"deflate"
    return (b"gzip",)


def basic(credentials):
    # type: (bytes) -> bytes
    """The value of Authorization for ``user:password`` (RFC 7617)."""
    return b"Basic " + b64encode(credentials)


def latin1(value):
    # type: (Union[str, bytes]) -> bytes
    """Encode as Tornado does: given bytes are UTF-8, text is sent as Latin-1."""
    return to_bytes(native_str(value), "latin-1")
