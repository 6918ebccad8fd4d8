#!/usr/bin/env bash
# A command that is run from code (`standalone_mode=False`) raises what ends it, one would guess: Click
# makes `Abort` of Ctrl-C there, and leaves it to the caller. Typer 0.29.2 returns the number 130, as if the
# command had returned it: an `except KeyboardInterrupt` or `except Abort` around it is never reached, and
# nothing is printed. An Abort of the command's own is raised as before.
# Seen on 2026-12-01 with Python 3.11.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -qq --disable-pip-version-check typer==0.29.2 click==8.3.1
cat > "$folder/interrupted.py" <<'EOF'
import click
import typer

app = typer.Typer()


@app.command()
def interrupted() -> None:
    raise KeyboardInterrupt


@app.command()
def aborted() -> None:
    raise typer.Abort


@click.group()
def clicks() -> None:
    pass


@clicks.command("interrupted")
def interrupted_there() -> None:
    raise KeyboardInterrupt


for name, command, words in (
    ("Click", clicks, "interrupted"),
    ("Typer", typer.main.get_command(app), "interrupted"),
    ("Typer", typer.main.get_command(app), "aborted"),
):
    try:
        print(name, words, "returned", command([words], standalone_mode=False))
    except (KeyboardInterrupt, click.Abort, typer.Abort) as error:
        print(name, words, "raised", type(error).__name__)
EOF
"$folder/venv/bin/python" "$folder/interrupted.py" 2>&1 > "$folder/seen"
diff - "$folder/seen" <<'EOF'
Click interrupted raised Abort
Typer interrupted returned 130
Typer aborted raised Abort
EOF
cat "$folder/seen"
