"""ServerTLS checks its options at once, and follows its files while the server runs."""

from __future__ import absolute_import, division, print_function

import os
import shutil
import ssl

import pytest
from certificates import AUTHORITY, OTHER_NAME, SELF_SIGNED, SERVER, server_context
from shortages import no_descriptors

from waterspout._net.server_tls import ServerTLS


@pytest.fixture
def certfile(tmpdir):
    path = str(tmpdir.join("server.pem"))
    shutil.copy(SERVER, path)
    return path


def replace(path, content_of):
    """As a tool that renews certificates does."""
    shutil.copy(content_of, path + ".new")
    os.rename(path + ".new", path)


def test_a_context_is_used_as_it_is():
    context = server_context(SERVER)
    assert ServerTLS(context).context() is context


@pytest.mark.parametrize("options, error, text", [
    ({}, KeyError, 'missing key "certfile" in ssl_options'),
    ({"keyfile": SERVER}, KeyError, 'missing key "certfile" in ssl_options'),
    ({"certfile": "/nowhere"}, ValueError, 'certfile "/nowhere" does not exist'),
    ({"certfile": SERVER, "keyfile": "/nowhere"}, ValueError, 'keyfile "/nowhere" does not exist'),
])
def test_missing_files_are_refused_at_once_as_by_tornado(options, error, text):
    with pytest.raises(error) as raised:
        ServerTLS(options)
    assert text in str(raised.value)


def test_a_certificate_that_cannot_be_loaded_is_an_error_when_it_is_needed():
    """Tornado constructs a server with an unusable certificate, and so does ours."""
    tls = ServerTLS({"certfile": AUTHORITY})  # It has no key.
    for _ in range(2):
        with pytest.raises((IOError, ssl.SSLError)):
            tls.context()


def test_all_options_of_tornado_are_in_the_context():
    context = ServerTLS({
        "certfile": SERVER, "keyfile": SERVER, "ca_certs": AUTHORITY,
        "cert_reqs": ssl.CERT_REQUIRED, "ciphers": "ECDHE-RSA-AES128-GCM-SHA256",
        "ssl_version": getattr(ssl, "PROTOCOL_TLS_SERVER", ssl.PROTOCOL_SSLv23),
    }).context()
    assert context.verify_mode == ssl.CERT_REQUIRED and len(context.get_ca_certs()) == 1


def test_a_context_is_kept_until_a_file_changes(certfile):
    """A renewed certificate needs no restart."""
    tls = ServerTLS({"certfile": certfile})
    first = tls.context()
    assert tls.context() is first
    replace(certfile, SELF_SIGNED)
    second = tls.context()
    assert second is not first and tls.context() is second


@pytest.mark.parametrize("changed", ["keyfile", "ca_certs"])
def test_other_files_are_followed_too(changed, certfile, tmpdir):
    other = str(tmpdir.join("other.pem"))
    shutil.copy(SERVER if changed == "keyfile" else AUTHORITY, other)
    tls = ServerTLS({"certfile": certfile, changed: other})
    first = tls.context()
    replace(other, SERVER)
    assert tls.context() is not first


@pytest.mark.parametrize("bad", ["no key", "garbage", "missing"])
def test_unusable_new_files_leave_the_old_certificate(bad, certfile, caplog, tmpdir):
    """One warning for each change; the next usable one is taken."""
    tls = ServerTLS({"certfile": certfile})
    first = tls.context()
    for number in (1, 2):
        if bad == "missing":
            if os.path.exists(certfile):
                os.remove(certfile)
            else:
                number = 1  # It is still missing: no change.
        else:
            garbage = tmpdir.join("garbage")
            garbage.write("x" * number)
            replace(certfile, AUTHORITY if bad == "no key" else str(garbage))
        assert tls.context() is first and tls.context() is first
        assert [record.name for record in caplog.records] == ["waterspout.server"] * number
        assert certfile in caplog.text
    replace(certfile, OTHER_NAME)
    assert tls.context() is not first


def test_a_shortage_of_descriptors_is_not_an_unusable_file(certfile, caplog):
    """The changed certificate is loaded as soon as that is possible."""
    tls = ServerTLS({"certfile": certfile})
    first = tls.context()
    replace(certfile, SELF_SIGNED)
    with no_descriptors():
        assert tls.context() is first
    assert tls.context() is not first and caplog.records == []
