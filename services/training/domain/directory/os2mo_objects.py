"""OS2mo's objects, of its service API and its GraphQL alike: how each says what we ask of it."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from shared.contracts.vocabulary import Term

Object = Mapping[str, Any]

_LEVEL = re.compile(r"(?<!\d)[1-9](?!\d)", re.ASCII)


def objects(found: object) -> list[Object | None]:
    """The objects of a list or of GraphQL's `{"objects": [{"current": …}]}`, as they are now.

    What no longer is there is left out; None stands for what is no object at all.
    """
    if isinstance(found, Mapping):
        found = found.get("objects")
    listed = found if isinstance(found, list) else []
    now = (each.get("current", each) if isinstance(each, Mapping) else each for each in listed)
    return [each if isinstance(each, Mapping) else None for each in now if each is not None]


def relations(thing: Object, name: str) -> list[Object]:
    """What an object is related to under a name."""
    return [each for each in objects(thing.get(name)) if each is not None]


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


def is_mail(address: Object) -> bool:
    """Whether an address is one for e-mail."""
    kind = address.get("address_type")
    return isinstance(kind, Mapping) and kind.get("scope") == "EMAIL"


def _names(found: object) -> list[str]:
    said = (found.get("user_key"), found.get("name")) if isinstance(found, Mapping) else (found,)
    return [each for each in said if isinstance(each, str)]
