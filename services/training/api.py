"""The commands of training, and where they stand in HTTP.

RecordNetworkRun has no route: it follows from a network that closed. Nor has PublishPolicySet: the
operator's command line sends it from the policy file.
"""

from services.training.domain.leader_path import (
    RecordPriorQualification,
    RegisterLeaderInterest,
    SetPoolMembership,
)
from shared.kernel.services import post, put

COMMANDS = (
    post("/leaders/{person_id}/interests", RegisterLeaderInterest),
    post("/leaders/{person_id}/prior-qualifications", RecordPriorQualification),
    put("/leader-pool/{person_id}", SetPoolMembership),
)
