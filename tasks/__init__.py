"""The questions we ask of a network: a folder per data type, a file per task, a TASK in every file."""
