"""The sandbox CMDB that the gateway starts if there is no other."""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout_cmdb.command_line.option import ANY_TEXT, between, option

OPTIONS = (
    option("sandbox_port", int, 8079, "PORT",
           "where the embedded sandbox CMDB serves", between(1, 65535), fixed=True),
    option("sandbox_db", basestring_type, "waterspout-sandbox.db", "FILE",
           "where the embedded sandbox CMDB keeps its data", ANY_TEXT, fixed=True),
)  # fmt: skip
