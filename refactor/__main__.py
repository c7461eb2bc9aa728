"""Start the command line: `python -m refactor`. It decides nothing."""

import sys

# The guard matters: worker processes import this file again under another name.
if __name__ == "__main__":
    if not sys.flags.safe_path:
        del sys.path[0]  # the current folder: a tree of somebody else, which may hold a `yaml.py`
    from refactor.cli import main

    raise SystemExit(main())
