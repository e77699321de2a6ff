"""The ways in which HTTP alone turns a request away; the kernel's own are in shared.kernel."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.kernel.refusals import Malformed, Refused

_MOST = 20
"""Errors of one body that are told; more help nobody."""


class BadRequest(Refused):
    """The bytes or headers are not what HTTP and JSON allow (HTTP 400)."""

    status = 400


class MethodNotAllowed(Refused):
    """The path exists, but not for this method (HTTP 405)."""

    status = 405


class NotAcceptable(Refused):
    """The list has none of the forms that are asked for (HTTP 406)."""

    status = 406


class TooLarge(Refused):
    """The body is larger than any command (HTTP 413)."""

    status = 413


class Unsupported(Refused):
    """The body is of a kind or in a coding that is not read here (HTTP 415)."""

    status = 415


class Unexpected(Refused):
    """A mistake in the program (HTTP 500); what it was is in the log."""

    status = 500


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: where (JSON Pointer), which code, and what it should be."""

    pointer: str
    code: str
    given: Mapping[str, Any] = field(default_factory=dict)
    message: str = ""
    """In English, where no text is kept for the code."""


class Invalid(Malformed):
    """The body or the query does not fit its schema (HTTP 422, `malformed`)."""

    def __init__(self, *errors: FieldError) -> None:
        super().__init__("malformed")
        self.errors = errors

    @classmethod
    def of(cls, found: Sequence[Mapping[str, Any]]) -> "Invalid":
        """Say the errors that pydantic found, without what was sent."""
        told = [each for each in found if not _follows(each, found)]
        return cls(*(_field_error(each) for each in told[:_MOST]))


def _follows(error: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a list is too short only because what is in it is wrong."""
    place = error["loc"]
    return error["type"] == "too_short" and any(
        len(each["loc"]) > len(place) and each["loc"][: len(place)] == place for each in found
    )


def _field_error(found: Mapping[str, Any]) -> FieldError:
    context = {name: value for name, value in found.get("ctx", {}).items() if name != "error"}
    if "expected" in context:
        # Pydantic writes an English list of quoted words.
        words = str(context["expected"]).replace("'", "").replace(" or ", ", ")
        context["expected"] = words.split(", ")
    return FieldError(pointer(found["loc"]), found["type"], context, found["msg"])


def pointer(place: tuple[int | str, ...]) -> str:
    """Write a place in a JSON document as RFC 6901 does."""
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in place)
    return "".join(f"/{part}" for part in parts)
