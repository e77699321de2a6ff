"""The words for those who lead and learn."""

from shared.contracts.vocabulary.term import Term


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


class DeclineReason(Term):
    """Why a leader says no to a network (R125)."""

    TIMING = "timing_vs_base_tasks", "timing i forhold til basisopgaver"
    MOTIVATION = "motivation", "motivation"
    THEME = "theme", "tema"


class AssessmentMoment(Term):
    """When somebody who takes part in a network looks at their competences (R187, R220)."""

    BEFORE = "before", "før netværket"
    AFTER = "after", "efter netværket"


class Programme(Term):
    """What one is trained for (R172, R185)."""

    DIPLOMA = "diploma", "diplomuddannelse i netværksledelse"
    INNOVATOR = "innovator", "innovatøruddannelse"


class CohortState(Term):
    """Where a cohort is in its life (M11)."""

    PLANNED = "planned", "planlagt"
    OPEN = "open", "åbent for tilmelding"
    CONFIRMED = "confirmed", "bekræftet"
    RUNNING = "running", "i gang"
    COMPLETED = "completed", "gennemført"
    CANCELLED = "cancelled", "aflyst"


class EnrolmentPlace(Term):
    """What an enrolment gives at the moment (R170)."""

    ENROLLED = "enrolled", "har plads"
    WAITING = "waiting", "på venteliste"


class EnrolmentState(Term):
    """Where an enrolment is in its life (M12)."""

    WAITING = "waiting", "på venteliste"
    ENROLLED = "enrolled", "tilmeldt"
    ATTENDING = "attending", "under uddannelse"
    DIPLOMA = "diploma", "har diplom"
    NO_DIPLOMA = "no_diploma", "gennemført uden diplom"
    WITHDRAWN = "withdrawn", "afmeldt"


class ExamPart(Term):
    """What the exam consists of (R181)."""

    WRITTEN = "written", "skriftlig opgave"
    ORAL = "oral", "mundtlig eksamination"


class ExamResult(Term):
    """How a part of the exam went (R181)."""

    PASSED = "passed", "bestået"
    FAILED = "failed", "ikke bestået"


class RotationTask(Term):
    """What a rotation develops (R194)."""

    THEME = "theme", "tema"
    PROBLEM = "problem", "problemstilling"
    METHOD = "method", "metode"


class RotationState(Term):
    """Where a rotation is in its life (M14)."""

    PROPOSED = "proposed", "foreslået"
    NOMINATED = "nominated", "udpeget"
    DECLINED = "declined", "afslået"
    RUNNING = "running", "i gang"
    ENDED = "ended", "afsluttet"
