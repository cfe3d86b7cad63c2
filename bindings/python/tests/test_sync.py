"""A verified copy of a repository through Python, beside the command on the same repository, served by the command itself."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import tidewaiter
from conftest import REPOSITORY, run

SAMPLES = REPOSITORY / "docs" / "guide" / "publish"
# Q and its money are in the data of the repository alone.
QUESTION: dict[str, Any] = {
    "from": "XS", "to": "QQ", "date": "2027-03-01", "currency": "XQD", "freight": "10",
    "items": [{"description": "t-shirt", "code": "6109.10", "quantity": 2, "price": "50"}],
}  # fmt: skip


class Repository(NamedTuple):
    """A repository that answers."""

    folder: Path
    root: Path
    address: str
    officers: tuple[Path, Path]
    token: Path


def command_in(command: Path, folder: Path, *arguments: object, address: str = "") -> str:
    environment = {**os.environ, "TIDEWAITER_REPOSITORY": address}
    done = subprocess.run([command, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=300, cwd=folder, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def repository(command: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Repository]:
    """Founded as docs/guide/publish-rates.md says, with Q's first rate sheet published; on a port that the system gives."""
    folder = tmp_path_factory.mktemp("repository")

    def tidewaiter_command(*arguments: object) -> str:
        return command_in(command, folder, *arguments)

    for who in ("holder-1", "holder-2", "q-officer-1", "q-officer-2", "project"):
        tidewaiter_command("key", "new", f"{who}.pem", "--no-passphrase")
        (folder / f"{who}.pub").write_text(tidewaiter_command("key", "show", f"{who}.pem"))
    holders = ("--key", "holder-1.pem", "--key", "holder-2.pem")
    tidewaiter_command("repository", "found", "repo", "--name", "Rates of a test", "--data", SAMPLES / "data", *holders)
    tidewaiter_command("repository", "admit", "repo", "--authority", "qq", "--name", "Customs of Q", "--territory", "QQ", "--publishes", "tariff,taxes",
                       "--officer", "q-officer-1.pub", "--officer", "q-officer-2.pub", *holders)  # fmt: skip
    tidewaiter_command("repository", "admit", "repo", "--authority", "unofficial", "--name", "Data of a test", "--officer", "project.pub", "--signatures", "1", *holders)
    tidewaiter_command("repository", "publish-data", "repo", "--key", "project.pem")
    for role in ("officer", "approver"):
        (folder / f"{role}.token").write_text(tidewaiter_command("repository", "token", "repo", "--for", role, "--role", role, "--authority", "qq"))
    said = folder / "serve.txt"
    with said.open("w") as out:
        server = subprocess.Popen([command, "repository", "serve", "repo", "--listen", "127.0.0.1:0"], stdout=out, stderr=subprocess.STDOUT, cwd=folder)
    try:
        address = None
        for _ in range(600):
            address = re.search(r"http://127\.0\.0\.1:\d+", said.read_text())
            if address or server.poll() is not None:
                break
            time.sleep(0.1)
        assert address, said.read_text()
        served = Repository(folder, folder / "repo/public/metadata/1.root.json", address[0], (folder / "q-officer-1.pem", folder / "q-officer-2.pem"), folder / "officer.token")
        publish(command, served, "q-1.xlsx")
        yield served
    finally:
        server.terminate()
        server.wait(timeout=30)


def publish(command: Path, repository: Repository, sheet: str, *more: str) -> None:
    """Sends a sheet, has its warnings spoken for, and signs it."""

    def door(*arguments: object) -> str:
        return command_in(command, repository.folder, "publish", *arguments, address=repository.address)

    law = "Customs Tariff Act of Q 2026|https://q.example/act|2026-11-02|2026-11-16"
    sent = door("send", SAMPLES / sheet, "--authority", "qq", "--token", "officer.token", "--next-due", "2027-12-31", "--law", law, *more)
    number = re.search(r"edition (\d+)", sent)
    assert number, sent
    if "--corrects" in more:
        door("speak", f"qq/{number[1]}", "TW308", "Meant.", "--token", "approver.token")
    for key, token in zip(repository.officers, ("officer.token", "approver.token"), strict=True):
        door("approve", f"qq/{number[1]}", "--key", key, "--token", token)


def duty(ratebook: Path) -> Any:
    """The duty on Q's shirts."""
    answer = tidewaiter.quote(QUESTION, ratebook=tidewaiter.Ratebook.open(ratebook))
    return next(charge["sum"]["least"] for charge in answer["charges"] if charge["name"] == "Customs duty")


