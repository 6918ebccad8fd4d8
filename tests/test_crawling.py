"""Documentation sites read within bounds, and the documentation of a library as installed."""

import http.server
import json
import threading
import zlib
from calendar import month_name

import pytest

from footnotary import crawling
from footnotary.cli.running import exit_code
from footnotary.crawling import CrawlScope, Documentation
from footnotary.crawling.libraries import find_address, version_names
from footnotary.crawling.listings import Inventory, read_inventory
from footnotary.readers.distributions import Distribution

WORDS = "words enough to be a page that somebody reads from its beginning to its end. " * 4


def page(title, *links):
    """Return a page with links."""
    shown = "".join(f'<a href="{link}">x</a>' for link in links)
    return (
        f"<!doctype html><title>{title}</title><main><h1>{title}</h1><p>{WORDS}{shown}</p></main>"
    )


def inventory(version, *rows):
    """Return an inventory, as Sphinx writes it."""
    head = f"# Sphinx inventory version 2\n# Project: x\n# Version: {version}\n# zlib\n"
    return head.encode() + zlib.compress("".join(f"{one}\n" for one in rows).encode())


@pytest.fixture
def serve():
    """Return a function that serves pages by path, and a list of what was asked for."""
    servers = []

    def begin(pages):
        asked = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                body = pages.get(self.path)
                where = body if isinstance(body, str) and body.startswith("/") else ""
                self.send_response(302 if where else 200 if body is not None else 404)
                if where:
                    self.send_header("Location", where)
                kind = "application/octet-stream" if isinstance(body, bytes) else "text/html"
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(body if isinstance(body, bytes) else (body or "").encode())

            def log_message(self, *words):
                """Say nothing."""

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return f"http://127.0.0.1:{server.server_port}", asked

    yield begin
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project that has a virtual environment, and no pause between pages."""
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "shop"\n')
    monkeypatch.setenv("FOOTNOTARY_DELAY", "0")
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to("/usr/bin/env")
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /usr/bin\n")
    return tmp_path


def install(root, name, version, *urls):
    """Put the metadata of a distribution into the project's environment."""
    folder = root / f".venv/lib/python3.11/site-packages/{name}-{version}.dist-info"
    folder.mkdir(parents=True)
    lines = [f"Name: {name}", f"Version: {version}", *(f"Project-URL: {one}" for one in urls)]
    (folder / "METADATA").write_text("Metadata-Version: 2.1\n" + "\n".join(lines) + "\n\nText\n")


def run(root, capsys, *words):
    """Run `footnotary library`; return exit code and what it says."""
    options = ["--allow-private", "--json", "--root", str(root)]
    code = exit_code("footnotary", ["library", *words, *options])
    out = capsys.readouterr()
    return code, json.loads(out.out) if out.out else out.err


def test_the_documentation_of_the_installed_version_is_read_and_found(project, serve, capsys):
    """Inventory, bounds, the version beside a moving one; `search` finds the pages afterwards."""
    rows = ("a py:module 0 a.html#module-$ -", "b c std:label -1 sub/b.html#x B C",
            "out std:doc -1 ../../other.html x", "img std:doc -1 x.png x")  # fmt: skip
    base, asked = serve(
        {
            "/": "/en/latest/",
            "/en/latest/": page("Moving"),
            "/en/latest/objects.inv": inventory("2.0", *rows),
            "/en/1.4.2/": page("Fixed"),
            "/en/1.4.2/objects.inv": inventory("1.4.2", *rows),
            "/en/1.4.2/a.html": page("Zebra"),
        }
    )
    install(project, "driver", "1.4.2", f"Source Code, {base}/src", f"Documentation, {base}/")
    code, found = run(project, capsys, "Driver")
    assert code == 1  # one page is gone
    assert (found["stated"], found["installed"]) == ("1.4.2", "1.4.2")
    assert found["is_of_installed"] is True
    assert (found["read"], found["how"]) == (2, "objects.inv")
    assert [one["url"] for one in found["refused"]] == [f"{base}/en/1.4.2/sub/b.html"]
    assert not any("other" in one or "png" in one for one in asked)
    assert exit_code("footnotary", ["search", "zebra", "--root", str(project)]) == 0
    before, _ = len(asked), capsys.readouterr()
    code, found = run(project, capsys, "driver")
    assert (found["read"], found["kept"]) == (0, 2)
    assert not [one for one in asked[before:] if one.endswith("a.html")]


