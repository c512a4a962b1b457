"""The ears and the company packs."""
