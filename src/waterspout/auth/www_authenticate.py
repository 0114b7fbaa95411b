"""Parses the challenges of a WWW-Authenticate header (RFC 9110 section 11)."""

from __future__ import absolute_import, division, print_function

import re

from waterspout._wire.grammar import NATIVE_TOKEN

# challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
# Text that matches a parameter is one; anything else is a scheme.
_PARAMETER = re.compile(
    r'[ \t,]*(%s)[ \t]*=[ \t]*(?:"((?:[^"\\]|\\.)*)"|([^ \t",]*))(?=[ \t]*(?:,|\Z))'
    % NATIVE_TOKEN)
_SCHEME = re.compile(
    r"[ \t,]*(%s)(?:[ \t]+[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|\Z)))?" % NATIVE_TOKEN)

_ESCAPED = re.compile(r"\\(.)")


def parse_challenges(fields):
    # type: (Iterable[str]) -> List[Tuple[str, Dict[str, str]]]
    """(scheme, parameters) of each challenge, in the server's order of preference.

    Args:
        fields (iterable of native str): the values of ``WWW-Authenticate``.
    Returns: names in lower case, quoted values unquoted. A field is read up to its first syntax
        error; a token68 is left out.
    """
    challenges = []
    for field in fields:
        challenges += _parse(field)
    return challenges


def _parse(field):
    challenges, position = [], 0
    while True:
        match = _PARAMETER.match(field, position) if challenges else None
        if match is not None:
            name, quoted, plain = match.groups()
            value = plain if quoted is None else _ESCAPED.sub(r"\1", quoted)
            challenges[-1][1].setdefault(name.lower(), value)
        else:
            match = _SCHEME.match(field, position)
            if match is None:
                return challenges
            challenges.append((match.group(1).lower(), {}))
        position = match.end()
