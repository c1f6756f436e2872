"""What runs came to, as it is stored and printed, with the sentence that people read of it."""

from __future__ import annotations

import json

from store.outcomes import OUTCOME
from tests.domain.outcomes.examples import SENTENCES


def outcomes() -> object:
    """Every example, by its kind and sentence."""
    return {
        f"{outcome.kind}: {sentence}": json.loads(OUTCOME.write(outcome)) for outcome, sentence in SENTENCES
    }
