"""Starting the three processes, and training the model that one of them needs."""
