from __future__ import absolute_import, division, print_function

import ast
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

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

#: The folder of each distribution's project, by the name of its package.
PROJECTS = {"waterspout": ROOT, "waterspout_cmdb": os.path.join(ROOT, "cmdb")}

#: What may be there besides ours: Tornado with its own needs, and the installers.
NEEDS = {
    "2.7": {"tornado", "futures", "singledispatch", "backports-abc", "six"},
    "3.13": {"tornado"},
}
INSTALLERS = {"pip", "setuptools", "wheel"}

HOSTS = [{"name": "web-%d" % number, "ip": "10.0.0.%d" % number} for number in (1, 2, 3)]


@pytest.fixture(scope="module")
def wheels(tmp_path_factory):
    """The path of each distribution's wheel, built from its sdist, by the name of its package."""
    folder = tmp_path_factory.mktemp("wheels")
    # From a copy: a build in the tree packs what an earlier one left in build/.
    tree = shutil.copytree(ROOT, str(folder / "tree"), ignore=_is_made)
    builds = [
        subprocess.Popen(
            [sys.executable, "-m", "build", "--outdir", str(folder / package),
             os.path.join(tree, os.path.relpath(project, ROOT))],
            stdout=subprocess.DEVNULL,
        )
        for package, project in PROJECTS.items()
    ]
    assert [build.wait() for build in builds] == [0, 0]
    return {package: str(next((folder / package).glob("*.whl"))) for package in PROJECTS}


# Compiled files come and go while other interpreters run their tests.
_is_made = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__", "*.pyc", "build", "dist")


@pytest.fixture(scope="module", params=sorted(NEEDS))
def library(request, wheels, tmp_path_factory):
    """A fresh environment with the library's wheel alone in it: its version and its Python."""
    interpreter = interpreters.find().get(request.param)
    if interpreter is None:
        reason = "there is no Python %s on this machine" % request.param
        (pytest.fail if os.environ.get("STRICT_TESTS") else pytest.skip)(reason)
    folder = str(tmp_path_factory.mktemp("installed") / request.param)
    python = environment.make(folder, interpreter)
    environment.pip(python, "install", wheels["waterspout"])
    return request.param, python


@pytest.fixture(scope="class")
def both(library, wheels):
    """The same environment while the gateway's wheel is installed beside the library's."""
    version, python = library
    environment.pip(python, "install", wheels["waterspout_cmdb"])
    yield version, python
    environment.pip(python, "uninstall", "--yes", "waterspout-cmdb")


def run(python, *arguments):
    return subprocess.check_output([python] + list(arguments), cwd=os.sep, env=clean_environ())


def clean_environ():
    return {
        name: value for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "WATERSPOUT_"))
    }


@pytest.mark.parametrize("package", sorted(PROJECTS))
def test_a_wheel_is_universal(wheels, package):
    """Each wheel is for Python 2.7 and 3, and named after the version."""
    version = run(sys.executable, "-c", "import waterspout; print(waterspout.__version__)")
    name = "%s-%s-py2.py3-none-any.whl" % (package, version.decode().strip())
    assert os.path.basename(wheels[package]) == name


@pytest.mark.parametrize("package", sorted(PROJECTS))
def test_a_wheel_holds_every_file_of_its_package(wheels, package):
    """Data files, the typing marker and the licence are in a wheel, and no other package is."""
    src = os.path.join(PROJECTS[package], "src")
    wanted = set()
    for folder, _, names in os.walk(os.path.join(src, package)):
        if "__pycache__" not in folder:
            wanted |= {
                os.path.relpath(os.path.join(folder, name), src)
                for name in names if not name.endswith((".pyc", ".pyo"))
            }
    packed = set(zipfile.ZipFile(wheels[package]).namelist())
    assert {name for name in packed if ".dist-info/" not in name} == wanted
    assert any(name.endswith("/LICENSE") for name in packed)
    assert package + "/py.typed" in packed


IMPORT_ALL = """
import importlib, pkgutil, sys
package = importlib.import_module(sys.argv[1])
for _, name, _ in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
    try:
        importlib.import_module(name)
    except ImportError as error:
        if str(error).split()[-1].strip("'") not in ("requests", "pycurl", "pytest"):
            raise
print(package.__file__)
"""

COMPILE_ALL = """
import compileall, importlib, sys
package = importlib.import_module(sys.argv[1])
if not compileall.compile_dir(package.__path__[0], force=True, quiet=1):
    sys.exit(1)
"""

