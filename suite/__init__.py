"""The engine of Wonderland. Its map, in the order the pipeline runs:

study       a question about networks, turned into trials
trial       everything that decides one training run
catalog     names are paths: tasks, architectures, studies
sweep       the supervisor: owns the ledger, skips what is there, never imports Ray
engine      its child, the only door to Ray: spreads trials over workers
train       one trial in, one record out; pure torch
record      what a trial gave, and what gave it
ledger      records on disk, append-only: the truth
tracking    the only door to MLflow: a mirror of the ledger
analysis    tables in, tables and sentences out
reproduce   trains again and says bit-exact or why not
cli         the `wonderland` command
"""
