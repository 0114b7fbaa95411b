"""The examples of README and docs run as they stand there.

Each block is executed in a namespace of its own, so that it can be copied alone. Then each function
that it defines is called; the names of its parameters say what it gets (`arguments`).
"""

from __future__ import absolute_import, division, print_function

import importlib
import io
import json
import os
import re
import shlex
import sys
import warnings

import doc_pages
import example_projects
import pytest
import yaml
from tornado import gen, web
from tornado.escape import native_str
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port

import waterspout
from waterspout.testing.cassette import RecordedRequest, RecordedResponse
from waterspout_cmdb.bulk.cluster.dask_import import import_distributed
from waterspout_cmdb.commands.main import COMMANDS as COMMANDS_OF_THE_CMDB

PAGES = [page for page in doc_pages.pages() if doc_pages.blocks(page, "python")]

#: Packages that examples import and the tests do not need. Blocks with one that is not installed
#: are compiled and not run; the page names the versions that they were run with by hand.
OPTIONAL = {"aiohttp", "opentelemetry", "requests", "responses", "urllib3", "vcr"}

#: They serve until they are stopped; tests of the kit and of README serve the same application.
#: Nor are tests and fixtures: test_testing_page and test_cassettes_page have pytest run them.
NOT_CALLED = {"main", "waterspout_cassette_options", "client", "test_hosts", "read_configuration"}

#: What a block may be.
KINDS = {"python", "sh", "text", "json", "yaml"}

#: Directives of MyST that hold no code of ours.
DIRECTIVES = re.compile(r"^\{(toctree|include|eval-rst|note|warning|image|figure)\}")


class Upstream(web.RequestHandler):
    """What the examples call. Its answer has what every example looks for in one."""

    def prepare(self):
        if self.request.path.startswith("/status/"):
            self.set_status(int(self.request.path.rpartition("/")[2]))

    @gen.coroutine
    def get(self):
        if self.request.path == "/slow":
            yield gen.sleep(1)
        if self.request.path == "/lines":
            self.finish(b'{"n": 1}\n{"n": 2}\n')
        elif self.request.path == "/missing":
            raise web.HTTPError(404)
        else:
            self.finish({
                "code": 0, "error": "", "message": "", "name": "web-1",
                "q": self.get_argument("q", ""), "path": self.request.path,
                "data": {"list": [{"name": "web-1", "cpu": 4}], "total": 1},
            })

    post = put = patch = delete = get


@pytest.fixture
def upstream(io_loop):
    """The address of the server that the examples call."""
    socket, port = bind_unused_port()
    server = HTTPServer(web.Application([(r".*", Upstream)]))
    configurable = AsyncHTTPClient, HTTPServer
    configurations = [each._save_configuration() for each in configurable]
    on_loop(io_loop, server.add_sockets, [socket])
    yield "127.0.0.1:%d" % port
    for each, configuration in zip(configurable, configurations):
        each._restore_configuration(configuration)
    on_loop(io_loop, server.stop)
    on_loop(io_loop, lambda: waterspout.default_session().close())


def on_loop(io_loop, function, *arguments):
    """Call it on the IOLoop and wait for what it returns, if that can be waited for."""
    def call():
        result = function(*arguments)
        return result if gen.is_future(result) or hasattr(result, "__await__") else None

    io_loop.run_sync(call, timeout=10)


