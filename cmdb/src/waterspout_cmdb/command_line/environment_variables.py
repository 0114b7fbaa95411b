"""Environment variables: which are options, which come from elsewhere, which are mistakes.

Kubernetes sets variables for each Service of a namespace in every container of it, named after
the Service: one called ``waterspout`` gives ``WATERSPOUT_PORT=tcp://10.96.0.12:8888``,
``WATERSPOUT_SERVICE_HOST`` and so on. Docker's links do the same. These are no options of ours.

Source: https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
and Docker's documentation of legacy container links.
"""

from __future__ import absolute_import, division, print_function

import re

_SERVICE_NAME = re.compile(
    r"(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\d+_(TCP|UDP|SCTP)(_(ADDR|PORT|PROTO))?"
    r"|PORT_\d+_(TCP|UDP|SCTP)_(START|END)|ENV_.*)\Z"
)
_SERVICE_ADDRESS = re.compile(r"(tcp|udp|sctp)://")
_LINK_NAME = re.compile(r"/[^/]*/[^/]*\Z")


def own_variables(environment, known):
    # type: (Mapping[str, str], Mapping[str, str]) -> List[Tuple[str, str, str]]
    """(variable, option, value) for each variable that sets an option, in order of names.

    Args:
        environment: ``os.environ``, or what stands for it. An empty value counts as unset.
        known: the option's name for each variable's.
    """
    return [
        (name, known[name], environment[name])
        for name in sorted(known)
        if environment.get(name) and not _is_of_a_service(name, environment[name])
    ]


def remarks(environment, prefix, known):
    # type: (Mapping[str, str], str, Container[str]) -> List[str]
    """What to tell the operator of the variables that set no option: a line each for those
    that a container platform has set and for those that are unknown. Values are left out,
    since they may be secret.

    Args:
        prefix: variables with other names are no concern of ours.
        known: the names that set an option, of this command or of one that it starts.
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
            "Passing over environment variables that Kubernetes or Docker sets for a service of "
            "this name, which are no options: %s" % _listed(services)
        )
    if unknown:
        lines.append(
            "Passing over environment variables that are no options (--help lists them): %s"
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
