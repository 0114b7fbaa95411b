"""docs/requests-tests.md goes through requests' tests, and what it names exists."""

from __future__ import absolute_import, division, print_function

import io
import os
import re

HERE = os.path.dirname(__file__)
PAGE = os.path.join(HERE, "..", "..", "docs", "requests-tests.md")

#: Tests of requests 2.34: how many there are in its source distribution.
THEIRS = 345


def rows():
    """(section, name of theirs, what of ours) of each line of the page's tables."""
    section = None
    with io.open(PAGE, encoding="utf-8") as page:
        for line in page:
            if line.startswith("## "):
                section = line[3:].strip()
            cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
            if line.startswith("| ") and cells[0] != "theirs":
                yield section, cells[0], cells[1]


def test_every_test_of_theirs_is_there_once():
    theirs = [row[:2] for row in rows()]
    assert len(theirs) == len(set(theirs)) == THEIRS


def test_every_test_of_ours_exists():
    """By its file and its name."""
    for _, theirs, ours in rows():
        if ours.startswith("`tests") or "::" in ours:
            path, _, name = ours.strip("`").partition("::")
            with io.open(os.path.join(HERE, "..", path), encoding="utf-8") as file:
                assert re.search(r"\bdef %s\(" % name, file.read()), (theirs, ours)
        else:
            assert len(ours) > 5, theirs


def test_every_line_names_its_test_or_gives_its_reason():
    """That there are tests of something is neither."""
    for _, theirs, ours in rows():
        assert "::" in ours or not re.search(r"\btests\b", ours), (theirs, ours)
