"""The Telegram door: updates in, replies out. Knows no rule of law and no step of the talk."""
