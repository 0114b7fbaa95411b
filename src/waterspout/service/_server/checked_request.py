"""The base of RequestDelegate that asks the head checks of the application."""

from __future__ import absolute_import, division, print_function

import sys
from functools import partial

from tornado.concurrent import Future
from tornado.ioloop import IOLoop

from waterspout._compat import TYPE_CHECKING, is_awaitable, reject, resolve
from waterspout.service._server.answered_request import AnsweredRequest
from waterspout.service._server.head_checks import head_refusal, is_read_to_its_end

if TYPE_CHECKING:
    from typing import Any, Optional  # noqa: F401


class CheckedRequest(AnsweredRequest):
    """Refuses a request when its head has arrived, or lets it in.

    Methods that return a Future or None mean: nothing is to be read of the body until it is done.
    """

    #: Of a check: a Refusal, or ``exc_info`` if it has raised; True when that is being answered.
    #: Nothing of the body is kept.
    _refusal = None  # type: Any

    #: The client has left, or was answered, before the request was complete.
    _has_ended = False

    def _accept(self):
        # type: () -> Optional[Future[None]]
        """No check refuses the request."""

    def _is_read_on(self):
        # type: () -> bool
        """Whether a refusal is answered when all of the request has arrived, and not at once."""
        return is_read_to_its_end(self._request.headers)

    def _check_head(self):
        # type: () -> Optional[Future[None]]
        try:
            verdict = head_refusal(
                self._application.head_checks, self._request,
                lambda: self._has_ended)  # type: Any
        except Exception:
            verdict = sys.exc_info()
        if verdict is None:
            return self._accept()
        if not is_awaitable(verdict):
            return self._refuse_head(verdict)
        decided = Future()  # type: Future[None]
        IOLoop.current().add_future(verdict, partial(self._checked, decided))
        return decided

    def _checked(self, decided, future):
        if self._has_ended:
            future.exception()  # Mark it retrieved.
            return
        try:
            try:
                refusal = future.result()
            except Exception:
                refusal = sys.exc_info()
            waiting = self._accept() if refusal is None else self._refuse_head(refusal)
        except Exception as error:
            reject(decided, error)
            return
        if waiting is None:
            resolve(decided, None)
        else:
            IOLoop.current().add_future(waiting, lambda future: resolve(decided, None))

    def _refuse_head(self, refusal):
        # type: (Any) -> Optional[Future[None]]
        """Answer with a refusal, at once or when all of the request has arrived.

        Args:
            refusal (Refusal or tuple): a tuple is the ``exc_info`` of a bug.
        """
        self._refusal = refusal
        return None if self._is_read_on() else self._answer_refused()

    def _answer_refused(self):
        # type: () -> Optional[Future[None]]
        refusal, self._refusal = self._refusal, True
        if isinstance(refusal, tuple):
            self._answer_bug(refusal)
            return self._preparing
        self._application.count_refusal(self._request, refusal.kind)
        keywords = {"headers": refusal.headers} if refusal.headers else {}
        self._hand_over(lambda request: self._application.error_delegate(
            request, refusal.status_code, refusal.why, **keywords))
        return self._preparing
