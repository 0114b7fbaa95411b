"""What concerns the program as a whole: its config file."""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout_cmdb.command_line.option import ANY_TEXT, option

OPTIONS = (
    option("config", basestring_type, "", "FILE",
           "read options from this file: FILE.toml with lines like port = 8888, or FILE.json; "
           "any other file is run as Python", ANY_TEXT),
)  # fmt: skip
