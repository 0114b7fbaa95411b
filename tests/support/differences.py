"""Where we differ from requests on purpose, and where one transport cannot do what others can.

docs/compatibility.md has both for users. tests/differential checks every entry of the first on both
sides; a test that meets an entry of the second is skipped with its reason.
"""

from __future__ import absolute_import, division, print_function

import pytest

#: name: (what requests does, what we do and why). Each has its test of this name.
FROM_REQUESTS = {
    # URLs and queries
    "default_port": (
        "keeps ':80' in response.url",
        "removes it: one origin has one spelling. The Host header is the same",
    ),
    "userinfo_in_url": (
        "keeps user and password in response.url",
        "removes them, since URLs are logged. The Authorization header is the same",
    ),
    "double_slash": (
        "collapses leading slashes in some of its versions",
        "keeps them: //a is another path than /a",
    ),
    "stray_percent": (
        "escapes the whole query twice if params= is text with a stray '%'",
        "escapes each character once",
    ),
    "tilde_on_27": (
        "escapes '~' in forms and params on 2.7, not on 3",
        "never escapes it (RFC 3986 section 2.3): every Python sends the same bytes",
    ),
    "params_type": (
        "cannot take text params= beyond ASCII on 2.7, nor such bytes on 3",
        "takes both, as UTF-8",
    ),
    "idna": (
        "encodes host names by IDNA 2008 (package idna)",
        "encodes them by IDNA 2003 (standard library). The two differ for a few letters, such as "
        "sharp s",
    ),
    "host_characters": (
        "accepts escapes in a host, and white space with an old urllib3",
        "refuses them: no resolver knows such a name",
    ),
    "url_objects": (
        "calls str() on any object that is given as a URL",
        "accepts only text and bytes: None is not a host",
    ),
    # Headers and methods
    "user_agent": (
        "sends python-requests/...",
        "sends waterspout/...",
    ),
    "connection_header": (
        "sends Connection: keep-alive",
        "leaves it to the transport; HTTP/1.1 keeps connections by default",
    ),
    "accept_encoding": (
        "offers br and zstd if those packages are installed",
        "does so only with packages that can limit the decoded size: brotli 1.2 or newer",
    ),
    "header_characters": (
        "accepts control characters other than CR and LF in header values, and invalid header "
        "names",
        "refuses them, as RFC 9110 section 5 requires",
    ),
    "trailing_space": (
        "keeps white space at the end of a header value, sent or received",
        "removes it: it is not part of the value (RFC 9110 section 5.5)",
    ),
    "method_characters": (
        "accepts any text as a method",
        "accepts only a token, as RFC 9110 section 9 requires",
    ),
    "sent_request": (
        "returns the request given to `Session.send` itself as `response.request`, changed",
        "sends a copy: one request may be sent many times at once",
    ),
    # Bodies that are sent
    "empty_form": (
        "sends an empty form as a chunked body without a last chunk",
        "sends Content-Length: 0",
    ),
    "nested_text_on_27": (
        "cannot encode text beyond ASCII in a nested list on 2.7",
        "encodes it as on 3",
    ),
    "text_body_on_27": (
        "cannot send text beyond ASCII as a body on 2.7",
        "sends it as UTF-8, as on 3",
    ),
    "text_file": (
        "sends a file opened as text with its size on disk as length, or reads all of it into "
        "memory",
        "sends it as UTF-8: with its length up to 1 MiB, in chunks beyond",
    ),
    "empty_file": (
        "sends an empty file as a chunked body without a last chunk",
        "sends Content-Length: 0",
    ),
    "untrue_size": (
        "announces the size that the file system reports, which is wrong under /sys: the request "
        "never ends",
        "treats the size as unknown: sends chunks, or reads a part of a form first, up to 1 MiB",
    ),
    "changed_file": (
        "sends whatever the file contains while it is sent, whatever length was announced",
        "raises BodyChanged before the request is complete",
    ),
    "multipart_names": (
        "leaves control characters in the names of multipart parts as they are; before urllib3 2 "
        "it escapes all but one of them and doubles backslashes",
        "escapes CR, LF, quotes and all control characters, as %0D, and leaves backslashes alone",
    ),
    "multipart_fields": (
        "sends the header fields of a multipart part unchecked, and a Content-Type in unusual "
        "case twice",
        "checks them like other header fields and writes the part's own once",
    ),
    # Authentication
    "userinfo_charset": (
        "sends user and password of a URL as Latin-1, or fails if Latin-1 cannot encode them",
        "sends UTF-8, as RFC 7617 recommends",
    ),
    "auth_charset": (
        "sends text in `auth=` as Latin-1, or fails; an HTTPDigestAuth hashes UTF-8 and sends "
        "Latin-1",
        "sends UTF-8, as RFC 7617 recommends; bytes are sent as they are",
    ),
    "auth_types": (
        "calls str() on a user name or password that is not text, with a warning",
        "raises TypeError: 'None' is not a password",
    ),
    "cross_origin_auth": (
        "keeps headers other than Authorization that `auth=` has set, on every redirect",
        "sends what `auth=` has set to its own origin only",
    ),
    "cross_origin_credentials": (
        "keeps Authorization on a redirect from http to https on one host",
        "sends Authorization to its own origin only",
    ),
    "digest_fields": (
        "quotes algorithm and qop in a Digest answer, does not escape quotes in a user name, "
        "reads the whole header as one challenge, and omits cnonce without qop",
        "follows RFC 7616 section 3.4, and answers the first challenge that it can",
    ),
    "digest_redirect": (
        "sends the Digest answer for one target with a redirect to the next, and is challenged "
        "again",
        "signs each request for its own target; answered challenges are in the history, after the "
        "redirects",
    ),
    "cross_origin_digest": (
        "answers a Digest challenge of any host that a redirect leads to",
        "answers only challenges of the origin that was called",
    ),
    "digest_of_a_gone_body": (
        "answers a Digest challenge with the rest of a body that cannot be rewound",
        "raises UnrewindableBodyError",
    ),
    "netrc": (
        "reads netrc files unless told not to",
        "reads them only with `Session(trust_env=True)`",
    ),
    "netrc_and_userinfo": (
        "prefers a netrc file to a user in the URL since 2.32.4",
        "prefers the URL, as requests did before",
    ),
    # Cookies
    "cookies_without_domain": (
        "sends cookies of `cookies=`, and those set in a jar without a domain, to every host that "
        "a redirect leads to",
        "sends them only to the origin of the URL that was called",
    ),
    "cookie_domains": (
        "lets `10.1.2.3` set cookies for `2.3`, hosts without a dot for each other "
        "(Domain=local), and `shop.co.uk` for `co.uk`",
        "ignores such cookies: a Domain is a name above the host's, and not a country's second "
        "level",
    ),
    "host_only_cookies": (
        "sends a cookie that came without a Domain to subdomains of its host, too",
        "sends it to its host only (RFC 6265 section 5.4)",
    ),
    "expiring_cookies": (
        "lets every server remove the cookies of any other",
        "lets a server remove only what it may set",
    ),
    "cookie_limits": (
        "keeps any number of cookies of any length",
        "ignores a Set-Cookie of more than 4096 bytes; beyond 180 for a domain or 3000 in all it "
        "removes the oldest",
    ),
    "cookie_characters": (
        "sends names and values of cookies as they are given, including `;`",
        "raises InvalidHeader if they would become more than one cookie",
    ),
    "cookie_repr": (
        "shows the values of cookies in the repr of a jar",
        "shows only names, domains and paths",
    ),
    # Redirects and hooks
    "location_spelling": (
        "keeps dot segments and lower-case escapes of an absolute Location",
        "normalizes it like every other URL",
    ),
    "location_charset": (
        "fails on a Location that is not UTF-8; on 2.7 it sends its bytes",
        "reads it as Latin-1, as browsers do",
    ),
    "location_without_a_host": (
        "follows `Location: http:/x` to a path of the same host",
        "raises InvalidURL: an http URL has a host (RFC 9110 section 4.2.1)",
    ),
    "next_location": (
        "makes a `response.next` of any Location, and counts it in `max_redirects`",
        "reading `response.next` raises the error that following the redirect would raise, "
        "and does not count in `max_redirects`",
    ),
    "streamed_redirects": (
        "reads the whole body of a redirect, also with `stream=True`",
        "closes it unread then; its headers are in `history`",
    ),
    "hooks_uncallable": (
        "ignores hooks that cannot be called",
        "raises TypeError",
    ),
    "hooks_history": (
        "fills `history` after the hooks have run",
        "fills it before: a hook sees which redirect it handles",
    ),
    # Responses
    "unknown_coding": (
        "returns a body in an unknown coding as it is",
        "raises ContentDecodingError: such a body is of no use",
    ),
    "text_guess": (
        "guesses the charset of a body that declares none with a package, from the whole body; "
        "without a package assumes UTF-8",
        "uses UTF-8 if the body is valid UTF-8; else it asks such a package about the first 4 "
        "KiB; without one it uses Latin-1",
    ),
    "not_a_charset": (
        "accepts every codec of Python as a charset, also one that takes quadratic time",
        "treats a codec that is not a charset as unknown, so uses UTF-8",
    ),
    "json_charset": (
        "decodes JSON by the declared charset, or the one that its type implies",
        "first applies JSON's own rule (UTF-8, -16 or -32), so that text/plain does not garble it",
    ),
    "streamed_content": (
        "reads a streamed body on access to `content` or `text`",
        "raises ResponseNotRead, since reading would block the IOLoop: `read()` it first",
    ),
    "piece_size": (
        "returns one byte at a time from `iter_content()` without a size",
        "returns pieces as they arrive",
    ),
    "size_zero": (
        "returns everything for a chunk_size of 0 or less, or never ends",
        "raises ValueError",
    ),
    "unknown_charset_in_pieces": (
        "raises LookupError in iter_content(decode_unicode=True) for an unknown charset",
        "uses UTF-8 with replacements, as `text` does",
    ),
    "cut_line_ends": (
        "splits a CRLF that lies across two pieces into two lines, and loses or adds a line at a "
        "delimiter",
        "iter_lines() returns the lines of the whole body, however it arrives",
    ),
    "quoted_links": (
        "splits a Link header at commas and '=' inside quotes",
        "keeps quoted text together",
    ),
    "raw": (
        "has `response.raw`, the response of urllib3",
        "does not have it: iter_content() returns the body; the undecoded one is not kept",
    ),
    "length_and_chunked": (
        "follows the chunks of a response with Content-Length and Transfer-Encoding",
        "raises RemoteProtocolError: this is how responses are split (RFC 9112 section 6.3)",
    ),
    "response_field_names": (
        "accepts any text, such as `a/b`, as the name of a response's header field",
        "raises RemoteProtocolError unless it is a token (RFC 9110 section 5.1)",
    ),
    "field_without_a_colon": (
        "skips a header line without a colon; on 3 all lines from there on",
        "raises RemoteProtocolError: the skipped field may be the one that frames the body",
    ),
    # TLS, proxies, environment
    "trust_env": (
        "uses the environment's proxies and authorities unless session.trust_env is False",
        "uses them only with trust_env=True: a service decides itself where it connects",
    ),
    "no_proxy_given": (
        "reads no_proxy in proxies= only for the environment's proxies",
        "applies it also to the proxies given with it",
    ),
    "no_proxy_suffix": (
        "applies 'example.com' in no_proxy to notexample.com as well, before 2.34",
        "applies it to that name and its subdomains",
    ),
    "no_proxy_port": (
        "applies 'host:80' in no_proxy to http://host:80/ but not to http://host/",
        "applies it to both: they are one origin",
    ),
    "no_proxy_redirect": (
        "follows a redirect to a host in NO_PROXY through the environment's proxy of the first URL",
        "decides again for each URL",
    ),
    "proxy_kinds": (
        "connects to https:// proxies by TLS, and to SOCKS proxies if PySocks is installed",
        "raises Unsupported: it connects to proxies in plain HTTP only",
    ),
    "proxy_authorization": (
        "sends a Proxy-Authorization header of the caller through the tunnel, to the server",
        "sends it to the proxy only, with CONNECT",
    ),
    "verify_falsy": (
        "treats None, 0 and '' in session.verify as False",
        "only False switches verification off; others are a TypeError, or a path that does not "
        "exist",
    ),
    "missing_certificates": (
        "raises a plain OSError for a CA or certificate file that does not exist",
        "raises an SSLError, which is an OSError, too, with its request",
    ),
    "insecure_warning": (
        "warns about calls with verify=False",
        "does not warn",
    ),
}

