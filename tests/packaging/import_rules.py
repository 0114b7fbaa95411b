"""Who may import whom, as a table, and the code that checks a module against it."""

from __future__ import absolute_import, division, print_function

import ast
import os

#: The folders and modules of ``waterspout``, lowest first. Each may import those above it in this
#: list, itself, and nothing else of ours; the names in one row know nothing of each other. One
#: that is not here has no place yet: give it one.
ORDER = (
    ("_compat", "_version"),
    ("_bounded_stores", "_log_text", "constants", "exceptions", "field_names", "structures",
     "status_codes"),
    ("limits", "timeouts"),
    ("_wire",),  # bytes <-> HTTP/1.1 events
    ("_decoding",),  # bytes -> what callers read
    ("_json_text",),
    ("_encoding",),  # arguments -> bytes
    ("auth", "cookies"),  # They know requests by protocol only.
    ("_routes",),
    ("models",),
    ("policies", "instrumentation"),
    ("_net",),
    ("_flows",),
    ("_driver",),
    ("_late_attributes",),
    ("_late_headers",),  # field lines -> Tornado's HTTPHeaders
    ("transports", "_async_http_client", "_http_server"),
    ("session", "httpclient", "httpserver"),
    ("_sdk",),
    ("api", "sdk"),
    ("testing", "service"),
)

#: What may not be imported although it stands lower.
NOT_FOR = {
    "_wire": {"limits", "timeouts", "structures", "status_codes"},  # It knows bytes only.
    "_flows": {"_net", "_wire", "_json_text"},  # A decision knows messages, not how bytes travel.
    "_driver": {"_net", "_wire"},
    "_net": {"auth", "cookies", "models", "_decoding", "_json_text"},
    "session": {"_net", "_wire"},
    "api": {"_net", "_wire"},
    "sdk": {"_net", "_wire"},
    "_sdk": {"_net", "_wire"},
    "policies": {"_wire", "_decoding", "_json_text", "cookies", "auth"},
    "httpclient": {"models", "auth", "cookies"},
    "_async_http_client": {"models", "auth", "cookies", "_driver", "_flows"},
    "_http_server": {"models", "auth", "cookies", "_driver", "_flows", "_routes", "_json_text"},
    "service": {"_net", "_wire", "transports"},
}

_NO_IO = {"tornado", "asyncio", "socket", "ssl", "select", "subprocess", "threading", "logging"}
_NO_CLOCK_OR_RANDOM = {"time", "random"}
_NO_SERVER = {"tornado.web", "tornado.httpserver", "tornado.routing", "tornado.options"}

#: What may not be imported from outside. Clock and random numbers are passed in to ``_flows``.
FORBIDDEN = {
    "constants": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "exceptions": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "field_names": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "structures": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "status_codes": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "_wire": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "_flows": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "_decoding": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "_encoding": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "_json_text": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "_routes": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "policies": (_NO_IO | _NO_CLOCK_OR_RANDOM) - {"logging"},
    "auth": _NO_IO | {"random"},
    "cookies": _NO_IO | {"random"},
    "models": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "limits": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "timeouts": _NO_IO | _NO_CLOCK_OR_RANDOM,
    "_driver": _NO_SERVER,
    "_net": _NO_SERVER,
    "transports": _NO_SERVER,
    "_async_http_client": _NO_SERVER,
    "_http_server": {"tornado.web", "tornado.routing", "tornado.options"},
    "session": _NO_SERVER,
    "httpclient": _NO_SERVER,
    "api": _NO_SERVER,
    "sdk": _NO_SERVER,
    "_sdk": _NO_SERVER,
}

#: What the gateway may import of ``waterspout``: these modules, and the public names in them.
PUBLIC = ("waterspout", "waterspout.exceptions", "waterspout.instrumentation.prometheus",
          "waterspout.service")


def complaints(module, source, public=None):
    # type: (str, bytes, dict[str, set[str]] | None) -> list[str]
    """Return what ``module`` (a dotted name) does against the rules, one line each.

    Args:
        public: for each module of PUBLIC its public names; for modules of the gateway only.
    """
    tree = ast.parse(source)
    found = []
    if module not in ("waterspout._compat", "waterspout._compat.clock") and reads_versions(tree):
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
    part = (module + ".").split(".")[1]
    if part == "":
        return []  # The package itself shows everything to the user.
    height = _height(part)
    if height is None:
        return ["%s has no layer: give %s one in import_rules.py" % (module, part)]
    package, _, rest = name.partition(".")
    if package == "waterspout_cmdb" or name == "waterspout":
        return ["%s imports %s, which stands above it" % (module, name)]
    if package == "waterspout":
        other = rest.split(".")[0]
        below = _height(other) is not None and _height(other) < height
        if other != part and (not below or other in NOT_FOR.get(part, ())):
            return ["%s imports %s: %s may not know %s" % (module, name, part, other)]
    elif any((name + ".").startswith(other + ".") for other in FORBIDDEN.get(part, ())):
        return ["%s imports %s, which %s may not" % (module, name, part)]
    return []


def _height(part):
    # type: (str) -> int | None
    for height, row in enumerate(ORDER):
        if part in row:
            return height
    return None


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
