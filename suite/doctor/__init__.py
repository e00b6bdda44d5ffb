"""The doctor: whether this machine can run a sweep, and what puts right what is wrong."""
