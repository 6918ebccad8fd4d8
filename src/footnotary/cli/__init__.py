"""The commands: parse, call one use case, print.

Three console scripts share one Typer application: `cite …` and `doc …` are
`footnotary cite …` and `footnotary doc …` under a shorter name.
"""


def start_footnotary() -> None:
    """Run the `footnotary` command and leave the process with its exit code."""
    from footnotary.cli.running import run

    run("footnotary")


def start_cite() -> None:
    """Run the `cite` command and leave the process with its exit code."""
    from footnotary.cli.running import run

    run("cite")


def start_doc() -> None:
    """Run the `doc` command and leave the process with its exit code."""
    from footnotary.cli.running import run

    run("doc")
