"""The numbers of the network structure, dated: which set applied on a day, and its values."""

from shared.policy.model import Policies, Policy, load_policies
from shared.policy.periods import Day, Period, half_year_of

__all__ = ["Day", "Period", "Policies", "Policy", "half_year_of", "load_policies"]
