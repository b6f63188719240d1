"""What the assistant does: custom actions, one a file, with the forms and the suitability rules they use."""
