"""The web: one `Fetcher`, polite, bounded and guarded.

urls          what may be asked, as browsers read URLs
addresses     which IP addresses are the public web
guard         the network: resolves, vets and connects, under one deadline
client        one request, one answer (httpx lives here and nowhere else)
decoding      bodies within limits
freshness     what may be reused, and what must be asked again (RFC 9111)
robots        robots.txt (RFC 9309)
turns         how often a host is asked
asker         one URL asked politely
errands       what one fetch is for, and where it is on its way
statuses      what an HTTP status means to a reader
fetcher       all of it together
fetches       what use cases need of whatever reads the web
forge_files   files at code forges: bytes, commit, lines
readings      where a source's words are read: its page, or what its publisher gives beside it
archive       snapshots (Memento, Save Page Now)
saved         a page that the user saved by hand
"""

from footnotary.fetch.fetcher import Fetcher

__all__ = ["Fetcher"]
