"""What was said: read from the assistant's events, kept in tables that can be listed, filtered and searched."""
