"""What the DEPLOY document says of small projects whose truth is known."""

from datetime import date

import pytest

from footnotary.documents.deploy import DEPLOY
from footnotary.documents.deploy_stacks import draw_stack
from footnotary.documents.kinds import Context
from footnotary.facts.basis import Place
from footnotary.facts.deploy import DeployFacts
from footnotary.facts.differing import describe_differences, things_changed
from footnotary.facts.options import ReadOptions
from footnotary.facts.stack import Service, ServiceDependency, Stack
from footnotary.project import Project
from footnotary.readers import deploy, literals, stacks
from footnotary.secrecy import prose
from footnotary.source import Tree
from tables import each_row


def read(tmp_path, files):
    """Read a project made of files."""
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    return deploy.read_deploy(Project(tmp_path), ReadOptions())


def rendered(facts, previous=None):
    """The document as one text."""
    context = Context("shop", date(2026, 11, 23), "S", previous, date(2026, 11, 1))
    return "\n\n".join(part.markdown for part in DEPLOY.render(facts, context))


def test_files_of_a_folder_are_grouped_as_compose_runs_them(tmp_path):
    """Base and override first, the base alone, then the base with each other file."""
    for name in (
        "docker-compose.yml",
        "docker-compose.override.yml",
        "docker-compose.prod.yml",
        "docker-compose.example.yml",
        "ops/monitoring.compose.yaml",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("services: {}\n")
    assert stacks.find_stacks(Tree(tmp_path)) == [
        ("docker-compose.yml", "docker-compose.override.yml"),
        ("docker-compose.yml",),
        ("docker-compose.yml", "docker-compose.prod.yml"),
        ("ops/monitoring.compose.yaml",),
    ]


def test_merging_follows_the_specification(tmp_path):
    """Anchors, both environment forms, !reset, !override and both port forms."""
    facts = read(
        tmp_path,
        {
            "compose.yaml": """
x-env: &env {A: "1", B: "2"}
services:
  web:
    image: "x:1"
    environment: {<<: *env, C: "3"}
    ports: ["8000-8002:80-82", "127.0.0.1:53:53/udp"]
    command: a
  db: {image: "y:1", environment: [A=1, PASSED]}
""",
            "compose.override.yaml": """
services:
  web:
    environment: [C=4, D=5]
    command: !reset null
    ports: !override [{target: 90, published: "9000", host_ip: 127.0.0.1}]
""",
        },
    )
    merged, base = facts.stacks
    web = merged.services[1]
    assert [one.name for one in web.environment] == ["A", "B", "C", "D"]
    assert [(p.address, p.published, p.target) for p in web.ports] == [("127.0.0.1", "9000", "90")]
    assert web.command == ""
    assert len(base.services[1].ports) == 4
    assert {one.name: one.how for one in base.services[0].environment} == {
        "A": "literal",
        "PASSED": "passed",
    }
    place = next(one.place for one in web.environment if one.name == "D")
    assert str(place) == "compose.override.yaml:4"


@each_row(
    ("service", "code"),
    [
        ("{image: 'x:1', volumes: ['/var/run/docker.sock:/s']}", "docker-socket"),
        ("{image: 'x:1', use_api_socket: true}", "docker-socket"),
        ("{image: 'x:1', volumes: ['v:/data']}", "volume-of-one-letter"),
        ("{image: 'x:1', user: root}", "root-user"),
        ("{image: 'x:1', privileged: true}", "privileges"),
        ("{image: 'x:1', network_mode: host}", "host-namespace"),
        ("{image: x}", "unpinned-image"),
        ("{image: 'x:latest'}", "unpinned-image"),
        ("{image: 'postgres:16', ports: ['5432:5432']}", "open-database"),
        ("{image: 'x:1', ports: ['80:80']}", "open-port"),
        ("{image: 'x:1', depends_on: {b: {condition: service_healthy}}}", "waits-for-unchecked"),
    ],
)
def test_each_hardening_rule_has_its_breach_and_reference(tmp_path, service, code):
    """Each rule is broken by one service, and rests on an https page."""
    text = f"services:\n  a: {service}\n  b: {{image: 'y:1'}}\n"
    found = {one.code: one for one in read(tmp_path, {"compose.yaml": text}).hardening}
    assert code in found
    assert found[code].url.startswith("https://")
    assert str(found[code].place) == "compose.yaml:2"


def test_a_value_that_compose_writes_anew_is_told(tmp_path):
    """A number or truth value without quotes that reaches the container in another form is said."""
    values = {
        "A": "3.10", "B": "010", "C": "True", "D": "1_000", "E": "'3.10'", "F": "3.1", "G": "true",
        "H": "8", "I": "${X}", "J": "", "K": "yes", "L": "12:30:00",
    }  # fmt: skip
    given = "".join(f"      {name}: {value}\n" for name, value in values.items())
    text = f"services:\n  a:\n    image: x:1\n    environment:\n{given}"
    text += "  b: {image: 'x:1', environment: [M=3.10]}\n"
    rows = {one.name: one for one in read(tmp_path, {"compose.yaml": text}).matrix}
    told = {name for name, one in rows.items() if any("other form" in v for v in one.verdicts)}
    assert told == {"A", "B", "C", "D"}
    assert "compose.yaml:5" in rows["A"].verdicts[-1]


def test_a_hardened_service_breaks_no_rule(tmp_path):
    """A pinned, limited, checked, restarting service on loopback is left alone."""
    facts = read(
        tmp_path,
        {
            "compose.yaml": """
services:
  a:
    image: "x:1.2@sha256:%s"
    user: "1000"
    ports: ["127.0.0.1:80:80"]
    volumes: ["db:/d", "./v:/v", "/anonymous", {type: volume, source: v, target: /w}]
    restart: unless-stopped
    mem_limit: 128m
    healthcheck: {test: [CMD, curl, -f, http://localhost]}
volumes: {db: {}, v: {}}
"""
            % ("0" * 64)
        },
    )
    assert facts.hardening == ()


def test_commands_are_derived_from_what_is_there(tmp_path):
    """Start, migrate, roll back, back up: from compose, Alembic, make, just and Typer."""
    facts = read(
        tmp_path,
        {
            "compose.yaml": "services:\n  db: {image: 'postgres:16',"
            " volumes: ['dbdata:/var/lib/postgresql/data']}\n"
            "  m: {image: 'm:1', profiles: [mail], volumes: ['vmail:/y']}\n"
            "volumes: {dbdata: , vmail: }\n",
            "alembic.ini": "[alembic]\n",
            "Makefile": ".PHONY: test\nVAR := x\ntest: a\n\tpytest\nmigrate:\n\tx\n",
            "justfile": "set dotenv-load\nx := 'a'\n\nrelease version:\n  echo\n",
            "src/shop/cli.py": "import typer\napp = typer.Typer()\n@app.command()\n"
            'def load_data():\n    """Load it."""\nif __name__ == "__main__":\n    app()\n',
        },
    )
    words = {one.words: one.purpose for one in facts.commands}
    assert words["docker compose up -d --wait"] == "start"
    assert words["docker compose --profile mail up -d --wait"] == "start"
    assert words["alembic upgrade head"] == "migrate"
    assert words["alembic downgrade -1"] == "rollback"
    assert words["make migrate"] == "migrate"
    assert words["make test"] == "task"
    assert words["just release"] == "task"
    assert words["python -m shop.cli"] == "task"  # Typer runs an only command without its name
    backups = [one for one, purpose in words.items() if purpose == "back-up"]
    assert any("pg_dump" in one for one in backups)
    assert any("_vmail:/from:ro" in one for one in backups)
    assert not any("_dbdata:/from" in one for one in backups)


def test_commands_of_the_projects_own_programs_are_found(tmp_path):
    """Typer and Click, groups in groups, through imports, by script or `python -m`."""
    facts = read(
        tmp_path,
        {
            "pyproject.toml": '[project]\nname = "shop"\n[project.scripts]\n'
            'shop = "shop.cli:main"\nother = "elsewhere:run"\nold = "shop.old:cli"\n',
            "src/shop/__init__.py": "",
            "src/shop/cli.py": "import typer\nfrom shop import users\n"
            "from shop.stock import stock_app\n"
            "app = typer.Typer()\napp.add_typer(users.app, name='users')\n"
            "app.add_typer(stock_app)\n"
            "@app.command('db-upgrade')\ndef up():\n    '''Bring the schema up to date.'''\n"
            "def main():\n    app()\n",
            "src/shop/users.py": "import typer\napp = typer.Typer()\n"
            "@app.command()\ndef add_one(): ...\n",
            "src/shop/stock.py": "import typer\nstock_app = typer.Typer(name='stock')\n"
            "@stock_app.command()\ndef count(): ...\n",
            "src/shop/old.py": "import click\n@click.group()\ndef cli(): ...\n"
            "@cli.group()\ndef data(): ...\n@data.command()\ndef dump_all(): ...\n"
            "@click.command()\ndef hello(): ...\ncli.add_command(hello, name='hi')\n",
            "src/shop/__main__.py": "import typer\nrun = typer.Typer()\n"
            "@run.callback()\ndef main(): ...\n@run.command()\ndef once(): ...\n"
            "if __name__ == '__main__':\n    run()\n",
            "src/shop/broken.py": "import typer\n__main__ = (\n",
        },
    )
    found = {one.words: (one.purpose, one.note, str(one.origin)) for one in facts.commands}
    assert found["shop db-upgrade"] == (
        *("migrate", "Bring the schema up to date."),
        "src/shop/cli.py:8",
    )
    assert set(found) == {
        *("shop db-upgrade", "shop users add-one", "shop stock count", "other"),
        *("old data dump-all", "old hi", "python -m shop once"),
    }
    assert found["old data dump-all"][0] == "back-up"


def test_subcommands_are_found_as_they_are_put_together(tmp_path):
    """Typer applications and Click groups in other modules, by the names they are added under."""
    facts = read(
        tmp_path,
        {
            "pyproject.toml": "[project]\nname='shop'\n[project.scripts]\n"
            "shop = 'shop:main'\nkeep = 'shop.keep:cli'\nplain = 'shop.other:run'\n",
            "src/shop/__init__.py": "from .cli import main\n",
            "src/shop/__main__.py": "from shop.cli import app\napp()\n",
            "src/shop/db.py": "import typer\nfrom shop.cli import users\n"
            "db = typer.Typer(name='unused')\n"
            "@db.command('up')\ndef upgrade_all():\n    'Bring it up.'\n"
            "@db.command()\ndef down_(): ...\n"
            "@users.command()\ndef add_user(): ...\n",
            "src/shop/cli.py": "import typer\nfrom shop import db\n"
            "users: typer.Typer = typer.Typer(name='users')\nflat = typer.Typer()\n"
            "app = typer.Typer()\napp.add_typer(db.db, name='db')\napp.add_typer(users)\n"
            "app.add_typer(flat)\n@flat.command()\ndef status(): ...\n"
            "@users.callback()\ndef either(): ...\n"
            "def main():\n    raise SystemExit(app())\n",
            "src/shop/keep.py": "import click\n@click.group\ndef cli(): ...\n"
            "@cli.group()\ndef backup_group(): ...\n"
            "@backup_group.command(name='dump')\n@click.option('--x')\ndef y(x): ...\n"
            "@click.command()\ndef late_cmd(): ...\ncli.add_command(late_cmd, 'later')\n"
            "cli.add_command(unknown())\n",
            "src/shop/other.py": "def run(): run()\n",
            "src/shop/one.py": "import typer\none = typer.Typer()\n@one.command()\n"
            "def only(): ...\nif __name__ == '__main__':\n    one()\n",
            "src/shop/bad.py": "import typer\ndef (\n",
        },
    )
    assert {one.words: (one.purpose, one.note) for one in facts.commands} == {
        "shop db up": ("task", "Bring it up."),
        "shop db down": ("task", ""),
        "shop users add-user": ("task", ""),
        "shop status": ("task", ""),
        "keep backup dump": ("back-up", ""),
        "keep later": ("task", ""),
        "plain": ("task", "console script"),
        "python -m shop.one": ("task", ""),
    }


def test_workflows_are_summarised(tmp_path):
    """Triggers (`on` is no boolean), jobs, pins, secrets and variables; broken ones are said."""
    facts = read(
        tmp_path,
        {
            ".github/workflows/ci.yml": "name: CI\non:\n  push: {branches: [main]}\n"
            "  schedule: [{cron: '5 4 * * *'}]\njobs:\n  t:\n    runs-on: ubuntu-24.04\n"
            "    needs: [x]\n    steps:\n      - uses: actions/checkout@v4\n"
            "      - run: a ${{ secrets.KEY }} ${{ secrets.GITHUB_TOKEN }} ${{ vars.REGION }}\n",
            ".github/workflows/bad.yml": "a: [\n",
            ".gitlab-ci.yml": "stages: [test]\ndefault: {image: x}\nunit:\n  image: python:3.12\n"
            "  script: [a $DEPLOY_TOKEN, b]\n",
        },
    )
    bad, ci, gitlab = facts.workflows
    assert bad.error == "line 2 is no valid YAML"
    assert ci.triggers == ("push (branches: main)", "schedule (5 4 * * *)")
    assert ci.secrets == ("KEY",)
    assert ci.variables == ("REGION",)
    assert (ci.jobs[0].steps, ci.jobs[0].uses) == (2, ("actions/checkout@v4",))
    assert [job.name for job in gitlab.jobs] == ["unit"]
    assert gitlab.secrets == ("DEPLOY_TOKEN",)


def test_a_large_stack_stays_inside_mermaids_limits():
    """Mermaid refuses 500 edges and 50,000 characters; what is left out is said."""
    place = Place(path="compose.yaml", line=1)
    names = [f"service-{index}" for index in range(100)]
    services = tuple(
        Service(
            name=name,
            place=place,
            image="x:1",
            networks=("default",),
            depends_on=tuple(
                ServiceDependency(service=other) for other in names[: 6 if full else 2]
            ),
        )
        for full in (True,)
        for name in names
    )
    text = draw_stack(Stack(name="s", files=("c",), services=services, networks=("default",)))
    assert text.count("-->") <= 500
    assert len(text) < 50_000
    assert "too large" in text


def test_the_document_says_what_came_and_went(tmp_path):
    """Images, services, ports and variables since the last document, with what was compared."""
    one = read(tmp_path / "a", {"compose.yaml": "services: {a: {image: 'x:1'}}\n"})
    two = read(
        tmp_path / "b",
        {"compose.yaml": "services: {b: {image: 'x:1', environment: {NEW: 1}}}\n"},
    )
    text = rendered(two, DeployFacts.model_validate_json(one.model_dump_json()))
    section = text.partition("## Changes since 2026-11-01")[2]
    assert "- service `b` of stack `compose.yaml` is new" in section
    assert "- service `a` of stack `compose.yaml` is gone" in section
    assert "- variable `NEW` is new" in section
    assert "Compatible" not in section  # which nobody can tell of a deployment
    assert section.rstrip().endswith("of values those that are shown.")
    changed = read(tmp_path / "c", {"compose.yaml": "services: {a: {image: 'x:2', cpus: 2}}\n"})
    section = rendered(changed, one).partition("## Changes since 2026-11-01")[2]
    assert "- image of service `a` of stack `compose.yaml` was `x:1` and is now `x:2`" in section
    section = rendered(one, one).partition("## Changes since 2026-11-01")[2]
    assert section.strip().startswith("No change in compose stacks and their services")
    assert "Changes since" not in rendered(one)
    files = {"compose.yaml": "services: {a: {image: 'x:1'}}\n", "compose.b.yaml": "services: [\n"}
    broken = read(tmp_path / "d", files)
    assert "could not be read, and were not compared" in rendered(broken, broken)


@each_row("value", ["8000", "true", "INFO", "30s", "512m", "production", "localhost"])
def test_allow_listed_literals_are_shown(value):
    """Ports, booleans, levels, durations and sizes cannot be secrets."""
    assert literals.display_value(value, name="SETTING") == value
    assert literals.display_value(value, name="SETTING_TOKEN") == ""


@each_row(
    ("value", "shown"),
    [
        ("postgresql://u:p@ss/w0rd@db:5432/x", "postgresql://…@db:5432/…"),
        ("redis://db", "redis://db"),
        ("http://localhost:8000/a?key=1", "http://localhost:8000/…"),
        ("https://key@o1.ingest.example.org/1", ""),
        ("postgresql://u:p@other.example/x", ""),
        ("hunter2", ""),
        ("1234567", ""),
        ("", ""),
    ],
)
def test_of_a_url_only_what_cannot_be_secret_is_shown(value, shown):
    """Scheme, host and port of the stack's own services; never user, password, path, query."""
    assert literals.display_value(value, name="URL", hosts={"db"}) == shown


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo a", ""),
        ("echo a; echo b", "docker compose config sees 2 services"),
        ("echo refused: password=x >&2; exit 1", ""),
    ],
    ids=["agrees", "differs", "refuses"],
)
def test_docker_is_a_cross_check_and_never_a_need(tmp_path, monkeypatch, script, said):
    """Where docker is installed, other services than ours are said; its errors are not."""
    programs = tmp_path / "bin"
    programs.mkdir()
    (programs / "docker").write_text(f"#!/bin/sh\n{script}\n")
    (programs / "docker").chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    facts = read(tmp_path / "p", {"compose.yaml": "services: {a: {image: 'x:1'}}\n"})
    caveats = " ".join(facts.caveats)
    assert said in caveats
    assert "refused" not in caveats


