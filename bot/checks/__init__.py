"""Finding faults in the language data and in the code that uses it, without training anything."""
