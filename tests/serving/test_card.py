import tfvae
from tests.runs import bars
from tfvae import data
from tfvae import evaluation
from tfvae.serving.about import about
from tfvae.serving.card import model_card


def model_and_data():
    model = tfvae.VAE((32, 32, 1), latent_dim=3, network="chen2018")
    return model, data.from_arrays(*bars())


def test_the_card_says_what_is_known():
    model, dataset = model_and_data()
    known = about(model, dataset)
    measured = evaluation.measure(model, dataset)
    evaluated = {
        "metrics": {
            "mig": {"scores": {"mig": 0.25}, "intervals": {"mig": [0.2, 0.3]}}
        }
    }
    card = model_card(
        known,
        {"dataset": "npz", "seed": 3, "command": "python train.py"},
        {**measured, "evaluation": evaluated},
    )
    assert "images of 32 x 32 x 1" in card
    assert "| objective | H (beta Constant (value 4.0)) |" in card
    assert "| seed | 3 |" in card
    assert evaluation.describe(measured).splitlines()[0] in card
    assert "| mig | 0.25 | 0.2 to 0.3 |" in card
    for row in known["data"]["latents"]:
        low, high = row["range"]
        assert f"| {row['latent']} | " in card
        assert f"| {low:.4g} to {high:.4g} |" in card


def test_latents_are_sorted_by_kl():
    model, dataset = model_and_data()
    known = about(model, dataset)
    for row, kl in zip(known["data"]["latents"], [0.5, 2.0, 1.0], strict=True):
        row["kl"] = kl
    lines = model_card(known, {}, {}).splitlines()
    order = [
        line[2] for line in lines if line[:2] == "| " and line[2].isdigit()
    ]
    assert order == ["1", "2", "0"]


def test_the_card_says_what_is_not_known():
    model, _ = model_and_data()
    card = model_card(about(model, None), {}, {})
    assert "Not known: the model was exported without its data." in card
    assert "Nothing." in card


def test_pixels_that_end_elsewhere_are_warned_of():
    model, dataset = model_and_data()
    known = about(model, dataset)
    assert "own uint8 images" not in model_card(known, {}, {})
    known["data"]["largest_pixel"] = 1
    card = " ".join(model_card(known, {}, {}).split())
    assert "own uint8 images end at 1: scale them" in card
