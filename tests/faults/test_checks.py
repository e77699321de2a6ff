"""Each check bites: what must not be is counted, by its name, and what is harmless is not."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.faults.checks.acknowledged import check_ledger
from tests.faults.checks.effects import check_doubled, check_mails, check_slots
from tests.faults.checks.evidence import Evidence, Json, Told
from tests.faults.checks.findings import Findings
from tests.faults.checks.reminders import check_reminders
from tests.faults.checks.run import Planted, Run
from tests.faults.checks.store import check_store
from tests.faults.checks.theme_effects import theme_effects
from tests.faults.checks.topics import check_topics
from tests.faults.checks.training_effects import check_cohorts, check_diplomas

KEY, PERSON, PATH = "0000-key-of-one", "someone", "/themes"
COMMAND_ID = sha256(f"person:{PERSON}\nPOST\n{PATH}\n{KEY}".encode()).hexdigest()
AT = datetime(2015, 3, 2, tzinfo=UTC)
TITLE = f"Ensomme ældre {KEY}"


@pytest.fixture
def run(tmp_path: Path) -> Run:
    (tmp_path / "mails").mkdir()
    (tmp_path / "ledger").write_text("")
    return Run(tmp_path / "ledger", "", "", "", tmp_path / "mails", deaths=False)


def event(name: str, event_id: str = "", **data: Any) -> Json:
    return {"id": event_id or f"id-of-{name}", "type": name, "v": 1, "data": {"on": "-", **data}}


def commit(stream: str, first: int, *events: Json, **more: Any) -> Json:
    last = first + len(events) - 1
    place = {"_id": f"{stream}@{first:09}", "stream": stream, "first": first, "last": last}
    return {**place, "events": list(events), "at": AT, "envelope": {}, **more}


PROPOSED = commit(
    "theme-1",
    1,
    event("ThemeProposed", title=TITLE),
    command_id=COMMAND_ID,
    envelope={"command": "ProposeTheme"},
)


def evidence(run: Run, *commits: Json, told: Iterable[Told] = ()) -> Evidence:
    """What is there, each commit with the service that its stream is of."""
    services = {"theme": "themes", "delivery": "notifications", "reminder": "notifications"}
    services |= dict.fromkeys(("cohort", "exam", "leader", "rotation"), "training")
    made = Evidence(run, {}, commits={name: {} for name in (*services.values(), "networks")})
    for each in commits:
        kind = each["stream"].partition("-")[0]
        service = services.get(kind, "networks")
        made.commits[service].setdefault(each["stream"], []).append(each)
    for record in told:
        made.told.setdefault(record.stream, []).append(record)
    return made


def answer(status: int = 201, **changed: Any) -> Json:
    """A line of the ledger: the answer to PROPOSED, or another."""
    facts = [{"type": each["type"], "data": each["data"]} for each in PROPOSED["events"]]
    body = {"id": "1", "version": 1, "position": "theme-1@1", "events": facts, "warnings": []}
    told = {"status": status, "answer": {**body, **changed}, "replayed": False}
    return {**sent(), **told}


def sent() -> Json:
    where = {"service": "themes", "method": "POST", "path": PATH}
    return {"key": KEY, "principal": PERSON, "body": {"title": TITLE}, **where}


def judged(run: Run, lines: Iterable[Json], *commits: Json) -> Findings:
    run.ledger.write_text("".join(json.dumps(each) + "\n" for each in lines) + '{"torn')
    findings = Findings()
    check_ledger(evidence(run, *commits), findings)
    return findings


REPEAT = {**answer(), "replayed": True}


@pytest.mark.parametrize(
    ("lines", "commits", "wrong"),
    [
        ([sent(), answer(), REPEAT], [PROPOSED], {}),
        ([sent(), answer()], [], {"acknowledged and lost": 1}),
        ([sent(), answer(position="theme-1@2")], [PROPOSED], {"acknowledged and lost": 1}),
        ([sent(), answer(events=[{"type": "X", "data": {}}])], [PROPOSED], {"acknowledged otherwise": 1}),
        ([sent(), answer(), answer()], [PROPOSED], {"answered otherwise": 1}),
        ([sent(), answer(), {**REPEAT, "answer": {"code": "taken"}}], [PROPOSED], {"answered otherwise": 1}),
        ([sent(), answer(), answer(409, code="x")], [PROPOSED], {"answered otherwise": 1}),
        ([sent(), answer(), answer(503), answer(429)], [PROPOSED], {}),
        ([sent(), answer(500), answer()], [PROPOSED], {"answered 500": 1}),
        ([sent()], [PROPOSED], {}),
        ([sent(), answer(409, code="taken")], [PROPOSED], {"answered otherwise": 1}),
        ([sent(), answer(409, code="taken")], [], {}),
        ([sent(), answer(409, code="conflict")], [PROPOSED], {}),
        ([sent(), answer(200, events=[])], [], {}),
        (
            [sent(), answer()],
            [PROPOSED, {**PROPOSED, "_id": "x", "stream": "theme-2", "command_id": "other"}],
            {"stored twice": 1},
        ),
    ],
)  # fmt: skip
def test_answers_are_held_against_commits(
    run: Run, lines: list[Json], commits: list[Json], wrong: dict[str, int]
) -> None:
    assert judged(run, lines, *commits).counts == wrong


@pytest.mark.parametrize(
    ("commits", "wrong"),
    [
        ([commit("theme-1", 1, event("A"), event("B")), commit("theme-1", 3, event("C"))], {}),
        ([commit("theme-1", 2, event("A"))], {"store: hole": 1}),
        (
            [commit("theme-1", 1, event("A"), event("B")), commit("theme-1", 2, event("C"))],
            {"store: overlap": 1},
        ),
        ([{**commit("theme-1", 1, event("A")), "last": 2}], {"store: torn": 1}),
        ([commit("theme-1", 1, event("A")), commit("theme-2", 1, event("A"))], {"store: id twice": 1}),
        (
            [
                commit("theme-1", 1, event("A"), command_id="once"),
                commit("theme-2", 1, event("B"), command_id="once"),
            ],
            {"store: id twice": 1},
        ),
    ],
)  # fmt: skip
def test_a_store_is_held_to_its_own_rules(
    run: Run, commits: list[Json], wrong: dict[str, int]
) -> None:
    findings = Findings()
    check_store(evidence(run, *commits), findings)
    assert findings.counts == wrong


def told(version: int, event_id: str = "", *, offset: int, digest: bytes = b"") -> Told:
    """A record of stream theme-1."""
    value: Json = {
        "id": event_id or f"id-{version}",
        "source": "/netvaerk/themes",
        "type": "dk.netvaerk.themes.ThemeProposed.v1",
        "subject": "theme-1",
        "time": "2015-03-02T00:00:00Z",
        "businessdate": "-",
        "actor": "system",
        "data": {"on": "-", "n": version},
    }
    place = ("netvaerk.themes", 0, offset, "theme-1", version)
    return Told(*place, value["id"], value, digest)


STORED = [commit("theme-1", n, event("ThemeProposed", f"id-{n}", n=n)) for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("versions", "wrong"),
    [
        ((1, 2, 3), {}),
        ((1, 2, 1, 2, 3), {}),
        ((1, 3, 2), {"topic: order": 2}),
        ((1, 3), {"topic: order": 1, "topic: missing": 1}),
        ((1, 2), {"topic: missing": 1}),
        ((1, 2, 3, 4), {"topic: stranger": 1}),
    ],
)
def test_a_topic_is_held_against_the_store(
    run: Run, versions: tuple[int, ...], wrong: dict[str, int]
) -> None:
    records = [told(version, offset=at) for at, version in enumerate(versions)]
    findings = Findings()
    check_topics(evidence(run, *STORED, told=records), findings)
    assert findings.counts == wrong


def test_a_fork_and_other_bytes_on_a_topic_are_found_unless_they_were_planted(run: Run) -> None:
    records = [told(n, offset=n) for n in (1, 2, 3)]
    records += [told(3, "another", offset=4), told(2, offset=5, digest=b"other")]
    findings = Findings()
    check_topics(evidence(run, *STORED, told=records), findings)
    assert findings.counts == {"topic: fork": 1, "topic: content": 1}

    planted = Run(run.ledger, "", "", "", run.mails, planted=(Planted("theme-1", "fork"),))
    findings = Findings()
    check_topics(evidence(planted, *STORED, told=records), findings)
    assert findings.ok


def test_a_commit_that_waits_for_ever_is_found(run: Run) -> None:
    findings = Findings()
    check_topics(evidence(run, {**STORED[0], "unpublished": True}), findings)
    assert findings.counts == {"topic: untold": 1}


def test_one_cause_with_the_same_effect_twice_is_found(run: Run) -> None:
    causes = [{"causation_id": each} for each in ("one", "one", "two")]
    commits = [
        commit("theme-1", n, event("ThemeTakenUp", f"id-{n}", network_id="a"), envelope=cause)
        for n, cause in enumerate(causes, start=1)
    ]
    findings = Findings()
    check_doubled(evidence(run, *commits), findings)
    assert findings.counts == {"effect: doubled": 1}


def test_slots_are_held_by_exactly_the_innovation_networks_that_run(run: Run) -> None:
    commits = [
        commit(f"network-{name}", 1, event("NetworkImported", name, network_type="innovation"))
        for name in ("held", "ended", "without")
    ]
    commits += [
        commit("network-ended", 2, event("NetworkClosed")),
        commit("innovation-slots", 1, event("InnovationSlotTaken", "s1", network_id="held")),
        commit("innovation-slots", 2, event("InnovationSlotTaken", "s2", network_id="ended")),
    ]
    findings = Findings()
    check_slots(evidence(run, *commits), findings)
    assert findings.counts == {"slot: leaked": 1, "slot: missing": 1}


def delivery(key: str, *more: Json, source: str = "fact") -> Json:
    whom = {"source_event": source, "recipient_id": "someone", "channel": "email"}
    return commit(f"delivery-{key}", 1, event("NotificationQueued", f"q-{key}", **whom), *more)


def test_mails_are_held_against_deliveries(run: Run) -> None:
    commits = [
        delivery("once", event("NotificationSent", "s-once"), source="one"),
        delivery("lost", event("NotificationSent", "s-lost"), source="two"),
        delivery("again", source="three"),
        delivery("and-again", source="three"),
    ]
    for number, name in enumerate(("once", "stranger", "again", "again")):
        content = f"Message-ID: <{name}@kommune.example>\r\nSubject: x\r\n\r\nHej\r\n"
        (run.mails / f"{number}.eml").write_text(content)
    findings = Findings()
    check_mails(evidence(run, *commits), findings)
    assert findings.counts == {
        "delivery: doubled": 1,
        "mail: lost": 1,
        "mail: stranger": 1,
        "mail: repeated": 1,
    }


def cohort(*events: Json) -> Json:
    """A cohort with two places, and what happened in it."""
    numbered = [{**each, "id": f"{number}-{each['id']}"} for number, each in enumerate(events)]
    return commit("cohort-1", 1, event("CohortPlanned", size_max=2), *numbered)


def place(person: str, *, promoted: bool = False) -> Json:
    return event("EnrolmentConfirmed", person_id=person, promoted=promoted)


def waits(person: str, number: int = 1) -> Json:
    return event("EnrolmentWaitlisted", person_id=person, place=number)


def leaves(person: str, was: str = "enrolled") -> Json:
    return event("EnrolmentWithdrawn", person_id=person, was=was)


def costs(name: str, person: str, *ore: int) -> Json:
    shares: Json = dict(zip(("base_ore", "secretariat_ore", "total_ore"), ore, strict=True))
    return event(f"TrainingCost{name}", person_id=person, **shares)


def completes(*participants: str, diplomas: int, lapsed: int) -> Json:
    told: Json = {"participants": list(participants), "diplomas": diplomas, "lapsed": lapsed}
    return event("CohortCompleted", **told)


@pytest.mark.parametrize(
    ("happened", "wrong"),
    [
        ([place("a"), place("b"), waits("c"), waits("d", 2), leaves("a"), place("c", promoted=True)], {}),
        ([place("a"), place("b"), place("c")], {"place: too many": 1}),
        ([place("a"), place("a")], {"place: doubled": 1}),
        ([place("a"), leaves("b")], {"place: doubled": 1}),
        ([place("a"), waits("b")], {"place: out of turn": 1}),
        ([place("a"), place("b"), waits("c", 2)], {"place: out of turn": 1}),
        ([place("a"), place("b"), waits("c"), leaves("a"), place("a")], {"place: out of turn": 1}),
        (
            [place("a"), place("b"), waits("c"), waits("d", 2), leaves("a"), place("d", promoted=True)],
            {"place: out of turn": 1},
        ),
        ([place("a"), event("EnrolmentLapsed", person_id="a"), completes("a", diplomas=0, lapsed=1)], {}),
        ([place("a"), completes("a", diplomas=0, lapsed=1)], {"cohort: miscounted": 1}),
        ([place("a"), completes("a", "b", diplomas=2, lapsed=0)], {"cohort: miscounted": 1}),
        ([costs("Allocated", "a", 66, 34, 100), costs("Corrected", "a", 0, 1, 1)], {}),
        ([costs("Allocated", "a", 66, 34, 100), costs("Allocated", "a", 66, 34, 100)], {"cost: doubled": 1}),
        ([costs("Allocated", "a", 66, 33, 100)], {"cost: shares": 1}),
        ([costs("Allocated", "a", 67, 33, 100)], {"cost: shares": 1}),
    ],
)  # fmt: skip
def test_cohorts_are_held_to_their_places_and_costs(
    run: Run, happened: list[Json], wrong: dict[str, int]
) -> None:
    findings = Findings()
    check_cohorts(evidence(run, cohort(*happened)), findings)
    assert findings.counts == wrong


def exam(person: str, *parts: str, result: str = "passed") -> Json:
    told = {"cohort_id": "1", "person_id": person, "result": result, "held_on": "-"}
    events = [event("ExamPartRecorded", f"{part}-{person}", part=part, **told) for part in parts]
    return commit(f"exam-1-{person}", 1, *events)


def diplomas(person: str, count: int) -> Json:
    awarded = [event("DiplomaAwarded", f"{n}-{person}", cohort_id="1") for n in range(count)]
    return commit(f"leader-{person}", 1, *awarded)


def test_diplomas_follow_once_from_both_parts_of_an_exam(run: Run) -> None:
    commits = [
        *(exam(each, "written", "oral") for each in ("good", "twice", "without")),
        exam("half", "written"),
        exam("failing", "written", "oral", result="failed"),
        *(diplomas(each, 1) for each in ("good", "half")),
        diplomas("twice", 2),
    ]
    findings = Findings()
    check_diplomas(evidence(run, *commits), findings)
    assert findings.counts == {
        "diploma: doubled": 1,
        "diploma: undeserved": 1,
        "effect: missing": 1,
    }


@pytest.mark.parametrize(
    ("told", "scheduled", "wrong"),
    [
        ("RotationStarted", True, {}),
        ("RotationStarted", False, {"reminder: otherwise": 1}),
        ("RotationEnded", False, {}),
        ("RotationEnded", True, {"reminder: otherwise": 1}),
    ],
)
def test_reminders_are_held_against_what_is_still_to_come(
    run: Run, told: str, *, scheduled: bool, wrong: dict[str, int]
) -> None:
    stay = {"ends_on": "2031-01-05"} if told == "RotationStarted" else {}
    type_ = f"dk.netvaerk.training.{told}.v1"
    place = ("netvaerk.training", 0, 0, "rotation-1", 1)
    rotation = Told(*place, "id", {"type": type_, "data": stay}, b"")
    awaited_on = {"awaited_on": "2031-01-04T23:00:00Z"}
    reminder = event("ReminderScheduled", **awaited_on) if scheduled else event("ReminderDue")
    commits = [commit("reminder-T26-rotation-1-end", 1, reminder), diplomas("somebody", 1)]
    findings = Findings()
    check_reminders(evidence(run, *commits, told=[rotation]), findings)
    assert findings.counts == wrong


def heard_of(stream: str, *names_and_data: tuple[str, Json]) -> list[Told]:
    """A stream of themes as its topic tells it."""
    return [
        Told(
            "netvaerk.themes", 0, 0, stream, version, f"{name}-{version}",
            {
                "type": f"dk.netvaerk.themes.{name}.v1",
                "time": "2030-06-01T12:00:00Z",
                "data": {"on": "2030-06-01", **data},
            },
            b"",
        )
        for version, (name, data) in enumerate(names_and_data, start=1)
    ]  # fmt: skip


SLOT = ("ForumSlotScheduled", {"starts_at": "2031-02-05T08:00:00Z", "minutes": 20})
CALL_ON = ("IdeaCallOpened", {"closes_on": "2031-03-01"})
CHOSEN = ("ThemeSelected", {"title": "Ensomme ældre"})


@pytest.mark.parametrize(
    ("stream", "told", "reminder", "day"),
    [
        ("theme-1", [CHOSEN], "T2-theme-1-network", "2030-12-01"),
        ("theme-1", [CHOSEN, ("ThemeWithdrawn", {})], "T2-theme-1-network", None),
        ("slot-2031-02", [SLOT], "T6-slot-2031-02-slot", "2031-02-05"),
        ("slot-2031-02", [SLOT, ("ForumSlotCancelled", {})], "T6-slot-2031-02-slot", None),
        ("idea_call-1", [CALL_ON], "T32-idea_call-1-closing", "2031-03-01"),
        ("idea_call-1", [CALL_ON, ("IdeaCallClosed", {})], "T32-idea_call-1-closing", None),
    ],
)
@pytest.mark.parametrize("scheduled", [False, True])
def test_what_themes_await_is_held_against_what_is_still_to_come(
    run: Run,
    stream: str,
    told: list[tuple[str, Json]],
    reminder: str,
    day: str | None,
    *,
    scheduled: bool,
) -> None:
    on = event("ReminderScheduled", awaited_on=f"{day or '2031-04-01'}T12:00:00Z")
    commits = [commit(f"reminder-{reminder}", 1, on if scheduled else event("ReminderCancelled"))]
    if stream.startswith("slot"):  # the month after one that is spoken for is awaited too
        next_one = event("ReminderScheduled", "next", awaited_on="2031-03-01T12:00:00Z")
        commits.append(commit("reminder-T5-slot-2031-03-slot", 1, next_one))
    findings = Findings()
    check_reminders(evidence(run, *commits, told=heard_of(stream, *told)), findings)
    assert findings.counts == ({} if scheduled == (day is not None) else {"reminder: otherwise": 1})


def test_what_a_month_leaves_has_to_be_on_the_agenda_of_the_next_until_it_is_treated(
    run: Run,
) -> None:
    item = {"item_id": "1", "kind": "other", "title": "Punkt", "minutes": 5, "subject": None}
    added: tuple[str, Json] = ("ForumAgendaItemAdded", {"item": item, "late": False})
    left = heard_of("slot-2031-02", added, ("ForumSlotCancelled", {"items": [item]}))
    there = heard_of("slot-2031-03", added)
    held: Json = {"treated": ["1"], "untreated": []}
    treated = heard_of("slot-2031-02", added, ("ForumSlotHeld", held))
    for told, missing in ((left, 1), ([*left, *there], 0), (treated, 0)):
        expected = theme_effects(evidence(run, told=told))
        assert sum(not is_there for is_there, _, _ in expected) == missing
