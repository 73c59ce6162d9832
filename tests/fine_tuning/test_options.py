import pytest

from moodprint.errors import OptionError
from moodprint.fine_tuning.options import FineTuningOptions


def test_the_rate_warms_up_and_falls():
    options = FineTuningOptions("x", warmup_share=0.2)
    rates = [options.rate_share(step, 10) for step in range(10)]
    assert rates[:2] == [0.5, 1.0]
    assert rates[2] == 1.0
    assert rates[3:] == sorted(rates[3:], reverse=True)
    assert 0 < rates[-1] < 0.2


@pytest.mark.parametrize("warmup_share", [0, 0.1, 0.5, 0.99])
@pytest.mark.parametrize("steps", [1, 2, 3, 100])
def test_a_rate_is_a_share_above_0_at_every_step(warmup_share, steps):
    options = FineTuningOptions("x", warmup_share=warmup_share)
    rates = [options.rate_share(step, steps) for step in range(steps)]
    assert all(0 < rate <= 1 for rate in rates)
    assert max(rates) == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"epochs": 0}, "epochs is 1 or more, not 0"),
        ({"batch": 0}, "batch is 1 or more, not 0"),
        ({"patience": -1}, "patience is 1 or more, not -1"),
        ({"learning_rate": 0.0}, r"a learning rate is above 0, not 0\.0"),
        ({"learning_rate": float("nan")}, "a learning rate is above 0, not nan"),
        ({"warmup_share": 1.0}, r"warmup_share is at least 0 and below 1, not 1\.0"),
        ({"longest_s": 0.0}, r"longest_s is above 0, not 0\.0"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name_and_value(wrong, said):
    with pytest.raises(OptionError, match=said):
        FineTuningOptions("x", **wrong)
