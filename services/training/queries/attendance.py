"""Handing in who was there on a training day, as a table, with a report for each row.

The right rows become one command to the cohort, so that all of them are recorded or none. The same
table again changes nothing, and with its Idempotency-Key it gets the first answer.
"""

from collections import Counter
from collections.abc import Sequence
from hashlib import sha256
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from services.training.domain.attendance_table import AttendanceRow, presence, read_attendance
from services.training.domain.cohort.attendance import ChangeTrainingAttendance
from services.training.domain.cohort.days import DayNumber
from services.training.projections.cohort_overview import CohortOverview
from services.training.queries.keeping import takes
from services.training.queries.tables import (
    BODY_PROBLEMS,
    TABLE,
    TEXTS,
    Partial,
    WrongCell,
    media_type,
    read_table,
    rows_wrong,
    told,
)
from shared.contracts.vocabulary import PersonId
from shared.dispatch.answers import Answer
from shared.http.headers import (
    Language,
    command_id,
    idempotency_key,
    if_match,
    language,
    read_headers,
    traceparent,
)
from shared.http.openapi import ToldWarning, problems
from shared.http.reading import Reading
from shared.http.refusals import Unsupported
from shared.http.routes import Dispatches, still_waiting
from shared.kernel.refusals import Malformed

router = APIRouter(tags=["cohorts"])


class AttendanceReport(BaseModel):
    """What became of a row."""

    line: int = Field(description="Where the row begins in the file, whose first row is 1.")
    person_id: PersonId | None = None
    present: bool | None = None
    what: Literal["changed", "unchanged", "wrong"]
    errors: tuple[WrongCell, ...] = ()


class AttendanceImport(BaseModel):
    """What became of the table: how many rows of each kind, and every row."""

    changed: int = 0
    unchanged: int = 0
    wrong: int = 0
    position: str = Field(description="For `after`.")
    warnings: tuple[ToldWarning, ...] = ()
    rows: tuple[AttendanceReport, ...]


@router.post(
    "/cohorts/{cohort_id}/days/{day}/attendance/imports",
    openapi_extra=takes(csv=TABLE),
    responses=BODY_PROBLEMS | problems(409),
)
async def import_attendance(
    cohort_id: UUID,
    day: DayNumber,
    request: Request,
    reader: Reading,
    *,
    partial: Partial = False,
) -> AttendanceImport:
    """Import who was there on a training day (text/csv): `person_id` and `present` (ja or nej).

    Participants who are not named stay as they are. With a wrong row nothing is imported and 422
    tells what is wrong, unless `partial`: then the right rows are, and the report tells which are
    not. `Idempotency-Key` and `If-Match` are taken as with every command.
    """
    reader.allow(ChangeTrainingAttendance.may)
    headers = read_headers(request.scope)
    if media_type(headers) != "text/csv":
        raise Unsupported("attendance_not_a_table")
    body = await read_table(request)
    cohort = (await reader.one(CohortOverview, cohort_id)).item
    rows = read_attendance(body, cohort.enrolled_ids)
    if not partial:
        _hold_right(rows)
    dispatcher: Dispatches = request.app.state.dispatcher
    repeatable = idempotency_key(headers)
    answer = await dispatcher.send(
        ChangeTrainingAttendance(day=day, presence=presence(rows)),
        str(cohort_id),
        actor=reader.actor,
        command_id=command_id(reader.actor, request.scope, repeatable) if repeatable else "",
        fingerprint=sha256(body).hexdigest() if repeatable else "",
        correlation_id=request.scope.get("correlation_id", ""),
        if_match=if_match(headers),
        traceparent=traceparent(headers),
        wanted=lambda: still_waiting(request.receive),
    )
    return _report(rows, answer, language(headers))


def _hold_right(rows: Sequence[AttendanceRow]) -> None:
    wrong = [row for row in rows if row.errors]
    if wrong:
        errors = (
            Malformed(error.code, line=row.line, person_id=row.person_id, **error.facts)
            for row in wrong
            for error in row.errors
        )
        raise rows_wrong(errors, wrong=len(wrong), rows=len(rows))


def _report(rows: Sequence[AttendanceRow], answer: Answer, spoken: Language) -> AttendanceImport:
    changed = {UUID(event.fields["person_id"]) for event in answer.events}
    reports = tuple(
        AttendanceReport(
            line=row.line,
            person_id=row.person_id,
            present=row.present,
            what="wrong" if row.errors else "changed" if row.person_id in changed else "unchanged",
            errors=tuple(told(error, spoken) for error in row.errors),
        )
        for row in rows
    )
    warnings = tuple(
        ToldWarning(code=each.code, rule=each.rule, title=said[0], detail=said[1])
        for each in answer.warnings
        for said in [TEXTS.say(each.code, spoken, each.facts)]
    )
    counts: Counter[str] = Counter(report.what for report in reports)
    return AttendanceImport(
        **counts,
        position=answer.position,
        warnings=warnings,
        rows=reports,
    )
