"""The table of clauses: each a plain function of a bench that fails where a promise is broken."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.contract.bench import Bench


@dataclass(frozen=True)
class Clause:
    """One promise, what of a bench it needs, and the function that fails where it is broken."""

    name: str
    act: Callable[[Bench], None]
    needs: tuple[str, ...] = ()


CLAUSES: dict[str, Clause] = {}


def clause(*needs: str) -> Callable[[Callable[[Bench], None]], Callable[[Bench], None]]:
    """Enter a function into the table under its name."""

    def enter(act: Callable[[Bench], None]) -> Callable[[Bench], None]:
        assert act.__name__ not in CLAUSES, f"{act.__name__} stands there twice"
        CLAUSES[act.__name__] = Clause(act.__name__, act, needs)
        return act

    return enter
