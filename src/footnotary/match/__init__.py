"""Match: whether a page says it. The rule is in docs/matching.md and nowhere else."""

from footnotary.match.matching import find_quote, match_quote, weighed
from footnotary.match.normalization import NORMALIZER_VERSION, normalize

__all__ = ["NORMALIZER_VERSION", "find_quote", "match_quote", "normalize", "weighed"]
