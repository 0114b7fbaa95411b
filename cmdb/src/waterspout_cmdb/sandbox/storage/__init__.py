"""The data on disk: one SQLite file, with a table of documents for each organisation's model."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.storage.database import StorageError
from waterspout_cmdb.sandbox.storage.store import Store
from waterspout_cmdb.sandbox.storage.time_limits import Closing, TookTooLong

__all__ = ["Closing", "StorageError", "Store", "TookTooLong"]
