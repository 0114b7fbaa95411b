"""attempts: sends one message under the policies of its call, until an attempt is its result."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING, set_cause
from waterspout._flows.admission import Admission
from waterspout._flows.commands import Done, Send, Wait
from waterspout._flows.deadlines import state_deadline
from waterspout._flows.retrying import Retrying, begin_to_count
from waterspout.exceptions import ConnectError, ConnectTimeout, RequestException
from waterspout.models.failures import failure

if TYPE_CHECKING:
    from typing import Any, Generator, Optional, Tuple  # noqa: F401

    from waterspout._flows.plan import Plan  # noqa: F401
    from waterspout.models.call_options import CallOptions  # noqa: F401
    from waterspout.models.prepared_request import PreparedRequest  # noqa: F401
    from waterspout.models.response import Response  # noqa: F401


def attempts(request, options, plan):
    # type: (PreparedRequest, CallOptions, Plan) -> Generator
    """Send ``request`` as often as the policies allow; the last attempt is the result.

    Each attempt gets a host, passes its circuit breaker, then its bulkhead, and is then sent. What
    it holds is given back at its end, also when the call is cancelled; for a streamed response when
    its body ends. Before the next attempt there is a pause, in which nothing is held. A host that
    cannot be reached is followed by the next one at once, each once at most.

    Raises: the error of the last attempt, with `retries`; RetryError: see `Retry`.
    """
    guards, means = plan.guards, plan.means
    clock, retry = means.clock, guards.retry
    hosts, tried = plan.take_hosts(), ()  # type: Any, Tuple[Any, ...]
    if hosts is None:
        options = plan.at_same_host(request, options)
    retrying = None  # type: Optional[Retrying]  # From the first attempt on that has failed.
    if retry is not None:
        begin_to_count(request, plan)
    while True:
        response, error = None, None  # type: Optional[Response], Optional[RequestException]
        began = clock()
        admission = Admission(plan, hosts)
        try:
            if hosts is not None:
                found = hosts.look_up(began)
                if found is not None:
                    yield Wait(found, request)
            turn = admission.enter(request, options, tried, began)
            if turn is not None:
                yield turn
            if plan.deadline is not None:
                state_deadline(request, plan.deadline, clock())
            if hosts is not None:
                tried = tried + (admission.host,)
                plan.placed(hosts, admission.host, request)
            response = yield Send(request, admission.options)
        except RequestException as failed:
            error = failed if failed.request is not None else _of_call(request, failed)
            failed.__traceback__ = None  # It refers to frames that refer to the error.
        except BaseException:  # It was cancelled (GeneratorExit), or there is a bug.
            admission.end(None, None)
            raise
        if response is not None and response.is_streamed:
            admission.end_with_body(response, means.on_this_loop())
        elif guards.calls.closed:  # The end of the session says nothing about the upstream.
            admission.end(None, None)
        else:
            admission.end(response, error)
        if error is not None and hosts is not None and _has_other(hosts, tried, error) and (
                options.deadline is None or clock() < options.deadline):
            continue  # As without a balancer: where one cannot be reached, the next one is asked.
        if retry is None or error is None and response.status_code < 400:
            break
        if retrying is None:
            retrying = Retrying(request, options, plan)
        pause = retrying.pause_after(request, response, error, began)
        if pause is None:
            break
        if response is not None:
            response.close()
        request = retrying.following
        try:
            yield pause
        except RequestException as failed:  # The session was closed.
            response, error = None, failed
            break
    if retrying is not None:
        response, error = retrying.result(response, error)
    if error is not None:
        try:
            raise error
        finally:
            error = pause = None  # Its traceback refers to this frame.
    yield Done(response)


def _has_other(hosts, tried, error):
    """Whether a host could not be reached, and there is another one."""
    return (isinstance(error, (ConnectError, ConnectTimeout)) and not error.may_have_been_sent
            and any(host not in tried for host in hosts.state.hosts))


def _of_call(request, error):
    """The error of this call for that of a lookup, which several calls wait for."""
    return set_cause(failure(type(error), request, str(error), "connect", 0), error)
