"""A note is read by those the service names and by the person it is about."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from shared.http.app import create_app
from shared.http.notes import notes_router
from shared.kernel.commands import Note
from shared.kernel.permissions import role
from shared.kernel.services import Service
from shared.testing.kit import person
from tests.unit.http.gardens import Memory, Shelf, Still

ABOUT_ANNA, ABOUT_NOBODY, ERASED = (f"/notes/{UUID(int=number)}" for number in (1, 2, 3))
MAY = role("secretariat") | role("chefforum")


class Kept:
    """Two notes."""

    async def one(self, note_id: UUID) -> Note | None:
        about = {1: person("anna"), 2: None}
        number = note_id.int
        return Note(note_id, f"text {number}", about[number]) if number in about else None


@pytest.fixture
def client(trial: Service, verifier: Any) -> httpx.AsyncClient:
    async def health() -> dict[str, Any]:
        return {}

    app = create_app(
        trial,
        dispatcher=Memory(),
        rows=Shelf(),
        keys=verifier,
        clock=Still(),
        health=health,
        routers=(notes_router(MAY, Kept()),),
    )
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


async def test_who_the_service_names_reads_every_note(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    for named in ("secretariat", "chefforum"):
        answer = await client.get(ABOUT_ANNA, headers=bearer("bo", named))
        assert answer.json() == {
            "id": str(UUID(int=1)),
            "text": "text 1",
            "about": str(person("anna")),
        }
        assert (await client.get(ABOUT_NOBODY, headers=bearer("bo", named))).status_code == 200


async def test_one_reads_what_is_noted_about_oneself_and_about_nobody_else(
    client: httpx.AsyncClient, bearer: Any
) -> None:
    assert (await client.get(ABOUT_ANNA, headers=bearer("anna"))).json()["text"] == "text 1"
    for path, who in ((ABOUT_ANNA, "bo"), (ABOUT_NOBODY, "anna"), (ERASED, "anna")):
        answer = await client.get(path, headers=bearer(who, "reporter", "line_manager"))
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_a_note_that_was_erased_is_unknown(client: httpx.AsyncClient, bearer: Any) -> None:
    answer = await client.get(ERASED, headers=bearer("bo", "secretariat"))
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown")
    assert (await client.get("/notes/42", headers=bearer("bo", "secretariat"))).status_code == 404


async def test_nobody_reads_without_a_token(client: httpx.AsyncClient) -> None:
    assert (await client.get(ABOUT_ANNA)).status_code == 401
