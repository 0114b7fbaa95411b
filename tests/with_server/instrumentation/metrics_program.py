"""A service with several workers and metrics, for tests that kill workers.

Arguments are ``name=value``: ``upstream``, ``processes``, ``port``, ``policies``. The file
``ready`` gets the port.
"""

from __future__ import absolute_import, division, print_function

import os
import sys

from tornado.concurrent import Future

import waterspout
from waterspout import service
from waterspout.instrumentation.prometheus import PrometheusObserver, SharedDirectory

OPTIONS = dict(argument.split("=", 1) for argument in sys.argv[1:])


class UpstreamSDK(waterspout.BaseSDK):
    """Of the upstream that the tests have."""


class PidHandler(service.JSONHandler):
    def get(self):
        self.write_json({"pid": os.getpid()})


class WorkHandler(service.JSONHandler):
    def post(self, kind):
        call = self.upstream(UpstreamSDK).fetch_async(
            "POST", "/object/{kind}", path={"kind": kind}, json={}, idempotent=True)
        self.finish_after(call, lambda future: self.write_json(future.result()))


class HoldHandler(service.JSONHandler):
    def put(self):
        self.finish_after(Future(), lambda future: None)


def make_app():
    metrics = PrometheusObserver(body_sizes=True)
    policies = {}
    if "policies" in OPTIONS:
        policies = {"retry": waterspout.Retry(total=1, backoff_factor=0, budget=None),
                    "breaker": waterspout.CircuitBreaker(minimum_calls=1000),
                    "bulkhead": waterspout.Bulkhead(max_concurrent=7)}
    sdk = UpstreamSDK(OPTIONS["upstream"], observers=[metrics], **policies)
    metrics.watch(sdk)
    return service.Application(
        [
            ("/pid", PidHandler),
            (r"/jobs/(\w+)", WorkHandler),
            ("/hold", HoldHandler),
            ("/metrics", service.MetricsHandler, {"observer": metrics}),
        ],
        upstreams=[sdk], observers=[metrics])


def main():
    service.setup_logging()
    shared = SharedDirectory(OPTIONS.get("directory"))
    sockets = service.listen(int(OPTIONS.get("port", 0)))

    def on_ready():
        with open("ready.tmp", "w") as file:
            file.write("%d %s" % (service.port_of(sockets), shared.path))
        os.rename("ready.tmp", "ready")

    sys.exit(service.serve_sockets(
        make_app, sockets, processes=int(OPTIONS.get("processes", 4)), drain_timeout=0.2,
        on_ready=on_ready, on_worker_exit=shared.worker_ended))


if __name__ == "__main__":
    main()
