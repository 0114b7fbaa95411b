# -*- coding: utf-8 -*-
"""`PathRoute` finds the arguments that Tornado's ``PathMatches`` finds."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.routing import Matcher, PathMatches, Rule
from tornado.web import RequestHandler

from waterspout.service import JSONHandler
from waterspout.service._server.path_route import PathRoute


class Request(object):
    def __init__(self, path):
        self.path = path


PATTERNS = [
    "/", "/a", "/a/([^/]+)", "/a/([^/]*)", "/a/(b)?(c)?", "/a/(?P<name>[^/]+)", "/a/([a-z]+)/(.*)",
    "/.*",
]
PATHS = [
    "/", "/a", "/a/", "/a/b", "/a/bc", "/a/c", "/a/b%20c", "/a/b%2Fc", "/a/%", "/a/%ff", "/a/b+c",
    "/a/b/c/d", "/a/caf\xe9", "/a/b\n", "",
]


@pytest.mark.parametrize("pattern", PATTERNS)
def test_arguments_are_those_of_tornado(pattern):
    rule = Rule(PathMatches(pattern), JSONHandler, {"kwarg": 1})
    route = PathRoute(rule, "label")
    assert (route.handler_class, route.handler_kwargs) == (JSONHandler, {"kwarg": 1})
    assert route.label == "label"
    for path in PATHS:
        request = Request(path)
        expected, found = rule.matcher.match(request), route.arguments(request)
        assert (found is None) == (expected is None), path
        if found is not None:
            assert list(found.get("path_args") or []) == list(expected.get("path_args") or [])
            assert (found.get("path_kwargs") or {}) == (expected.get("path_kwargs") or {})


class OtherMatcher(PathMatches):
    pass


class AnyMatcher(Matcher):
    def match(self, request):
        return {}


@pytest.mark.parametrize("matcher, target, suits", [
    (PathMatches("/a"), JSONHandler, True),
    (PathMatches("/a"), RequestHandler, True),
    (OtherMatcher("/a"), JSONHandler, False),
    (AnyMatcher(), JSONHandler, False),
    (PathMatches("/a"), [], False),
    (PathMatches("/a"), lambda request: None, False),
], ids=["path", "handler-of-tornado", "subclass", "matcher", "routes", "function"])
def test_only_paths_of_handlers_suit(matcher, target, suits):
    assert PathRoute.suits(Rule(matcher, target)) is suits
