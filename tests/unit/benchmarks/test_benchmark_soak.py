"""What the soak makes of its requests, and when its checks are met."""

from __future__ import absolute_import, division, print_function

import json

import pytest

from benchmarks.soak import (
    checks,
    memory,
    messages,
    outcomes,
    pages,
    proc_table,
    proxies,
    schedule,
    table,
)
from benchmarks.soak.memory import Growth, Memory
from benchmarks.soak.outcomes import Request

CMDB_AWAY = b'{"error":"the CMDB cannot be reached"}'


def request(begun, ended=None, outcome=outcomes.ANSWERED, excuse=None, lane="direct"):
    return Request(lane, "kept", begun, begun if ended is None else ended, outcome, excuse, "")


def run(**changed):
    """What one soak has found, everything well."""
    answered = [request(0.01 * number) for number in range(200)]
    found = {
        "title": "the gateway", "seconds": 120.0, "kinds": outcomes.by_kind(answered),
        "lanes": {"direct": outcomes.counts(answered)},
        "events": [{"name": "kill", "begun": 0.5, "ended": 1.0, "note": "", "error": None,
                    "requests": outcomes.counts(answered)}],
        "killed": [3, 2], "failures": [], "memory": [list(Growth(7, 60.0, 512))],
        "stored": 10, "doubtful": 1, "found": 10}
    return dict(found, **changed)


def failed_checks(**changed):
    return [line for met, line in checks.checked(run(**changed)) if not met]


def with_outcome(outcome, excuse=None, count=1):
    lanes = [request(0.01 * number) for number in range(200)]
    return {"direct": outcomes.counts(
        lanes + [request(1.0, outcome=outcome, excuse=excuse)] * count)}


def test_a_run_in_which_everything_went_well_meets_all_checks():
    assert failed_checks() == []


@pytest.mark.parametrize("outcome", outcomes.FAILURES)
def test_one_failed_request_of_any_kind_fails_the_soak(outcome):
    assert failed_checks(lanes=with_outcome(outcome)) == [
        "direct: 1 of 201 requests failed by our fault"]


def test_a_lane_without_answers_fails_the_soak():
    assert failed_checks(lanes={"nginx": outcomes.counts([])}) == [
        "nginx: 0 of 0 requests failed by our fault"]


def test_the_killed_worker_excuses_no_more_requests_than_it_held_connections():
    lanes = with_outcome(outcomes.LOST, outcomes.KILLED, 3)
    assert failed_checks(lanes=lanes) == []
    lanes = with_outcome(outcomes.LOST, outcomes.KILLED, 4)
    assert failed_checks(lanes=lanes) == [
        "4 requests failed in the killed worker, which held 3 connections and had 2 requests"]


def test_an_event_that_did_not_happen_fails_the_soak():
    event = dict(run()["events"][0], error="the worker was not replaced")
    assert failed_checks(events=[event]) == ["SIGKILL of a worker: the worker was not replaced"]


def test_an_event_without_load_fails_the_soak():
    event = dict(run()["events"][0], requests=outcomes.counts([request(1.0)] * 49))
    assert failed_checks(events=[event]) == [
        "SIGKILL of a worker: only 49 requests were under way"]


@pytest.mark.parametrize("found, is_well", [(9, False), (10, True), (11, True), (12, False)])
def test_the_cmdb_must_have_what_was_answered_and_nothing_that_was_never_sent(found, is_well):
    assert (failed_checks(found=found) == []) is is_well


def test_a_worker_that_grows_too_much_fails_the_soak():
    growths = [list(Growth(7, 60.0, 100)), list(Growth(8, 60.0, memory.LIMIT_KIB + 1))]
    assert failed_checks(memory=growths) == [
        "of 2 workers none grew by more than 2.0 MB in 60 s (2 MB are allowed)"]


def test_a_long_soak_must_have_measured_memory_and_a_short_one_need_not():
    assert failed_checks(memory=[]) == ["no worker lived long enough to measure its memory"]
    assert failed_checks(memory=[], seconds=30.0) == []


def test_growth_is_measured_between_a_warm_worker_and_its_end():
    samples, ended = Memory(), memory.WARM + memory.WATCHED + 5
    for second in range(int(ended) + 1):
        samples.add(7, 100.0 + second, 1000 + 100 * second)
        samples.add(8, 100.0 + second, 1000)
    samples.add(9, 100.0, 1000)
    growths = {growth.pid: growth.kib for growth in samples.growths()}
    # From the middle of the samples at one end to that at the other.
    assert growths == {7: pytest.approx(100 * (memory.WATCHED - 3), abs=200), 8: 0}


def test_a_body_in_memory_at_the_moment_of_a_sample_is_no_growth():
    samples = Memory()
    for second in range(60):
        samples.add(7, float(second), 50000 if second == 59 else 1000)
    assert [growth.kib for growth in samples.growths()] == [0]


@pytest.mark.parametrize("status, body, begun, ended, is_theirs", [
    (502, CMDB_AWAY, 10.5, 10.6, True),
    (503, CMDB_AWAY, 11.0 + outcomes.SETTLES - 0.1, 99.0, True),
    (504, CMDB_AWAY, 9.0, 10.1, True),
    (502, CMDB_AWAY, 9.0, 9.9, False),
    (502, CMDB_AWAY, 11.0 + outcomes.SETTLES, 99.0, False),
    (500, CMDB_AWAY, 10.5, 10.6, False),
    (502, b"<html>502 Bad Gateway nginx</html>", 10.5, 10.6, False),
])
def test_an_error_is_the_cmdbs_if_it_says_so_while_the_cmdb_was_away(
        status, body, begun, ended, is_theirs):
    outages = [(10.0, 11.0), (200.0, float("inf"))]
    assert outcomes.is_upstreams_fault(status, body, begun, ended, outages) is is_theirs


