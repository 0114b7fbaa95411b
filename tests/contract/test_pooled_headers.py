from __future__ import absolute_import, division, print_function

import tornado
from hypothesis import given
from hypothesis import strategies as st
from tornado.escape import native_str

from waterspout._late_headers import LateHeaders
from waterspout._wire.client_connection import ClientConnection
from waterspout._wire.field_lines import FieldLines

names = st.text("!#$%&'*+-.^_`|~019AZaz", min_size=1, max_size=5)
values = st.text(
    "\t" + "".join(chr(code) for code in range(0x20, 0x7f)) + u"\x80\xa0\xe9\xff", max_size=8)


@given(st.lists(st.tuples(names, values), max_size=5))
def test_heads_that_the_wire_accepts_parse_as_tornado_headers(pairs):
    """They are parsed late, when an error could not be reported any more."""
    head = u"".join(u"X-%s:%s\r\n" % pair for pair in pairs).encode("latin-1")
    wire = ClientConnection()
    wire.send_request(b"GET", b"/", FieldLines([(b"Host", b"here")]))
    events = wire.receive_data(b"HTTP/1.1 204 No Content\r\n" + head + b"\r\n")
    headers = LateHeaders(events[0].raw)
    assert len(list(headers.get_all())) == len(pairs)
    for name, value in pairs:
        assert stripped(native_str(value)) in headers.get_list("X-" + native_str(name))


def stripped(value):
    """Before 6.4 Tornado strips whatever is white space to Python, as a no-break space."""
    return value.strip(" \t") if tornado.version_info >= (6, 4) else value.strip()