def test_a_sample_that_lacks_what_is_required_is_named(tmp_path):
    """`.env.example` is to name everything without which nothing starts."""
    facts = read(
        tmp_path,
        {
            ".env.example": "KNOWN=1\n",
            "compose.yaml": "services: {a: {image: 'x:${KNOWN:?}${OTHER:?}'}}\n",
        },
    )
    found = {one.name: "; ".join(one.verdicts) for one in facts.matrix}
    assert "required, but not in .env.example" in found["OTHER"]
    assert "required, but not" not in found["KNOWN"]


@each_row(
    "secret",
    [
        "ghp_abcdefghijklmnopqrstuvwxyzABCDEF",
        "sk-live-Abcdefghijklmnopqrst",
        "AKIAABCDEFGHIJKLMNOP",
        "password=hunter",
        "postgres://u:hunter@db/x",
        "-----BEGIN RSA PRIVATE KEY----- hunter",
        "9f86d081884c7d659a2feaa0c55ad015",
    ],
)
def test_prose_loses_what_reads_as_a_credential(secret):
    """Docstrings and READMEs are shown, but not a key, a DSN or a token in them."""
    text = prose.display_prose(f"Log in with {secret} today.")
    assert secret not in text
    assert "hunter" not in text


@each_row(
    "words",
    [
        "Return the OAuth2PasswordRequestForm of src/shop/orders/service_v2.py.",
        "See https://example.org/docs/page-2 and skip_the_first_elements.",
        "token: the token, and password = what was typed",
    ],
)
def test_prose_keeps_names_paths_and_addresses(words):
    """Long names and plain addresses are no credentials."""
    assert prose.display_prose(words, {"OAuth2PasswordRequestForm"}) == words


