"""`stodkatalog verify`: fetches the sources and checks that they still contain what is cited from them."""
