// A finished film is offered as a file, and stands in place of its frames where a browser shows it as a picture.
({moving}) => (film, details) => {
  const same = {__type__: "update"};
  if (!film || !details?.seeds) return [same, same];
  const shows = moving.some((kind) => film.path.endsWith(`.${kind}`));
  return [shows ? film : same, {...same, value: film, visible: true}];
}
