// What the whole document is about to do; null where it is not watched.
() => {
  const watch = window[Symbol.for('offboard.watch')];
  return watch ? watch.state(null) : null;
}
