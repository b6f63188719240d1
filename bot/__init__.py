"""The assistant: channels, understanding, the practice's web application, the website chat, the command line."""
