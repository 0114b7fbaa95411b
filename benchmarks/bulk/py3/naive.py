"""Import a file with pandas and requests, as their own pages show it: read all, send in pieces.

    python -m benchmarks.bulk.py3.naive FILE URL

It checks nothing but the status; a row that the CMDB refuses is lost.
"""

from __future__ import absolute_import, division, print_function

import json
import sys

import pandas
import requests

#: Rows of a request; callers of this CMDB send as many.
ROWS = 1000


def main(path, url):
    # type: (str, str) -> None
    read = pandas.read_excel if path.endswith(".xlsx") else pandas.read_csv
    frame = read(path)
    for start in range(0, len(frame), ROWS):
        rows = json.loads(frame[start:start + ROWS].to_json(orient="records"))
        response = requests.post(url, json={"keys": ["name"], "datas": rows}, timeout=60)
        response.raise_for_status()


if __name__ == "__main__":
    main(*sys.argv[1:])
