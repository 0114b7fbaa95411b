"""What the costs of options are made of, and when their checks are met."""

from __future__ import absolute_import, division, print_function

import pytest

from benchmarks.options import client, counting, table, variants


def results(instructions=(), **cpu):
    """Of a run that has measured this CPU time in each round, and counted these instructions."""
    return {"python": "3.11.7", "machine": {"cpu": "a cpu"}, "rounds": 30, "cpu": cpu,
            "instructions": dict(instructions)}


@pytest.mark.parametrize("name, seconds, is_met", [
    ("defaults", [105e-6] * 3, True), ("defaults", [106e-6] * 3, False),
    ("everything", [125e-6] * 3, True), ("everything", [126e-6] * 3, False),
    ("everything", [999e-6, 125e-6, 125e-6], True),
])
def test_a_variant_with_a_limit_is_compared_with_the_sources_of_before(name, seconds, is_met):
    """By the median of what each round says."""
    found = table.checked(results(before=[100e-6] * 3, **{name: seconds}))
    assert [met for met, _ in found] == [is_met]


def test_nothing_is_judged_without_the_sources_of_before():
    assert table.checked(results(defaults=[100e-6])) == []


def test_each_variant_is_compared_with_the_defaults():
    text = table.report(results(
        {"before": 1000e3, "defaults": 1010e3, "quiet": 909e3},
        before=[100e-6], defaults=[101e-6], quiet=[202e-6]))
    assert "1010" in text and "-10.0 %" in text and "+100.0 %" in text
    assert "ok    defaults: 1.010 times the CPU time of before, at most 1.05" in text


def test_everything_has_the_options_of_each_part():
    everything = variants.named("everything")
    for name in ("log-json", "keys", "proxies", "deadline", "operations"):
        assert set(variants.named(name).options) <= set(everything.options)
        assert set(variants.named(name).fields) <= set(everything.fields)


def test_fields_are_added_to_the_head_of_a_request():
    message = client.with_fields(
        "POST / HTTP/1.1\r\nHost: a\r\n\r\nbody", [("Authorization", "Bearer {key}")], "secret")
    assert message == "POST / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer secret\r\n\r\nbody"


def test_the_last_sum_of_a_file_counts(tmp_path):
    path = tmp_path / "counts"
    path.write_text(u"events: Ir\nsummary: 12\nfn=(1)\n3 4\ntotals: 345\n")
    assert counting.total(str(path)) == 345
