import os
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from footnotary.errors import RecordError
from footnotary.models import Check, CheckOutcome, Citation, Claim, Evidence, Quote
from footnotary.record_files import MAX_RECORD_BYTES, dumped, parse_record, read_record
from footnotary.records import RecordStore, make_key
from footnotary.yaml_text import MAX_NESTING
from tables import each_row

DATA = Path(__file__).parent / "data"


def citation(**changes):
    """A small whole record."""
    url = changes.pop("final_url", "https://docs.example.org/a")
    exact = changes.pop("exact", "Dependencies are resolved once.")
    title = changes.get("title", "Dependencies")
    return Citation(
        key=make_key(url, exact, "Example", title),
        url=url,
        final_url=url,
        **{"title": title, "site": "Example", "accessed": date(2026, 11, 23)} | changes,
        quote=Quote(exact=exact),
        evidence=Evidence(
            retrieved_at=datetime(2026, 11, 23, 12, tzinfo=UTC),
            body_sha256="0" * 64,
            text_sha256="1" * 64,
            passage=f"… {exact} …",
        ),
    )


def test_a_record_that_was_read_is_written_to_the_same_bytes(tmp_path):
    """Records are byte-stable: reading and writing one is no change in git."""
    store = RecordStore(tmp_path)
    record = citation(
        title="1.10",
        published=date(2025, 1, 2),
        search_terms=("no", "2026-01-01"),
        versions={"fastapi": "0.110"},
        checks=(Check(date=date(2026, 11, 24), outcome=CheckOutcome.HELD),),
    )
    path = store.new(record)
    before = path.read_bytes()
    assert store.get(record.key) == record
    store.save(store.get(record.key))
    assert path.read_bytes() == before


@pytest.mark.slow
@given(
    st.text(min_size=1).filter(lambda s: s.strip()),
    st.text(),
)
def test_any_text_survives_a_record(tmp_path_factory, quote, title):
    """What a page says is kept to the letter, whatever it says."""
    quote, title = (
        "".join(c for c in s if not "\ud800" <= c <= "\udfff") or "x" for s in (quote, title)
    )
    record = citation(exact=quote, title=title)
    path = tmp_path_factory.mktemp("r") / f"{record.key}.yaml"
    path.write_bytes(dumped(record))
    assert read_record(path) == record


def test_fields_stand_in_the_order_of_the_contract(tmp_path):
    """The order on disk is fixed, so that diffs show what changed."""
    fields = list(yaml.safe_load(dumped(citation())))
    assert fields == [
        "schema", "key", "url", "final_url", "title", "site", "authors", "published",
        "modified", "stated_by", "accessed", "quote", "claims", "evidence", "search_terms", "tags",
        "versions", "archive_url", "license", "checks", "superseded_by",
    ]  # fmt: skip


def broken(change):
    """A record's text with one change."""
    return change(dumped(citation()).decode())


