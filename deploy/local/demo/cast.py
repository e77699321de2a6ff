"""The people of the demo, all invented, and the directory that the secretariat imports."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid5

from services.training.domain.directory import units
from services.training.domain.directory.people import COLUMNS
from shared.contracts.vocabulary import Forum, OrgUnitId, PersonId

_INVENTED = UUID("de300000-0000-4000-8000-000000000000")


def unit(name: str) -> OrgUnitId:
    """The id of a department, which the municipality's own registry would give."""
    return uuid5(_INVENTED, f"unit/{name}")


UNITS = ("Rådhuset", "Børn og Skole", "Sundhed og Omsorg", "Teknik og Miljø", "Kultur og Fritid")
TOWN_HALL, CHILDREN, HEALTH, ENVIRONMENT, CULTURE = map(unit, UNITS)
_ORGANISATION = {
    "Velfærd": ("Børn og Skole", "Sundhed og Omsorg", "Kultur og Fritid"),
    "By og Rådhus": ("Rådhuset", "Teknik og Miljø"),
}
"""Each directorate -> its departments."""


@dataclass(frozen=True)
class Person:
    """Somebody who works for the municipality, and in which roles they meet the services."""

    name: str
    unit: OrgUnitId
    line_manager: "Person | None" = None
    roles: tuple[str, ...] = ()
    level: int | None = None
    forums: tuple[Forum, ...] = ()
    language: str = "da"

    @property
    def id(self) -> PersonId:
        """The same in every run."""
        return uuid5(_INVENTED, f"person/{self.name}")

    @property
    def email(self) -> str:
        """An address that no mail server in the world delivers to."""
        spelled = self.name.lower().translate({ord("ø"): "oe", ord("å"): "aa", ord(" "): "."})
        return f"{spelled}@kommune.example"


MUNICIPAL_DIRECTOR = Person(
    "Direktør Et", TOWN_HALL, None, ("municipal_director",), 1, (Forum.DIRECTORS,)
)
DIRECTOR = Person("Direktør To", TOWN_HALL, MUNICIPAL_DIRECTOR, (), 2, (Forum.DIRECTORS,))


def _chief(name: str, department: OrgUnitId, language: str = "da") -> Person:
    return Person(name, department, DIRECTOR, ("chefforum",), 3, (Forum.CHIEFS,), language)


CHIEF_OF_CHILDREN = _chief("Chef Et", CHILDREN)
CHIEF_OF_HEALTH = _chief("Chef To", HEALTH)
CHIEF_OF_ENVIRONMENT = _chief("Chef Tre", ENVIRONMENT)
CHIEF_OF_CULTURE = _chief("Chef Fire", CULTURE, "en")
CHIEF_FORUM = (CHIEF_OF_CHILDREN, CHIEF_OF_HEALTH, CHIEF_OF_ENVIRONMENT, CHIEF_OF_CULTURE)

SECRETARIAT = Person("Sekretariat Et", TOWN_HALL, MUNICIPAL_DIRECTOR, ("secretariat",))
SECOND_SECRETARY = Person("Sekretariat To", TOWN_HALL, MUNICIPAL_DIRECTOR, ("secretariat",))


def _manager(name: str, department: OrgUnitId, chief: Person) -> Person:
    return Person(name, department, chief, (), 4, (Forum.LEADERS,))


MANAGER_IN_HEALTH = _manager("Personaleleder Et", HEALTH, CHIEF_OF_HEALTH)
MANAGER_IN_SCHOOLS = _manager("Personaleleder To", CHILDREN, CHIEF_OF_CHILDREN)
MANAGER_IN_PARKS = _manager("Personaleleder Tre", ENVIRONMENT, CHIEF_OF_ENVIRONMENT)

