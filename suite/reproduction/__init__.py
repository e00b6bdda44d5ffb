"""Reproduce: train again what a record says, and say whether it comes out the same. The map:

verdict    the four words, and how two records of one trial are compared
again      what runs in a fresh process: one trial, trained the way it was
fresh      that process, and the place in which it runs: an interpreter and a tree of code
commit     the place of a commit: a worktree of its own, and the environment it locked
cannot     what is missing to train a record again, and the commands that would provide it
reproduce  one record, once or several times
each       many records, some at a time, each at its commit if that is wanted
several    a study's verdict: by equal bits, the tolerance, or two one-sided tests over paired seeds
asked      what is to be reproduced: of the store, of a bundle, or of a file
kept       verdicts with their date, in the study's folder of the store
"""
