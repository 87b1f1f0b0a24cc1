// The text of an element as its document holds it: what CSS makes of it (capitals, parts that are not painted yet)
// does not count, what is hidden does not either. Blocks and breaks give lines.
const NO_TEXT = new Set(['script', 'style', 'noscript', 'template', 'head', 'title']);
const textOf = (element) => {
  const parts = [];
  const walk = (node, is_shown, keeps_space) => {
    if (node.nodeType === 3) {
      if (is_shown) parts.push(keeps_space ? node.data : node.data.replace(/\s+/g, ' '));
      return;
    }
    if (node.nodeType !== 1 && node.nodeType !== 11) return;
    let ending = '';
    if (node.nodeType === 1) {
      if (NO_TEXT.has(node.localName)) return;
      if (node.localName === 'br') { parts.push('\n'); return; }
      const style = getComputedStyle(node);
      if (style.display === 'none') return;
      if (style.display !== 'contents' && !node.checkVisibility()) return;
      is_shown = style.visibility === 'visible';
      keeps_space = style.whiteSpace.startsWith('pre') || style.whiteSpace === 'break-spaces';
      if (style.display === 'table-cell') ending = '\t';
      else if (!/^(inline|contents|ruby)/.test(style.display)) { parts.push('\n'); ending = '\n'; }
    }
    const children = node.shadowRoot ? node.shadowRoot.childNodes
      : node.localName === 'slot' && node.assignedNodes().length ? node.assignedNodes() : node.childNodes;
    for (const child of children) walk(child, is_shown, keeps_space);
    if (ending) parts.push(ending);
  };
  const above = element.nodeType === 1 ? getComputedStyle(element) : null;
  walk(element, !above || above.visibility === 'visible', false);
  return parts.join('').replace(/[^\S\n]*\n[\s]*/g, '\n').trim();
};
