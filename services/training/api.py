"""The commands of training, and where they stand in HTTP.

RecordNetworkRun has no route: it follows from a network that closed. Nor has AwardDiploma: it
follows from an exam that was passed. Nor has PublishPolicySet: the
operator's command line sends it from the policy file.
"""

from services.training.domain.cohort.attendance import (
    ChangeTrainingAttendance,
    RecordOneAttendance,
    RecordTrainingAttendance,
)
from services.training.domain.cohort.costs import AllocateTrainingCost, CorrectTrainingCost
from services.training.domain.cohort.days import ScheduleTrainingDay
from services.training.domain.cohort.ending import CancelCohort, CompleteCohort
from services.training.domain.cohort.enrolment import RequestEnrolment, WithdrawEnrolment
from services.training.domain.cohort.planning import (
    ConfirmCohort,
    OpenCohort,
    PlanCohort,
    StartCohort,
)
from services.training.domain.exam import RecordExamPart
from services.training.domain.leader_file import AssessCompetences, DeclineAssignment
from services.training.domain.leader_path.corps import ChangeInnovatorCorps
from services.training.domain.leader_path.pool import SetPoolMembership
from services.training.domain.leader_path.qualification import RecordPriorQualification
from services.training.domain.leader_path.willingness import (
    RegisterLeaderInterest,
    SetLeaderAvailability,
)
from services.training.domain.rotation.competence import PointOutRotationCompetence
from services.training.domain.rotation.evaluation import EvaluateRotation
from services.training.domain.rotation.nomination import NominateRotation, ProposeRotation
from services.training.domain.rotation.stay import EndRotation, StartRotation
from shared.kernel.services import post, put

COMMANDS = (
    post("/leaders/{person_id}/interests", RegisterLeaderInterest),
    post("/leaders/{person_id}/prior-qualifications", RecordPriorQualification),
    put("/leaders/{person_id}/availability", SetLeaderAvailability),
    post("/leaders/{person_id}/assessments", AssessCompetences),
    post("/leaders/{person_id}/declines", DeclineAssignment),
    put("/leader-pool/{person_id}", SetPoolMembership),
    put("/innovators/{person_id}", ChangeInnovatorCorps),
    post("/rotation-competences", PointOutRotationCompetence),
    post("/rotations", ProposeRotation),
    post("/rotations/{id}/nomination", NominateRotation),
    post("/rotations/{id}/start", StartRotation),
    post("/rotations/{id}/end", EndRotation),
    post("/rotations/{id}/evaluation", EvaluateRotation),
    post("/cohorts", PlanCohort),
    post("/cohorts/{cohort_id}/open", OpenCohort),
    post("/cohorts/{cohort_id}/enrolments", RequestEnrolment),
    post("/cohorts/{cohort_id}/enrolments/{person_id}/withdraw", WithdrawEnrolment),
    post("/cohorts/{cohort_id}/confirm", ConfirmCohort),
    put("/cohorts/{cohort_id}/days/{day}", ScheduleTrainingDay),
    put("/cohorts/{cohort_id}/days/{day}/attendance", RecordTrainingAttendance),
    post("/cohorts/{cohort_id}/days/{day}/attendance", ChangeTrainingAttendance),
    put("/cohorts/{cohort_id}/days/{day}/attendance/{person_id}", RecordOneAttendance),
    post("/cohorts/{cohort_id}/start", StartCohort),
    post("/cohorts/{cohort_id}/costs", AllocateTrainingCost),
    post("/cohorts/{cohort_id}/costs/{person_id}/correction", CorrectTrainingCost),
    post("/cohorts/{cohort_id}/complete", CompleteCohort),
    post("/cohorts/{cohort_id}/cancel", CancelCohort),
    put("/exams/{cohort_id}/{person_id}/{part}", RecordExamPart, key="{cohort_id}-{person_id}"),
)
