"""What the pages say of the project is so."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "examples" / "README.md"]


def _packages() -> set[str]:
    project = PROJECT["project"]
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    groups += PROJECT["dependency-groups"].values()
    return {re.split(r"[<>=~!\[; ]", wanted)[0].lower() for group in groups for wanted in group}


@pytest.mark.parametrize("package", sorted(_packages()))
def test_every_dependency_has_its_reason(package: str) -> None:
    rows = (ROOT / "docs" / "dependencies.md").read_text().lower().splitlines()
    named = [re.findall(r"[a-z0-9_.-]+", row.split("|")[1]) for row in rows if row.startswith("|")]
    assert any(package in names for names in named), f"{package} has no row in dependencies.md"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text()):
        if not target.startswith(("http://", "https://")):
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", sorted((ROOT / "docs").glob("*.md")), ids=lambda page: page.name)
def test_the_readme_leads_to_every_page(page: Path) -> None:
    assert f"](docs/{page.name})" in (ROOT / "README.md").read_text()


@pytest.mark.parametrize("extra", PROJECT["project"]["optional-dependencies"])
def test_the_readme_says_how_each_extra_is_installed(extra: str) -> None:
    assert f"| `{extra}` |" in (ROOT / "README.md").read_text()


def test_every_make_target_is_a_script() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for script in re.findall(r"^\t@(scripts/[\w-]+)", makefile, re.M):
        assert (ROOT / script).stat().st_mode & 0o111, script


def test_the_changelog_keeps_a_place_for_what_comes() -> None:
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text()
