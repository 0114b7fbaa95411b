"""Options: which source wins, and one line for each error."""

from __future__ import absolute_import, division, print_function

import pytest
from tornado.escape import native_str, to_unicode

import waterspout
from waterspout_cmdb.command_line.option import BadOption
from waterspout_cmdb.gateway.options.table import TABLE, read_options, usage

OPTIONS = TABLE.options


@pytest.fixture
def config(tmp_path):
    def config(text):
        path = tmp_path / "gateway.conf"
        path.write_bytes(text)
        return str(path)

    return config


def test_every_option_has_its_default():
    """Without flags, environment and file."""
    options = read_options([], {})
    assert [getattr(options, option.name) for option in OPTIONS] == [
        option.default for option in OPTIONS
    ]


def test_flag_wins_over_environment_over_file_over_default(config):
    """Each source wins over the later ones, which set the other options."""
    path = config(b"port = 1\nprocesses = 1\norg = 1\n")
    environment = {"WATERSPOUT_PORT": "2", "WATERSPOUT_PROCESSES": "2"}
    options = read_options(["--port=3", "--config=" + path], environment)
    assert (options.port, options.processes, options.org) == (3, 2, 1)
    assert options.timeout == 10.0


def test_every_option_can_be_set_in_every_place(config, tmp_path):
    """By a flag, in the environment and in the file; a secret by a file of its own."""
    values = dict((option.name, option.default) for option in OPTIONS)
    values.update(
        port=1, address="::1", processes=2, upstream=["cmdb:80", "cmdb:81"], org=3, user="me",
        transport="threads", timeout=4.5, total_timeout=9.5, max_body_bytes=5,
        drain_timeout=6.5, pidfile="a.pid", sandbox_port=7,
        sandbox_db="x.db", logging="debug", allowed_origins=["https://a.example", "http://b:81"],
        allow_missing_host=True, problem_documents=True, http_server="tornado",
        retries=8, max_concurrent=9, max_queued=10,
        max_concurrent_per_org=11, breaker="off", deadline_header="X-Left", deadline_unit="s",
        max_requests=12, max_requests_per_tenant=13, max_waiting=14, max_wait=1.5,
        max_body_memory=16, rate_limit=17.5, rate_burst=18,
        operations_port=12, operations_address="::1", operations_allowed=["10.0.0.0/8", "::2"],
        readiness="degraded", readiness_path="/a", metrics="off", debug_secret="0123456789abcdef",
        upstream_ca="u.pem", upstream_cert="c.pem", upstream_key="k.pem", api_keys="keys.json",
        accept_org_header=True, tls_cert="t.pem", tls_key="tk.pem", tls_client_ca="ca.pem",
        tls_client_cert="optional", tls_min_version="1.3", trusted_proxies=["10.0.0.0/8", "unix:"],
        forwarded_field="Forwarded", log_format="json", access_log="0.01", access_log_slow=2.5,
        access_log_details="off",
    )
    shown = dict(
        values, upstream="cmdb:80, cmdb:81", allowed_origins="https://a.example,http://b:81",
        operations_allowed="10.0.0.0/8,::2", trusted_proxies="10.0.0.0/8,unix:")
    text = "".join("%s = %r\n" % (k, v) for k, v in values.items() if k != "config")
    path = config(text.encode())
    values["config"] = shown["config"] = path
    (tmp_path / "secret").write_bytes(values["debug_secret"].encode("ascii"))
    flags = ["--%s=%s" % (name.replace("_", "-"), value) for name, value in shown.items()
             if name != "debug_secret"]
    flags.append("--debug-secret-file=%s" % (tmp_path / "secret"))
    environment = dict(("WATERSPOUT_" + k.upper(), str(v)) for k, v in shown.items())
    for options in (
        read_options(flags, {}),
        read_options([], environment),
    ):
        assert dict((name, getattr(options, name)) for name in values) == values
    values["config"] = ""
    options = read_options([], {"WATERSPOUT_CONFIG": path})
    assert options.upstream == ["cmdb:80", "cmdb:81"] and options.breaker == "off"
    assert options.max_body_bytes == 5 and options.timeout == 4.5 and options.user == "me"


