"""An agent's whole work over MCP, with the SDK's own client, in today's protocol and two older."""

import functools

import pytest

from test_mcp_server import Asking, serving

pytestmark = pytest.mark.slow

GUIDE = """<html><head><title>Pool guide</title></head><body><h1>Pool guide</h1>
<p>A pool lends connections to requests and takes them back, so that none is opened twice.</p>
<p>See <a href="/reference.html">the reference</a> for its settings.</p></body></html>"""
REFERENCE = """<html><head><title>Pool reference</title></head><body><h1>Settings</h1>
<p>The setting pool_size has a default of 5 connections for each process of the server.</p>
<p>Requests that find no free connection wait for 30 seconds before they fail.</p></body></html>"""


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The address of a documentation site on loopback."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "guide.html").write_text(GUIDE)
    (folder / "reference.html").write_text(REFERENCE)
    with serving(folder) as address:
        yield address


@pytest.fixture
def project(tmp_path):
    """A small backend with a compose file, whose settings allow loopback."""
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "shop"\n[tool.footnotary]\nallow-private = true\n'
    )
    (tmp_path / "compose.yml").write_text("services:\n  db:\n    image: postgres:16\n")
    return tmp_path


@pytest.mark.parametrize("version", ["2026-07-28", "2025-03-26", "2024-11-05"])
def test_an_agent_researches_decides_documents_and_hands_over(project, site, version, monkeypatch):
    """It is refused a false quote, told which page has it, and leaves a gate that passes.

    One of the projects writes its markers as footnotes.
    """
    how = {"mode": "auto"}
    if version == "2025-03-26":
        with (project / "pyproject.toml").open("a") as settings:
            settings.write('marker = "[^1]"\n')
    if version < "2026":
        monkeypatch.setattr("mcp.client.session.LATEST_HANDSHAKE_VERSION", version)
        how = {"mode": "legacy"}
    Asking(project).session(functools.partial(_work, site, version, project), **how)


async def _work(site, version, project, client):
    """Do the work and hold each step."""
    assert client.protocol_version == version

    async def call(name, **arguments):
        result = await client.call_tool(name, arguments)
        assert not result.is_error, (name, result.content)
        return result.structured_content

    today = (await call("now"))["today"]
    begun = await call("hand_over", check=False)
    assert begun["research"] == []
    assert "Whether the gate passes: it was not run." in begun["unknown"]
    question = "How many connections does the pool have?"
    prompt = await client.get_prompt("research_and_document", {"question": question})
    assert question in prompt.messages[0].content.text

    note = await call("start_note", question=question)
    for page in ("guide", "reference"):
        read = await call("read_page", url=f"{site}/{page}.html")
        assert read["untrusted_page_text"]["title"].startswith("Pool")
    quote = "The setting pool_size has a default of 5 connections for each process"
    false = await call("cite", url=f"{site}/reference.html", quote=quote.replace("5", "50"))
    assert false["outcome"] in ("near", "absent")
    assert "Nothing was written." in false["explained"][false["outcome"]]
    misplaced = await call("cite", url=f"{site}/guide.html", quote=quote)
    assert [one["url"] for one in misplaced["elsewhere"]] == [f"{site}/reference.html"]
    claim = "The pool has a default of 5 connections for each process of the server."
    document = note["path"]
    wrong = claim.replace("5", "8")
    over = await call(
        "cite", url=f"{site}/reference.html", quote=quote, claim=wrong, document=document
    )
    assert over["outcome"] == "unsupported-claim"
    assert over["explained"]["unsupported"]
    cited = await call(
        "cite", url=f"{site}/reference.html", quote=quote, claim=claim, document=document
    )
    assert cited["outcome"] == "exact"
    sign = "[^" if version == "2025-03-26" else "^["
    assert cited["marker"] == f"{sign}{cited['key']}]"
    text = (project / document).read_text()
    assert (f"{claim}{sign}1]" in text, "[^1]: Pool reference" in text) == (True, sign == "[^")
    support = cited["citation"]["claims"][0]["support"]
    assert support in cited["explained"]
    await call("log_to_note", entry="left_out", url=f"{site}/guide.html", text="no figures")
    await call("decide", chosen="the default of 5", why="it is enough", options=["5", "20"])

    handed = await _hand_over(call, client, project, document, cited["key"])
    assert [one["question"] for one in handed["research"]] == [question]
    assert "default of 5" in handed["research"][0]["decision"]
    assert handed["made"].startswith(today)


async def _hand_over(call, client, project, document, key):
    """Write a document from the code, read what there is, mend what drifts, and hand over."""
    written = await call("new_document", kind="deploy")
    checked = await call("check_documents")
    assert (checked["errors"], checked["warnings"]) == (0, 0), checked["findings"]
    trail = await call("read_note")
    events = [one["event"] for one in trail["events"]]
    assert {"question", "reading", "refusal", "quote", "rejection", "decision"} <= set(events)

    index = await client.list_resources()
    templates = await client.list_resource_templates()
    assert "footnotary://rules" in {str(one.uri) for one in index.resources}
    assert len(templates.resource_templates) == 4
    name = document.rpartition("/")[2]
    text = (await client.read_resource(f"footnotary://documents/{name}")).contents[0].text
    assert text == (project / document).read_text()
    record = (await client.read_resource(f"footnotary://citations/{key}")).contents[0].text
    assert "untrusted_page_text" in record

    (project / "compose.yml").write_text("services:\n  db:\n    image: postgres:17\n")
    drifted = await call("check_documents", changed=False)
    assert drifted["errors"] == 1
    assert "postgres:17" in (await call("diff_documents"))["results"][0]["diff"]
    await call("fix_documents")
    handed = await call("hand_over")
    assert handed["gate"]["outcome"] == "passed"
    assert {one["path"] for one in handed["documents"]} == {document, written["path"]}
    return handed
