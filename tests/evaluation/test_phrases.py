"""Test phrases: what is read, and what is refused with its place."""

from pathlib import Path

import pytest

from bot.evaluation.labels import TASKS, UnknownLabel, intent_of
from bot.evaluation.phrases import AlarmPhrase, PhraseFault, read_alarm_phrases, read_phrases

TOPICS = {"melasma", "pih"}


def write(folder: Path, content: str) -> Path:
    path = folder / "held_out.jsonl"
    path.write_text(content)
    return path


@pytest.mark.parametrize(
    ("label", "intent"),
    [
        ("faq/melasma", "faq/melasma"),
        ("task/price", "ask_price"),
        ("task/book", "book_consultation"),
        ("task/human", "talk_to_human"),
        ("task/red_flag", "red_flag"),
        ("chat/greet", "greet"),
        ("oos", "out_of_scope"),
    ],
)
def test_a_label_stands_for_an_intent(label: str, intent: str) -> None:
    assert intent_of(label, TOPICS) == intent


@pytest.mark.parametrize("label", ["faq/freckles", "faq/", "task/ask_price", "chat/red_flag", "melasma", "greet", "", "oos/x"])
def test_an_unknown_label_is_refused(label: str) -> None:
    with pytest.raises(UnknownLabel):
        intent_of(label, TOPICS)


def test_every_task_of_the_contract_has_a_label() -> None:
    assert len(TASKS) == 12


def test_reads_lines_with_all_fields_and_skips_blank_ones(tmp_path: Path) -> None:
    path = write(tmp_path, '\n{"text": "a mask?", "accept": ["faq/melasma", "faq/pih"], "style": "typo", "kind": "near_miss"}\n\n')
    [phrase] = read_phrases(path, TOPICS)
    assert (phrase.text, phrase.accept, phrase.best) == ("a mask?", {"faq/melasma", "faq/pih"}, "faq/melasma")
    assert (phrase.style, phrase.kind, phrase.line, phrase.in_scope) == ("typo", "near_miss", 2, True)


def test_the_language_is_english_unless_the_line_names_another(tmp_path: Path) -> None:
    path = write(tmp_path, '{"text": "a", "accept": ["oos"]}\n{"text": "b", "accept": ["oos"], "language": "nl", "near_red_flag": true}')
    assert [(phrase.language, phrase.near_red_flag) for phrase in read_phrases(path, TOPICS)] == [("en", False), ("nl", True)]


def test_reads_red_flags_and_near_misses(tmp_path: Path) -> None:
    path = write(tmp_path, '{"text": "a", "red_flag": true, "kind": "spot"}\n{"text": "b", "language": "nl", "red_flag": false}')
    assert read_alarm_phrases(path) == [AlarmPhrase("a", True, "en"), AlarmPhrase("b", False, "nl")]


def test_a_line_that_does_not_say_whether_it_is_a_red_flag_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PhraseFault, match=':1: "red_flag" must be true or false'):
        read_alarm_phrases(write(tmp_path, '{"text": "a"}'))


def test_a_line_separator_within_a_text_ends_no_line(tmp_path: Path) -> None:
    path = write(tmp_path, '{"text": "one\u2028two", "accept": ["oos"]}\n')
    assert [phrase.text for phrase in read_phrases(path, TOPICS)] == ["one\u2028two"]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "is no JSON"),
        ("[]", "is no JSON object"),
        ('{"accept": ["oos"]}', '"text" must be a string'),
        ('{"text": 1, "accept": ["oos"]}', '"text" must be a string'),
        ('{"text": "x"}', '"accept" must be a list'),
        ('{"text": "x", "accept": []}', '"accept" must be a list'),
        ('{"text": "x", "accept": "oos"}', '"accept" must be a list'),
        ('{"text": "x", "accept": [1]}', '"accept" must be a list'),
        ('{"text": "x", "accept": ["faq/x"]}', "unknown label 'faq/x'"),
        ('{"text": "x", "accept": ["oos"], "kind": 1}', '"kind" must be a string'),
        ('{"text": "x", "accept": ["oos"], "language": "de"}', '"language" must be one of en, nl'),
        ('{"text": "x", "accept": ["oos"], "near_red_flag": "no"}', '"near_red_flag" must be true or false'),
    ],
)
def test_a_malformed_line_is_named_with_its_file(tmp_path: Path, line: str, reason: str) -> None:
    path = write(tmp_path, '{"text": "fine", "accept": ["oos"]}\n' + line)
    with pytest.raises(PhraseFault) as fault:
        read_phrases(path, TOPICS)
    assert str(fault.value).startswith(f"{path}:2: {reason}")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PhraseFault, match="can't be read: No such file"):
        read_phrases(tmp_path / "none.jsonl", TOPICS)


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes(b"\xe9")
    with pytest.raises(PhraseFault, match="not UTF-8"):
        read_phrases(path, TOPICS)


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PhraseFault, match="holds no phrases"):
        read_phrases(write(tmp_path, "\n"), TOPICS)
