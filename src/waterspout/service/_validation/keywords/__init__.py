"""The keywords of JSON Schema that look into arrays and objects, for bodies of any size.

Those of the package jsonschema write the whole value into the text of an error, compare each item
of an array with each other one, and run until they find something. These take linear time, quote
nothing, and yield a `PAUSE` now and then, so that other requests have their turn.

Each is a function of a validator, the keyword's value, the instance and the schema, as that package
has them, for what JSON is decoded to. It yields a `Fault` for each error.
"""

from __future__ import absolute_import, division, print_function
