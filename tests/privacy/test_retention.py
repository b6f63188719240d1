"""Old data goes by itself, once a day, in one process."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from bot.database import reading
from bot.practice.console.models import audit
from bot.privacy import retention
from bot.privacy.upkeep import look_after
from tests.practice.console.generator import Said
from tests.privacy.house import ANNA, BERT, DATABASES, House


def test_what_is_older_than_the_settings_allow_goes_and_the_rest_stays(house: House) -> None:
    house.lives_in(ANNA)
    house.now += timedelta(weeks=26)  # more than the days of a conversation, and a Monday again
    bert = replace(BERT, slot=house.now + timedelta(days=4, hours=6))
    house.lives_in(bert)
    before = house.holding(bert)
    look_after(house.databases, house.settings, house.now)
    assert tables(house.holding(ANNA)) == {"practice.appointment", "practice.console_saved_filter"}
    assert tables(house.holding(bert)) == tables(before)
    house.now = ANNA.slot + timedelta(days=house.settings.appointment_days + 1)
    look_after(house.databases, house.settings, house.now)
    assert tables(house.holding(ANNA)) == {"practice.console_saved_filter"}, "which somebody of the staff keeps"


def tables(holding: set[str]) -> set[str]:
    return {name for name in holding if name.split(".")[0] in DATABASES and ".db" not in name}


def test_a_conversation_that_the_console_could_not_read_goes_too(house: House) -> None:
    said = Said("web-unread", "web", "en", (house.now - timedelta(days=house.settings.conversation_days + 1)).timestamp())
    said.start()
    house.adds(said)
    retention.retain(house.databases, house.settings, house.now)
    assert house.tables()["assistant.events"] == []


def test_once_a_day_in_one_process(house: House) -> None:
    practice, now = house.databases.practice, house.now
    assert retention.due(practice, now)
    assert not retention.due(practice, now)
    retention.retain(house.databases, house.settings, now)
    assert not retention.due(practice, now + timedelta(hours=23))
    assert retention.due(practice, now + timedelta(hours=24))
    assert not retention.due(practice, now + timedelta(hours=24))
    with reading(practice) as connection:
        (row,) = connection.execute(select(audit)).all()
    assert (row.action, row.staff_name) == ("data_retained", "retention")


def test_one_that_failed_is_tried_again_after_an_hour(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise OperationalError("SELECT", {}, Exception(ANNA.email))

    with monkeypatch.context() as broken:
        broken.setattr(retention, "_tidy", fails)
        look_after(house.databases, house.settings, house.now)
    assert "the daily retention failed" in caplog.text and ANNA.email not in caplog.text
    assert not retention.due(house.databases.practice, house.now + timedelta(minutes=59))
    assert retention.due(house.databases.practice, house.now + timedelta(hours=1))
