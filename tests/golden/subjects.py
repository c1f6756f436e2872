"""All that is held, by the name of its golden file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from tests.golden import decided, keys, names, outcomes, placed, produced, settings, stored, words
from tests.golden.play import Played

OF_CODE: Mapping[str, Callable[[], object]] = {
    "actions": words.actions,
    "automations": settings.automations_made,
    "commands": names.commands,
    "decided": cache(decided.decided),
    "deployments": settings.deployments,
    "facts": words.facts,
    "in_tools": keys.in_tools,
    "keys": keys.keys,
    "message_schemas": settings.message_schemas,
    "messages": keys.messages,
    "organization": settings.organization,
    "outcomes": outcomes.outcomes,
    "placed": cache(placed.placed),
    "tools": settings.tools,
    "values": stored.values,
    "variables": settings.variables,
    "words": words.words,
}
"""What is collected without the play of the sample."""

OF_PLAY: Mapping[str, Callable[[Played], object]] = {
    "documents": stored.examples,
    "events": produced.events,
    "files": names.files,
    "intents": produced.intents,
    "ledger": produced.entries,
    "links": names.links,
    "messages_stored": produced.messages,
    "notices": produced.notices,
    "questions": produced.questions,
    "reports": produced.reports,
    "reports_stored": produced.reports_stored,
    "standings": produced.standings,
    "sweeps": produced.sweeps,
    "tables": stored.tables,
    "workbooks": produced.workbooks,
}
"""What the played sample really wrote."""

NAMES = sorted({*OF_CODE, *OF_PLAY})
"""Every subject; its file is `data/<name>.json`."""
