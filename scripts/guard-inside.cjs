// Built from src/surfaces/hooks/entries/guard-inside.ts; do not edit.
(function (exports, require, module, __filename, __dirname) {
"use strict";
var __defProp = Object.defineProperty;
var __getOwnPropDesc = Object.getOwnPropertyDescriptor;
var __getOwnPropNames = Object.getOwnPropertyNames;
var __hasOwnProp = Object.prototype.hasOwnProperty;
var __export = (target, all) => {
  for (var name in all)
    __defProp(target, name, { get: all[name], enumerable: true });
};
var __copyProps = (to, from, except, desc) => {
  if (from && typeof from === "object" || typeof from === "function") {
    for (let key of __getOwnPropNames(from))
      if (!__hasOwnProp.call(to, key) && key !== except)
        __defProp(to, key, { get: () => from[key], enumerable: !(desc = __getOwnPropDesc(from, key)) || desc.enumerable });
  }
  return to;
};
var __toCommonJS = (mod) => __copyProps(__defProp({}, "__esModule", { value: true }), mod);

// src/surfaces/hooks/entries/guard-inside.ts
var guard_inside_exports = {};
__export(guard_inside_exports, {
  judgeInside: () => judgeInside,
  refuseOddPayload: () => refuseOddPayload,
  refuseOutsider: () => refuseOutsider
});
module.exports = __toCommonJS(guard_inside_exports);

// src/domain/project-paths.ts
var STATE_FILE = ".planning/STATE.md";
var PHASES_FOLDER = ".planning/phases";
var STATUS_NAME = "STATUS.md";
var DECISIONS_FILE = "DECISIONS.md";
var AGENTS_FILE = "AGENTS.md";
var COORDINATION = ".coordination";
var TEAM_SETTINGS_FILE = ".claude/coord.md";
var LOCAL_SETTINGS_FILE = ".claude/coord.local.md";
var RUNTIME_FOLDERS = [COORDINATION, ".workflow/.cycle", ".taskers"];
function documentAt(relativePath, caseBlind) {
  const path = caseBlind ? relativePath.toLowerCase() : relativePath;
  const same = (name) => path === (caseBlind ? name.toLowerCase() : name);
  for (const folder of RUNTIME_FOLDERS) {
    if (same(folder) || path.startsWith(`${folder}/`)) return { kind: "runtime", folder };
  }
  if (same(STATE_FILE)) return { kind: "state" };
  if (same(AGENTS_FILE)) return { kind: "agents" };
  if (same(DECISIONS_FILE)) return { kind: "decisions" };
  const parts = path.split("/");
  const isStatus = parts.length === 4 && parts[0] === ".planning" && parts[1] === "phases" && parts[3] === (caseBlind ? STATUS_NAME.toLowerCase() : STATUS_NAME);
  return isStatus && parts[2] ? { kind: "status", phaseFolder: parts[2] } : void 0;
}
function mayHoldDocuments(relativeFolder, caseBlind) {
  if (relativeFolder === "" || phaseFolderAt(relativeFolder, caseBlind) !== void 0) return true;
  const folder = caseBlind ? relativeFolder.toLowerCase() : relativeFolder;
  const guarded = [STATE_FILE, AGENTS_FILE, DECISIONS_FILE, PHASES_FOLDER, ...RUNTIME_FOLDERS];
  return guarded.map((path) => caseBlind ? path.toLowerCase() : path).some((path) => path === folder || path.startsWith(`${folder}/`));
}
function phaseFolderAt(relativeFolder, caseBlind) {
  const document = documentAt(`${relativeFolder}/${STATUS_NAME}`, caseBlind);
  return (document == null ? void 0 : document.kind) === "status" ? document.phaseFolder : void 0;
}

// src/domain/ground.ts
var COORDINATOR_PLACE = null;
var GUARDED_DOCUMENTS = "guarded documents";
function judgeWrite(actor, target) {
  if (target.aliasOf) {
    const refusal = judgeWrite(actor, target.aliasOf);
    if (refusal) return refusal;
  }
  if (target.ground.kind === "outside") return target.tree ? judgeTree(actor, target) : void 0;
  return judgeDocument(actor, target) ?? judgeWorktree(actor, target) ?? (target.tree ? judgeTree(actor, target) : void 0) ?? judgeSeat(actor) ?? judgeHold(actor);
}
function needsLock(actor, { ground }) {
  if (ground.kind !== "worktree" || ground.place !== actor.place) return false;
  return documentAt(ground.relative, actor.caseBlind) === void 0;
}
function judgeDocument(actor, target) {
  if (target.ground.kind !== "worktree") return void 0;
  const { place, relative: relative2 } = target.ground;
  const document = documentAt(relative2, actor.caseBlind);
  switch (document == null ? void 0 : document.kind) {
    case void 0:
      return void 0;
    case "runtime":
      return { code: "runtime-folder", path: target.path, folder: document.folder };
    case "decisions":
      return { code: "decisions-file", path: target.path };
    case "state":
    case "agents":
      return actor.place === COORDINATOR_PLACE && place === COORDINATOR_PLACE && !actor.isPeer ? void 0 : { code: "coordinator-document", path: target.path, actor: actor.name };
    case "status": {
      if (isOwnFolder(actor, document.phaseFolder) && place === actor.place && !actor.isPeer)
        return void 0;
      const owner = target.documentOwner ?? `the worker of phase folder ${document.phaseFolder}`;
      return { code: "status-of-other", path: target.path, owner, actor: actor.name };
    }
  }
}
function isOwnFolder({ phase, caseBlind }, phaseFolder) {
  if (!phase) return false;
  return caseBlind ? phase.folder.toLowerCase() === phaseFolder.toLowerCase() : phase.folder === phaseFolder;
}
function judgeWorktree(actor, target) {
  const { ground, path } = target;
  switch (ground.kind) {
    case "outside":
      return void 0;
    case "foreign-project":
      return { code: "foreign-project", path, home: ground.home };
    case "git": {
      const holdsAll = target.tree && /\/(?:\.git|worktrees)$/.test(path);
      const mine = ground.place === actor.place || ground.place === "shared" && actor.place === COORDINATOR_PLACE;
      return mine && !holdsAll ? void 0 : { code: "git-internals", path, actor: actor.name };
    }
    case "worktree":
      if (ground.place !== actor.place) {
        const { owner, root: worktree } = ground;
        return { code: "other-worktree", path, owner, worktree, actor: actor.name, root: actor.root };
      }
      return judgeScope(actor, path, ground.relative);
  }
}
function isAlwaysInScope(actor, relative2) {
  const document = documentAt(relative2, actor.caseBlind);
  return (document == null ? void 0 : document.kind) === "status" || relative2 === ".progress" || relative2.startsWith(".progress/");
}
function judgeScope(actor, path, relative2) {
  var _a;
  const scope = ((_a = actor.phase) == null ? void 0 : _a.scope) ?? [];
  if (!actor.phase || scope.length === 0 || isAlwaysInScope(actor, relative2)) return void 0;
  const flags = actor.caseBlind ? "i" : "";
  if (scope.some((rule) => new RegExp(rule.pattern, flags).test(relative2))) return void 0;
  return { code: "out-of-scope", path, phase: actor.phase.id, scope: scope.map((rule) => rule.glob) };
}
function judgeTree(actor, target) {
  const other = target.below.find((worktree) => worktree.place !== actor.place);
  if (other) return { code: "tree-holds-other", path: target.path, inside: other.root, owner: other.owner };
  if (target.ground.kind !== "worktree") return void 0;
  const { relative: relative2 } = target.ground;
  if (!mayHoldDocuments(relative2, actor.caseBlind)) return void 0;
  const phaseFolder = phaseFolderAt(relative2, actor.caseBlind);
  if (phaseFolder !== void 0 && isOwnFolder(actor, phaseFolder) && !actor.isPeer) return void 0;
  return { code: "tree-holds-other", path: target.path, inside: GUARDED_DOCUMENTS, owner: "coord" };
}
function judgeSeat(actor) {
  const holder = actor.seatTakenBy;
  if (!holder) return void 0;
  return {
    code: "seat-taken",
    place: actor.root,
    session: holder.session ?? "unknown",
    sinceMs: holder.sinceMs,
    epoch: holder.epoch,
    actor: actor.name
  };
}
function judgeHold(actor) {
  if (!actor.hold) return void 0;
  return { code: "strict-hold", blocker: actor.hold.blocker, summary: actor.hold.summary, actor: actor.name };
}

// src/domain/plain-command.ts
var PLAIN = /^[A-Za-z0-9_%+:,./@ -]+$/;
var LENGTH_MAX = 400;
var READS = new Set(
  "ls cat head tail wc grep egrep fgrep pwd stat file du df cmp diff basename dirname realpath readlink true echo sleep".split(
    " "
  )
);
var GIT_READS = new Set("status log diff show rev-parse ls-files blame".split(" "));
var RUNNERS = new Set("npm pnpm yarn make cargo go pytest mypy tsc vitest jest".split(" "));
var ASKED = /^--(?:version|help)$/;
function readPlainCommand(command) {
  if (command.length > LENGTH_MAX || !PLAIN.test(command)) return void 0;
  const [program = "", ...args] = command.split(" ").filter((word) => word !== "");
  if (READS.has(program)) return { kind: "reads" };
  if (program === "git") return readPlainGit(args);
  if (RUNNERS.has(program) && ASKED.test(args.join(" "))) return { kind: "reads" };
  const isRunner = RUNNERS.has(program) && args.every(isPlainArgument);
  return isRunner ? { kind: "unknown", program } : void 0;
}
function isPlainArgument(word) {
  return /^(?:--?)?[A-Za-z][A-Za-z0-9:_-]*$/.test(word) && !/^-C|^--(?:prefix|dir|directory|cwd|chdir)/.test(word);
}
function readPlainGit(args) {
  const [verb = "", ...rest] = args;
  const isOdd = rest.some(
    (word) => /^-(?:o|-o(?!neline$))/.test(word) || /^--(?:ext|no-index|textconv)/.test(word)
  );
  return GIT_READS.has(verb) && !isOdd ? { kind: "reads" } : void 0;
}

// src/storage/light/journal.ts
var import_node_fs4 = require("fs");
var import_node_path4 = require("path");

// src/storage/light/files.ts
var import_node_fs = require("fs");
var import_node_path = require("path");

// src/domain/names.ts
var NAME_LENGTH_MAX = 120;
var HASH_LENGTH = 32;
var PLAIN2 = /[a-z0-9\-.]/;
var RESERVED_ON_WINDOWS = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/;
function leaseName(key) {
  const name = key === "" ? "=" : encoded(key);
  if (name.length <= NAME_LENGTH_MAX) return name;
  return `${name.slice(0, NAME_LENGTH_MAX - HASH_LENGTH - 1)}~${hash128(key)}`;
}
function encoded(key) {
  let name = "";
  for (let at = 0; at < key.length; at += 1) {
    const unit = key.charAt(at);
    const isPlainDot = at > 0 && at < key.length - 1 && key.charAt(at - 1) !== ".";
    name += unit === "." && !isPlainDot ? escaped(unit) : encodedUnit(unit);
  }
  return RESERVED_ON_WINDOWS.test(name) ? escaped(key.charAt(0)) + name.slice(1) : name;
}
function encodedUnit(unit) {
  if (PLAIN2.test(unit)) return unit;
  if (unit === "/") return "+";
  if (unit === "_") return "__";
  if (unit >= "A" && unit <= "Z") return `_${unit.toLowerCase()}`;
  return escaped(unit);
}
function escaped(unit) {
  const code = unit.charCodeAt(0);
  return code < 128 ? `=${code.toString(16).padStart(2, "0")}` : `=u${code.toString(16).padStart(4, "0")}`;
}
function hash128(text2) {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let at = 0; at < text2.length; at += 1) {
    const unit = text2.charCodeAt(at);
    a = rotated(b ^ Math.imul(a ^ unit, 597399067), 15);
    b = rotated(c ^ Math.imul(b ^ unit, 2869860233), 17);
    c = rotated(d ^ Math.imul(c ^ unit, 951274213), 13);
    d = rotated(a ^ Math.imul(d ^ unit, 2716044179), 16);
  }
  const lanes = [a ^ text2.length, b, c, d];
  const mixed = lanes.map((lane, at) => finished(lane + Math.imul(lanes[(at + 1) % 4] ?? 0, 2654435761)));
  return mixed.map((lane) => (lane >>> 0).toString(16).padStart(8, "0")).join("");
}
function rotated(lane, bits) {
  return lane << bits | lane >>> 32 - bits;
}
function finished(lane) {
  let mixed = lane ^ lane >>> 16;
  mixed = Math.imul(mixed, 2246822507);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 3266489909);
  return mixed ^ mixed >>> 16;
}

