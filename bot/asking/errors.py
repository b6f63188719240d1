"""The one error of asking."""


class NotAnswered(Exception):
    """A message was refused, or the conversation can't be read; the error's text says how."""
