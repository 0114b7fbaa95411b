"""What the gateway, which does not load the import, knows of the import's options."""

from __future__ import absolute_import, division, print_function

import pytest

from waterspout_cmdb.bulk import utc_offset
from waterspout_cmdb.gateway.jobs.uploading.import_options import BadImportOption, import_options


@pytest.mark.parametrize("text", [
    u"Z", u"z", u"utc", u"GMT", u"+08", u"-0330", u"+08:00", u"+23:59", u"-00:00",
    u"08:00", u"+8", u"+080", u"+24:00", u"+08:60", u"+19:99", u"CET", u"+08:00:00", u"Z ",
])
def test_offsets_are_those_of_the_import(text):
    """A job must not be accepted that its process then refuses."""
    try:
        found = import_options([(u"key", u"name"), (u"utc_offset", text)])
    except BadImportOption:
        assert utc_offset.minutes_of(text) is None
    else:
        assert utc_offset.minutes_of(found[u"utc_offset"]) is not None
