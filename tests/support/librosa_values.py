"""Writes what librosa makes of a sound: python librosa_values.py SAMPLES.npy VALUES.npz

A process of its own: librosa puts lazy modules in the way of whatever looks at all modules.
"""

import sys
import warnings

import librosa
import numpy as np


def values(samples: np.ndarray, lowest_hz: float, highest_hz: float) -> dict[str, np.ndarray]:
    feature = librosa.feature
    chroma = feature.chroma_stft(y=samples, tuning=0.0)
    onsets = librosa.onset.onset_strength(y=samples)
    return {
        "rms": feature.rms(y=samples),
        "zero_crossings": feature.zero_crossing_rate(samples),
        "centroid": feature.spectral_centroid(y=samples),
        "bandwidth": feature.spectral_bandwidth(y=samples),
        "rolloff": feature.spectral_rolloff(y=samples),
        "flatness": feature.spectral_flatness(y=samples),
        "contrast": feature.spectral_contrast(y=samples),
        "mfcc": feature.mfcc(y=samples),
        "chroma": chroma,
        "tonnetz": feature.tonnetz(chroma=chroma),
        "onsets": onsets,
        "pitch": librosa.yin(samples, fmin=lowest_hz, fmax=highest_hz),
        "tempo": feature.tempo(onset_envelope=onsets),
        "mel_filters": librosa.filters.mel(sr=22_050, n_fft=2048),
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    source, target, low, high = sys.argv[1:]
    np.savez(target, **values(np.load(source), float(low), float(high)))
