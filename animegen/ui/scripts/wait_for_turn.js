// From the press to the visitor's turn the details say that the request waits, and keep those that stood before.
// There are no new pictures then.
({message}) => (details) => {
  const running = Boolean(details?.steps) && !details.seeds;
  const same = {__type__: "update"};
  const language = navigator.languages.find((each) => /^(en|ja)\b/.test(each))?.slice(0, 2) ?? "en";
  return running ? [same, same] : [{message: message[language], step: 0, steps: 1, before: details}, []];
}