@each_row(
    ("change", "says"),
    [
        (lambda t: t.replace("schema: 2", "schema: 7"), "schema 7"),
        (lambda t: t.replace("schema: 2", "schema: '2'"), "Invalid schema '2'"),
        (lambda t: t.replace("schema: 2", "schema: true"), "Invalid schema True"),
        (lambda t: t.replace("schema: 2", "schema: 0"), "Invalid schema 0"),
        (lambda t: t.replace("schema: 2\n", ""), "has no schema"),
        (lambda t: t.replace("schema: 2", "schema:"), "has no schema"),
        (lambda t: t.replace("schema: 2", "schema: 1"), "schema 1 and the field claims"),
        (lambda t: t + "claim: 'x'\n", "schema 2 and the field claim, which is of schema 1"),
        (lambda t: t + "colour: red\n", "colour"),
        (lambda t: t + "title: twice\n", "twice"),
        (lambda t: t.replace("tags: []", "tags: &a [x, *a]"), "alias"),
        (lambda t: t.replace("tags: []", "tags: [&a x, *a]"), "alias"),
        (lambda t: t.replace("tags: []", "tags: " + "[" * (MAX_NESTING + 1)), "deep"),
        (lambda t: t.replace("accessed: '2026-11-23'", "accessed: soon"), "accessed"),
        (lambda _: "- a list\n", "no fields"),
        (lambda _: "a: b: c", "not a valid YAML record"),
        (lambda _: "<<<<<<< HEAD\nschema: 1\n", "merge conflict at line 1"),
        (lambda t: t.replace("key: ", "key: x"), "holds the record of"),
        (lambda t: t + "x" * 300_000, "larger"),
    ],
)
def test_a_broken_record_is_one_sentence_with_its_file_and_field(tmp_path, change, says):
    """A record edited by hand into any state is named; it is never half-read."""
    key = citation().key
    path = tmp_path / f"{key}.yaml"
    path.write_text(broken(change))
    with pytest.raises(RecordError) as error:
        RecordStore(tmp_path).get(key)
    assert key in error.value.message
    assert says in error.value.message
    assert "\n" not in error.value.message


def test_invalid_utf8_is_named(tmp_path):
    """Bytes that are no text are a RecordError too."""
    key = citation().key
    (tmp_path / f"{key}.yaml").write_bytes(b"title: \xff\n")
    with pytest.raises(RecordError):
        RecordStore(tmp_path).get(key)


def test_two_quotes_of_one_page_are_two_records():
    """The key holds the quote's hash."""
    assert citation(exact="One sentence here.").key != citation(exact="Another one here.").key


@pytest.mark.slow
@given(st.text(), st.text(), st.text())
def test_every_key_is_a_safe_file_name(site, title, quote):
    """No site's title leads out of the folder."""
    quote = quote.encode("utf-8", "ignore").decode()
    key = make_key("https://example.org/", quote, site, title)
    assert len(key) <= 60
    assert set(key) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert key[0] != "-"


def test_a_key_that_leaves_the_folder_is_refused(tmp_path):
    """`cite show ../../etc` reads nothing."""
    with pytest.raises(RecordError):
        RecordStore(tmp_path).get("../secrets")


def test_the_beginning_of_a_key_is_enough(tmp_path):
    """A unique beginning names a record; an ambiguous one is refused with the candidates."""
    store = RecordStore(tmp_path)
    one, two = citation(title="Alpha"), citation(title="Alpine")
    store.new(one)
    store.new(two)
    assert store.get("example-alph") == one
    with pytest.raises(RecordError) as ambiguous:
        store.get("example-al")
    assert one.key in ambiguous.value.hint


def test_of_many_changes_at_once_none_is_lost(tmp_path):
    """A record is read and written again with no other change in between."""
    store = RecordStore(tmp_path)
    record = citation()
    store.new(record)

    def tagged(number):
        return store.change(
            record.key,
            lambda old: old.model_copy(update={"tags": (*old.tags, f"t{number}")}),
        )

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(tagged, range(24)))
    tags = store.get(record.key).tags
    assert set(tags) >= {f"t{number}" for number in range(24)}


def test_of_many_writers_of_a_new_record_one_wins(tmp_path):
    """A new record is linked into place: it can be made once, and is never overwritten."""
    store = RecordStore(tmp_path)

    def attempt(_):
        try:
            store.new(citation())
        except FileExistsError:
            return 0
        return 1

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(32))) == 1
    assert not [file for file in tmp_path.iterdir() if file.suffix == ".tmp"]


def test_the_bytes_of_a_record_are_those_of_the_last_release():
    """Width, quoting, order and indentation stay, else every record of a project changes in git."""
    record = citation(
        title="A long title that says Xylophones and more of it of the kind, so that its line is"
        " folded where it ends",
        exact="Rare\u2028break.",
        authors=("Ada Example",),
        claims=(Claim(text="yes", added=date(2026, 11, 23), support="supported"),),
        search_terms=("1.10",),
        versions={"a": "0.1"},
        checks=(Check(date=date(2026, 11, 24), outcome=CheckOutcome.HELD),),
    )
    assert dumped(record) == (DATA / "record.yaml").read_bytes()


