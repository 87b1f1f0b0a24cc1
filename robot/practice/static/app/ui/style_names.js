// The style sheets of the app, rewritten to the names of the release. Those of the libraries stay.
import { attributeOf, classOf, idOf } from "./names.js";
import { current } from "./release.js";

const NAME = /([.#])(-*[A-Za-z_][\w-]*)|\[(data-[\w-]+|meta)/g;

function rename(rules) {
  for (const rule of rules) {
    if (rule.selectorText) {
      rule.selectorText = rule.selectorText.replace(NAME, (all, kind, name, attribute) => {
        if (attribute) return `[${attributeOf(current().names, attribute)}`;
        return kind + (kind === "." ? classOf(current().names, name) : (idOf(current().names, name) ?? name));
      });
    } else if (rule.cssRules && !(rule instanceof CSSKeyframesRule)) rename(rule.cssRules);
  }
}

export function renameStyles() {
  if (!current().names) return;
  for (const sheet of document.styleSheets) {
    if (sheet.href && new URL(sheet.href).pathname.startsWith("/static/")) rename(sheet.cssRules);
  }
}
