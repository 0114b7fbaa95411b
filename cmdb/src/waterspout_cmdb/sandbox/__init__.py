"""The sandbox CMDB: a CMDB for development and tests that keeps its data in one SQLite file.

It serves the vendor's instance API, so that a service written against it needs only another
address for the vendor's CMDB. A feature that it does not have is answered with 501 and the name
of the feature.

A request passes these layers::

    handlers/      HTTP: paths, headers, the envelope of answers
    operations/    what each request does: functions that take a transaction
    storage/       transactions on the SQLite file, in threads

They share plain Python without a loop and a database::

    query/         the query language, parsed to a tree and compiled to SQL
    models/        models, attributes and relations, and the documents that follow them
    wire_format/   JSON values, body fields, names, pages, error codes
"""

from __future__ import absolute_import, division, print_function
