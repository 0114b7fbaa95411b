from __future__ import absolute_import, division, print_function

import io

import pytest

from waterspout_cmdb.bulk import reading


class Folder(object):
    """Files in a temporary folder, opened as tables, which are closed at the end."""

    def __init__(self, path):
        self._path = path
        self._tables = []

    def path(self, name):
        return str(self._path / name)

    def write(self, content, name="hosts.csv", encoding="utf-8"):
        content = content if isinstance(content, bytes) else content.encode(encoding)
        with io.open(self.path(name), "wb") as file:
            file.write(content)
        return self.path(name)

    def open(self, content, name="hosts.csv", encoding="utf-8", **options):
        options["encoding"] = options.pop("encoding_option", None)
        path = self.write(content, name, encoding)
        table = reading.open_table(path, reading.ReadOptions(**options))
        self._tables.append(table)
        return table

    def close(self):
        for table in self._tables:
            table.close()


@pytest.fixture
def folder(tmp_path):
    folder = Folder(tmp_path)
    yield folder
    folder.close()
