"""The staff console: one page a module, reached only through the table in `permissions.py`."""
