from dataclasses import FrozenInstanceError

import pytest

from moodprint.reports.exports import FORMATS, exporter
from moodprint.reports.exports.formats import FileFormat, ListFormat


def test_a_format_of_a_list_takes_all_answers():
    form = ListFormat("names", ".txt", "text/plain", lambda answers: str(len(answers)).encode())
    assert form.render([]) == b"0"


def test_a_format_of_a_file_takes_one_timeline(timeline):
    form = FileFormat("source", ".txt", "text/plain", lambda found: found.source.encode())
    assert form.render(timeline) == b"songs/one.mp3"


@pytest.mark.parametrize("name", FORMATS)
def test_formats_cannot_be_changed(name):
    with pytest.raises(FrozenInstanceError):
        exporter(name).suffix = ".exe"


def test_suffixes_and_media_types_are_told_apart():
    forms = [exporter(name) for name in FORMATS]
    assert len({form.suffix for form in forms}) == len(forms)
    assert all(form.suffix == form.suffix.lower() for form in forms)
    assert {type(form) for form in forms} == {ListFormat, FileFormat}