@pytest.fixture
def arguments(upstream, io_loop, tmp_path):
    """What the functions of the examples get, by the names of their parameters."""
    url = "http://" + upstream
    upload = tmp_path / "upload.bin"
    upload.write_bytes(b"0123456789" * 1000)
    session, sdk = waterspout.Session(), waterspout.BaseSDK(upstream)
    request = waterspout.Request("GET", url).prepare()
    given = {
        "change": waterspout.CircuitChange("http://" + upstream, "closed", "open", 20, 12, 0.0),
        "error": None,
        "file": io.BytesIO(),
        "host": upstream,
        "path": str(upload),
        "payload": {"keys": ["name"], "datas": [{"name": "web-1"}]},
        "query": {"cpu": {"$gte": 4}},
        "request": request,
        "received": RecordedResponse(200, "OK", {}, [b"{}"]),
        "recorded": RecordedRequest("GET", url),
        "response": waterspout.Response(request, 200, "OK", waterspout.Headers(), b"{}"),
        "sdk": sdk,
        "seconds": 1,
        "sent": RecordedRequest("GET", url),
        "server": waterspout.HTTPServer(web.Application([])),
        "session": session,
        "url": url + "/",
        "urls": [url + "/a", url + "/b"],
    }
    yield given
    given["file"].close()
    for each in (session, sdk):
        io_loop.run_sync(each.close)


@pytest.mark.parametrize("page", PAGES)
def test_the_examples_of_a_page_run(page, upstream, arguments, io_loop, tmp_path):
    """Each block is executed, and each function that it defines is called."""
    places = [("http://api.example", "http://" + upstream), ("127.0.0.1:8079", upstream),
              ('"cassettes/', '"%s/cassettes/' % tmp_path)]
    for block in doc_pages.blocks(page, "python"):
        if sys.version_info[0] == 2 and doc_pages.needs_python_3(block.source):
            continue
        missing = doc_pages.imported(block.source) & OPTIONAL - installed(OPTIONAL)
        if missing:
            compile(block.source, page, "exec")
            continue
        names = {"__name__": "example"}
        with warnings.catch_warnings():
            # Marks of plug-ins that are not installed here.
            warnings.simplefilter("ignore", pytest.PytestUnknownMarkWarning)
            doc_pages.run(block, names, places)
        for name, parameters in doc_pages.functions(block.source):
            if name not in NOT_CALLED and not name.startswith("test_"):
                values = [arguments[parameter] for parameter in parameters]
                on_loop(io_loop, names[name], *values)


def installed(packages):
    found = set()
    for package in packages:
        try:
            __import__(package)
        except ImportError:
            continue
        found.add(package)
    return found


@pytest.mark.parametrize("page", doc_pages.pages())
def test_every_block_is_of_a_kind_that_is_checked(page):
    """Code is `python`, which runs; commands are `sh`; the others are no programs."""
    for block in doc_pages.blocks(page):
        where = "%s:%d: %r" % (page, block.line, block.language)
        assert block.language in KINDS or DIRECTIVES.match(block.language) is not None, where
        if block.language == "json":
            json.loads(block.source)
        if block.language == "yaml":
            assert yaml.safe_load(block.source)


@pytest.mark.parametrize("page", PAGES)
def test_code_fits_the_page(page):
    """A built page shows 88 columns; more is cut off until the reader scrolls."""
    long = [line for block in doc_pages.blocks(page, "python")
            for line in block.source.splitlines() if len(line) > 88]
    assert long == []


@pytest.mark.parametrize("page", doc_pages.pages())
def test_links_lead_to_files(page):
    """Sphinx checks the links of the pages that it builds; README and others it does not see."""
    folder = os.path.join(doc_pages.ROOT, os.path.dirname(page))
    targets = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", re.sub(r"(?s)```.*?```", "", read(page)))
    files = [target for target in targets if not re.match("[a-z]+:", target)]
    assert [each for each in files if not os.path.exists(os.path.join(folder, each))] == []


def test_the_list_of_decisions_is_complete():
    """docs/adr/README.md links each page of its folder."""
    links = re.findall(r"\]\((0\d+-[^)]*\.md)\)", read("docs/adr/README.md"))
    here = [page for page in os.listdir(os.path.join(doc_pages.ROOT, "docs", "adr"))
            if page[0] == "0"]
    assert sorted(links) == sorted(here)


COMMANDS = [
    (block, line)
    for page in doc_pages.pages() for block in doc_pages.blocks(page, "sh")
    for line in doc_pages.commands(block.source)
]


