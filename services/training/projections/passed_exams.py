"""Who has the diploma from a cohort, as training knows it when the cohort is completed."""

from collections.abc import Iterable
from uuid import UUID

from services.training.domain.known import PassedExams
from shared.contracts.training import DiplomaAwarded
from shared.kernel.events import Recorded
from shared.kernel.views import View


def _cohort(fact: Recorded[DiplomaAwarded]) -> Iterable[str]:
    return (str(fact.event.cohort_id),)


def _passed(row: PassedExams | None, fact: Recorded[DiplomaAwarded], key: str) -> PassedExams:
    before = row.person_ids if row else ()
    together = {*before, fact.event.person_id}
    return PassedExams(cohort_id=UUID(key), person_ids=tuple(sorted(together)))


PASSED_EXAMS = View.of(PassedExams, DiplomaAwarded, keys=_cohort, fold=_passed)