def test_flags_may_be_spelled_with_underscores():
    """``--sandbox_db`` and ``--sandbox-db`` are the same, as always in tornado.options."""
    assert read_options(["--sandbox_db=a"], {}).sandbox_db == "a"
    assert read_options(["--sandbox-db=a"], {}).sandbox_db == "a"


def test_value_of_a_flag_may_be_the_next_argument():
    """``--port 80`` and ``--port=80`` are the same; also for negative numbers and empty texts."""
    options = read_options(["--port", "80", "--org", "-5", "--upstream", "", "--user=me"], {})
    assert (options.port, options.org, options.upstream, options.user) == (80, -5, [], "me")


@pytest.mark.parametrize("text", [
    b"upstream = ['a:1', 'b:1,c:1']\n", b"upstream = ('a:1', 'b:1', 'c:1')\n",
    b"upstream = 'a:1, b:1 ,c:1,'\n",
])
def test_several_values_in_a_file_are_a_list_or_have_commas(config, text):
    """Both, as in the files of tornado.options."""
    assert read_options(["--config=" + config(text)], {}).upstream == ["a:1", "b:1", "c:1"]


def test_several_values_are_one_flag_or_many(config):
    """All flags together win over the other places."""
    flags = ["--upstream=a:1", "--port=1", "--upstream", "b:1,c:1"]
    environment = {"WATERSPOUT_UPSTREAM": "d:1,e:1"}
    path = config(b"upstream = 'f:1'\n")
    flags.append("--config=" + path)
    assert read_options(flags, environment).upstream == ["a:1", "b:1", "c:1"]
    assert read_options(flags[-1:], environment).upstream == ["d:1", "e:1"]
    assert read_options(flags[-1:], {}).upstream == ["f:1"]
    assert read_options(["--upstream="] + flags[-1:], environment).upstream == []


def test_empty_variables_are_unset():
    """Some deployments cannot remove a variable, but can make it empty."""
    environment = dict((name, "") for name in TABLE.variables())
    options = read_options([], environment)
    assert [getattr(options, option.name) for option in OPTIONS] == [
        option.default for option in OPTIONS
    ]


def test_address_of_a_kubernetes_service_is_ignored(config):
    """A Service called `waterspout` sets WATERSPOUT_PORT; the port of the file is used."""
    path = config(b"port = 1\n")
    for address in ("tcp://10.96.0.12:8888", "udp://10.96.0.12:53", "sctp://[fd00::1]:9"):
        environment = {"WATERSPOUT_PORT": address, "WATERSPOUT_SANDBOX_PORT": address}
        options = read_options(["--config=" + path], environment)
        assert (options.port, options.sandbox_port) == (1, 8079)


def test_values_may_contain_an_equals_sign():
    """Only the first ``=`` separates."""
    assert read_options(["--sandbox-db=a=b"], {}).sandbox_db == "a=b"


