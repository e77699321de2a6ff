"""What follows in training from what the networks tell, and from its own exams and enrolments."""

from collections.abc import Iterable
from uuid import UUID

from services.training.domain.leader_path.corps import ChangeInnovatorCorps
from services.training.domain.leader_path.qualification import AwardDiploma, RecordNetworkRun
from shared.contracts.networks import NetworkClosed
from shared.contracts.training import EnrolmentConfirmed, EnrolmentWithdrawn, ExamPartRecorded
from shared.contracts.vocabulary import DrivingRole, EnrolmentPlace, PersonId, Programme
from shared.kernel.events import Recorded
from shared.kernel.facts import Facts
from shared.kernel.reactions import Send, on


def record_runs(closed: Recorded[NetworkClosed], facts: Facts) -> Iterable[Send]:
    """Give leader and co-driver their experience, if they were there to the end (R136, R137)."""
    crew = closed.event.crew
    for role, service in (
        (DrivingRole.LEADER, crew.leader),
        (DrivingRole.CO_DRIVER, crew.co_driver),
    ):
        if service is not None:
            yield Send(
                key=str(service.person_id),
                command=RecordNetworkRun(
                    on=closed.event.on,
                    person_id=service.person_id,
                    network_id=UUID(closed.key),
                    network_type=closed.event.network_type,
                    role=role,
                    since=service.since,
                    until=service.until,
                    late=service.late,
                ),
            )


def award_diploma(part: Recorded[ExamPartRecorded], facts: Facts) -> Iterable[Send]:
    """Award the diploma with the part that was the last to be passed (R181)."""
    if part.event.all_passed:
        awarded_on = part.event.passed_on or part.event.held_on
        yield Send(
            key=str(part.event.person_id),
            command=AwardDiploma(
                on=awarded_on,
                person_id=part.event.person_id,
                cohort_id=part.event.cohort_id,
                awarded_on=awarded_on,
            ),
        )


def join_corps(enrolled: Recorded[EnrolmentConfirmed], facts: Facts) -> Iterable[Send]:
    """Count a person among the innovators from the enrolment on (R252)."""
    if enrolled.event.programme is Programme.INNOVATOR:
        yield _corps(enrolled, enrolled.event.person_id, member=True)


def leave_corps(withdrawn: Recorded[EnrolmentWithdrawn], facts: Facts) -> Iterable[Send]:
    """Take back what a place in a cohort gave; nothing, where it was another programme's."""
    if withdrawn.event.was is EnrolmentPlace.ENROLLED:
        yield _corps(withdrawn, withdrawn.event.person_id, member=False)


def _corps(
    enrolment: Recorded[EnrolmentConfirmed] | Recorded[EnrolmentWithdrawn],
    person_id: PersonId,
    *,
    member: bool,
) -> Send:
    return Send(
        key=str(person_id),
        command=ChangeInnovatorCorps(
            on=enrolment.event.on,
            person_id=person_id,
            member=member,
            cohort_id=UUID(enrolment.key),
        ),
    )


REACTIONS = (
    on(NetworkClosed, record_runs, history="begin"),
    on(ExamPartRecorded, award_diploma, history="begin"),
    on(EnrolmentConfirmed, join_corps, history="begin"),
    on(EnrolmentWithdrawn, leave_corps, history="begin"),
)
