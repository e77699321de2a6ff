"""What each service tells when it has erased a person: how much there was, and never what (D12).

The stream's key is the person's id. That an erasure was asked for is told first, by training. Each
service tells what it erased in a kind of stream of its own; that of notifications is public,
because who reads the receipts need not read every delivery for them.
"""

from datetime import datetime

from shared.contracts.vocabulary import PersonId
from shared.kernel.events import Event, StreamKind


class ErasureAsked(Event):
    """Somebody asked to erase a person, which the directory does with `revision`.

    `asked_at` is by the machine's clock, as what Kafka clears is; `was_listed` says whether the
    directory knew the person. Told before it is done, so that every erasure is known here.
    """

    person_id: PersonId
    revision: int
    asked_at: datetime
    was_listed: bool


class PersonForgotten(Event):
    """A service has erased a person, whom the directory erased with `revision`.

    The rest is what it found and removed: rows of its views, records that were parked, notes about
    the person, refused reactions that held them, and mails that waited for them.
    """

    person_id: PersonId
    revision: int
    views: int = 0
    parked: int = 0
    notes: int = 0
    refused_reactions: int = 0
    mails: int = 0


class PersonForgottenByThemes(PersonForgotten):
    """Themes has erased a person."""


class PersonForgottenByNetworks(PersonForgotten):
    """Networks has erased a person."""


class PersonForgottenByTraining(PersonForgotten):
    """Training has erased a person, beside the directory."""


class PersonForgottenByNotifications(PersonForgotten):
    """Notifications has erased a person, and sends them nothing more."""


PersonForgottenSomewhere = (
    PersonForgottenByThemes
    | PersonForgottenByNetworks
    | PersonForgottenByTraining
    | PersonForgottenByNotifications
)

ERASURE = StreamKind.of("erasure", "training", ErasureAsked, "internal")
ERASURE_IN_THEMES = StreamKind.of(
    "erasure_in_themes", "themes", PersonForgottenByThemes, "internal"
)
ERASURE_IN_NETWORKS = StreamKind.of(
    "erasure_in_networks", "networks", PersonForgottenByNetworks, "internal"
)
ERASURE_IN_TRAINING = StreamKind.of(
    "erasure_in_training", "training", PersonForgottenByTraining, "internal"
)
ERASURE_IN_NOTIFICATIONS = StreamKind.of(
    "erasure_in_notifications", "notifications", PersonForgottenByNotifications
)

KINDS = (
    ERASURE,
    ERASURE_IN_THEMES,
    ERASURE_IN_NETWORKS,
    ERASURE_IN_TRAINING,
    ERASURE_IN_NOTIFICATIONS,
)
