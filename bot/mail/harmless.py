"""Makes words safe to stand in a letter: in a header, in the body, and as something that a mail program links.

The rules this file guards: no header value holds a line end, a control or a direction mark (Python's own EmailMessage
refuses CR, LF, U+000B, U+0085 and U+2028 there, and a letter that cannot be built is never sent); a customer's words
in staff mail can neither be clicked nor pass for words of ours.
"""

import re
import unicodedata

from email_validator import EmailNotValidError, validate_email

LONGEST_HEADER = 160
_QUOTE = "  | "
_LINE_ENDS = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SCHEME = re.compile(r"(?<![a-z0-9])([a-z][a-z0-9+.-]{1,15})://(\S*)", re.IGNORECASE)
_BARE_DOMAIN = re.compile(
    r"(?<![\w@.%+-])(?:[\w-]+\.)+(?!(?:pdf|jpe?g|png)(?!\w))(?:[a-z]{2,24}|xn--[a-z0-9-]+)(?![\w@-])", re.IGNORECASE
)
# … but not the names of the documents that customers send
_SHARE = re.compile(r"\\\\(?=\w)")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


class BadAddress(ValueError):
    """What should be one address is not. Holds no word of it."""


def one_line(text: str, longest: int = LONGEST_HEADER) -> str:
    """A header's value: one line, no control or direction marks, single spaces, at most `longest` signs."""
    spaced = _LINE_ENDS.sub(" ", text).replace("\t", " ")
    line = " ".join("".join(sign for sign in spaced if unicodedata.category(sign) not in _HIDDEN).split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"


def plain_lines(text: str) -> str:
    """Words for a body: line ends made one, everything that is not seen left out."""
    lines = _LINE_ENDS.sub("\n", text).replace("\t", " ")
    return "".join(sign for sign in lines if sign == "\n" or unicodedata.category(sign) not in _HIDDEN).strip()


def defang(text: str) -> str:
    """The same words with nothing to click: `https://evil.example/x` → `hxxps[:]//evil[.]example/x`.

    Mail addresses stay as they are: staff may have to copy one into a record.
    """
    shared = _SHARE.sub(r"[\\\\]", text)
    without_schemes = _SCHEME.sub(lambda found: _unlinked(found[1], found[2]), shared)
    return _BARE_DOMAIN.sub(lambda found: found[0].replace(".", "[.]"), without_schemes)


def quoted(text: str, longest: int) -> str:
    """A customer's words as staff see them: harmless, cut at `longest` signs, each line marked; "" for no words."""
    words = plain_lines(text)
    if not words:
        return ""
    if len(words) > longest:
        words = words[:longest].rstrip() + " …"
    return "\n".join(_QUOTE + line.rstrip() for line in defang(words).split("\n")).rstrip()


def one_address(text: str) -> str:
    """Check that a text is exactly one mail address and give the form in which it goes on an envelope.

    The domain comes back in ASCII. Raises BadAddress.
    """
    if _ADDRESS.fullmatch(text):
        return text
    try:
        checked = validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        raise BadAddress("not one mail address") from None
    return checked.ascii_email or f"{checked.local_part}@{checked.ascii_domain}"


def _unlinked(scheme: str, rest: str) -> str:
    tame = re.sub("http", "hxxp", scheme, flags=re.IGNORECASE)
    return f"{tame}[:]//{rest.replace('.', '[.]')}"
