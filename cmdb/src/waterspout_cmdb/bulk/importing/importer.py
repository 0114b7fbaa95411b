"""Import: a file into a CMDB, in two passes over its rows."""

from __future__ import absolute_import, division, print_function

import os
import sys

from tornado import gen
from tornado.concurrent import Future
from tornado.util import raise_exc_info

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.importing.ending import Ending, without_journal
from waterspout_cmdb.bulk.importing.files import check_folders, name_files, with_ending
from waterspout_cmdb.bulk.importing.identity import identity_of
from waterspout_cmdb.bulk.importing.listener import FINISHING, HASHING, Listener, Progress
from waterspout_cmdb.bulk.importing.opening import open_journal, temporary_journal
from waterspout_cmdb.bulk.importing.options import ImportOptions
from waterspout_cmdb.bulk.importing.passes import Passes
from waterspout_cmdb.bulk.importing.source import Source
from waterspout_cmdb.bulk.importing.summary import DONE, STOPPED
from waterspout_cmdb.bulk.importing.waiting import unless_done
from waterspout_cmdb.bulk.mapping import Mapper, Model
from waterspout_cmdb.bulk.targets import PatientTarget

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, List, Optional, Sequence, Text  # noqa: F401


class Import(object):
    """One import of one file; it runs once.

    The first pass checks every row, the second one sends. A journal beside the file records both,
    so that an import that was stopped, has failed or was killed goes on with the option
    ``resume``: no batch that is recorded is sent again.

    Args:
        source (text): the path of a file, ``-`` for standard input, or an http(s) URL.
        object_id (text): the model of the rows.
        keys (sequence of text): the attributes that together tell its instances apart.
        target: a `GatewayTarget` or `CMDBTarget`; it is not closed.
        options (ImportOptions or None)
        listener (Listener or None)
    """

    def __init__(self, source, object_id, keys, target, options=None, listener=None):
        # type: (Text, Text, Sequence[Text], Any, Optional[ImportOptions], Any) -> None
        self._source_name = source
        self._object_id = object_id
        self._keys = list(keys)
        self._target = target
        self._options = ImportOptions() if options is None else options
        self._listener = Listener() if listener is None else listener
        if self._options.patience is not None:
            self._target = PatientTarget(
                target, self._options.patience, self._listener.on_message)
        self._passes = None  # type: Any
        self._is_stopping = self._has_run = False
        self._stopped = None  # type: Any

    def stop(self):
        # type: () -> None
        """Stop after the batches that are under way; `run` then returns. May be called again."""
        self._is_stopping = True
        if self._stopped is not None and not self._stopped.done():
            self._stopped.set_result(None)
        if self._options.patience is not None:
            self._target.give_up()
        if self._passes is not None:
            self._passes.stop()

    @gen.coroutine
    def run(self):
        # type: () -> Future[Summary]
        """Import the file.

        Returns: Future of `Summary`: also if rows were rejected, or `stop` was called.
        Raises: BulkError: it could not be run, or could not go on, and what to do. Once there is
            a journal, its ``summary`` is that of the failed import; before, None.
        """
        if self._has_run:
            raise RuntimeError("an Import runs once: make another one")
        self._has_run = True
        self._stopped = Future()
        if self._is_stopping:
            self._stopped.set_result(None)
        files = name_files(self._source_name, self._options)
        check_folders(files)
        source = Source(self._source_name, self._options.read, _folder(files))
        findings = []  # type: List[Text]
        try:
            yield self._unless_stopped(source.open())
            files = with_ending(files, self._options, source.table.format)
            findings = list(source.table.findings)
            # Before the columns are looked at: they may be those of another sheet, or of no header.
            self._listener.on_findings(list(findings))
            mapper = yield self._unless_stopped(self._mapper(source))
            more = list(mapper.findings)
            if self._options.dry_run and mapper.matches:
                more.insert(0, mapper.told())
            if more:
                findings += more
                self._listener.on_findings(more)
            yield self._follow(source.file.hashed(), lambda: _hashing(source.file))
            if self._is_stopping:
                raise _StoppedEarly()
            summary = yield self._recorded(source, mapper, findings, files)
        except _StoppedEarly:
            summary = without_journal(STOPPED, files, findings)
        finally:
            source.close()
        raise gen.Return(summary)

    @gen.coroutine
    def _unless_stopped(self, future):
        """Wait for what changes nothing. Raises: _StoppedEarly: it need not be waited for."""
        yield unless_done(future, self._stopped)
        if not future.done():
            raise _StoppedEarly()
        raise gen.Return(future.result())

    @gen.coroutine
    def _mapper(self, source):
        definition = yield self._target.model(self._object_id)
        mapper = Mapper(
            Model(definition), self._keys, self._options.rules.for_table(source.table))
        mapper.use(source.table.columns, source.is_json)
        raise gen.Return(mapper)

    @gen.coroutine
    def _recorded(self, source, mapper, findings, files):
        identity = identity_of(
            source.file, self._object_id, mapper.keys, self._target, self._options)
        if self._options.dry_run:
            journal = temporary_journal(source.work_folder, identity)
        else:
            journal = open_journal(files, identity, self._options, self._listener.on_message)
        try:
            ending = Ending(journal, files, source, mapper, findings, self._options)
            if journal.state == DONE:
                raise gen.Return(ending.again(self._listener.on_message))
            self._passes = self._make_passes(source, mapper, journal)
            try:
                yield self._follow(self._passes.steps(), self._passes.progress)
                self._listener.on_progress(self._passes.progress()._replace(stage=FINISHING))
                summary = ending.write(self._passes.state, self._passes.comparison)
            except BulkError as error:
                failure = ending.fail(error)
            except Exception as error:  # A mistake, of this program's or the listener's.
                mistake = sys.exc_info()
                ending.fail(BulkError("%s: %s" % (type(error).__name__, error)))
                raise_exc_info(mistake)
            else:
                raise gen.Return(summary)
            raise failure
        finally:
            journal.close()

    def _make_passes(self, source, mapper, journal):
        return Passes(
            source, mapper, journal, self._target, self._object_id, self._options,
            self._listener.on_message)

    @gen.coroutine
    def _follow(self, steps, progress):
        """Take steps, and wait for what they yield: the one place that waits."""
        mistake = None
        for waiting in steps:
            if waiting is None:
                yield gen.moment
            elif self._passes.is_sending:  # What is under way is to be recorded.
                yield waiting
            else:
                yield unless_done(waiting, self._stopped)
            try:
                if mistake is None:
                    self._listener.on_progress(progress())
            except Exception:  # What is under way is recorded nevertheless.
                mistake = sys.exc_info()
                self.stop()
            if self._is_stopping and self._passes is None:
                break
        if mistake is not None:
            raise_exc_info(mistake)


class _StoppedEarly(Exception):
    """It was stopped before there was a journal."""


def _folder(files):
    """Return where temporary files go: beside the journal, where there must be space anyway."""
    return None if files.journal is None else os.path.dirname(files.journal) or "."


def _hashing(file):
    return Progress(HASHING, file.read, file.size, 0, 0, 0, 0)
