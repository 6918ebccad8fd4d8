"""The gate: are the documents, their citations and their tables still true?

collecting   the documents and the records, and what their rules need to know besides
freshness    whether the facts are still those of the code: like with like
remembering  findings of documents that have not changed
baseline     findings that were there when the gate was adopted
checking_all all of it together
"""

from footnotary.gating.checking_all import GateOptions, Report, check_project

__all__ = ["GateOptions", "Report", "check_project"]
