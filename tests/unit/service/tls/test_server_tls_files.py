"""`server_tls` names the file that is wrong, and what is wrong with it."""

from __future__ import absolute_import, division, print_function

import logging
import os
import shutil
import ssl
import time

import pytest
from certificates import AUTHORITY, CLIENT, ENCRYPTED_KEY, EXPIRED, SELF_SIGNED, SERVER

from waterspout.service import ConfigurationError, server_tls
from waterspout.service._tls.pem_files import validity
from waterspout.service.configuration_files import MAX_BYTES


@pytest.fixture
def write(tmpdir):
    def write(content):
        file = tmpdir.join("file.pem")
        file.write(content, "wb")
        return str(file)

    return write


@pytest.fixture
def private(tmpdir):
    """Copies a file so that only its owner may read it."""

    def private(path, mode=0o600):
        copy = str(tmpdir.join("private.pem"))
        shutil.copyfile(path, copy)
        os.chmod(copy, mode)
        return copy

    return private


def complaint(*args, **kwargs):
    with pytest.raises(ConfigurationError) as caught:
        server_tls(*args, **kwargs)
    return str(caught.value)


def test_usable_files_make_a_context_with_secure_defaults():
    """TLS 1.2 and newer, no compression; clients are not asked for certificates."""
    context = server_tls(SERVER)
    assert isinstance(context, ssl.SSLContext)
    assert context.verify_mode == ssl.CERT_NONE
    assert context.options & ssl.OP_NO_COMPRESSION
    assert context.options & ssl.OP_CIPHER_SERVER_PREFERENCE


def test_key_may_be_in_a_file_of_its_own(tmpdir):
    key = str(tmpdir.join("key.pem"))
    shutil.copy(SERVER, key)
    assert server_tls(SERVER, key)


@pytest.mark.parametrize("client_cert, mode", [
    ("required", ssl.CERT_REQUIRED), ("optional", ssl.CERT_OPTIONAL)])
def test_client_certificates_are_asked_for(client_cert, mode):
    context = server_tls(SERVER, client_ca=AUTHORITY, client_cert=client_cert)
    assert context.verify_mode == mode and len(context.get_ca_certs()) == 1


def test_missing_files_are_named(tmpdir):
    """Each with what it would have been."""
    missing = str(tmpdir.join("missing.pem"))
    why = missing + ", cannot be read: No such file or directory"
    assert complaint(missing) == "the server's certificate, " + why
    assert complaint(SERVER, missing) == "the private key of the server's certificate, " + why
    assert complaint(SERVER, client_ca=missing) == (
        "the list of authorities of client certificates, " + why)
    assert "cannot be read" in complaint(str(tmpdir))


def test_key_of_another_certificate_is_named():
    """With both files; whether it is of the same kind (EC here) or not."""
    for other in (CLIENT, SELF_SIGNED):
        assert complaint(SERVER, other) == (
            "the private key of the server's certificate, %s, is not that of the certificate %s"
            % (other, SERVER))


@pytest.mark.parametrize("traditional", [False, True])
def test_encrypted_key_is_refused_without_asking_on_the_terminal(traditional, write):
    """The error says how to decrypt it."""
    path = ENCRYPTED_KEY
    if traditional:
        path = write(b"-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n"
                     b"DEK-Info: AES-128-CBC,00\n\nAA==\n-----END RSA PRIVATE KEY-----\n")
    text = complaint(SERVER, path)
    assert text.startswith("the private key of the server's certificate, %s, is encrypted" % path)
    assert "openssl pkey -in %s" % path in text


@pytest.mark.parametrize("content, why", [
    (b"", "has no certificate in PEM; it is empty"),
    (b"0\x82\x01", "has no certificate in PEM; it is not in PEM (no line begins with -----BEGIN)"),
    (b"-----BEGIN EC PRIVATE KEY-----\n", "has no certificate in PEM; it has: EC PRIVATE KEY"),
])
def test_file_without_a_certificate_says_what_it_has(content, why, write):
    path = write(content)
    assert complaint(path, SERVER) == "the server's certificate, %s, %s" % (path, why)


def test_file_without_a_key_says_what_it_has():
    """The commonest mistake: the certificate twice."""
    assert complaint(AUTHORITY) == (
        "the private key of the server's certificate, %s, has no private key in PEM; it has: "
        "CERTIFICATE" % AUTHORITY)


@pytest.mark.parametrize("argument", ["certfile", "keyfile", "client_ca"])
def test_damaged_files_are_named(argument, write):
    """Of the right kind, but cut off."""
    label = "EC PRIVATE KEY" if argument == "keyfile" else "CERTIFICATE"
    text = "-----BEGIN %s-----\nMIIB\n-----END %s-----\n" % (label, label)
    path = write(text.encode("ascii"))
    arguments = {"certfile": SERVER, "keyfile": SERVER, argument: path}
    text = complaint(**arguments)
    assert path in text and "cannot be used" in text


def test_endless_files_are_not_read(write):
    """Such as /dev/zero, or a disk image."""
    assert "is longer than" in complaint(write(b"x" * (MAX_BYTES + 1)))


@pytest.mark.parametrize("arguments", [
    {"client_cert": "maybe"}, {"client_cert": None}, {"min_version": "1.1"}, {"min_version": 1.2}])
def test_unknown_choices_are_refused(arguments):
    with pytest.raises(ValueError) as caught:
        server_tls(SERVER, **arguments)
    assert list(arguments)[0] in str(caught.value)


def test_expired_certificate_is_used_and_reported(private, caplog):
    """A service with an expired certificate is better than none; its operator must know."""
    path = private(EXPIRED)
    assert server_tls(path)
    (record,) = caplog.records
    assert record.levelno == logging.WARNING
    assert record.getMessage() == (
        "The server's certificate, %s, expired on 2001-01-01 00:00 UTC: clients will refuse it"
        % path)


@pytest.mark.parametrize("days, text", [
    (15, None), (13, "expires on "), (0.01, "expires on "), (-1, "expired on "),
    (36600, "is not valid before ")])
def test_dates_of_the_certificate_are_reported(days, text, private, caplog, monkeypatch):
    """Two weeks before its end, and if the clock of the machine is wrong."""
    path = private(SERVER)
    now = validity(path)[1] - days * 86400
    monkeypatch.setattr(time, "time", lambda: now)
    server_tls(path)
    messages = [record.getMessage() for record in caplog.records]
    if text is None:
        assert messages == []
    else:
        assert len(messages) == 1 and text in messages[0] and path in messages[0]


@pytest.mark.parametrize("mode, warned", [(0o644, True), (0o640, False), (0o600, False)])
def test_key_that_everyone_may_read_is_reported(mode, warned, private, caplog):
    """A group may: it is how keys are shared with a service."""
    key = private(SERVER, mode)
    server_tls(SERVER, key)
    assert ("Every user of this machine may read" in caplog.text) is warned
    assert (key in caplog.text) is warned


def test_warnings_may_be_reported_elsewhere(private, caplog):
    """As text, for a program that shows them in another way."""
    found = []
    server_tls(private(EXPIRED, 0o644), report=found.append)
    assert len(found) == 2 and "Every user" in found[0] and "expired" in found[1]
    assert caplog.records == []
