"""What workers of a cluster under test run: functions of a module that they can import."""

from __future__ import absolute_import, division, print_function

import os
import signal
import threading
import time

import host_model
from tornado import gen
from tornado.httpclient import AsyncHTTPClient


def double(number):
    return 2 * number


def length(data):
    return len(data)


@gen.coroutine
def ask(url):
    """Ask a server of the test; the call is under way until that one answers."""
    response = yield AsyncHTTPClient().fetch(url, request_timeout=60)
    raise gen.Return((os.getpid(), response.body))


def die(_):
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)  # The signal ends it first.


def fail(text):
    raise ValueError(text)


def size(data):
    return len(data)


class BrokenTarget(object):
    """A target with a mistake: it has a model, and cannot be sent to."""

    name = "broken"

    def __init__(self, api_key):
        self._api_key = api_key

    @gen.coroutine
    def model(self, object_id):
        raise gen.Return(host_model.HOST)

    def import_rows(self, object_id, keys, encoded_rows):
        return 1 // 0

    def close(self):
        return gen.maybe_future(None)


def in_background(function, *args):
    """Call a function in a thread, and return that; an error is written by the thread."""
    thread = threading.Thread(target=function, args=args)
    thread.start()
    return thread
