// Built from src/surfaces/hooks/entries/session.ts; do not edit.
if (parseInt(process.versions.node, 10) < 20) { process.stderr.write('coord needs Node.js 20 or newer; this is ' + process.version + ' (' + process.execPath + '). Install a newer one, or put it first on the PATH.\n'); process.exit(1); }
require = (function (load, find) { return function (id) { return (find && find(id)) || load(id); }; })(require, process.getBuiltinModule);
"use strict";

// src/surfaces/hooks/code-cache.ts
var import_node_fs = require("fs");
var import_node_path = require("path");
var FRAME = "(function (exports, require, module, __filename, __dirname) {";
var BYTES_MAX = 4 * 1024 * 1024;
function loadCached(name) {
  const { Script } = require("vm");
  const file = (0, import_node_path.join)(__dirname, `${name}.cjs`);
  const source = asText(readBytes(file));
  const data = process.env["CLAUDE_PLUGIN_DATA"];
  const folder = data ? (0, import_node_path.join)(data, "code") : void 0;
  const key = `${name}-${process.version}-${process.arch}-${source.length}-${markOf(source)}.v8`;
  const cachedData = folder === void 0 ? void 0 : readIfThere((0, import_node_path.join)(folder, key));
  const framed = source.startsWith(FRAME, source.indexOf("\n") + 1) ? source : `${FRAME}${source}
})`;
  const script = new Script(framed, { filename: file, ...cachedData ? { cachedData } : {} });
  const module_ = { exports: {} };
  const evaluate = script.runInThisContext();
  evaluate(module_.exports, require, module_, file, __dirname);
  const isKept = cachedData !== void 0 && !script.cachedDataRejected;
  return {
    exports: module_.exports,
    keep: () => isKept || folder === void 0 ? void 0 : write(folder, name, key, script)
  };
}
function markOf(source) {
  const at = source.lastIndexOf("// mark ");
  return at === -1 ? "0" : source.slice(at + 8, at + 24);
}
var room;
function readBytes(file) {
  room ?? (room = new Uint8Array(BYTES_MAX));
  const descriptor = (0, import_node_fs.openSync)(file, "r");
  const length = (0, import_node_fs.readvSync)(descriptor, [room]);
  (0, import_node_fs.closeSync)(descriptor);
  if (length === BYTES_MAX) throw new Error(`${file} is too long`);
  return room.subarray(0, length);
}
function asText(bytes) {
  return Buffer.prototype.latin1Slice.call(bytes, 0, bytes.length);
}
function readIfThere(file) {
  try {
    return readBytes(file);
  } catch (error) {
    if (isHarmless(error)) return void 0;
    throw error;
  }
}
function isHarmless(error) {
  const code = error.code ?? "";
  return ["ENOENT", "ENOTDIR", "EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EISDIR"].includes(code);
}
function write(folder, name, key, script) {
  try {
    (0, import_node_fs.mkdirSync)(folder, { recursive: true });
    const temporary = (0, import_node_path.join)(folder, `.tmp-${process.pid}-${key}`);
    (0, import_node_fs.writeFileSync)(temporary, script.createCachedData());
    (0, import_node_fs.renameSync)(temporary, (0, import_node_path.join)(folder, key));
    for (const old of (0, import_node_fs.readdirSync)(folder)) {
      if (old !== key && old.startsWith(`${name}-${process.version}-`)) (0, import_node_fs.unlinkSync)((0, import_node_path.join)(folder, old));
    }
  } catch (error) {
    if (!isHarmless(error)) throw error;
  }
}

// src/surfaces/hooks/entries/session.ts
var { exports: full, keep } = loadCached("full");
full.runSession();
keep();
// mark 3268a4cada978004
