"""Masks: enough of a name or an address to recognise it, too little to use it."""


def mask_name(name: str) -> str:
    """`Hanako Sample` → `H••••• S•••••`."""
    return " ".join(word[0] + "•" * 5 for word in name.split())


def mask_email(email: str) -> str:
    """`hanako@example.com` → `h•••••@example.com`."""
    local, _, domain = email.partition("@")
    return f"{local[:1]}•••••@{domain}"


def mask_digits(number: str) -> str:
    """All but the last three signs of a number hidden."""
    return "•••••" + number[-3:] if len(number) > 5 else "•••••"
