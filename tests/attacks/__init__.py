"""Attacks on the desk as a whole. Each suite has a positive control: a planted weakness that it must catch.

The short form runs with all tests; `make attacks` runs the long one (`MADOGUCHI_ATTACKS` times as much).
"""
