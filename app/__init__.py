"""Stödkatalogen: Sweden's resource directory against prostitution, human trafficking and sexual exploitation."""

import app.stored_values  # noqa: F401  # before any table is made: it takes care of their columns
