"""The names of models."""

from __future__ import absolute_import, division, print_function

import re

#: As the CMDB's paths take them; what it does not know it says itself.
OBJECT_ID = "the id of a model, such as HOST", re.compile(r"[^\s/?#%]*\Z").match
