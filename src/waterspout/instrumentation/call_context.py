"""CallContext: what a call carries on from the request that caused it."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._compat import TYPE_CHECKING, text_type, to_native
from waterspout.instrumentation.call_tally import CallTally
from waterspout.instrumentation.request_ids import REQUEST_ID

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, Mapping, Optional, Tuple  # noqa: F401

    from waterspout.policies.deadline import Deadline  # noqa: F401

#: W3C Trace Context: version, trace-id, parent-id, flags. A later version than 00 may have more;
#: 73 characters of that, 128 in all, are passed on. The client has chosen them, and would else have
#: each call carry what fits into its head.
_is_traceparent = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}"
    r"(?:\Z|(?<!\A00.{53})-[\x21-\x7e]{0,72}\Z)").match

#: Printable ASCII, and the tabs that may be between members. W3C asks for at least 512 characters.
_is_tracestate = re.compile(r"[\t\x20-\x7e]{1,512}\Z").match


class CallContext(object):
    """What a call carries on from the request that caused it. Do not change it once it is made.

    ::

        session.get(url, context=waterspout.CallContext(request_id="4bf92f3577b34da6"))

    A handler of the service kit has one for each request, and ``self.upstream(...)`` an SDK that
    sends it. It is given explicitly, so that it works in callbacks and on Python 2.7 as well.

    Args:
        request_id (native str or None): sent as ``X-Request-ID``.
        traceparent, tracestate (native str or None): W3C Trace Context, sent as they are; a
            ``traceparent`` that is not valid, or longer than 128 characters, is left out, and then
            ``tracestate`` too, as it is if it has more than 512 or is not printable.
        headers (mapping): other fields to send, such as the tenant's.
        parent (ObservedRequest or None): for observers: the request that causes the call.
        id_header (native str): the field that the request id is sent in.
        deadline (Deadline or None): until when calls must end.
        tally (CallTally or None): counts the calls, and the time that they take.
        observers (iterable of Observer): are told of the calls beside those of the session.
    Attributes:
        request_id (native str or None); parent; deadline; tally; observers (tuple).
        headers (dict): all fields that are sent. Those of a call itself take precedence.
    """

    __slots__ = ("request_id", "parent", "headers", "deadline", "tally", "observers")

    def __init__(self, request_id=None, traceparent=None, tracestate=None, headers=None,
                 parent=None, id_header=REQUEST_ID, deadline=None, tally=None, observers=()):
        # type: (Optional[str], Optional[str], Optional[str], Optional[Mapping[str, Any]], Any, str, Optional[Deadline], Optional[CallTally], Iterable[Any]) -> None  # noqa: E501
        self.request_id = request_id
        self.parent = parent
        self.deadline = deadline
        self.tally = tally
        self.observers = ()  # type: Tuple[Any, ...]
        if observers:
            self.observe(observers)
        self.headers = fields = {}  # type: Dict[str, Any]
        if request_id is not None:
            fields[id_header] = request_id
        if traceparent is not None and _is_traceparent(traceparent):
            fields["traceparent"] = traceparent
            if tracestate and _is_tracestate(tracestate):
                fields["tracestate"] = tracestate
        if headers:
            fields.update(headers)

    def merged(self, headers):
        # type: (Any) -> Any
        """The fields of a call: these, and the call's own ``headers`` over them."""
        if not headers:
            return self.headers
        merged = dict(self.headers)
        for name, value in headers.items() if hasattr(headers, "items") else headers:
            key = _key(name)
            for own in self.headers:
                if _key(own) == key:
                    merged.pop(own, None)
            merged[name] = value
        return merged

    def observe(self, observers):
        # type: (Iterable[Any]) -> None
        """Have these ``observers``, too, told of the calls, from now on.

        A call raises TypeError if they are none.
        """
        self.observers += tuple(observers)
        if self.tally is None:  # Sessions look for it, and only then for observers.
            self.tally = CallTally()

    def with_headers(self, headers):
        # type: (Mapping[str, Any]) -> CallContext
        """A copy that sends these ``headers``, too."""
        twin = CallContext.__new__(CallContext)
        twin.request_id = self.request_id
        twin.parent = self.parent
        twin.deadline = self.deadline
        twin.tally = self.tally
        twin.observers = self.observers
        twin.headers = self.merged(headers)
        return twin

    def __repr__(self):
        # Not the fields: a tenant's may be secret.
        return "<CallContext request_id=%s>" % self.request_id


def checked_context(context):
    # type: (Any) -> CallContext
    """``context``. Raises: TypeError unless it is a CallContext."""
    if not isinstance(context, CallContext):
        raise TypeError("context=%r: give a waterspout.CallContext, such as "
                        'CallContext(request_id="4bf92f3577b34da6")' % (context,))
    return context


def _key(name):
    if isinstance(name, bytes):
        name = to_native(name, "latin-1")
    # What is no name is refused by the call that sends it.
    return name.lower() if isinstance(name, (str, text_type)) else name
