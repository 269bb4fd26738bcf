"""Whether the sources still say what is cited from them: fetched, read and compared by `stodkatalog verify`."""