def test_a_record_of_schema_one_is_read_whole(tmp_path):
    """Its one claim becomes the first of the claims, of the day it was read; all else stays."""
    raw = (DATA / "record-schema-1.yaml").read_bytes()
    record = parse_record(raw, "old.yaml")
    assert [(each.text, each.added, each.support) for each in record.claims] == [
        ("yes", date(2026, 11, 23), "undecided")
    ]
    today = (DATA / "record.yaml").read_bytes()
    assert dumped(record) == today.replace(b"support: supported", b"support: undecided")
    for wrong in (b"null", b"7", b"no"):
        with pytest.raises(RecordError, match=r"claims\.0\.text"):
            parse_record(raw.replace(b"'yes'", wrong), "old.yaml")
    half = raw.replace(b"claim: 'yes'", b"claims: []")
    with pytest.raises(RecordError, match=r"schema 1 and the field claims, which is of schema 2\."):
        parse_record(half, "half.yaml")


def test_a_record_of_a_newer_schema_says_what_to_do():
    """Which schemas this footnotary reads is said, and how to get one that reads more."""
    with pytest.raises(RecordError, match=r"schema 3, .*reads schemas 1 to 2") as newer:
        parse_record(broken(lambda text: text.replace("schema: 2", "schema: 3")).encode(), "a.yaml")
    assert "upgrade" in newer.value.hint


@each_row("mark", ["\x85", "\u2028", "\u2029", "\ufeff"])
def test_rare_line_breaks_are_kept_and_seen(tmp_path, mark):
    """Other YAML readers fold them, and an editor does not show them: they are escaped."""
    record = citation(exact=f"Words{mark}that a page has.", title=f"{mark}A{mark}")
    path = RecordStore(tmp_path).new(record)
    assert mark.encode() not in path.read_bytes()
    assert read_record(path) == record


def test_a_word_elsewhere_is_recorded_only_where_there_is_one():
    """Records of before there was the field keep their bytes."""
    record = citation()
    assert b"text_url" not in dumped(record)
    read = record.evidence.model_copy(update={"text_url": "https://docs.example.org/a.md"})
    assert b"  text_url: https://docs.example.org/a.md\n" in dumped(
        record.model_copy(update={"evidence": read})
    )


def test_equal_values_are_written_twice():
    """No anchors: they are hard to read, and forbidden when a record is read."""
    record = citation(search_terms=("a", "b"), tags=("a", "b"))
    assert b"&" not in dumped(record)
    assert b"*" not in dumped(record)


@each_row("key", ["../{}", "..", "/{}", "sub/{}", "{}.yaml", "UPPER", "", "a" * 61])
def test_a_name_that_is_no_key_reaches_no_file(tmp_path, key):
    """Not even where there is a record: nothing outside of the folder is read or removed."""
    record = citation()
    for folder in (tmp_path, tmp_path / "citations", tmp_path / "citations/sub"):
        RecordStore(folder).new(record)
    store = RecordStore(tmp_path / "citations")
    key = key.format(record.key)
    for act in (store.path, store.get, store.remove):
        with pytest.raises(RecordError, match="key"):
            act(key)
    assert RecordStore(tmp_path).keys() == (record.key,)


def test_a_file_whose_name_is_no_key_is_no_record(tmp_path):
    """It is named as such, beside the records that can be read."""
    store = RecordStore(tmp_path)
    record = citation()
    store.new(record)
    (tmp_path / "Nope_.yaml").write_bytes(dumped(record))
    (tmp_path / "notes.txt").write_text("none of ours")
    with pytest.raises(RecordError, match=r"Nope_\.yaml: Invalid name"):
        read_record(tmp_path / "Nope_.yaml")
    good, bad = store.readable()
    assert good == (record,)
    assert [error.message.partition(":")[0] for error in bad] == ["Nope_.yaml"]
    assert store.keys() == (record.key,)


