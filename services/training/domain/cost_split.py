"""Who pays how much of a participant's training, in whole øre (R173)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CostShares:
    """What the base department and the secretariat pay; together exactly the total."""

    base_ore: int
    secretariat_ore: int

    @property
    def total_ore(self) -> int:
        """What it costs in all."""
        return self.base_ore + self.secretariat_ore


def split_cost(total_ore: int, base_share: tuple[int, int]) -> CostShares:
    """Give the base its share, rounded down to whole øre, and the secretariat the rest.

    `base_share` is numerator and denominator: (2, 3) is two thirds.
    """
    numerator, denominator = base_share
    base_ore = total_ore * numerator // denominator
    return CostShares(base_ore, total_ore - base_ore)
