"""The manners that every route shares."""
