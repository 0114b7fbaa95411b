"""MockTransport: answers each request as the test says, without a network."""

from __future__ import absolute_import, division, print_function

import functools

from tornado import gen
from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, is_awaitable, to_native
from waterspout.exceptions import RequestException
from waterspout.testing._exchanges.answer import play
from waterspout.testing._exchanges.in_process_transport import InProcessTransport
from waterspout.testing._exchanges.request_body import collect_body
from waterspout.testing.mock.answers import answer_of, failing_answer, without_body
from waterspout.testing.mock.expectation import Expectation
from waterspout.testing.mock.explanations import explain_unexpected, explain_unsent
from waterspout.testing.mock.request_pattern import RequestPattern
from waterspout.testing.mock.sent_request import SentRequest
from waterspout.testing.mock.unexpected_request import UnexpectedRequest

if TYPE_CHECKING:
    from typing import Any, Callable, List, Optional  # noqa: F401

    from typing_extensions import Self  # noqa: F401

    from waterspout.transports.borrowed.borrowed_exchange import BorrowedExchange  # noqa: F401


class MockTransport(InProcessTransport):
    """Given as ``transport=`` to any number of sessions and SDKs, or to `patch_sessions`.

    ::

        mock = MockTransport()
        mock.get("/object/{object_id}").respond(200, json={"code": 0})
        sdk = BaseSDK("cmdb.test", transport=mock)

    Cookies, redirects, authentication, hooks, decoding, limits and timeouts are the session's, as
    with a server. A request takes the first expectation that matches it and may be called once
    more. If there is none, the call fails with `UnexpectedRequest`, which tells what differs.

    In a ``with`` block `check` is called at its end.

    Args:
        in_order (bool): the requests must come in the order of the expectations. Each then expects
            as many calls as it has answers, unless ``times`` says how many.
    Attributes:
        sent (list of SentRequest): every request in order, also those that were not expected.
    """

    #: Its name in errors.
    name = "mock"

    def __init__(self, in_order=False):
        # type: (bool) -> None
        self.sent = []  # type: List[SentRequest]
        self._in_order = in_order
        self._expectations = []  # type: List[Expectation]
        self._failures = []  # type: List[str]

    # What is expected

    def on(self, method, url=None, params=None, json=None, data=None, headers=None, match=None,
           times=None, optional=False):
        # type: (Optional[str], Any, Any, Any, Any, Any, Optional[Callable[[SentRequest], Any]], Optional[int], bool) -> Expectation
        """Expect a request. What is None is not looked at.

        Args:
            method (native str or None).
            url: text: a whole URL, or a path, which matches on any host; ``{name}`` in it matches
                one segment (`SentRequest.path_args` has it). Or a compiled regular expression,
                which is searched for in the whole URL. A query that is neither here nor in
                ``params`` may be any.
            params (mapping, pairs or text): the whole query.
            json: the value of the body; ``unittest.mock.ANY`` may stand in it.
            data: a mapping or pairs: a form; text or bytes: the body; a compiled regular
                expression: is searched for in the body.
            headers (mapping): the value of each field, a compiled regular expression that is
                searched for in it, or None for one that must not be there. Others may be.
            match (callable): ``match(sent_request)`` says whether it is the one, after all else
                has matched.
            times (int or None): how many calls are expected; None means at least one for each
                answer.
            optional (bool): there may be fewer calls, or none.
        Returns: the `Expectation`, which is told its answers.
        Raises: TypeError, ValueError, InvalidURL: an invalid argument.
        """
        if times is not None and (isinstance(times, bool) or not isinstance(times, int)
                                  or times < 0):
            raise ValueError("times=%r: give a number of calls" % (times,))
        pattern = RequestPattern(method, url, params, json, data, headers, match)
        expectation = _InOrder if self._in_order else Expectation
        self._expectations.append(expectation(pattern, times, optional))
        return self._expectations[-1]

    def get(self, url=None, **kwargs):
        # type: (Any, **Any) -> Expectation
        """`on` with GET."""
        return self.on("GET", url, **kwargs)

    def options(self, url=None, **kwargs):
        # type: (Any, **Any) -> Expectation
        """`on` with OPTIONS."""
        return self.on("OPTIONS", url, **kwargs)

    def head(self, url=None, **kwargs):
        # type: (Any, **Any) -> Expectation
        """`on` with HEAD."""
        return self.on("HEAD", url, **kwargs)

    def post(self, url=None, **kwargs):
        # type: (Any, **Any) -> Expectation
        """`on` with POST."""
        return self.on("POST", url, **kwargs)

    def put(self, url=None, **kwargs):
        # type: (Any, **Any) -> Expectation
        """`on` with PUT."""
        return self.on("PUT", url, **kwargs)

    def patch(self, url=None, **kwargs):
        # type: (Any, **Any) -> Expectation
        """`on` with PATCH."""
        return self.on("PATCH", url, **kwargs)

    def delete(self, url=None, **kwargs):
        # type: (Any, **Any) -> Expectation
        """`on` with DELETE."""
        return self.on("DELETE", url, **kwargs)

    # What was sent

    def assert_sent(self, method, url=None, params=None, json=None, data=None, headers=None,
                    match=None, times=None):
        # type: (Optional[str], Any, Any, Any, Any, Any, Optional[Callable[[SentRequest], Any]], Optional[int]) -> SentRequest
        """Return the first request that was sent and is this one; the arguments are those of `on`.

        Args:
            times (int or None): how often it must have been sent; None means once or more.
        Raises: AssertionError: it was not sent, or not so often; the text shows what was. For
            ``times=0`` use `assert_not_sent`.
        """
        __tracebackhide__ = True
        pattern = RequestPattern(method, url, params, json, data, headers, match)
        found = [each for each in self.sent if not pattern.differences(each)]
        if times == 0:
            raise ValueError("times=0: use assert_not_sent()")
        if not found or times not in (None, len(found)):
            raise AssertionError(to_native(explain_unsent(pattern, times, found, self.sent)))
        return found[0]

    def assert_not_sent(self, method=None, url=None, params=None, json=None, data=None,
                        headers=None, match=None):
        # type: (Optional[str], Any, Any, Any, Any, Any, Optional[Callable[[SentRequest], Any]]) -> None
        """Raise AssertionError if such a request was sent; without arguments, if any was."""
        __tracebackhide__ = True
        pattern = RequestPattern(method, url, params, json, data, headers, match)
        found = [each for each in self.sent if not pattern.differences(each)]
        if found:
            raise AssertionError(to_native(explain_unsent(pattern, 0, found, self.sent)))

    def check(self):
        # type: () -> None
        """Raise unless every expectation was met and every request was expected.

        Raises: UnexpectedRequest: it is not swallowed by what handled the failed call;
            AssertionError: there were fewer calls than expected.
        """
        __tracebackhide__ = True
        self.check_unexpected()
        unmet = [each.state() for each in self._expectations if not each.is_met]
        if unmet:
            raise AssertionError("fewer calls than expected:\n  %s\nsent were:\n  %s" % (
                "\n  ".join(unmet), "\n  ".join(map(str, self.sent)) or "(none)"))

    def check_unexpected(self):
        # type: () -> None
        """Raise UnexpectedRequest if there was one. It may be fewer calls than expected: `check`
        is for the end of a test that has not failed before.
        """
        __tracebackhide__ = True
        if self._failures:
            raise UnexpectedRequest("\n\n".join(self._failures))

    def reset(self):
        # type: () -> None
        """Forget the expectations and what was sent."""
        self._expectations = []
        self._failures = []
        self.sent = []

    def __enter__(self):
        # type: () -> Self
        return self

    def __exit__(self, error_class, error, traceback):
        # type: (Any, Any, Any) -> None
        __tracebackhide__ = True
        if error is None:
            self.check()
        elif (self._failures and isinstance(error, Exception)
              and not isinstance(error, UnexpectedRequest)):
            # The test's own error is a consequence, such as "500 != 200", and tells less.
            raise UnexpectedRequest("%s\n\nand then the test failed: %s: %s" % (
                "\n\n".join(self._failures), error_class.__name__, error))

    # The exchanges

    def answer(self, exchange, finished):
        # type: (BorrowedExchange, Callable[[], None]) -> None
        collect_body(exchange, lambda body: self._received(exchange, body, finished))

    def _received(self, exchange, body, finished):
        sent = SentRequest(exchange.request, body)
        self.sent.append(sent)

        def respond(function):
            """Answer with what ``function()`` returns, or fail as it does."""
            __tracebackhide__ = True
            try:
                answer = function()
                if is_awaitable(answer):
                    self._wait_for(answer, exchange, respond)
                    return
                answer = answer_of(answer)
            except RequestException as error:
                answer = failing_answer(error, None, 0.0)
            except Exception as error:
                self._note_failure(sent, error)
                exchange.raised(error)
                return
            if sent.method == "HEAD":
                answer = without_body(answer)
            play(exchange, answer, IOLoop.current(), finished)

        respond(functools.partial(self._answer_to, sent))

    def _wait_for(self, awaitable, exchange, respond):
        def came(future):
            if not exchange.over:
                respond(future.result)
            elif not future.cancelled():
                future.exception()  # Seen: the call was cancelled, or a limit has passed.

        exchange.opened()
        exchange.timeouts.connected()
        IOLoop.current().add_future(gen.convert_yielded(awaitable), came)

    def _note_failure(self, sent, error):
        text = str(error)
        if not isinstance(error, UnexpectedRequest):
            text = "%s: answering it raised %s: %s" % (sent, type(error).__name__, text)
        self._failures.append(text)

    def _answer_to(self, sent):
        __tracebackhide__ = True
        answer = self._expected(sent)
        return answer(sent) if callable(answer) else answer

    def _expected(self, sent):
        # type: (SentRequest) -> Any
        """The answer for ``sent``. Raises: UnexpectedRequest."""
        __tracebackhide__ = True
        candidates = self._next_in_order() if self._in_order else self._expectations
        for expectation in candidates:
            if expectation.takes_more and not expectation.pattern.differences(sent):
                return expectation.take(sent)
        raise UnexpectedRequest(to_native(explain_unexpected(
            sent, self._expectations, candidates if self._in_order else None)))

    def _next_in_order(self):
        """The expectation whose turn it is, and those after it if it was met already."""
        last = max([index for index, each in enumerate(self._expectations) if each.sent] or [0])
        candidates = []
        for expectation in self._expectations[last:]:
            candidates.append(expectation)
            if not expectation.is_met:
                break
        return candidates

    def __repr__(self):
        return "<MockTransport expectations=%d sent=%d unexpected=%d>" % (
            len(self._expectations), len(self.sent), len(self._failures))


class _InOrder(Expectation):
    """One of an ordered row: it expects as many calls as it has answers."""

    @property
    def takes_more(self):
        most = self.times if self.times is not None else max(1, len(self._answers))
        return len(self.sent) < most

    def state(self):
        if self.times is None and not self.optional:
            return "%s: expected %d, got %d" % (self.pattern, self.least, len(self.sent))
        return super(_InOrder, self).state()
