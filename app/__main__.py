"""The command `stodkatalog`, and `python -m app`."""

import gc
import signal
import sys


def main() -> None:
    """Run the command of `app.cli`."""
    # As the first process of a container it would otherwise pass the signal by until it serves.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
    # What importing makes stays: looking for garbage in it, then and in every later round, would be for nothing.
    gc.disable()
    from app import cli  # noqa: PLC0415  # after the line above

    gc.freeze()
    gc.enable()
    cli.main()


if __name__ == "__main__":
    main()
