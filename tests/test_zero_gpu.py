"""`python app.py` on ZeroGPU, as far as that can be had without one: the real `spaces`, before a device server of ours.

Up to the moment when the lent process looks for its GPU everything is as it is there: the model is put on "cuda" before
launch, a request is checked, seconds are asked for, a process is forked and told what to draw.
"""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from gradio_client import Client

from tests.test_app import running

Asked = list[tuple[str, dict[str, str]]]


@pytest.fixture
def asked() -> Asked:
    """Return what is asked of the device server, in order."""
    return []


@pytest.fixture
def devices(asked: Asked) -> Iterator[str]:
    """Serve what ZeroGPU's device server answers (spaces.zero.api), with one GPU for everybody."""

    class Devices(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            url = urlsplit(self.path)
            asked.append((url.path, {name: values[0] for name, values in parse_qs(url.query).items()}))
            gpu = b'{"idle": false, "nvidiaIndex": 0, "nvidiaUUID": "GPU-0", "allowToken": "token"}'
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(gpu)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Devices) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def page(devices: str, tmp_path: Path) -> Iterator[Client]:
    """Start app.py as a ZeroGPU Space does."""
    zero_gpu = {
        "SPACES_ZERO_GPU": "true",
        "SPACES_ZERO_DEVICE_API_URL": devices,
        "ZEROGPU_OFFLOAD_DIR": str(tmp_path / "tensors"),
        "SPACE_ID": "someone/animegen",
        "GRADIO_SERVER_NAME": "127.0.0.1",
        "ANIMEGEN_MODEL": "chibi",
    }
    with running(tmp_path, **zero_gpu) as address:
        yield Client(address, verbose=False)


@pytest.mark.slow
def test_a_request_is_checked_before_a_gpu_is_asked_for_and_then_for_few_seconds(page: Client, asked: Asked) -> None:
    assert asked == [("/startup-report", {})]
    with pytest.raises(Exception, match="There is no emotion"):
        page.predict(prompt="1girl", emotion="none such", api_name="/text_to_image")
    assert len(asked) == 1
    with pytest.raises(Exception, match="RuntimeError"):  # the forked process finds no GPU here
        page.predict(prompt="1girl, blue hair", api_name="/text_to_image")
    assert [path for path, _ in asked[1:]] == ["/schedule", "/allow", "/release"]
    assert int(asked[1][1]["durationSeconds"]) <= 10
    assert asked[3][1] == {"allowToken": "token", "fail": "true"}
