"""Tests of `handlers/desk`."""
