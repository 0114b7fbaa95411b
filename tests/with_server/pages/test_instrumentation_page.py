"""docs/instrumentation.md: its picture and its text are what waterfall() makes."""

from __future__ import absolute_import, division, print_function

import io
import os

import doc_pages
import example_calls

from waterspout.instrumentation import Observer, waterfall

PAGE = "docs/instrumentation.md"


def read(*path):
    with io.open(os.path.join(doc_pages.ROOT, *path), encoding="utf-8") as file:
        return file.read()


def test_the_text_is_what_waterfall_makes():
    """To the letter; ``example_calls.CALLS`` are the calls."""
    shown = [block.source for block in doc_pages.blocks(PAGE, "text")]
    assert waterfall(example_calls.CALLS) in [text.rstrip("\n") for text in shown]


def test_the_picture_is_what_waterfall_makes():
    assert read("docs", "waterfall.svg").rstrip("\n") == waterfall(
        example_calls.CALLS, format="svg")


def test_the_table_has_every_method():
    """And none that there is not."""
    methods = [name for name in vars(Observer) if not name.startswith("_")]
    page = read(PAGE)
    assert [name for name in methods if "| `%s` |" % name not in page] == []