LEADER_OF_CAMPUS = Person("Leder Et", CHILDREN, MANAGER_IN_SCHOOLS)
LEADER_IN_HEALTH = Person("Leder To", HEALTH, MANAGER_IN_HEALTH)
LEADER_IN_SCHOOLS = Person("Leder Tre", CHILDREN, MANAGER_IN_SCHOOLS)
LEADER_IN_CULTURE = Person("Leder Fire", CULTURE, CHIEF_OF_CULTURE, language="en")
EXPERIENCED = (LEADER_OF_CAMPUS, LEADER_IN_HEALTH, LEADER_IN_SCHOOLS, LEADER_IN_CULTURE)

PROJECT_LEADER = Person("Leder Fem", ENVIRONMENT, MANAGER_IN_PARKS)
PROCESS_LEADER = Person("Leder Seks", TOWN_HALL, MUNICIPAL_DIRECTOR)

CO_DRIVER = Person("Co-driver Et", HEALTH, MANAGER_IN_HEALTH)
SECOND_CO_DRIVER = Person("Co-driver To", CHILDREN, MANAGER_IN_SCHOOLS, language="en")

NURSE = Person("Medarbejder Et", HEALTH, MANAGER_IN_HEALTH)
TEACHER = Person("Medarbejder To", CHILDREN, MANAGER_IN_SCHOOLS)
GARDENER = Person("Medarbejder Tre", ENVIRONMENT, MANAGER_IN_PARKS, language="en")
LIBRARIAN = Person("Medarbejder Fire", CULTURE, CHIEF_OF_CULTURE)

_NUMBERS = (
    *("Et", "To", "Tre", "Fire", "Fem", "Seks", "Syv"),
    *("Otte", "Ni", "Ti", "Elleve", "Tolv", "Tretten", "Fjorten"),
)
_BASES = (
    (HEALTH, MANAGER_IN_HEALTH),
    (CHILDREN, MANAGER_IN_SCHOOLS),
    (ENVIRONMENT, MANAGER_IN_PARKS),
)
PARTICIPANTS = tuple(
    Person(f"Deltager {number}", *_BASES[each % len(_BASES)])
    for each, number in enumerate(_NUMBERS)
)
"""Who co-drove networks before the structure began, and now takes the diploma."""

CAST = (
    MUNICIPAL_DIRECTOR,
    DIRECTOR,
    *CHIEF_FORUM,
    SECRETARIAT,
    SECOND_SECRETARY,
    MANAGER_IN_HEALTH,
    MANAGER_IN_SCHOOLS,
    MANAGER_IN_PARKS,
    *EXPERIENCED,
    PROJECT_LEADER,
    PROCESS_LEADER,
    CO_DRIVER,
    SECOND_CO_DRIVER,
    NURSE,
    TEACHER,
    GARDENER,
    LIBRARIAN,
    *PARTICIPANTS,
)
NAMES = {str(person.id): person.name for person in CAST}


def name_of(person_id: str | None) -> str:
    """The name behind an id, a dash for nobody; read models carry no names."""
    return NAMES.get(person_id, person_id) if person_id else "-"


def unit_name(unit_id: str) -> str:
    """The name behind a unit's id."""
    return next((name for name in UNITS if str(unit(name)) == unit_id), unit_id)


def units_table() -> str:
    """Write the organisation as the registry would: two directorates, and what belongs to them."""
    rows: list[tuple[object, ...]] = [units.COLUMNS]
    for directorate, departments in _ORGANISATION.items():
        rows.append(("directorate", unit(directorate), directorate, ""))
        rows += (("department", unit(name), name, unit(directorate)) for name in departments)
    return "\n".join(";".join(map(str, row)) for row in rows)


def directory_table(people: Iterable[Person] = CAST) -> str:
    """Write the people as the CSV that a registry would export."""
    text = io.StringIO()
    table = csv.writer(text, delimiter=";")
    table.writerow(COLUMNS)
    for person in people:
        table.writerow(
            (
                person.id,
                person.name,
                person.email,
                person.language,
                person.unit,
                person.line_manager.id if person.line_manager else "",
                person.level or "",
                "|".join(person.forums),
            )
        )
    return text.getvalue()
