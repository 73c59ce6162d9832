"""Music made to learn from: chosen by ear, gathered as a corpus."""
