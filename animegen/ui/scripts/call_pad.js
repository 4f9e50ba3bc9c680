// Calls a function of the sketch pad (sketch_pad.js), which may not be on the page yet.
({pad, method}) => (value) => { document.querySelector(`#${pad} canvas`)?.[method](value); }