def test_a_job_and_an_image_that_checks_itself_break_no_rule(tmp_path):
    """What ends when it is done needs no restart; a HEALTHCHECK of the built stage counts."""
    facts = read(
        tmp_path,
        {
            "compose.yaml": """
services:
  api:
    build: {context: ., target: run}
    restart: always
    networks: [back, front]
    develop: {watch: [{action: sync, path: ., target: /a}]}
    depends_on: {migrate: {condition: service_completed_successfully}}
  worker:
    build: {context: ., target: build}
    restart: always
    depends_on: {api: {condition: service_healthy}}
  migrate: {image: "m:1"}
networks: {back: {}, front: {}}
""",
            "Dockerfile": "FROM p:1 AS build\nFROM build AS check\nHEALTHCHECK CMD a\n"
            "FROM check AS run\nUSER u\n",
        },
    )
    found = {(one.code, one.subject) for one in facts.hardening}
    unseen = {subject for code, subject in found if code == "no-healthcheck"}
    assert unseen == {"worker"}
    assert not any(code in {"no-restart", "waits-for-unchecked"} for code, _ in found)
    said = rendered(facts)
    assert "| by its image |" in said
    assert "also in front" in said, "its other network is in no box of the diagram"
    assert "1 watch rule |" in said


NAMED = "services:\n  app: {image: 'x:1', volumes: [data:/d]}\n"