def test_another_version_is_said(project, serve, capsys):
    """Where no documentation of the installed version is beside it, that is told, and exit 1."""
    pages = {
        "/en/stable/": page("Docs"),
        "/en/stable/objects.inv": inventory("3.1", "a p:q 0 a.html -"),
    }
    base, _ = serve(pages | {"/en/stable/a.html": page("A")})
    install(project, "driver", "2.9", f"docs, {base}/en/stable/")
    options = ["--allow-private", "--root", str(project)]
    assert exit_code("footnotary", ["library", "driver", *options]) == 1
    assert "2.9 is installed, but the documentation is of 3.1" in capsys.readouterr().err
    for package in ("nothing", "https://", "driver2"):
        if package == "driver2":
            install(project, "driver2", "1", "Changelog, https://example.org/c")
        code, words = run(project, capsys, package)
        assert code == 2, words


@pytest.mark.slow
def test_a_site_without_a_list_is_walked_and_traps_end(project, serve, capsys):
    """Calendars, sessions, circles and links out lead nowhere; a second run goes on."""
    trap = "/docs/cal/next/"
    pages = {
        "/docs/": page(
            "First", "a/", "?month=2", "b/;jsessionid=77", "/outside/", "//example.org/x",
            "javascript:alert(1)", "mailto:x@y", trap, "c.pdf#p", "a/#x",
        ),
        "/docs/a/": page("A", "../", "../b/", "/docs/private/x"),
        "/docs/b/": page("B", "../b/?session=1"),
        "/docs/c.pdf": b"%PDF-1.4",
        "/docs/private/x": page("Secret"),
        "/robots.txt": b"User-agent: *\nDisallow: /docs/private\n",
    }  # fmt: skip
    for depth in range(1, 9):
        pages[trap.replace("next/", "next/" * depth)] = page(f"Day {depth}", "next/")
    base, asked = serve(pages)
    code, first = run(project, capsys, f"{base}/docs/", "--limit", "2")
    assert (code, first["read"], first["how"]) == (0, 2, "links")
    assert first["left"] > 0
    code, second = run(project, capsys, f"{base}/docs/")
    assert first["read"] + second["read"] == 6
    assert second["kept"] == 2
    assert [one["url"] for one in second["refused"]] == [f"{base}/docs/private/x"]
    assert code == 1
    assert not [one for one in asked if "?" in one or ";" in one or "outside" in one]
    assert len([one for one in asked if "next/next/next" in one]) == 0


def test_a_site_that_gives_each_answer_a_new_session_in_its_path_ends(project, serve, capsys):
    """A page read before, at another address, leads no further; different pages all do."""

    class Sessions(dict):
        def get(self, path):
            """Return a page whose links and script hold an id that no page has had before."""
            if not path.endswith(".html") and path != "/docs/":
                return None
            self[path] = len(self)
            name = path.rpartition("/")[2].partition(".")[0]
            links = [f"/docs/s{len(self)}x{n}/{one}.html" for n, one in enumerate("abc")]
            return page(f"Page {name}", *links) + f"<script>session = {len(self)}</script>"

    base, asked = serve(Sessions())
    code, found = run(project, capsys, f"{base}/docs/", "--limit", "1000")
    assert (code, found["left"]) == (0, 0)
    names = [one.rpartition("/")[2] for one in asked if one.endswith(".html")]
    assert {name: names.count(name) for name in names} == dict.fromkeys(
        ("a.html", "b.html", "c.html"), 4
    )


@pytest.mark.slow
def test_clocks_and_calendars_end(project, serve, capsys):
    """What differs in numbers and dates alone leads no further, and that is said."""

    class Clock(dict):
        def get(self, path):
            """Return a page that was never the same, and links to addresses that never were."""
            self[path] = at = len(self)
            clock = (
                f"Tuesday, {at} December 2026, {at % 12}:0{at % 10} {'AP'[at % 2]}M. {at}th visit"
            )
            if "/cal/" in path:
                year, month, day = (int(one) for one in path.split("/")[-4:-1])
                after = f"/docs/cal/{year + month // 12}/{month % 12 + 1}/{day}/"
                return page(
                    f"{month_name[month]} {year}", after, f"/docs/cal/{year}/{month}/{day + 1}/"
                )
            if not path.startswith("/docs/"):
                return None
            name = path.rpartition("/")[2]
            links = [f"/docs/s{at}/{one}" for one in ("red", "green", "blue")]
            return page(f"Page {name}", *links, "/docs/cal/2026/12/1/") + clock

    base, asked = serve(Clock())
    code, found = run(project, capsys, f"{base}/docs/", "--limit", "1000")
    assert (code, found["left"]) == (0, 0)
    assert found["read"] < 25
    assert found["alike"] > 3
    for name in ("red", "green", "blue", "cal/2026/12/1/"):
        assert [one for one in asked if one.endswith(name)], name
    assert (
        exit_code(
            "footnotary", ["library", f"{base}/docs/", "--allow-private", f"--root={project}"]
        )
        == 0
    )
    assert "pages not followed" in capsys.readouterr().err


