"""Names alike: the index against rapidfuzz comparing all with all, and a column of a million rows.

Run: python benchmarks/names.py [GAZETTEER.csv]
A gazetteer has columns ``name`` and ``alt_names`` (with | between them); it shows which similarity suits. Otherwise
names are made of syllables as places in the Sahel have them, and texts are these names with 0 to 3 typing errors
(three in four) and other names (one in four). rapidfuzz is given the same cutoff, less 1e-6: at 0.8 itself it drops
the pairs whose similarity is 0.8. Its answers are compared with the index's, pair by pair and score by score.
"""

from __future__ import annotations

import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA, Indel, JaroWinkler, LCSseq, Levenshtein

from awsd_geo.geocoding.fuzzy import NameIndex, distinct
from awsd_geo.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from awsd_geo.geocoding.fuzzy import Matches

ONSETS = [*"bdfgklmnstywrjhz", "ny", "dj", "kh", "nd", "ng", "b", "k", "s", "t", "m"]
RIMES = ["a", "a", "a", "i", "o", "e", "ou", "e", "an", "in", "on", "u"]
ENDINGS = ["", "", "", "", "", "", "koro", "bougou", " koura", "dougou", "ba", " peul"]
BLOCK = 1000  # texts that rapidfuzz is given at a time: its answer is a table of texts by names


def made_names(n: int, seed: int) -> list[str]:
    """Make distinct names of two to four syllables and at times an ending; the onsets are not equally frequent."""
    chance = np.random.default_rng(seed)
    often = np.arange(1, len(ONSETS) + 1) ** -0.5
    often /= often.sum()
    found: dict[str, None] = {}
    while len(found) < n:
        number = chance.integers(2, 5)
        onsets = chance.choice(len(ONSETS), number, p=often)
        rimes = chance.integers(0, len(RIMES), number)
        syllables = [ONSETS[onset] + RIMES[rime] for onset, rime in zip(onsets, rimes, strict=True)]
        found["".join(syllables) + ENDINGS[chance.integers(len(ENDINGS))]] = None
    return list(found)


def mistyped(name: str, chance: np.random.Generator, errors: int) -> str:
    """Replace, put in, leave out or swap letters."""
    letters = list(name)
    for _ in range(errors):
        place, letter = int(chance.integers(len(letters) - 1)), chr(97 + int(chance.integers(26)))
        match chance.integers(4):
            case 0:
                letters[place] = letter
            case 1:
                letters.insert(place, letter)
            case 2 if len(letters) > 2:
                del letters[place]
            case _:
                letters[place : place + 2] = letters[place + 1], letters[place]
    return "".join(letters)


