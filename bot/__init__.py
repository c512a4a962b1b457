"""Doors: all contact with the outside. No rule of law stands here."""
