"""Serve. The first line of `main` is all that has changed since Tornado's own client was used."""

import os

from tornado.httpclient import AsyncHTTPClient
from tornado.ioloop import IOLoop

from rates.app import make_app


def main():
    AsyncHTTPClient.configure("waterspout.PooledHTTPClient", max_clients=100)
    make_app().listen(int(os.environ.get("PORT", "8000")), "127.0.0.1")
    IOLoop.current().start()


if __name__ == "__main__":
    main()
