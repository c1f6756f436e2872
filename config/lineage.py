"""What became of the rules of the version before, and who may complete under it: it refuses silent drops."""

from __future__ import annotations

from collections import Counter
from functools import partial

from config.problems import Problems, meant
from config.proofs import asked_of_facts, is_numeric
from config.shapes import FileEntry
from config.versions import Read, Versions, VersionShape
from domain.ids import VersionId
from domain.plans.facts import is_documented
from domain.standards.formats import FilledFormat
from domain.standards.standard import Fate, Leeway, Version

NEW_RULES = {Fate.SAME: (1, 1), Fate.SPLIT: (2, 100), Fate.MERGED: (1, 1), Fate.DROPPED: (0, 0)}
COUNTED = {
    Fate.SAME: "one new rule",
    Fate.SPLIT: "two or more",
    Fate.MERGED: "one new rule",
    Fate.DROPPED: "none",
}


def check_version(read: Read, versions: Versions, problems: Problems) -> None:
    """Check everything about a version that needs the documented facts, or the version before."""
    version, entry = read.version, read.entry
    for n, report in enumerate(version.reports):
        if not isinstance(report, FilledFormat):
            asked_of_facts(report.facts, entry.where("reports", n, "facts"), problems)
    _leeway(version, entry, problems)
    _succession(read, versions, problems)


def _leeway(version: Version, entry: FileEntry[VersionShape], problems: Problems) -> None:
    leeway = version.leeway
    if leeway is None:
        return
    if not leeway.conditions:
        problems.add(
            entry.where("leeway", "conditions"), "leeway without a condition is for everybody", "add one"
        )
    if leeway.until < version.effective_from:
        message = f"leeway ends on {leeway.until}, before the version is effective"
        problems.add(entry.where("leeway", "until"), message, "choose a later date")
    for n, condition in enumerate(leeway.conditions):
        where = entry.where("leeway", "conditions", n)
        asked_of_facts([condition.fact], where, problems)
        if is_documented(condition.fact) and not is_numeric(condition.fact):
            problems.add(
                where, f"`{condition.fact}` is no number", "compare a number, such as plan.percent_complete"
            )
        if (condition.at_least is None) == (condition.at_most is None):
            problems.add(where, "a condition has exactly one bound", "write either at_least or at_most")
    _discretion(leeway, entry, problems)


def _discretion(leeway: Leeway, entry: FileEntry[VersionShape], problems: Problems) -> None:
    """Check the band beyond the rule: its fact, its ends, and that it begins where the rule does not hold."""
    band = leeway.discretion
    if band is None:
        return
    where = partial(entry.where, "leeway", "discretion")
    asked_of_facts([band.fact], where("fact"), problems)
    if is_documented(band.fact) and not is_numeric(band.fact):
        problems.add(where("fact"), f"`{band.fact}` is no number", "bound one, such as plan.percent_complete")
    if band.at_most < band.at_least:
        message = f"the band ends at {band.at_most:g}, below its begin, {band.at_least:g}"
        problems.add(where("at_most"), message, "swap the two")
    if not band.share:
        problems.add(where("share"), "a share of 0 lets nobody elect", "write 0.2, or leave `discretion` out")
    bounds = [c.at_least for c in leeway.conditions if c.fact == band.fact and c.at_least is not None]
    rule = max(bounds, default=None)
    if rule is not None and band.at_least >= rule:
        message = f"the band begins at {band.at_least:g}, where the rule holds already (from {rule:g})"
        problems.add(where("at_least"), message, f"begin it below {rule:g}")
    elif rule is not None and band.at_least <= band.at_most < rule:
        message = f"between {band.at_most:g} and {rule:g} neither the rule holds nor the band"
        problems.warn(where("at_most"), message, f"write `at_most: {rule:g}` where that is not meant")


def _succession(read: Read, versions: Versions, problems: Problems) -> None:
    """Check that each rule of the version before is accounted for once, and that its new rules exist."""
    version, entry = read.version, read.entry
    if version.previous is None:
        if version.supersedes:
            problems.add(entry.where("supersedes"), "supersedes needs a version before", "name `previous`")
        return
    before = versions.get(str(VersionId(version.standard, version.previous)))
    if before is None:
        _no_previous(version, entry, versions, problems)
        return
    if _follows_itself(version, versions):
        problems.add(entry.where("previous"), "the versions precede each other", "name the older one only")
    _accounted(read, before, problems)
    _fates(read, problems)


def _no_previous(
    version: Version, entry: FileEntry[VersionShape], versions: Versions, problems: Problems
) -> None:
    """Report that the version before is missing; a file of it that is unusable is reported already."""
    if version.previous and str(VersionId(version.standard, version.previous)) in versions:
        return
    others = (VersionId.read(key) for key in versions if key != version.id)
    theirs = [other.version for other in others if other.standard == version.standard]
    message = f"there is no version `{version.previous}` of `{version.standard}`"
    problems.add(entry.where("previous"), message, meant(version.previous, theirs) or "remove `previous`")


def _follows_itself(version: Version, versions: Versions) -> bool:
    seen = {version.version}
    at: Version | None = version
    while at is not None and at.previous is not None:
        if at.previous in seen:
            return True
        seen.add(at.previous)
        before = versions.get(str(VersionId(version.standard, at.previous)))
        at = before.version if before else None
    return False


def _accounted(read: Read, before: Read, problems: Problems) -> None:
    version, entry, old = read.version, read.entry, before.uids
    said = Counter(each.old for each in version.supersedes)
    for uid in old:
        if uid not in said:
            message = f"nothing says what became of rule `{uid}` of {before.version.version}"
            instead = f"add `{{old: {uid}, fate: same}}`, or its other fate"
            problems.add(entry.where("supersedes"), message, instead, about=uid)
    for n, each in enumerate(version.supersedes):
        where = entry.where("supersedes", n)
        if each.old not in old:
            message = f"{before.version.version} has no rule `{each.old[:60]}`"
            problems.add(where, message, meant(each.old, old), about=each.old)
        elif said[each.old] > 1:
            problems.add(where, f"rule `{each.old}` has {said[each.old]} fates", "keep one", about=each.old)


def _fates(read: Read, problems: Problems) -> None:
    version, entry, new = read.version, read.entry, read.uids
    for n, each in enumerate(version.supersedes):
        where = entry.where("supersedes", n)
        least, most = NEW_RULES[each.fate]
        if not least <= len(each.new) <= most:
            message = f"`{each.old[:60]}` is {each.fate} and names {len(each.new)} new rules"
            problems.add(where, message, f"{each.fate} takes {COUNTED[each.fate]}", about=each.old)
        for uid in each.new:
            if uid not in new:
                message = f"{version.version} has no rule `{uid[:60]}`"
                problems.add(where, message, meant(uid, new), about=uid)
