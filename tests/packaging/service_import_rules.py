"""Who may import whom inside ``waterspout.service``, as a table."""

from __future__ import absolute_import, division, print_function

import ast

import import_rules

PREFIX = "waterspout.service."

#: The folders and modules of the service kit, lowest first, each with those that it may import
#: beside itself. One that is not here has no place yet: give it one.
MAY_IMPORT = {
    "bounded_log": set(),
    "exceptions": set(),
    "log_lines": set(),
    "reason_phrases": set(),
    "shutdown_callbacks": set(),
    # Reads requests for any application; knows no handlers.
    "_server": {"_host", "exceptions", "futures"},
    "_host": {"exceptions"},  # The machine's CPUs, sockets and files; knows no server.
    "futures": {"exceptions"},
    "upstream_failures": {"exceptions"},
    "_json_bodies": {"exceptions"},
    "_validation": {"exceptions"},
    "_observing": {"reason_phrases"},
    "_deadlines": set(),
    "_admission": {"_server", "exceptions"},
    "_tls": {"configuration_files", "exceptions"},
    "configuration_files": {"exceptions"},
    "_access": {"bounded_log", "configuration_files", "exceptions", "log_lines"},
    "_proxies": {"bounded_log", "log_lines"},
    "_logging": set(),
    "_access_log": {"_logging", "_observing", "log_lines", "reason_phrases"},
    "_json_handler": {
        "_json_bodies", "_observing", "_validation", "exceptions", "log_lines", "reason_phrases",
        "upstream_failures",
    },
    "handlers": {"_json_handler", "_json_bodies", "_observing", "exceptions", "reason_phrases"},
    "streaming": {"_server", "handlers"},
    "_cross_origin": {"handlers"},
    "metrics_handler": {"handlers"},
    "_operations": {
        "_json_bodies", "_json_handler", "_observing", "_proxies", "exceptions", "futures",
        "handlers", "log_lines",
    },
    "app": {
        "_access_log", "_admission", "_cross_origin", "_deadlines", "_json_handler", "_observing",
        "_proxies", "_server", "handlers", "log_lines", "shutdown_callbacks",
        "_tls", "_access",
    },
    # `make_app` gives the application.
    "_processes": {"_host", "_operations", "_server", "_tls", "exceptions", "futures"},
    "log_setup": {"_logging", "_processes"},
    "serving": {"_host", "_processes", "_server", "app"},
}

#: What the kit may import of the rest of the library.
OF_THE_LIBRARY = (
    "waterspout._bounded_stores",
    "waterspout._compat",
    "waterspout._driver.turns",
    "waterspout._json_text",
    "waterspout._late_attributes",
    "waterspout._late_headers",
    "waterspout._log_text",
    "waterspout._version",
    "waterspout.exceptions",
    "waterspout.instrumentation",
    "waterspout.httpserver",
    "waterspout.policies.bulkhead",
    "waterspout.policies.deadline",
    "waterspout.policies.value",
    "waterspout.service",
    "waterspout.structures",
)

_NO_LOOP = {"tornado.gen", "tornado.ioloop", "tornado.web", "asyncio", "socket", "threading",
            "logging", "os", "time", "signal"}

#: Modules and folders that only decide, so that they can be tested without a loop, a socket, a
#: process or a clock; and what they may not import from outside.
DECIDES = {
    "_access_log.access_log": _NO_LOOP,
    "_access_log.entry": _NO_LOOP,
    "_admission.body_bytes": _NO_LOOP,
    "_admission.overload": _NO_LOOP,
    "_admission.places": _NO_LOOP,
    "_admission.rate_limit": _NO_LOOP,
    "_admission.tenant_rates": _NO_LOOP,
    "_json_bodies": _NO_LOOP,
    "_validation": _NO_LOOP - {"threading"},  # For what belongs to one thread.
    "_cross_origin.origin_check": _NO_LOOP,
    "_deadlines": _NO_LOOP,
    "_operations.exposition": _NO_LOOP,
    "_operations.operator_pages": _NO_LOOP - {"socket"},
    "_logging.json_values": _NO_LOOP,
    "_operations.plain_values": _NO_LOOP,
    "_operations.scoreboard": _NO_LOOP,
    "_processes.restart_policy": _NO_LOOP,
    "_proxies.forwarded_field": _NO_LOOP,
    "_server.refusal_sentences": _NO_LOOP,
    "_server.request_target": _NO_LOOP,
    "log_lines": _NO_LOOP,
    "reason_phrases": _NO_LOOP,
    "upstream_failures": _NO_LOOP,
}


def complaints(module, source):
    # type: (str, bytes) -> list[str]
    """Return what a module of the kit does against the rules, one line each.

    Imports under ``if TYPE_CHECKING:`` are not counted.
    """
    inside = module[len(PREFIX):]
    part = inside.split(".")[0]
    if part not in MAY_IMPORT:
        return ["%s has no place: give it one in service_import_rules.py" % module]
    pure = [names for name, names in DECIDES.items() if (inside + ".").startswith(name + ".")]
    found = []
    for name in import_rules.imported_names(ast.parse(source)):
        other = name[len(PREFIX):].split(".")[0]
        if name.startswith(PREFIX):
            # `from waterspout.service import access_log` gives the module's name as well.
            if other != part and other not in MAY_IMPORT[part]:
                found.append("%s imports %s: %s may not know %s" % (module, name, part, other))
        elif name.startswith("waterspout"):
            if not any((name + ".").startswith(each + ".") for each in OF_THE_LIBRARY):
                found.append("%s imports %s, which the kit does not use" % (module, name))
        elif any((name + ".").startswith(each + ".") for names in pure for each in names):
            found.append("%s imports %s, but only decides" % (module, name))
    return found
