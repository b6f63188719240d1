"""The ways in and out: how messages reach the dialogue, and how answers leave it."""
