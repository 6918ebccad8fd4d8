"""The web: one `Fetcher`, polite, bounded and guarded.

urls          what may be asked, as browsers read URLs
guard         the network: resolves, vets and connects to the public web, under one deadline
client        one request, one answer (httpx lives here and nowhere else)
decoding      bodies within limits
semantics     what statuses mean, and what may be reused (RFC 9110, RFC 9111)
robots        robots.txt (RFC 9309)
asker         one URL asked politely, in turn
fetcher       all of it together
fetches       what use cases need of whatever reads the web
forge_files   files at code forges: bytes, commit, lines
readings      where a source's words are read: its page, or what its publisher gives beside it
style_sheets  what a page links that decides what of it is seen
saved         a page that the user saved by hand
local         files of the project as sources
"""

from footnotary.fetch.fetcher import Fetcher

__all__ = ["Fetcher"]
