"""A gateway as a Tornado program has it without Waterspout: a handler, and a client.

    python -m benchmarks.servers.handlers MODULE UPSTREAM PORT LOG_LEVEL

``MODULE`` has a function ``call(url, headers, payload)`` that returns something to be waited for:
the status and the decoded JSON.
"""

from __future__ import absolute_import, division, print_function

import importlib
import sys

from tornado import gen
from tornado.escape import json_decode
from tornado.web import Application, HTTPError, RequestHandler

from benchmarks import values
from benchmarks.servers import application

#: Calls at a time, for clients that have a limit.
CONNECTIONS = 64


class ImportHandler(RequestHandler):
    """Checks the JSON, passes it on, checks what is answered, and answers with it."""

    def initialize(self, call, upstream):
        self.call = call
        self.upstream = upstream

    def payload(self):
        try:
            payload = json_decode(self.request.body)
        except ValueError:
            raise HTTPError(400, "the body is not JSON")
        if not isinstance(payload, dict) or not isinstance(payload.get("datas"), list):
            raise HTTPError(400, "the body must be an object with a list of rows")
        return payload

    def reply(self, status, answer):
        if status != 200 or answer.get("code") != 0:
            raise HTTPError(502, "the CMDB failed")
        self.write({"message": "POST request successful", "data": answer})

    def passed_on(self, object_id):
        """Return what there is to wait for."""
        url = self.upstream + values.IMPORT.format(object_id=object_id)
        return self.call(url, values.ORG, self.payload())


if sys.version_info[0] == 2:

    class Import(ImportHandler):
        @gen.coroutine
        def post(self, object_id):
            status, answer = yield self.passed_on(object_id)
            self.reply(status, answer)

else:
    from benchmarks.servers.py3.import_handler import import_handler

    Import = import_handler(ImportHandler)


if __name__ == "__main__":
    module, upstream, port, level = sys.argv[1:]
    arguments = {"call": importlib.import_module(module).call, "upstream": upstream}
    Application([("/cmdb/import/([^/]+)", Import, arguments)]).listen(int(port), "127.0.0.1")
    application.serve(level)
