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
