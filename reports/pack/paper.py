"""A pack's page as PDF, two pages of A4; without WeasyPrint and Pango it says what to install.

Both are an extra. The same page and the same fonts give the same bytes: the times in the file are the pack's.
It refuses to fetch anything.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, NoReturn

from domain.language import ENGLISH, Language, Message, Worded

INSTALL = "sudo apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
NO_PACKAGE = Message("WeasyPrint, which makes PDFs, is not installed here; run: make pdf")
NO_PANGO = Message(
    "WeasyPrint finds no Pango here; install it (Debian, Ubuntu: {install}), then run: make pdf"
)


class NoPdf(Worded):
    """No PDF can be made here; the text says what to do."""


def pdf(page: bytes) -> bytes:
    """The page (HTML, UTF-8) as PDF/UA. Raises `NoPdf` where what makes PDFs is not installed."""
    printer = _printer()
    read = printer.HTML(string=page.decode(), url_fetcher=_refuse, media_type="print")
    done = read.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=b"interoffice pack")
    assert isinstance(done, bytes)  # noqa: S101 - without a target
    return done


def lacking(says: Language = ENGLISH) -> str:
    """Why no PDF can be made here, and what to do, in that language; empty where it can."""
    try:
        _printer()
    except NoPdf as why:
        return why.said(says)
    return ""


def main() -> int:
    """Say whether PDFs can be made here; 1 and what to install when they cannot."""
    why = lacking()
    if why:
        sys.stderr.write(f"interoffice: {why}\n")
        return 1
    sys.stdout.write("interoffice: packs get a PDF too\n")
    return 0


def _printer() -> Any:  # noqa: ANN401 - an extra that may be missing
    """WeasyPrint. Raises `NoPdf`."""
    try:
        import weasyprint  # noqa: PLC0415 - an extra, and slow
    except ModuleNotFoundError:
        raise NoPdf(NO_PACKAGE) from None
    except OSError:
        raise NoPdf(NO_PANGO, install=INSTALL) from None
    # It says of each style that it does not know; the style is ours, and looked at.
    logging.getLogger("weasyprint").setLevel(logging.ERROR)
    return weasyprint


def _refuse(url: str, *_: object, **__: object) -> NoReturn:
    raise ValueError(f"a pack fetches nothing, so not {url[:40]} either")


if __name__ == "__main__":
    sys.exit(main())
