"""Errors of a process or system that has no file descriptor, memory or thread left."""

from __future__ import absolute_import, division, print_function

import errno
import os
import socket
import ssl

#: The error numbers of system calls in that state: open, socket, accept, connect, epoll_ctl, fork.
ERRNOS = (errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, errno.ENOSPC)


def is_shortage(error):
    # type: (BaseException) -> bool
    """Whether ``error`` is a system error of that kind. (ssl.SSLError has other numbers.)"""
    return not isinstance(error, ssl.SSLError) and getattr(error, "errno", None) in ERRNOS


def lacking(descriptors=1):
    # type: (int) -> Optional[IOError]
    """The system's error if so many descriptors cannot be opened now, else None.

    To be called after a failure of a library that does not give the reason: getaddrinfo, libcurl,
    OpenSSL.
    """
    opened = []
    try:
        for _ in range(descriptors):
            opened.append(os.open(os.devnull, os.O_RDONLY))
    except EnvironmentError as error:
        return IOError(error.errno, error.strerror) if is_shortage(error) else None
    finally:
        for descriptor in opened:
            os.close(descriptor)
    return None


def true_cause(error):
    # type: (BaseException) -> BaseException
    """The system's error where ``error`` only follows from a shortage, else ``error`` itself.

    Without a descriptor getaddrinfo reports that the name does not exist; where mDNS is
    installed (libnss-mdns), it reports EBUSY, of which urllib3 keeps the text alone.
    """
    of_lookup = isinstance(error, socket.gaierror) or "[Errno %d]" % errno.EBUSY in str(error)
    return of_lookup and lacking() or error
