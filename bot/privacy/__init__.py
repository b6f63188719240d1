"""What is known about one person, wherever it is kept: to find it, hand it out, erase it, and let it go in time."""