@each_row(
    ("files", "volume"),
    [
        ({"compose.yml": f"name: shop\n{NAMED}volumes: {{data: }}\n"}, "shop_data"),
        ({"compose.yml": f"name: Shop.1\n{NAMED}volumes: {{data: }}\n"}, "shop1_data"),
        ({"compose.yml": f"name: a\n{NAMED}volumes: {{data: {{name: real}}}}\n"}, "real"),
        ({"compose.yml": f"{NAMED}volumes: {{data: {{external: true}}}}\n"}, "data"),
        ({"compose.yml": f"{NAMED}volumes: {{data: {{external: {{name: old}}}}}}\n"}, "old"),
        ({"compose.yml": f"{NAMED}volumes: {{data: {{external: true, name: r}}}}\n"}, "r"),
        ({"My.Ops/compose.yml": f"{NAMED}volumes: {{data: }}\n"}, "myops_data"),
        ({"compose.yml": f"name: ${{P:-q}}\n{NAMED}volumes: {{data: }}\n"}, "${P:?}_data"),
        (
            {
                "compose.yml": f"name: a\n{NAMED}volumes: {{data: }}\n",
                ".env": "COMPOSE_PROJECT_NAME=of-env\n",
            },
            "of-env_data",
        ),
        (
            {
                "compose.yml": f"{NAMED}volumes: {{data: }}\n",
                "compose.override.yml": "name: over\n",
            },
            "over_data",
        ),
    ],
)
def test_a_backup_takes_the_volume_that_docker_has(tmp_path, files, volume):
    """By `name:`, external, project or folder; of one that is not there no backup is made."""
    facts = read(tmp_path, files)
    words = [one.words for one in facts.commands if one.purpose == "back-up"]
    assert words == [
        (
            f'docker volume inspect "{volume}" > /dev/null &&'
            f' docker run --rm -v "{volume}:/from:ro"'
            ' -v "$PWD:/to" alpine tar czf /to/data.tgz -C /from .'
        )
    ]


