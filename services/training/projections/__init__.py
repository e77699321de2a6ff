"""What training shows, and what it looks up when it decides."""

from services.training.projections.assessments import ASSESSMENTS
from services.training.projections.attendance_and_exam import ATTENDANCE_AND_EXAM
from services.training.projections.co_drivers import CO_DRIVER_PIPELINE
from services.training.projections.cohort_overview import COHORT_OVERVIEW
from services.training.projections.cohort_starts import COHORT_STARTS, LATEST_COHORT
from services.training.projections.competence_development import COMPETENCE_DEVELOPMENT
from services.training.projections.declined_assignments import DECLINED_ASSIGNMENTS, DECLINES
from services.training.projections.enrolments import ENROLMENTS
from services.training.projections.erasure_receipts import ERASURE_RECEIPTS
from services.training.projections.innovator_corps import INNOVATOR_CORPS
from services.training.projections.leader_pool import LEADER_POOL
from services.training.projections.network_roles import NETWORK_ROLES
from services.training.projections.org_chart import ORG_CHART
from services.training.projections.org_units import ORG_UNITS
from services.training.projections.passed_exams import PASSED_EXAMS
from services.training.projections.rotations import (
    ROTATION_COMPETENCES,
    ROTATION_EVALUATIONS,
    ROTATION_OVERVIEW,
)
from services.training.projections.training_costs import COST_BY_DEPARTMENT
from services.training.projections.training_path import TRAINING_PATH
from shared.people import PEOPLE

VIEWS = (
    LEADER_POOL,
    DECLINED_ASSIGNMENTS,
    DECLINES,
    CO_DRIVER_PIPELINE,
    TRAINING_PATH,
    ASSESSMENTS,
    COMPETENCE_DEVELOPMENT,
    INNOVATOR_CORPS,
    NETWORK_ROLES,
    PASSED_EXAMS,
    ROTATION_OVERVIEW,
    ROTATION_EVALUATIONS,
    ROTATION_COMPETENCES,
    COHORT_STARTS,
    LATEST_COHORT,
    COHORT_OVERVIEW,
    ENROLMENTS,
    ATTENDANCE_AND_EXAM,
    COST_BY_DEPARTMENT,
    PEOPLE,
    ORG_UNITS,
    ORG_CHART,
    ERASURE_RECEIPTS,
)
