"""All that is held, by the name of its golden file."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from tests.golden import keys, names, placed, produced, settings, stored, words
from tests.golden.play import Played

SUBJECTS: Mapping[str, Callable[[Played], object]] = {
    "actions": words.actions,
    "automations": settings.automations_made,
    "commands": names.commands,
    "decided": produced.decided,
    "deployments": settings.deployments,
    "documents": stored.examples,
    "events": produced.events,
    "facts": words.facts,
    "files": names.files,
    "in_tools": keys.in_tools,
    "intents": produced.intents,
    "keys": keys.keys,
    "ledger": produced.entries,
    "links": names.links,
    "message_schemas": settings.message_schemas,
    "messages": keys.messages,
    "messages_stored": produced.messages,
    "notices": produced.notices,
    "organization": settings.organization,
    "placed": placed.placed,
    "questions": produced.questions,
    "reports": produced.reports,
    "standings": produced.standings,
    "sweeps": produced.sweeps,
    "tables": stored.tables,
    "tools": settings.tools,
    "values": stored.values,
    "variables": settings.variables,
    "words": words.words,
    "workbooks": produced.workbooks,
}
"""Each subject's collector; its file is `data/<name>.json`."""
