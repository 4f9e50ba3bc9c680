// Under the picture stands the button that keeps its seed, or the one that goes back from a seed that is kept.
() => (seed) => [
  {__type__: "update", visible: seed === -1},
  {__type__: "update", visible: seed !== -1},
]
