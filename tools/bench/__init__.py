"""Measurements: what the add-ons cost beside Odoo without them, and beside peers."""
