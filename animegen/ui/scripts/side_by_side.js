// What a drawing followed, and the drawing.
() => (source, picture) => [source && picture ? [source, picture] : null]
