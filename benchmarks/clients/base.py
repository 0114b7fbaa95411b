"""What all clients have: where to call, and the checks of what is answered."""

from __future__ import absolute_import, division, print_function


class WrongAnswer(Exception):
    """An answer that was not the upstream's."""


class Client(object):
    """One client for one case; made while the IOLoop runs.

    A subclass has a method for each kind of call (`benchmarks.cases.KINDS` names them), which is
    that call as the client's own documentation shows it. It gets a running number, takes its
    values from `benchmarks.values`, and ends with `check` or `check_json`. It is either an
    ``async def``, or a generator that yields what is to be waited for and gets the result, as in
    `gen.coroutine`. The generator is run by the worker's own coroutine, as the code of a request
    handler is.

    Attributes:
        lacks (dict): the kinds that this client does not offer: name -> why.
        upstream (str): the URL without a path.
        url (str): the one to call.
        connections (int): as many as there are concurrent calls.
    """

    lacks = {}  # type: dict[str, str]

    def __init__(self, case, upstream, option):
        # type: (Case, str, str | None) -> None
        self.upstream = upstream
        self.url = upstream + case.kind.path
        self.connections = case.concurrency
        self._body_bytes = case.body_bytes
        self.open(case.kind, option)

    def open(self, kind, option):
        # type: (Kind, str | None) -> None
        """Make what makes the calls."""
        raise NotImplementedError

    def close(self):
        # type: () -> Awaitable[None] | None
        raise NotImplementedError

    def shape(self, kind):
        # type: (Kind) -> Callable[[int], Any]
        """Return the function that makes such a call."""
        return getattr(self, kind.function)

    def check(self, length):
        # type: (int) -> None
        """Raises WrongAnswer unless the body has the upstream's length."""
        if length != self._body_bytes:
            raise WrongAnswer("a body of %d bytes and not %d" % (length, self._body_bytes))

    def check_json(self, decoded):
        # type: (Any) -> None
        """Raises WrongAnswer unless it is what the upstream answers."""
        if decoded["data"]["total"] != 2:
            raise WrongAnswer("decoded as %r" % (decoded,))
