// The lines of the last sheet stay on its tab, whatever another one draws.
() => (details) => {
  const same = {__type__: "update"};
  return details?.renpy ? [details.renpy, {...same, visible: true}] : [same, same];
}
