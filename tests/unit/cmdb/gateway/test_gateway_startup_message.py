"""The lines that the gateway prints when it serves."""

from __future__ import absolute_import, division, print_function

import json
import os
import re
import shlex

import pytest
from programs import ROOT

from waterspout_cmdb.gateway.startup_message import startup_message


def curls(text):
    """The curl commands in it as the shell would split them: [(url, JSON)]."""
    commands = [shlex.split(line) for line in text.split("\n") if line.startswith("  curl ")]
    assert all(words[2] == "-d" and len(words) == 4 for words in commands)
    return [(words[1], json.loads(words[3])) for words in commands]


def test_printed_commands_have_the_port_and_valid_json():
    """Both lines can be pasted into a shell."""
    text = startup_message("127.0.0.1:9999", ["127.0.0.1:8079"], "x.db")
    (import_url, rows), (search_url, search) = curls(text)
    assert import_url == "http://127.0.0.1:9999/cmdb/import/HOST"
    assert search_url == "http://127.0.0.1:9999/cmdb/search/HOST"
    assert rows["keys"] == ["name"] and len(rows["datas"]) == 3
    assert sorted(search) == ["fields", "query"]
    assert "x.db" in text and text.endswith("Ctrl-C stops.")


@pytest.mark.parametrize(
    "address, host", [("*:80", "127.0.0.1"), ("[::1]:80", "[::1]")]
)
def test_printed_commands_have_a_usable_address(address, host):
    """0.0.0.0 is not an address to call."""
    assert "http://%s:80/cmdb" % host in startup_message(address, ["x"], "x.db")


def test_printed_commands_call_a_unix_socket():
    """curl wants the path apart from the URL."""
    lines = startup_message("unix:/run/gateway.sock", ["cmdb:80"]).split("\n")
    assert lines[0] == "CMDB gateway on unix:/run/gateway.sock, calling the CMDB at cmdb:80."
    assert lines[2].startswith(
        "  curl --unix-socket /run/gateway.sock http://localhost/cmdb/search/<object_id> -d ")


def test_without_the_sandbox_no_model_is_assumed():
    """A real CMDB may not have the model HOST."""
    text = startup_message("127.0.0.1:80", ["cmdb:8079"])
    assert "cmdb:8079" in text
    assert not re.search(r"\bHOST\b", text)


def test_several_upstreams_have_a_line_each():
    """They can be many."""
    text = startup_message("127.0.0.1:80", ["10.0.0.1:8079", "10.0.0.2:8079"])
    assert text.startswith("CMDB gateway on http://127.0.0.1:80, calling the CMDB at one of\n"
                           "  10.0.0.1:8079\n  10.0.0.2:8079\n\n  curl ")


def test_address_of_the_pages_for_operators_is_printed():
    """With --operations-port=0 the system has chosen it."""
    text = startup_message("127.0.0.1:80", ["cmdb:80"], operations="*:8889")
    assert "For operators:\n\n  curl http://127.0.0.1:8889/status\n" in text


def test_printed_commands_send_a_key_if_one_is_needed():
    """From a variable of the shell: the gateway does not know a key, only hashes."""
    text = startup_message("127.0.0.1:80", ["cmdb:80"], needs_key=True)
    assert 'curl -H "X-API-Key: $KEY" http://127.0.0.1:80/cmdb/search/' in text


def sample_imports(text):
    """The words of the line that imports the sample."""
    lines = [line for line in text.split("\n") if " import " in line and line.startswith("  ")]
    return [shlex.split(line) for line in lines if "curl" not in line]


def test_a_line_imports_the_sample_spreadsheet(monkeypatch):
    """From where the user stands: the program and the file are there."""
    monkeypatch.chdir(ROOT)
    (words,) = sample_imports(startup_message("127.0.0.1:8888", ["127.0.0.1:8079"], "x.db"))
    assert words[-6:] == [
        "import", "cmdb/src/waterspout_cmdb/commands/sample/hosts.csv", "--object", "HOST",
        "--key", "name"]
    assert os.access(words[0], os.X_OK) and os.path.exists(words[-5])


@pytest.mark.parametrize("address, scheme, url", [
    ("*:80", "http", "http://127.0.0.1:80"), ("[::1]:8443", "https", "https://[::1]:8443")])
def test_the_line_names_the_gateway_if_import_would_call_another(address, scheme, url):
    (words,) = sample_imports(startup_message(address, ["x"], "x.db", scheme))
    assert words[-2:] == ["--gateway", url]


def test_the_line_passes_a_key_if_one_is_needed():
    text = startup_message("127.0.0.1:8888", ["x"], "x.db", needs_key=True)
    assert '  WATERSPOUT_BULK_API_KEY="$KEY" ' in text


@pytest.mark.parametrize("address, db", [("unix:/run/a.sock", "x.db"), ("127.0.0.1:80", None)])
def test_the_line_is_left_out_where_it_would_not_work(address, db):
    """import calls no unix socket, and another CMDB may not have the model."""
    assert sample_imports(startup_message(address, ["x"], db)) == []
