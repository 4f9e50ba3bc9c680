// The page of a sheet goes before its pictures into those of the visit.
() => (page, pictures) => [page ? [{image: page, caption: null}, ...(pictures ?? [])] : pictures]
