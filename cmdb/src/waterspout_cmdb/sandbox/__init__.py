"""The sandbox CMDB: a local stand-in for the vendor's CMDB that keeps its data in SQLite.

It answers the instance API as the vendor's clients expect, so that a service written against
it needs nothing but another address to talk to the real one. What it does not do yet it
refuses with 501 and the name of the feature; it never pretends.

A request passes three layers::

    handlers      from HTTP to a call on the data, and back
    what the API means: a function for each request, called with a transaction
        instances, importer, json_importer, batches     writes
        search, grouping, showing                       reads
        objects, object_parts, object_relations         models
        instance_relations, peers                       who is related to whom
    storage       what SQLite keeps

Beside them stands what is plain Python, without a loop or a database: models, definitions,
relations, values, documents, and query, which makes SQL of what callers ask for.
"""

from __future__ import absolute_import, division, print_function
