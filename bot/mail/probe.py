"""Goes to the mail server once, without a letter, so that an operator learns before the customers do that none leaves.

The rule this file guards: no sentence holds the user, the password or a server's words.
"""

import ssl

from bot.mail.errors import MailError, Reason
from bot.mail.smtp import Limits, SmtpTransport, read_smtp_url

PATIENCE = Limits(connect=10.0, command=10.0, whole=20.0)

_WORDS = {
    Reason.UNREACHABLE: "cannot be reached, or hangs up. Look at its name and its port, and whether it runs",
    Reason.SLOW: "takes too long to answer. Look at its name and its port, and whether it runs",
    Reason.PUT_OFF: "puts us off for now. Check again in a while",
    Reason.TLS: "has no certificate that can be trusted for this name, or fails to encrypt",
    Reason.NO_STARTTLS: (
        "does not offer encryption (STARTTLS), and the desk does not speak in the clear. Use its other port, or smtps://"
    ),
    Reason.LOGIN: "does not let us in: the user or the password is wrong, or it wants a log-in of another kind",
    Reason.SERVER: "refuses us or the sender MADOGUCHI_MAIL_FROM. Is the desk allowed to send as that address there?",
}


async def mail_fault(
    url: str, sender: str, *, limits: Limits = PATIENCE, tls: ssl.SSLContext | None = None
) -> str | None:
    """What keeps letters of `sender` from leaving by this server, as a sentence; None where nothing does.

    Raises BadSetting for a URL that is none.
    """
    try:
        await SmtpTransport(read_smtp_url(url), limits=limits, tls=tls).look(sender)
    except MailError as fault:
        words = _WORDS.get(fault.reason, f"refuses letters ({fault.reason})")
        return f"The mail server of MADOGUCHI_SMTP_URL {words}{'' if words.endswith('?') else '.'}"
    return None
