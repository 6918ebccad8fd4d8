"""Real Dockerfiles, against what was counted in them."""

import json
from pathlib import Path

from footnotary.readers import dockerfile
from footnotary.source import Tree

CORPORA = Path(__file__).parent.parent.parent / "shared" / "corpora" / "compose"
FACTS = CORPORA / "facts.json"


def test_real_dockerfiles_have_the_stages_that_were_counted(corpora):
    """Every Dockerfile is found, with its stages, their bases and the exposed ports."""
    for project in json.loads(FACTS.read_text()):
        tree = Tree(corpora / "compose" / project["name"])
        found = [
            path for path in dockerfile.find_dockerfiles(tree) if not path.endswith("Containerfile")
        ]
        assert found == sorted(project["dockerfiles"])
        for path, gold in project["dockerfile_facts"].items():
            read_one = dockerfile.read_dockerfile(tree, path)
            assert not read_one.error
            assert len(read_one.stages) == gold["stages"]
            assert [one.base for one in read_one.stages] == gold["from_"]
            exposed = [" ".join(one.exposed) for one in read_one.stages if one.exposed]
            wanted = " ".join(gold["expose"]).replace("$PORT", "${PORT}")
            assert " ".join(exposed) == wanted
