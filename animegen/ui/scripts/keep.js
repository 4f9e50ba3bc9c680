// What the controls show goes into the browser's storage as a list, without a visit to the server.
() => (...values) => [values]
