"""In which form a list is asked for: JSON page by page, or the whole of it as a table."""

from collections.abc import Sequence
from enum import StrEnum

from shared.http.headers import weight
from shared.http.refusals import NotAcceptable


class Medium(StrEnum):
    """The forms that every list has, by media type; the first is given when nothing is said."""

    JSON = "application/json"
    CSV = "text/csv"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    NDJSON = "application/x-ndjson"

    @property
    def ending(self) -> str:
        """The ending of a file's name."""
        return self.name.lower()


def chosen(accept: str | None, forms: Sequence[Medium] = tuple(Medium)) -> Medium:
    """The one of the forms that `Accept` likes best (RFC 9110, 12.5.1), the earlier among equals.

    The first is given when nothing is said; what cannot be read in it is passed over. Raises
    NotAcceptable (`not_acceptable`).
    """
    liked = _liked(accept or "")
    if not liked:
        return forms[0]
    best = max(forms, key=lambda medium: _liking(medium, liked))
    if not _liking(best, liked):
        raise NotAcceptable("not_acceptable", given=accept, known=list(forms))
    return best


def _liked(accept: str) -> dict[str, float]:
    """How much each range is liked, from 0 to 1."""
    liked = {}
    for part in accept[:1000].lower().split(","):
        range_, *parameters = part.split(";")
        if range_.count("/") == 1:
            said = [each for each in parameters if each.partition("=")[0].strip() == "q"]
            liked[range_.strip()] = weight(said[0]) if said else 1.0
    return liked


def _liking(medium: Medium, liked: dict[str, float]) -> float:
    """What the range says that fits most closely."""
    kind = medium.partition("/")[0]
    ranges = (medium.value, f"{kind}/*", "*/*")
    return next((liked[each] for each in ranges if each in liked), 0.0)