#: (transport, what): why. The others can.
LIMITS = {
    ("curl", "head_with_body"): "libcurl cannot send a HEAD with a body: LocalProtocolError",
    ("curl", "waiting_bytes"): (
        "libcurl may reuse a connection that has unread bytes, mainly before 8.1"
    ),
    ("curl", "fresh_connection"): (
        "a body that is read while it is sent uses a new connection: on a kept one that the "
        "server has closed, libcurl would ask for the body again"
    ),
    ("curl", "log"): "Tornado logs URLs with their queries at DEBUG, but no credentials",
    ("curl", "pause"): (
        "with a pycurl before 7.45, as on 2.7, no stream=True and no body that waits for Futures: "
        "Unsupported"
    ),
    ("threads", "early_answer"): (
        "http.client reads no response before the whole body is sent: WriteTimeout if the server "
        "stops reading"
    ),
    ("threads", "futures_in_body"): (
        "a body comes from bytes, a file or an iterator: an asynchronous iterator is Unsupported"
    ),
    ("threads", "late_pieces"): (
        "with an old urllib3, a body with a length is streamed in pieces of 64 KiB, not as it "
        "arrives"
    ),
    ("threads", "cut_head"): (
        "http.client treats the end of the stream as the end of the header fields"
    ),
    ("threads", "informational"): (
        "http.client treats an informational response other than 100 as the final one: "
        "RemoteProtocolError"
    ),
    ("threads", "hundred_fields"): "http.client reads 100 header fields: ResponseTooLarge",
    ("curl", "odd_chunk_lines"): (
        "libcurl accepts a bare LF at the end of chunk lines and trailer fields, and does not "
        "report blanks after a chunk size: the connection may be reused"
    ),
    ("threads", "odd_chunk_lines"): (
        "urllib3 accepts as a chunk size whatever `int()` accepts, and a bare LF at the end of "
        "its line: the connection may be reused"
    ),
    ("threads", "two_lengths"): "urllib3 refuses contradicting lengths even if there is no body",
    ("threads", "odd_heads"): (
        "http.client reports neither bare LFs in a header section nor a 100 that announces a "
        "body: the connection may be reused"
    ),
    ("threads", "handshake"): (
        "as in requests, a TLS handshake that stalls is a ReadTimeout, and one that is cut off a "
        "ReadError"
    ),
    ("threads", "log"): (
        "urllib3 logs paths and queries at DEBUG, as with requests, but no credentials"
    ),
    ("threads", "stopping"): (
        "a thread cannot be stopped: it and its connection stay busy until its own timeout"
    ),
    ("pooled", "addresses"): "2.7's ssl verifies no certificate for an IP address: SSLError",
    ("tornado", "addresses"): "2.7's ssl verifies no certificate for an IP address: SSLError",
    ("threads", "addresses"): "2.7's ssl verifies no certificate for an IP address: SSLError",
    ("tornado", "trailers"): "the simple client refuses trailer fields and chunk extensions",
    ("tornado", "no_reason"): (
        "the simple client refuses a status line without a space after the status"
    ),
    ("tornado", "keep_alive"): "the simple client opens a connection for every exchange",
    ("tornado", "early_answer"): (
        "the simple client reads no response before the whole body is sent: WriteError if the "
        "server hangs up earlier"
    ),
    ("tornado", "folds"): "newer simple clients refuse a folded header field",
    ("tornado", "field_case"): "Tornado normalizes the names of header fields: X-Request-Id",
}


def skip_if_limited(transport, what):
    """Skip a test of what this transport is declared not to do."""
    if (transport, what) in LIMITS:
        pytest.skip(LIMITS[transport, what])


def skip_unless_streaming(transport):
    """Skip a test of ``stream=True`` where pycurl is too old for it."""
    if transport == "curl":
        from waterspout.transports.curl.curl_upload import CAN_PAUSE

        if not CAN_PAUSE:
            pytest.skip(LIMITS["curl", "pause"])
