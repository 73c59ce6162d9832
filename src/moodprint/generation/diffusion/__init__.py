"""Music from a prompt: a denoiser draws a log-mel spectrogram, which is then made to sound."""
