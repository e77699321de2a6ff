"""The words for networks."""

from shared.contracts.vocabulary.term import Term


class NetworkType(Term):
    """R69."""

    LEARNING = "learning", "læringsnetværk"
    WELFARE = "welfare", "velfærdsnetværk"
    INNOVATION = "innovation", "innovationsnetværk"


class MandateParty(Term):
    """The parties of the mandate contract (R146)."""

    NETWORK_LEADER = "network_leader", "netværksleder"
    REFERENCE_LEADER = "reference_leader", "referenceleder"
    LINE_MANAGER = "line_manager", "personaleleder"
    SECRETARIAT = "secretariat", "Sekretariat for Netværksstrukturen"


class Intensity(Term):
    """How much a phase draws on its people (R96)."""

    LOW = "low", "lav"
    MEDIUM = "medium", "middel"
    HIGH = "high", "høj"


class NetworkResult(Term):
    """What became of a network's solutions in the base (R31)."""

    ADOPTED = "adopted", "optaget i basis"
    PARTLY = "partly", "delvist optaget i basis"
    NOT_ADOPTED = "not_adopted", "ikke optaget i basis"


class FundingSource(Term):
    """Where the money for a test comes from (R154)."""

    INTERNAL = "internal", "interne midler"
    EXTERNAL = "external", "eksterne midler"


class ContractCause(Term):
    """Why a mandate contract gets a new version (R146, R161)."""

    AMENDMENT = "amendment", "ændring af mandatkontrakten"
    ROLES_REDEFINED = "roles_redefined", "redefinerede roller"


class OutputKind(Term):
    """What a network hands over (R167, R218)."""

    NEW_SERVICE_PROPOSAL = "new_service_proposal", "forslag til ny velfærdsydelse"
    IMPROVED_WORKFLOW = "improved_workflow", "forbedret arbejdsgang"
    IMPROVED_SUPPORT_SYSTEM = "improved_support_system", "forbedret understøttende system"
    NEW_SERVICE = "new_service", "ny ydelse"
    HOLISTIC_CASE_HANDLING = "holistic_case_handling", "helhedsorienteret sagsbehandling"
    OTHER = "other", "andet"


class EvaluationMoment(Term):
    """When a network looks at how it goes and went (R105, R213)."""

    INTERIM = "interim", "undervejs"
    CLOSING = "closing", "ved afslutning"
    FOLLOW_UP = "follow_up", "opfølgning"


class OutcomeSoFar(Term):
    """How much of a difference can be seen yet (R213, R216)."""

    NOT_YET = "not_yet", "endnu ikke"
    SOME = "some", "nogen"
    CLEAR = "clear", "tydelig"


class SolutionStep(Term):
    """How far a unit of the base has come with a solution, in order (R158, R165)."""

    HANDED_OVER = "handed_over", "overdraget til basis"
    ADOPTED = "adopted", "optaget i basis"
    SCALING_PLANNED = "scaling_planned", "skalering planlagt"


class OptInChoice(Term):
    """What somebody answers to being a network's reference leader (R150)."""

    OPT_IN = "opt_in", "tilvalgt"
    OPT_OUT = "opt_out", "fravalgt"


class NetworkState(Term):
    """Where a network is in its life (M4)."""

    PLANNED = "planned", "planlagt"
    RUNNING = "running", "i gang"
    ON_BREAK = "on_break", "break"
    TESTING = "testing", "testfase"
    IMPLEMENTING = "implementing", "implementering"
    CLOSED = "closed", "afsluttet"
    CANCELLED = "cancelled", "opgivet"


class NextStep(Term):
    """What a network waits for."""

    ASSIGN_LEADER = "assign_leader", "vælg netværksleder"
    ASSIGN_REFERENCE_LEADER = "assign_reference_leader", "tilknyt referenceleder"
    START = "start", "igangsæt netværket"
    DRAFT_CONTRACT = "draft_contract", "udarbejd mandatkontrakt"
    AGREE_CONTRACT = "agree_contract", "indgå mandatkontrakten"
    START_PHASE = "start_phase", "begynd næste fase"
    COMPLETE_PHASE = "complete_phase", "afslut fasen"
    END_BREAK = "end_break", "genoptag netværket"
    START_TEST = "start_test", "begynd testfasen"
    START_IMPLEMENTATION = "start_implementation", "begynd implementeringen"
    CLOSE = "close", "afslut netværket"
    NOTHING = "nothing", "intet"


class CoursePart(Term):
    """What a network's course is made of (R90, R95)."""

    PHASE = "phase", "fase"
    BREAK = "break", "break"
