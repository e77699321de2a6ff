"""The commands of networks and where they are sent."""

from services.networks.domain.network.breaks import EndNetworkBreak, StartNetworkBreak
from services.networks.domain.network.closing import (
    AnnounceNetworkClosing,
    CancelNetwork,
    CloseNetwork,
)
from services.networks.domain.network.course import CompletePhase, StartPhase
from services.networks.domain.network.crew import (
    AssignCoDriver,
    AssignNetworkLeader,
    ReleaseCoDriver,
)
from services.networks.domain.network.crew_reference import (
    AnswerReferenceLeadership,
    AssignReferenceLeader,
    ReleaseReferenceLeader,
)
from services.networks.domain.network.funding import SecureTestFunding
from services.networks.domain.network.mandate import AgreeMandateContract, DraftMandateContract
from services.networks.domain.network.phase_plan import RevisePhasePlan
from services.networks.domain.network.planning import ImportNetwork, LinkNetworkTheme
from services.networks.domain.network.start import StartNetwork
from services.networks.domain.results import RecordEvaluation
from services.networks.domain.solution import AdvanceSolution, RecordOutput
from shared.kernel.services import delete, post, put

COMMANDS = (
    post("/networks/import", ImportNetwork),
    put("/networks/{id}/theme", LinkNetworkTheme),
    put("/networks/{id}/reference-leadership", AnswerReferenceLeadership),
    put("/networks/{id}/reference-leader", AssignReferenceLeader),
    delete("/networks/{id}/reference-leader", ReleaseReferenceLeader),
    put("/networks/{id}/leader", AssignNetworkLeader),
    put("/networks/{id}/co-driver", AssignCoDriver),
    post("/networks/{id}/co-driver/release", ReleaseCoDriver),
    put("/networks/{id}/mandate-contract", DraftMandateContract),
    post("/networks/{id}/mandate-contract/agreements", AgreeMandateContract),
    put("/networks/{id}/phase-plan", RevisePhasePlan),
    post("/networks/{id}/start", StartNetwork),
    post("/networks/{id}/phases/{phase}/start", StartPhase),
    post("/networks/{id}/phases/{phase}/complete", CompletePhase),
    post("/networks/{id}/breaks", StartNetworkBreak),
    post("/networks/{id}/breaks/end", EndNetworkBreak),
    put("/networks/{id}/test-funding", SecureTestFunding),
    post("/networks/{network_id}/outputs", RecordOutput, key=""),
    post("/outputs/{id}/steps", AdvanceSolution),
    post("/networks/{id}/evaluations", RecordEvaluation),
    post("/networks/{id}/closing", AnnounceNetworkClosing),
    post("/networks/{network_id}/close", CloseNetwork),
    post("/networks/{id}/cancel", CancelNetwork),
)
