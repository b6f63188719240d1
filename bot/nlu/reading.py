"""What a message says in the terms of the red flags, after denials and harmless turns of phrase are taken out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.nlu.phrases import Found, Word, words
from bot.nlu.red_flag_terms import GRAMMAR, HIDING, Terms

_REACH = 4
"""How many words on a "not" still denies: "hasn't really been any bleeding"."""
_REACH_BACK = 3
"""The same for Dutch, which denies after the verb: "geneest al weken niet"."""
_SENTENCE_END = re.compile(r"[.!?;\n]")
_CLAUSE_END = re.compile(r"[.!?;\n,:()–—…]")


@dataclass(frozen=True)
class Mention:
    """A word list that the message speaks of, and where."""

    list: str
    first: int
    last: int
    segment: int
    """Number of the part of the message up to a full stop or "but"; excuses hold within one."""
    clause: int
    """Number of the smaller part up to a comma or "and"; denials hold within one."""

    @property
    def places(self) -> range:
        """Numbers of its words."""
        return range(self.first, self.last + 1)


@dataclass(frozen=True)
class Reading:
    """A message's words and what they speak of, in order."""

    words: tuple[Word, ...]
    mentions: tuple[Mention, ...]

    def text(self, mention: Mention) -> str:
        """The words of a mention as the word lists spell them."""
        return " ".join(word.text for word in self.words[mention.first : mention.last + 1])


def read(text: str, terms: Terms) -> Reading:
    """What a message speaks of: neither what it denies nor what a harmless phrase hides."""
    message = words(text)
    found = terms.finder.find(message)
    segments, clauses = _parts(message, terms)
    mentions = [
        Mention(name, phrase.first, phrase.last, segments[phrase.first], clauses[phrase.first])
        for phrase in _without_hidden(found)
        for name in phrase.values
    ]
    meant = [mention for mention in mentions if mention.list not in GRAMMAR]
    deniable = [mention for mention in meant if mention.list in terms.deniable]
    denied = _denied(mentions, deniable, message, terms)
    return Reading(tuple(message), tuple(_after_denials(meant, denied, terms)))


def _parts(message: Sequence[Word], terms: Terms) -> tuple[list[int], list[int]]:
    segments, clauses = [], []
    segment = clause = 0
    for word in message:
        if word.text in terms.grammar["but"] or _SENTENCE_END.search(word.before):
            segment += 1
            clause += 1
        elif word.text in terms.grammar["parts"] or _CLAUSE_END.search(word.before):
            clause += 1
        segments.append(segment)
        clauses.append(clause)
    return segments, clauses


def _without_hidden(found: Sequence[Found[str]]) -> Iterator[Found[str]]:
    hiding = [not HIDING.isdisjoint(phrase.values) for phrase in found]
    hidden = {place for phrase, hides in zip(found, hiding, strict=True) if hides for place in range(phrase.first, phrase.last + 1)}
    return (phrase for phrase, hides in zip(found, hiding, strict=True) if hides or hidden.isdisjoint(range(phrase.first, phrase.last + 1)))


def _denied(mentions: Sequence[Mention], deniable: Sequence[Mention], message: Sequence[Word], terms: Terms) -> set[int]:
    """The words that a "not" takes away; a "not" that is itself part of a longer phrase ("won't stop bleeding") takes nothing."""
    denied: set[int] = set()
    for negator in mentions:
        if negator.list in ("denies", "denies_before") and not _within_another(negator, mentions) and not _asked_back(negator, mentions):
            deny = _denied_after if negator.list == "denies" else _denied_before
            denied.update(place for mention in deny(negator, deniable, message, terms) for place in mention.places)
    return denied


def _within_another(negator: Mention, mentions: Sequence[Mention]) -> bool:
    length = negator.last - negator.first
    return any(other.first <= negator.first and negator.last <= other.last and other.last - other.first > length for other in mentions)


def _asked_back(negator: Mention, mentions: Sequence[Mention]) -> bool:
    """Whether what is denied is asked about at once: "age spots don't itch, do they?" is said by somebody whose spot does."""
    return any(other.list == "asks_back" and other.segment == negator.segment and other.first > negator.last for other in mentions)


def _denied_after(negator: Mention, deniable: Sequence[Mention], message: Sequence[Word], terms: Terms) -> Iterator[Mention]:
    """English denies ahead, and goes on through a list: "doesn't itch, bleed or hurt"."""
    clause, end, reach = negator.clause, negator.last, negator.last + _REACH
    for mention in deniable:
        if mention.last <= end:
            continue
        listed = end > negator.last and mention.first - end <= 2 and _goes_on_listing(mention, message, terms)
        if not listed and (mention.first > reach or mention.clause != clause):
            return
        yield mention
        if mention.list in terms.denied:
            return
        clause, end = mention.clause, mention.last
        if _at(message, end + 1) in terms.grammar["or"]:
            reach = end + _REACH


def _goes_on_listing(mention: Mention, message: Sequence[Word], terms: Terms) -> bool:
    """Whether a mention after a comma or "and" is one more thing that is denied, with nothing said about it."""
    follows = message[mention.last + 1 : mention.last + 2]
    ends = not follows or follows[0].text in terms.grammar["or"] or bool(_CLAUSE_END.search(follows[0].before))
    return ends and mention.first == mention.last and message[mention.first].text in terms.grammar["listed"]


def _denied_before(negator: Mention, deniable: Sequence[Mention], message: Sequence[Word], terms: Terms) -> Iterator[Mention]:
    """Dutch denies after the verb: "jeukt niet", "jeukt of bloedt helemaal niet"."""
    edge = negator.first
    for mention in reversed(deniable):
        if mention.last >= negator.first:
            continue
        nested = mention.last >= edge
        beside = negator.first - mention.last <= _REACH_BACK and mention.clause == negator.clause
        joined = edge - mention.last == 2 and _at(message, mention.last + 1) in terms.grammar["or"] and mention.list not in terms.denied
        if not (nested or beside or joined):
            return
        yield mention
        edge = min(edge, mention.first)


def _at(message: Sequence[Word], place: int) -> str:
    return message[place].text if place < len(message) else ""


def _after_denials(meant: Sequence[Mention], denied: set[int], terms: Terms) -> Iterator[Mention]:
    for mention in meant:
        if mention.list not in terms.deniable or not denied.issuperset(mention.places):
            yield mention
        elif mention.list in terms.denied:
            yield replace(mention, list=terms.denied[mention.list])
