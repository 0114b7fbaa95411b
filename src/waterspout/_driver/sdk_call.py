"""SDKCall: one call of a `BaseSDK`, from its keywords to the result of `BaseSDK.decode`."""

from __future__ import absolute_import, division, print_function

from functools import partial

from waterspout._compat import FUTURES_CANCEL, TYPE_CHECKING, Future, resolve
from waterspout._driver.turns import in_turns
from waterspout._encoding.bodies import LargeJSON
from waterspout._json_text.writer import is_large
from waterspout.models.response import Response

if TYPE_CHECKING:
    from typing import Any, Callable  # noqa: F401


class SDKCall(object):
    """A running call.

    Args:
        session (Session), decode (callable): the SDK's.
        arguments (dict): of `Session.request`.
        fail (callable): ``fail(future, error)`` resolves or rejects the Future of a failed call.

    Attributes:
        future (Future): the caller's. Cancelling it (Python 3) ends the call.
    """

    __slots__ = ("future", "_session", "_decode", "_arguments", "_fail", "_under_way")

    def __init__(self, session, decode, arguments, fail):
        # type: (Any, Callable[[Response], Any], dict, Callable) -> None
        self.future = Future()  # type: Future[Any]
        self._session = session
        self._decode = decode
        self._arguments = arguments
        self._fail = fail
        self._under_way = None  # type: Any  # The Future that is being waited for.

    def begin(self):
        # type: () -> None
        """Send the request; if its ``json`` is large, after encoding that."""
        if FUTURES_CANCEL:
            self.future.add_done_callback(self._ended)
        json = self._arguments.get("json")
        if json is None or not is_large(json):
            self._send()
        else:
            large = LargeJSON(json)
            self._wait_for(in_turns(large.steps(), large.result), self._encoded)

    def _encoded(self, json):
        self._arguments["json"] = json
        self._send()

    def _send(self):
        self._under_way = call = self._session.request(**self._arguments)
        call.add_done_callback(self._called)

    def _called(self, call):
        # Without `_wait_for`, because every call comes here.
        if call.cancelled():
            self.future.cancel()
            return
        try:
            response = call.result()
            # A hook may have replaced the response by any object.
            large = response.large_json() if isinstance(response, Response) else None
            if large is None:
                resolve(self.future, self._decode(response))
            else:
                self._wait_for(in_turns(large.steps(), lambda: response), self._answered)
        except Exception as error:
            self._fail(self.future, error)

    def _answered(self, response):
        resolve(self.future, self._decode(response))

    def _wait_for(self, future, then):
        self._under_way = future
        future.add_done_callback(partial(self._settled, then))

    def _settled(self, then, future):
        if future.cancelled():
            self.future.cancel()
            return
        if self.future.done():
            return  # It was cancelled in this iteration of the IOLoop.
        try:
            then(future.result())
        except Exception as error:
            self._fail(self.future, error)

    def _ended(self, future):
        if future.cancelled():
            self._under_way.cancel()
