"""Install pip into this environment from the package index: for Pythons without ensurepip.

The wheel of pip can run out of itself, so that nothing but the standard library is needed.
"""

import hashlib
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import urldefrag, urljoin
from urllib.request import urlopen

_WHEEL = re.compile(r'href="([^"]*/pip-(\d+(?:\.\d+)*)-py3-none-any\.whl#sha256=([0-9a-f]{64}))"')


def main() -> None:
    index = os.environ.get("PIP_INDEX_URL", "https://pypi.org/simple").rstrip("/") + "/pip/"
    with urlopen(index) as page:
        wheels = _WHEEL.findall(page.read().decode())
    link, version, checksum = max(wheels, key=lambda wheel: [int(n) for n in wheel[1].split(".")])
    with urlopen(urldefrag(urljoin(index, link)).url) as download:
        content = download.read()
    if hashlib.sha256(content).hexdigest() != checksum:
        sys.exit(f"pip {version} from {index} is not what the index says")
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(folder) / f"pip-{version}-py3-none-any.whl"
        wheel.write_bytes(content)
        command = [sys.executable, wheel / "pip", "install", "--quiet", "--no-index", wheel]
        subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
