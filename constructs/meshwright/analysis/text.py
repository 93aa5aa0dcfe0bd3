"""Letters as Envoy compares them."""


def lowered(text: str) -> str:
    """Return ``text`` with the letters of ASCII, and no others, in lower case."""
    return text.lower() if text.isascii() else "".join(each.lower() if each.isascii() else each for each in text)
