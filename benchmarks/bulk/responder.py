"""A CMDB that takes next to no time: it counts the rows of an import, and stores none.

    python -m benchmarks.bulk.responder PORT

It answers the model of HOST as the sandbox does, and each import as if all its rows were new. With
it in place of the sandbox a measurement is one of the import, not of the CMDB.
"""

from __future__ import absolute_import, division, print_function

import json
import pkgutil
import sys

import tornado.ioloop
import tornado.web

import waterspout

MODELS = {model["objectId"]: model for model in json.loads(
    pkgutil.get_data("waterspout_cmdb.sandbox.models", "seed.json").decode("utf-8"))}


class Model(tornado.web.RequestHandler):
    def get(self, object_id):
        self.write({"code": 0, "error": "", "message": "", "data": MODELS[object_id]})


class Import(tornado.web.RequestHandler):
    def post(self, object_id):
        # Each row of the benchmark's files has one name, and no other member is called so.
        rows = self.request.body.count(b'"name":')
        self.write({"code": 0, "error": "", "message": "", "data": {
            "insert_count": rows, "update_count": 0, "failed_count": 0, "data": []}})


def main(port):
    # type: (str) -> None
    application = tornado.web.Application([
        (r"/object/(\w+)", Model), (r"/object/(\w+)/instance/_import", Import)],
        log_function=lambda handler: None)
    server = waterspout.HTTPServer(application, max_body_size=1 << 28)
    server.listen(int(port), "127.0.0.1")
    tornado.ioloop.IOLoop.current().start()


if __name__ == "__main__":
    main(*sys.argv[1:])
