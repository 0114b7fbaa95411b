"""A Sphinx extension that warns of each public name which the reference leaves out."""

from __future__ import absolute_import, division, print_function

import importlib


def missing(packages, documented, excused):
    # type: (list[str], set[str], set[str]) -> list[str]
    """Return the names in ``__all__`` of these packages that are neither documented nor excused."""
    public = [
        "%s.%s" % (package, name)
        for package in packages for name in importlib.import_module(package).__all__
    ]
    return [name for name in public if name not in documented and name not in excused]


def check(app, env):
    from sphinx.util import logging  # Here, so that `missing` can be tested without Sphinx.

    logger = logging.getLogger(__name__)
    config, documented = app.config, set(env.get_domain("py").objects)
    for name in missing(config.public_names_of, documented, set(config.public_names_excused)):
        logger.warning("%s is public, but not in docs/reference", name)
    for name in sorted(documented.intersection(config.public_names_excused)):
        logger.warning("%s is excused in conf.py, but documented", name)


def setup(app):
    app.add_config_value("public_names_of", [], "env", [list])
    app.add_config_value("public_names_excused", [], "env", [list])
    app.connect("env-check-consistency", check)
    return {"version": "1", "parallel_read_safe": True}
