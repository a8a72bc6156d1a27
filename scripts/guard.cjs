// Built from src/surfaces/hooks/entries/guard.ts; do not edit.
if (parseInt(process.versions.node, 10) < 20) {
  (function () {
    var fs = require('fs'), path = require('path');
    function read(file) { try { return fs.readFileSync(file, 'utf8'); } catch (e) { return ''; } }
    for (var at = process.cwd(); ; at = path.dirname(at)) {
      var link = /^gitdir: (.*?)[\\/]\.git[\\/]worktrees[\\/]/.exec(read(path.join(at, '.git')));
      var home = link ? path.resolve(at, link[1]) : at;
      if (fs.existsSync(path.join(home, '.coordination', 'roster'))) { process.stderr.write('coord needs Node.js 20 or newer; this is ' + process.version + ' (' + process.execPath + '). Install a newer one, or put it first on the PATH.\n'); process.exit(2); }
      if (path.dirname(at) === at) process.exit(0);
    }
  })();
}
require = (function (load, find) { return function (id) { return (find && find(id)) || load(id); }; })(require, process.getBuiltinModule);
"use strict";

// src/surfaces/hooks/guard.ts
var import_node_fs4 = require("fs");
var import_node_path3 = require("path");

// src/storage/light/place.ts
var import_node_fs = require("fs");
var import_node_path = require("path");

// src/domain/project-paths.ts
var COORDINATION = ".coordination";

