"""The read models as tables, with names for ids and the Danish terms."""

from collections.abc import Iterable, Mapping

from deploy.local.demo.api import Json
from deploy.local.demo.cast import name_of, unit_name
from deploy.local.demo.tables import table
from deploy.local.demo.whole_network import PARTIES
from shared.contracts.vocabulary import (
    CohortState,
    ExamResult,
    MandateParty,
    NetworkState,
    NetworkType,
    NextStep,
    PathStage,
    SolutionStep,
    Term,
    ThemeOutcome,
    ThemeState,
)


def themes_table(rows: Iterable[Json]) -> str:
    """The themes in the chief forum's order, the unranked last."""
    ranked = sorted(rows, key=lambda row: (row["rank"] or 99, row["title"]))
    return table(
        ("rank", "theme", "type", "proposed by", "state", "outcome or reason"),
        (
            (
                row["rank"],
                row["title"],
                _dansk(NetworkType, row["network_type"]),
                name_of(row["proposer_id"]),
                _dansk(ThemeState, row["state"]),
                _dansk(ThemeOutcome, row["outcome"]) if row["outcome"] else _reason(row),
            )
            for row in ranked
        ),
    )


def _reason(row: Json) -> str | None:
    earlier = row["earlier"]
    before = f"før: {_dansk(ThemeState, earlier[-1]['state'])}" if earlier else None
    return row["reason"] or before


def networks_table(rows: Iterable[Json]) -> str:
    """The networks by the day they started."""
    return table(
        ("network", "type", "state", "leader", "co-driver", "reference", "started", "ends", "next"),
        (
            (
                row["title"],
                _dansk(NetworkType, row["network_type"]),
                _dansk(NetworkState, row["state"]),
                name_of(row["leader_id"]),
                name_of(row["co_driver_id"]),
                name_of(row["reference_leader_id"]),
                row["started_on"],
                row["ended_on"] or row["estimated_end"],
                _dansk(NextStep, row["next_step"]),
            )
            for row in sorted(rows, key=lambda row: (row["started_on"] or "9", row["title"]))
        ),
    )


def course_table(rows: Iterable[Json]) -> str:
    """A network's phases and breaks in the order they came."""
    return table(
        ("part", "name", "planned", "from", "to", "weeks planned", "weeks taken", "break days"),
        (
            (
                row["part"],
                row["label"] or row["name"],
                row["planned_start"],
                row["started_on"],
                row["ended_on"],
                row["estimated_weeks"],
                row["actual_weeks"],
                row["break_days"],
            )
            for row in sorted(rows, key=lambda row: row["started_on"] or "9")
        ),
    )


def contract_table(rows: Iterable[Json]) -> str:
    """Who agreed to the contract, and when."""
    return table(
        ("version", "party", "agreed by", "on"),
        (
            (
                row["contract_version"],
                _dansk(MandateParty, row["party"]),
                name_of(row["agreed_by"]),
                row["agreed_on"],
            )
            for row in sorted(rows, key=lambda row: list(PARTIES).index(row["party"]))
        ),
    )


def solutions_table(rows: Iterable[Json]) -> str:
    """How far the solutions have come."""
    return table(
        ("solution", "reached", "handed over", "adopted"),
        (
            (
                row["title"],
                _dansk(SolutionStep, row["reached"]),
                row["handed_over_on"],
                row["adopted_on"],
            )
            for row in rows
        ),
    )


def portfolio_table(rows: Iterable[Json]) -> str:
    """How many networks of each type, by half-year."""
    counts = ("planned", "started", "imported", "running", "closed")
    return table(
        ("half-year", "type", *counts, "remarks"),
        (
            (
                row["half_year"],
                _dansk(NetworkType, row["network_type"]) if row["network_type"] else "all",
                *(row[each] for each in counts),
                row["flags"],
            )
            for row in sorted(rows, key=lambda row: (row["half_year"], row["network_type"] or "~"))
        ),
    )


def cohorts_table(rows: Iterable[Json]) -> str:
    """The cohorts, and when the next one is due."""
    return table(
        ("cohort", "state", "enrolled", "waiting", "first day", "diplomas", "next due"),
        (
            (
                row["title"],
                _dansk(CohortState, row["state"]),
                row["enrolled"],
                row["waiting"],
                row["first_day"],
                row["diplomas"],
                row["next_due_on"],
            )
            for row in rows
        ),
    )


def results_table(rows: Iterable[Json]) -> str:
    """What each participant has behind them; nobody's name is in a read model."""
    return table(
        ("participant", "days", "written", "oral", "attempts", "diploma", "lapsed"),
        (
            (
                name_of(row["person_id"]),
                row["days_present"],
                _dansk(ExamResult, row["written"]),
                _dansk(ExamResult, row["oral"]),
                row["written_attempts"] + row["oral_attempts"],
                row["diploma_on"],
                row["lapsed_on"],
            )
            for row in sorted(rows, key=lambda row: name_of(row["person_id"]))
        ),
    )


def costs_table(rows: Iterable[Json]) -> str:
    """Who pays what: the departments two thirds, the secretariat the rest."""
    return table(
        ("department", "participants", "department pays", "secretariat pays", "in all"),
        (
            (
                unit_name(row["department_id"]),
                row["participants"],
                row["base_ore"],
                row["secretariat_ore"],
                row["total_ore"],
            )
            for row in sorted(rows, key=lambda row: unit_name(row["department_id"]))
        ),
    )


def paths_table(rows: Iterable[Json], titles: Mapping[str, str]) -> str:
    """How far each person is, the furthest first."""
    order = list(reversed(PathStage))
    return table(
        ("person", "is now", "first co-driving", "co-drives", "runs", "diploma", "in the pool"),
        (
            (
                name_of(row["person_id"]),
                _dansk(PathStage, row["stage"]),
                row["co_driver_first_on"],
                [titles.get(network, network) for network in row["co_driving"]],
                row["runs"],
                row["diploma_on"],
                row["pool_on"],
            )
            for row in sorted(rows, key=lambda row: order.index(row["stage"]))
        ),
    )


def reminders_table(rows: Iterable[Json], titles: Mapping[str, str]) -> str:
    """The reminders that spoke up because the clock moved."""
    due = sorted((row for row in rows if row["times"]), key=lambda row: row["last_due_at"])
    return table(
        ("deadline", "about", "waits for", "times", "last", "state"),
        (
            (
                row["deadline"],
                titles.get(row["subject"].partition("-")[2], row["subject"]),
                _dansk(MandateParty, row["item"]) if row["deadline"] == "T14" else row["item"],
                row["times"],
                row["last_due_at"][:10],
                row["state"],
            )
            for row in due
        ),
    )


def _dansk(term: type[Term], value: str | None) -> str:
    return term(value).dansk if value else "-"
