"""What type checkers know of the public names. Checked by mypy and pyright, never run.

A line with ``type: ignore`` is a mistake that both have to find: an ignore that nothing needs is
an error of its own.
"""

from __future__ import absolute_import, division, print_function

import datetime
from asyncio import Future
from typing import Any, Callable, assert_type

import tornado.web

import waterspout
import waterspout.service
import waterspout.testing
import waterspout.testing.cassette
import waterspout_cmdb
from waterspout.service import JSONHandler
from waterspout.testing.cassette import RecordedRequest


def sessions() -> None:
    session = waterspout.Session(transport="threads", timeout=(3, 10), max_connections=10)
    assert_type(session.headers, waterspout.Headers)
    assert_type(session.timeout, waterspout.ClientTimeout)
    assert_type(session.timeout.total, float | None)
    assert_type(session.limits, waterspout.Limits)
    assert_type(session.limits.max_idle, float)
    waterspout.Session(headers={"X-A": "b"}, cookies=None, verify="ca.pem", trust_env=True)
    waterspout.Session(max_redirects="five")  # type: ignore
    waterspout.Session(timeout="3")  # type: ignore
    waterspout.Session(timout=3)  # type: ignore
    waterspout.Session(max_connection=3)  # type: ignore
    session.fetch("http://host/")  # type: ignore


def attributes(session: waterspout.Session, sdk: waterspout.BaseSDK) -> None:
    session.headers = {"X-A": "b"}
    session.headers["X-A"] = "c"
    session.cookies = {"a": "b"}
    session.cookies = None
    session.cookies.set("a", "b", domain="host")
    session.auth = ("user", "password")
    session.verify = "ca.pem"
    session.proxies = {"http": "http://proxy:3128"}
    session.timeout = waterspout.ClientTimeout(total=3)
    session.hooks["response"].append(print)
    sdk.headers = dict(sdk.headers, org="2")
    session.timeout = (3, 10)
    session.timeout = "3"  # type: ignore
    session.mount("http://", None)  # type: ignore
    print(sdk.executor)  # type: ignore


def prepared(session: waterspout.Session) -> None:
    request = waterspout.Request("GET", "http://host/", auth=waterspout.HTTPBearerAuth("token"))
    assert_type(session.prepare_request(request), waterspout.PreparedRequest)
    future: Future[waterspout.Response] = session.send(request.prepare(), stream=True)
    session.send(request)  # type: ignore
    session.send(request.prepare(), streem=True)  # type: ignore
    preparation = request.prepare()
    preparation.headers = {"X-A": "b"}
    preparation.headers["Digest"] = "x"
    assert_type(preparation.url, str)
    preparation.url = "http://other/"
    assert_type(preparation.method, str)
    assert isinstance(preparation.body, bytes)
    print(future)


class Transport:
    async def send(
        self, request: waterspout.PreparedRequest, options: waterspout.CallOptions
    ) -> waterspout.Response:
        assert_type(options.timeout, waterspout.ClientTimeout)
        assert_type(options.deadline, float | None)
        assert_type(options.stream, bool)
        return waterspout.Response(request, 200, "OK", waterspout.Headers({"X-A": "b"}), b"")

    async def close(self) -> None:
        pass


def own_transport() -> None:
    waterspout.Session(transport=Transport())
    waterspout.BaseSDK("host", transport=Transport())


async def calls(session: waterspout.Session) -> None:
    future: Future[waterspout.Response] = session.request("GET", "http://host/")
    assert_type(await future, waterspout.Response)
    assert_type(await session.request("GET", "http://host/"), waterspout.Response)
    assert_type(await session.get("http://host/", stream=True), waterspout.Response)
    assert_type(await session.post("http://host/", {"a": "b"}), waterspout.Response)
    assert_type(await session.put("http://host/", b"x", timeout=None), waterspout.Response)
    assert_type(await session.head("http://host/", timeout=(None, 3)), waterspout.Response)
    assert_type(session.close(), Future[None])
    assert_type(session.stats(), dict[str, dict[str, Any]])
    timeout = waterspout.ClientTimeout(connect=3, read=10, pool=1, total=30)
    await session.get("http://host/", params={"q": 1}, headers={"A": None}, timeout=timeout,
                      hooks={"response": print}, verify=False, proxies={"http": None})


