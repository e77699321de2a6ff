"""The field's terms, in code in English and with the Danish term that labels are made from."""

from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import StringConstraints


class Term(StrEnum):
    """A closed list of words, each with its Danish term."""

    dansk: str

    def __new__(cls, value: str, dansk: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.dansk = dansk
        return member


PersonId = UUID
OrgUnitId = UUID
NoteId = UUID
"""The id of an erasable note in the owning service; the text is not in the event."""

Title = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=4000)]
"""Free text about the matter, never about a person."""
HalfYear = Annotated[str, StringConstraints(pattern=r"^20\d\d-H[12]$")]
PhaseKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class NetworkType(Term):
    """R69."""

    LEARNING = "learning", "læringsnetværk"
    WELFARE = "welfare", "velfærdsnetværk"
    INNOVATION = "innovation", "innovationsnetværk"


class Criterion(Term):
    """The seven marks of a suitable theme, in the order of the source (R57-R64)."""

    WELFARE_OR_QUALITY = "welfare_or_quality", "bedre velfærd eller øget kvalitet"
    CURRENT_AND_WANTED = "current_and_wanted", "aktuel og ønsket i top og bund"
    CROSS_CUTTING = "cross_cutting", "tværgående"
    COMPLEXITY = "complexity", "stor kompleksitet"
    NEW_LEARNING = "new_learning", "genererer ny læring"
    INNOVATION = "innovation", "anledning til innovation"
    NEW_PERSPECTIVES = "new_perspectives", "inddragelse af nye perspektiver"


class Verdict(Term):
    """How far a criterion is met (R57)."""

    MET = "met", "opfyldt"
    PARTLY = "partly", "delvist opfyldt"
    NOT = "not", "ikke opfyldt"


class DemandOrigin(Term):
    """Where a theme is asked for (R45)."""

    BOTTOM_UP = "bottom_up", "nedefra"
    OUTSIDE_IN = "outside_in", "udefra"
    TOP_DOWN = "top_down", "oppefra"


class ActorGroup(Term):
    """Who takes part, seen from the municipality (R9)."""

    EMPLOYEE = "employee", "medarbejdere"
    CITIZEN = "citizen", "borgere"
    COMPANY = "company", "virksomheder"
    ASSOCIATION = "association", "foreninger"
    KNOWLEDGE_INSTITUTION = "knowledge_institution", "vidensinstitutioner"
    EDUCATIONAL_INSTITUTION = "educational_institution", "uddannelsesinstitutioner"
    INTEREST_ORGANISATION = "interest_organisation", "interesseorganisationer"
    POLITICIAN = "politician", "politikere"
    OTHER_MUNICIPALITY = "other_municipality", "andre kommuner"


OWN_ACTOR_GROUPS = frozenset({ActorGroup.EMPLOYEE, ActorGroup.POLITICIAN})
"""Actor groups that belong to the municipality itself; all others are external (R63, R84)."""


class Forum(Term):
    """The standing forums (R6)."""

    DIRECTORS = "directors", "Direktørforum"
    CHIEFS = "chiefs", "Chefforum"
    LEADERS = "leaders", "Lederforum"
    MUNICIPAL_MED = "municipal_MED", "KommuneMED"
    TOWN_HALL_MED = "town_hall_MED", "Adhoc Rådhus MED"


class Competence(Term):
    """The ten competences of a network leader, in the order of the source (R114-R123)."""

    BRINGS_OTHERS_IN = "brings_others_in", "kan tænke andre ind"
    ENGAGES_AND_MOTIVATES = "engages_and_motivates", "engagerer og motiverer"
    CREATES_SAFE_SPACE = "creates_safe_space", "skaber et trygt rum"
    CURIOUS_DIALOGUE = "curious_dialogue", "nysgerrighed og undren"
    COURAGE_TO_EXPERIMENT = "courage_to_experiment", "mod til at eksperimentere"
    STRATEGIC_AWARENESS = "strategic_awareness", "øje for den strategiske dagsorden"
    PURSUES_EFFECT = "pursues_effect", "jagter løsninger og effekter"
    COMMUNICATES = "communicates", "kommunikerer og videreformidler"
    EXPLORATIVE = "explorative", "udforskende tilgang"
    SELF_DEVELOPING = "self_developing", "kvalificerer egne kompetencer"


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


