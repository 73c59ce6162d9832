"""How each network that ships was trained. Runs where torch is; never imported by the package."""
