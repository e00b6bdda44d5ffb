"""python -m suite.cli: the command by another way, which a detached sweep is started by."""

from suite.cli.main import main

main()
