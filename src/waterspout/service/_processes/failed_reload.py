"""What the log says of a reload that failed."""

from __future__ import absolute_import, division, print_function

from waterspout._compat import TYPE_CHECKING
from waterspout.service._processes.safe_logging import SafeLogger
from waterspout.service.exceptions import ConfigurationError

if TYPE_CHECKING:
    from typing import Union  # noqa: F401

_log = SafeLogger("waterspout.service")

_MESSAGE = "Reload failed; the service goes on as before: %s"


def log_failed_reload(error):
    # type: (Union[Exception, SystemExit]) -> None
    """Log it, with a traceback unless the error says what is wrong with the configuration.

    Call it while ``error`` is handled.
    """
    if isinstance(error, (ConfigurationError, SystemExit)):
        _log.error(_MESSAGE, "; ".join(str(error).splitlines()))
    else:
        _log.exception(_MESSAGE, error)
