"""The pages in Chromium, as a reader sees them."""

import shutil

import pytest

import tfvae
from tests.browsers import chromium
from tests.browsers import needs_chromium
from tests.runs import bars
from tfvae.comparing import RunViews
from tfvae.report import write_comparison
from tfvae.report import write_report
from tfvae.training.runs import Run

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def pages(two_runs, tmp_path_factory):
    parent = tmp_path_factory.mktemp("pages")
    run = Run(shutil.copytree(two_runs[0], parent / "B"))
    model, _ = tfvae.load_run(run.directory)
    dataset = tfvae.data.from_arrays(*bars())
    return {
        "report": write_report(run, model, dataset),
        "comparison": write_comparison(
            RunViews(list(two_runs)), parent / "comparison.html"
        ),
    }


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.parametrize("name", ["report", "comparison"])
def test_a_page_shows_whole_at_any_width(name, width, pages, browser):
    page = browser.new_page(viewport={"width": width, "height": 900})
    troubles, loaded = [], []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("pageerror", lambda error: troubles.append(str(error)))
    page.on("request", lambda request: loaded.append(request.url))
    page.goto(pages[name].as_uri())
    assert troubles == []
    assert [url for url in loaded if not url.startswith("data:")] == [
        pages[name].as_uri()
    ]
    images = page.locator("img").evaluate_all(
        """all => all.map(i => [i.complete, i.naturalWidth, i.clientWidth,
                               i.parentElement.clientWidth])"""
    )
    assert len(images) > 3
    for complete, natural, shown, window in images:
        assert complete and natural > 100
        assert 100 < shown <= max(window, 46 * 16)
        assert window <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()


def test_definitions_unfold(pages, browser):
    page = browser.new_page()
    page.goto(pages["report"].as_uri())
    equation = page.get_by_text("mean over factors of (I(best code)")
    assert not equation.is_visible()
    page.get_by_text("mig", exact=True).last.click()
    assert equation.is_visible()
    page.close()


def test_it_prints(pages, browser):
    page = browser.new_page()
    page.goto(pages["report"].as_uri())
    assert page.pdf().startswith(b"%PDF")
    page.close()
