"""A beta-VAE in plain PyTorch, for `pytorch.py`, which starts this program.

In a process of its own, so that neither framework's threads are in the other's
way. It prints its number of parameters; then it answers each line of standard
input, "<memory format> <loader> <threads> <steps>", with the seconds of those
steps and the CPU seconds of this process.

Run: python benchmarks/pytorch_peer.py IMAGES.npy BATCH_SIZE
"""

import sys
import time
from collections.abc import Iterator

import numpy as np
import torch
from torch import nn
from torch.nn import functional
from torch.utils.data import DataLoader
from torch.utils.data import Dataset

LATENT_DIM = 10
BETA = 4.0
WORKERS = 2  # processes of the DataLoader
FORMATS = {
    "contiguous": torch.contiguous_format,
    "channels_last": torch.channels_last,
}


class VAE(nn.Module):
    """The network of Burgess et al. (2018), layer for layer tfvae's."""

    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(
            *convolution(1), *convolution(32), *convolution(32),
            *convolution(32), nn.Flatten(), *dense(512, 256), *dense(256, 256),
            nn.Linear(256, 2 * LATENT_DIM),
        )  # fmt: skip
        self.decoder = nn.Sequential(
            *dense(LATENT_DIM, 256), *dense(256, 256), *dense(256, 512),
            nn.Unflatten(1, (32, 4, 4)), *transposed(32), *transposed(32),
            *transposed(32), nn.ConvTranspose2d(32, 1, 4, 2, 1),
        )  # fmt: skip

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """The loss, nats an image."""
        mean, log_var = self.encoder(images).chunk(2, dim=1)
        z = mean + torch.exp(0.5 * log_var) * torch.randn_like(mean)
        nll = functional.binary_cross_entropy_with_logits(
            self.decoder(z), images, reduction="sum"
        )
        kl = 0.5 * torch.sum(mean**2 + log_var.exp() - 1 - log_var)
        return (nll + BETA * kl) / len(images)


def convolution(channels: int) -> list[nn.Module]:
    return [nn.Conv2d(channels, 32, 4, 2, 1), nn.ReLU()]


def transposed(channels: int) -> list[nn.Module]:
    return [nn.ConvTranspose2d(channels, 32, 4, 2, 1), nn.ReLU()]


def dense(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Linear(inputs, outputs), nn.ReLU()]


class Images(Dataset):
    """uint8 images `[N, 64, 64]` one by one, as float32 `[1, 64, 64]`."""

    def __init__(self, images: torch.Tensor):
        self.images = images

    def __len__(self) -> int:
        return len(self.images)

    def __getitem__(self, index: int) -> torch.Tensor:
        return self.images[index].unsqueeze(0).float()


def sliced(images: torch.Tensor, batch_size: int) -> Iterator[torch.Tensor]:
    """Endless shuffled batches, each one gather."""
    while True:
        for index in torch.randperm(len(images)).split(batch_size):
            yield images[index].unsqueeze(1).float()


def loaded(images: torch.Tensor, batch_size: int) -> Iterator[torch.Tensor]:
    """Endless shuffled batches of a DataLoader."""
    loader = DataLoader(
        Images(images), batch_size, shuffle=True, num_workers=WORKERS
    )
    while True:
        yield from loader


LOADERS = {"sliced": sliced, "DataLoader": loaded}


def train(model, optimizer, batches, memory_format, steps: int) -> np.ndarray:
    """Seconds and CPU seconds of some steps; the last loss is read."""
    start = now()
    for _ in range(steps):
        images = next(batches).contiguous(memory_format=memory_format)
        optimizer.zero_grad()
        loss = model(images)
        loss.backward()
        optimizer.step()
    loss.item()
    return now() - start


def now() -> np.ndarray:
    """Seconds, and CPU seconds of this process, `[2]`."""
    return np.array([time.perf_counter(), time.process_time()])


def main() -> None:
    """Answer until standard input ends."""
    file, batch_size = sys.argv[1], int(sys.argv[2])
    images = torch.from_numpy(np.load(file))
    batches = {k: make(images, batch_size) for k, make in LOADERS.items()}
    trained = {}
    for name, memory_format in FORMATS.items():
        model = VAE().to(memory_format=memory_format)
        optimizer = torch.optim.Adam(model.parameters(), fused=True)
        trained[name] = model, optimizer
    all_threads = torch.get_num_threads()
    print(sum(p.numel() for p in model.parameters()), flush=True)
    for line in sys.stdin:
        name, loader, threads, steps = line.split()
        torch.set_num_threads(1 if threads == "one" else all_threads)
        taken = train(
            *trained[name], batches[loader], FORMATS[name], int(steps)
        )
        print(*taken, flush=True)


if __name__ == "__main__":
    main()
