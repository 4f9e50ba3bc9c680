// Opens a tab by its id, and the fold of the LoRAs.
({tab}) => () => [{__type__: "update", selected: tab}, {__type__: "update", open: true}]
