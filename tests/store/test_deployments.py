"""Deployments and shares come back as they were stored, change only while they are open, and are shared once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from domain.deployments.deployment import Deployment, Receiver, Reply
from domain.deployments.sharing import Basis, Deployments, Redaction, Share
from store.errors import Changed, Unknown

AT = datetime(2027, 3, 1, 9, tzinfo=UTC)
DEPLOYMENT = Deployment(
    "erp", "ERP", "ERP 9", "sam", "porto", "finance", (Receiver("oslo", date(2027, 5, 12), "liv"),), AT
)
SHARE = Share("finance", "porto", Basis.DEPLOYMENT, "erp", AT, frozenset(Redaction), "ana", entered=True)


def test_a_deployment_is_opened_once_and_comes_back_as_it_stands(store):
    accepted = DEPLOYMENT.replied("oslo", Reply(accepts=True, person="liv", at=AT))
    with store.begin() as unit:
        assert unit.deployments.add(DEPLOYMENT)
        assert not unit.deployments.add(replace(DEPLOYMENT, title="another"))
        assert unit.deployments.save(accepted)
        assert not unit.deployments.save(accepted)
        unit.commit()
    with store.read() as unit:
        assert unit.deployments.get("erp") == accepted
        assert unit.deployments.get("hr") is None
        assert unit.deployments.all() == Deployments((accepted,))


def test_what_was_never_opened_and_what_is_closed_is_not_changed(store):
    with store.begin() as unit:
        with pytest.raises(Unknown, match="the deployment erp was never opened"):
            unit.deployments.save(DEPLOYMENT)
        unit.deployments.add(DEPLOYMENT)
        unit.deployments.save(replace(DEPLOYMENT, closed=AT))
        with pytest.raises(Changed, match="is closed and never changes: open another one"):
            unit.deployments.save(replace(DEPLOYMENT, closed=None))


def test_a_template_is_shared_once_under_a_deployment_until_something_else_is_kept_back(store):
    with store.begin() as unit:
        assert unit.deployments.share(SHARE)
        assert not unit.deployments.share(replace(SHARE, person="bo", at=datetime(2027, 4, 1, tzinfo=UTC)))
        less = replace(SHARE, redacted=frozenset({Redaction.COSTS}))
        agreed = replace(SHARE, basis=Basis.AGREEMENT)
        assert unit.deployments.share(less)
        assert unit.deployments.share(agreed)
        assert unit.deployments.all() == Deployments(shares=(agreed, less))
