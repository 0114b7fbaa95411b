"""Expectation: a request that a test expects, and how it is answered."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.exceptions import ReadError
from waterspout.testing._exchanges.answer import Answer
from waterspout.testing.mock.answers import failing_answer, first_bytes, response_answer

if TYPE_CHECKING:
    from typing import Any, Callable, Iterable, List, Optional, Union  # noqa: F401

    from waterspout.testing.mock.request_pattern import RequestPattern  # noqa: F401
    from waterspout.testing.mock.sent_request import SentRequest  # noqa: F401


class Expectation(object):
    """Is told its answers, in a row. Each is for one call; the last one is for all further calls,
    unless ``times`` says how many there may be. Without an answer it responds 200 with no body.

    ::

        mock.get("/hosts").respond(503).respond(200, json=[])     # Fails once, then works.

    Attributes:
        sent (list of SentRequest): those that it has answered.
    """

    def __init__(self, pattern, times, optional):
        # type: (RequestPattern, Optional[int], bool) -> None
        self.sent = []  # type: List[SentRequest]
        self.pattern = pattern
        self.times = times
        self.optional = optional
        self._answers = []  # type: List[Union[Answer, Callable[[SentRequest], Any]]]

    # The answers

    def respond(self, status_code=200, json=None, text=None, content=None, headers=None,
                reason=None, pieces=None, delay=0.0, connect_delay=0.0):
        # type: (int, Any, Optional[str], Optional[bytes], Any, Optional[str], Optional[Iterable[Any]], float, float) -> Expectation
        """Answer with a response.

        Args:
            status_code (int), reason (native str or None): None means the usual phrase.
            json, text, content, pieces: the body, one of them at most: a value, text (sent as
                UTF-8), bytes, or pieces of bytes that are sent one by one. A piece may be
                ``(seconds, bytes)``, with the time to wait before it. Bytes are sent as they are:
                with a Content-Encoding in ``headers`` they are the encoded ones.
            headers (mapping or (name, value) pairs): pairs may repeat a name. Content-Type and
                Content-Length (for ``pieces`` Transfer-Encoding) are set if they are not there.
            delay, connect_delay (float seconds): to wait before the response's head, and before
                the connection is made. The timeouts of the call run meanwhile.
        Returns: this expectation, for the next answer.
        Raises: TypeError, ValueError: an invalid argument.
        """
        return self._add(response_answer(
            status_code, json, text, content, headers, reason, pieces, delay, connect_delay))

    def fail(self, failure, message=None, delay=0.0):
        # type: (Any, Optional[str], float) -> Expectation
        """Fail the call, at once or after ``delay`` seconds.

        Args:
            failure: a class of `waterspout.exceptions` that the network can cause, such as
                ``waterspout.ConnectTimeout``; one of its instances, for its text; or the phase to
                fail in: ``"pool"``, ``"connect"``, ``"send"``, ``"read"`` (before the response's
                head) or ``"body"`` (after it). The error has the class, phase and attributes that
                it has with a server.
            message (text): for the text of the error.
        Raises: TypeError, ValueError: ``failure`` is none of these.
        """
        return self._add(failing_answer(failure, message, delay))

    def never(self):
        # type: () -> Expectation
        """Take the request and send nothing, until a timeout or until the call is cancelled."""
        return self._add(Answer(never=True))

    def call(self, function):
        # type: (Callable[[SentRequest], Any]) -> Expectation
        """Answer with what ``function(sent_request)`` returns: a `Response` (`make_response` makes
        one), or a Future or awaitable of one.

        If it raises one of `waterspout.exceptions`, the call fails with that. Any other error fails
        the call and the test, as an unexpected request does.
        Raises: TypeError: ``function`` is not callable.
        """
        if not callable(function):
            raise TypeError("call() takes a function, not %s" % type(function).__name__)
        return self._add(function)

    def cut_after(self, count):
        # type: (int) -> Expectation
        """Close the connection after ``count`` bytes of the body of the last `respond`.

        The call then fails with `IncompleteBody`. Raises: ValueError: there is no body to cut.
        """
        answer = self._last_body(count)
        length = sum(len(data) for _, data in answer.pieces)
        text = "the connection was closed after %d of %d bytes" % (count, length)
        return self._replace_last(answer, first_bytes(answer, count),
                                  failure=("body", ReadError, text))

    def stall_after(self, count):
        # type: (int) -> Expectation
        """Send no more after ``count`` bytes of the body of the last `respond`, until a timeout.

        Raises: ValueError: there is no body to stop in.
        """
        answer = self._last_body(count)
        # An empty piece: the head is sent, if nothing else is.
        return self._replace_last(answer, first_bytes(answer, count) or [(0.0, b"")], never=True)

    # For the transport

    @property
    def least(self):
        # type: () -> int
        """How many calls there must be."""
        if self.optional:
            return 0
        return max(1, len(self._answers)) if self.times is None else self.times

    @property
    def takes_more(self):
        # type: () -> bool
        """Whether one more call is expected."""
        return self.times is None or len(self.sent) < self.times

    @property
    def is_met(self):
        # type: () -> bool
        """Whether there were enough calls."""
        return len(self.sent) >= self.least

    def take(self, sent):
        # type: (SentRequest) -> Union[Answer, Callable[[SentRequest], Any]]
        """Note the call; return its answer, or the function that returns it."""
        sent.path_args = self.pattern.url.match(sent.parsed_url) or {}
        self.sent.append(sent)
        if not self._answers:
            return response_answer(200, None, None, None, None, None, None, 0.0, 0.0)
        return self._answers[min(len(self.sent), len(self._answers)) - 1]

    def state(self):
        # type: () -> str
        """What is expected, and what was: for messages."""
        if self.times is not None and not self.optional:
            expected = _calls(self.times)
        else:
            most = "" if self.times is None else ", at most %d" % self.times
            expected = "at least %s%s" % (_calls(self.least), most)
        return "%s: expected %s, got %d" % (self.pattern, expected, len(self.sent))

    def _add(self, answer):
        self._answers.append(answer)
        return self

    def _last_body(self, count):
        if isinstance(count, bool) or not isinstance(count, int) or count < 0:
            raise ValueError("%r is not a number of bytes" % (count,))
        answer = self._answers[-1] if self._answers else None
        if not isinstance(answer, Answer) or sum(len(data) for _, data in answer.pieces) <= count:
            raise ValueError("there is no response before it with a body of more than %d bytes"
                             % count)
        return answer

    def _replace_last(self, answer, pieces, failure=None, never=False):
        self._answers[-1] = Answer(
            answer.status_code, answer.reason, answer.headers, pieces, answer.connect_delay,
            answer.head_delay, failure, never)
        return self

    def __repr__(self):
        return "<Expectation %s>" % self.state()


def _calls(count):
    return "1 call" if count == 1 else "%d calls" % count
