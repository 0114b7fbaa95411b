"""The commands for files of rows with a gateway and its sandbox, as a user runs them."""

from __future__ import absolute_import, division, print_function

import io
import os
import re
import shlex

import pytest
from free_ports import free_port
from programs import Program
from terminals import Terminal

pytestmark = pytest.mark.slow

PROGRAM = ["-m", "waterspout_cmdb"]


def arguments_of(line):
    """What Python gets to run a line that was printed: it names Python, or the script beside it."""
    words = shlex.split(line)
    if os.path.basename(words[0]) != "waterspout-cmdb":
        return words[1:]
    return (words[:1] if os.sep in words[0] else PROGRAM) + words[1:]


def test_printed_line_imports_the_sample(gateway, run):
    """As it stands, in a shell; what it writes is where it runs."""
    (line,) = re.findall(r"^  (.* import .*hosts\.csv .*)$", gateway.output, re.MULTILINE)
    with Program(arguments_of(line), cwd=str(run.folder)) as program:
        assert program.wait() == 0
        assert "inserted            12\n" in program.output
    assert sorted(each.name for each in run.folder.iterdir()) == [
        "hosts.csv.journal", "hosts.csv.report.json"]
    (host,) = run.found({"name": {"$eq": "lb-01"}})
    assert host["owner"] == u'Zo\xeb "Zo" M\xfcller' and host["memory"] == 4096


def test_rejected_rows_are_corrected_and_imported(run):
    (run.folder / "hosts.csv").write_bytes(
        u"Name,CPU cores,Owner\nr-1,4,\u674e\u96f7\nr-2,eight,0042\nr-3,2,\n".encode("utf-8"))
    code, out, err = run("import", "hosts.csv", "--object=HOST", "--key=name")
    assert code == 1 and "row 3" in out and "eight" in out
    rejects = run.folder / "hosts.rejects.csv"
    text = rejects.read_bytes()
    assert text.splitlines()[0] == b"Name,CPU cores,Owner,reason"
    rejects.write_bytes(text.replace(b"eight", b"8", 1))
    code, out, err = run("import", "hosts.rejects.csv", "--object=HOST", "--key=name")
    assert code == 0, err
    assert [(each["name"], each["cpu"]) for each in run.found({"name": {"$like": "r-%"}})] == [
        ("r-1", 4), ("r-2", 8), ("r-3", 2)]


def test_dry_run_sends_nothing_and_leaves_nothing(run):
    (run.folder / "dry.csv").write_bytes(b"name,cpu\nd-1,4\n")
    code, out, err = run("import", "dry.csv", "--object=HOST", "--key=name", "--dry-run")
    assert code == 0 and out.startswith("Dry run: nothing was sent.")
    assert run.found({"name": {"$like": "d-%"}}) == []
    assert [each.name for each in run.folder.iterdir()] == ["dry.csv"]


def test_columns_that_are_no_attributes_are_told_before_anything_is_sent(run):
    (run.folder / "odd.csv").write_bytes(b"name,Cpus,Rack\no-1,4,7\n")
    code, out, err = run("import", "odd.csv", "--object=HOST", "--key=name")
    assert (code, out) == (2, "")
    assert "Cpus" in err and "Rack" in err
    assert all(line.startswith("waterspout-cmdb import: ") for line in err.splitlines())
    code, out, err = run("import", "odd.csv", "--object=HOST", "--key=name", "--map=Cpus=cpu",
                         "--ignore=Rack")
    assert code == 0, err
    assert run.found({"name": {"$eq": "o-1"}})[0]["cpu"] == 4


def test_ctrl_c_and_the_line_that_goes_on(gateway, run):
    """All rows are there in the end, and the journal knows which were sent twice: none."""
    pytest.importorskip("tqdm")
    rows = 3000
    with io.open(str(run.folder / "big.csv"), "w", encoding="ascii") as file:
        file.write(u"name,cpu\n")
        file.write(u"".join(u"big-%d,%d\n" % (n, n % 64) for n in range(rows)))
    arguments = ["import", "big.csv", "--object=HOST", "--key=name", "--batch-rows=20",
                 "--concurrency=1", "--gateway=" + gateway.url]
    with Terminal(PROGRAM + arguments, cwd=run.folder) as program:
        program.wait_for("sending: .*inserted")
        program.type(u"\x03")
        assert program.wait() == 130, program.shown
        (line,) = [each for each in program.lines if each.endswith("--resume")]
    with Program(arguments_of(line), cwd=str(run.folder)) as program:
        assert program.wait() == 0, program.errors
        counts = dict(re.findall(r"^  (\w+) +([\d,]+)$", program.output, re.MULTILINE))
    assert counts == {"inserted": "3,000", "updated": "0", "rejected": "0", "of": "3,000"}
    names = [each["name"] for each in run.found({"name": {"$like": "big-%"}})]
    assert len(names) == len(set(names)) == rows


def test_gateway_that_is_not_there(tmp_path):
    (tmp_path / "hosts.csv").write_bytes(b"name\na\n")
    with Program(PROGRAM + ["import", "hosts.csv", "--object=HOST", "--key=name",
                            "--gateway=http://127.0.0.1:%d" % free_port()],
                 cwd=str(tmp_path)) as program:
        assert program.wait() == 2
        assert program.output == "" and "Traceback" not in program.errors
        assert "http://127.0.0.1:" in program.errors


def test_template_can_be_filled_in(run):
    code, out, err = run("template", "HOST", "t.csv")
    assert code == 0 and "t.csv" in err and "--object HOST --key name --gateway http://" in err
    code, out, err = run("template", "APP", "t.csv")
    assert code == 2 and "there is a file t.csv already" in err
    columns = (run.folder / "t.csv").read_bytes().decode("utf-8-sig").strip()
    assert columns.split(",")[0] == "name"
