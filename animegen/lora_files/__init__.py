"""LoRA files on paper: read, written, inspected and refused, with numpy alone."""

from animegen.lora_files.adapter import Adapter, Module
from animegen.lora_files.bases import Base, base_named, base_of, bases
from animegen.lora_files.catalogue import Offer
from animegen.lora_files.inspection import Description, Refusal, inspect, survey
from animegen.lora_files.inventory import Inventory
from animegen.lora_files.key_names import Format
from animegen.lora_files.offers import Offers
from animegen.lora_files.reader import read
from animegen.lora_files.writer import write_diffusers, write_kohya, write_peft

__all__ = [
    "Adapter",
    "Base",
    "Description",
    "Format",
    "Inventory",
    "Module",
    "Offer",
    "Offers",
    "Refusal",
    "base_named",
    "base_of",
    "bases",
    "inspect",
    "read",
    "survey",
    "write_diffusers",
    "write_kohya",
    "write_peft",
]
