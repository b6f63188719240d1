"""What decides before the rules do."""
