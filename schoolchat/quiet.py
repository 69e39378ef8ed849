"""Which warnings of system checks are not said, read from the environment. Pure."""

from schoolchat.environment import words


def quiet_checks() -> list[str]:
    """Their ids, which `serve` gives to the processes that it starts. Errors are said, whoever
    names them."""
    return [one for one in words("SCHOOLCHAT_QUIET", "") if ".W" in one]
