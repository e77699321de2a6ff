"""What networks tells: stored forever, so names and fields are a promise.

The stream's key is the network's id (for an output, the output's own), and is not repeated in the
fields. Ids in lists are in a steady order.
"""

from shared.contracts.networks.course import (
    CourseEvent,
    ImplementationStarted,
    NetworkBreakEnded,
    NetworkBreakStarted,
    PhaseCompleted,
    PhasePlanRevised,
    PhaseStarted,
    TestFundingSecured,
    TestPhaseStarted,
)
from shared.contracts.networks.crew import (
    CoDriverAssigned,
    CoDriverReleased,
    CrewEvent,
    NetworkLeaderAssigned,
    NetworkLeaderReplaced,
    ReferenceLeaderAssigned,
    ReferenceLeaderOptedIn,
    ReferenceLeaderOptOutRecorded,
    ReferenceLeaderReleased,
    ReferenceLeaderReplaced,
)
from shared.contracts.networks.life import (
    LifeEvent,
    NetworkCancelled,
    NetworkClosed,
    NetworkClosingAnnounced,
    NetworkImported,
    NetworkPlanned,
    NetworkStarted,
    NetworkThemeLinked,
)
from shared.contracts.networks.mandate import (
    MandateContractAgreed,
    MandateContractAmended,
    MandateContractDrafted,
    MandateContractPartyAgreed,
    MandateEvent,
    RolesRedefined,
)
from shared.contracts.networks.parts import (
    ContractSection,
    Crew,
    CrewAtClosing,
    PhaseTaken,
    PlannedPhase,
    Profile,
    Service,
)
from shared.contracts.networks.results import EvaluationRecorded, ResultsEvent
from shared.contracts.networks.slots import (
    InnovationSlotFreed,
    InnovationSlotsEvent,
    InnovationSlotTaken,
)
from shared.contracts.networks.solutions import (
    OutputRecorded,
    ScalingPlanned,
    SolutionAdopted,
    SolutionEvent,
    SolutionHandedOver,
)
from shared.kernel.events import StreamKind

NetworkEvent = LifeEvent | CrewEvent | MandateEvent | CourseEvent

NETWORK = StreamKind.of("network", "networks", NetworkEvent)
INNOVATION_SLOTS = StreamKind.of("innovation-slots", "networks", InnovationSlotsEvent)
OUTPUT = StreamKind.of("output", "networks", SolutionEvent)
RESULTS = StreamKind.of("results", "networks", ResultsEvent)

KINDS = (NETWORK, INNOVATION_SLOTS, OUTPUT, RESULTS)

__all__ = [
    "INNOVATION_SLOTS",
    "KINDS",
    "NETWORK",
    "OUTPUT",
    "RESULTS",
    "CoDriverAssigned",
    "CoDriverReleased",
    "ContractSection",
    "CourseEvent",
    "Crew",
    "CrewAtClosing",
    "CrewEvent",
    "EvaluationRecorded",
    "ImplementationStarted",
    "InnovationSlotFreed",
    "InnovationSlotTaken",
    "InnovationSlotsEvent",
    "LifeEvent",
    "MandateContractAgreed",
    "MandateContractAmended",
    "MandateContractDrafted",
    "MandateContractPartyAgreed",
    "MandateEvent",
    "NetworkBreakEnded",
    "NetworkBreakStarted",
    "NetworkCancelled",
    "NetworkClosed",
    "NetworkClosingAnnounced",
    "NetworkEvent",
    "NetworkImported",
    "NetworkLeaderAssigned",
    "NetworkLeaderReplaced",
    "NetworkPlanned",
    "NetworkStarted",
    "NetworkThemeLinked",
    "OutputRecorded",
    "PhaseCompleted",
    "PhasePlanRevised",
    "PhaseStarted",
    "PhaseTaken",
    "PlannedPhase",
    "Profile",
    "ReferenceLeaderAssigned",
    "ReferenceLeaderOptOutRecorded",
    "ReferenceLeaderOptedIn",
    "ReferenceLeaderReleased",
    "ReferenceLeaderReplaced",
    "ResultsEvent",
    "RolesRedefined",
    "ScalingPlanned",
    "Service",
    "SolutionAdopted",
    "SolutionEvent",
    "SolutionHandedOver",
    "TestFundingSecured",
    "TestPhaseStarted",
]