def test_numbered_pages_are_followed(project, serve, capsys):
    """Pages of one template whose words differ are read, however alike their addresses are."""
    names = [f"E{n}" for n in range(500, 520)]
    words = {one: f"Rule {'x' * at} says something" for at, one in enumerate(names)}
    pages = {f"/docs/{one}.html": page(words[one], f"{after}.html")
             for one, after in zip(names, names[1:] + names[:1], strict=True)}  # fmt: skip
    base, _ = serve(pages | {"/docs/": page("Rules", "E500.html")})
    _, found = run(project, capsys, f"{base}/docs/")
    assert (found["read"], found["alike"]) == (21, 0)


def test_a_crawl_that_is_interrupted_says_so_and_goes_on(project, serve, capsys, monkeypatch):
    """What was read until then is kept, and is not asked for again."""
    pages = {f"/docs/{one}/": page(f"Page {one}") for one in "abc"}
    base, asked = serve(pages | {"/docs/": page("All", *(f"{one}/" for one in "abc"))})
    read, left = vars(crawling)["_read"], iter(range(2))

    def interrupted(*words):
        if next(left, None) is None:
            raise KeyboardInterrupt
        return read(*words)

    monkeypatch.setattr(crawling, "_read", interrupted)
    code, said = run(project, capsys, f"{base}/docs/")
    assert (code, said) == (130, "interrupted\n")
    monkeypatch.undo()
    monkeypatch.setenv("FOOTNOTARY_DELAY", "0")
    before = len(asked)
    code, found = run(project, capsys, f"{base}/docs/")
    assert (code, found["read"], found["kept"]) == (0, 2, 2)
    assert not {"/docs/a/"} & set(asked[before:])


def test_versions_beside_each_other_are_followed(project, serve, capsys):
    """What differs in the version in its address has pages of its own, and they are read."""
    versions = ("v1", "v2", "api-v3", "1.4", "2.0", "2.x")
    pages = {f"/docs/{one}/": page("Reference", "users.html") for one in versions}
    pages |= {f"/docs/{one}/users.html": page("Users", "more.html") for one in versions}
    pages |= {f"/docs/{one}/more.html": page(f"More {'x' * n}") for n, one in enumerate(versions)}
    base, asked = serve(pages | {"/docs/": page("All", *(f"{one}/" for one in versions))})
    _, found = run(project, capsys, f"{base}/docs/")
    assert {one for one in asked if one.endswith("more.html")} == {
        f"/docs/{one}/more.html" for one in versions
    }
    assert found["read"] == 19


def test_a_site_that_was_read_is_in_the_trail_by_its_title(project, serve, capsys):
    """A site's own title is logged where no library names it."""
    base, _ = serve({"/docs/": page("Pools and workers")})
    assert exit_code("footnotary", ["note", "start", "Which pool?", "--root", str(project)]) == 0
    capsys.readouterr()
    run(project, capsys, f"{base}/docs/")
    assert exit_code("footnotary", ["note", "show", "--json", "--root", str(project)]) == 0
    events = json.loads(capsys.readouterr().out)["events"]
    assert [one["title"] for one in events if one["event"] == "reading"] == ["Pools and workers"]


def test_a_result_of_a_private_host_is_cited_by_the_command_that_works(
    project, serve, capsys, monkeypatch
):
    """`--allow-private` is part of the command of what was read with it; a setting spares it."""
    base, _ = serve({"/docs/": page("Pools and workers")})
    run(project, capsys, f"{base}/docs/")
    search = ["search", "pools", "--json", "--root", str(project)]
    assert exit_code("footnotary", search) == 0
    (found,) = json.loads(capsys.readouterr().out)
    assert found["command"] == "cite result 1 --allow-private"
    words = found["command"].split()[1:]
    assert exit_code("cite", [*words, "--root", str(project)]) == 0
    capsys.readouterr()
    page_of_another = project / "other.html"
    page_of_another.write_text(page("Other") + "Nothing of that kind is here. " * 9)
    refused = ["https://a.example/", "--file", str(page_of_another), "--quote", found["quotable"]]
    for options in ([], ["--allow-private"]):
        assert exit_code("cite", [*refused, "--json", *options, "--root", str(project)]) == 1
        (said,) = json.loads(capsys.readouterr().out)["elsewhere"]
        assert said["command"].count("--allow-private") == 1
    monkeypatch.setenv("FOOTNOTARY_ALLOW_PRIVATE", "true")
    assert exit_code("footnotary", search) == 0
    (found, *_) = json.loads(capsys.readouterr().out)
    assert found["command"] == "cite result 1"


