// Status, progress bar, notes, and the Draw and Stop of all tabs follow the details (details.py) of a drawing; a phone
// scrolls to the picture. A note that stands beside the prompt already is not shown twice.
({tabs}) => (details) => {
  const same = {__type__: "update"};
  const running = Boolean(details?.steps) && !details.seeds;
  const begun = running && !("before" in details);
  const starts = running && !details.step && !details.placed;
  if (starts && window.innerWidth <= 768) document.getElementById("picture").scrollIntoView({block: "center"});
  const seen = document.querySelector("#notes textarea")?.value ?? "";
  const notes = (details?.notes ?? []).filter((note) => !seen.includes(note));
  const hide = begun ? {...same, visible: false} : same;
  const buttons = Array(tabs).fill([{...same, interactive: !running}, {...same, interactive: running}]).flat();
  return [
    details?.message ?? "", running ? details.step / details.steps : 0, begun ? null : same, hide, hide,
    {...same, value: notes.join("\n"), visible: notes.length > 0}, {...same, active: running && !begun}, ...buttons,
  ];
}
