"""The parts of a workbook besides its rows, as XML (ECMA-376)."""

from __future__ import absolute_import, division, print_function

from xml.sax import saxutils

TYPE_CHECKING = False  # Checkers know the name; ``typing`` is not there on 2.7.

if TYPE_CHECKING:
    from typing import Iterable, List, Text, Tuple  # noqa: F401

#: Places in the list of formats in ``_STYLES``.
TEXT, DATE, TIME, HEADER = 1, 2, 3, 4

DATE_FORMAT = u"yyyy-mm-dd"
TIME_FORMAT = u"yyyy-mm-dd hh:mm:ss"

_DECLARATION = u'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = u"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = u"http://schemas.openxmlformats.org/package/2006/"
_OFFICE = u"http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = u"application/vnd.openxmlformats-officedocument.spreadsheetml.%s+xml"

_STYLES = u"".join([
    u'<styleSheet xmlns="', _MAIN, u'">',
    u'<numFmts count="2"><numFmt numFmtId="164" formatCode="', DATE_FORMAT, u'"/>',
    u'<numFmt numFmtId="165" formatCode="', TIME_FORMAT, u'"/></numFmts>',
    u'<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>',
    u'<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>',
    u'<fills count="2"><fill><patternFill patternType="none"/></fill>',
    u'<fill><patternFill patternType="gray125"/></fill></fills>',
    u'<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>',
    u'<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>',
    u'<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    u"".join([
        u'<xf numFmtId="%d" fontId="%d" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"'
        u' applyFont="1"/>' % each for each in ((49, 0), (164, 0), (165, 0), (49, 1))]),
    u'</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>',
    u"</cellStyles></styleSheet>",
])


def parts(names):
    # type: (List[Text]) -> Iterable[Tuple[str, bytes]]
    """Return (name in the archive, content) of all parts but the sheets.

    Args:
        names: of the sheets, whose parts are called as `sheet_part` says.
    """
    numbers = range(1, len(names) + 1)
    sheets = u"".join([
        u'<sheet name=%s sheetId="%d" r:id="rId%d"/>' % (saxutils.quoteattr(name), number, number)
        for number, name in zip(numbers, names)])
    relations = [(u"worksheet", u"worksheets/sheet%d.xml" % number) for number in numbers]
    relations.append((u"styles", u"styles.xml"))
    types = [(u"/xl/workbook.xml", u"sheet.main"), (u"/xl/styles.xml", u"styles")]
    types += [(u"/%s" % sheet_part(number), u"worksheet") for number in numbers]
    found = [
        ("[Content_Types].xml", u'<Types xmlns="%scontent-types">'
         u'<Default Extension="rels" ContentType='
         u'"application/vnd.openxmlformats-package.relationships+xml"/>'
         u'<Default Extension="xml" ContentType="application/xml"/>%s</Types>' % (
             _PACKAGE, u"".join([u'<Override PartName="%s" ContentType="%s"/>' % (
                 name, _TYPE % type_) for name, type_ in types]))),
        ("_rels/.rels", _relationships([(u"officeDocument", u"xl/workbook.xml")])),
        ("xl/workbook.xml", u'<workbook xmlns="%s" xmlns:r="%s"><sheets>%s</sheets></workbook>' % (
            _MAIN, _OFFICE, sheets)),
        ("xl/_rels/workbook.xml.rels", _relationships(relations)),
        ("xl/styles.xml", _STYLES),
    ]
    return [(name, (_DECLARATION + text).encode("utf-8")) for name, text in found]


def sheet_part(number):
    # type: (int) -> str
    return "xl/worksheets/sheet%d.xml" % number


def sheet_begin(widths):
    # type: (Iterable[int]) -> bytes
    """Return what comes before the rows: the first of them stays when one scrolls."""
    columns = u"".join([
        u'<col min="%d" max="%d" width="%d" customWidth="1"/>' % (number, number, width)
        for number, width in enumerate(widths, 1)])
    return (
        u'%s<worksheet xmlns="%s"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        u'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        u"%s<sheetData>\n" % (
            _DECLARATION, _MAIN, u"<cols>%s</cols>" % columns if columns else u"")
    ).encode("utf-8")


SHEET_END = b"</sheetData></worksheet>\n"


def _relationships(targets):
    return u'<Relationships xmlns="%srelationships">%s</Relationships>' % (_PACKAGE, u"".join([
        u'<Relationship Id="rId%d" Type="%s/%s" Target="%s"/>' % (number, _OFFICE, type_, target)
        for number, (type_, target) in enumerate(targets, 1)]))
