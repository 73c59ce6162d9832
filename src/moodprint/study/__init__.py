"""Features x models x folds -> leaderboard: which recogniser is best, told honestly."""
