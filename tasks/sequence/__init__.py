"""Sequence probes: made by rule, so that one ability decides the score. Each file says who must fail and who must not.

Inputs are tokens, (examples, length) int64, or numbers, (examples, length, channels) float32. All are drawn from the
seed, and no example is drawn twice.
"""
