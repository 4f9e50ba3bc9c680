// What was kept comes back into the controls; one that the visitor has changed since the page came is left as it is.
({first}) => (back, ...now) => {
  const untouched = (i) => JSON.stringify(now[i]) === JSON.stringify(first[i] ?? "");
  return now.map((value, i) => (untouched(i) ? back?.[i] ?? value : value));
}
