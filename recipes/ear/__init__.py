"""The recipe of the bundle `ear`: distilled from two teachers, then linear heads on labels."""
