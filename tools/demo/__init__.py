"""A database to try the add-ons in, with people to log in as."""
