"""Files to start from: each is a whole one that runs as it is, and is copied by `wonderland new`."""
