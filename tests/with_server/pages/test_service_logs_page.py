"""docs/service-logs.md: its lines and tables are what the kit writes."""

from __future__ import absolute_import, division, print_function

import io
import json
import logging
import os
import re

import doc_pages

from waterspout.service import AccessLog, JSONFormatter
from waterspout.service._access_log import entry
from waterspout.service._access_log.entry import AccessEntry, Details
from waterspout.service._logging import json_formatter, json_values

PAGE = "docs/service-logs.md"


class Request(object):
    method, path, remote_ip = "POST", "/search/HOST", "10.0.0.7"

    def request_time(self):
        return 0.012345


def example(outcome=entry.ANSWERED):
    found = AccessEntry(Request(), 200, outcome, "4bf92f3577b34da6a3ce929d0e0e4736")
    found.details = Details(r"/search/(\w+)", 17, 345, "importer", 0.01, 1, 0)
    return found


def record_of(message, **attributes):
    record = logging.LogRecord("tornado.access", logging.INFO, "", 1, message, (), None)
    record.created, record.process = 1769860800.25, 4711
    record.__dict__.update(attributes)
    return record


def text():
    with io.open(os.path.join(doc_pages.ROOT, PAGE), encoding="utf-8") as file:
        return file.read()


def members_of_tables():
    """The names in the first columns of the tables."""
    rows = re.findall(r"^\| (`.*?`) \| ", text(), re.MULTILINE)
    return set(name for row in rows for name in re.findall("`([a-z_]+)`", row))


def test_lines_of_the_page_are_those_of_the_access_log():
    """Every character of them."""
    (as_json,) = [block.source.strip() for block in doc_pages.blocks(PAGE, "json")]
    (as_text,) = [block.source.strip() for block in doc_pages.blocks(PAGE, "text")]
    assert JSONFormatter().format(record_of(example())) == as_json
    assert str(example()) == as_text


def test_tables_have_each_member_of_a_line():
    """And no other one."""
    whole = example()
    whole.refusal, whole.left_after, whole.handler_status, whole.sample = "host", 1.0, 200, 0.01
    found = set(json.loads(JSONFormatter().format(record_of(whole))))
    found |= set(json.loads(JSONFormatter().format(record_of("m", exc_text="t", incident="i"))))
    assert found == members_of_tables()


def test_outcomes_are_those_of_the_page():
    outcomes = [entry.ANSWERED, entry.REFUSED, entry.CUT_OFF, entry.CLIENT_LEFT, entry.INCOMPLETE]
    assert "`outcome` | how the request ended: %s |" % ", ".join(
        "`%s`" % each for each in outcomes) in text()


def test_numbers_of_the_page_are_those_of_the_code():
    assert "%d characters of it at most" % json_values.MAX_TEXT in text()
    assert "of more than {:,} characters the end".format(json_formatter.MAX_TRACEBACK) in text()
    assert "(default: %g)" % AccessLog().slow in text()
