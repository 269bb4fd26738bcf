"""For those who run the service: probes, backups."""
