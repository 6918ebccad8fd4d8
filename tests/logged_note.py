"""A research note whose trail says much, good and hostile."""

from footnotary import noting
from footnotary.noting import recording

HOSTILE = "</q></li><script>x</script> {{ 7*7 }} [x](javascript:alert(1)) `c` ^[1] |"


def log_everything(project, record):
    """Start a note, and log events of every kind to it but a decision.

    Args:
        project: A project with pyproject.toml.
        record: A record of it, which is quoted.
    """
    note = noting.start_note(project, "Which <b>pool</b> {{ size }}?").note
    url = record.final_url
    recording.log_search(project, "pages read", HOSTILE, 3)
    recording.log_reading(project, url, "Read <i>it</i>")
    recording.log_refusal(project, url, "Read", quote=HOSTILE, outcome="absent")
    recording.log_quote(project, url, "Read", record.key, record.quote.exact)
    recording.log_reading(project, "javascript:alert(1)", HOSTILE)
    recording.log_reading(project, "https://gone.example.org/", "", "It answers 404.")
    recording.reject_source(project, note, "https://left.example.org/", HOSTILE)
    recording.add_remark(project, note, HOSTILE)
    return note