def test_a_volume_beside_a_database_is_backed_up_by_itself(tmp_path):
    """A dump holds what lies in the database's folder, not what else its service mounts."""
    text = (
        "name: a\nservices:\n  db:\n    image: postgres:16\n"
        "    volumes: ['pg:/var/lib/postgresql/data', 'up:/up']\nvolumes: {pg: , up: }\n"
    )
    words = " ".join(one.words for one in read(tmp_path, {"compose.yml": text}).commands)
    assert "pg_dump" in words
    assert "a_up:/from" in words
    assert "a_pg:/from" not in words


def test_a_dockerfile_in_a_compose_file_is_read_with_its_lines(tmp_path):
    """Base, secret and user are judged; what compose interpolates is no lost argument."""
    text = (
        "services:\n  api:\n    build:\n      dockerfile_inline: |\n        FROM python:latest\n"
        "        ENV API_KEY=abcdef\n  job:\n    build: {dockerfile_inline: 'FROM x:${TAG}'}\n"
    )
    facts = read(tmp_path, {"compose.yml": text})
    first, second = facts.dockerfiles
    assert (first.path, str(first.stages[0].place)) == (
        *("compose.yml (dockerfile_inline of api)", "compose.yml:5"),
    )
    assert (second.stages[0].base, second.undefined) == ("x:${TAG}", ())
    found = {(one.code, str(one.place)) for one in facts.hardening}
    assert ("build-secret", "compose.yml:6") in found
    assert ("unpinned-image", "compose.yml:5") in found
    assert not any(one.code == "no-dockerignore" for one in facts.hardening)
    assert facts.summary["inline_dockerfiles"] == 2
    assert "There is no Dockerfile" not in rendered(facts)


