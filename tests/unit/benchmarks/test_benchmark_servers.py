"""What the benchmark of servers sends, counts and makes of its results."""

from __future__ import absolute_import, division, print_function

import pytest

from benchmarks import servers
from benchmarks.servers import (
    cases,
    chart,
    load,
    measure,
    messages,
    processes,
    runner,
    table,
    targets,
)
from benchmarks.servers.results import MEMORY, Results

OURS, THEIRS = ("waterspout", "hello-64"), ("tornado", "hello-64")


def results(runs, python="3.11.7"):
    """Results of (server, case) -> (CPU, requests/s) in one round."""
    return Results({"python": python}, [
        {"round": 0, "server": server, "case": case, "peak_mib": 30.0,
         "cpu_us_per_call": cost, "calls_per_second": speed}
        for (server, case), (cost, speed) in runs.items()])


def verdicts(found):
    """The last cells of each row."""
    rows = table.target_table(found).splitlines()[2:]
    return [[cell.strip() for cell in row.strip("|").split("|")][-3:] for row in rows]


def test_a_gate_and_a_goal_ask_for_cpu_and_for_requests_per_second():
    for cost, speed, verdict in [
            (100, 2100, "goal reached"), (105, 2100, "gate reached"), (100, 1900, "gate reached"),
            (120, 2100, "NOT reached"), (100, 1600, "NOT reached")]:
        found = results({OURS: (cost, speed), THEIRS: (200, 1000)})
        assert [row[-1] for row in verdicts(found)] == [verdict], (cost, speed)


def test_the_gateway_may_have_fewer_requests_per_second_than_rust_on_two_cores():
    gateway, granian = ("gateway", "import-64"), ("granian", "import-64")
    assert verdicts(results({gateway: (100, 700), granian: (130, 1000)})) == [
        ["1.30", "0.70", "gate reached"]]
    assert verdicts(results({gateway: (100, 1000), granian: (140, 1000)})) == [
        ["1.40", "1.00", "goal reached"]]


def test_many_kept_connections_may_cost_a_third_more():
    many, itself = ("gateway", "import-2000"), ("gateway", "import-64")
    assert verdicts(results({many: (130, 800), itself: (100, 1000)})) == [
        ["1.30", "1.25", "goal reached"]]
    assert verdicts(results({many: (135, 800), itself: (100, 1000)}))[0][-1] == "NOT reached"


def test_an_idle_connection_is_measured_in_memory():
    name, case = targets.IDLE
    found = Results({"python": "3.11.7"}, [
        {"round": number, "server": name, "case": case, MEMORY: kib}
        for number, kib in enumerate([9.0, 9.5, 12.0])])
    assert verdicts(found) == [["9.5 KiB", "-", "goal reached"]]
    assert "| gateway" in table.case_table(found, cases.named(case))


def test_a_server_that_failed_is_named_below_its_table():
    found = results({OURS: (100, 2000)})
    found.runs.append({"round": 0, "server": "tornado", "case": "hello-64", "error": "no"})
    shown = table.case_table(found, cases.named("hello-64"))
    assert "Tornado's HTTPServer failed: no" in shown
    assert len(shown.splitlines()) == 4


def test_what_the_template_takes_is_told():
    found = results({("tornado", "page-64"): (500, 2000)})
    found.runs[0]["template_us"] = 150.0
    shown = table.case_table(found, cases.named("page-64"))
    assert "the template alone takes 150 us, 30 %; the rest 350 us" in shown


@pytest.mark.parametrize("version", ["2.7.18", "3.11.7"])
def test_every_target_compares_what_is_measured(version):
    for target in targets.of_python(version):
        for server, case in (target.ours, target.theirs):
            assert server in cases.named(case).servers


@pytest.mark.parametrize("case", cases.ALL, ids=lambda case: case.name)
def test_no_two_requests_are_equal_and_all_have_the_same_length(case):
    message = messages.request(case, 8888)
    first, second = messages.numbered(message, 1), messages.numbered(message, 10 ** 7)
    assert first != second and len(first) == len(second)
    head, _, body = first.partition(b"\r\n\r\n")
    lengths = [line for line in head.split(b"\r\n") if line.startswith(b"Content-Length")]
    assert lengths == ([b"Content-Length: %d" % len(body)] if body else [])


