"""Draw: the files of each pack that is kept, into the folder of reports; then its entry in the index.

A pack's page is written after its other files, and its entry last: ended in between, the next run does the
rest. What was written is not drawn anew, so that a past pack comes out as it was. Only a PDF that could not
be made before is printed later, from the page as it was written; and files that are gone are drawn anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from domain.language import Languages
from domain.reporting.pack import Pack, PackId
from domain.words import counted
from reports.pack.drawing import draw
from reports.pack.filed import PAGE, PDF, entry_of_pack, slug
from reports.pack.paper import lacking, pdf
from store import Store
from tasks.context import current_application
from tasks.pages import PageFolder, WrittenPage, replace_file


def write_packs() -> tuple[WrittenPage, ...]:
    """Write the files of every pack that has no page here or is not in the index yet, and enter it."""
    application = current_application()
    settings = application.settings
    return files_of_packs(
        application.store,
        PageFolder(settings.state / "reports", f"{settings.address}/reports"),
        application.organization.languages,
    )


def files_of_packs(store: Store, folder: PageFolder, languages: Languages) -> tuple[WrittenPage, ...]:
    """What `write_packs` does, for the packs of a store and into a folder."""
    with store.read() as unit:
        keys = [head.id for head in unit.packs.heads()]
        entered = {key for key in keys if unit.reports.get(slug(key)) is not None}
    here = [key for key in keys if key in entered and (folder.path / f"{slug(key)}.html").is_file()]
    written = [_write(store, folder, key, languages) for key in keys if key not in here]
    _print_later(folder.path, here)
    return tuple(written)


def _write(store: Store, folder: PageFolder, key: PackId, languages: Languages) -> WrittenPage:
    with store.read() as unit:
        pack = unit.packs.get(key)
    if pack is None:
        raise ValueError(f"{key} is listed and not kept")
    entry = entry_of_pack(pack)
    _files(folder.path, pack, languages)
    with store.begin() as unit:
        unit.reports.add(entry)
        unit.commit()
    url = f"{folder.address}/{entry.slug}"
    counts = _counts(pack)
    return WrittenPage(entry.about, url, counts, f"{counts} [The pack]({url})", written=True)


def _files(folder: Path, pack: Pack, languages: Languages) -> None:
    """All files of the pack, the page last."""
    name = slug(pack.head.id)
    own = folder / name
    own.mkdir(parents=True, exist_ok=True)
    files = dict(draw(pack, languages))
    page = files.pop(PAGE)
    for each, content in files.items():
        replace_file(own / each, content)
    replace_file(folder / f"{name}.html", page)


def _print_later(folder: Path, keys: Sequence[PackId]) -> None:
    """The PDFs of those packs that have none, where PDFs can be made by now."""
    missing = [slug(key) for key in keys if not (folder / slug(key) / PDF).exists()]
    if not missing or lacking():
        return
    for name in missing:
        (folder / name).mkdir(exist_ok=True)
        replace_file(folder / name / PDF, pdf((folder / f"{name}.html").read_bytes()))


def _counts(pack: Pack) -> str:
    """Ids and counts, and no verdict, since Prefect's pages know no users."""
    key = pack.head.id
    unknown = sum(not figure.is_known for figure in pack.figures)
    figures, projects = counted(len(pack.figures), "figure"), len(pack.projects) + pack.restricted
    return (
        f"`{key.format}` of `{key.office}`, {key.day}: {figures}, {unknown} not known; "
        f"{counted(projects, 'project')}."
    )
