"""Three organizations unlike the sample: what is read, judged and reported is what lists made by hand say."""

import pytest

from tests.offices_of_others.comparing import differences, pages_lack
from tests.offices_of_others.truth import ORGANIZATIONS


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_every_project_item_and_figure_is_that_of_the_list_and_what_is_left_out_is_listed(
    network, organization
):
    assert differences(organization, network(organization)) == []


@pytest.mark.parametrize("organization", ORGANIZATIONS)
def test_the_report_names_every_project_and_every_value_that_was_not_understood(network, organization):
    assert pages_lack(organization, network(organization)) == []
