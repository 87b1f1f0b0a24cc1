// Reads the pages' templates as the release has them: a transform of Vue's template compiler. It replaces fixed
// texts, texts in expressions ('…' in interpolations and in attributes that are read by people), and names.
import { classes, current, id, label, names } from "./release.js";
import { attributeOf } from "./names.js";

const [ELEMENT, TEXT, INTERPOLATION, ATTRIBUTE, DIRECTIVE] = [1, 2, 5, 6, 7];
// Attributes and properties that hold text for people.
const SAID = new Set([
  "title", "label", "placeholder", "hint", "subtitle", "positive", "negative", "confirm", "empty", "empty-hint",
  "aria-label", "start-placeholder", "end-placeholder",
]);
const LITERAL = /(===? |!==? )?'([^'\\]*)'/g;

const inWords = (code, context) =>
  code.replace(LITERAL, (all, compared, text) => (compared ? all : `'${label(text, context).replaceAll("'", "\\'")}'`));

function withLabels(node) {
  if (node.type === TEXT) node.content = label(node.content);
  if (node.type === INTERPOLATION) {
    const code = node.content.content;
    if (code.includes("'")) node.content.content = inWords(code, "");
    else if (/(^|\.)label$/.test(code)) node.content.content = `$label(${code})`;
  }
  if (node.type !== ELEMENT) return;
  for (const prop of node.props) {
    if (prop.type === ATTRIBUTE && SAID.has(prop.name) && prop.value) prop.value.content = label(prop.value.content, prop.name);
    if (prop.type === DIRECTIVE && prop.name === "bind" && prop.exp && SAID.has(prop.arg?.content)) {
      prop.exp.content = `$label(${inWords(prop.exp.content, prop.arg.content)}, '${prop.arg.content}')`;
    }
  }
  if (node.tag === "n-tab") {
    for (const child of node.children) if (child.type === TEXT) child.content = label(child.content, "tab");
  }
}

const NAMED = { class: "$classes", id: "$id", for: "$id", "input-props": "$names", inputProps: "$names" };

function withNames(node) {
  if (node.type !== ELEMENT) return;
  for (const prop of node.props) {
    if (prop.type === ATTRIBUTE && prop.value) {
      if (prop.name === "class") prop.value.content = classes(prop.value.content);
      else if (prop.name === "id" || prop.name === "for") prop.value.content = id(prop.value.content) ?? "";
      else prop.name = attributeOf(current().names, prop.name);
    }
    if (prop.type === DIRECTIVE && prop.name === "bind" && prop.arg && prop.exp) {
      const call = NAMED[prop.arg.content];
      if (call) prop.exp.content = `${call}(${prop.exp.content})`;
      else prop.arg.content = attributeOf(current().names, prop.arg.content);
    }
  }
  node.props = node.props.filter((prop) => !(prop.type === ATTRIBUTE && prop.name === "id" && prop.value?.content === ""));
}

// Makes an app read its templates so. The baseline's are read as they are written.
export function readTemplates(app) {
  Object.assign(app.config.globalProperties, { $label: label, $classes: classes, $id: id, $names: names });
  const transforms = [current().labels && withLabels, current().names && withNames].filter(Boolean);
  if (!transforms.length) return;
  const done = new WeakSet();
  const transform = (node) => {
    if (done.has(node)) return;
    done.add(node);
    for (const change of transforms) change(node);
  };
  app.config.compilerOptions = { ...app.config.compilerOptions, nodeTransforms: [transform] };
}
