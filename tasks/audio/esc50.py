"""ESC-50: which of fifty sounds is this, a dog, rain, a siren? Five seconds as a spectrogram, frame by frame.

Piczak (2015), ESC: Dataset for Environmental Sound Classification: 2,000 recordings in five folds, so that clips of one
recording stand in one fold. Each seed draws the fold to be tested on and the one to choose on. No other copy was at
hand to make a content hash from, so that the first fetch is trusted.
"""

import io
import wave

import numpy as np

from tasks.audio._spectrum import log_mel
from tasks.fetch import FetchError
from tasks.hub import Part, table
from tasks.split import standardize
from tasks.task import Reference, Split, Splits, Task

WHOLE = Part("ashraq/esc50", "train", ("audio", "target", "fold"), 2000)
RATE, LENGTH = 44_100, 5 * 44_100  # samples in a second, samples of a clip
WIDTH, HOP, BANDS = 2048, 2048, 40
FRAMES = (LENGTH - WIDTH) // HOP + 1
FOLDS, CLASSES = 5, 50
PICZAK = "Piczak 2015, doi 10.1145/2733373.2806390, five folds"


def load(rng: np.random.Generator) -> Splits:
    rows = table(WHOLE)
    spectra = np.stack([_spectrum(sound["bytes"].as_py()) for sound in rows["audio"]])
    classes, folds = (rows[name].to_numpy().astype(np.int64) for name in ("target", "fold"))
    test, valid, *train = rng.permutation(np.unique(folds))

    def of(*wanted: int) -> Split:
        there = np.isin(folds, wanted)
        return Split(spectra[there], classes[there])

    return standardize(Splits(of(*train), of(valid), of(test)), axes=(0, 1))


def _spectrum(content: bytes) -> np.ndarray:
    """(FRAMES, BANDS) of a recording in the WAVE format."""
    try:
        with wave.open(io.BytesIO(content)) as sound:
            form = sound.getnchannels(), sound.getsampwidth(), sound.getframerate()
            samples = np.frombuffer(sound.readframes(LENGTH), "<i2").astype(np.float32) / 2**15
    except (wave.Error, EOFError) as error:
        raise FetchError(f"a sound of {WHOLE.name} on the hub cannot be read: {error}") from None
    if form != (1, 2, RATE) or len(samples) != LENGTH:
        raise FetchError(f"a sound of {WHOLE.name} on the hub is not five seconds of one channel at {RATE} Hz")
    return log_mel(samples[None], rate=RATE, width=WIDTH, hop=HOP, bands=BANDS)[0].astype(np.float32)


TASK = Task(
    data="audio",
    shape=(FRAMES, BANDS),
    target="class",
    outputs=CLASSES,
    metric="accuracy",
    chance=1 / CLASSES,
    source="ESC-50, 2,000 recordings from the hub, in its five folds",
    licence="CC BY-NC 3.0",
    load=load,
    references=(
        Reference("people", 0.813, PICZAK),
        Reference("convolutions over spectrogram and its changes", 0.645, "Piczak 2015, doi 10.1109/MLSP.2015.7324337"),
        Reference("random forest on cepstral coefficients", 0.443, PICZAK, architecture=""),
    ),
    hub=WHOLE.name,
)
