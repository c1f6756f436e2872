"""Which rights of Redmine an access level needs: one that lets us ask may answer at the office's own tickets."""

import pytest

from connectors.redmine.check import needed
from domain.organization.office import Access


@pytest.mark.parametrize(
    ("access", "told"), [(Access.OBSERVE, False), (Access.ASK, True), (Access.WRITE, True)]
)
def test_a_comment_at_a_request_needs_a_right_of_its_own_and_only_where_requests_are_read(
    access, told
) -> None:
    right = "add_issue_notes"
    assert (right in needed(access, comments=True)) == told
    assert right not in needed(access)
    assert set(needed(access)) <= set(needed(access, comments=True))
