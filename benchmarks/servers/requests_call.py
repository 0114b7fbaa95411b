"""A call by `requests` in a pool of threads that is made for it: as it is often found."""

from __future__ import absolute_import, division, print_function

from concurrent.futures import ThreadPoolExecutor

import requests
from tornado import gen

from benchmarks.clients import THREADS


@gen.coroutine
def call(url, headers, payload):
    executor = ThreadPoolExecutor(THREADS)
    response = yield executor.submit(requests.post, url, headers=headers, json=payload)
    executor.shutdown(wait=False)
    raise gen.Return((response.status_code, response.json()))
