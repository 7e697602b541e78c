"""The page served to this machine, and to nobody else."""

import contextlib
import errno
import gc
import socket
import threading
import webbrowser
from collections.abc import Callable
from pathlib import Path

import fastapi
import gradio
import uvicorn

from tfvae.exploring.page import Page
from tfvae.exploring.pictures import Pictures

CSS = Path(__file__).parent / "page.css"
HOST = "127.0.0.1"
PORT = 7860  # Gradio's own
THEME = gradio.themes.Default(
    primary_hue="blue", font=["system-ui", "sans-serif"], font_mono="monospace"
)
# said outright, so that the environment cannot ask Gradio for them
OFF = {
    "run_history": False,
    "ssr_mode": False,
    "mcp_server": False,
    "enable_monitoring": False,
    "pwa": False,
}


def listen(port: int | None) -> socket.socket:
    """A socket for the page, made first: a taken port is known before a model
    is loaded.

    Args:
        port: None for 7860, or where that is taken any that is free.

    Raises:
        ValueError: if the given port is taken.
    """
    address = HOST, PORT if port is None else port
    try:
        listener = socket.create_server(address)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        if port is None:
            return listen(0)
        raise ValueError(
            f"The port is taken; give another. Received: port={port}"
        ) from error
    # asyncio does so for sockets that it makes itself; an answer otherwise
    # waits up to 40 ms for the browser to acknowledge its first packet
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


def serve(
    pictures: Pictures,
    name: str,
    listener: socket.socket,
    ready: Callable[[str], None],
) -> None:
    """Serve the page until Ctrl-C.

    Gradio's `launch` would ask for the page itself, through the proxy that the
    environment may name.

    Args:
        pictures: what the page shows.
        name: of the run.
        listener: from `listen`.
        ready: told the page's address.
    """
    app = gradio.mount_gradio_app(
        fastapi.FastAPI(openapi_url=None),
        Page(pictures, name).blocks,
        path="/",
        footer_links=[],
        theme=THEME,
        css_paths=[CSS],
        **OFF,
    )
    host, port = listener.getsockname()
    ready(f"http://{host}:{port}/")
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
    with contextlib.suppress(KeyboardInterrupt):
        server.run(sockets=[listener])
    gc.freeze()  # Python would go through every object for seconds as it ends


def open_browser(address: str) -> None:
    """Open a browser, without waiting for one that runs in the terminal."""
    threading.Thread(
        target=webbrowser.open, args=[address], daemon=True
    ).start()
