"""The schema and its history."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.sandbox.storage.relation_schema import RELATION_TABLES

#: In the header of our files ("WSCM"), so that no other program's database is taken for one.
APPLICATION_ID = 0x5753434D

#: Step n leads from version n to version n + 1; the file's ``user_version`` says where it is.
#: Steps that have shipped are never changed, only followed by others.
MIGRATIONS = [
    [
        # A model of one organisation. Its instances live in a table of their own, named after
        # its id: then its unique keys are plain unique indexes, and no model slows another.
        """
        CREATE TABLE models (
            id INTEGER PRIMARY KEY,
            org INTEGER NOT NULL,
            object_id TEXT NOT NULL,
            definition TEXT NOT NULL,
            UNIQUE (org, object_id)
        )
        """,
        # The indexes on instance tables. ``attributes`` is a JSON list of attribute ids.
        """
        CREATE TABLE indexes (
            id INTEGER PRIMARY KEY,
            model INTEGER NOT NULL REFERENCES models (id),
            attributes TEXT NOT NULL,
            is_unique INTEGER NOT NULL,
            UNIQUE (model, attributes)
        )
        """,
        # One row: the highest number behind an instance id, over all organisations.
        """
        CREATE TABLE instance_ids (last INTEGER NOT NULL)
        """,
        """
        INSERT INTO instance_ids (last) VALUES (0)
        """,
    ],
    RELATION_TABLES,
]
