"""The one exception that a person can put right."""


class RefactorError(Exception):
    """A sentence for the user: what is wrong, where, and what to do. Caught once, in `cli.main`."""
