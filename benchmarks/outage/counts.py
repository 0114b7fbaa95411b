"""Counts: what an upstream has received."""

from __future__ import absolute_import, division, print_function


class Counts(object):
    """Attributes: requests (int): all that have arrived; twice (int): POSTs done again."""

    def __init__(self):
        # type: () -> None
        self.requests = 0
        self.twice = 0
        self._posts = set()
        self._keys = set()

    def add(self, post, key):
        # type: (str | None, str | None) -> bool
        """Count a request, and do what it asks for.

        Args:
            post: the id of the POST; None for other requests.
            key: its Idempotency-Key, if it has one.
        Returns: whether it was done before, and is known by its key.
        """
        self.requests += 1
        if key is not None:
            if key in self._keys:
                return True
            self._keys.add(key)
        if post is not None:
            self.twice += post in self._posts
            self._posts.add(post)
        return False

    def as_json(self):
        # type: () -> dict[str, int]
        return {"requests": self.requests, "twice": self.twice}
