"""What an import does with mistakes, how fast it is, and which files it writes."""

from __future__ import absolute_import, division, print_function

from tornado.util import basestring_type

from waterspout.service import LOG_LEVELS
from waterspout_cmdb.command_line.option import ANY_TEXT, YES_OR_NO, between, one_of, option

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import List  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

MISTAKES = (
    option("dry_run", bool, False, "",
           "send nothing; say what would be inserted, updated, left alone, rejected", YES_OR_NO),
    option("all_or_nothing", bool, False, "",
           "send nothing if any row is rejected by the check; otherwise the others are imported",
           YES_OR_NO),
    option("resume", bool, False, "",
           "go on with an import that was stopped or killed; finished batches are not sent again",
           YES_OR_NO),
    option("restart", bool, False, "",
           "begin at the first row, although an import of this file was not finished", YES_OR_NO),
)  # fmt: skip

SPEED = (
    option("batch_rows", int, 1000, "N",
           "rows of a request, at most; fewer while the CMDB is slow", between(1, 100000)),
    option("batch_bytes", int, 1 << 20, "BYTES",
           "of a request, at most", between(1024, 1 << 30)),
    option("concurrency", int, 4, "N",
           "requests under way at once, at most; fewer while the CMDB asks to wait",
           between(1, 256)),
    option("patience", float, 0.0, "SECONDS",
           "for which the CMDB may be away before it is given up, from the beginning on; 0: at the "
           "beginning it must be there, and later it may be away for ten minutes",
           between(0, 7 * 86400)),
    option("cluster", basestring_type, "", "tcp://HOST:PORT",
           "do it on the workers of this Dask scheduler; pip install 'waterspout-cmdb[cluster]'",
           ("the address of a scheduler, such as tcp://10.0.0.1:8786",
            lambda text: not text or text.startswith(("tcp://", "tls://")))),
)  # fmt: skip

FILES = (
    option("journal", basestring_type, "", "FILE",
           "what is done, for --resume; FILE.journal beside the file unless given", ANY_TEXT),
    option("rejects", basestring_type, "", "FILE",
           "rejected rows with the reason, to correct and import again; hosts.rejects.csv beside "
           "hosts.csv unless given", ANY_TEXT),
    option("report", basestring_type, "", "FILE",
           "the result as JSON; hosts.csv.report.json beside hosts.csv unless given", ANY_TEXT),
)  # fmt: skip

#: Of every command for files of rows.
LOGGING = option(
    "logging", basestring_type, "warning", "LEVEL",
    "what to log to standard error: " + ", ".join(LOG_LEVELS), one_of(LOG_LEVELS))

OUTPUT = (
    option("quiet", bool, False, "",
           "neither progress nor what was found out; the summary and mistakes stay", YES_OR_NO),
    LOGGING,
)  # fmt: skip


def complaints(options):
    # type: (Options) -> List[str]
    """Return what cannot be done here."""
    found = []
    if options.cluster and str is bytes:  # Python 2.7.
        found.append("cluster: Dask has no release for Python 2.7; run this command on Python 3")
    if options.cluster and options.patience:
        found.append("patience: it is for an import on one machine; leave out --cluster")
    if options.cluster and options.dry_run:
        found.append("dry_run: a dry run is not done on a cluster; leave out --cluster")
    return found
