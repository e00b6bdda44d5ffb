"""make chaos: random faults for as long as you like, and the same ones again for the same seed.

    python -m tests.chaos --seed 1 --minutes 5
    python -m tests.chaos --exhaustive    # and first every way to do harm at every system call, two minutes or more

Each round disturbs a study one to four times, and then the same command must make it whole. Most rounds use the
fake engine; now and then one uses Ray. The first round that fails is told, and its folder kept.
"""

import argparse
import random
import shutil
import sys
import tempfile
import time
import traceback
from collections import Counter
from pathlib import Path

from tests.chaos import real
from tests.chaos.calls import every_way
from tests.chaos.faults import disturb
from tests.chaos.world import Stage, World, whole

REAL_EVERY = 60.0  # seconds between two rounds with Ray


def main() -> int:
    given = _arguments()
    begun, met = time.monotonic(), Counter[str]()
    due = begun + REAL_EVERY / 4
    stage, number = Stage(), given.first
    try:
        if given.exhaustive:
            with tempfile.TemporaryDirectory(prefix="chaos-") as folder:
                for done in every_way(stage, Path(folder)):
                    print(done, flush=True)
        while time.monotonic() - begun < 60 * given.minutes and number < given.first + given.rounds:
            with_ray = not given.fake and time.monotonic() > due
            if not round(stage, given.seed, number, met, with_ray=with_ray):
                return 1
            due = time.monotonic() + REAL_EVERY if with_ray else due
            number += 1
    finally:
        stage.close()
    minutes = (time.monotonic() - begun) / 60
    print(f"{number - given.first} rounds, {met.total()} faults in {minutes:.1f} minutes, and nothing was lost:")
    print("  ".join(f"{name} {count}" for name, count in met.most_common()))
    return 0


def round(stage: Stage, seed: int, number: int, met: Counter[str], *, with_ray: bool) -> bool:
    """One round; whether all was well."""
    chance = random.Random(f"{seed} {number}")
    folder = Path(tempfile.mkdtemp(prefix="chaos-"))
    faults: list[str] = []
    try:
        if with_ray:
            real.disturbed(folder, chance, faults)
        else:
            world = World(stage, folder / "w")
            faults.extend(disturb(world, chance) for _ in range(chance.randint(1, 4)))
            whole(world, copies=len(world.lines) - len(set(world.lines)))
    except Exception:
        traceback.print_exc()
        again = f"--seed {seed} --first {number} --rounds 1"
        print(f"round {number} failed after {faults}; its folder is {folder}; again: python -m tests.chaos {again}")
        return False
    met.update(faults)
    shutil.rmtree(folder, ignore_errors=True)
    return True


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--first", type=int, default=0, help="the round to begin with")
    parser.add_argument("--rounds", type=int, default=10**9, help="at the most")
    parser.add_argument("--fake", action="store_true", help="no rounds with Ray")
    parser.add_argument("--exhaustive", action="store_true", help="harm at every system call before the rounds")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
