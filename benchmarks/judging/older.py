"""An older checkout under today's names, so that the version before can be measured in the same run.

Before rooms had packages the modules of `domain` lay side by side, and an organization held its tailorings.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
from dataclasses import replace
from typing import Any

NAMES = {
    "domain.compliance.network": "domain.network",
    "domain.organization.calendar": "domain.calendar",
    "domain.organization.office": "domain.office",
    "domain.plans.project": "domain.project",
    "domain.standards.standard": "domain.standard",
    "domain.standards.tailoring": "domain.tailoring",
}
"""Of the modules that the made-up organization is built from."""


def rename() -> None:
    """Make the older modules stand under today's names; does nothing in a checkout that has these.

    What is installed is the checkout that measures: it must not lend a module to the other one.
    """
    sys.meta_path[:] = [each for each in sys.meta_path if "editable" not in getattr(each, "__module__", "")]
    if importlib.util.find_spec("domain.network") is None:
        return
    for today, before in NAMES.items():
        sys.modules[today] = importlib.import_module(before)
    tailoring: Any = sys.modules["domain.standards.tailoring"]
    tailoring.Rulebook = lambda organization, tailorings: replace(organization, tailorings=tailorings)