def test_the_posted_json_is_of_10_kb_and_has_20_header_fields():
    head, _, body = messages.request(cases.named("json-64"), 8888).partition("\r\n\r\n")
    assert len(head.split("\r\n")) - 1 == 20
    assert 10000 <= len(body) <= 10500


def test_a_script_for_wrk_quotes_what_is_special():
    script = load.script('GET /?n=%s HTTP/1.1\r\nHost: "a"\\\r\n\r\n' % messages.NUMBER, 7)
    assert (r'{"GET /\063n\061", " HTTP/1.1\013\010Host: \034a\034\092\013\010\013\010"}') in script
    assert "local number = 7\n" in script


def test_the_last_line_of_wrk_has_the_counts():
    line = '{"requests": 10, "seconds": 2.5, "bytes": 900, "failed": 0}'
    assert load.counts("Running\n\n%s\n" % line) == load.Counts(10, 2.5, 900, 0)
    with pytest.raises(load.Failed) as caught:
        load.counts("unable to connect\n")
    assert str(caught.value) == "unable to connect"
    with pytest.raises(load.Failed):
        load.counts("")


def test_failed_requests_and_answers_of_another_length_end_a_run():
    measure.check_counts(load.Counts(100, 1.0, 100 * 400, 0), 200, 64)
    for counts in (load.Counts(100, 1.0, 100 * 400, 1), load.Counts(0, 1.0, 0, 0),
                   load.Counts(100, 1.0, 100 * 150, 0), load.Counts(100, 1.0, 10 ** 6, 0)):
        with pytest.raises(messages.WrongAnswer):
            measure.check_counts(counts, 200, 64)


def test_an_answer_is_checked_by_its_status_and_its_content():
    case = cases.named("hello-64")
    messages.check(case, 200, {}, b"Hello, world!")
    for status, body in ((500, b"Hello, world!"), (200, b"")):
        with pytest.raises(messages.WrongAnswer):
            messages.check(case, status, {}, body)


def test_a_process_is_counted_with_its_descendants():
    line = "%d (a) b (c) S %d 1 1 0 -1 4194304 10 20 30 40 7 8 9 10 20 0 3 0 100"
    stats = {pid: processes.parsed(line % (pid, parent))
             for pid, parent in ((1, 0), (2, 1), (3, 2), (4, 1))}
    assert stats[2] == processes.Stat(1, 7 + 8 + 9 + 10)
    assert processes.tree(2, stats) == {2, 3}
    assert processes.tree(5, stats) == set()


def test_a_case_is_measured_only_with_servers_that_are_here_and_connections_that_are_allowed():
    found = runner_found("gateway", "tornado")
    chosen = [cases.named(name) for name in ("import-64", "import-2000", "hello-64")]
    assert runner.plan(chosen, None, found, 1000) == [
        (chosen[0], ["gateway"]), (chosen[2], ["tornado"])]
    assert runner.plan(chosen, ["gateway"], found, 3000) == [
        (chosen[0], ["gateway"]), (chosen[1], ["gateway"])]


def runner_found(*names):
    found = runner.clients_runner.Found()
    for name in names:
        found.lacks[name] = {}
    return found


@pytest.mark.parametrize("entry", servers.SERVERS, ids=lambda entry: entry.name)
def test_a_command_has_the_values_of_its_case(entry):
    kind = next(kind for kind in cases.KINDS if entry.name in kind.servers)
    case = cases.Case(kind, 64, 64)
    words = servers.command(entry, case, 8888, "http://127.0.0.1:9")
    assert "8888" in " ".join(words)
    assert not any("{" in word for word in words)


def test_the_chart_has_a_row_for_each_server_the_cheapest_first():
    found = results({("gateway", "import-64"): (200, 5000), ("granian", "import-64"): (250, 6000),
                     ("starlette", "import-64"): (240, 4000)})
    found.facts.update(machine={"cpu": "a processor", "cores": 2}, upstream="nginx", rounds=1)
    drawing = chart.chart([found], cases.named("import-64"))
    places = [drawing.index(">%s<" % servers.named(name).title)
              for name in ("gateway", "starlette", "granian")]
    assert places == sorted(places)
    assert drawing.count('class="gateway"') == 2 and drawing.count('class="peer"') == 4
    assert ">6,000<" in drawing
