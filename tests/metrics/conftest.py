"""Golden cases: values of the public reference implementations.

Codes of 10,000 training and 5,000 test images of factors with 3, 6, 40, 32 and
32 values, and what disentanglement_lib (86a644d), InfoMEC
(kylehkhsu/latent_quantization 9a420a3) and rtqichen/beta-tcvae (1a3577d) return
for them with current libraries (numpy 2.4.6, scikit-learn 1.9.1). u_k is factor
k with unit variance:

    rotated    codes 0-4 are a rotation of u; 5-9 small noise
    split      orientation as cosine and sine, posY as coarse and fine
    monotone   code k is a_k sinh(1.5 u_k), a = (2, .2, 1, .5, .05); 5-9 are 0

Importance matrices and sampled scores are there for other cases, too.
"""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

HERE = Path(__file__).parent
GOLDEN = json.loads((HERE / "golden.json").read_text())
CASES = sorted(GOLDEN["fixed"])


@pytest.fixture(scope="session")
def golden_arrays():
    with np.load(HERE / "golden.npz") as arrays:
        return dict(arrays)


@pytest.fixture(params=CASES)
def golden(request, golden_arrays):
    """One case: its four arrays, and `fixed`, `dci`, ... of `GOLDEN`."""
    case = request.param
    return SimpleNamespace(
        name=case,
        train_codes=golden_arrays[f"{case}_train"] / 4096,
        train_factors=golden_arrays["factors_train"].astype(np.int64),
        test_codes=golden_arrays[f"{case}_test"] / 4096,
        test_factors=golden_arrays["factors_test"].astype(np.int64),
        **{k: v[case] for k, v in GOLDEN.items() if k in ("fixed", "dci")},
        infomec=GOLDEN["infomec"][case],
        sampled=GOLDEN["sampled"][case],
    )


@pytest.fixture(scope="session")
def grid_posteriors(golden_arrays):
    """Gaussian posteriors of a full grid of factors [3, 6, 8, 8, 8], and what
    rtqichen/beta-tcvae returns for them."""
    sizes = (3, 6, 8, 8, 8)
    factors = np.stack(np.unravel_index(np.arange(9216), sizes), axis=1)
    first = np.cumsum([0, *sizes[:-1]])

    def of(case):
        means = golden_arrays[f"grid_{case}_table"][factors + first].sum(axis=1)
        stddev = golden_arrays[f"grid_{case}_sigma"] * (
            1 + 0.25 * factors[:, :1]
        )
        return means, 2 * np.log(stddev), factors, GOLDEN["grid"][case]

    return of
