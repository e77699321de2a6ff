"""Who has passed the whole exam, as training knows it when a cohort is completed."""

from collections.abc import Iterable
from uuid import UUID

from services.training.domain.known import PassedExams
from shared.contracts.training import ExamPartRecorded
from shared.kernel.events import Recorded
from shared.kernel.views import View


def _cohort(fact: Recorded[ExamPartRecorded]) -> Iterable[str]:
    return (str(fact.event.cohort_id),) if fact.event.all_passed else ()


def _passed(row: PassedExams | None, fact: Recorded[ExamPartRecorded], key: str) -> PassedExams:
    before = row.person_ids if row else ()
    together = {*before, fact.event.person_id}
    return PassedExams(cohort_id=UUID(key), person_ids=tuple(sorted(together)))


PASSED_EXAMS = View.of(PassedExams, ExamPartRecorded, keys=_cohort, fold=_passed)
