"""What a Session can do, and on which transports: one entry for each feature.

A probe uses the feature for real, on a client of `client_fixtures` and a server of `raw_server`,
and fails where it has no effect. tests/conformance_session runs each on every transport, and
``make features`` writes the table into docs/compatibility.md.
"""

from __future__ import absolute_import, division, print_function

import collections
import io
import os
import shutil
import tempfile

from certificates import AUTHORITIES, AUTHORITY, CLIENT, SELF_SIGNED, SERVER, server_context
from raw_server import answering, response, tunnelling

#: The columns of the table.
TRANSPORTS = ("pooled", "tornado", "curl", "threads")

#: ``probe(make_client, serve)``; ``unsupported`` names the transports that say so at once, and
#: ``not_on_27`` those that do with what there is for Python 2.7.
Feature = collections.namedtuple("Feature", "name probe unsupported not_on_27")

FEATURES = []

OK = response(b"ok")


def by_name(server):
    """Its URL under the name in its certificate: some 2.7 cannot verify addresses."""
    return "https://localhost:%d/" % server.port


def feature(name, unsupported=(), not_on_27=()):
    """Make an entry of the decorated function, the probe; ``name`` is what users read."""

    def add(probe):
        FEATURES.append(Feature(name, probe, unsupported, not_on_27))
        return probe

    return add


def header(request, name):
    return dict(request.headers).get(name)


# Entries, in the order of the page


@feature("`allow_redirects=`")
def redirects(make_client, serve):
    server = serve(answering(response(status=302, headers=[("Location", "/to")]), OK))
    assert make_client().get(server.url()).url == server.url("/to")


@feature("`auth=(user, password)`")
def basic(make_client, serve):
    server = serve(answering(OK))
    make_client().get(server.url(), auth=("user", "password"))
    assert header(server.received[0], "authorization").startswith("Basic ")


@feature("`auth=HTTPDigestAuth(...)`")
def digest(make_client, serve):
    import waterspout  # Not above: ``make features`` runs where Tornado is not installed.

    challenge = ("WWW-Authenticate", 'Digest realm="r", nonce="n", qop="auth"')
    server = serve(answering(response(status=401, headers=[challenge]), OK))
    auth = waterspout.HTTPDigestAuth("user", "password")
    assert make_client().get(server.url(), auth=auth).content == b"ok"
    assert header(server.received[1], "authorization").startswith("Digest ")


@feature("`cookies=`, and a jar that learns")
def cookies(make_client, serve):
    server = serve(answering(response(headers=[("Set-Cookie", "new=1; Path=/")]), OK))
    client = make_client()
    for _ in range(2):
        client.get(server.url(), cookies={"given": "2"})
    assert header(server.received[0], "cookie") == "given=2"
    assert sorted(header(server.received[1], "cookie").split("; ")) == ["given=2", "new=1"]


@feature("`hooks=`")
def hooks(make_client, serve):
    seen = []
    make_client().get(serve(answering(OK)).url(),
                      hooks={"response": lambda answer, **how: seen.append(answer.content)})
    assert seen == [b"ok"]


@feature("`files=`")
def files(make_client, serve):
    server = serve(answering(OK))
    make_client().post(server.url(), files={"file": io.BytesIO(b"pieces")})
    assert b'name="file"' in server.received[0].body and b"pieces" in server.received[0].body


@feature("`stream=True`", not_on_27=("curl",))
def streamed_response(make_client, serve):
    client = make_client()
    answer = client.get(serve(answering(OK)).url(), stream=True)
    assert client.run(answer.read) == b"ok"


@feature("`data=` read while it is sent")
def streamed_request(make_client, serve):
    server = serve(answering(OK))
    make_client().post(server.url(), data=io.BytesIO(b"pieces"))
    assert server.received[0].body == b"pieces"


@feature("`verify=True`, the default")
def verified(make_client, serve):
    server = serve(answering(OK), tls=server_context())
    assert type(make_client().error_of("GET", by_name(server))).__name__ == "SSLError"


@feature("`verify=False`")
def unverified(make_client, serve):
    server = serve(answering(OK), tls=server_context(SELF_SIGNED))
    assert make_client().get(by_name(server), verify=False).content == b"ok"


@feature("`verify=` a file of CA certificates")
def verified_by_file(make_client, serve):
    server = serve(answering(OK), tls=server_context(SERVER))
    assert make_client().get(by_name(server), verify=AUTHORITY).content == b"ok"


@feature("`verify=` a folder of CA certificates")
def verified_by_folder(make_client, serve):
    server = serve(answering(OK), tls=server_context(SERVER))
    assert make_client().get(by_name(server), verify=AUTHORITIES).content == b"ok"


@feature("`cert=`")
def client_certificate(make_client, serve):
    server = serve(answering(OK), tls=server_context(SERVER, clients=AUTHORITY))
    assert make_client().get(by_name(server), verify=AUTHORITY, cert=CLIENT).content == b"ok"


@feature("`proxies=` for http", unsupported=("tornado",))
def http_proxy(make_client, serve):
    proxy = serve(answering(OK))
    proxies = {"http": "http://me:secret@" + proxy.address}
    assert make_client().get("http://name.example/a?b", proxies=proxies).content == b"ok"
    assert proxy.received[0].target == "http://name.example/a?b"
    assert header(proxy.received[0], "proxy-authorization") == "Basic bWU6c2VjcmV0"


@feature("`proxies=` for https, by CONNECT", unsupported=("tornado",))
def https_proxy(make_client, serve):
    server = serve(answering(OK), tls=server_context(SERVER))
    proxy = serve(tunnelling(("127.0.0.1", server.port)))
    answer = make_client().get("https://server.example/a", verify=AUTHORITY, proxies={
        "https": "http://me:secret@" + proxy.address})
    assert answer.content == b"ok"
    assert (proxy.received[0].method, proxy.received[0].target) == (
        "CONNECT", "server.example:443")
    assert header(proxy.received[0], "proxy-authorization") == "Basic bWU6c2VjcmV0"


@feature("`unix_socket=`", unsupported=("tornado", "threads"))
def unix_socket(make_client, serve):
    folder = tempfile.mkdtemp()
    try:
        path = os.path.join(folder, "socket")
        server = serve(answering(OK), unix_socket=path)
        assert make_client(unix_socket=path).get("http://name.example/a").content == b"ok"
        assert header(server.received[0], "host") == "name.example"
    finally:
        shutil.rmtree(folder)


# The page

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "docs",
                    "compatibility.md")

#: The table stands between these two lines.
BEGIN = u"<!-- make features writes this table -->\n"
END = u"<!-- end of the table -->\n"


def rows():
    """The lines of the table."""
    yield u"| | %s |\n" % u" | ".join(u"`%s`" % transport for transport in TRANSPORTS)
    yield u"|---" * (1 + len(TRANSPORTS)) + u"|\n"
    for each in FEATURES:
        yield u"| %s | %s |\n" % (each.name, u" | ".join(_cells(each)))


def _cells(feature):
    for name in TRANSPORTS:
        if name in feature.unsupported:
            yield u"`Unsupported`"
        else:
            yield u"yes, not on 2.7" if name in feature.not_on_27 else u"yes"


def read_page():
    with io.open(PAGE, encoding="utf-8") as page:
        return page.read()


def with_table(text):
    """The page's text with the table as it should be."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return before + BEGIN + u"".join(rows()) + END + after
