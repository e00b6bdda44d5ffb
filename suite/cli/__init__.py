"""The `wonderland` command: a file for each group of verbs. Data goes to standard output, talk to standard error."""
