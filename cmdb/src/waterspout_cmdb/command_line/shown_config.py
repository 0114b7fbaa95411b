"""All options of a command as a config file in TOML, with the source of each value."""

from __future__ import absolute_import, division, print_function

import re

from tornado.escape import native_str, to_unicode

from waterspout_cmdb.command_line.sources import DEFAULT, FILE

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Text  # noqa: F401

    from waterspout_cmdb.command_line.option import Option  # noqa: F401
    from waterspout_cmdb.command_line.option_table import OptionTable  # noqa: F401
    from waterspout_cmdb.command_line.values import Options  # noqa: F401

#: The column in which sources stand, unless a value is longer.
_COLUMN = 40

# TOML 1.0: basic strings have no control characters but as escapes.
_ESCAPED = re.compile(u"[\\x00-\\x1f\\x7f\"\\\\]")


def config_as_toml(table, options):
    # type: (OptionTable, Options) -> str
    """Return the lines of ``--show-config``; as a config file they give the same options.

    The value of a secret is not shown: its line is a comment.
    """
    lines = []  # type: List[Text]
    for group in table.groups:
        lines += [u"# %s" % to_unicode(group.heading), u""] if group.heading else []
        for option in group.options:
            lines.append(_line(option, options))
        lines.append(u"")
    return native_str(u"\n".join(lines[:-1]))


def _line(option, options):
    # type: (Option, Options) -> Text
    value = getattr(options, option.name)
    if option.secret and value:
        text = u"# %s is set and not shown" % option.name
    elif option.name == "config" and value:
        text = u"# config = %s" % _toml(value)  # A config file cannot name another one.
    elif option.name == "config":
        text = u"# config is not set"
    else:
        text = u"%s = %s" % (option.name, _toml(value))
    return u"%s  # %s" % (text.ljust(_COLUMN), _source(options.origin(option.name)))


def _source(origin):
    # type: (Any) -> Text
    name = to_unicode(origin.name)
    if origin.kind == DEFAULT:
        return u"default"
    if origin.kind == FILE:
        name = name.rpartition(u": ")[0]  # Without the option's name.
    return u"%s %s" % (origin.kind, _ESCAPED.sub(u"?", name))


def _toml(value):
    # type: (Any) -> Text
    if isinstance(value, bool):
        return u"true" if value else u"false"
    if isinstance(value, (list, tuple)):
        return u"[%s]" % u", ".join(map(_toml, value))
    if isinstance(value, (int, float)):
        return to_unicode(repr(value))
    return u'"%s"' % _ESCAPED.sub(
        lambda match: u"\\u%04x" % ord(match.group()) if match.group() not in u'"\\'
        else u"\\" + match.group(), to_unicode(value))
