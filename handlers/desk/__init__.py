"""The law: what a request is and what it may become. Imports nothing of ours."""
