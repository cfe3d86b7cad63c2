"""Reads a repository with python-tuf, as a program that knows nothing of this project would.

Standard input: one JSON object a line, each a step:
    state     folder that python-tuf keeps its trusted metadata in
    published folder with metadata/ and targets/
    root      path of the root file it begins from
    now       moment at which it reads, ISO 8601
    endless   path of a file that never ends, or null
Standard output: one JSON object a line: "refresh" is "ok" or the class of the error; "authorities" says the same of each
authority, whose newest manifest and all parts were looked up, downloaded and verified.
"""

import datetime
import json
import os
import sys

from tuf.api.exceptions import DownloadError, DownloadHTTPError, RepositoryError
from tuf.ngclient import FetcherInterface, Updater

MIRROR = "https://mirror.invalid/"


class FolderFetcher(FetcherInterface):
    def __init__(self, published, endless):
        self.published = published
        self.endless = endless

    def _fetch(self, url):
        path = url.removeprefix(MIRROR)
        if path == self.endless:
            return self.for_ever()
        try:
            with open(os.path.join(self.published, path), "rb") as file:
                return iter([file.read()])
        except FileNotFoundError:
            raise DownloadHTTPError(f"{path} is not there", 404) from None

    @staticmethod
    def for_ever():
        while True:
            yield b" " * 4096


def download(updater, target):
    info = updater.get_targetinfo(target)
    if info is None:
        raise RepositoryError(f"{target} is not found")
    with open(updater.download_target(info), "rb") as file:
        return file.read()


def verified(action):
    try:
        action()
        return "ok"
    except (RepositoryError, DownloadError) as error:
        return type(error).__name__


def edition(updater, authority):
    manifest = json.loads(download(updater, f"{authority}--edition.json"))
    for part in manifest["parts"]:
        download(updater, f"{authority}--{part['name']}")


def step(asked):
    targets = os.path.join(asked["state"], "targets")
    metadata = os.path.join(asked["state"], "metadata")
    os.makedirs(targets, exist_ok=True)
    os.makedirs(metadata, exist_ok=True)
    with open(asked["root"], "rb") as file:
        root = file.read()
    updater = Updater(
        metadata,
        MIRROR + "metadata/",
        targets,
        MIRROR + "targets/",
        FolderFetcher(asked["published"], asked["endless"]),
        bootstrap=root,
    )
    # The library asks the clock; the tests have a time of their own.
    updater._trusted_set.reference_time = datetime.datetime.fromisoformat(asked["now"])
    answer = {"refresh": verified(updater.refresh), "authorities": {}}
    if answer["refresh"] == "ok":
        for authority in json.loads(download(updater, "authorities.json"))["authorities"]:
            name = authority["id"]
            answer["authorities"][name] = verified(lambda: edition(updater, name))
    return answer


for line in sys.stdin:
    print(json.dumps(step(json.loads(line))))
