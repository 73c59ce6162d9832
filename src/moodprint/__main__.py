"""`python -m moodprint`: the command."""

from moodprint.cli.app import main

main()
