// A finished file is offered by its button.
() => (file, details) => {
  const same = {__type__: "update"};
  return file && details?.seeds ? {...same, value: file, visible: true} : same;
}
