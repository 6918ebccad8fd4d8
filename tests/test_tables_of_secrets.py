"""Secrets in the cells of Markdown tables: under the name of one, or behind it."""

from footnotary.secrecy.texts import without_credentials

MASKED = (
    ("| user | password |\n|---|---|\n| admin | hunter2xyz |\n", "hunter2xyz"),
    ("user | Password | note\n:--|--|--:\nadmin | `s3cr3tpw` | ok\n", "s3cr3tpw"),
    ("> | **DB Password** |\n> |---|\n> | tr0ub4dor |\n", "tr0ub4dor"),
    ("| a || passwd |\n|-|-|-|\n| b || open-sesame |\n", "open-sesame"),
    ("| Setting | Value |\n| --- | --- |\n| DB_PASSWORD | Hunter2xyzQ |\n", "Hunter2xyzQ"),
    ("| n | API key |\n|-|-|\n| 1 | aK29fjQ8slPq01x |\n", "aK29fjQ8slPq01x"),
    ("Text.\n\n| a \\| b | secret |\n|--|--|\n| c | correct-horse |\n\nMore.\n", "correct-horse"),
)
SHOWN = (
    "| Field | Secret |\n|---|---|\n| name | yes |\n| key | see below for it |\n",
    "| Name | Password |\n|---|---|\n| admin | $DB_PASSWORD |\n| bob | required |\n",
    "| Setting | Value |\n|---|---|\n| TOKEN_TTL | 3600 |\n| MODE | Hunter2xyzQ |\n",
    "| Class | At |\n|---|---|\n| Secret | src/App2/secret.py:10 |\n",
    "| Token | Meaning |\n|---|---|\n| IDENT | a name |\n",
    "| user | password |\n|---|---|\n\nadmin, hunter-xyz | nothing\n",
    "| user | password |\n\nnot a table | hunter-xyz\n",
)


def test_a_cell_under_the_name_of_a_secret_is_masked():
    """Columns by their header, rows by their first cell; the rest of the table stays as it is."""
    for text, secret in MASKED:
        assert without_credentials(text) == text.replace(secret, "***"), text


def test_other_cells_stay():
    """Names, places, placeholders, prose, and what is no table."""
    for text in SHOWN:
        assert without_credentials(text) == text
