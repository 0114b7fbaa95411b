"""JSONTable: the objects in a JSON or JSON Lines file as a table."""

from __future__ import absolute_import, division, print_function

import itertools

from waterspout_cmdb.bulk.reading import places, range_rules, text_encodings
from waterspout_cmdb.bulk.reading.json_text import arrays, lines
from waterspout_cmdb.bulk.reading.table import Description, Table
from waterspout_cmdb.bulk.rows import ABSENT, Row

#: Names that are columns; objects whose names are data would have one for each row.
MAX_COLUMNS = 2000

#: Rows that are read at once, so that columns are known before the first row is asked for.
LOOKED_AT = 30


class JSONTable(Table):
    """A JSON array of objects, or one object in each line.

    Args:
        source (BinarySource): the file.
        options (ReadOptions): what is known.
        format (str): "json" or "jsonl".
    Raises: BulkError: it has no rows, or one of the first cannot be read.
    """

    def __init__(self, source, options, format):
        # type: (BinarySource, ReadOptions, str) -> None
        super(JSONTable, self).__init__(source)
        self.format = format
        self._encoding = text_encodings.find_encoding(source, options.encoding)
        self.encoding = self._encoding.name
        self.findings = [self._encoding.told] if self._encoding.told else []
        self._names = Names(self.columns, self.path)
        self._is_read = False
        rows = self.rows()
        is_empty = not list(itertools.islice(rows, LOOKED_AT))
        rows.close()
        if is_empty:
            raise places.trouble(self.path, u"has no rows")

    def rows(self):
        # type: () -> Iterator[Row]
        file = self._source.open()
        try:
            file.read(self._encoding.skip)
            read = arrays.read_elements if self.format == "json" else lines.read_lines
            for row in self._names.rows(read(file, self._encoding.codec, self.path)):
                yield row
            self._is_read = True
        finally:
            file.close()

    def describe(self):
        # type: () -> Description
        if self.format == "json":
            return super(JSONTable, self).describe()
        range_rules.refuse(self, self._encoding.codec)
        if not self._is_read:
            for _ in self.rows():  # All columns must be known: each range has some of them.
                pass
        return Description(
            self.path, self.format, self._encoding.codec, self._encoding.skip, None, 0,
            tuple(self.columns), self._names.names())


class Names(object):
    """The columns by the names that objects have.

    Args:
        columns (list of text): names of columns that are known; others are appended.
        path (str): for errors.
        names (list of text): how objects have those names, which may have spaces around them.
    """

    def __init__(self, columns, path, names=()):
        # type: (list, str, Iterable[Text]) -> None
        self._columns = columns
        self._path = path
        self._places = {name: place for place, name in enumerate(names)}

    def names(self):
        # type: () -> tuple
        """Return the names that objects have, in the columns' order."""
        return tuple(sorted(self._places, key=self._places.get))

    def rows(self, objects):
        # type: (Iterable[tuple[int, list]]) -> Iterator[Row]
        """Yield a row of cells for each object that has a value.

        Raises: BulkError: there are too many names.
        """
        slots = self._places
        for number, pairs in objects:
            cells = [ABSENT] * len(slots)
            is_blank = True
            for name, value in pairs:
                place = slots.get(name)
                if place is None:
                    place = self._add(name, number)
                    cells.append(ABSENT)
                cells[place] = value
                if value is not None and value != u"":
                    is_blank = False
            if not is_blank:
                yield Row(number, cells)

    def _add(self, name, number):
        column = u" ".join(name.split())
        if column in self._columns:
            raise places.trouble(
                self._path, u'has the names "%s" and "%s", which are one column' % (name, column),
                row=number)
        if len(self._columns) >= MAX_COLUMNS:
            raise places.trouble(
                self._path, u'has more than %d different names up to here, such as "%.40s"; are '
                u"they values?" % (MAX_COLUMNS, name), row=number)
        self._columns.append(column)
        self._places[name] = place = len(self._columns) - 1
        return place
