"""Tables for people: plain text, columns in line."""

from collections.abc import Iterable, Sequence


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write rows under the names of their columns; None and empty cells stand as a dash."""
    cells = [[_cell(each) for each in row] for row in rows]
    if not cells:
        return "  (none)"
    widths = [max(map(len, column)) for column in zip(columns, *cells, strict=True)]
    lines = (columns, ["-" * width for width in widths], *cells)
    return "\n".join(
        "  " + "  ".join(map(str.ljust, line, widths)).rstrip()  # str.ljust takes cell and width
        for line in lines
    )


def _cell(value: object) -> str:
    match value:
        case None | "" | () | []:
            return "-"
        case bool():
            return "yes" if value else "no"
        case list() | tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
