"""What tests with databases and processes of their own share."""
