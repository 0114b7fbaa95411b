"""A service written on its own BaseSDK, moved to `waterspout.BaseSDK` without other changes.

It makes an SDK for each request and closes it in ``finally``; ``fetch_async`` names its second
argument ``api`` in one code base and ``uri`` in the other. Its connections and threads are
counted, so the upstream is a server.
"""

from __future__ import absolute_import, division, print_function

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from raw_server import RawServer, answering, response
from tornado import gen, web
from tornado.testing import AsyncHTTPTestCase, gen_test

import waterspout

ANSWER = {"code": 0, "data": {"insert_count": 1, "failed_count": 0}}
PAYLOAD = {"keys": ["name"], "datas": [{"name": "web-1"}]}
REQUESTS = 100


class WithAPI(waterspout.BaseSDK):
    """Uses the older name of the second argument, and the attributes that such classes read."""

    @gen.coroutine
    def instance_api_import_instance(self, object_id, payload):
        self.logger.debug("import into %s at %s", object_id, self.api_host)
        data = yield self.fetch_async(
            method="POST",
            api="/object/%s/instance/_import" % object_id,
            json=payload,
            headers=dict(self.headers, **{"X-From": "handler"})
        )
        raise gen.Return(data)


class WithURI(waterspout.BaseSDK):
    """Has an ``__init__`` with the arguments of the old base class."""

    def __init__(self, host, org, user="defaultUser", max_workers=8):
        super(WithURI, self).__init__(host, org, user, max_workers)
        self.headers["X-From"] = "handler"

    @gen.coroutine
    def instance_api_import_instance(self, object_id, payload):
        data = yield self.fetch_async(
            "POST", uri="/object/{}/instance/_import".format(object_id), json=payload)
        raise gen.Return(data)


class WithThreads(waterspout.BaseSDK):
    """Uses requests in threads, as the old class did, and ``{}`` for a failure."""

    def __init__(self, host, org, user="defaultUser", max_workers=2):
        super(WithThreads, self).__init__(
            host, org, user, max_workers, transport="threads", errors="empty",
            headers={"X-From": "handler"})

    def instance_api_import_instance(self, object_id, payload):
        return self.fetch_async("POST", "/object/%s/instance/_import" % object_id, json=payload)


class ImportHandler(web.RequestHandler):
    """A typical handler: an SDK for each request."""

    def initialize(self, sdk_class, host):
        self.sdk_class = sdk_class
        self.host = host

    @gen.coroutine
    def post(self, object_id):
        sdk = self.sdk_class(self.host, 1888)
        try:
            data = yield sdk.instance_api_import_instance(object_id, json.loads(
                self.request.body.decode("utf-8")))
        finally:
            sdk.close()
        self.write(data)


class Moved(object):
    """The tests, for each of the classes above."""

    sdk_class = None
    connections = 1

    def get_app(self):
        self.upstream = RawServer(answering(response(json.dumps(ANSWER).encode("ascii"))))
        options = {"sdk_class": self.sdk_class, "host": self.upstream.address}
        return web.Application([(r"/import/(\w+)", ImportHandler, options)])

    def setUp(self):
        super(Moved, self).setUp()
        # For the names that the test's own client resolves; it would start up to six threads.
        self.io_loop.set_default_executor(ThreadPoolExecutor(1))

    def tearDown(self):
        self.upstream.close()
        super(Moved, self).tearDown()

    @gen.coroutine
    def post(self):
        answer = yield self.http_client.fetch(
            self.get_url("/import/HOST"), method="POST", body=json.dumps(PAYLOAD),
            raise_error=False)
        raise gen.Return((answer.code, json.loads(answer.body.decode("utf-8"))))

    @gen_test(timeout=30)
    def test_a_hundred_requests_need_one_connection(self):
        """One after the other, each with an SDK of its own."""
        assert (yield self.post()) == (200, ANSWER)
        threads = threading.active_count()
        for _ in range(REQUESTS - 1):
            assert (yield self.post()) == (200, ANSWER)
        assert len(self.upstream.received) == REQUESTS
        assert self.upstream.accepted <= self.connections
        # One thread of the server for each connection; the first one was counted.
        assert threading.active_count() <= threads + 2 * (self.connections - 1)
        request = self.upstream.received[-1]
        headers = dict(request.headers)
        assert (request.method, request.target) == ("POST", "/object/HOST/instance/_import")
        assert json.loads(request.body.decode("utf-8")) == PAYLOAD
        assert (headers["org"], headers["user"]) == ("1888", "defaultUser")
        assert headers["x-from"] == "handler"

    @gen_test(timeout=30)
    def test_closing_one_sdk_leaves_concurrent_requests_alone(self):
        """Ten requests at the same time, each of which closes its own SDK."""
        answers = yield [self.post() for _ in range(10)]
        assert answers == [(200, ANSWER)] * 10


class WithAPITest(Moved, AsyncHTTPTestCase):
    sdk_class = WithAPI


class WithURITest(Moved, AsyncHTTPTestCase):
    sdk_class = WithURI


class WithThreadsTest(Moved, AsyncHTTPTestCase):
    """Each of the two threads has a connection."""

    sdk_class = WithThreads
    connections = 2

    def setUp(self):
        pytest.importorskip("requests")
        super(WithThreadsTest, self).setUp()

    @gen_test(timeout=30)
    def test_a_failure_is_an_empty_object(self):
        """With ``errors="empty"``, as in the old class."""
        self.upstream.close()
        assert (yield self.post()) == (200, {})
