"""Reading what training shows."""

from fastapi import APIRouter

from services.training.queries import (
    attendance,
    cohorts,
    competences,
    erasure,
    imports,
    leaders,
    org_units,
    people,
    rotations,
)

router = APIRouter()
router.include_router(attendance.router)
router.include_router(cohorts.router)
router.include_router(competences.router)
router.include_router(erasure.router)
router.include_router(leaders.router)
router.include_router(imports.router)
router.include_router(org_units.router)
router.include_router(people.router)
router.include_router(rotations.router)
