from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from footnotary.errors import RecordError
from footnotary.models import Check, CheckOutcome, Citation, Evidence, Quote
from footnotary.records import RecordStore, dumped, key_of, read_record
from footnotary.yaml_text import MAX_NESTING


def citation(**changes):
    """A small whole record."""
    url = changes.pop("final_url", "https://docs.example.org/a")
    exact = changes.pop("exact", "Dependencies are resolved once.")
    title = changes.get("title", "Dependencies")
    return Citation(
        key=key_of(url, exact, "Example", title),
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
        "accessed", "quote", "claim", "evidence", "search_terms", "tags", "versions",
        "archive_url", "license", "checks", "superseded_by",
    ]  # fmt: skip


def broken(change):
    """A record's text with one change."""
    return change(dumped(citation()).decode())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.replace("schema: 1", "schema: 7"), "schema 7"),
        (lambda t: t + "colour: red\n", "colour"),
        (lambda t: t + "title: twice\n", "twice"),
        (lambda t: t.replace("tags: []", "tags: &a [x, *a]"), "alias"),
        (lambda t: t.replace("tags: []", "tags: [&a x, *a]"), "alias"),
        (lambda t: t.replace("tags: []", "tags: " + "[" * (MAX_NESTING + 1)), "deep"),
        (lambda t: t.replace("accessed: '2026-11-23'", "accessed: soon"), "accessed"),
        (lambda _: "- a list\n", "no fields"),
        (lambda _: "a: b: c", "no YAML"),
        (lambda _: "<<<<<<< HEAD\nschema: 1\n", "no YAML"),
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


@given(st.text(), st.text(), st.text())
def test_every_key_is_a_safe_file_name(site, title, quote):
    """No site's title leads out of the folder."""
    quote = quote.encode("utf-8", "ignore").decode()
    key = key_of("https://example.org/", quote, site, title)
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
