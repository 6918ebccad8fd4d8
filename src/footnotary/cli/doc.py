"""The `doc` commands: documents from the code, their citations, and the gate."""

from footnotary.cli import doc_adopt, doc_check, doc_commit, doc_reading, doc_writing
from footnotary.cli.groups import new_app

app = new_app("doc", "Documents that stay true: written from the code, each claim with its source.")


doc_writing.register_writing(app)
doc_reading.register_reading(app)
doc_check.register_gate(app)
doc_adopt.register_adopt(app)
doc_commit.register_commit(app)
