"""A table as a file for a spreadsheet."""

import csv
import io
from types import SimpleNamespace

from bot.practice.console.overview.tables import Table

SEPARATOR = ";"
"""What a spreadsheet set up for the Netherlands takes for one; all numbers are whole, so that no decimal sign matters."""
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(table: Table, names: SimpleNamespace) -> bytes:
    """The table with a line of headings, in UTF-8 with the mark by which spreadsheets know it.

    Args:
        names: the headings by column.
    """
    written = io.StringIO()
    writer = csv.writer(written, delimiter=SEPARATOR)
    writer.writerow([harmless(str(getattr(names, column))) for column in ("code", "name", *table.columns)])
    for row in table.rows:
        figures = ["" if cell.value is None else cell.value for cell in row.cells]
        writer.writerow([harmless(row.code), harmless(row.name), *figures])
    return written.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text