def test_addresses_and_versions():
    """What is in scope, what an inventory names, and which versions are the same series."""
    scope = CrawlScope("https://x.org/en/")
    assert scope.page("a.html?q#f") == "https://x.org/en/a.html"
    assert scope.page("https://x.org/en") == "https://x.org/en"
    for url in ("https://x.org/english/", "http://x.org/en/a", "https://x.org:8/en/", "/", "..",
                "https://x.org.evil.org/en/", "https://[x/", "a.css", "x/" * 20):  # fmt: skip
        assert scope.page(url) == "", url
    for body in (b"", b"<html>", b"# Sphinx inventory version 2\n# P\n# V\n#\nnot zlib"):
        assert read_inventory(body) == Inventory(), body
    listed = inventory(
        "0.0.0",
        "a b py:m 1 p.html#$ -",
        "x std:doc -1 d/ T",
        "y js:f 0 p.html z",
        "index std:doc -1  Home",
        "modindex std:label -1 py-modindex.html M",
    )
    assert read_inventory(listed) == Inventory("", ("p.html", "d/", ""), is_whole=True)
    for stated, installed, same in (
        ("1.4", "1.4.2", True), ("1.4.2", "1.4.2", True), ("1.5", "1.4.2", False),
        ("", "1.4.2", None), ("latest", "1.4.2", None), ("v2", "2.1", True),
        ("1.4.2", "1.4", False),
    ):  # fmt: skip
        named = Documentation("u", scope, "links", (), stated, "x", installed)
        assert named.is_of_installed is same, (stated, installed)


_FIELDS = {  # as real distributions have them
    "aiohttp": (
        (
            "Homepage, https://github.com/aio-libs/aiohttp",
            "CI: GitHub, https://x.org/ci",
            "Docs: Changelog, https://docs.aiohttp.org/en/stable/changes.html",
            "Docs: RTD, https://docs.aiohttp.org",
        ),
        "",
        "docsrtd",
        "https://docs.aiohttp.org",
    ),
    "marshmallow": (
        (
            "Changelog, https://marshmallow.readthedocs.io/en/latest/changelog.html",
            "Source, https://github.com/x/y",
        ),
        "",
        "changelog",
        "https://marshmallow.readthedocs.io/",
    ),
    "h11": (
        ("Homepage, https://github.com/python-hyper/h11",),
        "http://h11.readthedocs.io/x https://o.readthedocs.io/",
        "description",
        "http://h11.readthedocs.io/",
    ),
    "keystone": (
        ("Homepage, https://docs.openstack.org/keystone",),
        "",
        "homepage",
        "https://docs.openstack.org/keystone",
    ),
    "flask-restful": (
        ("Homepage, https://www.github.com/flask-restful/flask-restful/",),
        "",
        "",
        "",
    ),
    "uri": (("Homepage, https://gitlab.linss.com/open-source/uri",), "", "", ""),
    "orjson": (
        ("Homepage, https://github.com/ijl/orjson", "Documentation, https://github.com/ijl/orjson"),
        "",
        "documentation",
        "https://github.com/ijl/orjson",
    ),
    "black": (
        ("Documentation, https://github.com/x/y#readme", "Homepage, https://black.example.org"),
        "",
        "homepage",
        "https://black.example.org",
    ),
    "hidden": (("Documentation, javascript:alert(1)", "Docs, ftp://x.org/"), "", "", ""),
}


def test_the_address_is_chosen_by_label_and_place(project):
    """Documentation by any name, then Read the Docs, then the home page; forges last."""
    for name, (urls, described, label, address) in _FIELDS.items():
        install(project, name, "1", *urls)
        folder = project / f".venv/lib/python3.11/site-packages/{name}-1.dist-info"
        with (folder / "METADATA").open("a") as file:
            file.write(described)
        assert find_address(Distribution(name, "1", folder)) == (label, address), name


