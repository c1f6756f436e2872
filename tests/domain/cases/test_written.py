"""What a ticket raises: the lines that say it, in whatever spelling people use, and the reason around them."""

from __future__ import annotations

import pytest

from domain.cases.written import raises_a_case, read_case
from domain.deviations.flaws import Flawed
from domain.plans.project import Requested

TICKET = """Hello,
* **About**: rule delivery-method/2.0 plan-size
> cause = regulatory
The port authority wants two plans of each site.
Terms: deadline=2027-06-30; citation=Ports Act 12
- Check: fact cost.overrun_percent <= 10
Reason: see the letter of 3 March
"""


def ticket(text: str, project: str = "12") -> Requested:
    return Requested("7", "#7", text, project, author="odile")


def test_terms_are_read_from_lines_and_the_rest_is_the_reason() -> None:
    read = read_case(ticket(TICKET), "porto")
    assert (read.about, read.objection) == ("rule delivery-method/2.0 plan-size", False)
    assert read.terms == (
        "cause=regulatory; deadline=2027-06-30; citation=Ports Act 12; "
        "check=fact cost.overrun_percent <= 10; project=porto/12"
    )
    assert read.reason == "Hello, The port authority wants two plans of each site. see the letter of 3 March"


def test_a_ticket_may_name_another_project_of_its_office_and_object() -> None:
    read = read_case(ticket(f"{TICKET}project: porto/15\nobjection: OUI\n"), "porto")
    assert read.terms.endswith("project=porto/15")
    assert read.objection


@pytest.mark.parametrize(
    ("text", "raises"),
    [
        (TICKET, True),
        ("rule: plan-size\nlast: 2027-03-18\nAbout: the cranes come late\n", False),
        ("What is this about: nothing\n", False),
        ("", False),
    ],
)
def test_a_ticket_that_names_the_rule_of_a_deviation_raises_nothing(text: str, *, raises: bool) -> None:
    assert raises_a_case(ticket(text)) is raises


def test_an_objection_that_is_neither_yes_nor_no_is_not_guessed() -> None:
    with pytest.raises(Flawed, match="objection: 'perhaps' is neither yes nor no; write `objection: yes`"):
        read_case(ticket(f"{TICKET}objection: perhaps\n"), "porto")
