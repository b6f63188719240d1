"""Booking a consultation."""
