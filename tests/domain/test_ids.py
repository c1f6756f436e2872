"""Identifiers come back from their text forms, and no other text is taken for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.ids import (
    ApprovalId,
    CopyId,
    ElectionId,
    FactQuestionId,
    FirstItemKey,
    ProjectKey,
    StartKey,
    Subject,
    TwinId,
    UnreadableKey,
    VersionId,
    WorkItemKey,
)

PART = st.text(st.characters(codec="utf-8", exclude_characters="/:"), min_size=1)
PROJECT = st.builds("{}/{}".format, PART, st.text(min_size=1))


@given(
    st.one_of(
        st.builds(ProjectKey, PART, st.text(min_size=1)),
        st.builds(VersionId, PART, PART),
        st.builds(FactQuestionId, PART, PROJECT, PART),
        st.builds(ElectionId, PART, PROJECT),
        st.builds(ApprovalId, PART, st.text("0123456789abcdef", min_size=16, max_size=16)),
        st.builds(CopyId, PART, st.text(min_size=1)),
        st.builds(WorkItemKey, st.builds(VersionId, PART, PART), PROJECT, PART),
        st.builds(UnreadableKey, PART, st.text(min_size=1)),
        st.builds(StartKey, PROJECT),
        st.builds(FirstItemKey, PROJECT, PART, PART),
        st.builds(Subject, PART, st.text()),
    )
)
def test_each_comes_back_from_its_text(found):
    assert type(found).read(str(found)) == found


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (ProjectKey, "porto"), (ProjectKey, "/1"), (ProjectKey, "porto/"), (VersionId, "method"),
        (FactQuestionId, "ask/r/porto"), (FactQuestionId, "elect/r/porto/1"), (ElectionId, "elect/r"),
        (ApprovalId, "approve/r"), (CopyId, "copy/porto"), (WorkItemKey, "adopt/method/2.0/porto"),
        (WorkItemKey, "plan/7"), (UnreadableKey, "unreadable/porto/"), (StartKey, "start/porto"),
        (StartKey, "begin/porto/1"), (FirstItemKey, "first/porto/1/gates"), (FirstItemKey, "last/porto/1/gates/2"),
        (Subject, "porto/1"),
        (TwinId, "twin/porto/1/genova/2"),
    ],
)  # fmt: skip
def test_another_text_is_none_of_them(kind, text):
    with pytest.raises(ValueError, match=r"."):
        kind.read(text)
    assert kind.find(text) is None


def test_a_project_of_an_office_may_have_slashes_in_its_own_id():
    assert ProjectKey.read("porto/2027/7") == ProjectKey("porto", "2027/7")
    key = WorkItemKey(VersionId("method", "2.0"), "porto/2027/7", "sponsor")
    assert WorkItemKey.read("adopt/method/2.0/porto/2027/7/sponsor") == key
