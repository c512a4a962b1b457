"""The rasa-sdk actions and forms, one concern a file, registered by hand in `registry`."""
