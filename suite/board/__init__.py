"""The published board: records that anybody can check, ranked as far as they can be told apart. The map:

facts        what a board asks of everybody, and its version, a hash of that
protocol     these facts as the study in ablations/leaderboard.py has them today
line         the lines of leaderboard.jsonl: the opening of a version, entries, rows, aggregates, baselines, verdicts
published    the file: reading it whole, and adding to it
publication  the lines that a store's records make
submission   lines that somebody would add, and where that would put them; newcomer is an architecture of one's own
finding      what is wrong with an entry, in one sentence
row_rules    what is checked of every row, entry_rules of all rows of an entry; rules puts both together
state        what is known of a row beyond its publisher's word
standing     the table: rank intervals and tie groups, of a task or of tasks that the same architectures accept
look         the board read, checked and ranked
beside       published scores and classical baselines beside ours
report       the tables as people read them
code         a hash of the code that computes the table
"""
