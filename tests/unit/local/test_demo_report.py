"""The demo's tables, and what is counted for them."""

from typing import Any

from deploy.local.demo.cast import CO_DRIVER, NURSE
from deploy.local.demo.mailbox import mails_by_template, mails_table
from deploy.local.demo.mailbox import whole as whole_mail
from deploy.local.demo.overviews import course_table, paths_table, reminders_table, themes_table
from deploy.local.demo.tables import table
from deploy.local.demo.topics import Told, counts_table, last_of
from deploy.local.demo.topics import whole as whole_event
from deploy.local.mail import Mail

NETWORK = "6f8b3f0e-7f3a-4b0e-9d0c-000000000001"


def mail(delivery: str, to: str, language: str = "da") -> Mail:
    headers = (("Subject", "Tak"), ("Content-Language", language))
    # A long Message-ID is folded, and comes back with a space before it.
    return Mail(f" <{delivery}@kommune.example>", "", (to,), "Tak", "Vi har\nmodtaget.\n", headers)


def told(topic: str, name: str, number: int = 1) -> Told:
    event = {"type": f"dk.netvaerk.{topic}.{name}.v1", "id": str(number), "time": f"2013-0{number}"}
    return Told(topic, event)


def reminder(**fields: Any) -> dict[str, Any]:
    usual = {"deadline": "T11", "subject": f"network-{NETWORK}", "item": "test", "state": "due"}
    return {**usual, "times": 1, "last_due_at": "2014-01-06T07:00:00Z", **fields}


def test_columns_stand_in_line() -> None:
    assert table(("name", "n"), [("long one", 1), ("é", 22)]).splitlines() == [
        "  name      n",
        "  --------  --",
        "  long one  1",
        "  é         22",
    ]


def test_an_empty_cell_is_a_dash_and_a_list_is_written_out() -> None:
    text = table(("a", "b", "c", "d"), [(None, "", ["x", "y"], True)])
    assert text.splitlines()[-1].split("  ") == ["", "-", "-", "x, y", "yes"]


def test_a_zero_is_a_number_and_no_dash() -> None:
    assert table(("weeks",), [(0,), (0.0,)]).split() == ["weeks", "-----", "0", "0.0"]


def test_a_table_without_rows_says_so() -> None:
    assert table(("a", "b"), []) == "  (none)"


def test_themes_stand_in_the_order_of_their_rank_and_the_unranked_last() -> None:
    usual: dict[str, Any] = {
        "network_type": "welfare",
        "proposer_id": str(NURSE.id),
        "state": "in_network",
        "outcome": None,
        "reason": None,
        "earlier": [],
    }
    again = {"state": "proposed", "earlier": [{"state": "declined"}]}
    rows = [
        {**usual, "rank": None, "title": "Ingen", "state": "declined", "reason": "Fordi"},
        {**usual, "rank": 3, "title": "Tredje", **again},
        {**usual, "rank": 2, "title": "Anden"},
        {**usual, "rank": 1, "title": "Første", "state": "concluded", "outcome": "adopted"},
    ]
    first, second, third, last = themes_table(rows).splitlines()[2:]
    assert first.split("  ")[1] == "1"
    assert first.endswith("afsluttet  optaget i basis")
    assert "i netværk" in second
    assert third.endswith("foreslået  før: fravalgt")
    assert last.endswith("Medarbejder Et  fravalgt   Fordi")


def test_a_course_stands_in_the_order_it_went() -> None:
    usual: dict[str, Any] = dict.fromkeys(("label", "planned_start", "ended_on", "estimated_weeks"))
    usual |= {"actual_weeks": None, "break_days": 0}
    rows = [
        {**usual, "part": "phase", "name": "later", "started_on": None},
        {**usual, "part": "break", "name": "1", "started_on": "2013-10-23"},
        {**usual, "part": "phase", "name": "first", "started_on": "2013-09-16"},
    ]
    names = [line.split()[1] for line in course_table(rows).splitlines()[2:]]
    assert names == ["first", "1", "later"]


def test_only_reminders_that_fell_due_are_shown_with_their_network() -> None:
    rows = [
        reminder(),
        reminder(item="later", times=0, last_due_at=None),
        reminder(deadline="T14", item="line_manager", times=3, last_due_at="2013-10-02T06:00:00Z"),
    ]
    first, second = reminders_table(rows, {NETWORK: "Trygge ældre"}).splitlines()[2:]
    for cell in ("T14", "Trygge ældre", "personaleleder", "3", "2013-10-02"):
        assert cell in first
    assert "test" in second


def test_who_came_furthest_stands_first() -> None:
    usual: dict[str, Any] = {"co_driver_first_on": None, "co_driving": {}, "runs": 0}
    usual |= {"diploma_on": None, "pool_on": None}
    rows = [
        {**usual, "person_id": str(NURSE.id), "stage": "candidate"},
        {**usual, "person_id": str(CO_DRIVER.id), "stage": "in_pool", "co_driving": {NETWORK: ""}},
    ]
    first, second = paths_table(rows, {NETWORK: "Trygge ældre"}).splitlines()[2:]
    assert "Co-driver Et" in first
    assert "Trygge ældre" in first
    assert "kandidat" in second


def test_mails_are_counted_by_the_text_they_carry() -> None:
    mails = [mail("a", "x@kommune.example"), mail("b", "y@kommune.example", "en"), mail("c", "z")]
    deliveries = [{"delivery": each, "template": "N1.receipt"} for each in ("a", "b")]
    found = mails_by_template(mails, deliveries)
    assert {template: len(sent) for template, sent in found.items()} == {
        "N1.receipt": 2,
        "unknown": 1,
    }
    assert "N1.receipt  2      2       1 da, 1 en" in mails_table(found)


def test_a_mail_is_shown_with_its_headers_and_its_text() -> None:
    lines = whole_mail(mail("a", "x")).splitlines()
    assert lines[0] == "  | Subject: Tak"
    assert lines[-2:] == ["  | Vi har", "  | modtaget."]


def test_events_are_counted_by_topic_and_type() -> None:
    all_told = [
        told("themes", "A"),
        told("themes", "A"),
        told("networks", "B"),
        Told("people", None),
    ]
    lines = [line.split() for line in counts_table(all_told).splitlines()[2:]]
    assert lines == [
        ["networks", "dk.netvaerk.networks.B.v1", "1"],
        ["people", "(tombstone)", "1"],
        ["themes", "dk.netvaerk.themes.A.v1", "2"],
        ["4", "events", "in", "all"],
    ]


def test_the_last_event_of_a_name_is_found_wherever_it_lies() -> None:
    all_told = [told("themes", "A", 2), told("themes", "A", 1), told("themes", "AA", 3)]
    assert [event["id"] for event in last_of("A", all_told)] == ["2"]
    assert last_of("B", all_told) == []


def test_an_event_is_shown_as_it_lies_there() -> None:
    assert whole_event({"title": "Trygge ældre"}).splitlines() == [
        "  | {",
        '  |   "title": "Trygge ældre"',
        "  | }",
    ]
