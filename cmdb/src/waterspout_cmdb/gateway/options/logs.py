"""What the gateway logs, and how its lines look."""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout.service import LOG_FORMATS, LOG_LEVELS, AccessLog
from waterspout_cmdb.command_line.option import between, one_of, option

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Text  # noqa: F401

    from tornado.options import OptionParser  # noqa: F401

_DAY = 86400

#: What the words of ``--access-log`` and ``--access-log-details`` mean.
_SHARES = {"on": 1.0, "off": None}
_DETAILS = {"auto": None, "on": True, "off": False}


def _is_share(text):
    # type: (Text) -> bool
    return text in _SHARES or 0 <= float(text) <= 1


OPTIONS = (
    option("logging", basestring_type, "info", "LEVEL",
           "what to log: " + ", ".join(LOG_LEVELS), one_of(LOG_LEVELS), fixed=True),
    option("log_format", basestring_type, LOG_FORMATS[0], "FORMAT",
           "how to log to stderr: text, or json for one object in each line", one_of(LOG_FORMATS),
           fixed=True),
    option("access_log", basestring_type, "on", "on|off|SHARE",
           "which requests have a line: all, none, or a share such as 0.01, with all errors and "
           "slow ones", ("on, off or a number from 0 to 1", _is_share)),
    option("access_log_slow", float, 1.0, "SECONDS",
           "requests that take as long are slow", between(0, _DAY)),
    option("access_log_details", basestring_type, "auto", "auto|on|off",
           "say also how a request's time is divided between the gateway and the CMDB, its calls, "
           "route and sizes; auto: in json", one_of(sorted(_DETAILS))),
)  # fmt: skip


def app_keywords(options):
    # type: (OptionParser) -> Dict[str, Any]
    """Return the keywords of `make_app` that these options mean."""
    share = _SHARES[options.access_log] if options.access_log in _SHARES else float(
        options.access_log)
    return {"access_log": None if share is None else AccessLog(
        share, options.access_log_slow, _DETAILS[options.access_log_details])}
