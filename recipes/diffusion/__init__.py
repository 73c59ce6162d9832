"""How the music generator that ships was trained: latent diffusion over log-mel spectrograms."""
