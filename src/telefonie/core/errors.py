"""The only module that says what can go wrong inside the rules, and whose fault it is."""

from __future__ import annotations


class Refused(Exception):
    """A request that the rules turn down. The customer's doing; nothing was changed."""


class Illegal(Refused):
    """The thing exists, but in its present state this cannot be done to it."""

    def __init__(self, what: str, state: str, wish: str) -> None:
        super().__init__(f"The {what} is {state}; it cannot {wish}.")
        self.what = what
        self.state = state
        self.wish = wish


class Unknown(Refused):
    """There is no such thing, or not for this account."""

    def __init__(self, what: str, name: str) -> None:
        super().__init__(f"There is no {what} {name!r}.")
        self.what = what
        self.name = name


class Conflict(Refused):
    """The request contradicts something that is already so."""

    def __init__(self, slug: str, message: str) -> None:
        super().__init__(message)
        self.slug = slug


class TooMany(Refused):
    """More in a second than the account may do."""

    def __init__(self, what: str, seconds: int) -> None:
        super().__init__(f"The account's limit of {what}s in a second is reached; try again in {seconds} s.")
        self.what = what
        self.seconds = seconds


class Unfit(Refused):
    """A field has the right shape but a value that the account's rules do not allow."""

    def __init__(self, field: str, issue: str) -> None:
        super().__init__(f"{field}: {issue}")
        self.field = field
        self.issue = issue
