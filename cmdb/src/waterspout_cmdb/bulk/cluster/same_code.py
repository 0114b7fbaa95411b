"""Whether the processes of a Dask cluster run the same code as the import command."""

from __future__ import absolute_import, division, print_function

import platform

from waterspout_cmdb._version import __version__

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Dict, List  # noqa: F401

#: Evaluated by each process, which may have nothing of ours: so it is a text, and answers with a
#: plain list, the Python minor version and the version of waterspout-cmdb (None: not installed),
#: and that of Dask distributed.
PROBE = (
    "(lambda sys, util: [list(sys.version_info[:2]),"
    " None if util.find_spec('waterspout_cmdb') is None else"
    " __import__('waterspout_cmdb._version', fromlist=['_']).__version__,"
    " __import__('distributed').__version__])"
    "(__import__('sys'), __import__('importlib.util', fromlist=['_']))"
)


def complaints(answers, dask):
    # type: (Dict[str, object], str) -> List[str]
    """Return what keeps these processes from running an import, one line each.

    Args:
        answers (dict): for each process ("the scheduler", "the worker tcp://10.0.0.2:40001") what
            `PROBE` gave there, or the exception.
        dask (str): the version of Dask distributed here.
    """
    found = []
    for process in sorted(answers):
        answer = answers[process]
        if isinstance(answer, BaseException):
            found.append("%s cannot say what is installed there: %s" % (process, answer))
            continue
        python, version, other_dask = answer
        here = [int(each) for each in platform.python_version_tuple()[:2]]
        if list(python) != here:
            found.append(
                "%s runs Python %d.%d, this command Python %d.%d: start all of them with the same"
                " one" % ((process,) + tuple(python) + tuple(here))
            )
        elif version is None:
            found.append(
                "%s has no waterspout-cmdb: install waterspout-cmdb[cluster]==%s there"
                % (process, __version__)
            )
        elif version != __version__:
            found.append(
                "%s has waterspout-cmdb %s, this command is of %s: install the same one there"
                % (process, version, __version__)
            )
        elif other_dask != dask:  # Its releases need not understand each other.
            found.append(
                "%s has Dask %s, this command %s: install the same one there, such as"
                " distributed==%s" % (process, other_dask, dask, dask)
            )
    return found
