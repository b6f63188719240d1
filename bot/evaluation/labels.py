"""The labels of test phrases and the intents they stand for."""

from collections.abc import Set

FAQ = "faq"
OUT_OF_SCOPE = "out_of_scope"
FALLBACK = "nlu_fallback"
RED_FLAG = "red_flag"

TASKS = {
    "price": "ask_price",
    "list_treatments": "list_treatments",
    "find_treatment": "find_treatment",
    "book": "book_consultation",
    "cancel": "cancel_appointment",
    "reschedule": "reschedule_appointment",
    "my_appointment": "my_appointment",
    "human": "talk_to_human",
    "privacy": "privacy",
    "delete_data": "delete_data",
    "red_flag": RED_FLAG,
    "practice_info": "practice_info",
}
"""Name after `task/` in a test phrase -> intent."""

PARTS = {"privacy": frozenset({"delete_data"})}
"""Intent -> others that do what it answers for, and so are accepted in its place: the wish to have one's data deleted is about privacy too."""

CHATS = frozenset({"greet", "goodbye", "thanks", "affirm", "deny", "bot_challenge", "help", "complaint"})
"""Names after `chat/` in a test phrase, which are intents as they stand."""


class UnknownLabel(Exception):
    """A label that is no topic, task, chat or `oos`; the message names it."""


def intent_of(label: str, topics: Set[str]) -> str:
    """The full intent that a test phrase's label stands for, such as `ask_price` for `task/price`.

    Args:
        label: `faq/<topic>`, `task/<name>`, `chat/<name>` or `oos`.
        topics: names of the topics, without `faq/`.

    Raises:
        UnknownLabel: the label stands for nothing.
    """
    group, _, name = label.partition("/")
    if label == "oos":
        return OUT_OF_SCOPE
    if group == FAQ and name in topics:
        return label
    if group == "task" and name in TASKS:
        return TASKS[name]
    if group == "chat" and name in CHATS:
        return name
    raise UnknownLabel(f"unknown label {label!r}")
