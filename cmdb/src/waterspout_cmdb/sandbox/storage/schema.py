"""The schema, as the steps that migrate a file from each version to the next."""

from __future__ import absolute_import, division, print_function

import json

from waterspout_cmdb.sandbox.models.definition_checks import model_definition
from waterspout_cmdb.sandbox.query.columns import extract

#: The mark in the header of our files ("WSCM"), which other programs' databases do not have.
APPLICATION_ID = 0x5753434D


def _models(connection):
    # A model of one organisation. Its instances have their own table, named after its id, so that
    # its unique keys are unique indexes, and models do not slow each other.
    connection.execute(
        """
        CREATE TABLE models (
            id INTEGER PRIMARY KEY,
            org INTEGER NOT NULL,
            object_id TEXT NOT NULL,
            definition TEXT NOT NULL,
            UNIQUE (org, object_id)
        )
        """
    )
    # The indexes on instance tables. ``attributes`` is a JSON list of attribute ids.
    connection.execute(
        """
        CREATE TABLE indexes (
            id INTEGER PRIMARY KEY,
            model INTEGER NOT NULL REFERENCES models (id),
            attributes TEXT NOT NULL,
            is_unique INTEGER NOT NULL,
            UNIQUE (model, attributes)
        )
        """
    )
    # One row: the highest number behind an instance id, over all organisations.
    connection.execute("CREATE TABLE instance_ids (last INTEGER NOT NULL)")
    connection.execute("INSERT INTO instance_ids (last) VALUES (0)")


def _counts(connection):
    # The number of instances of each model, because most searches are for all of them and return
    # the total; and the number when statistics were last gathered.
    connection.execute(
        """
        CREATE TABLE counts (
            model INTEGER PRIMARY KEY REFERENCES models (id),
            instances INTEGER NOT NULL,
            analysed INTEGER NOT NULL
        )
        """
    )
    for (key,) in connection.execute("SELECT id FROM models").fetchall():
        count_instances(connection, key)


def _relations(connection):
    # A relation of two models of one organisation. It has the models' ids, not their numbers: it
    # is looked up by either of them, and models cannot be renamed.
    connection.execute(
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
        """
    )
    connection.execute("CREATE INDEX relations_by_left ON relations (org, left_object_id)")
    connection.execute("CREATE INDEX relations_by_right ON relations (org, right_object_id)")
    # The links between related instances. An end is the number of an instance.
    connection.execute(
        """
        CREATE TABLE links (
            relation INTEGER NOT NULL REFERENCES relations (id),
            left_end INTEGER NOT NULL,
            right_end INTEGER NOT NULL,
            PRIMARY KEY (relation, left_end, right_end)
        ) WITHOUT ROWID
        """
    )
    connection.execute("CREATE INDEX links_by_right ON links (relation, right_end, left_end)")


def _definitions(connection):
    # Models were stored in the form of the seed. Since they can be changed, code that reads one
    # relies on the complete form.
    for key, text in connection.execute("SELECT id, definition FROM models").fetchall():
        connection.execute(
            "UPDATE models SET definition = ? WHERE id = ?",
            [json.dumps(model_definition(json.loads(text))), key],
        )


def _tallies(connection):
    # The number of instances with each value of an attribute, for indexes on one attribute that are
    # not unique. See ``tallies.py``.
    connection.execute(
        """
        CREATE TABLE tallies (
            index_id INTEGER NOT NULL REFERENCES indexes (id),
            value NOT NULL,
            instances INTEGER NOT NULL,
            PRIMARY KEY (index_id, value)
        ) WITHOUT ROWID
        """
    )
    sql = "SELECT id, model, attributes FROM indexes WHERE NOT is_unique"
    for index, key, attributes in connection.execute(sql).fetchall():
        names = json.loads(attributes)
        if len(names) == 1:
            tally_values(connection, index, key, names[0])


#: Step n migrates from version n to version n + 1; the version is the file's ``user_version``.
#: Each is called with a connection in a transaction, and neither commits nor rolls back. Released
#: steps are never changed; changes are new steps.
STEPS = [_models, _counts, _relations, _definitions, _tallies]


def instance_table(key):
    # type: (int) -> str
    """Return the name of the table with the instances of a model.

    Args:
        key: the model's number in the table ``models``.
    """
    return "instances_%d" % key


def count_instances(connection, key):
    # type: (sqlite3.Connection, int) -> None
    """Write the number of rows in a model's table to ``counts``, and keep it up to date."""
    table = instance_table(key)
    connection.execute("INSERT INTO counts SELECT ?, count(*), 0 FROM %s" % table, [key])
    for event, change in (("INSERT", "+ 1"), ("DELETE", "- 1")):
        connection.execute(
            "CREATE TRIGGER %s_%s AFTER %s ON %s BEGIN"
            " UPDATE counts SET instances = instances %s WHERE model = %d; END"
            % (table, event.lower(), event, table, change, key)
        )


def tally_values(connection, index, key, name):
    # type: (sqlite3.Connection, int, int, Text) -> None
    """Write the number of rows with each value of an attribute to ``tallies``.

    Args:
        index (int): the number of the attribute's index in the table ``indexes``.
        key (int): the model's number in the table ``models``.
    """
    connection.execute(
        "INSERT INTO tallies SELECT ?, {value}, count(*) FROM {table} WHERE {value} IS NOT NULL"
        " GROUP BY {value}".format(value=extract(name), table=instance_table(key)),
        [index],
    )
