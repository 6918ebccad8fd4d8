"""`python -m footnotary` is the `footnotary` command."""

from footnotary.cli import start_footnotary

start_footnotary()
