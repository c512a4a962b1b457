"""Journeys: the real process, talked to over the real wire, with real mail and a real database file."""
