"""Which calls the benchmark compares, and what it makes of the results."""

from __future__ import absolute_import, division, print_function

import ast
import io
import os
import sys

import pytest

from benchmarks import cases, clients, plan, runner, table, targets
from benchmarks.results import Results

SESSION = "session-pooled"


def results(runs, python="3.11.7"):
    """Results of (client, case) -> (calls/s, CPU) in one round."""
    return Results({"python": python}, [
        {"round": 0, "client": client, "case": case,
         "calls_per_second": speed, "cpu_us_per_call": cost}
        for (client, case), (speed, cost) in runs.items()])


def verdict(found):
    """The last cells of the only row."""
    row = table.target_table(found).splitlines()[2]
    return [cell.strip() for cell in row.strip("|").split("|")][-3:]


def test_a_target_is_reached_only_if_cpu_and_calls_per_second_are_good_enough():
    ours, theirs = (SESSION, "get-64"), ("aiohttp", "get-64")
    both = results({ours: (2600, 38), theirs: (1000, 100)})
    assert verdict(both) == ["2.63", "2.60", "reached"]
    too_slow = results({ours: (2400, 38), theirs: (1000, 100)})
    assert verdict(too_slow) == ["2.63", "2.40", "NOT reached"]
    too_much_cpu = results({ours: (2600, 50), theirs: (1000, 100)})
    assert verdict(too_much_cpu) == ["2.00", "2.60", "NOT reached"]


def test_a_call_at_1000_concurrent_may_cost_half_as_much_again():
    crowded, itself = (SESSION, "sdk-1000"), (SESSION, "sdk-64")
    assert verdict(results({crowded: (700, 140), itself: (1000, 100)})) == [
        "1.40", "1.43", "reached"]
    assert verdict(results({crowded: (700, 160), itself: (1000, 100)})) == [
        "1.60", "1.43", "NOT reached"]


def test_targets_without_a_measurement_are_counted():
    found = results({(SESSION, "get-64"): (2600, 38), ("aiohttp", "get-64"): (1000, 100)})
    count = len(targets.of_python("3.11"))
    assert "Not measured: %d targets." % (count - 1) in table.target_table(found)


@pytest.mark.parametrize("version", ["2.7.18", "3.11.7"])
def test_a_full_run_measures_every_target(version):
    assert plan.of_targets(version) <= plan.everything()
    assert plan.quick(version) <= plan.of_targets(version) <= plan.of_pages(version)


@pytest.mark.parametrize("version", ["2.7.18", "3.11.7"])
def test_every_kind_of_call_has_a_target(version):
    """One at 64 concurrent, beside a peer or beside ourselves, and one at 1,000."""
    kinds = {kind.name for kind in cases.KINDS}
    at_1000 = {target.ours[1] for target in targets.of_python(version) if target.is_most}
    assert {name + "-1000" for name in kinds} <= at_1000
    beside_others = {target.ours[1] for target in targets.of_python(version)}
    assert {name + "-64" for name in kinds - {"64k"}} <= beside_others


def test_clients_are_not_measured_on_what_they_lack():
    pairs = {(SESSION, "jar-64"), ("pyqwest", "jar-64"), ("httpx", "jar-64")}
    planned = plan.in_order(pairs, {SESSION: {}, "pyqwest": {"jar": "no store"}})
    assert planned == [(cases.Case.named("jar-64"), [SESSION])]


def declared(path):
    """The functions of the class Client in this file, and the keys of its ``lacks``."""
    with io.open(path, encoding="utf-8") as file:
        module = ast.parse(file.read().encode("utf-8"))
    body = next(each for each in module.body
                if isinstance(each, ast.ClassDef) and each.name == "Client").body
    functions, lacks = set(), set()
    for each in body:
        if isinstance(each, ast.Assign):
            functions.update(target.id for target in each.targets)
            if each.targets[0].id == "lacks":
                lacks.update(key.s if sys.version_info[0] == 2 else key.value
                             for key in each.value.keys)
        elif hasattr(each, "name"):
            functions.add(each.name)
    return functions, lacks


@pytest.mark.parametrize("entry", clients.CLIENTS, ids=lambda entry: entry.name)
def test_a_client_makes_every_kind_of_call_or_says_why_not(entry):
    if clients.is_python3_only(entry) and sys.version_info[0] == 2:
        pytest.skip("is written with async def")
    place = os.path.join(runner.ROOT, "benchmarks", *entry.module.split("."))
    functions, lacks = declared(place + ".py")
    for kind in cases.KINDS:
        assert (kind.function in functions) != (kind.name in lacks), kind.name
