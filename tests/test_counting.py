from footnotary.counting import in_words


def test_counts_are_said_in_the_field_s_words():
    """A reader sees nouns in their number; scripts have the names, zeros are left out."""
    counts = {"tables": 1, "fks": 2, "composite_pks": 1, "indexes": 1, "checks": 0, "volumes": 1}
    said = "1 table, 2 foreign keys, 1 composite primary key, 1 index, 1 volume"
    assert in_words(counts) == said
