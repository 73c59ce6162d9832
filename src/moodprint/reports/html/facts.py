"""What a reader of the page should know of the model, out of its card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_LINES = {"data": "Trained on", "training_data": "Trained on", "licence": "Licence of the model"}


def card_facts(card: Mapping[str, Any]) -> dict[str, str]:
    """Lines for the foot of the page: the rule for abstaining, data, licence; as far as it says."""
    calibration = card.get("calibration")
    below = calibration.get("abstain_below") if isinstance(calibration, Mapping) else None
    facts = {}
    if isinstance(below, int | float):
        facts["The rule"] = f"Unsure: no emotion reaches a probability of {below:.2f}."
    for key, title in _LINES.items():
        text = _text(card.get(key))
        if text:
            facts[title] = text
    return facts


def _text(value: Any) -> str:
    """A text, or names in a list or mapping, on one line."""
    if isinstance(value, list | Mapping):
        return ", ".join(str(part) for part in value if isinstance(part, str))
    return value if isinstance(value, str) else ""
