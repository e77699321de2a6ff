"""What the service training consists of."""

from pathlib import Path

from services.training.api import COMMANDS
from services.training.domain.cohort.planning import StartCohort
from services.training.domain.cohort.state import COHORTS
from services.training.domain.erasure import ASKED, ERASURES, RecordTrainingErasure
from services.training.domain.exam import EXAMS
from services.training.domain.leader_file import LEADER_FILES
from services.training.domain.leader_path.state import LEADER_PATH
from services.training.domain.policy_set import POLICY_SETS
from services.training.domain.rotation.competence import ROTATION_COMPETENCE
from services.training.domain.rotation.evaluation import ROTATION_EVALUATION
from services.training.domain.rotation.state import ROTATION
from services.training.projections import VIEWS
from services.training.projections.cohort_starts import CohortStart
from services.training.queries import router
from services.training.reactions import REACTIONS
from shared.kernel.reactions import Deadline, Send
from shared.kernel.services import Service
from shared.runtime.erasing import erasing, telling_again

SERVICE = Service(
    name="training",
    room=Path(__file__).parent,
    aggregates=(
        LEADER_PATH,
        LEADER_FILES,
        POLICY_SETS,
        ROTATION,
        ROTATION_COMPETENCE,
        ROTATION_EVALUATION,
        EXAMS,
        COHORTS,
        ASKED,
        ERASURES,
    ),
    commands=COMMANDS,
    views=VIEWS,
    reactions=REACTIONS,
    deadlines=(
        Deadline(CohortStart, "due_at", lambda row, _: Send(str(row.cohort_id), StartCohort())),
    ),
    queries=router,
    workers={"erasing": erasing(RecordTrainingErasure), "telling_again": telling_again},
)
