"""Full-text search over what visitors typed, alike on SQLite (FTS5) and PostgreSQL (tsvector)."""

import re
import unicodedata
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.sql.elements import TextClause

from bot.database import writing

MOST_WORDS = 8
PURGED_AT_ONCE = 500
"""Pages of SQLite's index; keeps the lock some hundredths of a second."""
MOST_STEPS = 1000
WORD = re.compile(r"[^\W_]+")

SQLITE = "CREATE VIRTUAL TABLE IF NOT EXISTS console_search USING fts5(words, tokenize='unicode61')"
POSTGRESQL = (
    "CREATE TABLE IF NOT EXISTS console_search (conversation_id integer PRIMARY KEY, words tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS console_search_words ON console_search USING gin (words)",
)


def words_of(said: str) -> list[str]:
    """The words as they are indexed and looked for: without case and accents."""
    plain = unicodedata.normalize("NFKD", said.casefold())
    return WORD.findall("".join(char for char in plain if not unicodedata.combining(char)))


def create(connection: Connection) -> None:
    """Makes the index if it is missing."""
    for statement in POSTGRESQL if connection.dialect.name == "postgresql" else (SQLITE,):
        connection.exec_driver_sql(statement)


def put(connection: Connection, documents: Sequence[tuple[int, str]]) -> None:
    """Indexes conversations anew, each with all its text."""
    rows = [{"id": number, "words": " ".join(words_of(said))} for number, said in documents]
    remove(connection, [row["id"] for row in rows])  # type: ignore[misc]
    if connection.dialect.name == "postgresql":
        connection.execute(text("INSERT INTO console_search (conversation_id, words) VALUES (:id, to_tsvector('simple', :words))"), rows)
    else:
        connection.execute(text("INSERT INTO console_search (rowid, words) VALUES (:id, :words)"), rows)


def remove(connection: Connection, numbers: Sequence[int]) -> None:
    """Takes conversations out."""
    column = "conversation_id" if connection.dialect.name == "postgresql" else "rowid"
    connection.execute(text(f"DELETE FROM console_search WHERE {column} = :id"), [{"id": number} for number in numbers])


def found(connection: Connection, asked: str) -> TextClause:
    """A condition on `console_conversation.id`: every word, or one that begins like it, was typed there; nothing for no words."""
    words = words_of(asked)[:MOST_WORDS]
    if connection.dialect.name == "postgresql":
        query = text("console_conversation.id IN (SELECT conversation_id FROM console_search WHERE words @@ to_tsquery('simple', :sought))")
        return query.bindparams(sought=" & ".join(f"{word}:*" for word in words))
    query = text("console_conversation.id IN (SELECT rowid FROM console_search WHERE console_search MATCH :sought)")
    return query.bindparams(sought=" ".join(f'"{word}"*' for word in words) or '""')


def marked(said: str, asked: str) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is what was looked for."""
    wanted = tuple(words_of(asked)[:MOST_WORDS])
    pieces: list[tuple[str, bool]] = []
    end = 0
    for match in WORD.finditer(said):
        hit = bool(wanted) and any(word.startswith(wanted) for word in words_of(match[0]))
        if hit:
            pieces += [(said[end : match.start()], False), (match[0], True)]
            end = match.end()
    return [piece for piece in [*pieces, (said[end:], False)] if piece[0]]


def purge(engine: Engine) -> None:
    """Takes the words of removed conversations out of SQLite's index, which else keeps them until it is tidied; in short steps.

    Raises:
        SQLAlchemyError: the database fails or is busy.
    """
    if engine.dialect.name != "sqlite":
        return
    pages = -PURGED_AT_ONCE  # the first step, by its sign, asks for the whole index to become one
    for _ in range(MOST_STEPS):
        with writing(engine) as connection:
            before = _changes(connection)
            connection.execute(text("INSERT INTO console_search (console_search, rank) VALUES ('merge', :pages)"), {"pages": pages})
            if _changes(connection) - before < 2:
                return
        pages = PURGED_AT_ONCE


def _changes(connection: Connection) -> int:
    return int(connection.execute(text("SELECT total_changes()")).scalar_one())
