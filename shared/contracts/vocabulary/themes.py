"""The words for themes."""

from shared.contracts.vocabulary.term import Term


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


class ThemeState(Term):
    """Where a theme is in its life (M2)."""

    PROPOSED = "proposed", "foreslået"
    UNDER_QUALIFICATION = "under_qualification", "under kvalificering"
    QUALIFIED = "qualified", "kvalificeret"
    PRIORITISED = "prioritised", "prioriteret"
    SELECTED = "selected", "valgt"
    DECLINED = "declined", "fravalgt"
    WITHDRAWN = "withdrawn", "trukket tilbage"
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


class IdeaChannel(Term):
    """How something is sent in (R35-R39)."""

    INTRANET_FORM = "intranet_form", "formular på intranettet"
    FORUM_DISCUSSION = "forum_discussion", "drøftelse i et forum"
    OPEN_CALL = "open_call", "åben invitation"
    SECRETARIAT_CONTACT = "secretariat_contact", "henvendelse til Sekretariatet"
    THEME_TEMPLATE = "theme_template", "temaskabelonen"
    LINE_MANAGER_OR_COLLEAGUE = "line_manager_or_colleague", "personaleleder eller kollega"


class InquiryKind(Term):
    """What somebody comes with (R41)."""

    THEME_IDEA = "theme_idea", "idé til et netværkstema"
    COMPETENCE_COMMUNITY_TASK = "competence_community_task", "opgave til kompetencefællesskabet"
    INFORMATION = "information", "spørgsmål"


class InquiryOutcome(Term):
    """How somebody's idea, task or question was answered (M1)."""

    ANSWERED = "answered", "besvaret"
    BECAME_THEME = "became_theme", "blevet til et tema"
    CLOSED = "closed", "lukket"


class AgendaKind(Term):
    """What the chief forum's slot treats (R86, R203, R206)."""

    TOUCHPOINT_START = "touchpoint_start", "et læringsnetværk er igangsat"
    TOUCHPOINT_CLOSING = "touchpoint_closing", "et læringsnetværk afsluttes"
    THEME_ROUND = "theme_round", "halvårets temarunde"
    OTHER = "other", "andet"


class Touchpoint(Term):
    """When a learning network meets the chief forum (R86)."""

    START = "start", "igangsættelse"
    CLOSING = "closing", "afslutning"


class ForumSlotState(Term):
    """Where the month's slot is in its life (M3)."""

    AGENDA_ONLY = "agenda_only", "uden tidspunkt"
    SCHEDULED = "scheduled", "fastlagt"
    HELD = "held", "afholdt"
    CANCELLED = "cancelled", "aflyst"


class ForumRight(Term):
    """What somebody may in the chief forum's slot (R201)."""

    MEMBER = "member", "medlem"
    OBSERVER = "observer", "tilhører"
