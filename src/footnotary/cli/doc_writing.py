"""`doc new`, `doc refresh`, `doc sync`: the commands that write documents."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from footnotary.cli.fetching import document_reader
from footnotary.cli.options import KindArgument, Printing, ReadingGroup, Where
from footnotary.cli.printing import echo, print_json, waiting
from footnotary.counting import counted

if TYPE_CHECKING:
    from footnotary.facts.options import ReadOptions
    from footnotary.project import Project
    from footnotary.writing import StoredDocument, WrittenDocument

T = TypeVar("T")
ForceOption = Annotated[
    bool, typer.Option("--force", help="Overwrite edited regions; renew the commit.")
]
DocumentsArgument = Annotated[
    list[str] | None,
    typer.Argument(metavar="DOC", help="Documents: paths or file names. [default: all]"),
]


def run_doc_new(
    kind: KindArgument,
    name: Annotated[
        str,
        typer.Argument(
            metavar="PROJECT",
            help="The project, or the question of a research note. [default: the project's name]",
        ),
    ] = "",
    *,
    reading: ReadingGroup,
    force: ForceOption = False,
    save: Annotated[
        bool,
        typer.Option("--save", help="Write these options to [tool.footnotary] of pyproject.toml."),
    ] = False,
    context: typer.Context,
    printing: Printing,
    where: Where,
) -> None:
    """Write today's document from the code; carry over the prose of the last one.

    The last document of the kind moves to the archive; both name each other.

    The settings of how a project is read are options too, for one call: --python, --env-file,
    --mock, --package, --metadata, --import, --dialect, --timeout, --allow-private.

    Example: doc new api shop --app shop.main:app

    Exit codes: 0 written, 1 a region was edited by hand (nothing is written), 2 the project
    could not be read.
    """
    from footnotary.errors import UsageError
    from footnotary.writing import write_document as write_new

    project, settings = where.project_and_settings()
    if kind == "research" and not name:
        raise UsageError("A research note needs a question.", hint='doc new research "Which …?"')
    options = reading.options(project.root, kind)
    fetch = document_reader(settings, allow_private=reading.allow_private)

    def write() -> "WrittenDocument":
        if kind == "research":
            from footnotary.noting import write_note

            return write_note(project, name, force=force)
        return write_new(project, kind, name or project.name, options, force=force, fetch=fetch)

    with waiting("reading the project", hidden=printing.quiet):
        written = unless_edited(write)
    _tell(written, project.root, printing, verbose=bool(context.params.get("verbose")))
    if kind != "research" and (given := _to_be_settings(options, project)):
        from footnotary.config import write_settings

        said = ", ".join(given)
        if save:
            path = write_settings(project, given)
            echo(f"{path.name}: {said} written to [tool.footnotary]", err=True)
        elif not (printing.quiet or printing.as_json):
            echo(f"note: --save keeps {said} in [tool.footnotary], for CI and every command.",
                 err=True)  # fmt: skip


def _to_be_settings(options: "ReadOptions", project: "Project") -> dict[str, str | list[str]]:
    """Return what was given on the command line, as settings; without what these say already."""
    from footnotary.writing.options import stored_options

    names = {"app": "app", "env_file": "env-file", "mocks": "mocks", "metadata": "metadata",
             "imports": "imports", "package": "package", "dialect": "dialect"}  # fmt: skip
    root = project.root
    told = stored_options(project.usual_reading, root)
    return {
        names[name]: value if isinstance(value, str) else list(value)
        for name, value in stored_options(options, root).items()
        if name in names and told.get(name) != value
    }


def run_doc_refresh(
    documents: DocumentsArgument = None,
    *,
    reading: ReadingGroup,
    force: ForceOption = False,
    context: typer.Context,
    printing: Printing,
    where: Where,
) -> None:
    """Rewrite the regions of current documents from the code; date and prose stay.

    Example: doc refresh API-shop-2026-11-23

    Exit codes: 0 done, 1 a region was edited by hand (nothing is written), 2 the project
    could not be read.
    """
    from footnotary.writing import refresh_document as rewrite

    project, settings = where.project_and_settings()
    wanted = choose_documents(project, documents)
    options = reading.options(project.root, *{each.kind_name for each in wanted})
    fetch = document_reader(settings, allow_private=reading.allow_private)
    with waiting("reading the project", hidden=printing.quiet):
        written = unless_edited(
            lambda: [rewrite(project, each, options, force=force, fetch=fetch) for each in wanted]
        )
    if printing.as_json:
        print_json([_as_json(each, project.root) for each in written])
        return
    for each in written:
        _tell(each, project.root, printing, verbose=bool(context.params.get("verbose")))


def run_doc_sync(
    documents: DocumentsArgument = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 if a document would change.")
    ] = False,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Number the markers ^[key] of documents and rewrite their Sources blocks.

    Without DOC, all current documents and the pages of your own that the setting `pages`
    names. Any Markdown file can be named, also outside of `.claude/docs`.

    Example: doc sync docs/decisions.md

    Exit codes: 0 in step, 1 with --check: a document is out of step, 2 a document is in a
    state that must not be guessed at (nothing is written).
    """
    from footnotary.gating.collecting import pages_of
    from footnotary.writing import stored_documents
    from footnotary.writing import sync_documents as synchronise
    from footnotary.writing.documents_on_disk import located

    project, settings = where.project_and_settings()
    paths = (
        [located(project, words) for words in documents]
        if documents
        else [
            *(stored.path for stored in stored_documents(project)),
            *pages_of(project, settings.pages),
        ]
    )
    changed = synchronise(project, paths, write=not check)
    names = {
        str(display_path(path, project.root)): is_changed for path, is_changed in changed.items()
    }
    if printing.as_json:
        print_json([{"path": name, "changed": is_changed} for name, is_changed in names.items()])
    elif not printing.quiet:
        for name, is_changed in names.items():
            if is_changed:
                echo(f"{'out of step' if check else 'synced'}: {name}")
        echo(f"{counted(len(names), 'document')}, {sum(names.values())} changed", err=True)
    if check and any(names.values()):
        raise typer.Exit(1)


