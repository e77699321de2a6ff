"""Problem documents (RFC 9457): what every answer that is not a success looks like."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from pydantic import BaseModel, Field
from pydantic_core import to_json
from starlette.responses import Response
from starlette.types import Scope

from shared.http.headers import Language, language, read_headers
from shared.http.messages import ECHOED, Texts, plain
from shared.http.refusals import FieldError, Invalid, MethodNotAllowed
from shared.kernel.refusals import NotSignedIn, NotYet, Refused

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 1


class Wrong(BaseModel):
    """One of several things that are wrong: a field, or a further default rule."""

    code: str
    message: str
    pointer: str = Field(
        default="", description="JSON Pointer (RFC 6901) into the body; `/query/…` is the query."
    )
    rule: str = Field(default="", description="The rule's row, for `override`.")
    overridable: bool = False
    facts: dict[str, Any] = Field(default_factory=dict)


class Problem(BaseModel):
    """Why a request was turned away (RFC 9457)."""

    type: str = Field(description="`/problems/<code>`, where the code is explained.")
    title: str
    status: int
    detail: str
    instance: str = Field(description="The path that was asked for.")
    code: str = Field(description="Stable, in snake case; what programs go by.")
    rule: str = Field(default="", description="The rule's row, when a rule refused.")
    overridable: bool = Field(
        default=False, description="Whether `override` with the rule and a reason may help."
    )
    facts: dict[str, Any] = Field(default_factory=dict)
    errors: list[Wrong] = Field(default_factory=list)
    correlation_id: str = ""


class Problems:
    """Turns refusals into answers, in the caller's language."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts

    def answer(self, refusal: Refused, scope: Scope) -> Response:
        """Write the problem document."""
        spoken = language(read_headers(scope))
        title, detail = self.texts.say(refusal.code, spoken, refusal.facts)
        problem = {
            "type": f"/problems/{refusal.code}",
            "title": title,
            "status": refusal.status,
            "detail": detail,
            "instance": quote(scope["path"][:ECHOED], errors="replace"),
            "code": refusal.code,
            "rule": refusal.rule,
            "overridable": refusal.overridable,
            "facts": plain(refusal.facts),
            "errors": [each.model_dump() for each in self._errors(refusal, spoken)],
            "correlation_id": scope.get("correlation_id", ""),
        }
        return Response(
            to_json(problem, inf_nan_mode="null"),
            status_code=refusal.status,
            headers={**_headers(refusal), "Content-Language": spoken},
            media_type=MEDIA_TYPE,
        )

    def _errors(self, refusal: Refused, spoken: Language) -> list[Wrong]:
        if isinstance(refusal, Invalid):
            return [
                Wrong(
                    code=error.code,
                    message=self.texts.say_field(error, spoken),
                    pointer=error.pointer[:ECHOED],
                )
                for error in refusal.errors
            ]
        return [
            Wrong(
                code=other.code,
                message=": ".join(filter(None, self._said(other, spoken))),
                rule=other.rule,
                overridable=other.overridable,
                facts=plain(other.facts),
            )
            for other in refusal.others
        ]

    def _said(self, other: Refused, spoken: Language) -> tuple[str, ...]:
        """In which line of a table, where it is about one; and what is wrong."""
        said = self.texts.say(other.code, spoken, other.facts)
        if "line" not in other.facts:
            return said
        return (self.texts.say_field(FieldError("", "at_line", other.facts), spoken), *said)


def _headers(refusal: Refused) -> Mapping[str, str]:
    match refusal:
        case NotSignedIn(code="not_signed_in"):
            return {"WWW-Authenticate": 'Bearer realm="netvaerk"'}
        case NotSignedIn():
            return {"WWW-Authenticate": 'Bearer realm="netvaerk", error="invalid_token"'}
        case NotYet():
            return {"Retry-After": str(RETRY_AFTER_S)}
        case MethodNotAllowed():
            return {"Allow": ", ".join(refusal.facts["allowed"])}
        case _:
            return {}
