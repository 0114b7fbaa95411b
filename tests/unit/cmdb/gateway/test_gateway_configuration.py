"""The gateway's configuration as a whole: all mistakes at once, its log, and reading it again."""

from __future__ import absolute_import, division, print_function

import logging

import pytest
from certificates import CLIENT, SERVER

from waterspout.service import AccessLog
from waterspout_cmdb.command_line.option import BadOption
from waterspout_cmdb.gateway import assembly, command
from waterspout_cmdb.gateway.assembly import complaints
from waterspout_cmdb.gateway.options import logs
from waterspout_cmdb.gateway.options.table import TABLE, read_options
from waterspout_cmdb.gateway.reloading import Reloading


@pytest.fixture
def reasons():
    def reasons(flags, environment=None):
        with pytest.raises(BadOption) as caught:
            TABLE.read(flags, environment or {}, complaints)
        return caught.value.reasons

    return reasons


def test_every_mistake_is_reported_with_its_place(reasons):
    """Of values, of values together, and of files: before anything is started."""
    found = reasons(
        ["--port=80", "--upstream=a b,http://c:1", "--rate-burst=5", "--tls-cert=/no.pem",
         "--timeout=0", "--transport=curl", "--upstream-key=/no.key", "--metrics=off"],
        {"WATERSPOUT_MAX_WAITING": "3", "WATERSPOUT_API_KEYS": "/no.json",
         "WATERSPOUT_OPERATIONS_PORT": "80", "WATERSPOUT_MAX_CONCURRENT_PER_ORG": "5",
         "WATERSPOUT_MAX_CONCURRENT": "0"})
    expected = [
        "--timeout must be a number from 0.001 to 86400, not 0",
        "--port and WATERSPOUT_OPERATIONS_PORT: port and operations_port are both 80",
        "WATERSPOUT_MAX_CONCURRENT_PER_ORG and WATERSPOUT_MAX_CONCURRENT: "
        "max_concurrent_per_org needs max_concurrent",
        "--upstream-key: upstream_key needs an upstream that begins with https://",
        "--upstream: upstream must be HOST:PORT or a base URL: 'http://a b'",
        "WATERSPOUT_MAX_WAITING: max_waiting needs max_requests or max_requests_per_tenant",
        "--rate-burst: rate_burst needs rate_limit",
        "WATERSPOUT_API_KEYS: the file of API keys, /no.json, cannot be read",
        "--tls-cert: the server's certificate, /no.pem, cannot be read",
    ]
    for begin in expected:
        assert [each for each in found if each.startswith(begin)], (begin, found)
    assert len(found) == len(set(found))


@pytest.mark.parametrize("flags, are_good", [
    (["--operations-port=8888"], False), (["--operations-port=8889"], True),
    (["--operations-port=8888", "--operations-address=127.0.0.2"], True),
    (["--operations-port=8888", "--operations-address=0.0.0.0"], False),
    (["--port=0", "--operations-port=0"], True),
    (["--port=8079"], False), (["--port=8079", "--upstream=a:1"], True),
    (["--port=8079", "--address=127.0.0.2"], True), (["--port=8079", "--address=0.0.0.0"], False),
    (["--address=unix:/run/x", "--operations-port=8888"], True),
    (["--address=unix:/run/x", "--reuse-port"], False),
])
def test_ports_of_the_gateway_differ(flags, are_good):
    """Those on the same address; that of the sandbox counts where there is one."""
    # The metrics of a process are made once, and would be there for other tests.
    options = read_options(flags + ["--metrics=off"], {})
    assert (complaints(options) == []) is are_good


def test_files_that_do_not_fit_together_are_found(reasons):
    """As a key of another certificate."""
    (reason,) = reasons(["--upstream=a:1", "--tls-cert=" + SERVER, "--tls-key=" + CLIENT])
    assert reason.startswith("--tls-cert: ") and "is not that of the certificate" in reason


def test_good_configuration_has_no_complaints():
    """With a CMDB, and with the sandbox, whose address is not known yet."""
    for flags in ([], ["--upstream=https://a:1,https://b:1"], ["--tls-cert=" + SERVER]):
        assert complaints(read_options(flags, {})) == []


@pytest.mark.parametrize("flags, expected", [
    ([], AccessLog()),
    (["--access-log=off"], None),
    (["--access-log=0.01"], AccessLog(sample=0.01)),
    (["--access-log=0", "--access-log-slow=0.5", "--access-log-details=on"],
     AccessLog(sample=0, slow=0.5, details=True)),
    (["--access-log-details=off"], AccessLog(details=False)),
])
def test_options_of_the_log_are_those_of_the_application(flags, expected):
    assert logs.app_keywords(read_options(flags, {})) == {"access_log": expected}


@pytest.mark.parametrize("value", ["often", "1.1", "-0.1", "nan", "", "1%"])
def test_share_of_the_access_log_is_checked(reasons, value):
    assert reasons(["--access-log=" + value]) == [
        "--access-log must be on, off or a number from 0 to 1, not %s" % (value or "empty")]


# Reading it again


@pytest.fixture
def config(tmp_path):
    def config(text):
        path = tmp_path / "gateway.json"
        path.write_bytes(text)
        return ["--config=%s" % path]

    return config


@pytest.fixture
def made(monkeypatch):
    """The options and upstreams of which applications are made."""
    made = []
    monkeypatch.setattr(
        "waterspout_cmdb.gateway.reloading.app_maker",
        lambda options, upstreams: made.append((options, upstreams)) or made)
    return made


