"""What the server tells a client whose request it refuses, by the kind of refusal.

The sentences quote nothing of the request: its field values and its target may hold secrets.
"""

from __future__ import absolute_import, division, print_function

#: The kinds are those of ``waterspout._wire.refusals``. Of these, the application has a sentence
#: for a body that is too long, and a request that is cut short gets no response.
SENTENCES = {
    "request line": "the request line must be a method, a target and an HTTP version, "
                    "with one space in between",
    "target size": "the request line is too long",
    "target": "the request target must be a path, or a URL with a valid host",
    "version": "this service understands HTTP/1.1 and HTTP/1.0 only",
    "line end": "each line of the request must end with CR LF, without another CR or LF",
    "field": "a header field has an invalid name, a control character or a second line",
    "head size": "the header fields are too long",
    "field count": "the request has too many header fields",
    "host": "there must be one Host field, with a valid host, "
            "which is the same as in a target that is a URL",
    "connection": "the Connection field must be a list of names",
    "content-length": "there must be one Content-Length field at most, with one number",
    "transfer-encoding": "Transfer-Encoding must be chunked, in HTTP/1.1, without Content-Length",
    "unsupported coding": "the only transfer coding that this service understands is chunked",
    "chunk": "the body is not in valid chunks",
    "trailer": "the fields after the body are not valid",
    "trailer size": "the fields after the body are too long",
    "head time": "the header fields did not arrive in time",
    "body time": "the body did not arrive in time",
    "expectation": "this service meets no expectation but 100-continue",
    "application": "the request target or a header field is not valid",
}
