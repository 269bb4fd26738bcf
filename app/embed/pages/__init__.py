"""The pages that people read, in Swedish under `/sv/` and in English under `/en/`."""