def test_a_new_or_removed_record_touches_the_index(tmp_path):
    """Live reloaders see that a file changed, where they do not see a new or removed one."""
    store, index = RecordStore(tmp_path), tmp_path / ".index"

    def is_touched(act, *given):
        os.utime(index, (1_000_000_000, 1_000_000_000))
        act(*given)
        return index.stat().st_mtime > 1_000_000_000 and index.read_bytes() == b""

    one, two = citation(title="Alpha"), citation(title="Alpine")
    index.write_text("a list of an earlier release\n")
    assert is_touched(store.new, two)
    assert is_touched(store.save, one)
    assert not is_touched(store.change, one.key, lambda old: replaced(old, tags=("new",)))
    assert is_touched(store.remove, two.key)


def replaced(record, **fields):
    """A record with other fields."""
    return record.model_copy(update=fields)


def test_a_check_that_is_added_leaves_the_other_bytes_as_they_are(tmp_path):
    """The file is the one that writing all of it gives; what is not ours is written whole."""
    store = RecordStore(tmp_path)
    record = citation(exact="It says checks:\nand more", title="A\nchecks: []")
    store.new(record)
    path = store.path(record.key)

    def checked(old):
        past = Check(
            date=date(2026, 11, len(old.checks) + 1),
            outcome=CheckOutcome.CHANGED,
            detail="a: 'b'\n",
        )
        return replaced(old, checks=(*old.checks, past))

    for _ in range(3):
        now = store.change(record.key, checked)
        assert path.read_bytes() == dumped(now)
    raw = path.read_bytes()
    head, tail = raw.split(b"\nchecks:")
    others = (
        b"# mine\n" + raw,
        raw.replace(b"schema: 2", b'"schema": 2'),
        head.replace(b"\ntags: []", b"") + b"\nchecks:" + tail + b"tags: [mine]\n",
        raw.replace(b"\nchecks:", b'\n"checks":'),
    )
    for other in others:
        path.write_bytes(other)
        now = store.change(record.key, checked)
        assert len(now.checks) == 4
        assert read_record(path) == now
        assert path.read_bytes() == dumped(now)


def test_a_change_of_nothing_writes_nothing(tmp_path):
    """The file keeps its bytes and its date, also where its bytes are not ours."""
    store = RecordStore(tmp_path)
    record = citation()
    path = store.new(record)
    path.write_text("# a remark\n" + path.read_text())
    before = path.read_bytes(), path.stat().st_mtime_ns
    assert store.change(record.key, lambda old: old) == record
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_record_that_is_not_there_is_said_to_be_missing(tmp_path):
    """Whatever is asked of it, and nothing is made for it."""
    store = RecordStore(tmp_path / "none")
    key = citation().key
    for act in (store.get, store.remove, lambda key: store.change(key, lambda old: old)):
        with pytest.raises(RecordError, match=f"no citation '{key}'"):
            act(key)
    assert not store.folder.exists()
    assert (store.keys(), store.all(), store.readable()) == ((), (), ((), ()))


def test_records_are_read_in_the_order_of_their_keys(tmp_path):
    """And one that is broken is an error that names it."""
    store = RecordStore(tmp_path)
    records = [citation(title=title) for title in ("Beta", "Alpha", "Gamma")]
    for record in records:
        store.new(record)
    assert [record.title for record in store] == ["Alpha", "Beta", "Gamma"]
    assert store.all() == tuple(store)
    store.path(records[0].key).write_text("schema: 1\n")
    with pytest.raises(RecordError, match=records[0].key):
        store.all()


