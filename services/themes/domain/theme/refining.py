"""Sharpening what the template says, by those who carry the theme at the time (R54)."""

from collections.abc import Sequence
from typing import Any, Self, assert_never

from pydantic import model_validator
from pydantic_core import PydanticCustomError

from services.themes.domain.known import NetworkCrew
from services.themes.domain.theme.state import (
    Concluded,
    Declined,
    InNetwork,
    Proposed,
    Qualified,
    Refinable,
    Selected,
    Theme,
    Withdrawn,
    begun,
)
from services.themes.domain.theme.template import TEMPLATE, DescribingCommand
from shared.contracts.themes import ThemeEvent, ThemeProposed, ThemeRefined
from shared.contracts.vocabulary import TemplateField, Text
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import oneself, role
from shared.kernel.refusals import Forbidden, Refused


class RefineTheme(DescribingCommand):
    """Change some fields of the template, and say why; those that are not given stay.

    The proposer does it until a network works on the theme; then its leader, its co-driver and its
    reference leader do. A field that may be empty is emptied with null.
    """

    may = role("secretariat") | oneself()  # P4; of the employees, those named above

    change: Text

    @model_validator(mode="after")
    def _changes_something(self) -> Self:
        given = self.model_fields_set.intersection(TEMPLATE)
        if not given:
            raise PydanticCustomError("nothing_refined", "no field of the template is given")
        if any(each in given and getattr(self, each) is None for each in TemplateField):
            raise PydanticCustomError(
                "template_field_emptied",
                "a field that the template will not do without cannot be emptied",
            )
        return self

    def asks(self, state: Theme) -> Sequence[Ask]:
        """Who works on the theme in its network, once it is in one."""
        return (NetworkCrew.at(state.network_id),) if isinstance(state, InNetwork) else ()

    def decide(self, state: Theme, ctx: Context) -> Sequence[ThemeEvent]:
        """Tell what is other now, in every state in which the theme is still open."""
        by_role = self._role_of(state, ctx) if ctx.capacity == "self" else ctx.capacity
        theme = _refinable(state)
        changed = self._changed(theme.proposal)
        if not changed:
            return []
        assert ctx.actor.person_id is not None
        return [
            ThemeRefined(
                on=ctx.on,
                title=changed.get("title", theme.proposal.title),
                refined_by=ctx.actor.person_id,
                by_role=by_role,
                change=self.change,
                changed=changed,
            )
        ]

    def _role_of(self, state: Theme, ctx: Context) -> str:
        """As whom somebody carries the theme; raises Forbidden for whoever does not."""
        if isinstance(state, InNetwork):
            crew = ctx.facts.find(NetworkCrew, state.network_id)
            part = crew.part_of(ctx.actor.person_id) if crew else None
            if part is None:
                raise Forbidden(
                    "not_allowed", who="its leader | its co_driver | its reference_leader"
                )
            return part
        if begun(state).proposal.proposer_id != ctx.actor.person_id:
            raise Forbidden("not_allowed", who="its proposer")
        return "proposer"

    def _changed(self, before: ThemeProposed) -> dict[str, Any]:
        described = self.described()
        given = {name: described[name] for name in TEMPLATE if name in self.model_fields_set}
        was = before.model_dump(mode="json")
        now = before.model_copy(update=given).model_dump(mode="json")
        return {name: now[name] for name in given if now[name] != was[name]}


def _refinable(state: Theme) -> Refinable:
    match begun(state):
        case Proposed() | Qualified() | Selected() | InNetwork() as theme:
            return theme
        case Declined():
            raise Refused("theme_decided", "R67")
        case Withdrawn():
            raise Refused("theme_withdrawn", "R67")
        case Concluded():
            raise Refused("theme_concluded", "R68")
        case other:
            assert_never(other)
