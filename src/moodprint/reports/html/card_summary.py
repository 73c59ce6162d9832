"""What a reader of the page should know of the model, out of its card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_LINES = {"limits": "Limits", "data": "Trained on", "licence": "Licence of the model"}


def summarise_card(card: Mapping[str, Any]) -> dict[str, str]:
    """Lines for the foot of the page: the rule for abstaining, limits, data, licence."""
    calibration = card.get("calibration")
    below = calibration.get("abstain_below") if isinstance(calibration, Mapping) else None
    lines = {}
    if isinstance(below, int | float):
        lines["The rule"] = f"Unsure: no emotion reaches a probability of {below:.2f}."
    for key, title in _LINES.items():
        text = _text(card.get(key))
        if text:
            lines[title] = text
    return lines


def _text(value: Any) -> str:
    """A text, or the parts of a list, on one line; of a corpus its name and hours."""
    if isinstance(value, list):
        parts = [text for text in map(_text, value) if text]
        return (" " if all(text.endswith(".") for text in parts) else ", ").join(parts)
    if isinstance(value, Mapping) and "corpus" in value:
        hours = value.get("hours")
        return f"{value['corpus']} ({hours} h)" if hours is not None else str(value["corpus"])
    return value if isinstance(value, str) else ""
