"""The talk: what is said and asked next. Decides no case; that is `handlers.desk`."""