class LeaderWish(Term):
    """What a person would like in the network structure (R43)."""

    LEAD = "lead", "vil være netværksleder"
    CO_DRIVE = "co_drive", "vil være co-driver"
    EITHER = "either", "vil være netværksleder eller co-driver"


class PriorExperience(Term):
    """What a person brings from before the system (R110)."""

    DIPLOMA = "diploma", "netværksledelse på diplomniveau"
    LEADER = "leader", "har drevet netværk som netværksleder"
    CO_DRIVER = "co_driver", "har drevet netværk som co-driver"


class DrivingRole(Term):
    """In what role a network was driven (R111)."""

    LEADER = "leader", "netværksleder"
    CO_DRIVER = "co_driver", "co-driver"


class PoolBasis(Term):
    """On what ground a leader is in the pool (R110)."""

    EXPERIENCED = "experienced_gen1_2", "erfaren netværksleder fra generation 1 og 2"
    TRAINED_CO_DRIVER = "trained_co_driver", "uddannet co-driver"


class PathStage(Term):
    """How far a person has come on the way to network leader (M13)."""

    CANDIDATE = "candidate", "kandidat"
    CO_DRIVING = "co_driving", "co-driver nu"
    DRIVEN_ONLY = "driven_only", "har drevet netværk, mangler diplom"
    DIPLOMA_ONLY = "diploma_only", "har diplom, mangler at have drevet netværk"
    QUALIFIED = "qualified", "netværksleder"
    IN_POOL = "in_pool", "i puljen af netværksledere"


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


class Channel(Term):
    """How somebody is told."""

    INBOX = "inbox", "indbakke"
    EMAIL = "email", "e-mail"


class SolutionStep(Term):
    """How far a unit of the base has come with a solution, in order (R158, R165)."""

    HANDED_OVER = "handed_over", "overdraget til basis"
    ADOPTED = "adopted", "optaget i basis"
    SCALING_PLANNED = "scaling_planned", "skalering planlagt"


class OptInChoice(Term):
    """What somebody answers to being a network's reference leader (R150)."""

    OPT_IN = "opt_in", "tilvalgt"
    OPT_OUT = "opt_out", "fravalgt"


class ThemeState(Term):
    """Where a theme is in its life (M2)."""

    PROPOSED = "proposed", "foreslået"
    UNDER_QUALIFICATION = "under_qualification", "under kvalificering"
    QUALIFIED = "qualified", "kvalificeret"
    PRIORITISED = "prioritised", "prioriteret"
    SELECTED = "selected", "valgt"
    DECLINED = "declined", "fravalgt"
    IN_NETWORK = "in_network", "i netværk"
    CONCLUDED = "concluded", "afsluttet"


class ThemeDecision(Term):
    """The chief forum's choice (R67)."""

    SELECTED = "selected", "valgt"
    DECLINED = "declined", "fravalgt"


class ThemeOutcome(Term):
    """How a theme's network ended, seen from the theme (R31, R68)."""

    ADOPTED = "adopted", "optaget i basis"
    PARTLY = "partly", "delvist optaget i basis"
    NOT_ADOPTED = "not_adopted", "ikke optaget i basis"
    CANCELLED = "cancelled", "netværket blev opgivet"


class TemplateField(Term):
    """What the theme template asks for and will not do without (R40, R44, R49)."""

    TITLE = "title", "titel"
    IDENTIFIED_NEED = "identified_need", "identificeret behov"
    BURNING_PLATFORM = "burning_platform", "brændende platform"
    NETWORK_POTENTIAL = "network_potential", "potentiale for at blive løst i netværk"


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