CALL = """
import tornado.web
from tornado import gen, httpserver, ioloop, netutil
import waterspout

class Echo(tornado.web.RequestHandler):
    def post(self):
        self.write(self.request.body)

sockets = netutil.bind_sockets(0, "127.0.0.1")
url = "http://127.0.0.1:%d/" % sockets[0].getsockname()[1]

@gen.coroutine
def main():
    httpserver.HTTPServer(tornado.web.Application([("/", Echo)])).add_sockets(sockets)
    session = waterspout.Session()
    response = yield session.post(url, json={"name": "web-1"}, timeout=30)
    yield session.close()
    print(response.json()["name"])

ioloop.IOLoop.current().run_sync(main)
"""


def installed_packages(python):
    listed = json.loads(run(python, "-m", "pip", "list", "--format=json").decode())
    return {item["name"].lower().replace("_", "-").replace(".", "-") for item in listed}


def assert_imports_and_compiles(python, package):
    """Assert that this Python imports every module of an installed package, and compiles each."""
    path = run(python, "-c", IMPORT_ALL, package).decode()
    assert path.startswith(os.path.dirname(python)[: -len("bin")])
    run(python, "-c", COMPILE_ALL, package)


def test_the_library_brings_nothing_but_tornado(library):
    """Installing waterspout brings Tornado and what Tornado itself needs."""
    version, python = library
    assert installed_packages(python) - INSTALLERS == NEEDS[version] | {"waterspout"}


def test_the_library_alone_imports_and_compiles(library):
    """With only Tornado there, all but what stands on other packages can be imported."""
    assert_imports_and_compiles(library[1], "waterspout")


def test_the_library_alone_calls_a_server(library):
    """A session sends JSON to a Tornado server and reads the answer."""
    assert run(library[1], "-c", CALL).decode().strip() == "web-1"


class TestBoth(object):
    """The gateway's wheel beside the library's."""

    def test_the_gateway_brings_nothing_but_the_library(self, both):
        """Installing waterspout-cmdb needs waterspout and nothing else."""
        version, python = both
        ours = {"waterspout", "waterspout-cmdb"}
        assert installed_packages(python) - INSTALLERS == NEEDS[version] | ours
        run(python, "-m", "pip", "check")

    def test_the_gateway_needs_the_library_of_its_version(self, both):
        """Its only requirement is ``waterspout==`` its own version."""
        code = (
            "import pkg_resources; one = pkg_resources.get_distribution('waterspout-cmdb');"
            "print(one.version, [str(need) for need in one.requires()])"
        ) if both[0] == "2.7" else (
            "import importlib.metadata as metadata; one = metadata.distribution('waterspout-cmdb');"
            "print((one.version, one.requires))"
        )
        version, needs = ast.literal_eval(run(both[1], "-c", code).decode())
        assert [need for need in needs if "extra ==" not in need] == ["waterspout==" + version]

    def test_the_gateway_imports_and_compiles(self, both):
        """Every module of the gateway and of the sandbox can be imported."""
        assert_imports_and_compiles(both[1], "waterspout_cmdb")

    def test_the_gateway_has_its_program(self, both):
        """``waterspout-cmdb`` stands beside the Python, and so does the sample in the package."""
        program = os.path.join(os.path.dirname(both[1]), "waterspout-cmdb")
        lines = run(program, "--help").decode().splitlines()
        assert lines[0].startswith("Usage: waterspout-cmdb COMMAND")
        code = "import os, waterspout_cmdb.commands.sample as it; print(os.listdir(it.__path__[0]))"
        assert "hosts.csv" in ast.literal_eval(run(both[1], "-c", code).decode())

    def test_the_gateway_imports_and_finds_hosts_and_stops(self, gateway):
        """Imported instances are found; SIGTERM ends it with exit code 0 and frees the port."""
        process, url = gateway
        imported = post(url + "/cmdb/import/HOST", {"keys": ["name"], "datas": HOSTS})
        assert imported["data"]["data"]["insert_count"] == 3
        found = post(url + "/cmdb/search/HOST", {"query": {"name": {"$eq": "web-2"}}})
        assert [host["ip"] for host in found["data"]["data"]["list"]] == ["10.0.0.2"]
        process.send_signal(signal.SIGTERM)
        assert process.wait() == 0
        with pytest.raises(urllib.error.URLError):
            post(url + "/cmdb/search/HOST", {})


@pytest.fixture
def gateway(both, tmp_path):
    """The installed gateway, serving with its sandbox: the process and its URL."""
    _, python = both
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


def post(url, body):
    request = urllib.request.Request(url, json.dumps(body).encode())
    with urllib.request.urlopen(request, timeout=30) as response:
        return json.load(response)
