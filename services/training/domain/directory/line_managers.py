"""Who manages which unit, and so who is whose line manager, where nobody says it of a person."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from services.training.domain.directory.os2mo_objects import Object, as_uuid, level, reference
from services.training.domain.directory.units import Tree
from shared.contracts.vocabulary import OrgUnitId, PersonId


@dataclass
class LineManagers:
    """The managers of the units of a tree."""

    tree: Tree
    of_unit: dict[OrgUnitId, list[PersonId]] = field(default_factory=dict)
    levels: dict[PersonId, int | None] = field(default_factory=dict)
    """Everybody who manages -> the highest level they do it at; None where none is said."""

    @classmethod
    def of(cls, managers: Iterable[Object], tree: Tree) -> "LineManagers":
        """Read OS2mo's objects; a post that nobody holds at present manages nobody."""
        made = cls(tree)
        for each in managers:
            person_id = as_uuid(reference(each, "person") or reference(each, "employee"))
            unit_id = as_uuid(reference(each, "org_unit"))
            if person_id and unit_id:
                made.of_unit.setdefault(unit_id, []).append(person_id)
                said = level(each["manager_level"]) if each.get("manager_level") else None
                levels = (said, made.levels.get(person_id))
                made.levels[person_id] = min((at for at in levels if at is not None), default=None)
        return made

    def above(self, person_id: PersonId, unit_id: OrgUnitId) -> PersonId | None:
        """The manager of the unit, or of the nearest above it that the person does not manage."""
        for unit in self.tree.upwards(unit_id):
            managers = self.of_unit.get(unit, [])
            if managers and person_id not in managers:
                return managers[0]
        return None
