"""The engine of the forms: questions that can be answered, corrected, left open, interrupted and taken up again."""
