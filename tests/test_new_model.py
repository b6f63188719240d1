"""A running assistant notices new models, waits until they are whole, and survives broken ones."""

import asyncio
import logging
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from bot import new_model
from bot.new_model import Watch, follow_models


def put(folder: Path, name: str, content: str = "a model", changed: int = 0) -> Path:
    """A model's file with the date that it last changed."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.tar.gz"
    path.write_text(content)
    os.utime(path, (1_700_000_000 + changed, 1_700_000_000 + changed))
    return path


def test_the_model_in_use_is_none_to_take_over(tmp_path: Path) -> None:
    put(tmp_path, "one")
    watch = Watch(tmp_path, "one.tar.gz")
    assert [watch.newer() for _ in range(3)] == [None, None, None]


def test_a_newer_one_is_told_once(tmp_path: Path) -> None:
    put(tmp_path, "one")
    watch = Watch(tmp_path, "one.tar.gz")
    two = put(tmp_path, "two", changed=5)
    assert [watch.newer() for _ in range(4)] == [None, two, None, None]


def test_what_is_still_being_written_waits(tmp_path: Path) -> None:
    watch = Watch(tmp_path, None)
    put(tmp_path, "two", "a")
    assert watch.newer() is None
    put(tmp_path, "two", "a mo")
    assert watch.newer() is None
    two = put(tmp_path, "two", "a model")
    assert watch.newer() is None and watch.newer() == two


def test_going_back_to_an_older_one(tmp_path: Path) -> None:
    one, two = put(tmp_path, "one"), put(tmp_path, "two", changed=5)
    watch = Watch(tmp_path, "two.tar.gz")
    put(tmp_path, "one", changed=9)
    two.unlink()
    assert [watch.newer() for _ in range(3)] == [None, one, None]


def test_one_that_came_between_loading_and_the_first_look(tmp_path: Path) -> None:
    put(tmp_path, "one")
    two = put(tmp_path, "two", changed=5)
    assert Watch(tmp_path, "one.tar.gz").newer() == two


def test_a_folder_that_is_empty_or_gone(tmp_path: Path) -> None:
    watch = Watch(tmp_path / "models", None)
    assert watch.newer() is None
    one = put(tmp_path / "models", "one")
    assert [watch.newer() for _ in range(2)] == [None, one]
    one.unlink()
    assert watch.newer() is None


def agent() -> Any:
    """As much of Rasa's agent as is exchanged."""
    return SimpleNamespace(
        processor=SimpleNamespace(model_filename="one.tar.gz"),
        domain="old",
        tracker_store=SimpleNamespace(domain="old"),
        nlg=SimpleNamespace(responses={}),
    )


def test_a_broken_model_leaves_the_old_one_and_a_good_one_follows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(tmp_path, "one")
    running, prepared = agent(), []
    good = SimpleNamespace(model_filename="good.tar.gz", domain=SimpleNamespace(responses={"utter_x": []}))

    def load(_agent: Any, model: Path) -> Any:
        if model.name.startswith("broken"):
            raise ValueError("what a visitor said")
        return good

    monkeypatch.setattr(new_model, "LOOK_SECONDS", 0)
    monkeypatch.setattr(new_model, "_load", load)
    monkeypatch.setattr(new_model, "prepare", prepared.append)

    async def follow() -> None:
        task = asyncio.create_task(follow_models(running, tmp_path))
        await asyncio.sleep(0)
        put(tmp_path, "broken", changed=5)
        await until(lambda: "can't be loaded" in caplog.text)
        assert running.processor.model_filename == "one.tar.gz" and running.domain == "old"
        put(tmp_path, "good", changed=9)
        await until(lambda: running.processor is good)
        task.cancel()

    with caplog.at_level(logging.ERROR):
        asyncio.run(asyncio.wait_for(follow(), 30))
    assert running.domain is running.tracker_store.domain is good.domain
    assert running.nlg.responses == {"utter_x": []} and prepared == [running]
    assert "what a visitor said" not in caplog.text


async def until(holds: Any) -> None:
    while not holds():
        await asyncio.sleep(0.001)