// src/storage/light/files.ts
var TEMPORARY_PREFIX = ".tmp-";
function isTemporary(path) {
  return path.slice(path.lastIndexOf("/") + 1).startsWith(TEMPORARY_PREFIX);
}
function isErrno(error, ...codes) {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : void 0;
  return typeof code === "string" && codes.includes(code);
}
function writeAtomic(path, text2, options) {
  const temporary = writeTemporary((0, import_node_path.dirname)(path), text2, options);
  try {
    (0, import_node_fs.renameSync)(temporary, path);
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
  if (options.durable) syncFolder((0, import_node_path.dirname)(path));
}
function readTextIfThere(path) {
  try {
    return (0, import_node_fs.readFileSync)(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return void 0;
    throw error;
  }
}
function removeIfThere(path) {
  try {
    (0, import_node_fs.unlinkSync)(path);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}
function makeFolder(path, options = { durable: true }) {
  const first = (0, import_node_fs.mkdirSync)(path, { recursive: true });
  if (first === void 0 || !options.durable) return;
  let parent = (0, import_node_path.dirname)(first);
  for (const part of (0, import_node_path.relative)(parent, path).split(import_node_path.sep)) {
    syncFolder(parent);
    parent = (0, import_node_path.join)(parent, part);
  }
}
function listNames(path, limit) {
  try {
    if (limit === void 0) return (0, import_node_fs.readdirSync)(path);
    const folder = (0, import_node_fs.opendirSync)(path);
    const names = [];
    try {
      for (let entry = folder.readSync(); entry && names.length < limit; entry = folder.readSync())
        names.push(entry.name);
    } finally {
      folder.closeSync();
    }
    return names;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}
function syncFolder(path) {
  let fd;
  try {
    fd = (0, import_node_fs.openSync)(path, "r");
  } catch (error) {
    if (process.platform === "win32" && isErrno(error, "EPERM", "EISDIR", "EACCES")) return;
    throw error;
  }
  try {
    (0, import_node_fs.fsyncSync)(fd);
  } catch (error) {
    if (!isErrno(error, "EINVAL", "ENOTSUP", "ENOSYS") && process.platform !== "win32") throw error;
  } finally {
    (0, import_node_fs.closeSync)(fd);
  }
}
var start = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
var written = 0;
function writeTemporary(folder, text2, options) {
  written += 1;
  const path = (0, import_node_path.join)(folder, `${TEMPORARY_PREFIX}${process.pid}-${start}-${written}`);
  const fd = (0, import_node_fs.openSync)(path, "wx", options.mode ?? 438);
  try {
    fill(fd, text2, options);
  } catch (error) {
    removeIfThere(path);
    throw error;
  }
  return path;
}
function fill(fd, text2, options) {
  try {
    const bytes = Buffer.from(text2);
    for (let done = 0; done < bytes.length; ) done += (0, import_node_fs.writeSync)(fd, bytes, done);
    if (options.modifiedAt !== void 0)
      (0, import_node_fs.futimesSync)(fd, options.modifiedAt / 1e3, options.modifiedAt / 1e3);
    if (options.durable) (0, import_node_fs.fsyncSync)(fd);
  } finally {
    (0, import_node_fs.closeSync)(fd);
  }
}

// src/storage/light/place.ts
var import_node_fs2 = require("fs");
var import_node_path2 = require("path");
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
    at = folder === process.cwd() ? folder : import_node_fs2.realpathSync.native(folder);
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const found = placeAt(at);
    if (found) return found;
    const up = (0, import_node_path2.dirname)(at);
    if (up === at) return void 0;
    at = up;
  }
  return void 0;
}
function placeAt(root) {
  const entry = (0, import_node_path2.join)(root, ".git");
  if (!(0, import_node_fs2.existsSync)(entry)) return void 0;
  if ((0, import_node_fs2.existsSync)((0, import_node_path2.join)(entry, "HEAD")))
    return { home: root, root, name: null, gitDir: entry, commonDir: entry };
  try {
    return (0, import_node_fs2.lstatSync)(entry).isFile() ? linkedPlace(root, entry) : void 0;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}
function linkedPlace(root, entry) {
  const pointed = readPointer(entry);
  if (pointed === void 0) return void 0;
  const gitDir = (0, import_node_path2.resolve)(root, pointed);
  const pointer = (0, import_node_path2.join)(gitDir, "commondir");
  if (!(0, import_node_fs2.existsSync)(pointer)) return { home: root, root, name: null, gitDir, commonDir: gitDir };
  const commonDir = import_node_fs2.realpathSync.native((0, import_node_path2.resolve)(gitDir, (0, import_node_fs2.readFileSync)(pointer, "utf8").trim()));
  return { home: homeOf(commonDir), root, name: (0, import_node_path2.basename)(gitDir), gitDir, commonDir };
}
function readPointer(entry) {
  const text2 = (0, import_node_fs2.readFileSync)(entry, "utf8");
  if (!text2.startsWith("gitdir: ")) return void 0;
  const line = text2.endsWith("\n") ? text2.slice(8, -1) : text2.slice(8);
  const path = line.endsWith("\r") ? line.slice(0, -1) : line;
  return path === "" || path.includes("\n") || path.includes("\r") ? void 0 : path;
}
function homeOf(commonDir) {
  if ((0, import_node_path2.basename)(commonDir) === ".git") return (0, import_node_path2.dirname)(commonDir);
  try {
    return (0, import_node_fs2.readFileSync)((0, import_node_path2.join)(commonDir, HOME_POINTER), "utf8").trim() || void 0;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}
function hasHome(place) {
  return place.home !== void 0;
}
function isCoordinated(home) {
  return (0, import_node_fs2.existsSync)((0, import_node_path2.join)(home, COORDINATION, "roster"));
}
function coordinatedPlaceOf(folder) {
  const place = placeOf(folder);
  return place && hasHome(place) && isCoordinated(place.home) ? place : void 0;
}

// src/storage/light/log-tail.ts
var CHUNK_BYTES = 1024 * 1024;

// src/storage/light/roster.ts
var import_node_fs3 = require("fs");
var import_node_path3 = require("path");
var NAME_MAX = 120;
function fileNameOf(id) {
  const safe = id.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, NAME_MAX);
  return safe === "" || safe.startsWith(".") ? `_${safe}` : safe;
}
function coordinationPath(home, ...parts) {
  return (0, import_node_path3.join)(home, COORDINATION, ...parts);
}
function rosterFile(home, kind, key) {
  return coordinationPath(home, "roster", kind, `${fileNameOf(key)}.json`);
}
function readRecord(file) {
  try {
    const value = JSON.parse(readTextIfThere(file) ?? "null");
    return typeof value === "object" && value !== null ? value : void 0;
  } catch (error) {
    if (error instanceof SyntaxError || isErrno(error, "EISDIR")) return void 0;
    throw error;
  }
}
function writeRecord(file, record2, durable = true) {
  makeFolder((0, import_node_path3.join)(file, ".."));
  writeAtomic(file, `${JSON.stringify(record2, null, 2)}
`, { durable });
}
function readPlaceRecord(home, place) {
  if (place === null) return void 0;
  const file = rosterFile(home, "places", place);
  const record2 = readRecord(file);
  if (record2 === void 0 && (0, import_node_fs3.existsSync)(file)) throw new Error(`${file} cannot be read`);
  return record2;
}
function workerOfPhaseFolder(home, folder) {
  var _a;
  return (_a = readRecord(rosterFile(home, "phases", folder))) == null ? void 0 : _a.worker;
}
function sessionFile(home, session, agent) {
  return rosterFile(home, "sessions", agent === null ? session : `${session}.${agent}`);
}
function readSession(home, session, agent) {
  return readRecord(sessionFile(home, session, agent));
}
function touchSession(home, session, agent, nowMs) {
  return touch(sessionFile(home, session, agent), nowMs);
}
function touch(file, nowMs) {
  try {
    (0, import_node_fs3.utimesSync)(file, nowMs / 1e3, nowMs / 1e3);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
function guardFile(home, place) {
  return coordinationPath(home, "roster", "guard", fileNameOf(place ?? "primary-worktree"));
}
function touchGuard(home, place, nowMs) {
  const file = guardFile(home, place);
  if (touch(file, nowMs)) return;
  makeFolder((0, import_node_path3.join)(file, ".."));
  writeAtomic(file, "", { durable: false });
}

// src/storage/light/journal.ts
var CHANGES_BYTES_MAX = 512 * 1024;
var LOG_BYTES_MAX = 4 * 1024 * 1024;
var COMMAND_CHARS_MAX = 2e3;
var COMMANDS_KEPT_MS = 30 * 6e4;
var COMMANDS_MAX = 500;
function changesFile(home, place) {
  return coordinationPath(home, "roster", "changes", `${fileNameOf(place ?? "primary-worktree")}.jsonl`);
}
function appendBounded(file, line, bytesMax) {
  try {
    if ((0, import_node_fs4.statSync)(file).size > bytesMax) (0, import_node_fs4.renameSync)(file, `${file}.old`);
  } catch (error) {
    if (!isMissing(error)) throw error;
    makeFolder((0, import_node_path4.join)(file, ".."));
  }
  (0, import_node_fs4.appendFileSync)(file, `${line}
`);
}
function noteChanges(home, place, change) {
  if (change.paths.length === 0) return;
  appendBounded(changesFile(home, place), JSON.stringify(change), CHANGES_BYTES_MAX);
}
function commandFile(home, id) {
  return coordinationPath(home, "roster", "commands", `${fileNameOf(id)}.json`);
}
function noteCommand(home, command) {
  sweepCommands(home, command.startedAtMs);
  const cut = { ...command, command: command.command.slice(0, COMMAND_CHARS_MAX) };
  writeRecord(commandFile(home, command.id), cut, false);
}
function sweepCommands(home, nowMs) {
  const folder = coordinationPath(home, "roster", "commands");
  const names = listNames(folder);
  if (names.length < COMMANDS_MAX / 10) return;
  for (const name of names) {
    if (isTemporary(name)) continue;
    const command = readRecord((0, import_node_path4.join)(folder, name));
    const last = (command == null ? void 0 : command.endedAtMs) ?? (command == null ? void 0 : command.startedAtMs) ?? 0;
    if (nowMs - last > COMMANDS_KEPT_MS) removeIfThere((0, import_node_path4.join)(folder, name));
  }
}
function noteAct(home, act, nowMs) {
  const line = JSON.stringify({ at: new Date(nowMs).toISOString(), ...act });
  appendBounded(coordinationPath(home, "log", "coord.jsonl"), line, LOG_BYTES_MAX);
}

// src/storage/light/location.ts
var import_node_fs6 = require("fs");
var import_node_path6 = require("path");

// src/domain/identifiers.ts
var COORDINATOR = "coordinator";
var OPERATOR = "operator";

// src/storage/light/resolution.ts
var import_node_fs5 = require("fs");
var import_node_path5 = require("path");
var LINKS_MAX = 40;
var DEPTH_MAX2 = 250;
function resolvePath(path, cwd) {
  if (path.includes("\0")) return void 0;
  const whole = (0, import_node_path5.isAbsolute)(path) ? path : `${cwd}${import_node_path5.sep}${path}`;
  try {
    return import_node_fs5.realpathSync.native(whole);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const found = walk(whole, 0);
  return found !== void 0 && found.split(import_node_path5.sep).length > DEPTH_MAX2 ? void 0 : found;
}
function walk(whole, linksSeen) {
  const { root } = (0, import_node_path5.parse)(whole);
  const parts = whole.slice(root.length).split(import_node_path5.sep === "\\" ? /[\\/]+/ : "/");
  let at = root;
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    if (part === void 0 || part === "" || part === ".") continue;
    if (part === "..") {
      at = (0, import_node_path5.dirname)(at);
      continue;
    }
    const next = (0, import_node_path5.join)(at, part);
    const link = readLink(next);
    if (link === void 0) {
      at = next;
      continue;
    }
    if (linksSeen >= LINKS_MAX) return void 0;
    const rest = parts.slice(index + 1).join(import_node_path5.sep);
    const onward = (0, import_node_path5.isAbsolute)(link) ? link : `${at}${import_node_path5.sep}${link}`;
    return walk(rest === "" ? onward : `${onward}${import_node_path5.sep}${rest}`, linksSeen + 1);
  }
  return at;
}
function readLink(path) {
  var _a;
  try {
    return ((_a = (0, import_node_fs5.lstatSync)(path, { throwIfNoEntry: false })) == null ? void 0 : _a.isSymbolicLink()) ? (0, import_node_fs5.readlinkSync)(path) : void 0;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}
function relativeTo(root, path) {
  if (path === root) return "";
  const prefix = root.endsWith(import_node_path5.sep) ? root : root + import_node_path5.sep;
  return path.startsWith(prefix) ? path.slice(prefix.length).replaceAll(import_node_path5.sep, "/") : void 0;
}

// src/storage/light/location.ts
var DEPTH_MAX3 = 256;
var WORKTREES_MAX = 4096;
var ALIAS_NAMES_MAX = 256;
function ownerOfPlace(home, place) {
  var _a;
  if (place === null) return COORDINATOR;
  return ((_a = readPlaceRecord(home, place)) == null ? void 0 : _a.worker) ?? `whoever works in worktree ${place}`;
}
function groundOf(path, project) {
  const inGit = relativeTo(project.commonDir, path);
  if (inGit !== void 0) return gitGround(inGit);
  let foreign;
  let at = path;
  for (let depth = 0; depth < DEPTH_MAX3; depth++) {
    const place = at === project.root ? project : placeAt(at);
    if (place && place.commonDir === project.commonDir) {
      const relative2 = relativeTo(place.root, path) ?? "";
      if (relative2 === ".git" && place.name !== null) return { kind: "git", place: "shared" };
      const owner = place.name === project.name ? "" : ownerOfPlace(project.home, place.name);
      return { kind: "worktree", place: place.name, root: place.root, relative: relative2, owner };
    }
    if (place && hasHome(place) && isCoordinated(place.home)) foreign ?? (foreign = place.home);
    const up = (0, import_node_path6.dirname)(at);
    if (up === at) break;
    at = up;
  }
  return foreign === void 0 ? { kind: "outside" } : { kind: "foreign-project", home: foreign };
}
function gitGround(relative2) {
  const parts = relative2.split("/");
  const name = parts[0] === "worktrees" ? parts[1] : void 0;
  return { kind: "git", place: name ?? "shared" };
}
function targetOf(path, cwd, project, tree) {
  const resolved = resolvePath(path, cwd);
  if (resolved === void 0) return void 0;
  const target = plainTarget(resolved, project, tree);
  return { ...target, aliasOf: aliasOf(resolved, project) };
}
function plainTarget(path, project, tree) {
  const ground = groundOf(path, project);
  return {
    path,
    ground,
    tree,
    below: tree ? worktreesBelow(path, project) : [],
    documentOwner: documentOwnerOf(ground, project),
    aliasOf: void 0
  };
}
function documentOwnerOf(ground, project) {
  if (ground.kind !== "worktree") return void 0;
  const document = documentAt(ground.relative, false);
  return (document == null ? void 0 : document.kind) === "status" ? workerOfPhaseFolder(project.home, document.phaseFolder) : void 0;
}
function linkedRoots(project) {
  const folder = (0, import_node_path6.join)(project.commonDir, "worktrees");
  const found = [];
  for (const name of listNames(folder).slice(0, WORKTREES_MAX)) {
    try {
      const pointer = (0, import_node_fs6.readFileSync)((0, import_node_path6.join)(folder, name, "gitdir"), "utf8").trim();
      const root = resolvePath((0, import_node_path6.dirname)(pointer), (0, import_node_path6.join)(folder, name));
      if (root !== void 0) found.push({ name, root });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return found;
}
function worktreesBelow(path, project) {
  const roots = linkedRoots(project);
  roots.push({ name: null, root: project.home });
  return roots.filter(({ root }) => root !== path && root.startsWith(path.endsWith(import_node_path6.sep) ? path : path + import_node_path6.sep)).map(({ name, root }) => ({ place: name, root, owner: ownerOfPlace(project.home, name) }));
}
function aliasOf(path, project) {
  let inode;
  try {
    const stat = (0, import_node_fs6.statSync)(path);
    if (!stat.isFile() || stat.nlink < 2) return void 0;
    inode = stat;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
  for (const candidate of aliasCandidates(path, project)) {
    if (candidate === path || !isSameFile(candidate, inode)) continue;
    return plainTarget(candidate, project, false);
  }
  return void 0;
}
function isSameFile(path, inode) {
  try {
    const stat = (0, import_node_fs6.statSync)(path);
    return stat.ino === inode.ino && stat.dev === inode.dev;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
function* aliasCandidates(path, project) {
  const { home } = project;
  const roots = [home, ...linkedRoots(project).map(({ root }) => root)];
  const relative2 = relativeTo(project.root, path);
  for (const root of roots) {
    yield (0, import_node_path6.join)(root, STATE_FILE);
    yield (0, import_node_path6.join)(root, "DECISIONS.md");
    yield (0, import_node_path6.join)(root, "AGENTS.md");
    for (const phase of listNames((0, import_node_path6.join)(root, ".planning/phases")).slice(0, ALIAS_NAMES_MAX)) {
      yield (0, import_node_path6.join)(root, ".planning/phases", phase, "STATUS.md");
    }
    if (relative2 !== void 0 && root !== project.root) yield (0, import_node_path6.join)(root, relative2);
    if (relative2 !== void 0 && root !== project.root) yield (0, import_node_path6.join)(root, (0, import_node_path6.basename)(path));
  }
  for (const folder of RUNTIME_FOLDERS) yield* filesBelow((0, import_node_path6.join)(home, folder), 4);
}
function* filesBelow(folder, depth) {
  for (const name of listNames(folder).slice(0, ALIAS_NAMES_MAX)) {
    const path = (0, import_node_path6.join)(folder, name);
    if (!isFolder(path)) yield path;
    else if (depth > 0) yield* filesBelow(path, depth - 1);
  }
}
function isFolder(path) {
  try {
    return (0, import_node_fs6.statSync)(path).isDirectory();
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
function isCaseBlind(home) {
  return (0, import_node_fs6.existsSync)((0, import_node_path6.join)(home, COORDINATION.toUpperCase()));
}

// src/storage/light/lock-callers.ts
var import_node_fs7 = require("fs");
var import_node_path7 = require("path");
var NOTES_MAX = 200;
var KEPT_MS = 2 * 36e5;
var WORDS_CHARS_MAX = 4e3;
function folderOf(home) {
  return coordinationPath(home, "roster", "callers");
}
function noteCalls(home, id, caller, calls, nowMs) {
  const folder = folderOf(home);
  if (caller.agent === null && !(0, import_node_fs7.existsSync)(folder)) return;
  sweep(folder, nowMs);
  calls.forEach((words, at) => {
    if (words.join(" ").length > WORDS_CHARS_MAX) return;
    const note = { ...caller, words, atMs: nowMs };
    writeRecord((0, import_node_path7.join)(folder, `${fileNameOf(`${id}.${at}`)}.json`), note, false);
  });
}
function sweep(folder, nowMs) {
  const names = listNames(folder, NOTES_MAX * 2).filter((name) => !isTemporary(name));
  if (names.length < NOTES_MAX / 4) return;
  const notes = names.map((name) => {
    var _a;
    return { name, atMs: ((_a = readRecord((0, import_node_path7.join)(folder, name))) == null ? void 0 : _a.atMs) ?? 0 };
  });
  notes.sort((a, b) => b.atMs - a.atMs);
  notes.forEach(({ name, atMs }, at) => {
    if (at >= NOTES_MAX || nowMs - atMs > KEPT_MS) removeIfThere((0, import_node_path7.join)(folder, name));
  });
}

// src/storage/light/peer-names.ts
var SHORT = 8;
var LONGER_BY = 4;
var NAME_MAX2 = 60;
function namesFor(id) {
  const plain = id.toLowerCase().replace(/[^a-z0-9]/g, "") || "unknown";
  const names = [];
  for (let length = SHORT; ; length += LONGER_BY) {
    names.push(`agent-${plain.slice(0, Math.min(length, NAME_MAX2))}`);
    if (length >= plain.length || length >= NAME_MAX2) break;
  }
  return [...names, ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `${names.at(-1)}-${n}`)];
}
function peerNameOf(session, agent) {
  return namesFor(agent ?? session)[0] ?? "agent-unknown";
}

// src/domain/message.ts
function cleanText(text2) {
  return text2.replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g, "").replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, "").replace(/[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu, "");
}
function cleanLine(text2, max = 200) {
  const line = cleanText(text2).replace(/\s+/g, " ").trim();
  return line.length > max ? `${line.slice(0, max - 1)}\u2026` : line;
}
function cleanWord(text2) {
  const line = cleanLine(text2, 400);
  return /^[A-Za-z0-9_./@%+=:,-]+$/.test(line) ? line : `'${line.replaceAll("'", "'\\''")}'`;
}

// src/domain/blocker.ts
function holdFrom(open) {
  const blocker = open.find((candidate) => candidate.answeredBy === null);
  return blocker ? { blocker: blocker.id, summary: blocker.summary } : void 0;
}

// src/storage/light/epochs.ts
var import_node_fs9 = require("fs");
var import_node_path8 = require("path");

// src/storage/light/process.ts
var import_node_fs8 = require("fs");
var PID_MAX = 2147483647;
function markOf(pid) {
  const place = placeHere();
  const life = place === null || !isPid(pid) ? void 0 : lifeOf(pid);
  return { pid, started: life === void 0 ? null : `${place}.${life.ticks}` };
}
function livenessOf(mark) {
  if (!isPid(mark.pid)) return "unknown";
  if (mark.started !== null) {
    const verdict = placeVerdict(mark.started);
    if (verdict !== "here") return verdict;
  }
  if (!answers(mark.pid)) return "dead";
  const life = placeHere() === null ? void 0 : lifeOf(mark.pid);
  if (life === void 0) return answers(mark.pid) ? "unknown" : "dead";
  if (life.isZombie) return "dead";
  if (mark.started === null) return "unknown";
  return mark.started === `${placeHere()}.${life.ticks}` ? "alive" : "dead";
}
var placeRead;
function placeHere() {
  placeRead ?? (placeRead = readPlace());
  return placeRead;
}
function readPlace() {
  var _a;
  try {
    const boot = (0, import_node_fs8.readFileSync)("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    const namespace = (_a = /\d+/.exec((0, import_node_fs8.readlinkSync)("/proc/self/ns/pid"))) == null ? void 0 : _a[0];
    return namespace === void 0 ? null : `${boot}.${namespace}`;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR", "EACCES", "EPERM")) return null;
    throw error;
  }
}
function placeVerdict(started) {
  var _a;
  const [boot, namespace, ticks] = started.split(".");
  const here = (_a = placeHere()) == null ? void 0 : _a.split(".");
  if (here === void 0 || ticks === void 0 || !/^\d+$/.test(ticks)) return "unknown";
  if (boot !== here[0]) return "dead";
  return namespace === here[1] ? "here" : "unknown";
}
function lifeOf(pid) {
  let stat;
  try {
    stat = (0, import_node_fs8.readFileSync)(`/proc/${pid}/stat`, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ESRCH", "EACCES", "EPERM")) return void 0;
    throw error;
  }
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = fields[19];
  return ticks === void 0 ? void 0 : { ticks, isZombie: fields[0] === "Z" || fields[0] === "X" };
}
function answers(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if (isErrno(error, "ESRCH")) return false;
    if (isErrno(error, "EPERM")) return true;
    throw error;
  }
}
function isPid(pid) {
  return Number.isInteger(pid) && pid >= 1 && pid <= PID_MAX;
}

// src/storage/light/epochs.ts
var ORIGINS = ["free", "released", "expired", "dead", "handover"];
var EPOCH_FILE = /^0*([1-9]\d{0,14})\.json$/;
var EPOCH_DIGITS = 10;
var LOOKS_MAX = 16;
var UNREADABLE_TTL_MS = 1e4;
function topOf(names) {
  let top = 0;
  for (const name of names) top = Math.max(top, numberOf(name));
  return top;
}
function readTop(dir) {
  let epoch = 0;
  for (let look = 0; look < LOOKS_MAX; look += 1) {
    const names = listNames(dir);
    epoch = topOf(names);
    if (epoch === 0) return void 0;
    const top = readEpoch((0, import_node_path8.join)(dir, nameAmong(names, epoch)), epoch);
    if (top) return top;
  }
  return { epoch, record: unreadable(epoch, 0), isReadable: false, heardAt: 0 };
}
function numberOf(name) {
  var _a;
  return Number(((_a = EPOCH_FILE.exec(name)) == null ? void 0 : _a[1]) ?? 0);
}
function nameAmong(names, epoch) {
  const ours = `${String(epoch).padStart(EPOCH_DIGITS, "0")}.json`;
  return names.includes(ours) ? ours : names.find((name) => numberOf(name) === epoch) ?? ours;
}
function readEpoch(path, epoch) {
  try {
    const stats = (0, import_node_fs9.statSync)(path);
    const heardAt = Math.round(stats.mtimeMs);
    const record2 = stats.isFile() ? parseRecord((0, import_node_fs9.readFileSync)(path, "utf8"), epoch) : void 0;
    return { epoch, record: record2 ?? unreadable(epoch, heardAt), isReadable: record2 !== void 0, heardAt };
  } catch (error) {
    if (isErrno(error, "ENOENT")) return void 0;
    throw error;
  }
}
function unreadable(epoch, heardAt) {
  const holder = { owner: "unreadable", session: null, agent: null, process: null };
  return {
    epoch,
    holder,
    takenAt: heardAt,
    ttlMs: UNREADABLE_TTL_MS,
    note: "unreadable record",
    from: "free"
  };
}
function parseRecord(text2, epoch) {
  const value = parseObject(text2);
  if (!value || value["epoch"] !== epoch || !Number.isFinite(value["takenAt"])) return void 0;
  const { ttlMs, note, from, holder } = value;
  if (!(ttlMs === null || typeof ttlMs === "number" && ttlMs >= 0) || !isTextOrNull(note)) return void 0;
  if (!ORIGINS.some((origin) => origin === from) || !(holder === null || isHolder(holder))) return void 0;
  return value;
}
function isHolder(value) {
  if (!isObject(value) || typeof value["owner"] !== "string") return false;
  const mark = value["process"];
  const isMark = isObject(mark) && typeof mark["pid"] === "number" && isTextOrNull(mark["started"]);
  return isTextOrNull(value["session"]) && isTextOrNull(value["agent"]) && (mark === null || isMark);
}
function parseObject(text2) {
  try {
    const value = JSON.parse(text2);
    return isObject(value) ? value : void 0;
  } catch (error) {
    if (error instanceof SyntaxError) return void 0;
    throw error;
  }
}
function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
function isTextOrNull(value) {
  return value === null || typeof value === "string";
}

// src/storage/light/lease.ts
function readLease(dir) {
  var _a;
  return (_a = readTop(dir)) == null ? void 0 : _a.record;
}

// src/storage/light/mutex.ts
var instance = Math.random().toString(36).slice(2);
var sleeper = new Int32Array(new SharedArrayBuffer(4));

// src/storage/light/blocker-twin.ts
function twinOf(home, worker) {
  return coordinationPath(home, "roster", "blockers", `${fileNameOf(worker)}.json`);
}
function readOpenBlockers(home, worker) {
  var _a;
  return ((_a = readRecord(twinOf(home, worker))) == null ? void 0 : _a.open) ?? [];
}

// src/storage/light/seat.ts
var SEAT_TTL_MS = 15 * 6e4;
function seatFolder(home, place) {
  return coordinationPath(home, "leases", leaseName(`seat:${place ?? ""}`));
}
function toSeatHolder(record2) {
  if (!record2.holder) return void 0;
  return { session: record2.holder.session, sinceMs: record2.takenAt, epoch: record2.epoch };
}
function seatStanding(home, place, session) {
  var _a, _b;
  const record2 = readLease(seatFolder(home, place));
  const isOwn = ((_a = record2 == null ? void 0 : record2.holder) == null ? void 0 : _a.session) === session;
  return { takenBy: takenIn(record2, home, session), isOwn, agent: ((_b = record2 == null ? void 0 : record2.holder) == null ? void 0 : _b.agent) ?? null };
}
function takenIn(record2, home, session) {
  const holder = record2 == null ? void 0 : record2.holder;
  if (!record2 || !holder || holder.session === session) return void 0;
  if (holder.process === null && (session === null || !readSession(home, session, null))) return void 0;
  if (holder.process !== null && livenessOf(holder.process) === "dead") return void 0;
  return toSeatHolder(record2);
}
function readSeat(home, place) {
  var _a;
  const record2 = readLease(seatFolder(home, place));
  const holder = record2 ? toSeatHolder(record2) : void 0;
  return holder && record2 ? { ...holder, process: ((_a = record2.holder) == null ? void 0 : _a.process) ?? null } : void 0;
}

// src/storage/light/caller.ts
function guestName(place) {
  return `guest-${place ?? "home"}`;
}
function asPeer(caller, name, agent) {
  return { ...caller, kind: "peer", name, agent };
}
function callerAt(place, session) {
  const { home, root, name, commonDir } = place;
  const base = { home, root, place: name, commonDir, session };
  if (name === null) {
    const kind = session === null ? OPERATOR : COORDINATOR;
    return { ...base, kind, name: kind, record: void 0 };
  }
  const record2 = readPlaceRecord(home, name);
  if (record2 == null ? void 0 : record2.isEnded) return { ...base, kind: "ended", name: record2.worker, record: void 0 };
  if (record2) return { ...base, kind: "worker", name: record2.worker, record: record2 };
  return { ...base, kind: "guest", name: guestName(name), record: void 0 };
}

// src/storage/light/presence.ts
function boundBy(own, standing, instance2) {
  var _a;
  const { session, agent } = instance2;
  const record2 = own ?? (agent === null ? void 0 : readSession(standing.home, session, null));
  if (!record2 || record2.place === standing.name) return standing;
  if (!own && agent !== null && ((_a = standing.name) == null ? void 0 : _a.includes(agent))) return standing;
  const place = placeAt(record2.root);
  return place && hasHome(place) && place.home === standing.home ? place : standing;
}
function presenceOf(standing, instance2) {
  const record2 = readSession(standing.home, instance2.session, instance2.agent);
  const place = boundBy(record2, standing, instance2);
  const caller = callerAt(place, instance2.session);
  if ((record2 == null ? void 0 : record2.peer) === void 0 || record2.place !== place.name) return { place, caller, record: record2 };
  const seat = seatStanding(place.home, place.name, instance2.session);
  const isHolder2 = seat.isOwn && seat.agent === instance2.agent;
  return { place, caller: isHolder2 ? caller : asPeer(caller, record2.peer, instance2.agent), record: record2 };
}
function actorOf(presence, instance2, isStrict, seat = seatStanding(presence.place.home, presence.place.name, instance2.session)) {
  const { place, caller } = presence;
  return {
    name: caller.name,
    place: place.name,
    root: place.root,
    phase: caller.record ? { ...caller.record.phase, scope: caller.record.scope } : void 0,
    seatTakenBy: seat.takenBy,
    hold: isStrict && caller.record ? holdFor(place.home, caller.record.worker) : void 0,
    caseBlind: isCaseBlind(place.home),
    isPeer: caller.kind === "peer"
  };
}
function holdFor(home, worker) {
  return holdFrom(readOpenBlockers(home, worker));
}

// src/storage/light/settings-twin.ts
var import_node_fs10 = require("fs");
var import_node_path9 = require("path");

// src/domain/settings.ts
var DEFAULT_SETTINGS = {
  mode: "worktrees",
  lock_wait: 3,
  guard: "on",
  strict_blockers: false,
  strict_wait: 300,
  events: "full",
  unknown_commands: "allow",
  mail_batch: 10,
  ack_timeout: 600,
  ack_retries: 5,
  validation: [],
  commit_id: "{id}",
  gate: "on"
};
var SETTING_KEYS = Object.keys(DEFAULT_SETTINGS);
function isSettingKey(word) {
  return Object.hasOwn(DEFAULT_SETTINGS, word);
}
var CHOICES = {
  mode: ["worktrees", "shared"],
  guard: ["on", "off"],
  events: ["full", "milestones"],
  unknown_commands: ["allow", "refuse"],
  gate: ["on", "strict", "off"]
};
var LISTS = {
  validation: [20, 500]
};
var TEXTS = {
  commit_id: {
    expected: 'one line with {id} in it, in quotes: "{id}" or "bd-{id}"',
    fits: (text2) => text2.includes("{id}") && isOneLine(text2, 120)
  }
};
var RANGES = {
  lock_wait: [0, 20],
  strict_wait: [0, 3600],
  mail_batch: [1, 50],
  ack_timeout: [1, 604800],
  ack_retries: [0, 20]
};
function expectedOf(key) {
  var _a, _b;
  const range = RANGES[key];
  if (range) return `a whole number from ${range[0]} to ${range[1]}`;
  const list = LISTS[key];
  if (list) return `a list of at most ${list[0]} different shell commands, one line each: ["npm test"]`;
  return ((_a = TEXTS[key]) == null ? void 0 : _a.expected) ?? ((_b = CHOICES[key]) == null ? void 0 : _b.join(" | ")) ?? "true | false";
}
function isOneLine(text2, charsMax) {
  return text2.trim() !== "" && text2.length <= charsMax && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text2);
}
function isCommandList(value, [commandsMax, charsMax]) {
  if (!Array.isArray(value) || value.length > commandsMax) return false;
  const commands = value.map((item) => typeof item === "string" ? item.trim() : "");
  return commands.every((command) => isOneLine(command, charsMax)) && new Set(commands).size === commands.length;
}
function fits(key, value) {
  const range = RANGES[key];
  if (range) return Number.isInteger(value) && value >= range[0] && value <= range[1];
  const list = LISTS[key];
  if (list) return isCommandList(value, list);
  const text2 = TEXTS[key];
  if (text2) return typeof value === "string" && text2.fits(value);
  const choices = CHOICES[key];
  return choices ? typeof value === "string" && choices.includes(value) : typeof value === "boolean";
}
function parseSettings(layer) {
  const values = {};
  const flaws = [];
  for (const [key, raw] of Object.entries(layer)) {
    if (!isSettingKey(key) || raw === null || raw === void 0) continue;
    const isSwitch = (key === "guard" || key === "gate") && typeof raw === "boolean";
    const value = isSwitch ? raw ? "on" : "off" : raw;
    if (fits(key, value)) values[key] = value;
    else flaws.push({ code: "setting-bad", key, value: JSON.stringify(raw), expected: expectedOf(key) });
  }
  return { values, flaws };
}
function mergeSettings(layers) {
  return Object.assign({}, DEFAULT_SETTINGS, ...layers);
}

// src/storage/light/settings-twin.ts
function twinFile(home) {
  return coordinationPath(home, "roster", "settings.json");
}
function optionsFile(home) {
  return coordinationPath(home, "roster", "options.json");
}
function stampOf(file) {
  try {
    const stat = (0, import_node_fs10.statSync)(file, { throwIfNoEntry: false });
    return stat ? `${stat.mtimeMs}:${stat.size}:${stat.ino}` : "-";
  } catch (error) {
    if (isMissing(error)) return "-";
    throw error;
  }
}
function settingsStamp(home) {
  return `${stampOf((0, import_node_path9.join)(home, TEAM_SETTINGS_FILE))} ${stampOf((0, import_node_path9.join)(home, LOCAL_SETTINGS_FILE))}`;
}
function readFreshTwin(home) {
  const stamp = settingsStamp(home);
  if (stamp === "- -") return { stamp, values: {}, complaints: [] };
  const twin = readRecord(twinFile(home));
  return (twin == null ? void 0 : twin.stamp) === stamp ? twin : void 0;
}
function settingsFrom(home, twin) {
  const options = (0, import_node_fs10.existsSync)(optionsFile(home)) ? readRecord(optionsFile(home)) : void 0;
  const stored = parseSettings(options ?? {}).values;
  return mergeSettings([stored, twin.values]);
}

// src/surfaces/wording/locks.ts
function shownTarget({ kind, path }) {
  if (path === "") return ".";
  return cleanLine(kind === "tree" ? `${path}/` : path, 400);
}
function printHolder({ holder, session, agent, sinceMs }, nowMs) {
  const who = agent === null ? session : `${session ?? ""}, subagent ${agent}`;
  const where = who === null ? "at a terminal" : `session ${cleanLine(who, 80)}`;
  return `${cleanLine(holder, 80)} (${where}, for ${printAge(nowMs - sinceMs)})`;
}
function printAge(ms) {
  const seconds = Math.max(0, Math.round(ms / 1e3));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 120 ? `${minutes} min` : `${Math.round(minutes / 60)} h`;
}
function printCircle({ cycle }) {
  const names = cycle.map((wait) => cleanLine(wait.name, 80));
  return [...names, names[0]].join(" waits for ");
}
function printLockCommand(paths, waitSeconds) {
  const words = paths.map((path) => cleanWord(path)).join(" ");
  return `coord lock ${words}${waitSeconds === void 0 ? "" : ` --wait ${waitSeconds}`}`;
}

// src/surfaces/wording/lock-refusals.ts
var LISTED_MAX = 8;
function printLockRefusal(refusal, nowMs) {
  switch (refusal.code) {
    case "lock-held": {
      const { target, by, others, waitedMs, deadlock } = refusal;
      const over = by.target.path === target.path ? "" : ` by its lock on ${shownTarget(by.target)}`;
      const more = others.length > 0 ? `, and ${others.slice(0, LISTED_MAX).map(shownTarget).join(", ")} too` : "";
      const waited = waitedMs >= 1e3 ? ` Waited ${printAge(waitedMs)}.` : "";
      const next = deadlock ? `Each of you waits for the other (${printCircle(deadlock)}), and you began last: release what you hold (\`coord unlock --all\`), then go on with other work.` : `Go on with other work: a message comes when it is free. To wait for it: \`${printLockCommand([target.path || "."], 60)}\`.`;
      return `${shownTarget(target)} is locked by ${printHolder(by, nowMs)}${over}${more}, and this worktree is shared.${waited} ${next}`;
    }
    case "locks-busy":
      return "the locks are being changed by another process for too long, so who holds this file is not known. Try again; `coord doctor` says more if it stays so.";
    case "stages-others": {
      const files = refusal.files.slice(0, LISTED_MAX).map(({ path, by }) => {
        return `${shownTarget({ kind: "file", place: null, path })} of ${printHolder(by, nowMs)}`;
      });
      const rest = refusal.files.length > LISTED_MAX ? ` and ${refusal.files.length - LISTED_MAX} more` : "";
      const how = refusal.verb === "add" ? "Name your own files: `git add <path>\u2026`." : 'Commit your own files alone: `git commit -m "<text>" -- <path>\u2026`.';
      return `it would take along unfinished changes of others in this shared worktree: ${files.join("; ")}${rest}. ${how}`;
    }
  }
}

// src/surfaces/wording/refusals.ts
function minutesSince(sinceMs, nowMs) {
  const minutes = Math.max(0, Math.round((nowMs - sinceMs) / 6e4));
  return minutes < 1 ? "less than a minute ago" : `${minutes} min ago`;
}
function printRefusal(refusal, how, nowMs) {
  const by = how === void 0 ? "" : ` (by ${cleanLine(how, 80)})`;
  return `[coord] Refused${by}: ${sentence(refusal, nowMs)}`;
}
function sentence(refusal, nowMs) {
  switch (refusal.code) {
    case "runtime-folder":
      return `${cleanLine(refusal.path)} lies in ${refusal.folder}/, which coord alone writes. Use the coord command for it: \`coord --help\` lists them (mail: \`coord send\`, \`coord ack\`; state: \`coord plan\`, \`coord phase\`).`;
    case "coordinator-document":
      return `${cleanLine(refusal.path)} is the coordinator's, and you are ${refusal.actor}. What you change in your own STATUS.md reaches it by itself; anything else, tell it: \`coord send coordinator question "<text>"\`.`;
    case "decisions-file":
      return `${cleanLine(refusal.path)} is append-only. Add an entry: \`coord decide "<title>" --context "<why>" --decision "<what>" --alternative "<other>: <why not>" --consequence "<what follows>"\`.`;
    case "status-of-other":
      return `${cleanLine(refusal.path)} belongs to ${cleanLine(refusal.owner)} alone, in its own worktree, and you are ${refusal.actor}. Tell its owner: \`coord send ${recipientIn(refusal.owner)} question "<text>"\`.`;
    case "other-worktree":
      return `${cleanLine(refusal.path)} lies in the worktree of ${cleanLine(refusal.owner)} (${cleanLine(refusal.worktree)}), and you are ${refusal.actor}. Write below ${cleanLine(refusal.root)}, or ask its owner: \`coord send ${recipientIn(refusal.owner)} question "<text>"\`.`;
    case "git-internals":
      return `${cleanLine(refusal.path)} is git's own, shared by all worktrees, and you are ${refusal.actor}. Use git commands on your own branch; for a setting, \`git -c <key>=<value> \u2026\`.`;
    case "out-of-scope":
      return `${cleanLine(refusal.path)} is outside the scope of phase ${refusal.phase} (${refusal.scope.map((glob) => cleanLine(glob)).join(", ")}). Stay inside it, or ask for more: \`coord send coordinator question "<text>"\`.`;
    case "foreign-project":
      return `${cleanLine(refusal.path)} belongs to another coordinated project (${cleanLine(refusal.home)}). Start a session there to work on it.`;
    case "tree-holds-other":
      return `${cleanLine(refusal.path)} holds what is not yours alone: ${cleanLine(refusal.inside)} (${cleanLine(refusal.owner)}). Name the files or folders that you mean instead of the whole tree.`;
    case "seat-taken":
      return `another session (${cleanLine(refusal.session)}, since ${minutesSince(refusal.sinceMs, nowMs)}, epoch ${refusal.epoch}) works in ${cleanLine(refusal.place)}, so this one may not write there. If that session is over or you are told to replace it: \`coord join --takeover\`.`;
    case "strict-hold":
      return `blocker ${refusal.blocker} ("${cleanLine(refusal.summary, 120)}") waits for the coordinator's answer, and blockers are strict here. Write nothing; end your turn now. The answer will reach you, and then you go on.`;
    case "path-unusable":
      return `${cleanLine(refusal.path)} is no path that can be resolved (a loop of links, or a name that no file system takes). Use the plain path of the file.`;
    case "payload-odd":
      return `${cleanLine(refusal.tool) || "A tool without a name"} came with a ${refusal.field} that is no text, so what it would write cannot be judged. Call the tool again with a plain path.`;
    case "enter-taken":
      return `${cleanLine(refusal.worktree)} is the worktree of ${cleanLine(refusal.owner)}, whose session is alive. Work in a worktree of your own.`;
    case "outsider":
      return `${cleanLine(refusal.path)} belongs to the coordinated project ${cleanLine(refusal.home)}, and this session stands outside it. Start a session in that folder to work on it.`;
    case "lock-held":
    case "locks-busy":
    case "stages-others":
      return printLockRefusal(refusal, nowMs);
    default:
      return shellSentence(refusal, nowMs);
  }
}
function shellSentence(refusal, nowMs) {
  switch (refusal.code) {
    case "git-other-worktree":
      return `\`${cleanLine(refusal.how)}\` would change the worktree of ${cleanLine(refusal.owner)} (${cleanLine(refusal.path)}). Run git in your own worktree only; worktrees are made and removed by \`coord phase start\` and the coordinator.`;
    case "git-ref-of-other":
      return `\`${cleanLine(refusal.how)}\` would move or delete ${cleanLine(refusal.ref)}, the branch of ${cleanLine(refusal.owner)}. Work on your own branch; what is ready to land, tell the coordinator: \`coord send coordinator completion "<text>"\`.`;
    case "git-shared":
      return `\`${cleanLine(refusal.how)}\` changes what all worktrees of this repository share (${cleanLine(refusal.verb)}). ${refusal.verb === "stash" ? 'Commit to your own branch instead: `git commit -m "wip"`.' : "Use `git -c <key>=<value> \u2026` for a setting of one command, or ask the coordinator."}`;
    case "alias-of-other":
      return `\`${cleanLine(refusal.how)}\` would give another name to ${cleanLine(refusal.source)}: ${sentence(refusal.inner, nowMs)}`;
    case "coord-elsewhere":
      return `coord knows you by where you stand, and \`${cleanLine(refusal.how)}\` would call it from ${cleanLine(refusal.root)}. Call it from ${cleanLine(refusal.yours)}.`;
    case "coord-disguised":
      return `coord knows you by your session and place, and \`${cleanLine(refusal.how)}\` would change ${cleanLine(refusal.variable)} for it. Call coord without that.`;
    case "unknown-command":
      return `what this command writes cannot be known beforehand (${refusal.why}: ${cleanLine(refusal.detail)}), and this project refuses such commands (unknown_commands: refuse in .claude/coord.md). Write out the paths, or split the command.`;
  }
}
function recipientIn(owner) {
  return /^[A-Za-z0-9._-]+$/.test(owner) ? owner : "coordinator";
}

// src/surfaces/hooks/bundles.ts
var import_node_path10 = require("path");
function loadBundle(name) {
  return require((0, import_node_path10.join)(__dirname, `${name}.cjs`));
}

// src/domain/validation-words.ts
var PLAIN3 = /[A-Za-z0-9_%+:,./@=^-]/;
function wordsOf(command) {
  const words = [];
  let word;
  for (let at = 0; at < command.length; at += 1) {
    const unit = command.charAt(at);
    if (unit === " ") {
      if (word !== void 0) words.push(word);
      word = void 0;
    } else if (unit === "'" || unit === '"') {
      const end = command.indexOf(unit, at + 1);
      const quoted = end === -1 ? void 0 : command.slice(at + 1, end);
      if (quoted === void 0 || unit === '"' && /[$`\\!]/.test(quoted)) return void 0;
      word = (word ?? "") + quoted;
      at = end;
    } else if (PLAIN3.test(unit)) word = (word ?? "") + unit;
    else return void 0;
  }
  if (word !== void 0) words.push(word);
  return words[0] === void 0 || words[0] === "" || words[0].includes("=") ? void 0 : words;
}
function mayValidate(validations, command) {
  return validations.some((validation) => {
    const words = wordsOf(validation) ?? [validation.trim()];
    return words.every((word) => command.includes(word));
  });
}

// src/surfaces/hooks/evidence-start.ts
function noteValidation(payload, standing, { validation }) {
  if (validation.length === 0 || payload.toolName !== "Bash" || payload.toolUseId === "") return;
  const { command } = payload.toolInput;
  if (typeof command !== "string" || !mayValidate(validation, command)) return;
  try {
    const { beginEvidence } = loadBundle("evidence");
    beginEvidence(payload, standing, validation);
  } catch (error) {
    noteAct(standing.home, { act: "hook-failed", hook: "evidence", detail: String(error) }, Date.now());
  }
}

// src/surfaces/hooks/protocol.ts
var import_node_fs11 = require("fs");
function text(value) {
  return typeof value === "string" && value !== "" ? value : null;
}
function record(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
function folderOf2(raw) {
  return text(raw["cwd"]) ?? process.cwd();
}
function payloadFrom(raw) {
  const agent = text(raw["agent_id"]);
  return {
    event: text(raw["hook_event_name"]) ?? "",
    session: text(raw["session_id"]) ?? "unknown-session",
    agent,
    agentType: text(raw["agent_type"]),
    cwd: folderOf2(raw),
    transcript: transcriptOf(text(raw["transcript_path"]), agent),
    toolName: text(raw["tool_name"]) ?? "",
    toolInput: record(raw["tool_input"]),
    toolUseId: text(raw["tool_use_id"]) ?? "",
    raw
  };
}
function transcriptOf(path, agent) {
  if (path === null || agent === null) return path;
  return `${path.replace(/\.jsonl$/, "")}/subagents/agent-${agent}.jsonl`;
}
function print(output) {
  try {
    (0, import_node_fs11.writeSync)(1, output);
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

// src/surfaces/hooks/tool-paths.ts
var PATH_FIELD = {
  Write: "file_path",
  Edit: "file_path",
  MultiEdit: "file_path",
  NotebookEdit: "notebook_path"
};
var SHELL_TOOLS = /* @__PURE__ */ new Set(["Bash", "Monitor"]);
function shellCommandOf(tool, input) {
  if (!SHELL_TOOLS.has(tool)) return void 0;
  const { command } = input;
  if (command === void 0 && tool === "Monitor") return void 0;
  return typeof command === "string" ? command : "odd";
}
var MCP_WRITES = /write|edit(?!ions?|s$)|(?:^|_)(?:create|delete|remove|move|rename|copy|append|update|patch|save|replace|insert|put|mkdir|make|touch|download|export|screenshot|extract|unzip|overwrite|apply|format|commit|checkout|reset|stash|stage|merge|rebase|pull|clone|init|store|dump)|(?:^|_)git_add/;
var MCP_PATH_FIELDS = /^(?:.*_)?(?:path|paths|file|files|filename|file_name|filepath|destination|dest|target|source|directory|dir|folder|uri|output|out_dir)$/i;
var MCP_FIELDS_MAX = 64;
function pathsOf(tool, input) {
  const field = PATH_FIELD[tool];
  if (field !== void 0) {
    const path = input[field];
    return typeof path === "string" && path !== "" ? [path] : { odd: field };
  }
  if (tool === "") return { odd: "tool_name" };
  if (tool === "PowerShell") return powerShellPaths(input["command"]);
  if (tool === "Artifact") return ["out_dir", "file_path"].map((key) => input[key]).filter(isText);
  if (tool.startsWith("mcp__") && MCP_WRITES.test(wordsOf2(tool.slice(tool.lastIndexOf("__") + 2))))
    return mcpPaths(input);
  return [];
}
function isText(value) {
  return typeof value === "string" && value !== "";
}
function wordsOf2(name) {
  return name.replace(/([a-z])([A-Z])/g, "$1_$2").replace(/[-.]/g, "_").toLowerCase();
}
var MCP_DEPTH_MAX = 3;
function mcpPaths(input, depth = 0) {
  const found = [];
  for (const [key, value] of Object.entries(input).slice(0, MCP_FIELDS_MAX)) {
    const isPathField = MCP_PATH_FIELDS.test(wordsOf2(key));
    for (const item of Array.isArray(value) ? value.slice(0, MCP_FIELDS_MAX) : [value]) {
      if (isText(item) && isPathField) found.push(pathOfUri(item));
      if (typeof item === "object" && item !== null && depth < MCP_DEPTH_MAX)
        found.push(...mcpPaths(item, depth + 1));
    }
  }
  return found;
}
function pathOfUri(text2) {
  const match = /^file:(?:\/\/(?:localhost)?(?=\/))?(.*)$/is.exec(text2);
  if (!match) return text2;
  const path = (match[1] ?? "").replace(/[?#].*$/s, "");
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}
var POWERSHELL_CHARS_MAX = 1e5;
var POWERSHELL_WRITES = /(?:^|[\s;|({&])(?:set-content|add-content|out-file|new-item|remove-item|copy-item|move-item|rename-item|clear-content|tee-object|export-\w+|expand-archive|compress-archive|invoke-expression|iex|start-process|robocopy|xcopy|sc|ac|ni|ri|rm|del|erase|rd|rmdir|cp|copy|cpi|mv|move|mi|ren|rni|mkdir|md|tee)\b|-outfile\b|\]::(?:write|append|delete|move|copy|create)|>/i;
var POWERSHELL_PROGRAMS = /(?:^|[\s;|({&])(?:node|python3?|py|npm|pnpm|yarn|npx|cargo|dotnet|make|bash|sh|wsl|tar|git(?:\s+-[cC]\s+(?:"[^"]*"|'[^']*'|\S+))*\s+(?!status|log|diff|show|rev-parse|ls-files|blame|-)\w[\w-]*)(?:\.exe)?(?=\s)/i;
var POWERSHELL_CODE = /(?:^|[\s;|({&])(?:node|python3?|py|bash|sh|wsl)(?:\.exe)?\s+-/i;
function powerShellPaths(command) {
  if (typeof command !== "string") return { odd: "command" };
  const text2 = command.slice(0, POWERSHELL_CHARS_MAX);
  if (!POWERSHELL_PROGRAMS.test(text2) && !POWERSHELL_WRITES.test(text2)) return [];
  const words = text2.match(/"[^"\n]*"|'[^'\n]*'|[^\s"';|&(){}<>,=]+/g) ?? [];
  const inner = POWERSHELL_CODE.test(text2) ? text2.match(/(?<![\w.])(?:[A-Za-z]:|\.\.)?[\\/][^\s"'`(),;|]+/g) ?? [] : [];
  return [...words, ...inner].map((word) => word.replace(/^["']|["']$/g, "")).filter((word) => /[\\/.]/.test(word) && !word.startsWith("-") && !word.startsWith("$")).map((word) => word.replaceAll("\\", "/"));
}

// src/surfaces/hooks/guard-inside.ts
function judgeInside(raw, standing, load) {
  var _a;
  const payload = payloadFrom(raw);
  const { home } = standing;
  const twin = readFreshTwin(home) ?? loadBundle("settings").refreshTwin(home);
  const settings = settingsFrom(home, twin);
  if (settings.guard === "off") {
    noteValidation(payload, standing, settings);
    return;
  }
  const nowMs = Date.now();
  const { session, agent } = payload;
  const instance2 = { session, agent };
  const presence = presenceOf(standing, instance2);
  touchGuard(home, presence.place.name, nowMs);
  touchSession(home, payload.session, payload.agent, nowMs);
  const seat = seatStanding(home, presence.place.name, payload.session);
  const seen = actorOf(presence, instance2, settings.strict_blockers, seat);
  const isShared = settings.mode === "shared";
  const isPeer = isShared && isBesideSeat(seat, presence, instance2);
  const actor = isPeer ? { ...seen, name: ((_a = presence.record) == null ? void 0 : _a.peer) ?? peerNameOf(session, agent), seatTakenBy: void 0, isPeer } : seen.seatTakenBy || seat.isOwn ? { ...seen, isPeer } : withSeat({ ...seen, isPeer }, presence, instance2);
  const found = { payload, presence, actor, settings, nowMs, load, afterwards: [] };
  const judged = judgeTool(found);
  const verdict = isShared && !judged.refusal ? { ...judged, refusal: judgeLocks(found, judged) } : judged;
  if (verdict.refusal) {
    const { code } = verdict.refusal;
    noteAct(
      home,
      { act: "refused", code, actor: actor.name, tool: payload.toolName, session: payload.session },
      nowMs
    );
    printDenial(printRefusal(verdict.refusal, verdict.how, nowMs));
  } else {
    notePassed(found, verdict);
    noteValidation(payload, standing, settings);
  }
  for (const keep of found.afterwards) keep();
}
function isBesideSeat(seat, { record: record2 }, { agent }) {
  if (seat.isOwn) return seat.agent !== agent;
  return seat.takenBy !== void 0 || agent !== null || (record2 == null ? void 0 : record2.peer) !== void 0;
}
function judgeLocks(found, { locks = [], stages = [] }) {
  var _a;
  const { payload, presence, actor, settings } = found;
  const instance2 = { session: payload.session, agent: payload.agent };
  const pid = Number(process.env["CLAUDE_PID"]);
  const client = Number.isInteger(pid) && pid > 0 ? markOf(pid) : ((_a = presence.record) == null ? void 0 : _a.process) ?? null;
  const { place } = presence;
  for (const staging of stages) {
    const { findForeignDirt: find } = loadBundle("staging");
    const files = find(place, instance2, client, staging);
    if (files.length > 0) return { code: "stages-others", files, verb: staging.verb };
  }
  if (locks.length === 0) return void 0;
  const waitMs = settings.lock_wait * 1e3;
  const wanted = { place, instance: instance2, name: actor.name, client, waitMs, wants: locks };
  return loadBundle("locks").lockForWrite(wanted);
}
function withSeat(actor, presence, instance2) {
  const { home, name } = presence.place;
  const { record: record2 } = presence;
  if (!record2 || record2.place !== name) return actor;
  const { claimSeat } = loadBundle(
    "seat"
  );
  const claim = { home, place: name, owner: actor.name, ...instance2, process: record2.process };
  return { ...actor, seatTakenBy: claimSeat(claim, Date.now()) };
}
function refuseOutsider(raw, path, home) {
  const { toolName } = payloadFrom(raw);
  printDenial(printRefusal({ code: "outsider", path, home }, toolName, Date.now()));
}
function refuseOddPayload() {
  printDenial(printRefusal({ code: "payload-odd", tool: "A tool", field: "payload" }, void 0, Date.now()));
}
function judgeTool(found) {
  const { payload, actor, presence, settings } = found;
  const { toolName, toolInput } = payload;
  const command = shellCommandOf(toolName, toolInput);
  if (command === "odd") return { refusal: { code: "payload-odd", tool: toolName, field: "command" } };
  if (command !== void 0) {
    const plain = readPlainCommand(command);
    if (plain) return judgePlain(found, plain);
    const shell = found.load("shell");
    found.afterwards.push(shell.keep);
    const facts = { command, cwd: payload.cwd, actor, project: presence.place, settings, env: process.env };
    const verdict = shell.exports.judgeShell(facts);
    if (!verdict.refusal && settings.mode === "shared") leaveWordOf(found, verdict);
    return { ...verdict, paths: verdict.paths.map((path) => resolvePath(path, payload.cwd) ?? path) };
  }
  if (toolName === "EnterWorktree") return { refusal: judgeEntering(found) };
  const paths = pathsOf(toolName, toolInput);
  if (!Array.isArray(paths)) return { refusal: { code: "payload-odd", tool: toolName, field: paths.odd } };
  const resolved = [];
  const locks = [];
  for (const path of paths) {
    const target = targetOf(path, payload.cwd, presence.place, false);
    if (target) resolved.push(target.path);
    const refusal = target ? judgeWrite(actor, target) : { code: "path-unusable", path };
    if (refusal) return { refusal, how: toolName };
    if (target && needsLock(actor, target)) locks.push({ path: target.path, isTree: false, manner: "take" });
  }
  return { refusal: void 0, paths: resolved, locks };
}
function leaveWordOf({ payload, presence, nowMs }, { calls }) {
  if (calls.length === 0) return;
  const { session, agent, toolUseId } = payload;
  noteCalls(presence.place.home, toolUseId || `${session}.${nowMs}`, { session, agent }, calls, nowMs);
}
function judgeEntering(found) {
  const path = found.payload.toolInput["path"];
  if (typeof path !== "string") return void 0;
  const resolved = resolvePath(path, found.payload.cwd);
  const place = resolved === void 0 ? void 0 : coordinatedPlaceOf(resolved);
  if (!place || place.home !== found.presence.place.home) return void 0;
  const seat = readSeat(place.home, place.name);
  const isAlive = (seat == null ? void 0 : seat.process) && seat.session !== found.payload.session && livenessOf(seat.process) === "alive";
  if (!isAlive) return void 0;
  return { code: "enter-taken", worktree: place.root, owner: ownerOfPlace(place.home, place.name) };
}
function notePassed(found, verdict) {
  const { payload, presence, actor, nowMs } = found;
  const { home, name, root } = presence.place;
  noteChanges(home, name, { atMs: nowMs, session: payload.session, paths: verdict.paths ?? [] });
  if (verdict.unknown === void 0 && !verdict.isWide) return;
  noteCommand(home, {
    id: payload.toolUseId || `${payload.session}.${nowMs}`,
    session: payload.session,
    agent: payload.agent,
    actor: actor.name,
    place: name,
    root,
    command: String(payload.toolInput["command"] ?? ""),
    startedAtMs: nowMs,
    endedAtMs: null,
    isUnknown: verdict.unknown !== void 0,
    isBackground: false
  });
}
function judgePlain(found, plain) {
  if (plain.kind === "reads") return { refusal: void 0 };
  const { actor, presence, settings } = found;
  const target = targetOf(presence.place.root, presence.place.root, presence.place, false);
  const own = target ? judgeWrite(actor, target) : void 0;
  if (own && own.code !== "out-of-scope") return { refusal: own, how: plain.program };
  if (settings.unknown_commands === "refuse") {
    return {
      refusal: { code: "unknown-command", why: "program", detail: plain.program },
      how: plain.program
    };
  }
  return { refusal: void 0, unknown: `program: ${plain.program}` };
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  judgeInside,
  refuseOddPayload,
  refuseOutsider
});
})
// mark 94da312f20cd53a6
