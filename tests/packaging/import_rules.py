"""Who may import whom, as a table, and the code that holds a module to it."""

from __future__ import absolute_import, division, print_function

import ast
import os

#: Everything may import these; they import at most each other.
COMMON = {"_compat", "_monotonic", "_version", "constants", "exceptions"}

#: Plain values and pure functions: they know each other and nothing above them.
VALUES = {
    "auth", "challenges", "charsets", "content", "cookie", "cookie_exchange", "cookie_policy",
    "cookies", "decoders", "digest", "failures", "fields", "file_sizes", "from_requests", "hooks",
    "inflaters", "iteration", "json_content", "json_reader", "json_writer", "limits", "lines",
    "links", "multipart", "netrc_file", "policies", "proxies", "route", "routing", "settings",
    "status_codes", "streamed_content", "streams", "structures", "timeouts", "traces", "urls",
    "zones",
}

#: What is sent, and what came back.
MODELS = {"prepared_request", "request", "response"}

#: The layers of ``waterspout``, each with the layers it may import. A module that is not here
#: has no place yet: give it one.
LAYERS = {
    "prepared_request": VALUES,
    "request": VALUES | {"prepared_request"},
    "response": VALUES,
    "_wire": set(),
    "_flows": VALUES | MODELS,
    "_turns": set(),
    "_waiting": VALUES | MODELS,
    "_driver": VALUES | MODELS | {"_flows", "_waiting"},
    "_net": VALUES | {"_wire"},
    # The pooled transport makes requests of ours into the wire's, and its events into responses.
    "transports": VALUES | MODELS | {"_net", "_wire", "_driver"},
    "session": VALUES | MODELS | {"transports", "_flows", "_driver"},
    "_plugin": VALUES | {"_net", "_wire"},
    "httpclient": VALUES | {"_plugin"},
    "installation": VALUES | {"httpclient"},
    "api": VALUES | MODELS | {"session"},
    "_sdk_call": VALUES | MODELS | {"_turns"},
    "sdk": VALUES | MODELS | {"_sdk_call", "session", "transports"},
    "instrumentation": VALUES | MODELS,
    "service": VALUES | {"_turns", "session", "instrumentation"},
    "testing": VALUES | MODELS | {"session", "transports", "_net", "_driver"},
}
LAYERS.update((name, COMMON) for name in COMMON)
LAYERS.update((name, VALUES) for name in VALUES)

_NO_IO = {"tornado", "asyncio", "socket", "ssl", "select", "subprocess", "threading", "logging"}
_NO_SERVER = {"tornado.web", "tornado.httpserver", "tornado.routing", "tornado.options"}

#: What a layer may not import from outside. Clock and dice are passed in to ``_flows``.
FORBIDDEN = {
    "_wire": _NO_IO | {"time", "random"},
    "_flows": _NO_IO | {"time", "random"},
    "prepared_request": _NO_IO | {"time", "random"},
    "request": _NO_IO | {"time", "random"},
    "response": _NO_IO | {"time", "random"},
    "_turns": _NO_SERVER,
    "_sdk_call": _NO_SERVER,
    "_waiting": _NO_SERVER,
    "_driver": _NO_SERVER,
    "_net": _NO_SERVER,
    "session": _NO_SERVER,
    "sdk": _NO_SERVER,
    "api": _NO_SERVER,
    "_plugin": _NO_SERVER,
    "httpclient": _NO_SERVER,
    "installation": _NO_SERVER,
}
FORBIDDEN.update((name, _NO_IO | {"random"}) for name in VALUES)

#: What the gateway may import of ``waterspout``: these modules, and the public names in them.
PUBLIC = ("waterspout", "waterspout.exceptions", "waterspout.service")


def complaints(module, source, public=None):
    # type: (str, bytes, dict[str, set[str]] | None) -> list[str]
    """Return what ``module`` (a dotted name) does against the rules, one line each.

    Args:
        public: for each module of PUBLIC its public names; for modules of the gateway only.
    """
    tree = ast.parse(source)
    found = []
    if module != "waterspout._compat" and reads_versions(tree):
        found.append("%s asks for a version, which only _compat may do" % module)
    for name in imported_names(tree):
        if name.startswith("."):
            found.append("%s imports %s: write it absolute" % (module, name))
        elif module.split(".")[0] == "waterspout":
            found.extend(_layer_complaints(module, name))
        elif name.split(".")[0] == "waterspout" and not _is_public(name, public):
            found.append("%s imports %s, which is not public" % (module, name))
    return found


def _layer_complaints(module, name):
    # type: (str, str) -> list[str]
    layer = (module + ".").split(".")[1]
    if layer == "":
        return []  # The package itself shows everything to the user.
    if layer not in LAYERS:
        return ["%s has no layer: give it one in import_rules.py" % module]
    package, _, rest = name.partition(".")
    if package == "waterspout_cmdb" or name == "waterspout":
        return ["%s imports %s, which stands above it" % (module, name)]
    if package == "waterspout":
        other = rest.split(".")[0]
        if other != layer and other not in LAYERS[layer] | COMMON:
            return ["%s imports %s: %s may not know %s" % (module, name, layer, other)]
    elif any((name + ".").startswith(other + ".") for other in FORBIDDEN.get(layer, ())):
        return ["%s imports %s, which %s may not" % (module, name, layer)]
    return []


def _is_public(name, public):
    # type: (str, dict[str, set[str]]) -> bool
    module, _, attribute = name.rpartition(".")
    return name in PUBLIC or attribute in public.get(module, ())


def imported_names(node):
    # type: (ast.AST) -> Iterator[str]
    """Yield the dotted names that are imported at run time, wherever the statement stands.

    ``from tornado import gen`` yields ``tornado.gen``. ``if TYPE_CHECKING:`` is left out.
    """
    if isinstance(node, ast.Import):
        for alias in node.names:
            yield alias.name
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            yield "." * node.level + ".".join(filter(None, [node.module, alias.name]))
    else:
        skipped = node.body if _is_for_checkers(node) else ()
        for child in ast.iter_child_nodes(node):
            if child not in skipped:
                for name in imported_names(child):
                    yield name


def _is_for_checkers(node):
    # type: (ast.AST) -> bool
    return isinstance(node, ast.If) and getattr(node.test, "id", None) == "TYPE_CHECKING"


def reads_versions(tree):
    # type: (ast.AST) -> bool
    """Say whether this code asks which Python or Tornado it runs on."""
    asked = {"sys.version_info", "sys.version", "sys.hexversion", "tornado.version_info",
             "tornado.version", "platform.python_version"}
    read = set(imported_names(tree))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            read.add("%s.%s" % (node.value.id, node.attr))
    return bool(asked & read)


def modules(folder):
    # type: (str) -> Iterator[tuple[str, str]]
    """Yield every module under ``folder`` as its dotted name and its path."""
    for parent, _, files in os.walk(folder):
        for name in files:
            if name.endswith(".py"):
                path = os.path.join(parent, name)
                dotted = os.path.relpath(path, folder)[: -len(".py")].replace(os.sep, ".")
                yield dotted[: -len(".__init__")] if name == "__init__.py" else dotted, path


def public_names(source):
    # type: (bytes) -> set[str]
    """Return the ``__all__`` of a module, else the names it binds without an underscore."""
    names = set()
    for node in ast.parse(source).body:
        if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
            names.add(node.name)
        for target in getattr(node, "targets", ()):
            if getattr(target, "id", None) == "__all__":
                return set(ast.literal_eval(node.value))
            names.add(getattr(target, "id", "_"))
    return set(name for name in names if not name.startswith("_"))
