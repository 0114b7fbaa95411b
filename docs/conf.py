"""How Sphinx builds these pages; ``make docs`` runs it with every warning an error."""

from __future__ import absolute_import, division, print_function

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
sys.path[:0] = [
    os.path.join(HERE, "_extensions"),
    os.path.join(ROOT, "src"),
    os.path.join(ROOT, "cmdb", "src"),
]

import waterspout  # noqa: E402

project = "Waterspout"
author = "The Waterspout authors"
copyright = author
version = release = waterspout.__version__

extensions = [
    "docstrings",  # Ours: before napoleon, which it prepares docstrings for.
    "public_names",  # Ours: each public name is in the reference.
    "sphinx.ext.autodoc",  # Reads type comments, too.
    "sphinx.ext.napoleon",
    "myst_parser",
    "sphinx_copybutton",
]

exclude_patterns = ["_extensions"]
nitpicky = True
#: Parents of ours, and exceptions, that other packages document.
nitpick_ignore_regex = [
    ("py:class", r"(json|tornado)\..*"),
    ("py:exc", r"HTTPOutputError|tornado\..*"),
]

# Markdown: `#heading` links, and nothing that needs a script from elsewhere.
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4

# Docstrings: in single backticks stands a name of ours. Types are words there ("float seconds"),
# more than a checker's types say, so they are not taken for names that could be linked.
default_role = "py:obj"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
napoleon_numpy_docstring = False
napoleon_use_param = False
napoleon_use_rtype = False
napoleon_use_ivar = False
napoleon_custom_sections = [("Attributes", "params_style")]
python_use_unqualified_type_names = True
add_module_names = False

#: Packages of which each public name must be in the reference, and names that need not be.
public_names_of = [
    "waterspout", "waterspout.instrumentation", "waterspout.instrumentation.otel",
    "waterspout.instrumentation.prometheus", "waterspout.instrumentation.statsd",
    "waterspout.service", "waterspout.testing", "waterspout_cmdb",
]
public_names_excused = [
    "waterspout.__version__", "waterspout_cmdb.__version__",
    "waterspout.instrumentation.CallContext",  # Documented as waterspout.CallContext.
]

html_theme = "furo"
html_title = "Waterspout %s" % release
html_show_sphinx = False
html_copy_source = False
# No webfont and no image from another host: the pages are read offline, too.
html_theme_options = {"navigation_with_keys": True}
# Names of options such as ``--total-timeout`` are not divided at a hyphen.
html_static_path = ["_static"]
html_css_files = ["code.css"]

# Prompts are not copied.
copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True