def test_a_copy_is_begun_brought_up_to_date_and_used(command: Path, repository: Repository, tmp_path: Path) -> None:
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    told = tidewaiter.sync(repository.address, copy=ours, root=repository.root)
    printed = json.loads(run(command, "sync", repository.address, "--copy", theirs, "--root", repository.root, "--json"))
    assert told["fresh"] is True
    assert Path(told["ratebook"]) == ours / "rates.twrb"
    # Where it stands differs.
    assert {**told, "ratebook": ""} == {**printed, "ratebook": ""}
    assert told["report"]["authorities"]["qq"]["number"] == 1
    assert (ours / "rates.twrb").read_bytes() == (theirs / "rates.twrb").read_bytes()
    # The quote is the command's on the copy that the command made.
    file = tmp_path / "question.json"
    file.write_text(json.dumps(QUESTION))
    assert tidewaiter.quote_json(json.dumps(QUESTION), ratebook=tidewaiter.Ratebook.open(ours / "rates.twrb")).encode() == run(
        command, "quote", file, "--ratebook", theirs / "rates.twrb", "--json"
    )
    before = duty(ours / "rates.twrb")

    # A look where nothing is new fetches next to nothing and leaves the ratebook.
    made = (ours / "rates.twrb").stat().st_mtime_ns
    again = tidewaiter.sync(repository.address, copy=str(ours))
    assert again["fresh"] and again["report"]["fetched"]["files"] <= 2
    assert (ours / "rates.twrb").stat().st_mtime_ns == made

    # A correction comes with the next look; an open ratebook keeps what it has.
    opened = tidewaiter.Ratebook.open(ours / "rates.twrb")
    publish(command, repository, "q-2.xlsx", "--corrects", "1", "--reason", "The duty was misprinted.")
    newer = tidewaiter.sync(repository.address, copy=ours)
    assert newer["report"]["authorities"]["qq"] == {**newer["report"]["authorities"]["qq"], "number": 2, "new": True}
    assert duty(ours / "rates.twrb") != before
    kept = tidewaiter.quote(QUESTION, ratebook=opened)
    assert next(charge["sum"]["least"] for charge in kept["charges"] if charge["name"] == "Customs duty") == before
    # The command goes on with a copy that Python made.
    run(command, "sync", repository.address, "--copy", ours, "--json", codes=(0,))


def test_from_a_folder(repository: Repository, tmp_path: Path) -> None:
    told = tidewaiter.sync(repository.folder / "repo" / "public", copy=tmp_path / "copy", root=repository.root)
    assert told["fresh"] and duty(Path(told["ratebook"])) > 0


def test_a_host_that_is_away_leaves_what_was_verified(repository: Repository, tmp_path: Path) -> None:
    tidewaiter.sync(repository.address, copy=tmp_path / "copy", root=repository.root)
    # Nothing listens on port 1 of this machine.
    told = tidewaiter.sync("http://127.0.0.1:1", copy=tmp_path / "copy")
    assert told["fresh"] is False and told["report"]["unreachable"] is True and told["report"]["failed"]
    assert duty(Path(told["ratebook"])) > 0


WAITS = """
import sys, tidewaiter
print("begun", flush=True)
try:
    tidewaiter.sync(sys.argv[1], copy=sys.argv[2])
except KeyboardInterrupt:
    sys.exit(7)
"""


def test_a_host_that_says_nothing_can_be_interrupted(repository: Repository, tmp_path: Path) -> None:
    tidewaiter.sync(repository.address, copy=tmp_path / "copy", root=repository.root)
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}"
        process = subprocess.Popen([sys.executable, "-c", WAITS, address, str(tmp_path / "copy")], stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None and process.stdout.readline() == "begun\n"
            # It is asked, and keeps silent.
            listener.settimeout(60)
            connection, _ = listener.accept()
            with connection:
                begin = time.perf_counter()
                process.send_signal(signal.SIGINT)
                # A host has thirty seconds and more for a file.
                assert process.wait(timeout=60) == 7
                assert time.perf_counter() - begin < 20
        finally:
            process.kill()
            process.wait()
    # The copy is whole, and free for the next.
    assert tidewaiter.sync(repository.address, copy=tmp_path / "copy")["fresh"]


def test_what_is_damaged_on_this_disk_is_made_anew(repository: Repository, tmp_path: Path) -> None:
    ratebook = Path(tidewaiter.sync(repository.address, copy=tmp_path / "copy", root=repository.root)["ratebook"])
    whole = ratebook.read_bytes()
    ratebook.write_bytes(whole[:1000] + b"\xff" + whole[1001:])
    tidewaiter.sync(repository.address, copy=tmp_path / "copy", repair=True)
    assert ratebook.read_bytes() == whole


def test_a_repository_that_lies_is_refused(repository: Repository, tmp_path: Path) -> None:
    """A mirror that changes one published byte; everything is verified from the root."""
    import shutil

    mirror = tmp_path / "mirror"
    shutil.copytree(repository.folder / "repo" / "public", mirror)
    changed = 0
    for file in (mirror / "metadata").glob("*.json"):
        if "root" not in file.name:
            text = file.read_bytes()
            file.write_bytes(text.replace(b"2027", b"2028").replace(b"2026", b"2027"))
            changed += file.read_bytes() != text
    assert changed
    with pytest.raises(tidewaiter.SyncError, match="nothing was verified yet"):
        tidewaiter.sync(mirror, copy=tmp_path / "copy", root=repository.root)


def test_what_cannot_be_begun(repository: Repository, tmp_path: Path) -> None:
    (tmp_path / "no root.json").write_text("{}")
    for arguments, said in (
        ({"copy": tmp_path / "none"}, "holds no copy yet"),
        ({"copy": tmp_path / "none", "root": tmp_path / "absent.json"}, "cannot read"),
        ({"copy": tmp_path / "none", "root": tmp_path / "no root.json"}, "root"),
    ):
        with pytest.raises(tidewaiter.SyncError, match=said) as caught:
            tidewaiter.sync(repository.address, **arguments)  # type: ignore[arg-type]
        assert isinstance(caught.value, ValueError) and caught.value.problems
    with pytest.raises(tidewaiter.SyncError, match="no address, folder or bundle"):
        tidewaiter.sync(tmp_path / "nowhere", copy=tmp_path / "copy", root=repository.root)
    with pytest.raises(TypeError):
        tidewaiter.sync(7, copy=tmp_path / "copy")  # type: ignore[arg-type]
