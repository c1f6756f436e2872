"""What the parts of an expression cost, in steps of about 0.3 microseconds each.

Measured on cel 0.10 (a comparison, an operator or a fact read is a step). Keeping an entry in `map` or
`filter` copies all that were kept before, and `matches` compiles its pattern each time.
"""

from __future__ import annotations

import re

from domain.standards.checks.sizes import Shape, TypeKind

MOST_STEPS = 1_000_000
"""The bound of an expression: about 0.3 seconds where every fact is as large as it may be."""
CALLED = 5
"""A call into Python."""
READ_AT_ONCE = 200
"""Characters of a text that a step compares or searches."""
COMPILED = 120_000
"""The largest cost of a pattern: the evaluator refuses a larger one."""


def steps_to_compare(left: Shape, right: Shape) -> int:
    """Steps of comparing two values: for texts and lists, the length of the shorter."""
    return min(left.weight, right.weight) // READ_AT_ONCE + min(left.size, right.size) * (
        left.kind is TypeKind.LIST
    )


def steps_to_match(text: str, of: Shape) -> int:
    """Steps of `matches`: compiling the pattern, which is done each time, and running it."""
    if re.fullmatch(r"[\w ]*", text, re.ASCII):
        return 10 + 5 * len(text)
    wide = len(re.findall(r"\\[wWdDsSpPbB]|\[\^|\(\?|(?<!\\)\.", text))
    repeats = 1
    for least, most in re.findall(r"\{(\d+),?(\d*)\}", text):
        repeats *= max(int(least), int(most or 0), 1)
    compiling = min(10 + 5 * len(text) + 1_500 * wide + 300 * len(re.findall(r"[*+?|({\[]", text)), 120_000)
    compiling = min(compiling * repeats, 120_000)
    return compiling + of.size * (1 + len(text) // 20) // 3
