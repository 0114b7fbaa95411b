"""Every default, with its unit and its reason. All of them are options of ``Session``."""

from __future__ import absolute_import, division, print_function

#: Seconds to connect, and seconds between two bytes of a response. requests has no limit, so that
#: in a service one dead upstream would block every handler.
TIMEOUT = 10.0

#: The user that an SDK names where it names an organisation and no user.
USER = "defaultUser"

#: The default transport, which needs nothing but Tornado.
TRANSPORT = "pooled"

#: Simultaneous connections to all origins together. requests keeps 10 per host, aiohttp 100 in all;
#: with Tornado's 10 in all, one slow upstream can use all of them.
MAX_CONNECTIONS = 100

#: Threads of the ``threads`` transport: as many as a service process can run beside its IOLoop
#: before the interpreter lock becomes the limit.
MAX_WORKERS = 8

#: Redirects followed in one call, as in requests.
MAX_REDIRECTS = 30

#: Bytes of a response body, on the wire and once decompressed: Tornado's ``max_buffer_size``.
MAX_BODY_BYTES = 100 * 1024 * 1024

#: Bytes of a response's start line and header fields: Tornado's default; nginx sends at most
#: 32 KiB.
MAX_HEADER_BYTES = 64 * 1024

#: Bytes of a response's status line: RFC 9112 section 3 recommends 8,000 for request lines, and a
#: reason phrase needs less.
MAX_START_LINE_BYTES = 8 * 1024

#: Fields in a response's head: as in Python's own ``http.client``, and Apache's default.
MAX_HEADER_FIELDS = 100

#: Calls that may wait for a connection. More would only wait until they time out.
MAX_QUEUED = 10000

#: Seconds that a connection may be idle: less than the 75 s after which nginx closes it.
MAX_IDLE = 60.0

#: Seconds after which a connection is not reused, so that changes of DNS take effect.
MAX_AGE = 600.0

#: Bytes of a ``Set-Cookie``, and cookies kept for one domain and in one jar. A longer one is
#: ignored; if there are more, the oldest are removed. RFC 6265 section 6.1 recommends 4096, 50 and
#: 3000; browsers keep 180 for a domain. requests has no limit: a server can fill the memory.
MAX_COOKIE_BYTES = 4096
MAX_COOKIES_PER_DOMAIN = 180
MAX_COOKIES = 3000

#: Codings in one ``Content-Encoding``, as in urllib3: more of them are an attack.
MAX_CONTENT_CODINGS = 5

#: Bytes that a decompressor returns, or a worker thread reads, at a time.
CHUNK_BYTES = 64 * 1024

#: Bytes of a streamed response held for a reader that is slower than the server.
STREAM_BUFFER_BYTES = 256 * 1024
