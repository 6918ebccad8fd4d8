"""`footnotary cache`: what is kept of the pages that were read, and how to drop it."""

from footnotary.cli.groups import new_app
from footnotary.cli.options import Printing, Where
from footnotary.cli.printing import echo, print_json

app = new_app("cache", "The pages that were read, kept on this machine; safe to drop.")


@app.command("show")
def show_cache(*, printing: Printing, where: Where) -> None:
    """Show where pages are kept, how many there are and how large they are.

    Example: footnotary cache show
    """
    from footnotary.cache import Cache
    from footnotary.library import TextLibrary

    _, settings = where.project_and_settings()
    cache = Cache(settings.cache_dir, create=False)
    pages = cache.pages()
    days = sorted(page.retrieved_at.date() for page in pages)
    size, searchable = cache.size(), TextLibrary(settings.cache_dir, create=False).count()
    cache.close()
    if printing.as_json:
        print_json(
            {
                "folder": str(settings.cache_dir),
                "pages": len(pages),
                "bytes": size,
                "oldest": days[0].isoformat() if days else None,
                "newest": days[-1].isoformat() if days else None,
                "indexed": searchable,
                "problem": cache.problem,
            }
        )
        return
    period = f", read between {days[0]} and {days[-1]}" if days else ""
    echo(f"{settings.cache_dir}: {len(pages)} pages, {size / 1_000_000:.1f} MB{period}")
    echo(f"{searchable} of the pages that were ever read are in the index of `footnotary search`.")
    if cache.problem:
        echo(f"warning: {cache.problem}", err=True)


@app.command("clear")
def clear(*, printing: Printing, where: Where) -> None:
    """Drop the kept pages and the search index; records and documents are not touched.

    Example: footnotary cache clear
    """
    from footnotary.cache import Cache
    from footnotary.errors import FootnotaryError
    from footnotary.library import TextLibrary

    _, settings = where.project_and_settings()
    cache = Cache(settings.cache_dir, create=False)
    pages = len(cache.pages())
    cache.clear()
    cache.close()
    if cache.problem:
        raise FootnotaryError(cache.problem, hint="Delete the folder by hand.")
    TextLibrary(settings.cache_dir, create=False).clear()
    if printing.as_json:
        print_json({"dropped": pages})
    elif not printing.quiet:
        echo(f"dropped: {pages} pages of {settings.cache_dir}", err=True)
