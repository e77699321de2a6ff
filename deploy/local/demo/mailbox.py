"""The messages that people got: in the inbox, and as mails in the catcher."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from deploy.local.demo.api import Json
from deploy.local.demo.tables import table
from deploy.local.mail import Mail


def inbox_table(rows: Iterable[Json]) -> str:
    """A person's messages, in the order of their arrival."""
    told = sorted(rows, key=lambda row: row["told_at"])
    return table(
        ("told", "template", "subject"),
        ((row["told_at"][:10], row["template"], row["subject"]) for row in told),
    )


def mails_by_template(
    mails: Iterable[Mail], deliveries: Iterable[Json]
) -> Mapping[str, Sequence[Mail]]:
    """The mails by their text's number, which the delivery behind each knows."""
    templates = {row["delivery"]: row["template"] for row in deliveries}
    found: dict[str, list[Mail]] = {}
    for mail in mails:
        delivery = mail.message_id.strip(" <>").rpartition("@")[0]
        found.setdefault(templates.get(delivery, "unknown"), []).append(mail)
    return dict(sorted(found.items()))


def mails_table(mails: Mapping[str, Sequence[Mail]]) -> str:
    """How many mails of each text, in which languages, to how many people."""
    rows: list[tuple[object, ...]] = []
    for template, sent in mails.items():
        spoken = Counter(dict(mail.headers).get("Content-Language", "?") for mail in sent)
        languages = ", ".join(f"{count} {name}" for name, count in sorted(spoken.items()))
        people = {address for mail in sent for address in mail.to}
        rows.append((template, len(sent), len(people), languages, sent[0].subject))
    everybody = {address for sent in mails.values() for mail in sent for address in mail.to}
    total = f"  {sum(map(len, mails.values()))} mails in all, to {len(everybody)} addresses"
    return table(("template", "mails", "people", "languages", "for example"), rows) + f"\n{total}"


def whole(mail: Mail) -> str:
    """A mail as it arrived."""
    lines = [f"{name}: {value}" for name, value in mail.headers]
    return "\n".join("  | " + line for line in [*lines, "", *mail.body.splitlines()])
