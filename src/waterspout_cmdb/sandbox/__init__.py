"""The sandbox CMDB: a local stand-in for the vendor's CMDB that keeps its data in SQLite.

It answers the instance API as the vendor's clients expect, so that a service written against
it needs nothing but another address to talk to the real one. What it does not do yet it
refuses with 501 and the name of the feature; it never pretends.

A request passes three layers::

    handlers -> instances, importer (what the API means) -> storage (what SQLite keeps)
                     |
                  models, values, documents, query (plain Python: no loop, no sockets)
"""

from __future__ import absolute_import, division, print_function
