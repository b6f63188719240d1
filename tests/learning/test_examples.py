"""Examples put into every file of data/: nothing but the added lines differs."""

from pathlib import Path

import pytest

from bot.checks.located import read_yaml
from bot.checks.project import Project
from bot.learning.examples import NoPlace, as_example, insert, is_plain, place, remove
from bot.settings import ROOT

PROJECT = Project(ROOT)
BLOCKS = sorted({(example.label, example.language) for example in PROJECT.examples})
HOSTILE = ['it\'s: #1 "quoted" & {braced} *stars*', "100 % - 50", "é ü 日本", "'", "a: b", "yes", "| > !x", "\\n", "# no comment"]


@pytest.mark.parametrize(("label", "language"), BLOCKS, ids=[f"{label}-{language}" for label, language in BLOCKS])
def test_only_the_new_lines_are_added(label: str, language: str, tmp_path: Path) -> None:
    found = place(PROJECT, label, language)
    before = (ROOT / found.path).read_bytes().decode()
    after = insert(before, found.last_line, HOSTILE)
    added = "".join(f"    - {text}\n" for text in HOSTILE)
    start = after.index(added)
    assert after[:start] + after[start + len(added) :] == before
    root = tmp_path
    file = root / found.path
    file.parent.mkdir(parents=True)
    file.write_bytes(after.encode())
    read = [(example.label, example.language, example.text) for example in Project(root).examples]
    known = [(e.label, e.language, e.text) for e in PROJECT.examples if e.path == found.path]
    assert sorted(read) == sorted(known + [(label, language, text) for text in HOSTILE])
    for text in reversed(HOSTILE):
        after = remove(after, text)
    assert after == before


def test_what_rasa_reads_is_what_was_written(tmp_path: Path) -> None:
    from bot.training_data import _read

    found = place(PROJECT, "faq/freckles", "nl")
    file = tmp_path / "freckles.yml"
    texts = [text for text in HOSTILE if is_plain(text)]
    file.write_text(insert((ROOT / found.path).read_text(encoding="utf-8"), found.last_line, texts), encoding="utf-8")
    assert [message.get("text") for message in _read(file).training_examples][-len(texts) :] == texts


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\n\n\n# the end\n", ""])
def test_whatever_follows_the_block_stays(ending: str, tmp_path: Path) -> None:
    start = "nlu:\n- intent: thanks  # why\n  metadata: {language: en}\n  examples: |\n      - one\n      - two"
    content = (start + ending).replace("\n", "\r\n" if ending == "\r\n" else "\n")
    file = tmp_path / "data" / "intents" / "thanks.yml"
    file.parent.mkdir(parents=True)
    file.write_bytes(content.encode())
    found = place(Project(tmp_path), "thanks", "en")
    after = insert(content, found.last_line, ["three"])
    line = "      - three"
    assert after.replace("\r", "").split("\n") == [*start.split("\n"), line, *ending.replace("\r", "").split("\n")[1:]]
    assert read_yaml(file, file)[1] == []
    assert remove(after, "three") == content


def test_a_label_without_examples_in_a_language_has_no_place() -> None:
    for label, language in (("faq/nothing", "en"), ("faq/freckles", "de"), ("start", "en")):
        with pytest.raises(NoPlace):
            place(PROJECT, label, language)


def test_taking_out_what_is_not_there_changes_nothing() -> None:
    assert remove("a\n- b\n", "c") == "a\n- b\n"


@pytest.mark.parametrize(
    ("typed", "example"),
    [("  - what\nis\tthis ", "what is this"), ("/start", "start"), ("\u2022 one", "one"), ("--x-ray", "x-ray"), ("* / -", "")],
)
def test_a_message_becomes_one_plain_line(typed: str, example: str) -> None:
    assert as_example(typed) == example and is_plain(example) is bool(example)


def test_what_means_something_to_rasa_is_not_plain() -> None:
    assert not any(is_plain(text) for text in ("[peel](treatment)", '[peel]{"entity": "x"}', "two\nlines", " blank", "- dash", ""))