def mistakes(session: waterspout.Session) -> None:
    session.get()  # type: ignore
    session.get("http://host/", timout=3)  # type: ignore
    session.get("http://host/", timeout="3")  # type: ignore
    session.get("http://host/", headers="A: b")  # type: ignore
    session.head("http://host/", alow_redirects=True)  # type: ignore
    session.options("http://host/", steam=True)  # type: ignore
    session.post("http://host/", json={}, header={})  # type: ignore
    session.put("http://host/", jsn={})  # type: ignore
    session.patch("http://host/", file=None)  # type: ignore
    session.delete("http://host/", param={})  # type: ignore
    session.request("GET", "http://host/", timout=3)  # type: ignore
    waterspout.get("http://host/", timout=3)  # type: ignore
    waterspout.post("http://host/", josn={})  # type: ignore
    waterspout.request("GET", "http://host/", strem=True)  # type: ignore


async def streams() -> None:
    async with waterspout.Session() as session:
        assert_type(session, waterspout.Session)
        async with session.get("http://host/", stream=True) as response:
            assert_type(response, waterspout.Response)
            async for piece in response.iter_content():
                assert_type(piece, bytes)
            async for piece in response:
                assert_type(piece, bytes)
            async for part in response.iter_content(decode_unicode=True):
                assert_type(part, bytes | str)
            async for line in response.iter_lines():
                print(line)
            assert_type(await response.iter_content(1024).next(), bytes)
        async with waterspout.get("http://host/", stream=True) as response:
            assert_type(response, waterspout.Response)
        with await session.get("http://host/") as response:
            assert_type(response, waterspout.Response)


def responses(response: waterspout.Response) -> None:
    assert_type(response.status_code, int)
    assert_type(response.ok, bool)
    assert_type(response.url, str)
    assert_type(response.content, bytes)
    assert_type(response.text, str)
    assert_type(response.read(), Future[bytes])
    assert_type(response.headers, waterspout.Headers)
    assert_type(response.headers["Content-Type"], str)
    assert_type(response.headers.get("Content-Type"), str | None)
    assert_type(response.headers.get_list("Set-Cookie"), list[str])
    assert_type(response.next, waterspout.PreparedRequest | None)
    assert_type(response.request, waterspout.PreparedRequest)
    assert_type(response.history, list[waterspout.Response])
    assert_type(response.links, dict[str, dict[str, str]])
    assert_type(response.trace, waterspout.Trace)
    assert_type(response.trace.first_byte, float | None)
    assert_type(response.elapsed, datetime.timedelta)
    print(response.statuscode)  # type: ignore
    print(response.raw)  # type: ignore
    print(response.trace.fist_byte)  # type: ignore


def errors() -> None:
    # requests' names, so that `except` clauses port; the builtin that callers expect as well.
    ours: list[type[waterspout.RequestException]] = [
        waterspout.ConnectionError, waterspout.HTTPError, waterspout.ProtocolError,
        waterspout.TooManyRedirects, waterspout.JSONDecodeError, waterspout.Timeout,
        waterspout.QueueFull, waterspout.exceptions.Unsupported, waterspout_cmdb.CMDBError,
    ]
    builtin: list[type[IOError]] = [waterspout.RequestException]
    value: list[type[ValueError]] = [waterspout.InvalidURL, waterspout.JSONDecodeError]
    wrong: list[type[ValueError]] = [waterspout.ReadTimeout]  # type: ignore
    print(ours, builtin, value, wrong)
    try:
        pass
    except waterspout.HTTPError as error:
        assert_type(error.response.status_code, int)
    except waterspout.Timeout as error:
        assert_type(error.phase, str | None)
        assert_type(error.request, waterspout.PreparedRequest | None)
        assert_type(error.request, waterspout.PreparedRequest | None)
        assert_type(error.response, waterspout.Response | None)
        print(error.respnse)  # type: ignore


