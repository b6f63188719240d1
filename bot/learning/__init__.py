"""From the staff's corrections to a better model: admit, merge, train, compare, take over, and the way back."""
