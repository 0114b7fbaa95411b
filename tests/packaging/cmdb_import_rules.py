"""Who may import whom in ``waterspout_cmdb``, as tables, and the code that checks a module."""

from __future__ import absolute_import, division, print_function

import ast

import import_rules

ROOT = "waterspout_cmdb"

#: For each package its modules and folders, lowest first. Each may import those in the rows above
#: its own, and itself. A package that is not here, such as ``sandbox.storage``, has no inner order.
ORDER = {
    ROOT: (
        ("_version",),
        ("command_line", "sdk"),
        ("bulk",),
        ("sandbox",),
        ("gateway",),
        ("commands",),
    ),
    ROOT + ".bulk": (
        ("column_letters", "errors", "rows", "surrogates", "utc_offset", "written_float"),
        ("reading", "writing"),
        ("mapping",),
        ("targets",),
        ("checking", "sending"),
        ("recording",),
        ("importing", "exporting"),
        ("cluster",),
    ),
    ROOT + ".bulk.reading": (
        ("options", "places"),
        ("sources",),
        ("text_encodings",),
        ("header", "range_rules", "table"),
        ("csv_text", "json_text", "xlsx"),  # They know nothing of each other.
        ("formats", "ranges"),
        ("opening",),
    ),
    ROOT + ".bulk.importing": (
        ("files", "identity", "listener", "options", "spool", "summary", "waiting"),
        ("opening", "preparing", "source"),
        ("ending", "passes"),
        ("importer",),
    ),
    ROOT + ".bulk.importing.passes": (
        ("check_pass", "dispatch", "dry_run", "duplicates", "send_pass", "skipping"),
        ("both_passes",),
    ),
    ROOT + ".command_line": (
        ("user_lines", "client_tls"),
        ("environment_variables", "config_errors", "option", "own_program"),
        ("data_file", "python_file"),
        ("config_file",),
        ("sources",),
        ("values",),
        ("option_table",),
        ("shown_config",),
        ("command",),
    ),
    ROOT + ".commands": (
        ("sample", "printing", "stopping"),
        ("listening", "options"),
        ("progress_bar", "summary_text", "search_table", "targets", "bulk_command"),
        ("import_command", "export_command", "search_command", "template_command"),
        ("main",),
    ),
    ROOT + ".sdk": (
        ("repeatable_imports", "error_codes"),
        ("cmdb_error", "instance_api", "object_api", "relation_api"),
        ("cmdb_sdk",),
    ),
    ROOT + ".gateway": (
        ("import_report", "passing_sdk", "call_policies", "process_metrics", "upstream_errors",
         "startup_message", "embedded_sandbox", "permissions", "tenants", "sockets"),
        ("handlers",),
        ("jobs",),
        ("app", "options"),
        ("assembly",),
        ("reloading",),
        ("server", "command", "keys_command"),
    ),
    ROOT + ".gateway.jobs": (
        ("storing",),
        ("uploading",),
        ("running",),
        ("handling",),
    ),
    ROOT + ".gateway.options": (
        ("upstream_tls",),
        ("accepting", "calling", "jobs", "limits", "listening", "logs", "operating", "program",
         "sandbox", "trusting"),
        ("table",),
    ),
    ROOT + ".sandbox": (
        ("wire_format", "parent_watch"),
        ("models", "query"),  # Neither knows a database or a loop.
        ("storage",),
        ("operations",),
        ("handlers", "sandbox_options"),
        ("app",),
        ("command",),
    ),
}

#: What may not be imported although it is lower: operations are given their transaction.
NOT_FOR = {ROOT + ".sandbox.operations": {ROOT + ".sandbox.storage"}}

#: All that the gateway may import of the sandbox, which it starts as a process of its own.
GATEWAY_SEES = ROOT + ".sandbox.sandbox_options"

_NO_LOOP = {
    "tornado.web", "tornado.ioloop", "tornado.gen", "tornado.concurrent", "asyncio", "select",
    "threading", "subprocess", "logging",
}

#: What may not be imported from outside, by what begins so.
FORBIDDEN = {
    ROOT + ".sandbox.wire_format": _NO_LOOP | {"sqlite3"},
    ROOT + ".sandbox.models": _NO_LOOP | {"sqlite3"},
    ROOT + ".sandbox.query": _NO_LOOP,
    ROOT + ".sandbox.operations": _NO_LOOP | {"sqlite3"},
    ROOT + ".sandbox.storage": {"tornado.web"},
    ROOT + ".sandbox.handlers": {"sqlite3", "threading"},
    ROOT + ".sdk": _NO_LOOP,
    ROOT + ".gateway.jobs.storing": _NO_LOOP - {"threading"},
    ROOT + ".gateway.jobs.uploading": _NO_LOOP,
    # Its sources fetch URLs, and standard input as that comes.
    ROOT + ".bulk.reading": _NO_LOOP - {"tornado.gen", "select"},
    ROOT + ".bulk.reading.text_encodings": _NO_LOOP,
    ROOT + ".bulk.reading.csv_text": _NO_LOOP,
    ROOT + ".bulk.reading.json_text": _NO_LOOP,
    ROOT + ".bulk.reading.xlsx": _NO_LOOP,
    ROOT + ".bulk.writing": _NO_LOOP,
    ROOT + ".bulk.mapping": _NO_LOOP | {"sqlite3"},
}


def complaints(module, source):
    # type: (str, bytes) -> list[str]
    """Return what ``module`` (a dotted name) does against the rules, one line each."""
    found = []
    for package in ORDER:
        part = _first_part(module, package) if is_in(module, package) else None
        if part not in (None, "__main__") and _height(package, part) is None:
            found.append("%s has no layer: give %s one in cmdb_import_rules.py" % (module, part))
    for name in import_rules.imported_names(ast.parse(source)):
        if is_in(name, ROOT):
            found += _order_complaints(module, name)
        for part, names in FORBIDDEN.items():
            if is_in(module, part) and any(is_in(name, other) for other in names):
                found.append("%s imports %s, which %s may not" % (module, name, part))
    return found


def is_in(name, package):
    # type: (str, str) -> bool
    """Say whether a dotted name is a package, or in it."""
    return (name + ".").startswith(package + ".")


def _order_complaints(module, name):
    # type: (str, str) -> list[str]
    if is_in(module, ROOT + ".gateway") and is_in(name, ROOT + ".sandbox"):
        if not is_in(name, GATEWAY_SEES):
            return ["%s imports %s: the gateway sees only the sandbox's options" % (module, name)]
    for part, others in NOT_FOR.items():
        if is_in(module, part) and any(is_in(name, other) for other in others):
            return ["%s imports %s, which %s may not" % (module, name, part)]
    package = _common_package(module, name)
    own, other = _first_part(module, package), _first_part(name, package)
    if own in (None, "__main__") or package not in ORDER or own == other:
        return []  # A package shows what is in it; a command imports what it starts.
    heights = _height(package, own), _height(package, other)
    if heights[0] is not None and (heights[1] is None or heights[1] >= heights[0]):
        return ["%s imports %s, which is not below it" % (module, name)]
    return []


def _common_package(module, name):
    # type: (str, str) -> str
    """Return the innermost package in ORDER that both are in."""
    both = [package for package in ORDER if is_in(module, package) and is_in(name, package)]
    return max(both, key=len)


def _first_part(name, package):
    # type: (str, str) -> str | None
    return name[len(package) + 1 :].split(".")[0] or None


def _height(package, part):
    # type: (str, str | None) -> int | None
    for height, row in enumerate(ORDER[package]):
        if part in row:
            return height
    return None
