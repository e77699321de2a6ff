"""OS2mo's objects, of its service API and its GraphQL alike: how each says what we ask of it."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from shared.contracts.vocabulary import Term
from shared.kernel.refusals import Malformed

Object = Mapping[str, Any]

_LEVEL = re.compile(r"(?<!\d)[1-9](?!\d)", re.ASCII)


def as_now(said: Any, today: date) -> Any:
    """What was said, with every object of GraphQL as it is now, and every list of them a list.

    `{"objects": […]}` becomes the list; an object becomes its `current`, or else the one of its
    `validities` that holds today, or the last of them; its `uuid` may stand beside these.
    """
    if isinstance(said, list):
        return [as_now(each, today) for each in said]
    if not isinstance(said, Mapping):
        return said
    if "objects" in said:
        return as_now(said["objects"], today)
    if "current" in said:
        now = said["current"]
    elif isinstance(said.get("validities"), list):
        now = _valid(said["validities"], today)
    else:
        return {name: as_now(each, today) for name, each in said.items()}
    if isinstance(now, Mapping) and "uuid" in said:
        now = {"uuid": said["uuid"], **now}
    return as_now(now, today)


def objects(said: Object, name: str, wrong: Malformed) -> list[Object | None] | None:
    """The objects of a list; None stands for what is no object, and for a list that is not said.

    Null in a list is what no longer is there, and is left out. Raises `wrong` for no list.
    """
    found = said.get(name)
    if found is None:
        return None
    if not isinstance(found, list):
        raise wrong
    return [each if isinstance(each, Mapping) else None for each in found if each is not None]


def relations(thing: Object, name: str) -> list[Object] | None:
    """What an object is related to under a name, None where it does not say.

    Raises Malformed (`relation_malformed`) for anything but objects in a list.
    """
    wrong = Malformed("relation_malformed", column=name)
    found = objects(thing, name, wrong)
    if found is None:
        return None
    if None in found:
        raise wrong
    return [each for each in found if each is not None]


def says(thing: Object, relation: str) -> bool:
    """Whether an object says to what it stands in a relation, even if to nothing."""
    return relation in thing or f"{relation}_uuid" in thing


def reference(thing: Object, relation: str) -> object:
    """The id that a relation names: of an object, of the first of several, or itself."""
    found = thing.get(relation, thing.get(f"{relation}_uuid"))
    if isinstance(found, list):
        found = found[0] if found else None
    return found.get("uuid") if isinstance(found, Mapping) else found


def as_uuid(said: object) -> UUID | None:
    """The id, where it is one."""
    if isinstance(said, UUID):
        return said
    try:
        return UUID(said) if isinstance(said, str) else None
    except ValueError:
        return None


def word(found: object, words: type[Term]) -> Term | None:
    """The word of ours that a class of OS2mo is called by, in English or Danish."""
    said = {each.strip().casefold() for each in _names(found)}
    return next((each for each in words if said & {each.casefold(), each.dansk.casefold()}), None)


def level(found: object) -> int:
    """The number that a class of managers is called by; 0 where there is none."""
    digits = (_LEVEL.search(each) for each in _names(found))
    return next((int(each[0]) for each in digits if each), 0)


def scope(address: Object) -> str | None:
    """What kind of address it is; None where that is not said."""
    kind = address.get("address_type")
    said = kind.get("scope") if isinstance(kind, Mapping) else None
    return said if isinstance(said, str) else None


def is_named(found: object) -> bool:
    """Whether a class or a unit says what it is called."""
    return bool(_names(found))


def _valid(validities: list[Any], today: date) -> Any:
    """The one that holds today, else the last; a day counts from its beginning to its end."""
    day = today.isoformat()
    for each in validities:
        period = each.get("validity") if isinstance(each, Mapping) else None
        if isinstance(period, Mapping):
            begins, ends = (str(period.get(name) or "")[:10] for name in ("from", "to"))
            if begins <= day and (not ends or day <= ends):
                return each
    return validities[-1] if validities else None


def _names(found: object) -> list[str]:
    said = (found.get("user_key"), found.get("name")) if isinstance(found, Mapping) else (found,)
    return [each for each in said if isinstance(each, str)]
