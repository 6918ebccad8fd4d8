"""Documentation whose every claim rests on a dated source that a machine has checked.

The package has no eager imports: `import footnotary` costs nothing, and each command
loads only what it needs. Start reading at `footnotary.cli` (the commands), or at
`footnotary.models` (the nouns); `docs/architecture.md` draws the layers.
"""

__version__ = "0.1.0"

DOCUMENTATION = "https://footnotary.github.io/footnotary/"
"""Where the pages of `docs/` are published: `docs/gate.md` as `gate/`. Every hint, report and link
of the package that leads to a page begins with it; `pyproject.toml` and `mkdocs.yml` repeat it, and
a test compares them."""