def test_config_file_may_compute(config):
    """The file is Python: imports, private names, and integers for seconds are allowed."""
    path = config(b"import os\n_base = 8000\nport = _base + 1\ntimeout = 5\nuser = u'x'\n")
    options = read_options(["--config=" + path], {})
    assert (options.port, options.timeout, options.user) == (8001, 5.0, "x")


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        (["--prot=1"], "there is no option --prot; --help lists them"),
        (["serve"], "there is no option serve; --help lists them"),
        (["--"], "there is no option --; --help lists them"),
        (["--port"], "--port needs a value: --port=PORT"),
        (["--port", "--address=::1"], "--port needs a value: --port=PORT"),
        (["--port", "80", "81"], "there is no option 81; --help lists them"),
        (["--port", "x"], "--port must be a number from 0 to 65535, not x"),
        (["--port=x"], "--port must be a number from 0 to 65535, not x"),
        (["--port="], "--port must be a number from 0 to 65535, not empty"),
        (["--port=65536"], "--port must be a number from 0 to 65535, not 65536"),
        (["--port=-1"], "--port must be a number from 0 to 65535, not -1"),
        (["--processes=-1"], "--processes must be a number from 0 to 1024, not -1"),
        (["--timeout=0"], "--timeout must be a number from 0.001 to 86400, not 0"),
        (["--timeout=nan"], "--timeout must be a number from 0.001 to 86400, not nan"),
        (["--timeout=inf"], "--timeout must be a number from 0.001 to 86400, not inf"),
        (["--org=acme"], "--org must be a whole number, not acme"),
        (["--user="], "--user must be printable ASCII without spaces, not empty"),
        (["--logging=loud"], "--logging must be one of debug, info, warning, error, not loud"),
        (["--transport=pigeon"], "--transport must be one of %s, not pigeon"
         % ", ".join(waterspout.TRANSPORTS)),
        (["--allowed-origins=https://a.example,b.example"],
         "--allowed-origins must be origins, each scheme://host or scheme://host:port, "
         "not https://a.example,b.example"),
        (["--retries=-1"], "--retries must be a number from 0 to 10, not -1"),
        (["--max-concurrent=x"], "--max-concurrent must be a number from 0 to 10000, not x"),
        (["--breaker=true"], "--breaker must be one of on, off, not true"),
        (["--deadline-header=X Left"],
         "--deadline-header must be the name of a header field, not X Left"),
        (["--deadline-unit=min"], "--deadline-unit must be one of s, ms, us, not min"),
        (["--trusted-proxies=10.0.0.1/8"],
         "--trusted-proxies must be networks such as 10.0.0.0/8, addresses, or unix:, "
         "not 10.0.0.1/8"),
        (["--tls-client-cert=maybe"], "--tls-client-cert must be one of required, optional, "
                                      "not maybe"),
        (["--tls-min-version=1.1"], "--tls-min-version must be one of 1.2, 1.3, not 1.1"),
        (["--config=/no/such/file"],
         "cannot read the config file /no/such/file: No such file or directory"),
    ],
)
def test_bad_flags_are_one_line(arguments, complaint):
    """The error names the flag, the allowed values and the given value."""
    with pytest.raises(BadOption) as caught:
        read_options(arguments, {})
    assert str(caught.value) == complaint


def test_bad_environment_names_the_variable():
    """The user may have set the variable long ago."""
    with pytest.raises(BadOption) as caught:
        read_options([], {"WATERSPOUT_PORT": "http"})
    assert str(caught.value) == "WATERSPOUT_PORT must be a number from 0 to 65535, not http"


@pytest.mark.parametrize(
    "text, complaint",
    [
        (b"prot = 1\n", "{path}: there is no option prot; --help lists them"),
        (b"port = 'x'\n", "{path}: port must be a number from 0 to 65535, not x"),
        (b"port = [1]\n", "{path}: port must be a number from 0 to 65535, not [1]"),
        (b"upstream = 8079\n", "{path}: upstream must be text, or a list of texts, not 8079"),
        (b"upstream = ['a', 1]\n",
         "{path}: upstream must be text, or a list of texts, not ['a', 1]"),
        (b"# a comment\nmax-body-bytes = 5\n",
         "{path}, line 2: write max_body_bytes for max-body-bytes"),
        (b"drain-timeout: 5\n", "{path}, line 1: write drain_timeout for drain-timeout"),
        (b"no-such-option = 5\n", "the config file {path} is not Python: "),
        (b"port = True\n", "{path}: port must be a number from 0 to 65535, not True"),
        (b"port = \n", "the config file {path} is not Python: invalid syntax"),
        (b"\0", "the config file {path} is not Python: "),
        (b"port = base\n",
         "the config file {path}, which is run as Python, fails in line 1: NameError: name 'base'"),
        (b"import sys; sys.exit(0)\n",
         "the config file {path}, which is run as Python, fails in line 1: SystemExit: 0"),
    ],
)
def test_bad_config_files_are_one_line(config, text, complaint):
    """The error names the file and the option."""
    path = config(text)
    with pytest.raises(BadOption) as caught:
        read_options(["--config=" + path], {})
    assert str(caught.value).startswith(complaint.format(path=path))