@pytest.mark.parametrize("block, line", COMMANDS, ids=lambda value: value[:60] if isinstance(
    value, type(u"")) else None)
def test_every_command_exists(block, line):
    """Targets of make, modules, extras of the package, and scripts are there."""
    known = [check for pattern, check in CHECKS if re.match(pattern, line)]
    assert known, "%s:%d: %s" % (block.page, block.line, line)
    for check in known:
        check(line)


def is_target(line):
    """`make NAME`, with the variables that the Makefile knows."""
    makefile = read("Makefile")
    target = re.match(r"make ([a-z-]+)", line).group(1)
    assert re.search("^%s:" % re.escape(target), makefile, re.MULTILINE), target
    for variable in re.findall(r" ([A-Z]+)=", line.partition("--")[0]):
        assert re.search(r"^#   %s=" % variable, makefile, re.MULTILINE), variable


def is_module(line):
    """`python -m NAME`, of ours, or of a tool that is installed for its purpose."""
    name = re.match(r"\S+ -m (\S+)", line).group(1)
    if name not in TOOLS and name not in packages_of_example_projects():
        sys.path.insert(0, doc_pages.ROOT)
        try:
            assert importlib.import_module(name)
        finally:
            sys.path.remove(doc_pages.ROOT)


def packages_of_example_projects():
    """Those that the projects in examples/ serve with."""
    return {package for name in example_projects.names()
            for package in os.listdir(os.path.join(example_projects.FOLDER, name))
            if os.path.exists(os.path.join(example_projects.FOLDER, name, package, "__main__.py"))}


def is_program(line):
    """`python -c "..."`: what is in quotes is Python, and so is each module that it imports."""
    source = shlex.split(line)[2]
    compile(source, line, "exec")
    for name in doc_pages.imported(source):
        assert importlib.import_module(name)


def is_extra(line):
    """`pip install ".[NAME,NAME]"`: extras of setup.cfg."""
    names = re.findall(r"\[([\w,]+)\]", line)
    for name in names[0].split(",") if names else []:
        metadata = read("cmdb/setup.cfg" if "waterspout-cmdb[" in line else "setup.cfg")
        assert re.search("^%s = ?$" % name, metadata, re.MULTILINE), name


def is_of_the_gateway(line):
    """`curl` of a path that the gateway or its sandbox serves; test_make_run sends such lines."""
    assert re.search(r"/cmdb/(import|search|model|jobs)\b|/object|/health|:8000/", line), line


def is_own_command(line):
    """`waterspout-cmdb NAME ...`: a command, with options and values that it has."""
    words = shlex.split(native_str(line.partition("<")[0]))
    (module,) = [module for name, module, _ in COMMANDS_OF_THE_CMDB if name == words[1]]
    importlib.import_module(module).TABLE.read(words[2:], {})


#: What is run as a module and belongs to others.
TOOLS = {"build", "pip", "pytest", "twine", "virtualenv"}


def is_of_dask(line):
    """`dask scheduler` and `dask worker`, with options that this Dask knows, where it is here."""
    words = shlex.split(line)
    try:
        import_distributed()
        module = importlib.import_module("distributed.cli.dask_" + words[1])
    except ImportError:
        return
    known = set()
    for parameter in module.main.params:
        known |= set(parameter.opts) | set(parameter.secondary_opts)
    assert set(word for word in words[2:] if word.startswith("-")) <= known


CHECKS = [
    (r"dask (scheduler|worker) ", is_of_dask),
    (r"make ", is_target),
    (r"\S*python\S* -m ", is_module),
    (r"(\S+ -m )?pip install ", is_extra),
    (r"curl ", is_of_the_gateway),
    (r"waterspout-cmdb ", is_own_command),
    (r"\S*python\S* -c ", is_program),
    (r"(git clone|cd|tar|export) ", lambda line: None),
]


def read(name):
    with io.open(os.path.join(doc_pages.ROOT, name), encoding="utf-8") as file:
        return file.read()