def test_a_whole_key_is_never_taken_for_the_beginning_of_another(tmp_path):
    """What is written out names its own record, though others begin alike."""
    store = RecordStore(tmp_path)
    short = citation().model_copy(update={"key": "example"})
    store.new(short)
    store.new(citation())
    assert store.get("example") == short


@each_row(
    ("site", "title", "key"),
    [
        ("Example", "A Title", "example-a-title"),
        ("Söhne & Co.", "…", "s-hne-co"),
        ("", "", "source"),
        ("x" * 80, "", "x" * 53),
        ("x" * 52 + " y", "", "x" * 52),
    ],
)
def test_a_key_is_made_of_site_title_and_words(site, title, key):
    """Readable, and with six digits of the digest of address and quote behind it."""
    digest = sha256(b"https://x.org/Words.").hexdigest()[:6]
    assert make_key("https://x.org/", "Words.", site, title) == f"{key}-{digest}"


@each_row(
    ("change", "says"),
    [
        (lambda t: t.replace("license: ''", "license: yes"), "license: "),
        (lambda t: t.replace("license: ''", "license: null"), "license: "),
        (lambda t: t.replace("license: ''", "license: 7"), "license: "),
        (lambda t: t.replace("license: ''", "license: !!binary aaaa"), "binary"),
        (lambda t: t.replace("status: 200", "status: '2x'"), "evidence.status: "),
        (lambda t: t.replace("tags: []", "tags: {a: b}"), "tags: "),
        (lambda t: t.replace("tags: []", "tags: x"), "tags: "),
        (lambda t: t.replace("schema: 2", "schema: 3"), "schema 3"),
        (lambda t: t.replace("  how: web", "  how: web\n  how: web"), "twice"),
        (lambda _: "", "no fields"),
        (lambda _: "words", "no fields"),
        (lambda t: t + "--- x\n", "not a valid YAML record"),
    ],
)
def test_a_field_of_another_type_is_named(tmp_path, change, says):
    """No value is bent to fit: what a person wrote is shown to that person."""
    key = citation().key
    path = tmp_path / f"{key}.yaml"
    path.write_text(broken(change))
    with pytest.raises(RecordError) as error:
        read_record(path)
    assert error.value.message.startswith(f"{key}.yaml")
    assert says in error.value.message
    assert "\n" not in error.value.message
    assert error.value.hint


def test_plain_words_stay_text(tmp_path):
    """A title `1.10` is no number, and a day no other thing than its letters."""
    key = citation().key
    path = tmp_path / f"{key}.yaml"
    text = broken(lambda t: t.replace("title: Dependencies", "title: 1.10"))
    path.write_text(text.replace("tags: []", "tags: [2026-01-01, 1e3, .5, =, <<, 0x1F.2]"))
    record = read_record(path)
    assert record.title == "1.10"
    assert record.tags == ("2026-01-01", "1e3", ".5", "=", "<<", "0x1F.2")


def test_a_record_may_be_as_large_as_the_limit(tmp_path):
    """One byte more is refused before it is parsed."""
    key = citation().key
    path = tmp_path / f"{key}.yaml"
    whole = dumped(citation())
    path.write_bytes(whole + b"#" * (MAX_RECORD_BYTES - len(whole)))
    assert read_record(path) == citation()
    path.write_bytes(whole + b"#" * (MAX_RECORD_BYTES - len(whole) + 1))
    with pytest.raises(RecordError, match="larger"):
        read_record(path)


def test_what_a_killed_process_left_is_removed_with_the_next_record(tmp_path):
    """Half a record beside the whole ones is nobody's; a file that is still new may be."""
    store = RecordStore(tmp_path)
    old, new = tmp_path / ".footnotary.abcdefgh.tmp", tmp_path / ".footnotary.abcdefgi.tmp"
    for file in (old, new):
        file.write_text("half a rec")
    os.utime(old, (0, 0))
    store.save(citation())
    assert (old.exists(), new.exists()) == (False, True)
