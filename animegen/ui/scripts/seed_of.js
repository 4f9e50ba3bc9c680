// The seed of the first of the finished pictures.
() => (details) => details?.seeds?.[0] ?? -1