def test_an_argument_inside_a_stage_does_not_reach_the_next_from(tmp_path):
    """An ARG before the first FROM does, a platform's and a default do; others stop the build."""
    text = (
        "ARG REG=r.example.com\nFROM $REG:8099/base:1 AS one\nARG LATE=alpine:3.20\n"
        "FROM --platform=$BUILDPLATFORM ${LATE} AS two\nFROM ${NONE:-alpine:3} AS three\n"
        "FROM x:${LOST}\n"
    )
    facts = read(tmp_path, {"Dockerfile": text})
    assert facts.dockerfiles[0].undefined == (
        "LATE (Dockerfile:4; an ARG inside a stage ends with it)",
        "LOST (Dockerfile:6; no ARG declares it)",
    )
    assert "Dockerfile has a FROM that the build stops at" in " ".join(facts.caveats)


def test_what_runs_no_container_gets_no_remark_of_one(tmp_path):
    """A provider has no memory, health or restart; waiting for it is no mistake."""
    text = (
        "services:\n  db: {provider: {type: rds}}\n  empty:\n"
        "  app: {image: 'x:1', depends_on: {db: {condition: service_healthy}}}\n"
    )
    facts = read(tmp_path, {"compose.yml": text})
    assert {one.subject for one in facts.hardening} == {"app"}
    assert not any(one.code == "waits-for-unchecked" for one in facts.hardening)


def test_the_stack_that_runs_leads_and_others_are_folded(tmp_path):
    """Counts are of the default stack nearest to the root; samples and tests come last."""
    facts = read(
        tmp_path,
        {
            "deploy/compose.yml": "services: {web: {image: 'w:1'}, db: {image: 'd:1'}}\n",
            "deploy/compose.prod.yml": "services: {web: {restart: always}}\n",
            "deploy/monitoring/compose.yml": "services: {m: {image: 'm:1'}}\n",
            "examples/compose.yml": "services: {e: {image: 'e:1'}, f: {image: 'f:1'}}\n",
        },
    )
    assert [(one.role, one.name) for one in facts.stacks] == [
        ("runs", "deploy/compose.yml"),
        ("other", "deploy/compose.yml + deploy/compose.prod.yml"),
        ("other", "deploy/monitoring/compose.yml"),
        ("aside", "examples/compose.yml"),
    ]
    assert (facts.summary["services"], facts.summary["services_of_others"]) == (2, 3)
    said = rendered(facts)
    assert "3 more services in other folders" in said
    assert said.index("### Overrides and other stacks") < said.index("### Samples, tests")
    assert not any("examples" in one.words for one in facts.commands)


def test_the_default_stack_is_the_one_that_the_env_file_names(tmp_path):
    """`COMPOSE_FILE` in `.env` decides what a bare `docker compose up` runs."""
    for name in ("compose.yml", "compose.a.yml", "compose.b.yml"):
        (tmp_path / name).write_text("services: {}\n")
    (tmp_path / ".env").write_text("COMPOSE_FILE=compose.yml:compose.b.yml\n")
    assert stacks.find_stacks(Tree(tmp_path)) == [
        ("compose.yml", "compose.b.yml"),
        ("compose.yml",),
        ("compose.yml", "compose.a.yml"),
    ]


def test_newer_keys_of_a_service_are_said(tmp_path):
    """Hooks with what they may do, GPUs, the restart policy of `deploy`, names of resources."""
    text = (
        "name: shop\nservices:\n  a:\n    image: 'x:${A:-${B:-1}}'\n    gpus: all\n"
        "    post_start: [{command: ./up.sh --key abc, privileged: true}]\n"
        "    deploy: {restart_policy: {condition: any}, resources: {limits: {memory: 5M}}}\n"
        "secrets: {s: {file: ./key}, t: {environment: KEY}}\nnetworks: {n: {external: true}}\n"
    )
    facts = read(tmp_path, {"compose.yml": text})
    service = facts.stacks[0].services[0]
    assert service.image == "x:${A}"
    assert service.extras == ("gpus", "post_start: ./up.sh --key … (privileged)")
    assert service.restart == "always"
    assert [(r.kind, r.name, r.real, r.origin) for r in facts.stacks[0].resources] == [
        ("network", "n", "n", ""),
        ("secret", "s", "", "file ./key"),
        ("secret", "t", "", "environment KEY"),
    ]
    assert any(one.message == "post_start runs privileged" for one in facts.hardening)


