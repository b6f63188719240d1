"""Suitability rules as data, and the pure function over them."""