def run_doc_export(
    documents: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Documents: paths or file names.")
    ],
    form: Annotated[str, typer.Option("--to", help="notes, html, docx-ready or csl.")],
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help="The file; of several documents their folder."),
    ] = None,
    *,
    printing: Printing,
    where: Where,
) -> None:
    """Write documents as other programs read them; the documents stay as they are.

    notes is Markdown with footnotes [^1], html a page, docx-ready what Pandoc makes a Word file
    of, csl the sources as CSL-JSON.

    Example: doc export API-shop-2026-11-23 --to docx-ready | pandoc -o API.docx

    Exit codes: 0 written, 2 a document is in a state that must not be guessed at, such as a
    marker without a source (nothing is written).
    """
    from footnotary.errors import UsageError
    from footnotary.files import write_atomically
    from footnotary.writing.documents_on_disk import located
    from footnotary.writing.exporting import SUFFIXES, export_document

    if form not in SUFFIXES:
        raise UsageError(f"Unknown form {form!r}.", hint=f"Supported: {', '.join(SUFFIXES)}.")
    if len(documents) > 1 and output is None:
        raise UsageError("Several documents need a folder.", hint="--output FOLDER")
    project, _ = where.project_and_settings()
    paths = [located(project, words) for words in documents]
    texts = {path: export_document(project, path, form) for path in paths}
    if output is None:
        echo(texts[paths[0]], nl=False)
        return
    is_folder = len(paths) > 1 or output.is_dir()
    targets = [output / (path.stem + SUFFIXES[form]) if is_folder else output for path in paths]
    if len(set(targets)) < len(targets) or {one.resolve() for one in targets} & set(paths):
        raise UsageError("A file would be overwritten by another.", hint="Name another --output.")
    for path, target in zip(paths, targets, strict=True):
        write_atomically(target, texts[path].encode())
    if printing.as_json:
        print_json([str(target) for target in targets])
    elif not printing.quiet:
        echo(f"written: {', '.join(map(str, targets))}", err=True)


def choose_documents(
    project: "Project", documents: list[str] | None
) -> "tuple[StoredDocument, ...]":
    """Return the stored documents that the user names; all current ones if none.

    Raises:
        UsageError: One of them is no document whose regions are the tool's.
    """
    from footnotary.errors import UsageError
    from footnotary.writing import stored_documents
    from footnotary.writing.documents_on_disk import located

    stored = {each.path.resolve(): each for each in stored_documents(project)}
    if not documents:
        return tuple(stored.values())
    paths = [located(project, words).resolve() for words in documents]
    for path in paths:
        if path not in stored:
            raise UsageError(
                f"{path.name} is not a current document of this project.",
                hint="`doc list` prints the documents there are.",
            )
    return tuple(stored[path] for path in paths)


def unless_edited(work: Callable[[], T]) -> T:
    """Run something that writes regions; show the diff and exit with 1 where it must not."""
    from footnotary.documents.regions import RegionEdited

    try:
        return work()
    except RegionEdited as error:
        echo(error.diff, err=True, nl=False)
        echo(f"refused: {error.message}", err=True)
        echo(f"hint: {error.hint}", err=True)
        raise typer.Exit(1) from None


def display_path(path: Path, root: Path) -> Path:
    """Return a path as it is printed: relative to the root where it lies below."""
    return path.relative_to(root) if path.is_relative_to(root) else path


def _tell(written: "WrittenDocument", root: Path, printing: Printing, *, verbose: bool) -> None:
    """Print where a document lies, and on stderr what is in it."""
    if printing.as_json:
        print_json(_as_json(written, root))
        return
    echo(str(display_path(written.path, root)))
    if printing.quiet:
        return
    from footnotary.documents.what_changed import counts_in_words, notes_on_reading

    counts = counts_in_words(written.facts)
    echo(f"{written.action}" + (f": {counts}" if counts else ""), err=True)
    if written.superseded:
        echo(f"supersedes {display_path(written.superseded, root)}", err=True)
    for note in (*written.notes, *notes_on_reading(written.facts)):
        echo(f"note: {note}", err=True)
    if verbose and written.facts.read.detail:
        echo(written.facts.read.detail, err=True)


def _as_json(written: "WrittenDocument", root: Path) -> dict[str, object]:
    """Return what was written, for scripts."""
    return {
        "path": str(display_path(written.path, root)),
        "action": written.action,
        "superseded": str(display_path(written.superseded, root)) if written.superseded else None,
        "summary": written.facts.summary,
        "caveats": list(written.facts.caveats),
        "notes": list(written.notes),
    }
