"""Memory: rows and transactions. Decides nothing."""
