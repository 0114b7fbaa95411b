"""Bulk import and export: files of many rows into the CMDB, and back.

An import is a pipeline; each step is a folder, and can be used and tested alone::

    reading/     a file becomes rows of cells: CSV, TSV, JSON, JSON Lines, Excel, each also in gzip
    mapping/     cells become attributes, by the model that the CMDB itself gives
    checking/    every cell, every key, before anything is sent
    sending/     batches of rows, several at a time
    recording/   the journal, by which an import goes on; rejected rows; the report

    targets/     where rows go: a CMDB gateway, or a CMDB itself
    writing/     rows of cells become a file
    importing/   the pipeline put together; exporting/ the way back; cluster/ on several machines
"""

from __future__ import absolute_import, division, print_function
