"""What the count of instructions is made of, and when its checks are met."""

from __future__ import absolute_import, division, print_function

import os

import pytest

from benchmarks.options import client, counting, cpu, table, variants


def results(cpu=(), instructions=()):
    return {"python": "3.11.7", "machine": {"cpu": "a cpu", "load": 0.5, "cores": 2},
            "cpu": dict(cpu), "instructions": dict(instructions)}


@pytest.mark.parametrize("name, against, ratio, is_met", [
    ("defaults", "before", 1.05, True), ("defaults", "before", 1.051, False),
    ("everything", "before-deadline", 1.25, True),
    ("everything", "before-deadline", 1.251, False),
])
def test_a_variant_with_a_limit_is_compared_with_the_sources_of_before(
        name, against, ratio, is_met):
    """By the median of the rounds' ratios: the second round was slower for both."""
    before = [0.001, 0.002, 0.001]
    found = table.checked(results(
        {against: before, name: [ratio * before[0], ratio * before[1], 5 * before[2]]}))
    assert [met for met, _ in found] == [is_met]


def test_nothing_is_judged_without_the_sources_of_before():
    assert table.checked(results({"defaults": [0.001]})) == []


def test_instructions_are_listed_and_not_judged():
    assert table.checked(results({}, {"before": 1e6, "everything": 2e6})) == []


def test_each_variant_is_compared_with_the_defaults():
    text = table.report(results(
        {"before": [200e-6], "defaults": [202e-6], "quiet": [101e-6]},
        {"before": 1000e3, "defaults": 1010e3, "quiet": 909e3}))
    assert "1010" in text and "-10.0 %" in text and "-50.0 %" in text
    assert ('ok    defaults: 1.010 times the CPU time of "before, defaults", at most 1.05'
            in text)


def test_only_what_was_measured_has_a_column():
    rows = table.rows(results({"defaults": [100e-6], "keys": [110e-6]}))
    assert rows[1:] == [["defaults", "100", ""], ["API keys", "110", "+10.0 %"]]


@pytest.mark.skipif(not os.path.exists("/proc/self/task/%d/schedstat" % os.getpid()),
                    reason="the kernel does not count it")
def test_cpu_time_is_that_of_a_process():
    before = cpu.cpu_seconds(os.getpid())
    end = os.times()[0] + 0.05
    while os.times()[0] < end:
        pass
    assert 0.01 < cpu.cpu_seconds(os.getpid()) - before < 10


def test_everything_has_the_options_of_each_part():
    everything = variants.named("everything")
    for name in ("log-json", "keys", "proxies", "deadline", "operations"):
        assert set(variants.named(name).options) <= set(everything.options)
        assert set(variants.named(name).fields) <= set(everything.fields)


def test_fields_are_added_to_the_head_of_a_request():
    message = client.with_fields(
        "POST / HTTP/1.1\r\nHost: a\r\n\r\nbody", [("Authorization", "Bearer {key}")], "secret")
    assert message == "POST / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer secret\r\n\r\nbody"


def test_options_name_the_files_of_their_folder():
    site = client.Site("/folder", "key", "http://upstream")
    assert site.options_of(variants.named("keys")) == [
        "--api-keys=/folder/api-keys", "--upstream=http://upstream"]


def test_the_last_sum_of_a_file_counts(tmp_path):
    path = tmp_path / "counts"
    path.write_text(u"events: Ir\nsummary: 12\nfn=(1)\n3 4\ntotals: 345\n")
    assert counting.total(str(path)) == 345
