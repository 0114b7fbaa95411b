"""The files that are imported: hosts, as a person has them in a spreadsheet."""

from __future__ import absolute_import, division, print_function

import csv
import io

COLUMNS = ("name", "ip", "cpu", "memory", "env", "owner")

_ENVIRONMENTS = "dev", "test", "prod"


def rows(count):
    # type: (int) -> Iterator[tuple[str, ...]]
    """Yield rows of text. One in fifty has a comma, so that it is quoted; some cells are empty."""
    for number in range(count):
        owner = "team %d" % (number % 40)
        yield (
            "host-%07d" % number,
            "10.%d.%d.%d" % (number >> 16 & 255, number >> 8 & 255, number & 255),
            str(1 << number % 7) if number % 11 else "",
            str(1024 << number % 6),
            _ENVIRONMENTS[number % 3],
            owner + ", night shift" if number % 50 == 0 else owner,
        )


def write_csv(path, count):
    # type: (str, int) -> None
    with io.open(path, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(rows(count))


def write_xlsx(path, count):
    # type: (str, int) -> None
    """Write numbers as numbers, as Excel would. It needs openpyxl."""
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("hosts")
    sheet.append(COLUMNS)
    for row in rows(count):
        sheet.append([int(cell) if index in (2, 3) and cell else cell or None
                      for index, cell in enumerate(row)])
    book.save(path)


if __name__ == "__main__":
    import sys

    {"csv": write_csv, "xlsx": write_xlsx}[sys.argv[1]](sys.argv[2], int(sys.argv[3]))
