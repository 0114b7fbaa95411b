from __future__ import absolute_import, division, print_function

import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile

import pytest

BUILDER = (3, 13)

if sys.version_info[:2] != BUILDER:
    pytest.skip("done once, when the tests run on Python %d.%d" % BUILDER, allow_module_level=True)

import urllib.error  # noqa: E402
import urllib.request  # noqa: E402

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), os.pardir, os.pardir))
sys.path.insert(0, os.path.join(ROOT, "scripts"))

import environment  # noqa: E402
import interpreters  # noqa: E402
from free_ports import free_port  # noqa: E402

pytestmark = pytest.mark.timeout(300)

#: What may be there besides waterspout: Tornado with its own needs, and the installers.
NEEDS = {
    "2.7": {"tornado", "futures", "singledispatch", "backports-abc", "six"},
    "3.13": {"tornado"},
}
INSTALLERS = {"pip", "setuptools", "wheel"}

HOSTS = [{"name": "web-%d" % number, "ip": "10.0.0.%d" % number} for number in (1, 2, 3)]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The path of the wheel, built from the sdist."""
    folder = tmp_path_factory.mktemp("wheel")
    # From a copy: a build in the tree packs what an earlier one left in build/.
    tree = shutil.copytree(ROOT, str(folder / "tree"), ignore=_is_made)
    subprocess.check_call(
        [sys.executable, "-m", "build", "--outdir", str(folder), tree],
        stdout=subprocess.DEVNULL,
    )
    (path,) = folder.glob("*.whl")
    return str(path)


def _is_made(folder, names):
    hidden = {name for name in names if name.startswith(".")}
    return hidden | ({"build", "dist"} & set(names)) | {n for n in names if n.endswith(".egg-info")}


@pytest.fixture(scope="module", params=sorted(NEEDS))
def installed(request, wheel, tmp_path_factory):
    """A fresh environment with the wheel alone in it: its version and its Python."""
    interpreter = interpreters.find().get(request.param)
    if interpreter is None:
        reason = "there is no Python %s on this machine" % request.param
        (pytest.fail if os.environ.get("STRICT_TESTS") else pytest.skip)(reason)
    folder = str(tmp_path_factory.mktemp("installed") / request.param)
    python = environment.make(folder, interpreter)
    environment.pip(python, "install", wheel)
    return request.param, python


def run(python, *arguments):
    return subprocess.check_output([python] + list(arguments), cwd=os.sep, env=clean_environ())


def clean_environ():
    return {
        name: value for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "WATERSPOUT_"))
    }


def test_the_wheel_is_universal(wheel):
    """One wheel for Python 2.7 and 3, named after the version."""
    version = run(sys.executable, "-c", "import waterspout; print(waterspout.__version__)")
    name = "waterspout-%s-py2.py3-none-any.whl" % version.decode().strip()
    assert os.path.basename(wheel) == name


def test_the_wheel_holds_every_file_of_the_packages(wheel):
    """Data files, the typing marker and the licence are in it, and nothing else is."""
    src = os.path.join(ROOT, "src")
    wanted = set()
    for folder, _, names in os.walk(src):
        if "__pycache__" not in folder and ".egg-info" not in folder:
            wanted |= {
                os.path.relpath(os.path.join(folder, name), src)
                for name in names if not name.endswith((".pyc", ".pyo"))
            }
    packed = set(zipfile.ZipFile(wheel).namelist())
    assert {name for name in packed if ".dist-info/" not in name} == wanted
    assert any(name.endswith("/LICENSE") for name in packed)
    assert "waterspout/py.typed" in packed


def test_nothing_but_tornado_comes_with_it(installed):
    """Installing waterspout brings Tornado and what Tornado itself needs."""
    version, python = installed
    listed = json.loads(run(python, "-m", "pip", "list", "--format=json").decode())
    names = {item["name"].lower().replace("_", "-").replace(".", "-") for item in listed}
    assert names - INSTALLERS == NEEDS[version] | {"waterspout"}


IMPORT_ALL = """
import importlib, pkgutil, waterspout, waterspout_cmdb
for package in (waterspout, waterspout_cmdb):
    for _, name, _ in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        try:
            importlib.import_module(name)
        except ImportError as error:
            if not str(error).endswith(("requests", "'requests'", "pycurl", "'pycurl'")):
                raise
print(waterspout.__file__)
"""

COMPILE_ALL = """
import compileall, sys, waterspout, waterspout_cmdb
for package in (waterspout, waterspout_cmdb):
    if not compileall.compile_dir(package.__path__[0], force=True, quiet=1):
        sys.exit(1)
"""


def test_every_module_imports(installed):
    """With only Tornado there, all but what wraps requests and pycurl can be imported."""
    _, python = installed
    assert run(python, "-c", IMPORT_ALL).decode().startswith(os.path.dirname(python)[: -len("bin")])


def test_it_compiles_whole(installed):
    """``compileall`` finds no file that this Python cannot read."""
    _, python = installed
    run(python, "-c", COMPILE_ALL)


@pytest.fixture
def gateway(installed, tmp_path):
    """The installed gateway, serving with its sandbox: the process and its URL."""
    _, python = installed
    command = [python, "-m", "waterspout_cmdb", "--port=0", "--sandbox-port=%d" % free_port()]
    process = subprocess.Popen(
        command, cwd=str(tmp_path), env=clean_environ(), stdout=subprocess.PIPE, text=True
    )
    try:
        lines = iter(process.stdout.readline, "")
        url = next(word for line in lines for word in line.split() if word.startswith("http://"))
        yield process, url
    finally:
        process.kill()
        process.communicate()


def test_the_gateway_imports_and_finds_hosts_and_stops(gateway):
    """What was imported is found again; SIGTERM ends it with exit code 0 and frees the port."""
    process, url = gateway
    imported = post(url + "/cmdb/import/HOST", {"keys": ["name"], "datas": HOSTS})
    assert imported["data"]["data"]["insert_count"] == 3
    found = post(url + "/cmdb/search/HOST", {"query": {"name": {"$eq": "web-2"}}})
    assert [host["ip"] for host in found["data"]["data"]["list"]] == ["10.0.0.2"]
    process.send_signal(signal.SIGTERM)
    assert process.wait() == 0
    with pytest.raises(urllib.error.URLError):
        post(url + "/cmdb/search/HOST", {})


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)
