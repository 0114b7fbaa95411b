"""The table of jobs in SQLite."""

from __future__ import absolute_import, division, print_function

#: Kept as ``user_version``. A file of another version is not touched.
VERSION = 1

SCHEMA = (
    """CREATE TABLE jobs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        org TEXT NOT NULL,
        client TEXT NOT NULL,
        user TEXT NOT NULL,
        object_id TEXT NOT NULL,
        options TEXT NOT NULL,
        filename TEXT NOT NULL,
        suffix TEXT NOT NULL,
        size INTEGER NOT NULL,
        state TEXT NOT NULL,
        stopping INTEGER NOT NULL DEFAULT 0,
        removed INTEGER NOT NULL DEFAULT 0,
        attempts INTEGER NOT NULL DEFAULT 0,
        crashes INTEGER NOT NULL DEFAULT 0,
        pid INTEGER,
        created REAL NOT NULL,
        started REAL,
        ended REAL,
        error TEXT,
        counts TEXT NOT NULL DEFAULT '{}'
    )""",
    "CREATE INDEX jobs_of_tenant ON jobs (org, client, number)",
    "CREATE INDEX jobs_in_state ON jobs (state, number)",
    "CREATE INDEX jobs_removed ON jobs (removed) WHERE removed",
)

#: Those that a `Job` is made of.
COLUMNS = (
    "id", "number", "org", "client", "user", "object_id", "options", "filename", "suffix", "size",
    "state", "stopping", "attempts", "crashes", "pid", "created", "started",
    "ended", "error", "counts")
