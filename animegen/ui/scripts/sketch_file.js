// What the sketch pad sent up, as the place of a picture holds it.
() => (drawn) => drawn ? {
  path: drawn.path, url: drawn.url, orig_name: "sketch.png", meta: {_type: "gradio.FileData"},
} : null