def test_none_in_a_config_file_is_unset(config):
    """As in ``upstream = os.environ.get("CMDB")``."""
    path = config(b"import os\nupstream = os.environ.get('NO_SUCH_VARIABLE')\nport = None\n")
    options = read_options(["--config=" + path], {})
    assert (options.upstream, options.port) == ([], 8888)


@pytest.mark.skipif(str is bytes, reason="on Python 2 this is a syntax error, and said to be one")
def test_colon_instead_of_an_equals_sign_is_an_error(config):
    """In Python 3 ``port: 80`` is an annotation and sets nothing."""
    path = config(b"port: 80\n")
    with pytest.raises(BadOption) as caught:
        read_options(["--config=" + path], {})
    assert str(caught.value) == path + ": port has no value; write port = VALUE"


@pytest.mark.skipif(str is bytes, reason="on Python 2 this is text")
def test_bytes_are_refused_as_text(config):
    """Otherwise their repr() would be sent to the CMDB as the user's name."""
    path = config(b"user = b'me'\n")
    with pytest.raises(BadOption) as caught:
        read_options(["--config=" + path], {})
    assert "user must be printable ASCII without spaces, not b'me'" in str(caught.value)


def test_config_may_not_be_a_folder(tmp_path):
    """The error has the system's message."""
    with pytest.raises(BadOption) as caught:
        read_options(["--config=%s" % tmp_path], {})
    assert str(caught.value).endswith(": Is a directory")


def test_values_from_a_program_are_checked_as_those_of_a_file():
    """`start_server` gives them by name, and lists as lists."""
    options = TABLE.read_values({"port": 1, "upstream": ["a:1", "b:1"], "breaker": "off"})
    assert (options.port, options.upstream, options.breaker) == (1, ["a:1", "b:1"], "off")
    for values, complaint in (
        ({"prot": 1}, "there is no option prot"),
        ({"port": "x"}, "port must be a number from 0 to 65535, not x"),
    ):
        with pytest.raises(BadOption) as caught:
            TABLE.read_values(values)
        assert str(caught.value) == complaint


def test_usage_has_headings():
    """Options that belong together are under one heading."""
    lines = usage().split("\n")
    assert lines.index("Where it serves:") < lines.index("  --port=PORT")
    assert lines.index("How it calls the CMDB:") < lines.index("  --timeout=SECONDS")


def test_usage_names_every_option_and_fits_a_terminal():
    """``--help`` lists all options with their defaults in lines of at most 100 characters."""
    text = usage()
    for option in OPTIONS:
        flag = "--" + option.name.replace("_", "-")
        if option.secret:
            assert flag + "-file=FILE" in text
            continue
        assert (flag if option.type is bool else "%s=%s" % (flag, option.metavar)) in text
    assert "(default 8888)" in text
    assert max(map(len, text.split("\n"))) <= 100


def test_value_and_path_in_any_script_are_shown(tmp_path):
    """On Python 2.7 text and bytes cannot be mixed in one line."""
    folder = tmp_path / u"\u4e2d"
    folder.mkdir()
    path = folder / "c.py"
    path.write_bytes(u'# -*- coding: utf-8 -*-\nport = u"\u4e2d"\n'.encode("utf-8"))
    with pytest.raises(BadOption) as caught:
        read_options(["--config=" + native_str(to_unicode(str(path)))], {})
    assert "port must be" in str(caught.value)
    assert native_str(u"\u4e2d") in str(caught.value)
