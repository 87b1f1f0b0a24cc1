// Bundles naive-ui.entry.js and what it needs into naive-ui.slim.js; see README.md.
import { build } from "esbuild";

const vueGlobal = {
  name: "vue-global",
  setup(bundle) {
    bundle.onResolve({ filter: /^vue$/ }, () => ({ path: "vue", namespace: "vue-global" }));
    bundle.onLoad({ filter: /.*/, namespace: "vue-global" }, () => ({
      contents: "module.exports = window.Vue;",
      loader: "js",
    }));
  },
};

await build({
  entryPoints: ["naive-ui.entry.js"],
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "naive",
  target: "es2020",
  outfile: "naive-ui.slim.js",
  plugins: [vueGlobal],
  define: { "process.env.NODE_ENV": '"production"', __DEV__: "false" },
  legalComments: "inline",
});