def test_requests_of_an_event_are_those_that_were_under_way():
    requests = [request(0.0, 0.9), request(0.5, 1.0), request(1.5, 9.0), request(2.0, 2.1),
                request(2.1, 3.0)]
    assert outcomes.during(requests, 1.0, 2.0) == requests[1:4]


def test_only_connections_of_the_process_to_the_port_count_as_held():
    text = (
        "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n"
        "   0: 0100007F:22B8 00000000:0000 0A 00000000:00000000 00:00000000 00000000  0 0 1 1\n"
        "   1: 0100007F:22B8 0100007F:C000 01 00000000:00000000 00:00000000 00000000  0 0 2 1\n"
        "   2: 0100007F:22B8 0100007F:C001 08 00000000:00000000 00:00000000 00000000  0 0 3 1\n"
        "   3: 0100007F:22B8 0100007F:C002 01 00000000:00000000 00:00000000 00000000  0 0 4 1\n"
        "   4: 0100007F:22B9 0100007F:C003 01 00000000:00000000 00:00000000 00000000  0 0 5 1\n")
    assert proc_table.ports_of(text, 0x22b8, {"1", "2", "3", "5"}) == {0xc000, 0xc001}


def test_the_state_of_a_process_is_read_after_a_name_with_anything_in_it():
    assert proc_table.state_of("7 (a) Z (b) T 1 2 3") == "T"


def test_a_search_is_right_only_with_the_host_that_was_stored():
    message = messages.search_one("1", "web-1")
    found = {"data": {"data": {"list": [{"name": "web-1"}]}}}
    assert message.is_right(found)
    assert not message.is_right({"data": {"data": {"list": []}}})


def test_an_import_is_right_if_each_row_was_stored():
    message = messages.import_many("1", "web")
    for counts, is_right in (((500, 0), True), ((100, 400), True), ((499, 0), False)):
        answer = {"data": {"data": {"insert_count": counts[0], "update_count": counts[1]}}}
        assert message.is_right(answer) is is_right
    head, _, body = message.content.partition(b"\r\n\r\n")
    assert len(json.loads(body.decode("ascii"))["datas"]) == 500
    assert ("Content-Length: %d" % len(body)).encode("ascii") in head.split(b"\r\n")


@pytest.mark.parametrize("is_quick", [False, True])
def test_the_schedule_has_each_important_event_in_order(is_quick):
    events = schedule.events(is_quick)
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert {"roll", "kill", "upstream-stop", "release", "stop-first"} <= {
        event.name for event in events}
    assert set(event.name for event in events) <= set(schedule.TITLES)
    assert [event.name for event in schedule.events(is_quick, ("kill",))] == ["kill"]


def test_nginx_runs_the_shipped_site_on_other_addresses():
    text = proxies.nginx_site(proxies.deployed("nginx", "waterspout.conf"), 1000, [1001, 1002])
    assert "listen 127.0.0.1:1000;" in text and "ssl" not in text.replace("#", "")
    assert "server 127.0.0.1:1001 max_fails" in text and "server 127.0.0.1:1002 max" in text
    assert "10.0.0." not in text


def test_haproxy_runs_the_shipped_configuration_on_other_addresses():
    text = proxies.haproxy_config(
        proxies.deployed("haproxy", "haproxy.cfg"), 1000, [1001, 1002], [1003, 1004])
    assert "bind 127.0.0.1:1000\n" in text
    assert text.count("127.0.0.1:1001 port 1003") == text.count("127.0.0.1:1002 port 1004") == 2
    assert "10.0.0." not in text


def test_a_shipped_file_without_what_is_replaced_is_an_error():
    with pytest.raises(proxies.Unusable) as caught:
        proxies.nginx_site("server { listen 80; }", 1000, [1001, 1002])
    assert "listen 443 ssl http2;" in str(caught.value)


def test_the_report_has_rates_failures_and_checks():
    failure = request(1.0, 2.0, outcomes.RESET)._replace(detail="id-7 ConnectionResetError")
    results = {"facts": {"python": "3.11.7", "machine": {"cpu": "a cpu", "cores": 2}},
               "runs": [run(failures=[list(failure)], lanes=with_outcome(outcomes.RESET))]}
    text = table.report(results)
    assert "the gateway: 201 requests in 120 s, 2/s" in text
    assert "1 reset" in text and "id-7 ConnectionResetError" in text
    assert "FAIL  direct: 1 of 201 requests failed by our fault" in text


def test_the_page_says_where_how_much_and_what_failed():
    machine = {"cpu": "a cpu", "cores": 2, "load": 3.25}
    results = {"facts": {"python": "3.11.7", "machine": machine},
               "runs": [run(lanes=with_outcome(outcomes.RESET))]}
    text = pages.details([results])
    assert "### The gateway\n\na cpu, 2 cores, load 3.2 before: 201 requests in 120 s, 2 a " in text
    assert "Of 1 workers none grew by more than 0.5 MB" in text
    assert "| direct | 201 | 200 | 0 | 0 | 1: 1 reset |" in " ".join(text.split())
    assert schedule.TITLES["kill"] in text
