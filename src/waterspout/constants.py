"""Every default, with its unit and its reason. All of them are options of ``Session``."""

from __future__ import absolute_import, division, print_function

#: Seconds to connect, and seconds between two bytes of a response. requests waits for ever,
#: which in a service means that one dead upstream holds every handler.
TIMEOUT = 10.0

#: The user that an SDK names where it names an organisation and no user.
USER = "defaultUser"

#: The way bytes travel unless another one is named: it is there wherever Tornado is.
TRANSPORT = "pooled"

#: Connections at a time, over all origins. requests keeps 10 per host, aiohttp 100 in all;
#: Tornado's 10 in all lets one slow upstream starve the others.
MAX_CONNECTIONS = 100

#: Threads of the ``threads`` transport: what a service process can run beside its IOLoop
#: without the interpreter lock becoming the limit.
MAX_WORKERS = 8

#: Redirects followed in one call, as in requests.
MAX_REDIRECTS = 30

#: Bytes of a response body, on the wire and once decompressed: Tornado's ``max_buffer_size``.
MAX_BODY_BYTES = 100 * 1024 * 1024

#: Bytes of a response's start line and header fields: Tornado's default; nginx sends at most
#: 32 KiB.
MAX_HEADER_BYTES = 64 * 1024

#: Bytes of a response's start line: RFC 9112 section 3 asks for 8,000 in those of requests, and
#: a reason phrase needs less.
MAX_START_LINE_BYTES = 8 * 1024

#: Fields in a response's head: as in Python's own ``http.client``, and Apache's default.
MAX_HEADER_FIELDS = 100

#: Calls that may wait for a connection. More would only wait to time out: better to say so.
MAX_QUEUED = 10000

#: Seconds that a connection may idle: less than the 75 s after which nginx closes it.
MAX_IDLE = 60.0

#: Seconds after which a connection is not used again, so that a host that moved is found.
MAX_AGE = 600.0

#: Bytes of a ``Set-Cookie``, and cookies kept of one domain and in one jar: a longer one is
#: ignored, of more the oldest are forgotten. RFC 6265 section 6.1 wants 4096, 50 and 3000;
#: browsers keep 180 of a domain. requests has no limit, so that a server can fill the memory.
MAX_COOKIE_BYTES = 4096
MAX_COOKIES_PER_DOMAIN = 180
MAX_COOKIES = 3000

#: Codings in one ``Content-Encoding``, as in urllib3: more is an attack, not a server.
MAX_CONTENT_CODINGS = 5

#: Bytes asked of a decompressor, or read by a worker thread, at a time.
CHUNK_BYTES = 64 * 1024

#: Bytes of a streamed response held for a reader that is slower than the server.
STREAM_BUFFER_BYTES = 256 * 1024
