"""Rows of cells become documents: what the CMDB stores, by its model."""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.mapping.left_out_offsets import told as told_offsets
from waterspout_cmdb.bulk.mapping.mapped import Mapped, Reference, problem_text, shown
from waterspout_cmdb.bulk.mapping.mapper import Mapper
from waterspout_cmdb.bulk.mapping.mapping_file import parse_entries, parse_entry, read_mapping
from waterspout_cmdb.bulk.mapping.model import Attribute, Model, Relation
from waterspout_cmdb.bulk.mapping.rules import Rules

__all__ = [
    "Attribute",
    "Mapped",
    "Mapper",
    "Model",
    "Reference",
    "Relation",
    "Rules",
    "parse_entries",
    "parse_entry",
    "problem_text",
    "read_mapping",
    "shown",
    "told_offsets",
]
