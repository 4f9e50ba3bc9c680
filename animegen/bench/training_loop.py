"""A plain loop that trains a LoRA: each step encodes its pictures and captions, as diffusers' own script has it.

The order of the work is that of diffusers' ``examples/text_to_image/train_text_to_image_lora.py``. Two things are in
the loop's favour: its pictures are read and scaled before the first step, and it writes no file. On a CPU its counted
operations leave out those of torch's fused attention, for which torch has no formula there.
"""

from collections.abc import Mapping

import torch
from diffusers import DDPMScheduler, StableDiffusionPipeline
from diffusers.utils.torch_utils import randn_tensor
from peft import LoraConfig
from torch import Tensor, nn
from torch.nn import functional

from animegen.datasets.buckets import bucket
from animegen.datasets.dataset import Dataset, Sample
from animegen.datasets.pictures import load
from animegen.datasets.plan import Batch
from animegen.models.loading import Parts
from animegen.training import chance
from animegen.training.adapter_recipe import AdapterRecipe
from animegen.training.epochs import Epochs
from animegen.training.targets import ENDINGS


class Loop:
    """Trains an adapter of a recipe on weights of its own; ``adapter`` are the first values of the adapter's weights.

    ``epochs`` name the batches of the dataset. Noise, timesteps and latents are drawn as the trainer draws them, by a
    generator for each use.
    """

    def __init__(
        self, parts: Parts, recipe: AdapterRecipe, dataset: Dataset, epochs: Epochs, adapter: Mapping[str, Tensor]
    ) -> None:
        self.pipe = StableDiffusionPipeline.from_pretrained(
            parts.folder, safety_checker=None, local_files_only=True, dtype=torch.float32
        ).to(parts.placement.device)
        self.steps = 0
        self._recipe, self._epochs = recipe, epochs
        self._noising = DDPMScheduler.from_config(dict(parts.scheduler_config))
        self._pixels = {sample: self._read(sample) for sample in dataset.training}
        self._weights = self._add(adapter)
        self._optimizer = torch.optim.AdamW(
            self._weights, lr=recipe.optimizer.learning_rate, weight_decay=recipe.optimizer.weight_decay
        )

    def advance(self, steps: int) -> list[float]:
        """Make so many steps, and return their losses."""
        return [self._step() for _ in range(steps)]

    def _add(self, adapter: Mapping[str, Tensor]) -> list[nn.Parameter]:
        """Put the adapter into the UNet, and return what is trained."""
        settings = self._recipe.adapter
        for network in (self.pipe.vae, self.pipe.text_encoder, self.pipe.unet):
            network.requires_grad_(False)
        targets = list(ENDINGS[settings.targets])
        self.pipe.unet.add_adapter(LoraConfig(r=settings.rank, lora_alpha=settings.alpha, target_modules=targets))
        trained = {name: each for name, each in self.pipe.unet.named_parameters() if each.requires_grad}
        for name, weight in trained.items():
            weight.data.copy_(adapter[name.replace(".default", "")])
        self.pipe.unet.train()
        return list(trained.values())

    def _step(self) -> float:
        place = self._epochs.place(self.steps)
        loss = self._loss(place.batch, place.epoch)
        torch.autograd.backward(loss)
        nn.utils.clip_grad_norm_(self._weights, self._recipe.optimizer.max_grad_norm)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self.steps += 1
        return loss.item()

    def _loss(self, batch: Batch, epoch: int) -> Tensor:
        vae, device = self.pipe.vae, self.pipe.device
        generators = [chance.generator(self._recipe.seed, epoch, use.number, "noise") for use in batch]
        steps = [torch.randint(len(self._noising.betas), (), generator=each) for each in generators]
        timesteps = torch.stack(steps).to(device)
        pixels = torch.stack([self._pixels[use.sample] for use in batch]).to(device)
        latents = vae.encode(pixels).latent_dist.sample(generators) * vae.config.scaling_factor
        noise = randn_tensor(latents.shape, generators, device)
        noisy = self._noising.add_noise(latents, noise, timesteps)
        predicted = self.pipe.unet(noisy, timesteps, self._embeddings(batch)).sample
        velocity = self._noising.config.prediction_type == "v_prediction"
        target = self._noising.get_velocity(latents, noise, timesteps) if velocity else noise
        return functional.mse_loss(predicted, target)

    def _embeddings(self, batch: Batch) -> Tensor:
        captions = [use.caption for use in batch]
        read = self.pipe.tokenizer(captions, padding="max_length", truncation=True, return_tensors="pt")
        found: Tensor = self.pipe.text_encoder(read.input_ids.to(self.pipe.device))[0]
        return found

    def _read(self, sample: Sample) -> Tensor:
        """Return the pixels of a picture (3, H, W) in [-1, 1]."""
        data = self._recipe.data
        pixels, _ = load(sample, bucket(sample, data), data)
        return torch.tensor(pixels).permute(2, 0, 1).float() / 127.5 - 1
