"""What a cassette keeps of an exchange: the request, and the response or the error."""

from __future__ import absolute_import, division, print_function

from waterspout import exceptions
from waterspout._compat import TYPE_CHECKING, to_native, to_text
from waterspout._encoding import urls
from waterspout.structures import Headers
from waterspout.testing._form_pairs import pairs_in
from waterspout.testing.cassette.coded_bodies import without_codings

if TYPE_CHECKING:
    from typing import Any, List, Optional, Text, Tuple, Type  # noqa: F401

    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401


class RecordedRequest(object):
    """A request as a cassette knows it, for matchers and hooks; it may be changed by a hook.

    Attributes:
        method, url (native str): ``uri`` is the same URL, as vcrpy calls it.
        headers (waterspout.Headers).
        body (bytes): without its content codings, as that of a response; empty if there is none.
        opaque (bool): True if its content codings could not be decoded. It is masked as a whole.
        scheme, host, path (native str), port (int): parts of the URL, read only.
        query (list of (text, text)): its pairs, decoded and sorted, read only.
    """

    def __init__(self, method, url, headers=(), body=b"", opaque=False):
        # type: (str, str, Any, bytes, bool) -> None
        self.method = method
        self.url = url
        self.headers = Headers(headers)
        self.body = body
        self.opaque = opaque

    @classmethod
    def of(cls, request, body):
        # type: (PreparedRequest, bytes) -> RecordedRequest
        decoded = without_codings(body, request.headers)
        return cls(request.method, request.parsed_url.without_fragment, request.headers,
                   body if decoded is None else decoded, decoded is None)

    @property
    def uri(self):
        # type: () -> str
        return self.url

    @uri.setter
    def uri(self, uri):
        # type: (str) -> None
        self.url = uri

    @property
    def scheme(self):
        # type: () -> str
        return self._parsed.scheme

    @property
    def host(self):
        # type: () -> str
        return self._parsed.host

    @property
    def port(self):
        # type: () -> int
        return self._parsed.port

    @property
    def path(self):
        # type: () -> str
        return self._parsed.path

    @property
    def query(self):
        # type: () -> List[Tuple[Text, Text]]
        return sorted(pairs_in(self._parsed.query))

    @property
    def content_type(self):
        # type: () -> str
        return self.headers.get("Content-Type", "").lower()

    @property
    def _parsed(self):
        return urls.parse(self.url)  # Which keeps the last results.

    def copy(self):
        # type: () -> RecordedRequest
        return RecordedRequest(self.method, self.url, self.headers, self.body, self.opaque)

    def __repr__(self):
        return "<RecordedRequest %s %s>" % (self.method, self._parsed.for_messages)


class RecordedResponse(object):
    """A response as a cassette knows it; a hook may change it.

    Attributes:
        status_code (int), reason (native str), headers (waterspout.Headers): as received.
        pieces (list of bytes): the body without its content codings, as it was read.
        complete (bool): False if the reader stopped before the end of the body.
    """

    def __init__(self, status_code, reason, headers=(), pieces=(), complete=True):
        # type: (int, str, Any, Any, bool) -> None
        self.status_code = status_code
        self.reason = reason
        self.headers = Headers(headers)
        self.pieces = [piece for piece in pieces if piece]
        self.complete = complete

    @property
    def body(self):
        # type: () -> bytes
        """The whole body; if it is set, it is one piece."""
        return b"".join(self.pieces)

    @body.setter
    def body(self, body):
        # type: (bytes) -> None
        self.pieces = [body] if body else []

    @property
    def content_type(self):
        # type: () -> str
        return self.headers.get("Content-Type", "").lower()

    def copy(self):
        # type: () -> RecordedResponse
        return RecordedResponse(
            self.status_code, self.reason, self.headers, self.pieces, self.complete)

    def __repr__(self):
        return "<RecordedResponse [%d]>" % self.status_code


class RecordedError(object):
    """A failure.

    Attributes:
        kind (class): one of `waterspout.exceptions`.
        phase (native str or None), may_have_been_sent (bool), text (text): as it had.
    """

    def __init__(self, kind, phase, may_have_been_sent, text):
        # type: (Type[exceptions.RequestException], Optional[str], bool, Text) -> None
        self.kind = kind
        self.phase = phase
        self.may_have_been_sent = may_have_been_sent
        self.text = text

    @classmethod
    def of(cls, error):
        # type: (exceptions.RequestException) -> RecordedError
        # A transport of the user's own may raise a subclass, which no other program knows.
        kind = next(each for each in type(error).__mro__ if is_known(each))
        return cls(kind, error.phase, error.may_have_been_sent, to_text(str(error)))

    def again(self, request):
        # type: (PreparedRequest) -> exceptions.RequestException
        """The error, for ``request``."""
        return self.kind(to_native(self.text), request=request, phase=self.phase,
                         may_have_been_sent=self.may_have_been_sent)


def is_known(kind):
    # type: (Any) -> bool
    """Whether it is a class of `waterspout.exceptions` for a failed call."""
    return (isinstance(kind, type) and issubclass(kind, exceptions.RequestException)
            and getattr(exceptions, kind.__name__, None) is kind)


class Interaction(object):
    """One exchange. It has a response, an error, or both: a body that was cut off.

    Attributes:
        request (RecordedRequest), response (RecordedResponse or None), error (RecordedError or
            None).
        played (int): how many times it was replayed.
    """

    def __init__(self, request, response=None, error=None):
        # type: (RecordedRequest, Optional[RecordedResponse], Optional[RecordedError]) -> None
        self.request = request
        self.response = response
        self.error = error
        self.played = 0

    @property
    def has_outcome(self):
        # type: () -> bool
        """False while the call runs, and after it was cancelled."""
        return self.response is not None or self.error is not None

    def __repr__(self):
        return "<Interaction %r %r %r>" % (self.request, self.response, self.error)
