"""Stödkatalogen: Sweden's resource directory against prostitution, human trafficking and sexual exploitation."""
