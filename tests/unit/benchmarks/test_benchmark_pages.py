"""README.md and docs/speed.md show the results that are kept."""

from __future__ import absolute_import, division, print_function

from benchmarks import chart, pages
from benchmarks.cases import KINDS
from benchmarks.results import Results


def test_the_pages_agree_with_the_results():
    """After `python -m benchmarks.pages`."""
    for path, content in pages.saved_pages().items():
        assert pages.read(path) == content, path


def test_the_chart_begins_with_the_sdk_and_ends_with_the_bare_call():
    machine = {"cpu": "a processor", "cores": 2, "system": "a system", "load": 0.0}
    results = Results(
        {"python": "3.11.7", "machine": machine, "upstream": "nginx", "rounds": 1},
        [{"round": 0, "client": client, "case": kind.name + "-64",
          "calls_per_second": 1000.0, "cpu_us_per_call": 100.0}
         for kind in KINDS for client in ("aiohttp", "session-pooled")])
    drawing = chart.chart([results])
    places = {drawing.find(">%s<" % kind.title): kind.title for kind in KINDS}
    titles = [places[place] for place in sorted(places) if place >= 0]
    assert titles[0] == "POST of JSON through an SDK, request id"
    assert titles[-1] == "GET, nothing but its URL"
    assert len(titles) == len(chart.SHOWN)
