"""What all designs speak of: factors with their levels, and points that have one level of each."""

from collections.abc import Mapping, Sequence

from suite.trial import Level

Factors = Mapping[str, Sequence[Level]]
Point = dict[str, Level]
