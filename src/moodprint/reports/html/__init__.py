"""A report as one HTML file that works offline: player, waveform, charts, and words for them."""

from moodprint.reports.html.card_summary import summarise_card
from moodprint.reports.html.report import render_report, write_report

__all__ = ["render_report", "summarise_card", "write_report"]
