"""Tests of `bot/mail`."""
