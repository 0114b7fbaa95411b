"""A CMDBSDK that makes no calls."""

from __future__ import absolute_import, division, print_function

import collections
import json

from tornado.concurrent import Future

ENVELOPE = {"code": 0, "error": "", "message": "", "data": {"insert_count": 1}}


class FakeSDK(object):
    """Records calls; answers with ``outcome``, raising it if it is an exception.

    ``calls`` has the decoded payloads, ``sent`` their bytes.
    """

    def __init__(self):
        self.calls = []
        self.sent = []
        self.outcome = ENVELOPE
        self.closed = 0

    def instance_api_import_instance(self, object_id, payload):
        return self._call("import", object_id, payload)

    def instance_api_search_instance(self, object_id, payload):
        return self._call("search", object_id, payload)

    def in_context(self, context):
        return self

    def close(self):
        self.closed += 1
        return _done(None)

    def _call(self, operation, object_id, payload):
        self.sent.append(payload.content)
        decoded = json.loads(
            payload.content.decode("utf-8"), object_pairs_hook=collections.OrderedDict)
        self.calls.append((operation, object_id, decoded))
        return _done(self.outcome)


def _done(outcome):
    future = Future()
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
    return future
