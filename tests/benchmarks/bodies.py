"""What is sent: the bodies that the tests of the services send, as text."""

import json

from tests.integration.services.bodies import BODIES

PROPOSAL = json.dumps(BODIES["ProposeTheme"])
PRIOR_QUALIFICATION = json.dumps(BODIES["RecordPriorQualification"])


def assessments() -> list[str]:
    """Assessments of a theme, each of which says something else than the one before."""
    return [
        json.dumps(
            {
                "assessments": [
                    {"criterion": "complexity", "verdict": verdict, "rationale": "Set på mødet"}
                ]
            }
        )
        for verdict in ("met", "partly")
    ]
