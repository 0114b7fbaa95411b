from __future__ import absolute_import, division, print_function

import sys

import pytest
from dask_needed import need_dask

from waterspout_cmdb import __version__
from waterspout_cmdb.bulk.cluster import same_code
from waterspout_cmdb.bulk.cluster.connection import connect
from waterspout_cmdb.bulk.errors import BulkError

HERE = list(sys.version_info[:2])


@pytest.mark.skipif(sys.version_info[0] == 2, reason="Dask has no release for 2.7")
def test_a_process_with_the_same_code_has_no_complaint():
    dask = need_dask().__version__
    answer = eval(same_code.PROBE)  # As a worker does.
    assert answer == [HERE, __version__, dask]
    assert same_code.complaints({"the scheduler tcp://a:1": answer}, dask) == []


@pytest.mark.parametrize("answer, complaint", [
    ([HERE, None, "1"],
     "the worker w has no waterspout-cmdb: install waterspout-cmdb[cluster]==%s there"
     % __version__),
    ([HERE, "9.9.9", "1"], "the worker w has waterspout-cmdb 9.9.9, this command is of %s"
                      % __version__),
    ([[3, 99], __version__, "1"], "the worker w runs Python 3.99, this command Python %d.%d"
                             % tuple(HERE)),
    ([HERE, __version__, "2"], "the worker w has Dask 2, this command 1: install the same one"),
    (ValueError("no"), "the worker w cannot say what is installed there: no"),
])
def test_what_is_different_is_said_with_the_process(answer, complaint):
    found = same_code.complaints({"the worker w": answer, "the worker v": [HERE, __version__, "1"]},
                                 "1")
    assert len(found) == 1 and found[0].startswith(complaint), found


def test_each_different_process_has_a_line():
    found = same_code.complaints(
        {"the worker b": [HERE, None, "1"], "the worker a": [HERE, "8", "1"]}, "1")
    assert [line.split(" has ")[0] for line in found] == ["the worker a", "the worker b"]


@pytest.mark.skipif(sys.version_info[0] == 3, reason="Dask may be installed")
def test_python_2_says_that_it_has_no_dask():
    from tornado.ioloop import IOLoop

    with pytest.raises(BulkError, match="--cluster needs Python 3"):
        IOLoop.current().run_sync(lambda: connect("tcp://127.0.0.1:8786"))
