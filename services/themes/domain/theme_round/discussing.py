"""A department discusses its themes, with the secretariat's help if it wishes (R50)."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from services.themes.domain.theme.state import THEME, NotProposed
from services.themes.domain.theme_round.state import (
    Round,
    RoundCommand,
    ThemeRound,
    hold_open,
    opened,
)
from shared.contracts.themes import (
    LocalThemeDiscussionRecorded,
    ThemeDiscussionSupportRequested,
    ThemeRoundEvent,
)
from shared.contracts.vocabulary import OrgUnitId, PersonId
from shared.kernel.commands import Aggregate, Context
from shared.kernel.facts import Ask
from shared.kernel.permissions import oneself, role
from shared.kernel.refusals import Forbidden, Unknown
from shared.people import Person


class RecordLocalThemeDiscussion(RoundCommand):
    """Tell that a department wishes for help with its discussion, or that it has been held.

    What is told again adds to what was told: further themes, and that there was help after all.
    """

    may = oneself("chefforum", field="member_id") | role("secretariat")  # P8

    org_unit_id: OrgUnitId
    member_id: PersonId
    step: Literal["support_requested", "held"]
    assisted: bool = False
    theme_ids: Annotated[frozenset[UUID], Field(max_length=100)] = frozenset()

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.step == "support_requested" and (self.assisted or self.theme_ids):
            raise PydanticCustomError(
                "only_of_held_discussion",
                "themes and help given go with a discussion that was held",
            )
        return self

    def asks(self, state: ThemeRound) -> Sequence[Ask]:
        """The unit of the member, and whether it is one."""
        return (Person.at(self.member_id),)

    def reads(self, key: str) -> Sequence[tuple[Aggregate[Any, Any], str]]:
        """The themes found there, for whether they exist."""
        return tuple((THEME, str(each)) for each in sorted(self.theme_ids))

    def decide(self, state: ThemeRound, ctx: Context) -> Sequence[ThemeRoundEvent]:
        """Hold that a member tells of the own department, in a round that is not over.

        That the secretariat names no member, or one from elsewhere, is only remarked on.
        """
        if ctx.capacity == "self":
            self._hold_own_unit(ctx)
        now = opened(state)
        told = self._wished(now, ctx) if self.step == "support_requested" else self._held(now, ctx)
        if told:
            hold_open(now)
            self._remark(ctx)
        return told

    def _hold_own_unit(self, ctx: Context) -> None:
        member = ctx.facts.find(Person, self.member_id)
        if member is None or member.org_unit_id != self.org_unit_id:
            raise Forbidden("not_allowed", who="the department's own member of the chief forum")

    def _remark(self, ctx: Context) -> None:
        """What the directory knows otherwise; who is not known is not remarked on."""
        member = ctx.facts.find(Person, self.member_id)
        if member is None:
            return
        told = {"member_id": str(self.member_id), "org_unit_id": str(self.org_unit_id)}
        ctx.warn("discussed_by_no_member", "R50", when=not member.in_chief_forum, **told)
        elsewhere = member.org_unit_id not in {None, self.org_unit_id}
        ctx.warn("discussed_for_another_unit", "R50", when=elsewhere, **told)

    def _wished(self, now: Round, ctx: Context) -> Sequence[ThemeRoundEvent]:
        if (self.org_unit_id, self.member_id) in now.support:
            return []
        return [
            ThemeDiscussionSupportRequested(
                on=ctx.on,
                half_year=ctx.key,
                org_unit_id=self.org_unit_id,
                member_id=self.member_id,
            )
        ]

    def _held(self, now: Round, ctx: Context) -> Sequence[ThemeRoundEvent]:
        for each in sorted(self.theme_ids):
            if isinstance(ctx.state(THEME, str(each)), NotProposed):
                raise Unknown("unknown", kind="theme", id=str(each))
        before = now.discussions.get((self.org_unit_id, self.member_id))
        themes = self.theme_ids | frozenset(before.theme_ids if before else ())
        assisted = self.assisted or (before is not None and before.assisted)
        if before and (frozenset(before.theme_ids), before.assisted) == (themes, assisted):
            return []
        return [
            LocalThemeDiscussionRecorded(
                on=ctx.on,
                half_year=ctx.key,
                org_unit_id=self.org_unit_id,
                member_id=self.member_id,
                assisted=assisted,
                theme_ids=tuple(sorted(themes)),
            )
        ]