def test_what_a_bare_command_does_not_find_is_named_with_its_files(tmp_path):
    """Neither a file of another name nor files that the user names are what a bare `up` runs."""
    files = {
        "compose.yml": "services: {web: {image: 'w:1'}}\n",
        "compose.prod.yml": "services: {web: {restart: always}}\n",
        "tests/compose.yml": "services: {t: {image: 't:1'}}\n",
    }
    read(tmp_path / "a", files)
    named = ReadOptions(compose_files=("compose.yml", "compose.prod.yml"))
    facts = deploy.read_deploy(Project(tmp_path / "a"), named)
    assert facts.commands[0].words == (
        "docker compose -f compose.yml -f compose.prod.yml up -d --wait"
    )
    assert (facts.stacks[0].role, facts.stacks[0].default) == ("runs", False)
    assert "A bare `docker compose up` does not run it" in rendered(facts)
    del files["compose.yml"]
    facts = read(tmp_path / "b", files)
    assert [(one.name, one.role) for one in facts.stacks] == [
        ("compose.prod.yml", "runs"),
        ("tests/compose.yml", "aside"),
    ]
    assert any("1 other stack" in one for one in facts.caveats) is False
    assert "docker compose refuses compose.prod.yml" in " ".join(facts.caveats)


def test_how_settings_are_imported_is_an_option_of_the_deployment():
    """The environment matrix asks the project's settings classes, so their import can be told."""
    assert {"python", "env_file", "mocks", "timeout"} <= DEPLOY.options


# What stands in a slot, with the password of its number in it.
_HOSTILE = (
    "//u:{0}@share/x", "//u:a:{0}@share/x", "//u:{0}/b@share/x", "u:{0}@host:/x", "{0}@host/x",
    "https://u:{0}@h/x", "https:/u:{0}@h/x", "https://h/x?token={0}", "smb://h/{0}@x",
    "\\\\u:{0}@share", "./x;u:{0}@h/",
)  # fmt: skip
_SLOTS = """
include: [{path: ["%"], project_directory: "%", env_file: "%"}]
services:
  a:
    image: "%"
    build: {context: "%", dockerfile: "%", target: "%", args: ["A=%"],
            additional_contexts: {c: "%"}, cache_from: ["%"], ssh: ["%"],
            secrets: ["%", {source: "%", target: "%"}], tags: ["%"]}
    command: ["x", "%"]
    entrypoint: "x --to % %"
    healthcheck: {test: ["CMD", "x", "%"]}
    volumes: ["%", "%:/in", "./x:%", {type: "%", source: "%", target: "%"}]
    tmpfs: ["%"]
    env_file: ["%", {path: "%", required: false}]
    environment: {A: "%"}
    secrets: ["%"]
    configs: [{source: "%", target: "%"}]
    models: ["%"]
    networks: {default: {aliases: ["%"]}}
    user: "%"
    restart: "%"
    deploy: {resources: {limits: {memory: "%", cpus: "%", pids: "%"}}}
    ports: ["%", {published: "%", target: "%", protocol: "%", host_ip: "%"}]
    profiles: ["%"]
    depends_on: {b: {condition: "%"}}
    links: ["%"]
    post_start: [{command: "%"}]
    provider: {type: "%", options: {x: "%"}}
    logging: {driver: "%", options: {u: "%"}}
    container_name: "%"
    develop: {watch: [{action: sync, path: "%", target: "%"}]}
  b: {extends: {file: "%", service: "%"}}
  c: {image: "x:1", deploy: {restart_policy: {condition: "%"}}}
volumes: {v: {name: "%", driver: "%", driver_opts: {device: "%", o: "%"}}}
networks: {n: {name: "%", driver: "%"}}
secrets: {s: {file: "%", environment: "%", name: "%"}}
configs: {f: {content: "%", file: "%"}}
"""
_DOCKER_SLOTS = """
FROM %
FROM --platform=% x:1 AS %
ARG A=%
ENV B=%
ADD % /x
COPY --from=% / /
RUN --mount=type=cache,target=% --mount=type=secret,id=% x
USER %
EXPOSE %
WORKDIR %
VOLUME %
STOPSIGNAL %
HEALTHCHECK CMD x %
ENTRYPOINT ["x", "%"]
CMD ["%"]
"""


