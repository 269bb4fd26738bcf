"""The command `stodkatalog`, and `python -m stodkatalog` (docs/decisions/0020-one-package.md)."""

import sys
from pathlib import Path


def main() -> None:
    """Run the command of `app`, which is ours whatever else of that name is installed."""
    folder = Path(__file__).resolve().parent
    sys.path.insert(0, str(folder if (folder / "app").is_dir() else folder.parent))
    from app.__main__ import main as run  # noqa: PLC0415  # after the line above

    run()


if __name__ == "__main__":
    main()
