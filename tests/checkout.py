"""This repository as somebody else gets it, for tests of what they do with it."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent


def run(*words, folder, **options):
    """Run a command and return what it printed; its own words where it fails."""
    done = subprocess.run(
        [str(one) for one in words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        **options,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def copy_tracked(target):
    """Copy what git tracks, as it is in the work tree, and return the folder."""
    for name in run("git", "ls-files", "-z", folder=ROOT).split("\0"):
        if name and (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    return target
