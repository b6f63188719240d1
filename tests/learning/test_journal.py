"""Files changed as one step: whole before, or whole after."""

from pathlib import Path

import pytest

from bot.learning.journal import ACCEPTED, BEGUN, Journal, write_whole


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    write_whole(folder / "a.yml", b"a\r\n")
    write_whole(folder / "b.yml", b"\xff b")
    return folder


@pytest.fixture
def journal(tmp_path: Path, root: Path) -> Journal:
    return Journal(tmp_path / "journal", root)


def test_all_goes_back(journal: Journal, root: Path, tmp_path: Path) -> None:
    (root / "a.yml").chmod(0o640)
    journal.begin([Path("a.yml"), Path("b.yml"), Path("new/c.yml")])
    write_whole(root / "a.yml", b"changed")
    write_whole(root / "new/c.yml", b"new")
    again = Journal(tmp_path / "journal", root)  # as the next process finds it
    assert again.state == BEGUN
    assert again.restore() == ["a.yml", "new/c.yml"]
    assert (root / "a.yml").read_bytes() == b"a\r\n" and (root / "b.yml").read_bytes() == b"\xff b"
    assert (root / "a.yml").stat().st_mode & 0o777 == 0o640
    assert not (root / "new/c.yml").exists() and again.state is None


def test_an_end_before_the_journal_is_written_leaves_nothing_to_do(journal: Journal, root: Path, tmp_path: Path) -> None:
    (tmp_path / "journal" / "copies").mkdir(parents=True)
    (tmp_path / "journal" / "copies" / "0").write_bytes(b"half a co")
    assert journal.state is None
    journal.begin([Path("a.yml")])
    write_whole(root / "a.yml", b"changed")
    journal.restore()
    assert (root / "a.yml").read_bytes() == b"a\r\n"


def test_what_is_accepted_does_not_go_back(journal: Journal, root: Path) -> None:
    journal.begin([Path("a.yml")])
    write_whole(root / "a.yml", b"changed")
    journal.accept({"at": "now"})
    assert (journal.state, journal.record) == (ACCEPTED, {"at": "now"})
    assert journal.restore() == []
    assert (root / "a.yml").read_bytes() == b"changed"


def test_a_half_written_file_is_never_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "file"
    write_whole(target, b"before")

    def fail(_descriptor: int) -> None:
        raise OSError("no space left")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="no space"):
        write_whole(target, b"after")
    assert target.read_bytes() == b"before"