// src/storage/light/place.ts
var HOME_POINTER = "coord-home";
var DEPTH_MAX = 256;
var MISSING = /* @__PURE__ */ new Set([
  "ENOENT",
  "ENOTDIR",
  "EACCES",
  "EPERM",
  "ELOOP",
  "ENAMETOOLONG",
  "EINVAL",
  "ERR_INVALID_ARG_VALUE"
]);
function isMissing(error) {
  return error instanceof Error && MISSING.has(error.code ?? "");
}
function placeOf(folder) {
  let at;
  try {
    at = folder === process.cwd() ? folder : import_node_fs.realpathSync.native(folder);
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const found = placeAt(at);
    if (found) return found;
    const up = (0, import_node_path.dirname)(at);
    if (up === at) return void 0;
    at = up;
  }
  return void 0;
}
function placeAt(root) {
  const entry = (0, import_node_path.join)(root, ".git");
  if (!(0, import_node_fs.existsSync)(entry)) return void 0;
  if ((0, import_node_fs.existsSync)((0, import_node_path.join)(entry, "HEAD")))
    return { home: root, root, name: null, gitDir: entry, commonDir: entry };
  try {
    return (0, import_node_fs.lstatSync)(entry).isFile() ? linkedPlace(root, entry) : void 0;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}
function linkedPlace(root, entry) {
  const pointed = readPointer(entry);
  if (pointed === void 0) return void 0;
  const gitDir = (0, import_node_path.resolve)(root, pointed);
  const pointer = (0, import_node_path.join)(gitDir, "commondir");
  if (!(0, import_node_fs.existsSync)(pointer)) return { home: root, root, name: null, gitDir, commonDir: gitDir };
  const commonDir = import_node_fs.realpathSync.native((0, import_node_path.resolve)(gitDir, (0, import_node_fs.readFileSync)(pointer, "utf8").trim()));
  return { home: homeOf(commonDir), root, name: (0, import_node_path.basename)(gitDir), gitDir, commonDir };
}
function readPointer(entry) {
  const text2 = (0, import_node_fs.readFileSync)(entry, "utf8");
  if (!text2.startsWith("gitdir: ")) return void 0;
  const line = text2.endsWith("\n") ? text2.slice(8, -1) : text2.slice(8);
  const path = line.endsWith("\r") ? line.slice(0, -1) : line;
  return path === "" || path.includes("\n") || path.includes("\r") ? void 0 : path;
}
function homeOf(commonDir) {
  if ((0, import_node_path.basename)(commonDir) === ".git") return (0, import_node_path.dirname)(commonDir);
  try {
    return (0, import_node_fs.readFileSync)((0, import_node_path.join)(commonDir, HOME_POINTER), "utf8").trim() || void 0;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}
function hasHome(place) {
  return place.home !== void 0;
}
function isCoordinated(home) {
  return (0, import_node_fs.existsSync)((0, import_node_path.join)(home, COORDINATION, "roster"));
}
function coordinatedPlaceOf(folder) {
  const place = placeOf(folder);
  return place && hasHome(place) && isCoordinated(place.home) ? place : void 0;
}

// src/surfaces/hooks/code-cache.ts
var import_node_fs2 = require("fs");
var import_node_path2 = require("path");
var FRAME = "(function (exports, require, module, __filename, __dirname) {";
var BYTES_MAX = 4 * 1024 * 1024;
function loadCached(name) {
  const { Script } = require("vm");
  const file = (0, import_node_path2.join)(__dirname, `${name}.cjs`);
  const source = asText(readBytes(file));
  const data = process.env["CLAUDE_PLUGIN_DATA"];
  const folder = data ? (0, import_node_path2.join)(data, "code") : void 0;
  const key = `${name}-${process.version}-${process.arch}-${source.length}-${markOf(source)}.v8`;
  const cachedData = folder === void 0 ? void 0 : readIfThere((0, import_node_path2.join)(folder, key));
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
  const descriptor = (0, import_node_fs2.openSync)(file, "r");
  const length = (0, import_node_fs2.readvSync)(descriptor, [room]);
  (0, import_node_fs2.closeSync)(descriptor);
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
    (0, import_node_fs2.mkdirSync)(folder, { recursive: true });
    const temporary = (0, import_node_path2.join)(folder, `.tmp-${process.pid}-${key}`);
    (0, import_node_fs2.writeFileSync)(temporary, script.createCachedData());
    (0, import_node_fs2.renameSync)(temporary, (0, import_node_path2.join)(folder, key));
    for (const old of (0, import_node_fs2.readdirSync)(folder)) {
      if (old !== key && old.startsWith(`${name}-${process.version}-`)) (0, import_node_fs2.unlinkSync)((0, import_node_path2.join)(folder, old));
    }
  } catch (error) {
    if (!isHarmless(error)) throw error;
  }
}

// src/surfaces/hooks/protocol.ts
var import_node_fs3 = require("fs");
function text(value) {
  return typeof value === "string" && value !== "" ? value : null;
}
function readInput() {
  let input;
  try {
    input = (0, import_node_fs3.readFileSync)(0, "utf8");
  } catch (error) {
    const { code } = error;
    if (code === "EAGAIN" || code === "EOF" || code === "EISDIR") return void 0;
    throw error;
  }
  return parseInput(input);
}
function parseInput(input) {
  let value;
  try {
    value = JSON.parse(input);
  } catch (error) {
    if (error instanceof SyntaxError) return void 0;
    throw error;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return void 0;
  return value;
}
function folderOf(raw) {
  return text(raw["cwd"]) ?? process.cwd();
}
function print(output) {
  try {
    (0, import_node_fs3.writeSync)(1, output);
  } catch (error) {
    if (error.code !== "EPIPE") throw error;
  }
}
function printDenial(reason) {
  const decision = {
    hookEventName: "PreToolUse",
    permissionDecision: "deny",
    permissionDecisionReason: reason
  };
  print(JSON.stringify({ hookSpecificOutput: decision }));
}

// src/surfaces/hooks/guard.ts
var DEPTH_MAX2 = 64;
function runGuard() {
  const raw = readInput();
  const standing = coordinatedPlaceOf(raw ? existingFolder(folderOf(raw)) : process.cwd());
  const aim = standing || !raw ? void 0 : aimInside(raw);
  if (!standing && !aim) return;
  try {
    const { exports: inside, keep } = loadCached("guard-inside");
    if (raw && standing) inside.judgeInside(raw, standing, loadCached);
    else if (raw && aim) inside.refuseOutsider(raw, aim.path, aim.home);
    else inside.refuseOddPayload();
    keep();
  } catch (error) {
    printDenial(printFailure(error));
  }
}
function aimInside(raw) {
  const input = raw["tool_input"];
  const path = (input == null ? void 0 : input.file_path) ?? (input == null ? void 0 : input.notebook_path);
  if (typeof path !== "string" || path === "" || path.includes("\0")) return void 0;
  const place = coordinatedPlaceOf(existingFolder((0, import_node_path3.dirname)(path)));
  return place ? { path, home: place.home } : void 0;
}
function existingFolder(path) {
  let folder = path;
  for (let depth = 0; depth < DEPTH_MAX2 && !(0, import_node_fs4.existsSync)(folder); depth++) folder = (0, import_node_path3.dirname)(folder);
  return folder;
}
function printFailure(error) {
  const detail = (error instanceof Error ? error.message : String(error)).replace(/[^\x20-\x7e]/g, " ").slice(0, 300);
  return `[coord] Refused: the guard itself failed (${detail}), and in a coordinated project a write is not let through unjudged. Run \`coord doctor\`. A person can switch the guard off with \`guard: off\` in the front matter of .claude/coord.local.md.`;
}

// src/surfaces/hooks/entries/guard.ts
runGuard();
var _a;
(_a = process.reallyExit) == null ? void 0 : _a.call(process, 0);
// mark 87093b2dea04b2f3
