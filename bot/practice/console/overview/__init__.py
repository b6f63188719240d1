"""The overview: figures of a period, as numbers, charts and files."""
