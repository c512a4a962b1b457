"""Ears: from a customer's words to what they mean. Knows no request and no person."""
