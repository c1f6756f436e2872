"""The stored drafts as files: the version as the standard's own file, and a record to be read.

A file that cannot be read back as it is, as an edited draft with flaws, is written with them in its record.
"""

from __future__ import annotations

from collections.abc import Mapping

from config.templates import as_yaml
from config.version_file import version_file
from domain.drafts.draft import Comment, Draft, DraftStep
from store.unit import Unit


def draft_files(unit: Unit) -> Mapping[str, str]:
    """Every stored draft: text by the file's name; the version's file below drafts/, not standards/."""
    found: dict[str, str] = {}
    for each in unit.drafts.all():
        found[f"record/drafts/{each.id}.yaml"] = as_yaml(record_of(each))
        found[f"drafts/{each.id}/{each.version.standard}/{each.version.version}.yaml"] = version_file(
            each.version
        )
    return found


def record_of(draft: Draft) -> dict[str, object]:
    """What is known of a draft, as plain values."""
    values: dict[str, object] = {
        "id": draft.id,
        "version": draft.version.id,
        "state": str(draft.state),
        "origin": str(draft.origin),
        "case": draft.case,
        "owner": draft.owner,
        "drafted_by": draft.person,
        "changed_by": draft.editor,
        "why": draft.why,
        "content": draft.content,
        "base": draft.base,
        "round": draft.round,
        "consulted": [
            {
                "office": each.office,
                "delivered": each.delivered.isoformat() if each.delivered else "",
                "until": (each.until or each.latest).isoformat(),
                "no_comment": each.silent,
            }
            for each in draft.consulted
        ],
        "comments": [_comment(each) for each in draft.comments],
        "flaws": list(draft.flaws),
        "simulation": _simulation(draft),
        "request": draft.request,
        "steps": [_step(each) for each in draft.steps],
    }
    return {name: value for name, value in values.items() if value not in ("", [], {}, None, 0)}


def _comment(comment: Comment) -> dict[str, object]:
    values: dict[str, object] = {
        "number": comment.number,
        "office": comment.office,
        "person": comment.person,
        "text": comment.text,
        "at": comment.at.isoformat(),
        "channel": str(comment.channel),
    }
    if comment.answer is not None:
        answer = comment.answer
        values["answer"] = {
            "accepted": answer.accepted,
            "reason": answer.reason,
            "person": answer.person,
            "at": answer.at.isoformat(),
        }
    return values


def _simulation(draft: Draft) -> dict[str, object]:
    found = draft.simulation
    if found is None:
        return {}
    return {
        "digest": found.digest,
        "of_this_content": draft.is_simulated,
        "offices": {
            office: {
                "projects": each.projects,
                "follow": each.follow,
                "relieved": each.relieved,
                "burdened": each.burdened,
                "not_reported": each.not_reported,
            }
            for office, each in found.offices.items()
        },
    }


def _step(step: DraftStep) -> dict[str, object]:
    values: dict[str, object] = {
        "at": step.at.isoformat(),
        "what": str(step.kind),
        "office": step.office,
        "person": step.person,
        "text": step.text,
        "entered_by_operator": step.entered,
    }
    return {name: value for name, value in values.items() if value not in ("", False)}
