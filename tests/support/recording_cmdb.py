"""RecordingCMDB: a CMDB in memory, in a thread, that keeps each import that it was sent."""

from __future__ import absolute_import, division, print_function

import json

import tornado.httpserver
from host_model import HOST
from served_http import ServedHTTP
from tornado import gen, web
from tornado.escape import json_decode
from tornado.ioloop import IOLoop


class RecordingCMDB(object):
    """
    Attributes:
        url (str): its base URL.
        stored (dict): documents by name.
        imports (list): the names of the rows of each import, in the order in which they came.
        times (list of float): when each came, by the time of the IOLoop.
        peers (list of int): the other end's port, of those that are under way.
        most_under_way (int): how many imports there were at a time, at most.
        refused (dict): names of rows that it refuses, and why.
        before (callable or None): called in the server's thread with the names of an import,
            before it is stored; what it returns, if it is a Future, is waited for. If it returns
            a dict, this is the answer: ``status`` and ``headers``.
    """

    def __init__(self):
        self.stored, self.refused = {}, {}
        self.imports, self.times, self.peers = [], [], []
        self.most_under_way = 0
        self.before = None
        application = [
            ("/object/HOST", _Model),
            ("/object/HOST/instance/_import", _Import, {"cmdb": self}),
        ]
        self._served = ServedHTTP(
            make=lambda: web.Application(application, log_function=lambda handler: None),
            server_class=tornado.httpserver.HTTPServer)
        self.url = "http://127.0.0.1:%d" % self._served.port
        self.call = self._served.call

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self._served.__exit__(*error)

    @property
    def times_sent(self):
        """How often each row was sent, by its name."""
        times = {}
        for names in list(self.imports):
            for name in names:
                times[name] = times.get(name, 0) + 1
        return times


class _Model(web.RequestHandler):
    def get(self):
        self.write(answer(HOST))


class _Import(web.RequestHandler):
    def initialize(self, cmdb):
        self.cmdb = cmdb

    @gen.coroutine
    def post(self):
        cmdb = self.cmdb
        body = json_decode(self.request.body)
        names = [row["name"] for row in body["datas"]]
        cmdb.imports.append(names)
        cmdb.times.append(IOLoop.current().time())
        port = self.request.connection.stream.socket.getpeername()[1]
        cmdb.peers.append(port)
        cmdb.most_under_way = max(cmdb.most_under_way, len(cmdb.peers))
        try:
            waiting = cmdb.before(names) if cmdb.before is not None else None
            if isinstance(waiting, dict):
                self.set_status(waiting["status"])
                for name, value in waiting.get("headers", {}).items():
                    self.set_header(name, value)
                return
            if waiting is not None:
                yield waiting
            self.write(answer(self._store(body["datas"])))
        finally:
            cmdb.peers.remove(port)

    def _store(self, rows):
        inserted = updated = 0
        failures = []
        for row in rows:
            if row["name"] in self.cmdb.refused:
                failures.append({
                    "code": 100001, "error": self.cmdb.refused[row["name"]], "data": [row]})
            elif row["name"] in self.cmdb.stored:
                updated += 1
                self.cmdb.stored[row["name"]].update(row)
            else:
                inserted += 1
                self.cmdb.stored[row["name"]] = row
        return {"insert_count": inserted, "update_count": updated, "failed_count": len(failures),
                "data": failures}


def answer(data):
    return json.dumps({"code": 0, "error": "", "message": "", "data": data})
