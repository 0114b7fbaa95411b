"""The base classes of the handlers: the envelope of answers, and the caller's identity."""

from __future__ import absolute_import, division, print_function

import logging
import re

from tornado import gen
from tornado.escape import to_unicode, url_unescape

from waterspout.service import ErrorHandler, JSONHandler, Refusal
from waterspout_cmdb.sandbox.storage import Closing, StorageError, TookTooLong
from waterspout_cmdb.sandbox.wire_format.api_errors import (
    DeadlineExceeded,
    InvalidArgument,
    SandboxError,
    Unauthenticated,
    Unavailable,
    kind_for_status,
)
from waterspout_cmdb.sandbox.wire_format.values import MAX_INTEGER

_log = logging.getLogger("waterspout.cmdb.sandbox")

# A longer number is too large for every use.
_NUMBER = re.compile(r"[0-9]{1,18}(\.0*)?\Z")

_ORG = re.compile(r"[0-9]{1,19}\Z")


class Refused(Refusal):
    """Carries a :class:`SandboxError` to the answer."""

    def __init__(self, error):
        # type: (SandboxError) -> None
        super(Refused, self).__init__(error.status, error.text)
        self.error = error


class EnvelopeHandler(JSONHandler):
    """Answers in the vendor's envelope, whose ``code`` is 0 for success."""

    def write_data(self, data):
        # type: (Any) -> None
        """Answer with success and ``data``."""
        self.write_json({"code": 0, "error": "", "message": "", "data": data})

    def error_body(self, status, message, exception=None, incident=None):
        """Fill all error fields: old clients read ``error``, newer ones ``message``."""
        error = exception.error if isinstance(exception, Refused) else kind_for_status(status)
        if incident is not None:
            message = "%s: %s" % (message, incident)
        return {
            "code": error.code,
            "codeExplain": error.name,
            "error": message,
            "message": message,
            "data": None,
        }


class NotServed(ErrorHandler, EnvelopeHandler):
    """Answers unknown paths and bodies over the limit."""


class SandboxHandler(EnvelopeHandler):
    """The base of handlers for identified callers.

    Attributes:
        org (int), user (text): from the request's headers.
    """

    def initialize(self, store):
        # type: (Store) -> None
        self._store = store

    def prepare(self):
        org = self.request.headers.get("org", "").strip()
        self.user = to_unicode(self.request.headers.get("user", "").strip())
        for name, value in (("org", org), ("user", self.user)):
            if not value:
                raise Refused(Unauthenticated(u"the header %s is missing" % name))
        if not _ORG.match(org) or int(org) > MAX_INTEGER:
            raise Refused(InvalidArgument(u"the header org must be a number"))
        self.org = int(org)

    def read(self, function, *args):
        # type: (Callable, *Any) -> Future
        """Call ``function(transaction, *args)`` in a read transaction of the store."""
        return self._answered(self._store.read(self.org, self.user, function, *args))

    def change(self, function, *args):
        # type: (Callable, *Any) -> Future
        """Call ``function(transaction, *args)`` in a write transaction of the store."""
        return self._answered(self._store.write(self.org, self.user, function, *args))

    def write_instance(self, instance, only_id=False):
        # type: (dict, bool) -> None
        """Answer with an instance, or only its id if ``only_id`` or the query asks for that."""
        if only_id or self.asks_for("only_instance_id"):
            instance = {"instanceId": instance["instanceId"]}
        self.write_data(instance)

    def asks_for(self, name):
        # type: (str) -> bool
        """Say whether a flag is set in the query; Python clients send ``True``, others ``1``."""
        return self.get_query_argument(name, "").lower() in ("true", "1")

    def names(self, name):
        # type: (str) -> Optional[List[Text]]
        """Return the names in a comma-separated query argument; None if absent or empty."""
        found = [one.strip() for one in self.get_query_argument(name, u"").split(u",")]
        return [one for one in found if one] or None

    def numbers(self, *names):
        # type: (*str) -> Dict[str, Union[int, float]]
        """Return the numbers that the query has for these names; ``18.0`` is 18, as in bodies."""
        found = {}
        for name in names:
            text = self.get_query_argument(name, u"")
            if text:
                found[name] = self.checked(_number, name, text)
        return found

    def raw_query(self):
        # type: () -> Dict[str, Text]
        """Return the query's arguments, separated by ``&`` only."""
        pairs = [part.partition("=") for part in self.request.query.split("&")]
        return {name: self.decode_argument(url_unescape(value, None)) for name, _, value in pairs}

    @staticmethod
    def checked(function, *args, **kwargs):
        # type: (Callable, *Any, **Any) -> Any
        """Call ``function(*args, **kwargs)``, and answer with its SandboxError if it raises one."""
        try:
            return function(*args, **kwargs)
        except SandboxError as error:
            raise Refused(error)

    @gen.coroutine
    def _answered(self, future):
        try:
            result = yield future
        except SandboxError as error:
            raise Refused(error)
        except TookTooLong as error:
            raise Refused(DeadlineExceeded(u"%s, and was stopped; nothing is stored" % error))
        except Closing:
            raise Refused(Unavailable(u"the sandbox is stopping; nothing is stored"))
        except StorageError as error:
            _log.error("%s", error)
            why = error.reason or u"its log says why"
            raise Refused(Unavailable(u"the sandbox's file cannot be used: %s" % why))
        raise gen.Return(result)


def _number(name, text):
    if not _NUMBER.match(text):
        raise InvalidArgument(u"%s must be a number" % name)
    return int(text.partition(u".")[0])
