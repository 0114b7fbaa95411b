"""write_template: an empty table with the columns of a model."""

from __future__ import absolute_import, division, print_function

import shutil
import tempfile

from tornado.escape import native_str

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.writing import xlsx_writer
from waterspout_cmdb.bulk.writing.csv_writer import CSVWriter
from waterspout_cmdb.bulk.writing.new_file import NewFile, failure
from waterspout_cmdb.bulk.writing.template_columns import columns_of, explanation

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Any, Text  # noqa: F401

_NUMBER_FORMATS = {
    u"int": "0", u"float": "General", u"bool": "General", u"date": "yyyy-mm-dd",
    u"datetime": "yyyy-mm-dd hh:mm:ss"}

#: Excel's limit for choices that are written into the rule itself.
_MAX_LIST = 255

_EXPLAINED = u"Columns"
_CHOICES = u"Choices"


def write_template(path, model, format="xlsx"):
    # type: (Text, Any, str) -> None
    """Write a table without rows whose header has the attributes that an import can write.

    In xlsx enums and booleans are drop-downs, dates have their format, texts keep leading zeros,
    each header has a comment, and a second sheet explains the columns. CSV and TSV have the header.

    Args:
        path: "-" is the standard output.
        model: see `columns_of`.
        format: "xlsx", "csv" or "tsv".
    Raises: BulkError: it cannot be written, openpyxl is missing, or the format is another.
    """
    format = native_str(format)
    columns = columns_of(model)
    if format in ("csv", "tsv"):
        delimiter = u"\t" if format == "tsv" else u","
        # With a mark: Excel knows UTF-8 by it only.
        with CSVWriter(path, [each.id for each in columns], "utf-8-sig", delimiter, None, False):
            return
    if format != "xlsx":
        raise BulkError("a template cannot be %s: write xlsx, csv or tsv" % format)
    book = _book(_import_openpyxl(), model, columns)
    new = NewFile(path)
    try:
        with tempfile.TemporaryFile() as whole:  # openpyxl cannot write to a pipe.
            book.save(whole)
            whole.seek(0)
            shutil.copyfileobj(whole, new.file)
        new.file.flush()
    except EnvironmentError as error:
        new.discard()
        raise failure(new.path, error)
    except BaseException:
        new.discard()
        raise
    new.close()


def _book(openpyxl, model, columns):
    book = openpyxl.Workbook()
    sheet = book.active
    title = xlsx_writer.sheet_name(model.object_id)
    # Excel ignores case in the names of sheets.
    is_taken = title.lower() in (_EXPLAINED.lower(), _CHOICES.lower())
    sheet.title = title + u" rows" if is_taken else title
    sheet.freeze_panes = "A2"
    explained = book.create_sheet(_EXPLAINED)
    _explain(openpyxl, explained, columns)
    names = [each.id for each in columns]
    widths = xlsx_writer.widths(names, [])
    for index, column in enumerate(columns):
        letter = openpyxl.utils.get_column_letter(index + 1)
        cell = sheet.cell(row=1, column=index + 1)
        _set_text(cell, column.id)
        cell.font = openpyxl.styles.Font(bold=True)
        comment = openpyxl.comments.Comment(explanation(column), u"waterspout-cmdb")
        comment.width, comment.height = 320, 120
        cell.comment = comment
        dimension = sheet.column_dimensions[letter]
        dimension.width = widths[index] + (2 if column.required else 0)
        dimension.number_format = _NUMBER_FORMATS.get(column.type, "@")
        if column.choices:
            _add_choices(openpyxl, book, sheet, letter, column)
    return book


def _add_choices(openpyxl, book, sheet, letter, column):
    """Make a column's cells drop-downs."""
    inline = u",".join(column.choices)
    plain = not any(
        u"," in each or u'"' in each or each != each.strip() for each in column.choices)
    if plain and len(inline) <= _MAX_LIST:
        formula = u'"%s"' % inline
    else:
        formula = _choices_in_sheet(openpyxl, book, column.choices)
    rule = openpyxl.worksheet.datavalidation.DataValidation(
        type="list", formula1=formula, allow_blank=True)
    rule.showErrorMessage = not column.is_list  # Several of them are in one cell there.
    rule.errorTitle = column.id[:32]
    rule.error = u"Choose one from the list."
    rule.add("%s2:%s%d" % (letter, letter, xlsx_writer.MAX_ROWS))
    sheet.add_data_validation(rule)


def _choices_in_sheet(openpyxl, book, choices):
    """Write choices into the next column of a hidden sheet. Returns: the formula for them."""
    if _CHOICES not in book.sheetnames:
        book.create_sheet(_CHOICES).sheet_state = "hidden"
    sheet = book[_CHOICES]
    is_empty = sheet.cell(row=1, column=1).value is None
    index = 1 if is_empty else sheet.max_column + 1
    for row, choice in enumerate(choices, 1):
        _set_text(sheet.cell(row=row, column=index), choice)
    letter = openpyxl.utils.get_column_letter(index)
    return u"%s!$%s$1:$%s$%d" % (_CHOICES, letter, letter, len(choices))


def _explain(openpyxl, sheet, columns):
    names = [u"Column", u"Name", u"Type", u"Required", u"Unique", u"What to write", u"Choices"]
    rows = [
        [each.id, each.name, each.type, u"yes" if each.required else u"",
         u"yes" if each.unique else u"", each.form, u", ".join(each.choices)[:32000]]
        for each in columns]
    sheet.freeze_panes = "A2"
    for number, row in enumerate([names] + rows, 1):
        for index, text in enumerate(row, 1):
            cell = sheet.cell(row=number, column=index)
            _set_text(cell, text)
            if number == 1:
                cell.font = openpyxl.styles.Font(bold=True)
    for index, width in enumerate(xlsx_writer.widths(names, rows), 1):
        sheet.column_dimensions[openpyxl.utils.get_column_letter(index)].width = width


def _set_text(cell, text):
    """Set a text that is never a formula, nor an error."""
    cell.value = text
    if text:
        cell.data_type = "s"


def _import_openpyxl():
    """Return the module with what is used of it. Raises: BulkError: it is not installed."""
    try:
        import openpyxl
        import openpyxl.comments
        import openpyxl.styles
        import openpyxl.utils
        import openpyxl.worksheet.datavalidation
    except ImportError:
        raise BulkError('Templates for Excel need openpyxl: pip install "waterspout-cmdb[bulk]"')
    return openpyxl
