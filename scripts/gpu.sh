#!/usr/bin/env bash
# Make chibi on one large GPU in nine minutes: parts that do not need each other are made side by side.
#
#   scripts/gpu.sh [WEIGHTS [FOLDER [RECIPES]]]
#
# FOLDER keeps renders, checkpoints and logs; a second call resumes there. A rehearsal with tiny runs fills the
# compiler's cache while the first pictures are drawn.
set -euo pipefail
cd "$(dirname "$0")/.."

weights=${1:-animegen/chibi/weights}
folder=${2:-runs/gpu}
recipes=${3:-animegen/chibi/build/recipes-gpu.toml}
mkdir -p "$folder"
export TORCHDYNAMO_SUPPRESS_ERRORS=1 TOKENIZERS_PARALLELISM=false OMP_NUM_THREADS=4

build() { python3 -m animegen.chibi.build --folder "$folder" --recipes "$recipes" "$@"; }

rehearse() {
    local tiny=$folder/rehearsal
    mkdir -p "$tiny"
    sed -E 's/^steps = .*/steps = 3/; /^(seconds|decay_steps|warmup_steps) /d; s/^renders = .*/renders = 512/' \
        "$recipes" >"$tiny/recipes.toml"
    python3 -m animegen.chibi.build --folder "$tiny" --recipes "$tiny/recipes.toml" --only controlnet
}

rehearse >"$folder/rehearsal.log" 2>&1 &
build --only reader >"$folder/text.log" 2>&1 &
text=$!
build --only autoencoder >"$folder/autoencoder.log" 2>&1 &
autoencoder=$!
until grep -q "autoencoder: step" "$folder/autoencoder.log" || ! kill -0 $autoencoder; do sleep 1; done
build --only judge >"$folder/judge.log" 2>&1 &
judge=$!
(build --only generator_renders && build --only captions && build --only edge_maps) >"$folder/data.log" 2>&1 &
data=$!

wait $autoencoder
wait $text
wait $data
build --only controlnet 2>&1 | tee "$folder/unet.log"
wait $judge
build --out "$weights" 2>&1 | tee "$folder/export.log"
