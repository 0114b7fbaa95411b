"""PathRoute: a route of an application that has paths of handlers and nothing else."""

from __future__ import absolute_import, division, print_function

from tornado.routing import PathMatches
from tornado.web import RequestHandler

from waterspout._compat import TYPE_CHECKING, to_bytes

if TYPE_CHECKING:
    from typing import Any, Dict, Optional  # noqa: F401

    from tornado.httputil import HTTPServerRequest  # noqa: F401


class PathRoute(object):
    """Finds the arguments of a rule's handler in a path, with the results of its ``PathMatches``.

    Attributes:
        handler_class (type)
        handler_kwargs (dict)
        label (native str): what observers and logs call it.
    """

    __slots__ = ("handler_class", "handler_kwargs", "label", "_matcher", "_match", "_has_names")

    def __init__(self, rule, label):
        # type: (Any, str) -> None
        self.handler_class = rule.target
        self.handler_kwargs = rule.target_kwargs
        self.label = label
        self._matcher = rule.matcher
        self._match = rule.matcher.regex.match
        self._has_names = len(rule.matcher.regex.groupindex) > 0

    @staticmethod
    def suits(rule):
        # type: (Any) -> bool
        """Return whether a rule has a path, and the class of a handler as its target."""
        return type(rule.matcher) is PathMatches and (
            isinstance(rule.target, type) and issubclass(rule.target, RequestHandler))

    def arguments(self, request):
        # type: (HTTPServerRequest) -> Optional[Dict[str, Any]]
        """Return ``path_args`` and ``path_kwargs``, as bytes; None if the path is another one."""
        path = request.path
        match = self._match(path)
        if match is None:
            return None
        if self._has_names or "%" in path:
            return self._matcher.match(request)
        # Nothing to unquote, which costs ten times as much.
        return {"path_args": [
            group if group is None else to_bytes(group) for group in match.groups()]}
