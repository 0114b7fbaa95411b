"""A sandbox and a gateway on sockets, and a counter in front of them, for bulk imports."""

from __future__ import absolute_import, division, print_function

import json
import threading

from served_app import ServedApp
from tornado import gen, web
from tornado.httpclient import AsyncHTTPClient

from waterspout import service
from waterspout_cmdb.gateway.app import make_app as make_gateway
from waterspout_cmdb.sandbox.app import make_app as make_sandbox
from waterspout_cmdb.sandbox.storage import Store
from waterspout_cmdb.sdk import CMDBSDK

#: What a client sends that is for the connection alone.
_OF_CONNECTION = ("Host", "Connection", "Content-Length", "Transfer-Encoding")


class _Forward(web.RequestHandler):
    """Passes requests on to the gateway, and notes the names in those that import."""

    def initialize(self, servers):
        self._servers = servers

    @gen.coroutine
    def _pass_on(self):
        body = self.request.body or None
        if "/import/" in self.request.path:
            names = [row["name"] for row in json.loads(body.decode("utf-8"))["datas"]]
            self._servers.note(names)
        headers = self.request.headers.copy()
        for name in _OF_CONNECTION:
            headers.pop(name, None)
        answer = yield AsyncHTTPClient().fetch(
            "http://127.0.0.1:%d%s" % (self._servers.gateway.port, self.request.uri),
            method=self.request.method, headers=headers, body=body, raise_error=False,
            decompress_response=False, request_timeout=60)
        self.set_status(answer.code)
        for name in ("Content-Type", "Content-Encoding", "Retry-After"):
            if name in answer.headers:
                self.set_header(name, answer.headers[name])
        self.write(answer.body or b"")

    get = post = _pass_on


class Servers(object):
    """A sandbox, a gateway and a counter, each on a port of its own.

    Attributes:
        url (str): where the counter is; it passes everything on to the gateway.
        requests (list): the names of the rows of each import so far.
    """

    def __init__(self, database):
        self._lock = threading.Lock()
        self.requests = []
        store = Store.open(database)  # The application closes it.
        self._sandbox = ServedApp(lambda: make_sandbox(store))
        address = "127.0.0.1:%d" % self._sandbox.port
        self.gateway = ServedApp(lambda: make_gateway(
            CMDBSDK(address, org=1, user="easyops"), accept_org_header=True))
        self._counter = ServedApp(
            lambda: service.Application([(r"/.*", _Forward, {"servers": self})]))
        self.url = "http://127.0.0.1:%d" % self._counter.port

    def note(self, names):
        with self._lock:
            self.requests.append(names)

    def stored(self, org):
        """Return all hosts of an organization, by name."""
        found, page = [], 1
        with self._sandbox.connect() as connection:
            while True:
                body = json.dumps({"page": page, "page_size": 3000, "query": {}})
                answer = connection.post(
                    "/object/HOST/instance/_search", body.encode("utf-8"),
                    headers=[("org", str(org)), ("user", "easyops")])
                data = answer.json["data"]
                found += data["list"]
                page += 1
                if not data["list"] or len(found) >= data["total"]:
                    break
        assert len(set(each["name"] for each in found)) == len(found)
        return {each["name"]: each for each in found}

    def close(self):
        for each in (self._counter, self.gateway, self._sandbox):
            each.__exit__(None, None, None)
