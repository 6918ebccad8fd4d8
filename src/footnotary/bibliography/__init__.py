"""Citations as BibTeX, CSL-JSON and RIS, and back: pure, no file is read or written.

What is exported holds the quote and the access date, so that what comes back can be
checked against its source again. Nothing that is imported counts as verified before
that: `citing.bring_in` reads every page anew.
"""

from footnotary.bibliography.entry import Reference, make_reference
from footnotary.bibliography.formats import FORMATS, exported, imported

__all__ = ["FORMATS", "Reference", "exported", "imported", "make_reference"]
