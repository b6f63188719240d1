"""Names for programs, made from names for people."""

import re
import unicodedata
from collections.abc import Collection


def free_slug(name: str, taken: Collection[str], longest: int, otherwise: str) -> str:
    """A short name of a-z, 0-9 and _ that nothing has yet.

    Args:
        longest: signs, without the number that sets it apart from the same name.
        otherwise: used where nothing is left of the name.

    >>> free_slug("Café-au-lait: the peel", {"cafe_au_lait_the_peel"}, 30, "treatment")
    'cafe_au_lait_the_peel_2'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub("[^a-z0-9]+", "_", plain).strip("_")[:longest].strip("_") or otherwise
    numbered = (f"{stem}_{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)
