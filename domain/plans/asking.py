"""How an office marks in its own tool that it asks the owner of a template.

Refuses to know what is asked, and whether the template is shared with the office.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from domain.ids import Id, parts


@dataclass(frozen=True, slots=True)
class AskOwnerKey(Id):
    """What an office writes in its own tool in front of a question to the owner of a template."""

    template: str

    def __str__(self) -> str:
        return f"ask-owner/{self.template}"

    @classmethod
    def read(cls, text: str) -> Self:
        """The key of a text such as `ask-owner/finance-system`, as people write it."""
        (template,) = parts(text.strip().lower(), "ask-owner/", 1)
        if "/" in template or " " in template:
            raise ValueError(f"{text!r} names no template")
        return cls(template)
