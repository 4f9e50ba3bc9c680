// Who comes for the first time finds a prompt, and can press Draw at once.
({prompt}) => (typed, saved) => typed || (saved ? "" : prompt)