@pytest.mark.slow
def test_the_installed_version_is_looked_for_in_the_form_of_the_site(project, serve, capsys):
    """`20` for 2.0, `v2.x`, a series, and sites that state none; what has everything has none."""
    assert version_names("2.1.9")["digits"] == "21"
    rows = ("a std:doc -1 a.html A",)

    def of(stated):
        return inventory(stated, *rows)

    soft = page("Everything")
    sites = (  # the first page, what is served, installed: what is read, and its version
        (
            "/en/20/",
            {
                "/en/20/objects.inv": of("2.0"),
                "/en/21/": page("N"),
                "/en/21/objects.inv": of("2.1"),
            },
            "2.1.9",
            "/en/21/",
            "2.1",
            True,
        ),
        (
            "/stable/",
            {
                "/stable/objects.inv": of("3.0"),
                "/v2.1/": page("N"),
                "/v2.1/objects.inv": of("2.1.3"),
            },
            "2.1.3",
            "/v2.1/",
            "2.1.3",
            True,
        ),
        ("/latest/", {"/2.1/": page("N")}, "2.1.3", "/2.1/", "2.1", True),
        (
            "/latest/",
            {f"/{name}/": soft for name in ("2.1", "2.1.3", "no-such-version")},
            "2.1.3",
            "/latest/",
            "",
            None,
        ),
        ("/latest/", {"/2.1/": "/latest/"}, "2.1.3", "/latest/", "", None),
        (
            "/latest/intro/",
            {"/latest/objects.inv": inventory("2.1.3", "i std:doc 1 intro/ I", *rows)},
            "2.1.3",
            "/latest/intro/",
            "2.1.3",
            True,
        ),
        ("/docs/", {"/docs/objects.inv": of("0.0.0")}, "2.1.3", "/docs/", "", None),
    )
    for number, (first, pages, installed, read, stated, same) in enumerate(sites):
        base, asked = serve({first: page("First"), **pages})
        install(project, f"lib{number}", installed, f"Documentation, {base}{first}")
        _, found = run(project, capsys, f"lib{number}", "--limit", "1")
        known = (found["url"], found["stated"], found["is_of_installed"])
        assert known == (f"{base}{read}", stated, same), (number, asked)


def test_lists_of_every_form_are_read(project, serve, capsys):
    """Packed and CDATA sitemaps, indexes, robots.txt; objects alone are not all pages."""
    place = "<urlset><loc>{}/d/{}</loc><loc><![CDATA[ {}/d/b/ ]]></loc></urlset>"
    index = "<sitemapindex><sitemap><loc>{}/s.xml.gz</loc></sitemap></sitemapindex>"
    packed = zlib.compressobj(wbits=31)
    base, asked = serve(pages := {})
    lists = packed.compress(place.format(base, "index.html", base).encode()) + packed.flush()
    common = {"/d/": page("D", "c/"), "/d/b/": page("B"), "/d/c/": page("C"), "/s.xml.gz": lists}
    for more, read, how in (
        ({"/sitemap.xml": index.format(base).encode()}, {"/d/", "/d/b/"}, "sitemap.xml"),
        ({"/robots.txt": f"Sitemap: {base}/s.xml.gz\n".encode()}, {"/d/", "/d/b/"}, "sitemap.xml"),
        (
            {
                "/d/objects.inv": inventory("1", "x py:m 1 b/#x -"),
                "/sitemap.xml": index.format(base).encode(),
            },
            {"/d/", "/d/b/"},
            "objects.inv and sitemap.xml",
        ),
        (
            {"/d/objects.inv": inventory("1", "x py:m 1 b/#x -")},
            {"/d/", "/d/b/", "/d/c/"},
            "objects.inv and links",
        ),
        (
            {"/sitemap.xml": f"<urlset><loc>{base}/d/</loc></urlset>".encode()},
            {"/d/", "/d/c/"},
            "links",
        ),
    ):
        pages.clear()
        pages.update(common | more)
        asked.clear()
        _, found = run(project, capsys, f"{base}/d/", "--refresh")
        assert found["how"] == how
        assert {
            one.replace("index.html", "")
            for one in asked
            if one.startswith("/d/") and not one.endswith((".inv", ".xml"))
        } == read, how
    site = Documentation("u", CrawlScope("https://x.org/doc/"), "links", (), "", "x", "2.1.3")
    for name, beside in (
        ("2.1/", False),
        ("2.1.3/a", False),
        ("stable/", False),
        ("2.0/a", True),
        ("v3", True),
        ("1.x.html", False),
        ("2024/", False),
        ("1.0.x/", True),
    ):
        assert site.is_beside(f"https://x.org/doc/{name}") is beside, name
