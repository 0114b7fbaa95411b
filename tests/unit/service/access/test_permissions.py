"""What a permission permits."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout.service._access.permissions import Permissions

NAMES = {"import": ["POST /cmdb/import"], "search": ["POST /cmdb/search", "GET /cmdb/search"]}


@pytest.mark.parametrize("allow, method, path, allowed", [
    (["*"], "DELETE", "/any/../path", True),
    ([], "GET", "/", False),
    (["GET /"], "GET", "/a/b", True),
    (["GET /"], "HEAD", "/", True),
    (["GET /"], "POST", "/", False),
    (["* /cmdb"], "ODD", "/cmdb/x", True),
    (["GET,POST /cmdb"], "POST", "/cmdb", True),
    (["GET,POST /cmdb"], "PUT", "/cmdb", False),
    (["GET /cmdb/search/"], "GET", "/cmdb/search", True),
    (["GET /cmdb/search"], "GET", "/cmdb/searches", False),
    (["GET /cmdb/search"], "GET", "/cmdb/search/HOST", True),
    (["GET /cmdb/search"], "GET", "/CMDB/search", False),
    (["GET /cmdb/search"], "GET", "/cmdb/search/../import", False),
    (["GET /cmdb/search"], "GET", "/cmdb/search/%2e%2E/import", False),
    (["GET /cmdb/search"], "GET", "/cmdb/search/..%2fimport", False),
    (["GET /cmdb/search"], "GET", "/cmdb/search%2f..%2fimport", False),
    (["GET /cmdb/search"], "GET", "/cmdb/search/a..b", True),
    (["GET /cmdb/search"], "get", "/cmdb/search", False),
    (["GET /a", "POST /b"], "POST", "/a", False),
    (["GET /a", "POST /b"], "POST", "/b/c", True),
    (["search"], "POST", "/cmdb/search/HOST", True),
    (["search"], "GET", "/cmdb/search/HOST", True),
    (["search"], "POST", "/cmdb/import/HOST", False),
    (["search", "import"], "POST", "/cmdb/import/HOST", True),
    ([u"search"], "POST", "/cmdb/search/HOST", True),
    (["search"], "POST", "", False),
    (["GET /"], "GET", "*", False),
    (["GET /"], "GET", "/.well-known/x", False),
    (["GET /a.b"], "GET", "/a.b/c", True),
])
def test_methods_and_paths_are_permitted(allow, method, path, allowed):
    """A path permits what is below it, and nothing by a detour."""
    assert Permissions(allow, NAMES).allow(method, path) is allowed


@pytest.mark.parametrize("text", [
    "", "serach", "GET", "GET cmdb", "get /cmdb", "GET  /cmdb", "GET, POST /cmdb", "GET /a b",
    "GET /a/*", "GET /a?b=c", "GET /a#b", "GET /.well-known", "GET /a/../b",
    "GET /\xe9", "*/", "** /", " *", 5, None, ["GET /"], {"GET": "/"}, True,
])
def test_other_text_is_refused_with_the_names_there_are(text):
    """A misspelt permission must not be one that permits nothing."""
    with pytest.raises(ValueError) as caught:
        Permissions([text], NAMES)
    assert "is not a permission" in str(caught.value)
    assert '"import", "search"' in str(caught.value)
