"""A program that imports a file, and says on stdout which stage it is in: to be killed."""

from __future__ import absolute_import, division, print_function

import sys

from tornado.ioloop import IOLoop

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing import Import, ImportOptions, Listener
from waterspout_cmdb.bulk.sending import Limits
from waterspout_cmdb.bulk.targets import GatewayTarget


class _Told(Listener):
    def __init__(self):
        self._stage = None

    def on_progress(self, progress):
        if progress.stage != self._stage:
            self._stage = progress.stage
            print(progress.stage)
            sys.stdout.flush()


def main(path, url, org, rows):
    loop = IOLoop.current()
    target = GatewayTarget(url, org=int(org))
    options = ImportOptions(limits=Limits(max_rows=int(rows), concurrency=3), resume=True)
    try:
        summary = loop.run_sync(
            lambda: Import(path, "HOST", ["name"], target, options, _Told()).run())
    except BulkError as error:
        sys.stderr.write("%s\n" % error)
        return 2
    finally:
        loop.run_sync(target.close)
    return summary.exit_code


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
