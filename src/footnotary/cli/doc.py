"""The `doc` commands."""

from footnotary.cli.groups import new_app

app = new_app("doc", "")


@app.callback()
def _group() -> None:
    """Run one of the commands below."""
