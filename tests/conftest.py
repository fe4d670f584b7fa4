"""What several tests share."""

from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder of real data beside the repo, or skip with the reason."""
    if not (SHARED / "data").is_dir():
        pytest.skip("the real data folder ../shared is absent")
    return SHARED
