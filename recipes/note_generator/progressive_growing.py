"""How far the networks have grown after so many images."""

from __future__ import annotations

from dataclasses import dataclass

from moodprint.errors import OptionError


@dataclass(frozen=True)
class Growth:
    """Each block fades in over ``fade_images``, then trains for ``stable_images``.

    The last block trains on for as long as one likes.
    """

    blocks: int
    stable_images: int
    fade_images: int

    def __post_init__(self) -> None:
        if self.blocks < 1 or self.stable_images < 1 or self.fade_images < 1:
            raise OptionError(f"growth takes numbers above 0, not {self}")

    def progress(self, images: int) -> float:
        """Blocks grown, as the networks take it: 1 at first, 2.5 where block 3 is half in."""
        stage = self.stable_images + self.fade_images
        grown, into = divmod(images, stage)
        fading = max(0, into - self.stable_images) / self.fade_images
        return min(1 + grown + fading, float(self.blocks))

    @property
    def images_to_full_size(self) -> int:
        return (self.blocks - 1) * (self.stable_images + self.fade_images)
