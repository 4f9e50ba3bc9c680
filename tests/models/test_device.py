import torch

from animegen.models.device import Hardware, hardware, place


def test_a_modern_cuda_card_computes_bfloat16() -> None:
    assert (place(Hardware(cuda=(8, 0))).device.type, place(Hardware(cuda=(8, 0))).dtype) == ("cuda", torch.bfloat16)


def test_a_card_that_only_emulates_bfloat16_computes_float16() -> None:
    assert place(Hardware(cuda=(7, 5), cpu_bfloat16=True)).dtype == torch.float16


def test_apples_gpu_computes_float16() -> None:
    assert (place(Hardware(mps=True)).device.type, place(Hardware(mps=True)).dtype) == ("mps", torch.float16)


def test_a_cpu_computes_bfloat16_only_in_hardware() -> None:
    assert place(Hardware(cpu_bfloat16=True)).dtype == torch.bfloat16
    assert place(Hardware()).dtype == torch.float32


def test_the_choice_comes_with_its_reason() -> None:
    assert str(place(hardware()).reason).endswith(".")
