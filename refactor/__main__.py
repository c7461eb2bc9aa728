"""Start the command line: `python -m refactor`. It decides nothing."""

from refactor.cli import main

# The guard matters: worker processes import this file again under another name.
if __name__ == "__main__":
    raise SystemExit(main())
