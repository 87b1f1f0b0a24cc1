// Scrolls whatever scrolls around the box of a list to its end and back, so that what waits to come into view comes.
(list) => {
  const watch = window[Symbol.for('offboard.watch')];
  const box = watch && watch.boxes[list] && watch.boxes[list].deref();
  const root = document.scrollingElement || document.documentElement;
  const boxes = [];
  for (let one = box; one; one = one.assignedSlot || one.parentElement || (one.getRootNode() || {}).host)
    if (one !== box && one.scrollHeight > one.clientHeight + 1) boxes.push([one, one.scrollTop]);
  if (box !== root && !boxes.some(([one]) => one === root)) boxes.push([root, root.scrollTop]);
  const frames = () => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  return (async () => {
    for (const [one] of boxes) one.scrollTo({top: one.scrollHeight, behavior: 'instant'});
    await frames();
    for (const [one, top] of boxes) one.scrollTo({top, behavior: 'instant'});
    await frames();
  })();
}
