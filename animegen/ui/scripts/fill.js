// The values of an idea for all controls, and the tab that draws them.
({values, tab}) => () => [...values, {__type__: "update", selected: tab}]
