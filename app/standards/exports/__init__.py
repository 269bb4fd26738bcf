"""The directory as files: CSV, NDJSON, a spreadsheet and a data package, written batch by batch from one snapshot."""
