"""Tests of `handlers.dialogue`."""
