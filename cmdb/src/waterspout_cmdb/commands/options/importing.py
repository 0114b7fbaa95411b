"""All options of ``waterspout-cmdb import``, and what of the pipeline they mean."""

from __future__ import absolute_import, division, print_function

from tornado.escape import native_str
from tornado.util import basestring_type

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.command_line.environment_variables import BULK_PREFIX
from waterspout_cmdb.command_line.option import ANY_TEXT, OptionGroup, option
from waterspout_cmdb.command_line.option_table import OptionTable
from waterspout_cmdb.commands.options import connecting, mapping, reading, running
from waterspout_cmdb.commands.options.objects import OBJECT_ID
from waterspout_cmdb.commands.options.paths import readable_file
from waterspout_cmdb.commands.sample import of_sample

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List  # noqa: F401

    from waterspout_cmdb.command_line.values import Options  # noqa: F401

_FILE = option(
    "file", basestring_type, "", "FILE",
    "what to import: its name, - for standard input, or a URL; also in gzip", ANY_TEXT)

_OBJECT = option(
    "object", basestring_type, "", "MODEL", "the model of the instances, such as HOST", OBJECT_ID)

TABLE = OptionTable(
    [
        OptionGroup("What it reads", reading.OPTIONS),
        OptionGroup("How columns become attributes", mapping.OPTIONS),
        OptionGroup("What it does with mistakes", running.MISTAKES),
        OptionGroup("Where it goes", (_OBJECT,) + connecting.OPTIONS),
        OptionGroup("How fast", running.SPEED),
        OptionGroup("Files", running.FILES),
        OptionGroup("What it prints", running.OUTPUT),
    ],
    BULK_PREFIX,
    [_FILE],
    needed=1,
)


def complaints(options):
    # type: (Options) -> List[str]
    """Return all that is wrong with the options together, and with the files that they name."""
    found = readable_file(options.file) if options.origin("file").kind != "default" else []
    if not options.object:
        found.append("--object=MODEL is missing: the model of the instances, such as HOST")
    if not options.key:
        found.append("--key=ATTRIBUTES is missing: by which an instance is found again, such as "
                     "name")
    for part in (reading, mapping, connecting, running):
        found += part.complaints(options)
    if not mapping.complaints(options):
        try:
            import_options(options)
        except BulkError as error:
            found += error.reasons
    return found


def import_options(options):
    # type: (Options) -> Any
    """Return the `ImportOptions` that these options mean.

    Raises: BulkError: some do not go together.
    """
    from waterspout_cmdb.bulk.importing import ImportOptions
    from waterspout_cmdb.bulk.mapping import Rules
    from waterspout_cmdb.bulk.reading import ReadOptions
    from waterspout_cmdb.bulk.sending import Limits

    paths = dict((name, native_str(getattr(options, name)) or of_sample(options, name))
                 for name in ("journal", "rejects", "report"))
    return ImportOptions(
        read=ReadOptions(**reading.read_keywords(options)),
        rules=Rules(**mapping.rule_keywords(options)),
        limits=Limits(options.batch_rows, options.batch_bytes, options.concurrency),
        all_or_nothing=options.all_or_nothing, dry_run=options.dry_run,
        resume=options.resume, restart=options.restart, patience=options.patience or None,
        **paths)
