"""The projects in examples/ pass their own tests, run as a user runs them; and these can fail."""

from __future__ import absolute_import, division, print_function

import importlib
import io
import os
import re
import subprocess
import sys

import example_projects
import pytest
from programs import SOURCES

pytestmark = pytest.mark.timeout(120)

#: For each project: a file, what stands in it, what is put there instead, and a test that has to
#: notice.
MUTATIONS = [
    ("inventory-yield", "inventory/sdk.py", "instance/_search", "instance/_find", "test_sdk"),
    ("inventory-yield", "inventory/sdk.py", "instance/_search", "instance/_find", "test_recorded"),
    ("inventory-yield", "inventory/sdk.py", '"$gte": least', '"$gt": least', "test_sdk"),
    ("inventory-yield", "inventory/sdk.py", '["name"]', '["cpu"]', "test_recorded"),
    ("inventory-yield", "inventory/handlers.py", "404", "410", "test_service"),
    ("inventory-yield", "inventory/handlers.py", "cpu must be", "cpu is", "test_service"),
    ("inventory-yield", "inventory/app.py", "upstreams=[sdk]", "upstreams=[]", "test_timeouts"),
    ("rates-fetch", "rates/upstream.py", '"/rates"', '"/rate"', "test_convert"),
    ("rates-fetch", "rates/upstream.py", '"/rates"', '"/rate"', "test_bank_failures"),
    ("rates-fetch", "rates/upstream.py", "request_timeout=5", "request_timeout=50",
     "test_bank_failures"),
    ("rates-fetch", "rates/app.py", "amount * ", "", "test_convert"),
    ("weather-asyncio", "weather/forecasts.py", "/today", "/tomorrow", "test_forecasts"),
    ("weather-asyncio", "weather/handlers.py", '"celsius": each', '"kelvin": each',
     "test_measurements"),
    ("weather-asyncio", "weather/storm_warnings.py", "/warnings", "/alarms", "test_today"),
    ("weather-asyncio", "weather/handlers.py", "except waterspout.RequestException",
     "except waterspout.HTTPError", "test_today"),
    ("weather-asyncio", "weather/app.py", "WarningsSDK(warnings, timeout=1",
     "WarningsSDK(warnings, timeout=20", "test_today"),
    ("weather-asyncio", "weather/app.py", "token else None", "None else None", "test_today"),
    ("weather-asyncio", "weather/upstream_counts.py", '["failed"] += 1', '["done"] += 1',
     "test_counts"),
]


@pytest.fixture
def project(tmp_path):
    """Copy a project; skip if this Python cannot run it."""
    def copied(name):
        if sys.version_info[0] == 2 and name not in example_projects.ON_PYTHON_2:
            pytest.skip("await is Python 3")
        for plugin in example_projects.PLUGINS.get(name, ()):
            need(plugin)
        return example_projects.copy(name, str(tmp_path))

    return copied


def need(module):
    """Skip the test if it is not there; fail it where none may be skipped."""
    try:
        importlib.import_module(module)
    except ImportError as error:
        (pytest.fail if os.environ.get("STRICT_TESTS") else pytest.skip)(str(error))


def run(folder, *arguments):
    """Run ``python -m pytest`` in the project: its exit code and output."""
    name = os.path.basename(folder)
    environ = dict(os.environ, PYTHONPATH=SOURCES, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    environ.pop("PYTEST_ADDOPTS", None)
    command = [sys.executable, "-m", "pytest", "-p", "waterspout.testing.pytest_plugin"]
    for plugin in example_projects.PLUGINS.get(name, ()):
        command += ["-p", plugin]
    process = subprocess.Popen(
        command + list(arguments), cwd=folder, env=environ,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    output = process.communicate()[0].decode("utf-8", "replace")
    return process.returncode, output


def count_tests(folder):
    """How many tests are written there."""
    count = 0
    for name in os.listdir(os.path.join(folder, "tests")):
        if name.endswith(".py"):
            with io.open(os.path.join(folder, "tests", name), encoding="utf-8") as file:
                count += len(re.findall(r"^ *(?:async )?def test_", file.read(), re.MULTILINE))
    return count


@pytest.mark.parametrize("name", example_projects.names())
def test_a_project_passes_its_tests(project, name):
    """All of them, without a warning, and none is left out."""
    folder = project(name)
    status, output = run(folder)
    assert status == 0, output
    assert re.search(r"\b%d passed in" % count_tests(folder), output), output


@pytest.mark.slow
@pytest.mark.parametrize(
    "name, path, old, new, tests", MUTATIONS,
    ids=["%s: %s" % (each[1], each[3]) for each in MUTATIONS])
def test_a_mistake_in_a_project_fails_its_tests(project, name, path, old, new, tests):
    """The project's tests see it, and they end."""
    folder = project(name)
    path = os.path.join(folder, *path.split("/"))
    with io.open(path, encoding="utf-8") as file:
        source = file.read()
    assert old in source
    with io.open(path, "w", encoding="utf-8") as file:
        file.write(source.replace(old, new))
    status, output = run(folder, "-ra", os.path.join("tests", tests + ".py"))
    assert status == 1 and re.search(r"\d (failed|error)", output), output
    assert "SyntaxError" not in output and "NameError" not in output
    assert "Failed: Timeout" not in output, output


def test_each_project_has_mistakes_to_find():
    assert {each[0] for each in MUTATIONS} == set(example_projects.names())
