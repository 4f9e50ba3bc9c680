// While a request waits, the details say how many are before it; an answer that comes too late changes nothing.
// Gradio would show the place in English alone, in an overlay of its own.
() => (place, details) => {
  const waits = place && details && "before" in details;
  return waits ? {...details, message: place, placed: true} : {__type__: "update"};
}