async def sdks(sdk: waterspout_cmdb.CMDBSDK) -> None:
    waterspout.BaseSDK("host", timeout=(3, 10), max_connections=5, auth=("a", "b"))
    waterspout.BaseSDK("host", org=None, user=None)
    waterspout.BaseSDK("host", timout=3)  # type: ignore
    assert_type(sdk.headers, waterspout.Headers)
    assert_type(sdk.fetch_async("GET", "/object"), Future[Any])
    sdk.fetch_async("POST", api="/object", json={}, path={"a": 1}, headers={"A": "b"}, timeout=3)
    sdk.fetch_async("GET", "/object", timout=3)  # type: ignore
    assert_type(sdk.close(), Future[None])
    answer = await sdk.instance_api_search_instance("HOST", {"query": {}})
    print(answer["data"]["list"])


class Handler(JSONHandler):
    def post(self) -> None:
        assert_type(self.read_json_object(), dict[str, Any])
        self.write_json({"a": 1})


def services(sdk: waterspout.BaseSDK) -> None:
    application = waterspout.service.Application([(r"/", Handler)], debug=True)
    application.on_shutdown(sdk.close)
    raise SystemExit(waterspout.service.serve(lambda: application, port=8000, processes=2))


def module_functions() -> None:
    future: Future[waterspout.Response] = waterspout.get("http://host/")
    assert_type(waterspout.default_session(), waterspout.Session)
    assert_type(waterspout.codes.not_found, int)
    assert_type(waterspout.codes.get("ok"), int | None)
    assert_type(waterspout.structures.Headers(), waterspout.Headers)
    assert_type(waterspout.auth.HTTPBearerAuth("token"), waterspout.HTTPBearerAuth)
    waterspout.cookies.RequestsCookieJar().set("a", "b", domain="host")
    print(waterspout.execptions)  # type: ignore
    print(future)


def tornado_programs() -> None:
    assert_type(waterspout.install(override=True, max_clients=100), Callable[[], None])
    waterspout.install("yes")  # type: ignore


def testing_applications(app: tornado.web.Application) -> None:
    transport = waterspout.testing.AppTransport(app, client_address="10.0.0.1", xheaders=True)
    waterspout.Session(transport=transport)
    waterspout.testing.AppTransport(1)  # type: ignore
    waterspout.testing.AppTransport(app, client_address=1)  # type: ignore
    with waterspout.testing.patch_fetch(transport):
        pass
    patch = waterspout.testing.patch_fetch(transport)
    patch.start()
    patch.stop()
    patch.end()  # type: ignore


async def testing_tools() -> None:
    with waterspout.testing.MockTransport(in_order=True) as mock:
        assert_type(mock, waterspout.testing.MockTransport)
        expectation = mock.post("/a/{id}", json={"a": 1}, times=2).respond(503, delay=1)
        assert_type(expectation, waterspout.testing.Expectation)
        expectation.respond(json=[1]).cut_after(2).fail(waterspout.ConnectTimeout).never()
        expectation.call(lambda sent: waterspout.testing.make_response(json=sent.json()))
        expectation.respond(jsn=1)  # type: ignore
        mock.on("GET", "/a", time=2)  # type: ignore
        sent = mock.assert_sent("POST", "/a/1")
        assert_type(sent, waterspout.testing.SentRequest)
        assert_type(sent.method, str)
        assert_type(sent.headers, waterspout.Headers)
        assert_type(sent.content, bytes)
        assert_type(sent.path_args, dict[str, str])
    waterspout.Session(transport=mock)
    with waterspout.testing.patch_sessions(mock):
        with waterspout.testing.FakeClock() as clock:
            await clock.advance(5)
            assert_type(clock.elapsed, float)
    assert_type(waterspout.testing.make_response(204), waterspout.Response)


def cassettes() -> None:
    def same(sent: RecordedRequest, recorded: RecordedRequest) -> bool:
        return sent.headers.get("org") == recorded.headers.get("org") and sent.port == 80

    with waterspout.testing.Cassette("a.json", mode="none", match_on=["path", same]) as cassette:
        assert_type(cassette, waterspout.testing.Cassette)
        waterspout.Session(transport=cassette)
        waterspout.BaseSDK("host", transport=cassette)
    assert_type(cassette.play_count, int)
    assert_type(cassette.path, str)
    waterspout.testing.Cassette("a.json", moode="none")  # type: ignore
    try:
        cassette.save()
    except waterspout.testing.cassette.NotRecorded as error:
        assert_type(error.request, waterspout.PreparedRequest | None)
