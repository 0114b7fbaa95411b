"""Downloads: what is behind a URL becomes a file."""

from __future__ import absolute_import, division, print_function

import io
import os
import re

from tornado import gen
from tornado.escape import native_str, to_unicode

import waterspout
from waterspout.exceptions import RequestException
from waterspout_cmdb.bulk.errors import BulkError

_URL = re.compile(r"https?://", re.IGNORECASE)
_SECRETS = re.compile(u"//[^/?#]*@|[?#].*")
_ODD = re.compile(r"[^A-Za-z0-9._-]+")

_CHUNK = 1 << 18
#: Seconds without a byte.
_TIMEOUT = 60


def is_url(name):
    # type: (str) -> bool
    """Say whether the name of an input is a URL."""
    return bool(_URL.match(name))


@gen.coroutine
def download(url, folder, max_bytes):
    # type: (str, str, int) -> Future[str]
    """Return a Future of the path of a file with what is behind a URL.

    Args:
        url: of http or https; its user and password are sent, and shown in no error.
        folder: where the file is written, under the last part of the URL's path.
        max_bytes: what is longer is refused.
    Raises: BulkError: it cannot be fetched, and why.
    """
    path = os.path.join(folder, _file_name(url))
    session = waterspout.Session(timeout=_TIMEOUT)
    try:
        yield _fetch(session, url, path, max_bytes)
    except (RequestException, ValueError) as error:
        raise BulkError(u"%s cannot be fetched (%s)" % (shown(url), _without(url, error)))
    except (IOError, OSError) as error:
        raise BulkError(u"%s cannot be written to %s (%s)" % (
            shown(url), to_unicode(path), error.strerror or error))
    finally:
        yield session.close()
    raise gen.Return(path)


@gen.coroutine
def _fetch(session, url, path, max_bytes):
    response = yield session.get(url, stream=True)
    if response.status_code != 200:
        response.close()
        raise BulkError(
            u"%s answers %d %s; open it in a browser, save the file, and import that" % (
                shown(url), response.status_code, to_unicode(response.reason or "")))
    pieces, size = response.iter_content(_CHUNK), 0
    with io.open(path, "wb") as file:
        while True:
            piece = yield pieces.next()
            if not piece:
                return
            size += len(piece)
            if size > max_bytes:
                response.close()
                raise BulkError(u"%s has more than %d MB; save it, and import the file" % (
                    shown(url), max_bytes >> 20))
            file.write(piece)


def shown(url):
    # type: (str) -> Text
    """Return a URL without its user, password and query, which may be secret."""
    return _SECRETS.sub(lambda match: u"//" if match.group()[0] == u"/" else u"", to_unicode(url))


def _without(url, error):
    """Return an error's text without the URL, which it may show as a whole."""
    text = to_unicode(native_str(u"%s" % (error,)))
    for each in (to_unicode(url), _query_of(to_unicode(url)), _user_of(to_unicode(url))):
        if each:
            text = text.replace(each, u"...")
    return text or type(error).__name__


def _query_of(url):
    return url.partition(u"?")[2]


def _user_of(url):
    match = re.match(u"[a-zA-Z]+://([^/?#]*)@", url)
    return match.group(1) if match else u""


def _file_name(url):
    name = re.split(r"[?#]", url.split("//", 1)[1], maxsplit=1)[0].rstrip("/").rpartition("/")[2]
    return _ODD.sub("_", native_str(name))[-100:].lstrip(".") or "download"
