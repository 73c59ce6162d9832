"""Music made on the page."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.long


def test_a_piece_is_made_heard_and_kept(browser, address: str, piece: str, until) -> None:
    browser.get(address)
    browser.find_element("name", "name").send_keys("pieces\n")
    until("document.getElementById('name')")
    browser.get(f"{address}/music")  # the newest collection is the first to be chosen
    until(f"document.querySelector('#piece-{piece} audio')")
    shown = browser.find_element("id", f"piece-{piece}")
    assert "sad cello, 60 bpm (composer, seed 1)" in shown.text
    assert "60 beats a minute" in shown.text
    browser.execute_script("arguments[0].querySelector('audio').load()", shown)
    until(f"document.querySelector('#piece-{piece} audio').duration === 2")
    shown.find_element("css selector", "summary").click()
    assert "asked: cello" in shown.text
    shown.find_element("css selector", ".keep button:not(.danger)").click()
    until(f"document.querySelector('#kept-{piece} a')")
    browser.get(shown.find_element("css selector", f"#kept-{piece} a").get_attribute("href"))
    until("document.querySelector('h1').textContent.includes('sad cello')")


def test_why_a_piece_failed_is_said(browser, address: str, piece: str, until) -> None:
    browser.get(f"{address}/music")
    until("document.querySelector('.piece.failed')")
    assert "no mood is known" in browser.find_element("css selector", ".piece.failed").text


def test_what_only_drawn_music_takes_is_shown_for_it_alone(browser, address: str, until) -> None:
    browser.get(f"{address}/music")
    until("document.querySelector('.drawn').hidden")
    negative = browser.find_element("name", "negative")
    assert not negative.is_displayed()
    browser.execute_script(
        "const engine = document.getElementById('engine');"
        "engine.innerHTML = '<option value=diffusion>'; engine.dispatchEvent(new Event('change'))"
    )
    assert negative.is_displayed()


def test_a_wish_for_nothing_is_refused_by_a_word(browser, address: str, until) -> None:
    browser.get(f"{address}/music")
    browser.find_element("tag name", "body").send_keys("p")
    assert browser.switch_to.active_element.get_attribute("id") == "prompt"
    browser.switch_to.active_element.send_keys("\n")
    until("document.getElementById('problem').textContent.includes('Give a prompt')")
