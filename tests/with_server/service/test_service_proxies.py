"""Behind a proxy: whose address handlers and the access log have, on both servers."""

from __future__ import absolute_import, division, print_function

import logging

from raw_client import request_bytes

from waterspout import service


class WhoHandler(service.JSONHandler):
    def get(self):
        self.write_json([self.request.remote_ip, self.request.protocol])


def make_app(**options):
    return lambda: service.Application([("/who", WhoHandler)], **options)


def who(connection, *headers):
    connection.send(request_bytes("GET", "/who?a=1", headers=headers))
    return connection.read_answer().json


FIELDS = ("X-Forwarded-For", "6.6.6.6, 192.0.2.1"), ("X-Forwarded-Proto", "https")


def test_each_request_has_the_client_that_its_proxy_names(serve, caplog):
    """One connection of a proxy carries the requests of several clients."""
    caplog.set_level(logging.INFO, "tornado.access")
    with serve(make_app(trusted_proxies=["127.0.0.0/8"])) as served:
        with served.connect() as connection:
            assert who(connection, *FIELDS) == ["192.0.2.1", "https"]
            assert who(connection) == ["127.0.0.1", "http"]
            assert who(connection, ("X-Forwarded-For", "192.0.2.2")) == ["192.0.2.2", "http"]
            connection.send(request_bytes("GET", "/other", headers=FIELDS))
            assert connection.read_answer().status == 404
    lines = [record.getMessage() for record in caplog.records]
    assert [line.split("(")[1].split(")")[0] for line in lines] == [
        "192.0.2.1", "127.0.0.1", "192.0.2.2", "192.0.2.1"]


def test_without_a_list_nobody_is_believed(serve, caplog):
    """The default: any client can send these fields."""
    caplog.set_level(logging.INFO, "tornado.access")
    with serve(make_app()) as served, served.connect() as connection:
        assert who(connection, *FIELDS) == ["127.0.0.1", "http"]
    assert "(127.0.0.1)" in caplog.text and "192.0.2.1" not in caplog.text


def test_refused_requests_have_the_client_of_the_proxy_in_the_log(serve, caplog):
    """Also those that never reach a handler."""
    caplog.set_level(logging.INFO, "tornado.access")
    with serve(make_app(trusted_proxies=["127.0.0.1"], max_body_bytes=5)) as served:
        with served.connect() as connection:
            assert connection.post("/who", b"123456", FIELDS).status == 413
    assert "413 POST /who (192.0.2.1)" in caplog.text
