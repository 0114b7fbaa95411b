from __future__ import absolute_import, division, print_function

import itertools
import logging
import os
import shutil
import ssl

import pytest
import tornado
from certificates import SELF_SIGNED, server_context
from raw_server import answering, response

OK = response(b"ok")


def client_context(check_hostname=True):
    context = ssl.create_default_context(cafile=SELF_SIGNED)
    context.check_hostname = check_hostname
    return context


@pytest.fixture
def server(serve):
    """Speaks TLS, and looks at a client's certificate if it gets one."""
    context = server_context()
    context.verify_mode = ssl.CERT_OPTIONAL
    context.load_verify_locations(SELF_SIGNED)
    return serve(answering(OK), tls=context)


def url_of(server, host="localhost"):  # py2: certificates for addresses are not understood
    return "https://%s:%d/" % (host, server.port)


@pytest.fixture(scope="module")
def copy(tmpdir_factory):
    """The same certificate under another path."""
    path = str(tmpdir_factory.mktemp("tls").join("copy.pem"))
    shutil.copy(SELF_SIGNED, path)
    return path


CONTEXTS = [client_context(), client_context()]

#: Options of a fetch, each different from each other one in one of those that matter.
OPTIONS = {
    "ca": lambda copy: dict(),
    "another ca": lambda copy: dict(ca_certs=copy),
    "unverified": lambda copy: dict(validate_cert=False),
    "certificate": lambda copy: dict(client_cert=SELF_SIGNED),
    "another certificate": lambda copy: dict(client_cert=copy),
    "key": lambda copy: dict(client_cert=SELF_SIGNED, client_key=SELF_SIGNED),
    "another key": lambda copy: dict(client_cert=SELF_SIGNED, client_key=copy),
    "context": lambda copy: dict(ssl_options=CONTEXTS[0]),
    "another context": lambda copy: dict(ssl_options=CONTEXTS[1]),
    "dictionary": lambda copy: dict(ssl_options=dict(cert_reqs=ssl.CERT_NONE)),
    "another dictionary": lambda copy: dict(
        ssl_options=dict(cert_reqs=ssl.CERT_NONE, ca_certs=SELF_SIGNED)),
    "IPv4": lambda copy: dict(allow_ipv6=False),
    "interface": lambda copy: dict(network_interface="127.0.0.1"),
}


def options(name, copy):
    return dict(dict(ca_certs=SELF_SIGNED), **OPTIONS[name](copy))


@pytest.mark.parametrize("first, second", list(itertools.combinations(sorted(OPTIONS), 2)))
def test_tls_options_that_differ_share_no_connection(server, pooled, copy, first, second):
    """What was checked, shown or chosen for one request is not taken for granted for another."""
    client = pooled()
    for name in (first, second, first, second):
        client.fetch(url_of(server), **options(name, copy))
    assert server.accepted == 2


@pytest.mark.parametrize("name", sorted(OPTIONS))
def test_equal_tls_options_share_a_connection(server, pooled, copy, name):
    """Equal, not the same: each fetch brings its own dictionary and strings."""
    client = pooled()
    for _ in range(3):
        client.fetch(url_of(server), **options(name, copy))
    assert server.accepted == 1


def test_two_names_of_a_host_share_no_tls_connection(server, pooled):
    """The certificate was checked for one name of the host, and not for another."""
    client = pooled(hostname_mapping={"localhost": "127.0.0.1"})
    for host in ("127.0.0.1", "localhost", "LOCALHOST"):
        client.fetch(url_of(server, host), validate_cert=False)
    assert server.accepted == 2


def test_a_renewed_certificate_is_used(server, pooled, tmpdir):
    """The file has changed under its path: connections made with the old one are not for it."""
    path = str(tmpdir.join("renewed.pem"))
    shutil.copy(SELF_SIGNED, path)
    client = pooled()
    for modified in (1000, 1000, 2000):
        os.utime(path, (modified, modified))
        client.fetch(url_of(server), ca_certs=path)
    assert server.accepted == 2


def test_a_certificate_is_checked_by_default(server, pooled, caplog):
    """The error is OpenSSL's own, and logged, as by Tornado's client."""
    with caplog.at_level(logging.WARNING, "tornado.general"):
        with pytest.raises(ssl.SSLError):
            pooled().fetch(url_of(server))
    assert "SSL Error on https://localhost:%d" % server.port in caplog.text


@pytest.mark.parametrize("options", [
    dict(ca_certs=SELF_SIGNED),
    dict(ssl_options=CONTEXTS[0]),
    dict(ssl_options=dict(cert_reqs=ssl.CERT_REQUIRED, ca_certs=SELF_SIGNED)),
], ids=["ca_certs", "context", "dictionary"])
def test_a_certificate_for_another_name_is_refused(server, pooled, options):
    """It is trusted, but it is not the host's."""
    client = pooled(hostname_mapping={"other.example": "127.0.0.1"})
    with pytest.raises((ssl.SSLError, ssl.CertificateError)):
        client.fetch(url_of(server, "other.example"), **options)


def test_a_context_without_check_hostname_is_checked_as_by_tornado(server, pooled):
    """A context without check_hostname: Tornado's client checks all the same, 6.4's does not."""
    client = pooled(hostname_mapping={"other.example": "127.0.0.1"})
    url = url_of(server, "other.example")
    context = client_context(check_hostname=False)
    if tornado.version_info < (6, 4):
        with pytest.raises(ssl.CertificateError):
            client.fetch(url, ssl_options=context)
    else:
        assert client.fetch(url, ssl_options=context).body == b"ok"
    assert not context.check_hostname


def test_a_client_certificate_is_shown(serve, pooled):
    """The server insists on one."""
    context = server_context()
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(SELF_SIGNED)
    server = serve(answering(OK), tls=context)
    answer = pooled().fetch(url_of(server), ca_certs=SELF_SIGNED, client_cert=SELF_SIGNED)
    assert answer.body == b"ok"


@pytest.mark.parametrize("options", [
    dict(ca_certs="/no/such/file"),
    dict(client_cert="/no/such/file"),
    dict(ssl_options=dict(ca_certs="/no/such/file")),
], ids=["ca_certs", "client_cert", "dictionary"])
def test_a_missing_certificate_raises_the_original_oserror(server, pooled, options):
    """The original error, and a place that is free again."""
    client = pooled()
    with pytest.raises(EnvironmentError):
        client.fetch(url_of(server), **options)
    assert client.counts().get("active", 0) == 0


def test_an_invalid_network_interface_is_refused(pooled):
    """ValueError, with Tornado's words."""
    with pytest.raises(ValueError) as caught:
        pooled().fetch("http://127.0.0.1:1/", network_interface="eth0")
    assert str(caught.value) == (
        "Unrecognized IPv4 or IPv6 address for network_interface, got 'eth0'")
