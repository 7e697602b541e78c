"""The Python examples of README and docs run as they are printed."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]

STORIES = {"callbacks"}  # whose examples go on from one another


def examples() -> list:
    blocks = []
    for page in PAGES:
        found = re.findall(r"```python\n(.*?)```", page.read_text(), re.S)
        if page.stem in STORIES:
            found = ["".join(found)]
        blocks += [
            pytest.param(code, id=f"{page.stem}-{number}")
            for number, code in enumerate(found)
        ]
    return blocks


@pytest.fixture
def objectives_as_they_were():
    """What an example registers is gone afterwards."""
    from tfvae.objectives import OBJECTIVES

    before = dict(OBJECTIVES._classes)
    yield
    OBJECTIVES._classes = before


@pytest.mark.parametrize("code", examples())
def test_example(code, tmp_path, monkeypatch, objectives_as_they_were):
    """An example that does not run raises."""
    monkeypatch.chdir(tmp_path)
    exec(code, {})


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
        assert (page.parent / target).exists(), target
