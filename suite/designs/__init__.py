"""Designs: which combinations of factor levels a study runs. Each yields points, dicts of factor to level."""
