"""From the rows of a recogniser to the answer: segments in time, and the whole."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from moodprint.bundle import Calibration
from moodprint.clip import FloatArray
from moodprint.emotion import EMOTIONS, Emotion
from moodprint.evaluation.probabilities import softmax
from moodprint.models.emotion_net.network_onnx import FrameOutputs
from moodprint.prediction import NO_MUSIC, Prediction, Presence, Segment, Timeline
from moodprint.recognition.presence import PresenceEstimate, music_rows, presence_of
from moodprint.recognition.settings import AnalysisSettings
from moodprint.recognition.smoothing import smoothed
from moodprint.recognition.voice_over import (
    below_voice_db,
    is_drowned,
    mostly_drowned,
    why_drowned,
)
from moodprint.recognition.whole import whole_emotion, why_unsure

SHORTEST_MUSIC_S = 1.0
"""Less music than this, two rows of the network, is never answered with an emotion: a row alone
wavers."""


@dataclass(frozen=True)
class _Spans:
    """S segments: their times, the rows [first, stop) of each, and what those hold."""

    starts_s: FloatArray
    ends_s: FloatArray
    rows: list[slice]


def timeline(
    outputs: FrameOutputs,
    settings: AnalysisSettings,
    calibration: Calibration,
    *,
    source: str,
    model: str,
    warnings: tuple[str, ...] = (),
) -> Timeline:
    """The answer for all the rows of a sound.

    A segment's logits and its valence and arousal are means over its rows, weighted by the
    music in them; the whole is the mean of its segments' probabilities, weighted likewise, and its
    emotion one that its segments hold.
    """
    calibration = settings.applied_to(calibration)
    spans = _spans(outputs, settings)
    music = music_rows(outputs)
    weights = np.array([music[rows].sum() for rows in spans.rows], np.float32)
    presences = [presence_of(outputs, rows) for rows in spans.rows]
    able = [EMOTIONS.index(emotion) for emotion in settings.emotions]
    logits = _means(outputs.emotion[:, able], music, spans)
    steady = smoothed(logits, weights, spans.starts_s, settings.smoothing_s)
    probabilities = _spread(softmax(steady, calibration.temperature), able)
    points = _means(outputs.valence_arousal, music, spans)
    predictions = [
        _prediction(probabilities[i], points[i], float(music[rows].mean()), calibration)
        for i, rows in enumerate(spans.rows)
    ]
    voices_db = [below_voice_db(outputs, rows) for rows in spans.rows]
    times = (spans.starts_s.tolist(), spans.ends_s.tolist())
    segments = tuple(map(_segment, *times, presences, predictions, voices_db))
    counted = weights * _counts(segments)
    overall, reason = _overall(outputs, segments, probabilities, points, counted, calibration)
    return Timeline(source, outputs.duration_s, overall, segments, model, reason, warnings)


def _spans(outputs: FrameOutputs, settings: AnalysisSettings) -> _Spans:
    """Segments from 0 on, a hop apart; the last one ends with the sound, and a sound shorter than
    a segment is one segment."""
    duration_s = outputs.duration_s
    count = 1 + max(0, int(np.ceil((duration_s - settings.segment_s) / settings.hop_s - 1e-6)))
    starts = np.arange(count) * settings.hop_s
    ends = np.minimum(starts + settings.segment_s, duration_s)
    firsts = np.minimum(np.floor(starts / outputs.row_s + 1e-6), outputs.rows - 1).astype(int)
    stops = np.clip(np.ceil(ends / outputs.row_s - 1e-6), firsts + 1, outputs.rows).astype(int)
    rows = [slice(int(first), int(stop)) for first, stop in zip(firsts, stops, strict=True)]
    return _Spans(starts.astype(np.float32), ends.astype(np.float32), rows)


def _means(values: FloatArray, music: FloatArray, spans: _Spans) -> FloatArray:
    """[S, D] means of values [R, D] over the rows of each segment, weighted by music [R]."""
    weight = music[:, None] + np.float32(1e-6)
    means = [
        (values[rows] * weight[rows]).sum(axis=0) / weight[rows].sum(axis=0) for rows in spans.rows
    ]
    return np.array(means, np.float32)


def _segment(
    start_s: float,
    end_s: float,
    presence: PresenceEstimate,
    prediction: Prediction,
    below_voice_db: float | None,
) -> Segment:
    """With the prediction where there is music; not to be trusted where a voice drowns it."""
    if presence.kind is not Presence.MUSIC:
        prediction, below_voice_db = NO_MUSIC, None
    segment = Segment(
        start_s,
        end_s,
        presence.kind,
        prediction,
        presence_confidence=presence.confidence,
        music_below_voice_db=below_voice_db,
    )
    if is_drowned(segment):
        return replace(segment, prediction=replace(prediction, abstained=True))
    return segment


def _counts(segments: tuple[Segment, ...]) -> FloatArray:
    """[S] 1 for those that count for the whole: of music, and unless that is most of it not of
    music that a voice drowns."""
    all_alike = mostly_drowned(segments)
    counted = [
        segment.presence is Presence.MUSIC and (all_alike or not is_drowned(segment))
        for segment in segments
    ]
    return np.array(counted, np.float32)


def _spread(probabilities: FloatArray, able: list[int]) -> FloatArray:
    """Probabilities [S, A] of some classes as those [S, K] of all: the others have none."""
    every = np.zeros((len(probabilities), len(EMOTIONS)), np.float32)
    every[:, able] = probabilities
    return every


def _prediction(
    probabilities: FloatArray,
    point: FloatArray,
    music: float,
    calibration: Calibration,
    emotion: Emotion | None = None,
) -> Prediction:
    """The answer ``emotion``, by default the likeliest."""
    emotion = emotion or EMOTIONS[int(np.argmax(probabilities))]
    by_name = dict(zip(EMOTIONS, probabilities.tolist(), strict=True))
    confidence = by_name[emotion] * min(1.0, music)
    return Prediction(
        emotion=emotion,
        probabilities=by_name,
        valence=float(point[0]),
        arousal=float(point[1]),
        confidence=confidence,
        abstained=confidence < calibration.abstain_below,
        reliability=calibration.right_at(confidence),
    )


def _overall(
    outputs: FrameOutputs,
    segments: tuple[Segment, ...],
    probabilities: FloatArray,
    points: FloatArray,
    weights: FloatArray,
    calibration: Calibration,
) -> tuple[Prediction, str | None]:
    """The answer for the whole, and why it has no emotion or is not credible (None: it is)."""
    if weights.sum() <= 0:
        return NO_MUSIC, _why_no_music(segments)
    music_s = _music_s(outputs, segments)
    if music_s < SHORTEST_MUSIC_S:
        return NO_MUSIC, f"only {music_s:.1f} s of music; at least {SHORTEST_MUSIC_S:g} s is needed"
    share = (weights / weights.sum())[:, None]
    certain = [segment.prediction.confidence for segment in segments]
    presence = float(np.average(certain, weights=weights)) / float(
        np.average(probabilities.max(axis=1), weights=weights)
    )
    mean = (probabilities * share).sum(axis=0)
    emotion = whole_emotion(segments, dict(zip(EMOTIONS, mean.tolist(), strict=True)))
    overall = _prediction(mean, (points * share).sum(axis=0), presence, calibration, emotion)
    if mostly_drowned(segments):
        return replace(overall, abstained=True), why_drowned(segments)
    return overall, why_unsure(overall, segments, calibration.abstain_below)


def _music_s(outputs: FrameOutputs, segments: tuple[Segment, ...]) -> float:
    """Seconds that lie in a segment of music, counted once."""
    covered = np.zeros(outputs.rows, bool)
    for segment in segments:
        if segment.presence is Presence.MUSIC:
            first = int(segment.start_s / outputs.row_s)
            covered[first : int(np.ceil(segment.end_s / outputs.row_s))] = True
    return min(float(covered.sum()) * outputs.row_s, outputs.duration_s)


def _why_no_music(segments: tuple[Segment, ...]) -> str:
    kinds = [segment.presence for segment in segments]
    main = max(Presence, key=kinds.count)
    found = {
        Presence.SILENCE: "silence",
        Presence.SPEECH: "speech",
        Presence.OTHER: "sound that is neither music nor speech",
    }[main]
    return f"no music was heard: this is mostly {found}"
