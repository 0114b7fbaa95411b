"""A streamed call of `waterspout.Session`, as its documentation shows it for Python 3."""

from __future__ import absolute_import, division, print_function

from benchmarks import values


async def stream(self, number):
    # type: (Client, int) -> None
    length = 0
    headers = values.request_id(number)
    async with self._session.get(self.url, stream=True, headers=headers) as response:
        async for piece in response.iter_content():
            length += len(piece)
    self.check(length)
