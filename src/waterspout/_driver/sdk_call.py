"""SDKCall: one call of a `BaseSDK`, from its keywords to the result of `BaseSDK.decode`."""

from __future__ import absolute_import, division, print_function

from functools import partial

from waterspout._compat import TYPE_CHECKING, resolve
from waterspout._driver.continued import Continued
from waterspout._driver.turns import in_turns
from waterspout._encoding.bodies import LargeJSON
from waterspout._json_text.writer import is_large
from waterspout.models.response import Response

if TYPE_CHECKING:
    from typing import Any, Callable  # noqa: F401


class SDKCall(Continued):
    """The Future of a running call. Cancelling it (Python 3) ends the call.

    Args:
        session (Session), decode (callable): the SDK's.
        arguments (dict): of `Session.request`.
        fail (callable): ``fail(future, error)`` resolves or rejects the Future of a failed call.
    """

    __slots__ = ("_session", "_decode", "_arguments", "_fail", "_under_way")

    def __init__(self, session, decode, arguments, fail):
        # type: (Any, Callable[[Response], Any], dict, Callable) -> None
        Continued.__init__(self)
        self._session = session
        self._decode = decode
        self._arguments = arguments
        self._fail = fail
        self._under_way = None  # type: Any  # The Future that is being waited for.

    def begin(self):
        # type: () -> SDKCall
        """Send the request; if its ``json`` is large, after encoding that."""
        json = self._arguments.get("json")
        if json is None or not is_large(json):
            self._send()
        else:
            large = LargeJSON(json)
            self._wait_for(in_turns(large.steps(), large.result), self._encoded)
        return self

    def cancel(self, *args, **kwargs):
        # type: (*Any, **Any) -> bool
        cancelled = super(SDKCall, self).cancel(*args, **kwargs)
        if cancelled and self._under_way is not None:
            self._under_way.cancel()
        return cancelled

    def _encoded(self, json):
        self._arguments["json"] = json
        self._send()

    def _send(self):
        session, arguments = self._session, self._arguments
        self._session = self._arguments = None  # A program may keep this Future for long.
        self._under_way = call = session.request(**arguments)
        if isinstance(call, Continued):
            call.continue_with(self._called)
        else:  # Of a wrapper around the session's method.
            call.add_done_callback(self._called)

    def _called(self, call):
        # Without `_wait_for`, because every call comes here.
        self._under_way = None
        if call.cancelled():
            self.cancel()
            return
        if self.done():
            call.exception()  # Seen; it was cancelled in this iteration of the IOLoop.
            return
        try:
            response = call.result()
            # A hook may have replaced the response by any object.
            large = response.large_json() if isinstance(response, Response) else None
            if large is None:
                resolve(self, self._decode(response))
            else:
                self._wait_for(in_turns(large.steps(), lambda: response), self._answered)
        except Exception as error:
            self._fail(self, error)

    def _answered(self, response):
        resolve(self, self._decode(response))

    def _wait_for(self, future, then):
        self._under_way = future
        future.add_done_callback(partial(self._settled, then))

    def _settled(self, then, future):
        self._under_way = None
        if future.cancelled():
            self.cancel()
            return
        if self.done():
            return  # It was cancelled in this iteration of the IOLoop.
        try:
            then(future.result())
        except Exception as error:
            self._fail(self, error)
