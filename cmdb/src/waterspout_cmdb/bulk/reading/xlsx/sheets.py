"""The sheets of an Excel file: which one is imported."""

from __future__ import absolute_import, division, print_function

from tornado.escape import to_unicode

from waterspout_cmdb.bulk.errors import BulkError
from waterspout_cmdb.bulk.reading import places

_NEEDED = (u'Excel files need openpyxl and defusedxml: pip install "waterspout-cmdb[bulk]"; '
           u"or save the file as CSV")


def import_openpyxl():
    # type: () -> Callable
    """Return openpyxl's ``load_workbook``, which parses with defusedxml. Raises: BulkError."""
    try:
        import defusedxml  # noqa: F401
        import openpyxl
    except ImportError:
        raise BulkError(_NEEDED)
    if not openpyxl.DEFUSEDXML:
        raise BulkError(
            u"openpyxl is told by OPENPYXL_DEFUSEDXML to trust all files; unset that variable")
    return openpyxl.load_workbook


def choose(workbook, path, wanted=None):
    # type: (Any, str, Text | None) -> tuple[Any, Text, list[Text]]
    """Return a sheet, its name, and remarks for the user.

    Args:
        wanted: the name that the user says; None: the first sheet that is not hidden.
    Raises: BulkError: there is none; the names of those there are.
    """
    sheets = [sheet for sheet in workbook.worksheets if hasattr(sheet, "reset_dimensions")]
    names = [to_unicode(sheet.title) for sheet in sheets]
    if not sheets:
        raise places.trouble(path, u"has no sheet with cells")
    if wanted is not None:
        wanted = to_unicode(wanted)
        alike = [name.strip().lower() for name in names]
        if wanted in names:
            index = names.index(wanted)
        elif alike.count(wanted.strip().lower()) == 1:
            index = alike.index(wanted.strip().lower())
        else:
            raise places.trouble(path, u'has no sheet "%s"; it has %s' % (wanted, _quoted(names)))
        return sheets[index], names[index], []
    hidden = _hidden(workbook, sheets)
    seen = [index for index in range(len(sheets)) if index not in hidden] or [0]
    index, told = seen[0], []
    if len(names) > 1:
        others = [name + (u" (hidden)" if place in hidden else u"")
                  for place, name in enumerate(names) if place != index]
        told.append(u'sheet "%s" (the first; --sheet names another: %s)' % (
            names[index], _quoted(others)))
    return sheets[index], names[index], told


def _quoted(names):
    shown = u", ".join(u'"%s"' % name for name in names[:10])
    return shown + (u" and %d more" % (len(names) - 10) if len(names) > 10 else u"")


def _hidden(workbook, sheets):
    """Return the places of sheets that are hidden, which openpyxl 2.6 does not tell."""
    from defusedxml.ElementTree import fromstring

    states = {}
    try:
        for element in fromstring(workbook._archive.read("xl/workbook.xml")).iter():
            if element.tag.endswith("}sheet"):
                states[to_unicode(element.get("name"))] = element.get("state", "visible")
    except KeyError:
        pass  # The workbook has another place in the file; all its sheets are taken as shown.
    return {
        place for place, sheet in enumerate(sheets)
        if states.get(to_unicode(sheet.title), "visible") != "visible"
    }
