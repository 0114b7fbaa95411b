"""Options: the values of a command's options, and where each came from."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str
from tornado.options import OptionParser
from tornado.util import basestring_type

from waterspout_cmdb.command_line.sources import DEFAULT, Origin

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Dict, Iterable, List  # noqa: F401

    from waterspout_cmdb.command_line.option import Option  # noqa: F401
    from waterspout_cmdb.command_line.sources import Setting  # noqa: F401


class Options(OptionParser):
    """The values of options as attributes, e.g. ``.port``, defaults first.

    Args:
        options (iterable of Option): those of a command.
    """

    def __init__(self, options):
        # type: (Iterable[Option]) -> None
        super(Options, self).__init__()
        self.__dict__["_origins"] = {}
        for each in options:
            self.define(each.name, type=each.type, default=each.default, multiple=each.several)

    if TYPE_CHECKING:
        _origins = {}  # type: Dict[str, Origin]

    def origin(self, name):
        # type: (str) -> Origin
        """Where the value of this option came from."""
        return self._origins.get(name, Origin(DEFAULT, name))

    def take(self, setting):
        # type: (Setting) -> None
        """Set an option.

        Raises: ValueError: the option cannot have this value; the text is for the user.
        """
        option, value, origin = setting
        try:
            if option.several:
                value = _texts_in(value, option.whole)
            else:
                value = self._parsed(option, value)
            allowed = option.allows(value)
        except ValueError:
            allowed = False
        if not allowed:
            raise ValueError("%s must be %s%s" % (
                origin.name, option.domain, _not_that(option, setting.value)))
        setattr(self, option.name, value)
        self._origins[option.name] = origin

    def keep(self, name, other):
        # type: (str, Options) -> None
        """Set an option to the value that it has in ``other``."""
        setattr(self, name, getattr(other, name))
        self._origins[name] = other.origin(name)

    def _parsed(self, option, value):
        if option.type is bool and str(value).lower() not in ("true", "false"):
            raise ValueError("tornado.options takes any word for true")
        if not isinstance(value, (basestring_type, int, float)):
            raise ValueError("tornado.options would take its repr() for text")
        parser = OptionParser()
        parser.define(option.name, type=option.type, default=option.default)
        parser.parse_command_line(["", "--%s=%s" % (option.name, value)], final=False)
        return getattr(parser, option.name)


def _texts_in(values, whole):
    # type: (List[Any], bool) -> List[Any]
    """The texts in what a source has for an option with several values: text, or lists of it.

    Args:
        whole: a comma is a character of a text, and does not end it.
    """
    texts = []
    for value in values:
        for text in value if isinstance(value, (list, tuple)) else [value]:
            if not isinstance(text, basestring_type):
                raise ValueError("it is no text")
            parts = [text] if whole else text.split(",")
            texts += [part.strip() for part in parts if part.strip()]
    return texts


def _flat(values):
    # type: (List[Any]) -> List[Any]
    """The texts in lists of texts. Other values keep their brackets and quotes, which say more."""
    flat = []  # type: List[Any]
    for value in values:
        is_list = isinstance(value, (list, tuple))
        are_texts = is_list and value and all(isinstance(each, basestring_type) for each in value)
        flat += value if are_texts else [value]
    return flat


def _not_that(option, value):
    # type: (Option, Any) -> str
    """The end of an error message, with a value that cannot be used unless it is secret."""
    if option.secret:
        return ""
    if option.several:
        return ", not " + ", ".join(map(_native, _flat(value)))
    return ", not " + ("empty" if value == "" else _native(value))


def _native(value):
    """``value`` as native text: on Python 2 a message cannot mix unicode and bytes."""
    return native_str(value) if isinstance(value, basestring_type) else str(value)
