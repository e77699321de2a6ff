"""Who of the chief forum is said to have chosen, and what they are held to (R53, R200, R201)."""

from collections.abc import Collection, Iterable, Sequence

from services.themes.domain.forum_slot.known import ForumObserver
from shared.contracts.vocabulary import PersonId
from shared.kernel.commands import Context
from shared.kernel.facts import Ask
from shared.kernel.refusals import Refused
from shared.people import check_deciders, check_known_decider, deciders, is_known_member


def choosers(named: Collection[PersonId]) -> Sequence[Ask]:
    """Ask who of those that are named sits in the forum, and who was invited only to listen."""
    return (*deciders(named), *(ForumObserver.at(each) for each in named))


def check_choosers(ctx: Context, named: Collection[PersonId]) -> None:
    """Hold that the chief forum chose, and nobody who only listens (R53, R200, R201).

    The command must have asked for the `choosers`.
    """
    _hold_no_observer(ctx, named)
    check_deciders(ctx, named)
    check_known_decider(ctx, named)


def _hold_no_observer(ctx: Context, named: Iterable[PersonId]) -> None:
    """Refuse an invited observer; whoever sits in the chief forum by now chooses all the same."""
    for each in named:
        if ctx.facts.find(ForumObserver, each) and not is_known_member(ctx, each):
            raise Refused("observer_cannot_decide", "R201", person_id=str(each))
