"""Environment variables: options, variables of container platforms, and mistakes.

Kubernetes sets variables in every container for each Service of its namespace, named after the
Service: a Service ``waterspout`` sets ``WATERSPOUT_PORT=tcp://10.96.0.12:8888``,
``WATERSPOUT_SERVICE_HOST`` and so on. Docker's links do the same. These are not our options.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
and Docker's documentation of legacy container links.
"""

from __future__ import absolute_import, division, print_function

import re

#: With which the variables of the commands for files of rows begin. They are no mistakes where
#: other commands look for theirs.
BULK_PREFIX = "WATERSPOUT_BULK_"

_SERVICE_NAME = re.compile(
    r"(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\d+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?"
    r"|PORT_\d+_(TCP|UDP|SCTP)_(START|END)|ENV_.*)\Z"
)
_SERVICE_ADDRESS = re.compile(r"(tcp|udp|sctp)://")
_LINK_NAME = re.compile(r"/[^/]*/[^/]*\Z")


def own_variables(environment, known):
    # type: (Mapping[str, str], Mapping[str, str]) -> List[Tuple[str, str, str]]
    """Return (variable, option, value) for each variable that sets an option, sorted by name.

    Args:
        environment: ``os.environ``, or a substitute. An empty value means "not set".
        known: maps the name of each variable to that of its option.
    """
    return [
        (name, known[name], environment[name])
        for name in sorted(known)
        if environment.get(name) and not _is_of_a_service(name, environment[name])
    ]


def variable_warnings(environment, prefix, known):
    # type: (Mapping[str, str], str, Container[str]) -> List[str]
    """Return warnings about variables that begin with ``prefix`` and set no option.

    One line names those that a container platform has set, and one those that are unknown.
    Values are left out, because they may be secret.

    Args:
        known: the names that set an option of this command or of one that it starts.
    """
    services, unknown = [], []
    for name, value in sorted(environment.items()):
        if not name.startswith(prefix) or not value:
            continue
        if _is_of_a_service(name, value):
            services.append(name)
        elif name not in known:
            unknown.append(name)
    lines = []
    if services:
        lines.append(
            "Ignoring environment variables that Kubernetes or Docker sets for a service of "
            "this name, which are not options: %s" % _listed(services)
        )
    if unknown:
        lines.append(
            "Ignoring environment variables that are not options (--help lists them): %s"
            % _listed(unknown)
        )
    return lines


def _is_of_a_service(name, value):
    if _SERVICE_NAME.match(name):
        return True
    if name.endswith("_PORT"):
        return _SERVICE_ADDRESS.match(value) is not None
    return name.endswith("_NAME") and _LINK_NAME.match(value) is not None


def _listed(names):
    return ", ".join(re.sub(r"[^\x21-\x7e]", "?", name)[:100] for name in names)
