// Opens a tab by its id.
({tab}) => () => ({__type__: "update", selected: tab})
