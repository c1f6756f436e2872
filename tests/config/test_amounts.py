"""Texts with a unit and amounts without one: a plain number is refused with the form that is meant."""

import pytest
from pydantic import TypeAdapter, ValidationError

from config.template_shapes import Amount, HoursText


@pytest.mark.parametrize(
    ("shape", "instead"),
    [(Amount, "write it in quotes, such as '1250.00'"), (HoursText, "with its unit: 40h")],
)
def test_a_number_without_quotes_is_refused_with_the_form_that_is_meant(shape, instead) -> None:
    with pytest.raises(ValidationError) as found:
        TypeAdapter(shape).validate_python(200)
    assert instead in str(found.value)
