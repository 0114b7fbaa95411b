"""A file becomes rows of cells.

::

    sources/         where its bytes come from: a file, standard input, a URL; gzip
    text_encodings/  which encoding a text file has
    csv_text/        the table in a CSV or TSV file; json_text/, xlsx/ those in the others
    ranges           parts of a file that other processes can read
"""

from __future__ import absolute_import, division, print_function

from waterspout_cmdb.bulk.reading import ranges
from waterspout_cmdb.bulk.reading.opening import open_table
from waterspout_cmdb.bulk.reading.options import ReadOptions
from waterspout_cmdb.bulk.reading.sources import downloads
from waterspout_cmdb.bulk.reading.sources.inputs import fetch_input

__all__ = ["ReadOptions", "downloads", "fetch_input", "open_table", "ranges"]
