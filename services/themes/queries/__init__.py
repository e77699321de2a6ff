"""Reading what themes shows."""

from fastapi import APIRouter

from services.themes.queries import forum_slots, ideas, reports, rounds, themes

router = APIRouter()
router.include_router(forum_slots.router)
router.include_router(rounds.router)
router.include_router(themes.router)
router.include_router(ideas.router)
router.include_router(reports.router)
