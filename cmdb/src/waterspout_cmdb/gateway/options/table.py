"""All options of the gateway; ``option_table.py`` describes where their values come from."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.command_line.command import usage_text
from waterspout_cmdb.command_line.option import OptionGroup
from waterspout_cmdb.command_line.option_table import OptionTable
from waterspout_cmdb.gateway.options import (
    accepting,
    calling,
    jobs,
    limits,
    listening,
    logs,
    operating,
    program,
    sandbox,
    trusting,
)

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import List, Mapping  # noqa: F401

    from tornado.options import OptionParser  # noqa: F401

ENVIRONMENT_PREFIX = "WATERSPOUT_"

TABLE = OptionTable(
    [
        OptionGroup("Where it serves", listening.OPTIONS),
        OptionGroup("How it calls the CMDB", calling.OPTIONS),
        OptionGroup("Which requests it accepts", accepting.OPTIONS),
        OptionGroup("How much it takes on", limits.OPTIONS),
        OptionGroup("Import jobs", jobs.OPTIONS),
        OptionGroup("What operators see of it", operating.OPTIONS),
        OptionGroup("Whom it trusts", trusting.OPTIONS),
        OptionGroup("The embedded sandbox CMDB", sandbox.OPTIONS),
        OptionGroup("What it logs", logs.OPTIONS),
        OptionGroup("The program", program.OPTIONS),
    ],
    ENVIRONMENT_PREFIX,
)


def read_options(arguments, environment):
    # type: (List[str], Mapping[str, str]) -> OptionParser
    """Return the options as attributes, e.g. ``.port``; see `OptionTable.read`."""
    return TABLE.read(arguments, environment)


def usage(program="python -m waterspout_cmdb"):
    # type: (str) -> str
    """Return what ``--help`` prints; ``program`` is what the user has typed for the gateway."""
    return usage_text(
        program,
        "[--name=value ...]",
        [
            "Serves POST /cmdb/import/<object_id> and POST /cmdb/search/<object_id>, which import "
            "and",
            "search instances by calling the CMDB. Ctrl-C or SIGTERM stops it; requests in flight",
            "finish first. SIGHUP reads the configuration, keys and certificates again; SIGUSR2",
            "hands over to the release that is installed now.",
            "",
            "  python -m waterspout_cmdb keys --help      make an API key for --api-keys",
            "  python -m waterspout_cmdb.sandbox --help   the sandbox CMDB alone",
        ],
        TABLE,
        [
            "Each option can also be set in the environment (%sPORT=8888) or in the file that"
            % ENVIRONMENT_PREFIX,
            "--config names (port = 8888). A flag wins over the environment, the environment over",
            "the file.",
        ],
    )
