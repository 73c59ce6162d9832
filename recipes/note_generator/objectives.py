"""The ways of training there are, by the names that runs are stored under."""

from __future__ import annotations

from recipes.note_generator.adversarial import AdversarialSettings
from recipes.note_generator.reconstruction import ReconstructionSettings
from recipes.note_generator.trainer import Settings

OBJECTIVES: dict[str, type[Settings]] = {
    settings.objective: settings for settings in (AdversarialSettings, ReconstructionSettings)
}
