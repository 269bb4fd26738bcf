"""Operation of the service: probes, metrics, status and backups."""
