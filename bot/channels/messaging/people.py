"""Who is who: which conversation a platform's person is in, and where answers to it go."""

import hmac
import json
from collections.abc import Sequence
from uuid import uuid4

from sqlalchemy import delete, select, update
from sqlalchemy.engine import Connection

from bot.channels.messaging.heard import Heard, Moved
from bot.channels.messaging.schema import identities, people
from bot.channels.upsert import insert_new


class People:
    """The people of one channel.

    A conversation has a random name of ours; what leads there from the platform's ids are keyed hashes, so that no phone number
    stands in the conversations.
    """

    def __init__(self, channel: str, key: str) -> None:
        """Takes the key of the hashes."""
        self._channel = channel
        self._key = key.encode()

    def conversation(self, connection: Connection, heard: Heard, now: float) -> str:
        """The conversation of whom an update is from; a new one where nobody knows the person."""
        digests = self._digests(heard.identities)
        known = _known(connection, digests[:1]) or (_known(connection, digests[1:]) if not self._taken(connection, digests) else None)
        conversation = known or self._new(connection, digests[0])
        self._link(connection, digests, conversation)
        row = {"conversation": conversation, "channel": self._channel, "address": json.dumps(dict(heard.address)), "heard_at": now}
        if not insert_new(connection, people, row):
            connection.execute(update(people).where(people.c.conversation == conversation).values(address=row["address"]))
        return conversation

    def move(self, connection: Connection, moved: Moved) -> None:
        """Brings a person's new ids to the conversation that the old ones led to; the old ones lead nowhere afterwards."""
        old = self._digests(moved.old)
        conversation = _known(connection, old)
        if conversation is None:
            return
        connection.execute(delete(identities).where(identities.c.digest.in_(old)))
        self._link(connection, self._digests(moved.new), conversation)
        new_address = json.dumps(dict(moved.address))
        connection.execute(update(people).where(people.c.conversation == conversation).values(address=new_address))

    def _digests(self, ids: Sequence[str]) -> list[str]:
        return [hmac.new(self._key, f"{self._channel}:{id_}".encode("utf-8", "surrogatepass"), "sha256").hexdigest() for id_ in ids]

    def _taken(self, connection: Connection, digests: Sequence[str]) -> bool:
        """Whether a lesser id, such as a phone number, leads to somebody who has another lasting id: numbers are given out again."""
        if len(digests) < 2:
            return False
        other = _known(connection, digests[1:])
        if other is None:
            return False
        count = len(connection.execute(select(identities.c.digest).where(identities.c.conversation == other)).all())
        return count > len(digests) - 1

    def _new(self, connection: Connection, digest: str) -> str:
        """A new conversation, or the one that another worker has just made for the same person."""
        conversation = f"{self._channel}-{uuid4().hex}"
        if insert_new(connection, identities, {"digest": digest, "conversation": conversation}):
            return conversation
        return _known(connection, [digest]) or conversation

    def _link(self, connection: Connection, digests: Sequence[str], conversation: str) -> None:
        for digest in digests:
            if not insert_new(connection, identities, {"digest": digest, "conversation": conversation}):
                connection.execute(update(identities).where(identities.c.digest == digest).values(conversation=conversation))


def _known(connection: Connection, digests: Sequence[str]) -> str | None:
    for digest in digests:
        found = connection.execute(select(identities.c.conversation).where(identities.c.digest == digest)).scalar_one_or_none()
        if found is not None:
            return str(found)
    return None
