"""The options about trust: what they mean for the application, and which are refused."""

from __future__ import absolute_import, division, print_function

import json
import ssl

import pytest
from certificates import AUTHORITY, CLIENT, SERVER

from waterspout import service
from waterspout_cmdb.command_line.option import BadOption
from waterspout_cmdb.gateway.assembly import app_maker
from waterspout_cmdb.gateway.options.calling import sdk_maker
from waterspout_cmdb.gateway.options.operating import Operating
from waterspout_cmdb.gateway.options.table import read_options
from waterspout_cmdb.gateway.options.trusting import app_keywords

KEY = service.make_api_key()


def keywords(*flags):
    return app_keywords(read_options(list(flags), {}))


@pytest.fixture
def keys_file(tmp_path):
    def keys_file(*entries):
        path = tmp_path / "keys.json"
        path.write_bytes(json.dumps({"keys": entries}).encode("ascii"))
        path.chmod(0o600)
        return str(path)

    return keys_file


def entry(**fields):
    return dict({"name": "a", "id": KEY.id, "sha256": KEY.sha256, "allow": ["search"]}, **fields)


def test_nothing_is_asked_of_clients_by_default():
    """And nobody is believed."""
    assert keywords() == {
        "trusted_proxies": [], "forwarded_field": "X-Forwarded-For", "accept_org_header": False}


@pytest.mark.parametrize("name", ["api_keys", "tls_cert", "tls_client_ca"])
def test_an_empty_flag_does_not_let_everyone_in(name):
    """``--api-keys=$KEYS`` if there is no such variable. An empty variable counts as unset."""
    with pytest.raises(BadOption) as caught:
        keywords("--%s=" % name)
    assert caught.value.reasons == ["%s is empty; leave the flag out, or name a file" % name]
    variables = {"WATERSPOUT_" + name.upper(): ""}
    assert app_keywords(read_options([], variables))["accept_org_header"] is False


def test_the_file_of_keys_is_read(keys_file):
    """With the gateway's permissions; each time that the options are applied."""
    path = keys_file(entry())
    first = keywords("--api-keys=" + path)["api_keys"]
    assert first.find(KEY.key).allows("POST", "/cmdb/search/HOST")
    assert not first.find(KEY.key).allows("POST", "/cmdb/import/HOST")
    keys_file(entry(allow=["import"]))
    second = keywords("--api-keys=" + path)["api_keys"]
    assert second.find(KEY.key).allows("POST", "/cmdb/import/HOST")


def test_tls_options_make_a_context():
    context = keywords("--tls-cert=" + SERVER, "--tls-min-version=1.3")["ssl_options"]
    assert isinstance(context, ssl.SSLContext) and context.verify_mode == ssl.CERT_NONE


def test_an_authority_of_clients_makes_certificates_necessary(keys_file):
    """Without keys every certificate is enough; with keys the file says whose."""
    flags = ["--tls-cert=" + SERVER, "--tls-key=" + SERVER, "--tls-client-ca=" + AUTHORITY]
    found = keywords(*flags)
    assert found["client_certificates"] is True
    assert found["ssl_options"].verify_mode == ssl.CERT_REQUIRED
    found = keywords("--tls-client-cert=optional", "--api-keys=" + keys_file(entry()), *flags)
    assert "client_certificates" not in found
    assert found["ssl_options"].verify_mode == ssl.CERT_OPTIONAL


def test_proxies_are_passed_on():
    found = keywords("--trusted-proxies=10.0.0.0/8,unix:", "--forwarded-field=Forwarded")
    assert found["trusted_proxies"] == ["10.0.0.0/8", "unix:"]
    assert found["forwarded_field"] == "Forwarded"


@pytest.mark.parametrize("flags, complaint", [
    (["--tls-key=x"], "tls_key needs tls_cert"),
    (["--tls-client-ca=x"], "tls_client_ca needs tls_cert"),
    (["--tls-client-cert=optional"], "tls_client_cert=optional needs api_keys"),
    (["--api-keys=/nowhere", "--accept-org-header"], "accept_org_header is for clients without"),
    (["--api-keys=/nowhere"], "the file of API keys, /nowhere, cannot be read"),
    (["--tls-cert=/nowhere"], "the server's certificate, /nowhere, cannot be read"),
    (["--tls-cert=" + SERVER, "--tls-key=" + CLIENT], "is not that of the certificate"),
])
def test_what_cannot_be_used_is_one_line(flags, complaint):
    with pytest.raises(BadOption) as caught:
        keywords(*flags)
    assert [each for each in caught.value.reasons if complaint in each]
    assert not any("\n" in each for each in caught.value.reasons)


def test_a_mistake_in_the_file_of_keys_names_the_entry(keys_file):
    """With the names of permissions that there are."""
    path = keys_file(entry(), entry(id="0" * 12, allow=["serach"]))
    with pytest.raises(BadOption) as caught:
        keywords("--api-keys=" + path)
    assert "%s: entry 2 ('a'): 'serach' is not a permission: write \"import\", \"search\", " % (
        path) in str(caught.value)


def sdk(host, *flags):
    return sdk_maker([host], read_options(list(flags), {}))()


def test_a_cmdb_over_tls_is_called_with_these_files(io_loop):
    made = sdk("https://cmdb.test", "--upstream-ca=" + AUTHORITY, "--upstream-cert=" + CLIENT,
               "--upstream-key=" + CLIENT)
    assert (made.session.verify, made.session.cert) == (AUTHORITY, (CLIENT, CLIENT))
    made = sdk("https://cmdb.test", "--upstream-cert=" + CLIENT)
    assert (made.session.verify, made.session.cert) == (True, CLIENT)


def test_readiness_is_asked_over_the_same_tls(io_loop):
    """Otherwise a gateway with an authority of its own would never be ready."""
    options = read_options(["--upstream-ca=" + AUTHORITY, "--upstream-cert=" + CLIENT], {})
    probe = Operating(options, ["https://cmdb.test"]).probe()
    assert (probe.session.verify, probe.session.cert) == (AUTHORITY, CLIENT)


@pytest.mark.parametrize("host, flags, complaint", [
    ("cmdb:80", ["--upstream-ca=" + AUTHORITY], "upstream_ca needs an upstream that begins with"),
    ("http://cmdb", ["--upstream-cert=" + CLIENT], "upstream_cert needs an upstream that begins"),
    ("https://cmdb", ["--upstream-ca=/nowhere"], "/nowhere, cannot be read"),
    ("https://cmdb", ["--upstream-cert=" + AUTHORITY], "has no private key in PEM"),
    ("https://cmdb", ["--upstream-key=" + CLIENT], "has no certificate beside it"),
])
def test_files_of_calls_are_checked_at_the_start(host, flags, complaint):
    """Not by the first call. A certificate for a plain connection is a mistake."""
    with pytest.raises(BadOption) as caught:
        sdk(host, *flags)
    assert complaint in str(caught.value)


def test_the_application_gets_all_of_it(keys_file, current_loop):
    """What `app_maker` makes has the keys, TLS and the proxies."""
    options = read_options([
        "--api-keys=" + keys_file(entry()), "--tls-cert=" + SERVER,
        "--trusted-proxies=127.0.0.1"], {})
    application = app_maker(options, ["cmdb.test"])()
    assert isinstance(application.ssl_options, ssl.SSLContext)
    assert len(application.head_checks) == 2
    application.shutdown()
