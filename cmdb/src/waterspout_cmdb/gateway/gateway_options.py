"""The gateway's options; ``option_table.py`` describes where their values come from."""

from __future__ import absolute_import, division, print_function

import re

from tornado.escape import native_str
from tornado.util import basestring_type

import waterspout
from waterspout.service import (
    DRAIN_TIMEOUT,
    HTTP_SERVERS,
    LOG_LEVELS,
    MAX_BODY_BYTES,
    normal_origin,
)
from waterspout_cmdb.command_line.command import usage_text
from waterspout_cmdb.command_line.option_table import (
    ANY_NUMBER,
    ANY_TEXT,
    YES_OR_NO,
    OptionTable,
    between,
    one_of,
    option,
)
from waterspout_cmdb.gateway.call_policies import MAX_CONCURRENT, MAX_QUEUED, RETRIES

#: The default transport to the CMDB, which is waterspout's own default.
TRANSPORT = waterspout.TRANSPORTS[0]

#: Seconds for a whole call to the CMDB. `timeout` does not limit it: an answer may arrive slowly.
#: An import of 10,000 rows takes the sandbox 3 s; proxies commonly give up after 60 s.
TOTAL_TIMEOUT = 300.0

ENVIRONMENT_PREFIX = "WATERSPOUT_"


def _are_origins(text):
    try:
        for origin in split_origins(text):
            normal_origin(origin)
    except ValueError:
        return False
    return True


def split_origins(text):
    # type: (Text) -> List[str]
    """Return the origins that ``--allowed-origins`` names."""
    return [native_str(origin) for origin in text.split(",") if origin.strip()]


_HEADER_TEXT = "printable ASCII without spaces", re.compile(r"[\x21-\x7e]+\Z").match
_ORIGINS = (
    "origins separated by commas, each scheme://host or scheme://host:port", _are_origins
)
_FIELD_NAME = "the name of a header field", re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]*\Z").match
_SEVERAL_TEXTS = "text, or a list of texts", lambda texts: True
_DAY = 86400

OPTIONS = (
    option("port", int, 8888, "PORT",
           "serve on this port; 0 lets the system choose", between(0, 65535)),
    option("address", basestring_type, "127.0.0.1", "HOST",
           "serve on this address; 0.0.0.0 is every IPv4 address of the machine", ANY_TEXT),
    option("processes", int, 1, "N",
           "worker processes; 0 means one per core", between(0, 1024)),
    option("upstream", basestring_type, [], "HOST:PORT",
           "the CMDB, or its base URL; several, by commas or by repeating this, share the calls; "
           "without one an embedded sandbox CMDB is started",
           _SEVERAL_TEXTS, several=True),
    option("org", int, 777777, "ORG", "organisation id sent to the CMDB", ANY_NUMBER),
    option("user", basestring_type, "defaultUser", "NAME",
           "user name sent to the CMDB", _HEADER_TEXT),
    option("transport", basestring_type, TRANSPORT, "NAME",
           "how to call the CMDB: " + ", ".join(waterspout.TRANSPORTS),
           one_of(waterspout.TRANSPORTS)),
    option("timeout", float, 10.0, "SECONDS",
           "to connect to the CMDB, and between two bytes of its answer", between(0.001, _DAY)),
    option("total_timeout", float, TOTAL_TIMEOUT, "SECONDS",
           "for a whole call to the CMDB", between(0.001, _DAY)),
    option("retries", int, RETRIES, "N",
           "times that a search, or an import with keys, is sent again; 0: never", between(0, 10)),
    option("max_concurrent", int, MAX_CONCURRENT, "N",
           "calls to each upstream that run at once, in each process; 0: no limit",
           between(0, 10000)),
    option("max_queued", int, MAX_QUEUED, "N",
           "calls that wait for their turn; further ones are answered with 503",
           between(0, 1000000)),
    option("max_concurrent_per_org", int, 0, "N",
           "of these, calls with the same org header; 0: no limit, the default",
           between(0, 10000)),
    option("breaker", basestring_type, "on", "on|off",
           "answer with 503 for some seconds while most calls to the CMDB fail",
           one_of(("on", "off"))),
    option("deadline_header", basestring_type, "", "NAME",
           "the field in which requests say how much time they have; empty is off", _FIELD_NAME),
    option("deadline_unit", basestring_type, "ms", "UNIT",
           "of that field: s, ms or us", one_of(("s", "ms", "us"))),
    option("max_body_bytes", int, MAX_BODY_BYTES, "BYTES",
           "longer request bodies are refused", between(1, 2 ** 31)),
    option("allowed_origins", basestring_type, "", "ORIGINS",
           "whose web pages may send requests: https://a.example,http://b.example:8080",
           _ORIGINS),
    option("allow_missing_host", bool, False, "",
           "serve requests of HTTP/1.1 without a Host field, from old clients", YES_OR_NO),
    option("http_server", basestring_type, HTTP_SERVERS[0], "NAME",
           "the HTTP server: waterspout, or tornado for that of Tornado itself",
           one_of(HTTP_SERVERS)),
    option("drain_timeout", float, DRAIN_TIMEOUT, "SECONDS",
           "what requests in flight get to finish when the gateway stops", between(0, _DAY)),
    option("sandbox_port", int, 8079, "PORT",
           "where the embedded sandbox CMDB serves", between(1, 65535)),
    option("sandbox_db", basestring_type, "waterspout-sandbox.db", "FILE",
           "where the embedded sandbox CMDB keeps its data", ANY_TEXT),
    option("logging", basestring_type, "info", "LEVEL",
           "what to log: " + ", ".join(LOG_LEVELS), one_of(LOG_LEVELS)),
    option("config", basestring_type, "", "FILE",
           "read options from this file, written in Python: port = 8888", ANY_TEXT),
)  # fmt: skip

TABLE = OptionTable(OPTIONS, ENVIRONMENT_PREFIX)


def read_options(arguments, environment):
    # type: (List[str], Mapping[str, str]) -> OptionParser
    """Return the options as attributes, e.g. ``.port``; see `OptionTable.read`."""
    return TABLE.read(arguments, environment)


def usage():
    # type: () -> str
    """Return what ``--help`` prints."""
    return usage_text(
        "waterspout_cmdb [--name=value ...]",
        [
            "Serves POST /cmdb/import/<object_id> and POST /cmdb/search/<object_id>, which import "
            "and",
            "search instances by calling the CMDB. Ctrl-C or SIGTERM stops it; requests in flight",
            "finish first.",
        ],
        TABLE,
        [
            "Each option can also be set in the environment (%sPORT=8888) or in the file that"
            % ENVIRONMENT_PREFIX,
            "--config names (port = 8888). A flag wins over the environment, the environment over",
            "the file.",
        ],
    )
