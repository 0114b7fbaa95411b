"""What concerns the program as a whole: its log, its config file."""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout.service import LOG_LEVELS
from waterspout_cmdb.command_line.option_table import ANY_TEXT, one_of, option

OPTIONS = (
    option("logging", basestring_type, "info", "LEVEL",
           "what to log: " + ", ".join(LOG_LEVELS), one_of(LOG_LEVELS)),
    option("config", basestring_type, "", "FILE",
           "read options from this file, written in Python: port = 8888", ANY_TEXT),
)  # fmt: skip
