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
