"""The command `stodkatalog`, and `python -m app`."""

import gc


def main() -> None:
    """Run the command of `app.cli`."""
    # What importing makes stays: looking for garbage in it, then and in every later round, would be for nothing.
    gc.disable()
    from app import cli  # noqa: PLC0415  # after the line above

    gc.freeze()
    gc.enable()
    cli.main()


if __name__ == "__main__":
    main()
