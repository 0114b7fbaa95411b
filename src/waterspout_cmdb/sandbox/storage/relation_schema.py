"""The part of the schema that keeps relations between instances."""

from __future__ import absolute_import, division, print_function

RELATION_TABLES = [
    # A relation of two models of one organisation. The models are named, not numbered: a relation
    # is found from either of them, and models cannot be renamed.
    """
    CREATE TABLE relations (
        id INTEGER PRIMARY KEY,
        org INTEGER NOT NULL,
        relation_id TEXT NOT NULL,
        left_object_id TEXT NOT NULL,
        right_object_id TEXT NOT NULL,
        definition TEXT NOT NULL,
        UNIQUE (org, relation_id)
    )
    """,
    "CREATE INDEX relations_by_left ON relations (org, left_object_id)",
    "CREATE INDEX relations_by_right ON relations (org, right_object_id)",
    # Which instances are related. An end is the number behind an instance id.
    """
    CREATE TABLE links (
        relation INTEGER NOT NULL REFERENCES relations (id),
        left_end INTEGER NOT NULL,
        right_end INTEGER NOT NULL,
        PRIMARY KEY (relation, left_end, right_end)
    ) WITHOUT ROWID
    """,
    "CREATE INDEX links_by_right ON links (relation, right_end, left_end)",
]
