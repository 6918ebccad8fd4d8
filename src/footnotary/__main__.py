"""`python -m footnotary` is the `footnotary` command."""

from footnotary.cli import footnotary

footnotary()
