#!/usr/bin/env bash
# Make chibi's second edition on one large GPU in nine minutes: parts that do not need each other are made side by side.
#
#   scripts/gpu.sh [WEIGHTS [FOLDER [RECIPES]]]
#
# The autoencoder is the one that WEIGHTS has; all else starts from nothing. FOLDER keeps renders, checkpoints and logs;
# a second call resumes there.
set -euo pipefail
cd "$(dirname "$0")/.."

weights=${1:-animegen/chibi/weights}
folder=${2:-runs/gpu}
recipes=${3:-animegen/chibi/build/recipes-gpu.toml}
mkdir -p "$folder"
export TOKENIZERS_PARALLELISM=false OMP_NUM_THREADS=4

anew=(--from weights)
for stage in judge text unet controlnet; do anew+=(--train $stage --anew $stage); done
build() { python3 -m animegen.chibi.build --folder "$folder" --recipes "$recipes" "${anew[@]}" "$@"; }

build --only reader >"$folder/text.log" 2>&1 &
text=$!
build --only judge >"$folder/judge.log" 2>&1 &
judge=$!
(build --only generator_renders && build --only captions && build --only edge_maps) >"$folder/data.log" 2>&1
wait $text
wait $judge
build --only controlnet 2>&1 | tee "$folder/unet.log"
build --out "$weights" 2>&1 | tee "$folder/export.log"
python3 -m animegen.chibi.build.broken --weights "$weights" --out "$weights/broken.safetensors" --folder "$folder/broken" 2>&1 |
    tee "$folder/broken.log"
