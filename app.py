"""The Space, and the same page at home: `python app.py` serves it on 127.0.0.1:7860."""

import os
import threading
from functools import partial

os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")  # read when the libraries are imported
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("HF_HUB_DISABLE_UPDATE_CHECK", "1")

import spaces  # before torch, as ZeroGPU asks

from animegen.errors import one_sentence
from animegen.settings import check_temporary_folder, settings
from animegen.studio import Studio
from animegen.studio.zerogpu import seconds
from animegen.training.runs import Runs
from animegen.ui import build, launch_options

with one_sentence():
    check_temporary_folder()
    studio = Studio.load(settings(), lend=partial(spaces.GPU, duration=seconds))
demo = build(studio, low_memory=settings().low_memory, runs=Runs.of(settings().own_runs))

if __name__ == "__main__":
    if spaces.config.Config.zero_gpu:
        studio.complete()  # ZeroGPU packs what the main thread has put on the GPU before launch
    else:  # the page need not wait for torch
        threading.Thread(target=lambda: studio.engine, name="load", daemon=True).start()
    demo.launch(**launch_options(studio))
