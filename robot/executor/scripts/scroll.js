// Scrolls the box of a list, `[list, top]`; a top of null goes to its end. Waits for two frames, so that what is drawn
// at once is drawn. Gives the box's state, or null where there is none any more.
([list, top]) => {
  const watch = window[Symbol.for('offboard.watch')];
  const box = watch && watch.boxes[list] && watch.boxes[list].deref();
  if (!box || !box.isConnected) return null;
  const tell = () => ({top: box.scrollTop, view: box.clientHeight, height: box.scrollHeight});
  const most = Math.max(0, box.scrollHeight - box.clientHeight);
  const wanted = top === null ? most : Math.min(top, most);
  if (Math.abs(wanted - box.scrollTop) < 1) return tell();
  return new Promise(done => {
    box.scrollTo({top: wanted, behavior: 'instant'});
    requestAnimationFrame(() => requestAnimationFrame(() => done(tell())));
  });
}
