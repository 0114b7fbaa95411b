"""ReadinessCheck: asks whether something works that requests need, and keeps the answer a while."""

from __future__ import absolute_import, division, print_function

import logging
import re

from tornado import gen
from tornado.concurrent import Future, is_future

from waterspout._compat import (
    TYPE_CHECKING,
    CancelledError,
    is_awaitable,
    monotonic,
    resolve,
)
from waterspout.exceptions import HTTPError, JSONDecodeError, PoolTimeout
from waterspout.service.futures import done_within
from waterspout.service.log_lines import one_line

if TYPE_CHECKING:
    from typing import Any, Callable, Optional  # noqa: F401

#: Seconds that a check may take. A probe of Kubernetes gives up after one second, by default.
TIMEOUT = 0.8

#: Seconds for which an answer is good. Probes come from each balancer every few seconds.
MAX_AGE = 5.0

_is_name = re.compile(r"[A-Za-z0-9_.:-]{1,64}\Z").match

_log = logging.getLogger("waterspout.service")


class ReadinessCheck(object):
    """Something that has to work before a process is given requests: an upstream, a loaded file.

    ::

        def make_app():
            sdk = InventorySDK("127.0.0.1:8079")
            check = service.ReadinessCheck(
                "inventory", lambda: sdk.fetch_async("GET", "/health", bulkhead=None))
            return service.Application(
                routes, upstreams=[sdk], operations=service.Operations([check]))

    It passes unless ``ask`` returns False, raises, or takes too long. Two kinds of errors are no
    failure. An answer with a status below 500 shows that the upstream serves, even if it is an
    `HTTPError` or not JSON. A `PoolTimeout`, such as `BulkheadFull`, shows that this process has
    much to do, which others would have if it was taken out.

    Args:
        name (native str): for the answer and the log: letters, digits and ``_.:-``.
        ask (callable): takes no arguments; may return a Future, such as that of an SDK's call, or
            an awaitable.
        timeout (float seconds): then it has failed. A Future is cancelled where Futures can be.
        max_age (float seconds): probes in this time get the last answer. Probes that come while it
            is asked wait for the same answer.
        required (bool): False: a failure is shown as "degraded", with status 200.
    Raises: TypeError, ValueError: an argument is none of these.
    """

    def __init__(self, name, ask, timeout=TIMEOUT, max_age=MAX_AGE, required=True):
        # type: (str, Callable[[], Any], float, float, bool) -> None
        if not (isinstance(name, str) and _is_name(name)):
            raise ValueError("the name of a check has letters, digits and _.:- only, not %r" % (
                name,))
        if not callable(ask):
            raise TypeError("the check %s needs a function, not %r" % (name, ask))
        if not 0 < timeout < float("inf"):  # Also refuses NaN.
            raise ValueError("timeout=%r of the check %s must be above 0 and finite" % (
                timeout, name))
        if not max_age >= 0:
            raise ValueError("max_age=%r of the check %s must be 0 or more" % (max_age, name))
        self.name = name
        self.required = required
        self._ask = ask
        self._timeout = timeout
        self._max_age = max_age
        self._passed = None  # type: Optional[bool]  # The last answer.
        self._good_until = 0.0
        self._waiting = None  # type: Optional[Future[bool]]  # Those who wait for an answer.

    def __repr__(self):
        return "<ReadinessCheck %s passed=%s>" % (self.name, self._passed)

    @property
    def last(self):
        # type: () -> Optional[bool]
        """Whether it has passed; None before the first time."""
        return self._passed

    def passed(self):
        # type: () -> Future[bool]
        """Return whether it passes now, or has a moment ago. The Future never fails."""
        if self._waiting is not None:
            return self._waiting
        waiting = Future()  # type: Future[bool]
        if self._passed is not None and monotonic() < self._good_until:
            resolve(waiting, self._passed)
            return waiting
        self._waiting = waiting
        self._run()
        return waiting

    @gen.coroutine
    def _run(self):
        try:
            complaint = yield self._complaint()
        except (Exception, CancelledError) as error:
            complaint = None if _shows_service(error) else "%s: %s" % (
                type(error).__name__, one_line(error))
        self._tell_change(complaint)
        self._passed = complaint is None
        self._good_until = monotonic() + self._max_age
        waiting, self._waiting = self._waiting, None
        resolve(waiting, self._passed)

    @gen.coroutine
    def _complaint(self):
        """Return why it does not pass, or None. Raises: what the check raised."""
        answer = self._ask()
        if is_future(answer) or is_awaitable(answer):
            future = gen.convert_yielded(answer)
            if not (yield done_within(self._timeout, future)):
                future.add_done_callback(_seen)
                getattr(future, "cancel", _nothing)()  # Those of Tornado 5 cannot be.
                raise gen.Return("no answer within %g s" % self._timeout)
            if future.cancelled():
                raise gen.Return("it was cancelled")
            answer = future.result()
        raise gen.Return("it returned False" if answer is False else None)

    def _tell_change(self, complaint):
        # type: (Optional[str]) -> None
        if complaint is not None and self._passed is not False:
            _log.warning("Readiness check %s fails: %s", self.name, complaint)
        elif complaint is None and self._passed is False:
            _log.info("Readiness check %s passes again", self.name)


def _shows_service(error):
    # type: (BaseException) -> bool
    """Whether an error of a call is no sign that the upstream does not serve."""
    if isinstance(error, (HTTPError, JSONDecodeError)):
        return getattr(error.response, "status_code", 500) < 500
    return isinstance(error, PoolTimeout)


def _seen(future):
    # type: (Future[Any]) -> None
    """Take the outcome of a Future that nothing waits for, so that it is not logged."""
    if not future.cancelled():
        future.exception()


def _nothing():
    # type: () -> None
    pass
