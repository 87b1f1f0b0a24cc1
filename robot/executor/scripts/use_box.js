// Takes an element for the box that scrolls a list.
([box], list) => {
  const watch = window[Symbol.for('offboard.watch')];
  if (watch && box) { watch.boxes[list] = new WeakRef(box); watch.named.add(box); }
}
