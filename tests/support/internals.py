"""What no answer to a client may have in it, and errors whose texts are full of it."""

from __future__ import absolute_import, division, print_function

import errno
import re
import socket

import tornado.web

from waterspout import exceptions

#: The text of an error: a host, an address, a path, a user and a token.
TEXT = ("POST http://secret-host.internal:8079/secret-path failed: 10.11.12.13:8079 refused it, "
        "reading /etc/secret/key.pem, user=admin, token=hunter2")

_INTERNAL = re.compile(
    r"secret|internal:|\.internal|10\.11\.12\.13|:8079|/etc/|\.pem|admin|hunter2|Traceback|\.py\b|"
    r"[a-z]Error\b|Exception|line \d|0x[0-9a-f]{6}|object at|waterspout|tornado|site-packages|"
    r"errno|refused it", re.IGNORECASE)


def internals_in(response):
    """What is internal in a response: in its fields or its body. The sentences are not."""
    text = "\n".join("%s: %s" % field for field in response.headers.items()) + response.text
    return _INTERNAL.findall(text)


def errors_of_waterspout():
    """One of each class, by its name."""
    found = {}
    for name in dir(exceptions):
        value = getattr(exceptions, name)
        if isinstance(value, type) and issubclass(value, exceptions.RequestException):
            found[name] = value(TEXT)
    return found


def other_errors():
    """What bugs, files and sockets raise."""
    return {
        "ValueError": ValueError(TEXT),
        "KeyError": KeyError(TEXT),
        "AssertionError": AssertionError(TEXT),
        "RuntimeError": RuntimeError(TEXT),
        "TypeError with an object": TypeError(object(), TEXT),
        "EnvironmentError": EnvironmentError(errno.ENOENT, TEXT, "/etc/secret/key.pem"),
        "gaierror": socket.gaierror(-2, TEXT),
        "timeout": socket.timeout(TEXT),
        "UnicodeDecodeError": UnicodeDecodeError("utf-8", b"secret", 0, 1, "secret"),
        "HTTPError 500": tornado.web.HTTPError(500, TEXT),
        "HTTPError 404": tornado.web.HTTPError(404, TEXT),
        "HTTPError 418": tornado.web.HTTPError(418, "%s", TEXT),
        "HTTPError 777": tornado.web.HTTPError(777, TEXT),
        "MemoryError": MemoryError(TEXT),
    }
