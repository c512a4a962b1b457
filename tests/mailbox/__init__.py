"""A real SMTP server for the tests, on 127.0.0.1, in a thread of its own; with the faults that mail servers have.

with MailServer() as server:
    ...  # MADOGUCHI_SMTP_URL=server.url
    letter = await server.arrives(to="hanako@example.jp", subject_part="code")
"""

from tests.mailbox.letters import Letter, MailFault, Stage
from tests.mailbox.server import MailServer

__all__ = ["Letter", "MailFault", "MailServer", "Stage"]
