"""docs/facts.md from the types: `python -m cli.docs` writes it; a test holds the committed file equal."""

from __future__ import annotations

from cli.folder import CHECKOUT
from domain.facts import OPEN_ROOTS, ROOTS, documented

FACTS = CHECKOUT / "docs" / "facts.md"
HEAD = """# Facts

What a rule can ask for. A check is an expression over these roots, such as
`plan.overdue == 0 && has(project.sponsor)`. A fact that is not known is absent, and a check that asks for
it gives `unknown` and names it. Beside the facts a check knows `limit` (the limit in force, after
tailorings) and `now`. Dates are midnights, UTC.

Written by `make docs` from the types in `domain/facts.py`; change it there.
"""


def facts_page() -> str:
    """The page, with one table per root."""
    parts = [HEAD]
    rows = list(documented())
    for root, kind in ROOTS.items():
        parts.append(f"\n## {_titled(kind.__doc__ or root)}\n\n| fact | unit | meaning |\n|---|---|---|\n")
        parts += [
            f"| `{name}` | {unit} | {meaning} |\n"
            for name, unit, meaning in rows
            if name.startswith(f"{root}.")
        ]
    parts.append("\n## Roots whose names come from the office's tool\n\n| root | meaning |\n|---|---|\n")
    parts += [f"| `{root}` | {meaning} |\n" for root, meaning in OPEN_ROOTS.items()]
    return "".join(parts)


def main() -> None:
    """Write the page."""
    FACTS.parent.mkdir(exist_ok=True)
    FACTS.write_text(facts_page(), "utf-8")
    print(f"written: {FACTS.relative_to(CHECKOUT)}")


def _titled(docstring: str) -> str:
    return docstring.strip().splitlines()[0].rstrip(".")


if __name__ == "__main__":
    main()
