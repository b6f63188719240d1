"""Asking the assistant from the command line and seeing each step of the way of a message."""
