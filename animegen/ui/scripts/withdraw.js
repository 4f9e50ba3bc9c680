// A stop takes a request that still waits out of the queue; what is being drawn hears of it on the server.
({message}) => (details) => {
  const same = {__type__: "update"};
  const language = navigator.languages.find((each) => /^(en|ja)\b/.test(each))?.slice(0, 2) ?? "en";
  const waits = details && "before" in details;
  return waits ? [Date.now(), {...details.before, message: message[language]}] : [same, same];
}
