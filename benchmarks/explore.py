"""How soon does the picture of `python -m tfvae explore` follow a slider?

Serves the page as a user does, opens it in headless Chromium and moves the
slider of each active latent. Prints milliseconds from the `input` event to the
change of the picture in the page, one move at a time; then of a drag, a move a
frame, pictures a second and milliseconds from the last move to the last
picture. Before them what decoding and PNG alone take.

Run: python benchmarks/explore.py RUN [--moves 50]
"""

import shutil
import subprocess
import sys
import time
from pathlib import Path

import click
import numpy as np
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parents[1]))

import tfvae
from tfvae.exploring.pictures import Pictures

ROOT = Path(__file__).parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PAUSE = 50  # milliseconds between two moves
# what both measurements stand on
SETUP = """
const slider = document.querySelectorAll('input[type=range]')[latent];
const picture = document.querySelector('.moved img');
function move(share) {
  const low = Number(slider.min), high = Number(slider.max);
  slider.value = low + share * (high - low);
  slider.dispatchEvent(new Event('input', {bubbles: true}));
}
"""
ONE_BY_ONE = f"""async ([latent, shares, pause]) => {{
  {SETUP}
  const times = [];
  for (const share of shares) {{
    const start = performance.now();
    await new Promise(changed => {{
      const observer = new MutationObserver(() => {{
        times.push(performance.now() - start);
        observer.disconnect();
        changed();
      }});
      observer.observe(picture, {{attributeFilter: ['src']}});
      move(share);
    }});
    await new Promise(done => setTimeout(done, pause));
  }}
  return times;
}}"""
DRAGGED = f"""async ([latent, shares]) => {{
  {SETUP}
  const times = [];
  new MutationObserver(() => times.push(performance.now())).observe(
    picture, {{attributeFilter: ['src']}});
  const start = performance.now();
  let last = start;
  for (const share of shares) {{
    last = await new Promise(requestAnimationFrame);
    move(share);
  }}
  const end = performance.now();
  await new Promise(done => setTimeout(done, 1000));
  return [1000 * times.filter(t => t < end).length / (end - start),
          times.at(-1) - end];
}}"""


def measure(address: str, latents: int, moves: int) -> tuple[list, list]:
    """Milliseconds of single moves; of each drag pictures a second, and
    milliseconds from its last move to the last picture."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    shares = np.random.default_rng(0).permutation(moves) / moves
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium, args=FLAGS
        )
        page = browser.new_page()
        page.goto(address)
        page.wait_for_selector("input[type=range]")
        arguments = [[k, shares.tolist(), PAUSE] for k in range(latents)]
        single = [page.evaluate(ONE_BY_ONE, a) for a in arguments]
        way = np.linspace(0, 1, 2 * moves).tolist()
        dragged = [page.evaluate(DRAGGED, [k, way]) for k in range(latents)]
        browser.close()
    return single, dragged


def alone(run: Path, moves: int) -> tuple[int, list[float]]:
    """How many latents have sliders, and milliseconds of decoding and PNG."""
    model, params = tfvae.load_run(run)
    dataset = tfvae.data.load(params["dataset"], **params["data_options"])
    pictures = Pictures(model, dataset)
    z = pictures.start(0).z
    times = []
    for _ in range(moves):
        start = time.perf_counter()
        pictures.moved(z)
        times.append(1000 * (time.perf_counter() - start))
    return pictures.active or len(pictures.latents), times


@click.command()
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--moves", default=50, show_default=True, help="of each slider")
def main(run: Path, moves: int) -> None:
    """Measure and print."""
    latents, decoding = alone(run, moves)
    command = [sys.executable, "-m", "tfvae", "explore", run.resolve()]
    with subprocess.Popen(
        [*command, "--no-browser", "--port", "0"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        address = process.stdout.readline().split()[0]
        try:
            single, dragged = measure(address, latents, moves)
        finally:
            process.terminate()
    describe("decoding and PNG alone", decoding)
    for k, times in enumerate(single):
        describe(f"slider {k}, one move at a time", times)
    for k, (rate, last) in enumerate(dragged):
        print(
            f"slider {k}, dragged: {rate:.0f} pictures/s, "
            f"the last after {last:.0f} ms"
        )


def describe(what: str, times: list[float]) -> None:
    """Print quantiles of milliseconds."""
    p50, p95 = np.quantile(times, [0.5, 0.95])
    print(f"{what}: p50 {p50:.1f} ms, p95 {p95:.1f} ms, max {max(times):.1f}")


if __name__ == "__main__":
    main()
