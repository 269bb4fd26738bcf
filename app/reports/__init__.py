"""Reports of errors from anybody: never shown, limited in number, and each a task for a person."""