def made_texts(names: list[str], n: int, seed: int) -> list[str]:
    """Make distinct texts: other names, then names mistyped."""
    chance = np.random.default_rng(seed)
    found = dict.fromkeys(made_names(n // 4, seed + 99))
    while len(found) < n:
        found[mistyped(names[chance.integers(len(names))], chance, int(chance.integers(4)))] = None
    return list(found)


class Took(NamedTuple):
    """Seconds: the processor's, which do not grow when other programs run, and the clock's."""

    processor: float = 0.0
    clock: float = 0.0


def seconds(work: Callable[[], Any], runs: int = 3) -> tuple[Took, Any]:
    """Give the shortest times of several runs, and the answer."""
    times = []
    for _ in range(runs):
        begun = time.process_time(), time.perf_counter()
        answer = work()
        times.append((time.process_time() - begun[0], time.perf_counter() - begun[1]))
    return Took(*map(min, zip(*times, strict=True))), answer


def all_with_all(
    texts: list[str], names: list[str], at_least: float, workers: int, runs: int
) -> tuple[Took, list[Any]]:
    """Time rapidfuzz in blocks of texts; the answer as (text, name, score), picked out of the table untimed."""
    took, found = Took(), []
    for first in range(0, len(texts), BLOCK):
        some = texts[first : first + BLOCK]
        mine, score = seconds(
            lambda some=some: process.cdist(
                some,
                names,
                scorer=OSA.normalized_similarity,
                score_cutoff=at_least - 1e-6,
                workers=workers,
            ),
            runs,
        )
        took = Took(took.processor + mine.processor, took.clock + mine.clock)
        row, name = np.divmod(np.flatnonzero(score >= np.float32(at_least)), len(names))
        found.append((row + first, name, score[row, name]))
    return took, [np.concatenate(column) for column in zip(*found, strict=True)]


def same(matches: Matches, theirs: list[Any]) -> bool:
    """Say whether both answers have the same pairs with the same scores."""
    row = np.repeat(np.arange(len(matches.starts) - 1), np.diff(matches.starts))
    order = np.lexsort((matches.entries, row))
    ours = (row[order], matches.entries[order], matches.scores[order].astype(np.float32))
    return all(np.array_equal(mine, other) for mine, other in zip(ours, theirs, strict=True))


def compare(names: list[str], texts: list[str], cutoffs: tuple[float, ...], peer: int) -> None:
    """Print microseconds per text, ours for all texts, rapidfuzz's for as many as are asked for, evenly drawn."""
    sample = [texts[place] for place in np.linspace(0, len(texts) - 1, min(peer, len(texts))).astype(int)]
    runs = 1 if peer > 10_000 else 3  # of both programs
    for at_least in cutoffs:
        build, index = seconds(lambda at_least=at_least: opened(names, at_least))
        took, found = seconds(lambda index=index, at_least=at_least: index.search(texts, at_least=at_least), runs)
        one, theirs = all_with_all(sample, names, at_least, 1, runs)
        every, _ = all_with_all(sample, names, at_least, -1, runs)
        assert same(index.search(sample, at_least=at_least), theirs), "the answers differ"
        ours, clock = (part / len(texts) * 1e6 for part in took)
        single, both = one.processor / len(sample) * 1e6, every.clock / len(sample) * 1e6
        print(
            f"{len(names):8} {len(texts):8} {at_least:7} {build.processor * 1e3:9.0f} {ours:8.2f} {single:9.1f} "
            f"{single / ours:6.1f} {clock:9.2f} {both:11.1f} {both / clock:6.1f} "
            f"{len(found.entries) / len(texts):10.2f} {len(sample):9}",
            flush=True,
        )


def opened(names: list[str], at_least: float) -> NameIndex:
    """Build an index and its table for one cutoff."""
    index = NameIndex(names)
    index.search([], at_least=at_least)
    return index


def rows(names: list[str]) -> None:
    """Time a column of a million rows with 3,000 texts, as it is read from a file."""
    texts = made_texts(names, 3000, 7)
    chosen = np.random.default_rng(7).integers(0, len(texts), 1_000_000)
    index = opened(names, 0.8)
    print("A million rows, 3,000 texts, 10,000 names, cutoff 0.8; milliseconds of the processor")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        pd.DataFrame({"city": np.array(texts, dtype=object)[chosen]}).to_csv(path, index=False)
        read, column = seconds(lambda: pd.read_csv(path)["city"])
    python = column.astype(pd.StringDtype("python", na_value=np.nan))
    category = column.astype("category")
    print(f"  read {read.processor * 1e3:.0f}; pandas reads a str column held by {column.dtype.storage}")
    for label, mine in (("as read", column), ("python objects", python), ("categorical", category)):
        reduce, (codes, found) = seconds(lambda mine=mine: distinct(mine), 7)
        search, matches = seconds(lambda found=found: index.search(found), 7)
        back, best = seconds(lambda matches=matches, codes=codes: np.diff(matches.starts)[codes])
        parts = [1e3 * part.processor for part in (reduce, search, back)]
        print(
            f"  {label:15} distinct {parts[0]:5.1f}  search {parts[1]:5.1f}  back to the rows {parts[2]:4.1f}"
            f"  together {sum(parts):5.1f}  ({np.count_nonzero(best):,} rows with a name alike)"
        )


def gazetteer(path: str) -> None:
    """Compare on the user's own names and their other spellings."""
    table = pd.read_csv(path)
    names = sorted({fold(name) for name in table["name"].dropna()} - {""})
    other = table["alt_names"].dropna().str.split("|").explode()
    texts = sorted({fold(text) for text in other} - {""} - set(names))
    chance = np.random.default_rng(3)
    texts += [mistyped(name, chance, int(chance.integers(1, 3))) for name in names if len(name) > 2]
    print(f"{Path(path).name}: its names, folded; texts are their other spellings and the names mistyped")
    compare(names, texts, (0.9, 0.8, 0.7), 2000)


def similarities(path: str) -> None:
    """Compare similarities by how often the right name is among so many, on the other spellings of a gazetteer."""
    table = pd.read_csv(path).dropna(subset=["name", "alt_names"])
    every = pd.read_csv(path, usecols=["name"])["name"].dropna()
    names = sorted({fold(name) for name in every} - {""})
    place = {name: row for row, name in enumerate(names)}
    pairs = {(fold(text), fold(name)) for name, more in zip(table["name"], table["alt_names"], strict=True)
             for text in more.split("|")}  # fmt: skip
    pairs = sorted((text, place[name]) for text, name in pairs if text.isascii() and len(text) > 3 and name in place)
    texts, right = zip(*((text, row) for text, row in pairs if text not in place), strict=True)
    print(f"{len(texts)} other spellings, {len(names)} names: share with the right name alike, the cutoff such that")
    print("1, 2 and 5 names a text are alike on average; share with the right name alone at the top")
    for kind in (OSA, Levenshtein, Indel, LCSseq, JaroWinkler):
        score = process.cdist(texts, names, scorer=kind.normalized_similarity)
        truth = score[np.arange(len(texts)), right]
        alone = ((score >= truth[:, None]).sum(axis=1) == 1).mean()
        cutoffs = np.quantile(truth, np.linspace(1, 0, 101))
        below = np.sort(score, axis=None)
        number = (below.size - np.searchsorted(below, cutoffs)) / len(texts)
        share = [(truth >= cutoff).mean() for cutoff in cutoffs]
        found = "  ".join(f"{np.interp(many, number, share):.3f}" for many in (1, 2, 5))
        print(f"  {kind.__name__.rpartition('.')[2]:12} {found}   {alone:.3f}", flush=True)


HEAD = (
    f"{'names':>8} {'texts':>8} {'cutoff':>7} {'build ms':>9} {'ours':>8} {'1 worker':>9} {'times':>6} "
    f"{'ours':>9} {'all workers':>11} {'times':>6} {'alike/text':>10} {'compared':>9}"
)

if __name__ == "__main__":
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "pandas", "rapidfuzz"))
    print(f"Python {sys.version.split()[0]}, {packages}. Microseconds a text:")
    print("of the processor against rapidfuzz with one worker, by the clock against as many as there are processors")
    print(HEAD)
    ten = made_names(10_000, 0)
    hundred = made_texts(ten, 100_000, 1)
    compare(ten, hundred, (0.8,), 100_000)
    compare(ten, hundred, (0.9, 0.85, 0.75, 0.7, 0.6, 0.5), 2000)
    for n in (100, 1000, 100_000):
        more = made_names(n, 5)
        compare(more, made_texts(more, 20_000, 6), (0.9, 0.8, 0.7), 2000 if n < 100_000 else 200)
    if len(sys.argv) > 1:
        gazetteer(sys.argv[1])
        similarities(sys.argv[1])
    rows(ten)
