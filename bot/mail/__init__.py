"""The mail room: turns letters owed into letters sent. Decides nothing about a request."""
