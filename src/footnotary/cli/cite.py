"""The `cite` commands."""

from footnotary.cli.groups import new_app

app = new_app("cite", "")


@app.callback()
def _group() -> None:
    """Run one of the commands below."""
