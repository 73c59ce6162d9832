"""Where answers go is settled before the work: format, files, and what may not be overwritten."""

from __future__ import annotations

from pathlib import Path

import pytest

from moodprint.cli.destination import TABLE, Destination
from moodprint.errors import MoodprintError, OptionError


def claim(destination: Destination, sources: list[str], report: Path | None = None) -> None:
    with destination.claimed(sources, report):
        pass


@pytest.mark.parametrize(
    ("format_name", "path", "expected"),
    [
        (None, None, TABLE),
        ("json", None, "json"),
        (None, "moods.csv", "csv"),
        ("json", "moods.txt", "json"),
        (TABLE, None, TABLE),
    ],
)
def test_the_format_is_the_one_named_or_that_of_the_suffix(
    format_name: str | None, path: str | None, expected: str
) -> None:
    chosen = Destination.chosen(format_name, None if path is None else Path(path))
    assert chosen.format == expected
    assert chosen.is_table == (expected == TABLE)


def test_a_table_is_not_for_files() -> None:
    with pytest.raises(OptionError, match=r"a table is for the terminal.*json"):
        Destination.chosen(TABLE, Path("moods.txt"))


@pytest.mark.parametrize(("name", "path"), [("jsn", None), (None, Path("moods.doc"))])
def test_an_unknown_format_is_refused(name: str | None, path: Path | None) -> None:
    with pytest.raises(OptionError):
        Destination.chosen(name, path)


def test_a_format_of_one_file_takes_a_folder_for_many(tmp_path: Path) -> None:
    songs = [str(tmp_path / name) for name in ("a.mp3", "b.mp3")]
    with pytest.raises(OptionError, match="describes one file and there are 2: name a folder"):
        claim(Destination("srt"), songs)
    claim(Destination("srt", tmp_path / "subtitles"), songs)
    claim(Destination("srt", tmp_path / "one.srt"), songs[:1])


def test_a_source_is_never_overwritten(tmp_path: Path) -> None:
    song = tmp_path / "song.json"
    song.write_text("[]")
    with pytest.raises(MoodprintError, match=r"song\.json"):
        claim(Destination("json", song), [str(song)])
    with pytest.raises(MoodprintError, match=r"song\.json"):
        claim(Destination("json", tmp_path / "moods.json"), [str(song)], song)


def test_answers_so_far_are_kept_beside_the_output(tmp_path: Path) -> None:
    assert Destination("json", tmp_path / "moods.json").journal == (
        tmp_path / ".moods.json.moodprint.partial"
    )
    assert Destination("srt", tmp_path).journal == tmp_path / ".moodprint.partial"
    assert Destination(TABLE).journal is None


def test_a_link_or_a_pipe_has_no_journal(tmp_path: Path) -> None:
    (tmp_path / "link.json").symlink_to(tmp_path / "elsewhere.json")
    assert Destination("json", tmp_path / "link.json").journal is None
    assert Destination("json", Path("/dev/null")).journal is None


def test_nothing_is_known_of_an_output_that_is_not_there(tmp_path: Path) -> None:
    assert Destination("json", tmp_path / "moods.json").answered() == {}
    (tmp_path / "moods.csv").write_text("file\n")
    assert Destination("csv", tmp_path / "moods.csv").answered() == {}, "only JSON is read back"


def test_an_empty_run_leaves_an_empty_list(tmp_path: Path, capfdbinary) -> None:
    where = Destination("json", tmp_path / "moods.json")
    where.save([])
    where.show([])
    assert (tmp_path / "moods.json").read_text().strip() == "[]"
    assert capfdbinary.readouterr().out == b"", "what is in a file is not printed too"
    Destination("json").show([])
    assert capfdbinary.readouterr().out.strip() == b"[]"
