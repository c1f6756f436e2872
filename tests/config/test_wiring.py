"""The wiring: one application from settings, files, store and clock."""

from datetime import UTC, datetime, timedelta

import pytest

from config.problems import UnusableOrganization
from config.settings import BadSettings, Settings, read_settings
from config.wiring import FixedClock, SystemClock, wire
from domain.organization.office import Access
from tests.config.good import write


@pytest.fixture
def settings(tmp_path) -> Settings:
    write(tmp_path / "organization")
    return read_settings(
        {
            "INTEROFFICE_ORGANIZATION": str(tmp_path / "organization"),
            "INTEROFFICE_STATE": str(tmp_path / "state"),
        }
    )


def test_the_house_stands_at_the_organizations_own_time(settings):
    application = wire(settings)
    application.store.close()
    assert application.clock.now() == datetime(2027, 1, 4, 7, tzinfo=UTC)
    assert application.organization.id == "quay-group"
    assert set(application.versions) == {"method/1.0", "method/2.0"}
    assert [plan.id for plan in application.rollouts] == ["method-2"]


def test_the_clock_file_is_read_anew_at_each_start(settings):
    wire(settings).store.close()
    (settings.organization / "clock.yaml").write_text("as_of: 2027-01-11T09:00:00+02:00\n", "utf-8")
    application = wire(settings)
    application.store.close()
    assert application.clock.now() == datetime(2027, 1, 11, 7, tzinfo=UTC)


def test_without_a_clock_file_the_machines_clock_holds(settings):
    (settings.organization / "clock.yaml").unlink()
    application = wire(settings)
    application.store.close()
    assert isinstance(application.clock, SystemClock)
    assert abs(application.clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    assert application.clock.now().tzinfo is UTC


def test_a_fixed_clock_stands():
    at = datetime(2027, 1, 4, tzinfo=UTC)
    assert FixedClock(at).now() is FixedClock(at).now()


def test_a_bad_organization_makes_no_house_and_no_database(settings):
    (settings.organization / "offices.yaml").write_text("offices: 3\n", "utf-8")
    with pytest.raises(UnusableOrganization, match=r"offices\.yaml:1: `offices` is no list"):
        wire(settings)
    assert not settings.state.exists()


def test_a_state_folder_that_cannot_be_made_is_named(settings):
    (settings.organization.parent / "file").write_text("", "utf-8")
    blocked = settings.model_copy(update={"state": settings.organization.parent / "file" / "state"})
    with pytest.raises(BadSettings, match=r"INTEROFFICE_STATE .* -> write a folder"):
        wire(blocked)


def test_an_office_without_a_part_of_a_tool_has_no_connector(settings):
    application = wire(settings)
    application.store.close()
    assert application.connectors("hq") == {}


def test_a_connector_is_made_from_partition_and_tool(settings):
    application = wire(settings)
    application.store.close()
    (connector,) = application.connectors("porto").values()
    assert (connector.office, connector.access) == ("porto", Access.WRITE)
    assert connector.spec.kind == "workbook"
    assert not connector.check().readable, "the workbook is not there"
