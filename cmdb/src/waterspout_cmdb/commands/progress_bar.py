"""What a person sees of an import that runs: a bar for each stage, where there is a terminal."""

from __future__ import absolute_import, division, print_function

import logging
import sys

from waterspout_cmdb.commands.listening import (
    FINISHING,
    HASHING,
    STAGES,
    LineListener,
    Listener,
    QuietListener,
    counts_text,
)

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any  # noqa: F401


def make_listener(name, quiet=False, stream=None):
    # type: (str, bool, Any) -> Listener
    """Return what shows an import's progress: a bar on a terminal if tqdm is installed, else lines.

    Args:
        name (native str): begins each line.
        quiet (bool): show neither progress nor findings, only messages.
        stream (file or None): default: ``sys.stderr``.
    """
    stream = sys.stderr if stream is None else stream
    if quiet:
        return QuietListener(name, stream)
    if _is_terminal(stream):
        try:
            import tqdm
        except ImportError:
            pass
        else:
            return BarListener(name, stream, tqdm.tqdm)
    return LineListener(name, stream)


class BarListener(Listener):
    """Shows a bar with rows per second, the time that is left, and counts of rows.

    What else is printed, also by the log, stands above the bar and never in its line.

    Args:
        make_bar (callable): the class of tqdm.
    """

    def __init__(self, name, stream, make_bar):
        # type: (str, Any, Any) -> None
        super(BarListener, self).__init__(name, stream)
        make_bar.monitor_interval = 0  # Its thread would look after bars that stand still.
        self._make_bar = make_bar
        self._bar = None  # type: Any
        self._stage = None
        self._filter = _ClearBefore(self._clear)
        self._handlers = list(logging.getLogger().handlers)
        for handler in self._handlers:
            handler.addFilter(self._filter)

    def on_progress(self, progress):
        # type: (Any) -> None
        """Move the bar; a stage that begins has one of its own."""
        super(BarListener, self).on_progress(progress)
        if progress.stage != self._stage:
            self._end_bar()
            self._stage = progress.stage
            self._bar = self._new_bar(progress)
        bar = self._bar
        bar.total = progress.total_rows
        bar.set_postfix_str(counts_text(progress), refresh=False)
        bar.update(progress.rows - bar.n)

    def close(self):
        # type: () -> None
        """Leave the last state of the bar where it is."""
        self._end_bar()
        for handler in self._handlers:
            handler.removeFilter(self._filter)

    def _new_bar(self, progress):
        # type: (Any) -> Any
        is_bytes = progress.stage == HASHING
        more = {"bar_format": "{desc}"} if progress.stage == FINISHING else {}
        return self._make_bar(
            desc=STAGES.get(progress.stage, progress.stage), file=self._stream,
            initial=progress.rows, total=progress.total_rows,
            unit="B" if is_bytes else " rows", unit_scale=is_bytes,
            dynamic_ncols=True, mininterval=0.2,
            leave=progress.stage not in (HASHING, FINISHING), **more)

    def _end_bar(self):
        # type: () -> None
        if self._bar is not None:
            self._bar.refresh()
            self._bar.close()
            self._bar = None

    def _clear(self):
        # type: () -> None
        if self._bar is not None:
            self._bar.clear()

    def _print(self, line):
        # type: (str) -> None
        self._clear()
        super(BarListener, self)._print(line)
        if self._bar is not None:
            self._bar.refresh()


class _ClearBefore(logging.Filter):
    """Lets each record pass, and takes the bar away before it is written."""

    def __init__(self, clear):
        # type: (Any) -> None
        super(_ClearBefore, self).__init__()
        self._clear = clear

    def filter(self, record):
        # type: (logging.LogRecord) -> bool
        self._clear()
        return True


def _is_terminal(stream):
    # type: (Any) -> bool
    try:
        return stream is not None and stream.isatty()
    except ValueError:  # It is closed.
        return False
