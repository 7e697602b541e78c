"""The metrics of this package on the golden cases, beside the references'."""

import numpy as np
import pytest

from tfvae import metrics


def test_mig(golden):
    expected = golden.fixed["mig"]
    result = metrics.mig(golden.train_codes, golden.train_factors)
    assert result["mig"] == pytest.approx(expected["discrete_mig"], abs=1e-8)
    np.testing.assert_allclose(
        result["mutual_information"],
        expected["mi_matrix_codes_x_factors"],
        atol=1e-8,
    )


def test_modularity(golden):
    expected = golden.fixed["modularity"]
    result = metrics.modularity(golden.train_codes, golden.train_factors)
    assert result["modularity"] == pytest.approx(
        expected["modularity_score"], abs=1e-8
    )
    np.testing.assert_allclose(result["codes"], expected["per_code"], atol=1e-8)


@pytest.mark.parametrize(
    "options, name",
    [
        ({}, "irs_q99"),
        ({"quantile": 1}, "irs_q100"),
        ({"factor_bins": None}, "irs_q99_no_factor_binning"),
    ],
)
def test_irs(golden, options, name):
    result = metrics.irs(golden.train_codes, golden.train_factors, **options)
    expected = golden.fixed[name]["IRS"]
    assert result["irs"] == pytest.approx(expected, abs=1e-8)


def parts(golden):
    return (
        golden.train_codes,
        golden.train_factors,
        golden.test_codes,
        golden.test_factors,
    )


@pytest.mark.parametrize(
    "estimator, name, tolerance",
    [("r2", "sap_continuous", 1e-8), ("classifier", "sap_discrete", 5e-4)],
)
def test_sap(golden, estimator, name, tolerance):
    result = metrics.sap(*parts(golden), estimator=estimator)
    expected = golden.fixed[name]["SAP_score"]
    assert result["sap"] == pytest.approx(expected, abs=tolerance)


def test_explicitness(golden):
    expected = golden.fixed["explicitness"]
    score = metrics.explicitness(*parts(golden))["explicitness"]
    if golden.name == "monotone":  # constant codes: the reference raises
        assert 0.9 < score < 1
    else:
        reference = expected["explicitness_score_test"]
        assert score == pytest.approx(reference, abs=1e-3)
