"""The files of Prefect's pages, in the folder that PREFECT_SERVER_UI_STATIC_DIRECTORY names.

Prefect would copy them with the rights that they have beside its code, where others may read them; laid out
here they have those of every file that we write. Prefect's server takes them for its own copy and copies
nothing. Should it look for them otherwise some day, it copies them itself, and a test says so. They are in
the state folder, and not in the installed packages, where a service may not write. It refuses to lay them
out elsewhere.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import prefect
from prefect.server.api.server import UI_STATIC_REFERENCE_FILE_NAME, replace_placeholder_string_in_files
from prefect.settings import PREFECT_UI_STATIC_DIRECTORY

from runtime.privacy import copy_files

PAGES = {"v1": (prefect.__ui_static_path__, "/"), "v2": (prefect.__ui_v2_static_path__, "/v2")}
"""Prefect's two pages: where their files are, and the path at which its server shows them."""
PLACEHOLDER = "/PREFECT_UI_SERVE_BASE_REPLACE_PLACEHOLDER"
"""Stands for that path in the files."""


def lay_out() -> None:
    """Copy the files of each page, unless those of this version of Prefect are there."""
    for version, (source, path) in PAGES.items():
        page = Path(str(PREFECT_UI_STATIC_DIRECTORY.value()), version)
        reference, text = page / UI_STATIC_REFERENCE_FILE_NAME, f"{version}:{prefect.__version__}:{path}"
        if reference.is_file() and reference.read_text("utf-8") == text:
            continue
        if page.exists():
            shutil.rmtree(page)
        copy_files(str(source), str(page))
        replace_placeholder_string_in_files(str(page), PLACEHOLDER, path.removesuffix("/"))
        reference.write_text(text, "utf-8")
