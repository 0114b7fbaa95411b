"""A CMDBSDK that makes no calls."""

from __future__ import absolute_import, division, print_function

from tornado.concurrent import Future

ENVELOPE = {"code": 0, "error": "", "message": "", "data": {"insert_count": 1}}


class FakeSDK(object):
    """Records calls; answers with ``outcome``, raising it if it is an exception."""

    def __init__(self):
        self.calls = []
        self.outcome = ENVELOPE
        self.closed = 0

    def instance_api_import_instance(self, object_id, payload):
        return self._call("import", object_id, payload)

    def instance_api_search_instance(self, object_id, payload):
        return self._call("search", object_id, payload)

    def close(self):
        self.closed += 1
        return _done(None)

    def _call(self, *call):
        self.calls.append(call)
        return _done(self.outcome)


def _done(outcome):
    future = Future()
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    else:
        future.set_result(outcome)
    return future
