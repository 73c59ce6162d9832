"""Texts as they come from editors and spreadsheets, and those that are none."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from moodprint import text_input
from moodprint.errors import (
    EncodingError,
    InputError,
    MissingFileError,
    NoPermissionError,
    OptionError,
)
from moodprint.text_input import (
    CsvRow,
    decode_text,
    has_byte_order_mark,
    read_csv,
    read_text,
    read_yaml,
)

TEXT = "file,mood\nBjörk.mp3,“sad”\n"
MARKED = {
    "utf-8": TEXT.encode(),
    "utf-8 with a mark": codecs.BOM_UTF8 + TEXT.encode(),
    "utf-16 little": codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"),
    "utf-16 big": codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"),
    "utf-32 little": codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"),
    "utf-32 big": codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"),
}


@pytest.fixture
def write(tmp_path):
    def written(content, name="list.txt"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return written


@pytest.mark.parametrize("content", MARKED.values(), ids=MARKED.keys())
def test_a_byte_order_mark_is_passed_over_and_believed(write, content):
    assert read_text(write(content)) == TEXT


def test_a_mark_is_seen_where_there_is_one():
    marked = {name for name, content in MARKED.items() if has_byte_order_mark(content)}
    assert marked == set(MARKED) - {"utf-8"}
    assert not has_byte_order_mark(b"")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_text_in_utf_8_comes_back(text):
    expected = text.removeprefix("\ufeff")
    assert decode_text(text.encode(), "x") == expected
    assert decode_text(codecs.BOM_UTF8 + text.encode(), "x") == text


@given(st.binary())
def test_any_bytes_are_text_or_refused_in_one_line(content):
    message = ""
    try:
        text = decode_text(content, "some bytes")
    except EncodingError as error:
        text, message = "", str(error)
    assert "\0" not in text
    assert message == "" or message.startswith("some bytes, line ")
    assert "\n" not in message


def test_bytes_that_are_not_utf_8_are_told_with_line_byte_and_remedy():
    with pytest.raises(EncodingError) as raised:
        decode_text("a\nb\nBjörk\n".encode("latin-1"), "l.csv")
    assert str(raised.value) == "l.csv, line 3: the byte 0xf6 is not UTF-8; save the text as UTF-8"


def test_utf_16_without_a_mark_is_no_text():
    with pytest.raises(EncodingError, match="line 1: holds a NUL byte"):
        decode_text("a,b\n".encode("utf-16-le"), "l.csv")
    with pytest.raises(EncodingError, match="is not UTF-16"):
        decode_text(codecs.BOM_UTF16_LE + b"odd", "l.csv")


def test_a_file_that_cannot_be_read_is_told(tmp_path, write, monkeypatch):
    with pytest.raises(MissingFileError, match="does not exist"):
        read_text(tmp_path / "gone.txt")
    with pytest.raises(InputError, match="cannot be read"):
        read_text(tmp_path)
    monkeypatch.setattr(text_input, "_MOST_BYTES", 4)
    with pytest.raises(InputError, match="is larger than"):
        read_text(write("12345"))


def test_a_file_that_may_not_be_read_is_told(write, monkeypatch):
    def refused(*_, **__):
        raise PermissionError

    path = write("x")
    monkeypatch.setattr(type(path), "open", refused)
    with pytest.raises(NoPermissionError, match="may not be read"):
        read_text(path)


def test_a_table_has_its_columns_lines_and_cells(write):
    table = read_csv(write(' file , mood\r\na.wav,"two\r\nlines"\r\n\r\nb.wav\r\nc,d,,\r\n'))
    assert table.columns == ("file", "mood")
    assert table.rows == (
        CsvRow(3, {"file": "a.wav", "mood": "two\r\nlines"}),
        CsvRow(5, {"file": "b.wav", "mood": ""}),
        CsvRow(6, {"file": "c", "mood": "d"}),
    )
    assert read_csv(write("")).columns == ()
    assert read_csv(write(MARKED["utf-16 little"])).rows[0].cells["mood"] == "“sad”"


def test_a_cell_that_has_no_column_is_told_by_its_line(write):
    """A comma in a name without quotes would move the label out of its column."""
    with pytest.raises(InputError, match="line 3: has 3 cells, and there are 2 columns"):
        read_csv(write("file,mood\na.wav,sad\nSad, sad song.wav,happy\n"))


@pytest.mark.parametrize("text", ['file,mood\n"a.wav,sad\n', 'file\n"a"b\n'])
def test_quotes_that_do_not_close_are_told_by_their_line(write, text):
    with pytest.raises(InputError, match=r"line \d: is not CSV"):
        read_csv(write(text))


def test_a_table_that_is_none_is_told_by_its_line(write):
    with pytest.raises(InputError, match=r"line 2: is not CSV \(field larger than"):
        read_csv(write("file\n" + "x" * 200_000))


def test_yaml_is_read_in_any_of_the_encodings(write):
    for content in MARKED.values():
        assert read_yaml(write(content)) == " ".join(TEXT.split())
    assert read_yaml(write("\ufeffa: [1, 2]\n")) == {"a": [1, 2]}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\nb: [}\n", "line 2: is not YAML"),
        ("a: \x07", "is not YAML .*special characters"),
        ("day: 2026-13-45", "is not YAML .*month must be"),
        ("a: !!python/object:os.system {}", "could not determine a constructor"),
        ("[" * 5000, "is not YAML"),
    ],
)
def test_what_is_not_yaml_is_told_in_one_line(write, text, said):
    with pytest.raises(OptionError, match=said) as raised:
        read_yaml(write(text))
    assert "\n" not in str(raised.value)
