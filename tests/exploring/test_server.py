import socket

import pytest

from tfvae.exploring import server


def test_the_page_is_for_this_machine_alone():
    with server.listen(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


def test_a_taken_port_that_was_asked_for_is_an_error():
    with server.listen(0) as first:
        port = first.getsockname()[1]
        with pytest.raises(ValueError, match=f"taken.*port={port}"):
            server.listen(port)


def test_where_the_usual_port_is_taken_another_is_found(monkeypatch):
    with server.listen(0) as first:
        taken = first.getsockname()[1]
        monkeypatch.setattr(server, "PORT", taken)
        with server.listen(None) as second:
            assert second.getsockname()[1] != taken


def test_answers_are_not_held_back():
    with server.listen(0) as listener:
        with socket.create_connection(listener.getsockname()):
            accepted, _ = listener.accept()
            with accepted:
                assert accepted.getsockopt(
                    socket.IPPROTO_TCP, socket.TCP_NODELAY
                )
