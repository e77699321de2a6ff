"""The words for the organisation and its people."""

from shared.contracts.vocabulary.term import Term


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


class OrgUnitKind(Term):
    """What a unit of the base is (R1, R2); `other` is whatever else the registry has."""

    DIRECTORATE = "directorate", "direktørområde"
    DEPARTMENT = "department", "afdeling"
    STAFF = "staff", "stab"
    INSTITUTION = "institution", "institution"
    TEAM = "team", "team"
    OTHER = "other", "anden enhed"
