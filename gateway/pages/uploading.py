"""What becomes of a workbook that an office uploads: looked through, kept whole, recorded, then read.

The file is put into the state folder first; one transaction then says that it counts, puts it into the
ledger, and asks for a reading of the office. Refuses to change what the office uploaded before.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING

from config.uploads import VERSIONS, keep, let_go
from connectors.errors import Refused
from connectors.records.mapping import ToolSettings, WorkbookSettings
from domain.ledger.chain import Event
from domain.messages.inbox import HINT, OFFICE_PAGE, MessageState, Posted
from domain.pages.link import upload_tool
from domain.pages.upload import Findings, Upload
from gateway.pages.checking import checked
from gateway.pages.forms import Sent, Unfit
from store.unit import Unit

if TYPE_CHECKING:
    from config.wiring import Application
    from gateway.pages.office_links import Visit

LOG = logging.getLogger("interoffice.gateway")
ONE_BY_ONE = Lock()
"""Held while a workbook is put there: what is not stored yet must not be let go as an older one."""
NO_TOOL = "this office's workbook is not uploaded here; it is read where it lies"


@dataclass(frozen=True, slots=True)
class Settings:
    """How an office's uploaded workbook is read: its tool, the tool's settings and those of its part."""

    tool: str
    of_tool: ToolSettings
    of_part: WorkbookSettings


def settings_of(application: Application, office: str) -> Settings | None:
    """Those of the tool that the office uploads; None where it uploads none."""
    organization = application.organization
    tool = upload_tool(organization, office)
    part = next((each for each in organization.parts(office) if each.tool == tool), None)
    if part is None:
        return None
    own = ToolSettings.model_validate(organization.tools[tool].settings)
    return Settings(tool, own, WorkbookSettings.model_validate(part.settings))


def taken(application: Application, come: Visit, sent: Sent) -> Upload:
    """Look through a workbook and keep it; what became of it is stored. Raises StoreError and OSError."""
    settings = settings_of(application, come.office.id)
    if settings is None:
        return refused(application, come, Unfit(NO_TOOL, sent.name, len(sent.data)))
    try:
        found = checked(sent.data, sent.name, come.office.id, settings.of_tool, settings.of_part)
    except Refused as why:
        return refused(application, come, Unfit(why.text, sent.name, len(sent.data)))
    state, office = application.settings.state, come.office.id
    with ONE_BY_ONE:
        digest = keep(state, office, settings.tool, sent.data)
        upload = _upload(application, come, settings.tool, sent, digest=digest, found=found)
        with application.store.begin() as unit:
            unit.uploads.add(upload)
            detail = {
                "digest": digest,
                "bytes": upload.size,
                "link": come.link.id,
                "projects": found.projects,
            }
            record(unit, application, come, "upload", office, detail)
            hint(unit, office, upload.id, upload.at)
            kept = {each.digest for each in unit.uploads.accepted(office, settings.tool, VERSIONS)}
            unit.commit()
        let_go(state, office, settings.tool, kept)
    LOG.info("a workbook was uploaded", extra={"office": office, "count": found.projects})
    return upload


def refused(application: Application, come: Visit, why: Unfit) -> Upload:
    """Store that a file was not taken, and why, for the page that is shown next. Raises StoreError."""
    tool = upload_tool(application.organization, come.office.id)
    upload = replace(_nothing(application, come, tool), name=why.name, size=why.size, refused=why.why)
    with application.store.begin() as unit:
        unit.uploads.add(upload)
        unit.commit()
    LOG.info("a workbook was refused", extra={"office": come.office.id})
    return upload


def _upload(
    application: Application, come: Visit, tool: str, sent: Sent, *, digest: str, found: Findings
) -> Upload:
    return replace(
        _nothing(application, come, tool), name=sent.name, size=len(sent.data), digest=digest, findings=found
    )


def _nothing(application: Application, come: Visit, tool: str) -> Upload:
    """An upload of which nothing is known but who made it, and when."""
    at, link = application.machine.now(), come.link
    return Upload(secrets.token_hex(12), come.office.id, tool, link.id, link.person, at, "", 0)


def record(
    unit: Unit, application: Application, come: Visit, kind: str, subject: str, detail: Mapping[str, object]
) -> None:
    """Append to the ledger what the link's person did here, under their pseudonym."""
    who = unit.pseudonyms.of(come.link.person)
    said = {**detail, "link": come.link.id}
    unit.ledger.append(Event(kind, subject, who, application.clock.now(), said))


def hint(unit: Unit, office: str, key: str, at: datetime) -> None:
    """Ask for a reading of the office, as a hint of its tool does."""
    posted = Posted(OFFICE_PAGE, key, HINT, at, b"", MessageState.NOTED, note=office)
    unit.inbox.receive(posted)
    unit.inbox.hinted(office, unit.inbox.get(posted.id).number, at)
