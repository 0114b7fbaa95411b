"""The handler of `benchmarks.servers.handlers` as a Python 3 program would write it."""

from __future__ import absolute_import, division, print_function


def import_handler(base):
    # type: (type) -> type
    class Import(base):
        async def post(self, object_id):
            status, answer = await self.passed_on(object_id)
            self.reply(status, answer)

    return Import
