"""The console at `/redaktion`, where editors see what there is to do, change records and decide on proposals."""
