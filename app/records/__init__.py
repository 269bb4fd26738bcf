"""Records, their documents and revisions: the truth of the store. The other tables are made from them, for reading."""
