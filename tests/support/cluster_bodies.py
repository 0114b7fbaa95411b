"""What workers of a cluster under test run: functions of a module that they can import."""

from __future__ import absolute_import, division, print_function

import os
import signal
import time

from tornado import gen
from tornado.httpclient import AsyncHTTPClient


def double(number):
    return 2 * number


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
