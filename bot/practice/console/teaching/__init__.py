"""What staff teaches: which topic a message is about, and which conversations stay as tests."""
