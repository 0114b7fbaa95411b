"""What type checkers know of the public names. Checked by mypy, never run."""

from __future__ import absolute_import, division, print_function

import datetime
from asyncio import Future
from typing import Any, Callable, assert_type

import waterspout
import waterspout_cmdb
from waterspout.service import JSONHandler


def sessions() -> None:
    session = waterspout.Session(transport="threads", timeout=(3, 10), max_connections=10)
    assert_type(session.headers, waterspout.Headers)
    assert_type(session.timeout, waterspout.ClientTimeout)
    waterspout.Session(max_redirects="five")  # type: ignore[arg-type]
    session.fetch("http://host/")  # type: ignore[attr-defined]


def prepared(session: waterspout.Session) -> None:
    request = waterspout.Request("GET", "http://host/", auth=waterspout.HTTPBearerAuth("token"))
    assert_type(session.prepare_request(request), waterspout.PreparedRequest)
    assert_type(session.send(request.prepare()), Future[waterspout.Response])
    session.send(request)  # type: ignore[arg-type]


def calls(session: waterspout.Session) -> None:
    assert_type(session.request("GET", "http://host/"), Future[waterspout.Response])
    assert_type(session.get("http://host/", stream=True), Future[waterspout.Response])
    assert_type(session.close(), Future[None])
    assert_type(session.stats(), dict[str, dict[str, int]])


def responses(response: waterspout.Response) -> None:
    assert_type(response.status_code, int)
    assert_type(response.ok, bool)
    assert_type(response.url, str)
    assert_type(response.content, bytes)
    assert_type(response.text, str)
    assert_type(response.read(), Future[bytes])
    assert_type(response.headers, waterspout.Headers)
    assert_type(response.next, waterspout.PreparedRequest | None)
    assert_type(response.request, waterspout.PreparedRequest)
    assert_type(response.links, dict[str, dict[str, str]])
    assert_type(response.trace, waterspout.Trace)
    assert_type(response.elapsed, datetime.timedelta)


def errors() -> None:
    # requests' names, so that `except` clauses port; the builtin that callers expect as well.
    ours: list[type[waterspout.RequestException]] = [
        waterspout.ConnectionError, waterspout.HTTPError, waterspout.ProtocolError,
        waterspout.TooManyRedirects, waterspout.JSONDecodeError, waterspout_cmdb.CMDBError,
    ]
    builtin: list[type[IOError]] = [waterspout.RequestException]
    value: list[type[ValueError]] = [waterspout.InvalidURL, waterspout.JSONDecodeError]
    wrong: list[type[ValueError]] = [waterspout.ReadTimeout]  # type: ignore[list-item]
    print(ours, builtin, value, wrong)


def sdks(sdk: waterspout_cmdb.CMDBSDK) -> None:
    assert_type(sdk.fetch_async("GET", "/object"), Future[Any])
    assert_type(sdk.close(), Future[None])


def handlers(handler: JSONHandler) -> None:
    assert_type(handler.read_json_object(), dict[str, Any])


def module_functions() -> None:
    assert_type(waterspout.get("http://host/"), Future[waterspout.Response])
    assert_type(waterspout.codes.get("ok"), int | None)


def tornado_programs() -> None:
    assert_type(waterspout.install(override=True, max_clients=100), Callable[[], None])
    waterspout.install("yes")  # type: ignore[arg-type]
