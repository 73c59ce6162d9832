"""The page: what an analyst keeps open all day."""
