"""What people and programs read: tables, files, HTML."""