def test_reload_makes_applications_of_what_the_file_has_now(config, made, caplog):
    """What only a restart changes stays, with a warning each time."""
    arguments = config(b'{"upstream": "a:1", "timeout": 1}')
    reload = Reloading(arguments, {}, TABLE.read(arguments, {}), ["a:1"])
    config(b'{"upstream": ["a:1", "b:1"], "timeout": 2, "port": 9}')
    for _ in range(2):
        assert reload() is made
        options, upstreams = made.pop()
        assert (options.timeout, options.port, upstreams) == (2.0, 8888, ["a:1", "b:1"])
        (line,) = [each.getMessage() for each in caplog.records]
        assert line.endswith(
            "gateway.json: port has changed, but only a restart changes it: it stays 8888")
        caplog.clear()


def test_reload_of_a_bad_configuration_changes_nothing(config, made):
    """The error has all reasons; the next reload begins from what runs."""
    arguments = config(b'{"upstream": "a:1", "timeout": 1}')
    reload = Reloading(arguments, {}, TABLE.read(arguments, {}), ["a:1"])
    config(b'{"timeout": "x", "rate_burst": 5}')
    with pytest.raises(BadOption) as caught:
        reload()
    assert len(caught.value.reasons) == 2 and made == []
    config(b'{"upstream": "a:1", "timeout": 3}')
    reload()
    assert made[0][0].timeout == 3.0


@pytest.mark.parametrize("before, after, upstreams", [
    (b"{}", b'{"upstream": "a:1"}', ["127.0.0.1:8079"]),
    (b'{"upstream": "a:1"}', b"{}", ["a:1"]),
], ids=["from the sandbox", "to the sandbox"])
def test_sandbox_is_neither_started_nor_left_by_a_reload(
    config, made, caplog, before, after, upstreams
):
    arguments = config(before)
    reload = Reloading(arguments, {}, TABLE.read(arguments, {}), upstreams)
    config(after)
    reload()
    assert made[0][1] == upstreams
    assert "only a restart changes that" in caplog.text


# The command


def test_check_config_of_the_gateway(capsys):
    """One line if all is well, one for each mistake, and warnings about variables."""
    environment = {"WATERSPOUT_PROT": "80"}
    assert command.main(["--check-config", "--upstream=a:1"], environment) == 0
    captured = capsys.readouterr()
    assert captured.out == "waterspout_cmdb: the configuration is valid\n"
    assert "WATERSPOUT_PROT" in captured.err
    assert command.main(["--check-config", "--upstream=a b", "--rate-burst=1"], {}) == 2
    captured = capsys.readouterr()
    assert captured.out == "" and len(captured.err.splitlines()) == 2


def test_show_config_of_the_gateway(capsys):
    """All options, secrets left out."""
    environment = {"WATERSPOUT_DEBUG_SECRET": "0123456789abcdef"}
    assert command.main(["--show-config", "--port=7"], environment) == 0
    text = capsys.readouterr().out
    for each in TABLE.options:
        assert "\n%s = " % each.name in text or "\n# %s " % each.name in text
    assert "0123456789abcdef" not in text
    assert "environment WATERSPOUT_DEBUG_SECRET" in text


def test_missing_package_of_a_transport_is_a_complaint(monkeypatch):
    """Beside the others."""
    def unavailable(*_):
        raise assembly.waterspout.TransportUnavailable("install pycurl")

    monkeypatch.setattr(assembly.calling, "sdk_maker", unavailable)
    assert complaints(read_options(["--rate-burst=1"], {})) == [
        "transport: install pycurl", "rate_burst needs rate_limit"]


def test_reload_keeps_the_level_of_the_log(config, made, caplog):
    """Its format and its level are set once."""
    arguments = config(b'{"logging": "info"}')
    reload = Reloading(arguments, {}, TABLE.read(arguments, {}), ["a:1"])
    config(b'{"logging": "debug", "log_format": "json"}')
    caplog.set_level(logging.WARNING)
    reload()
    assert (made[0][0].logging, made[0][0].log_format) == ("info", "text")
    assert len(caplog.records) == 2


def test_an_empty_flag_does_not_replace_the_cmdb_by_a_sandbox():
    """``--upstream=$CMDB`` if there is no such variable. An empty variable counts as unset."""
    reason = "upstream is empty; leave the flag out for the sandbox, or name the CMDB"
    assert complaints(read_options(["--upstream="], {})) == [reason]
    assert complaints(read_options([], {"WATERSPOUT_UPSTREAM": ""})) == []


def test_a_folder_of_jobs_is_checked_without_being_made(reasons, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert command.main(["--check-config", "--jobs-dir=jobs"], {}) == 0
    assert not (tmp_path / "jobs").exists()
    (tmp_path / "file").write_bytes(b"")
    assert reasons(["--jobs-dir=file", "--jobs-at-once=0"]) == [
        "--jobs-at-once must be a number from 1 to 64, not 0", "--jobs-dir: file is not a folder"]
    (tmp_path / "jobs").mkdir()
    (tmp_path / "jobs").chmod(0o1777)
    (found,) = reasons(["--jobs-dir=jobs"])
    assert found.startswith("--jobs-dir: every user can write to jobs; chmod o-w it")
    with pytest.raises(BadOption, match="every user can write"):
        assembly.app_maker(read_options(["--jobs-dir=jobs"], {}), ["cmdb:1"])
    (tmp_path / "jobs").chmod(0o700)
    (tmp_path / "jobs" / "jobs.db").write_bytes(b"no database" * 100)
    (found,) = reasons(["--jobs-dir=jobs"])
    assert "move it away" in found
