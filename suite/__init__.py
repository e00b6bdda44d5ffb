"""The engine of Wonderland. Its map, in the order the pipeline runs:

cli         the `wonderland` command; document, display, outline and report are what it prints
study       a question about networks, turned into trials; design and designs say which, match makes networks equally
            large, claim is a hypothesis stated before, search finds each arm its own settings, adaptive says which
            seeds are needed next
trial       everything that decides one training run
catalog     names are paths: tasks, architectures, studies
plan        which trials are new, cached or stale; estimate says how long they take, explain why they are
sweep       the supervisor: owns the ledger, follows progress, hears signals, never imports Ray
backend     the engine as the supervisor sees it, over the lines of protocol
engine      its child, the only door to Ray: spreads trials over workers; worker is what runs there
train       one trial in, one record out; pure torch
            (data, graphs, seeds, batches, nn, architectures, tricks, objective, course, evaluation, pretraining,
            tuning, numerics, cost, checkpoint; fused, fusion and stack train several trials together)
record      what a trial gave, and what gave it; provenance says the latter
ledger      records on disk, append-only: the truth; store is the folder around it
            (disk: writing that a crash cannot leave half done; quarantine: copies of damaged lines)
tracking    the only door to MLflow: a mirror of the ledger
analysis    tables in, tables and sentences out; answer is a study seen through it
reproduce   trains again and says bit-exact or why not
board       the published board: its version, rows, rules and standing

What stands beside: baselines (models that are no networks), calibration (can its probabilities be trusted?), decoding
(what a language model says).
"""