def _filled(template, form):
    """A template with `form` in every slot, each with a password of its own; and those."""
    parts = template.split("%")
    words = ["zebra" + "".join("abcdefghij"[int(d)] for d in f"{n:03}") for n in range(len(parts))]
    slots = [form.format(word).replace("\\", "\\\\") for word in words[1:]]
    return parts[0] + "".join(s + p for s, p in zip(slots, parts[1:], strict=True)), words[1:]


def test_no_slot_of_a_deployment_file_shows_a_password(tmp_path):
    """A URL, or a user and a password, is not shown wherever it stands, nor a part of it."""
    for at, form in enumerate(_HOSTILE):
        files = {"compose.yaml": _SLOTS, "Dockerfile": _DOCKER_SLOTS}
        filled = {path: _filled(template, form) for path, template in files.items()}
        facts = read(tmp_path / f"{at}", {path: text for path, (text, _) in filled.items()})
        assert not any(one.error for one in facts.stacks)
        shown = facts.model_dump_json()
        for path, (_, words) in filled.items():
            assert [word for word in words if word in shown] == [], (form, path)


def test_a_slot_with_a_closed_set_of_values_shows_no_other(tmp_path):
    """What is none of the values that a key may have is told as unknown, a variable by its name."""
    files = {
        "compose.yaml": "services:\n  a:\n    image: x:1\n    restart: hunterzebra\n"
        "    depends_on: {b: {condition: hunterzebra}, c: {condition: '${WHEN}'}}\n"
        "    user: a hunterzebra\n    ports: ['hunterzebra:80', 'abc:81', '${PORT}:82']\n"
        "    volumes: [{type: hunterzebra, source: v, target: /x}]\n"
        "    deploy: {resources: {limits: {memory: hunterzebra, cpus: '0.5', pids: '${P}'}}}\n"
        "  b: {image: 'x:1', restart: 'on-failure:${N}'}\n  c: {image: 'x:1', restart: no}\n"
        "  d: {image: 'x:1', deploy: {restart_policy: {condition: hunterzebra}}}\n",
        "Dockerfile": "FROM x:1\nEXPOSE 80 81-82/udp $PORT hunterzebra 1/hunterzebra\n"
        "USER a hunterzebra\n",
        ".github/workflows/a.yml": "on: {push: {}, hunterzebra: {}}\njobs: {}\n",
    }
    facts = read(tmp_path, files)
    assert "hunterzebra" not in facts.model_dump_json()
    a, b, c, d = facts.stacks[0].services
    unknown = literals.UNKNOWN_VALUE
    assert [a.restart, b.restart, c.restart, d.restart] == [
        unknown, "on-failure:${N}", "no", unknown
    ]  # fmt: skip
    assert [one.condition for one in a.depends_on] == [unknown, "${WHEN}"]
    assert [one.published for one in a.ports] == [unknown, unknown, "${PORT}"]
    assert a.limits == (f"memory {unknown}", "cpus 0.5", "pids ${P}")
    assert (a.user, a.mounts[0].kind) == (unknown, unknown)
    stage = facts.dockerfiles[0].stages[0]
    assert stage.exposed == ("80", "81-82/udp", "${PORT}", unknown, unknown)
    assert stage.user == unknown
    assert facts.workflows[0].triggers == ("push", unknown)


def test_nothing_is_missing_of_a_service_that_extends_what_is_not_there(tmp_path):
    """The file may give it a check, a limit and a policy: no rule on what is missing is broken."""
    text = "services:\n  a: {image: 'x:1', extends: {file: %s, service: b}}\n"
    missing = {"no-healthcheck", "no-limits", "no-restart"}
    codes = {
        one.code for one in read(tmp_path / "1", {"compose.yaml": text % "gone.yml"}).hardening
    }
    assert not codes & missing
    files = {"compose.yaml": text % "b.yml", "b.yml": "services: {b: {image: 'y:1'}}\n"}
    assert {one.code for one in read(tmp_path / "2", files).hardening} >= missing


def test_the_tools_own_words_are_no_change_of_a_deployment(tmp_path):
    """A release that words a verdict or a note otherwise makes no document red."""
    (tmp_path / "compose.yml").write_text(
        "services:\n  a:\n    image: a:1\n    environment:\n      K: ${K:?}\n"
    )
    facts = deploy.read_deploy(Project(tmp_path), ReadOptions())
    rows = [one.model_copy(update={"verdicts": ("Other words.",)}) for one in facts.matrix]
    notes = [one.model_copy(update={"message": "other words"}) for one in facts.hardening]
    worded = facts.model_copy(update={"matrix": tuple(rows), "hardening": tuple(notes)})
    assert worded != facts
    assert things_changed(facts, worded) == ()
    assert list(describe_differences(facts, worded)) == []
