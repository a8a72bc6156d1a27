// Built from src/surfaces/hooks/entries/trespass.ts; do not edit.

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

// src/surfaces/hooks/entries/trespass.ts
var trespass_exports = {};
__export(trespass_exports, {
  reportTrespass: () => reportTrespass
});
module.exports = __toCommonJS(trespass_exports);

// src/usecases/report-trespass.ts
var import_node_path13 = require("path");

// src/domain/identifiers.ts
var COORDINATOR = "coordinator";
var OPERATOR = "operator";
var SYSTEM = "coord";
function printMessageId(atMs, tail) {
  const iso = new Date(atMs).toISOString();
  const day = iso.slice(0, 10).replaceAll("-", "");
  const time = iso.slice(11, 23).replace(/[:.]/g, "");
  return `msg-${day}-${time}-${tail}`;
}
var MESSAGE_ID = /^msg-(\d{4})(\d{2})(\d{2})-\d{6,9}(?:-[A-Za-z0-9_.-]{1,80})?$/;
function dayOfMessageId(id) {
  const match = MESSAGE_ID.exec(id);
  return match ? `${match[1]}-${match[2]}-${match[3]}` : void 0;
}

// src/domain/message.ts
var MESSAGE_TYPES = [
  "directive",
  "question",
  "response",
  "progress",
  "blocker",
  "completion",
  "error",
  "verdict",
  "ack"
];
var PRIORITIES = ["low", "normal", "high", "urgent"];
function isMessageType(word) {
  return MESSAGE_TYPES.includes(word);
}
function isPriority(word) {
  return PRIORITIES.includes(word);
}
function defaultPriority(type) {
  if (type === "blocker") return "urgent";
  return type === "error" ? "high" : "normal";
}
function envelopeOf(draft, derived) {
  const type = draft.type;
  return {
    id: derived.id,
    from: derived.from,
    to: draft.to,
    timestamp: new Date(derived.atMs).toISOString(),
    type,
    priority: draft.priority ?? defaultPriority(type),
    content: draft.content,
    references: [...draft.references ?? []],
    metadata: { ...draft.metadata ?? {} },
    read: false
  };
}
function parseEnvelope(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return void 0;
    throw error;
  }
  return isEnvelope(value) ? value : void 0;
}
function isEnvelope(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const it = value;
  const strings = ["id", "from", "to", "timestamp", "type", "priority", "content"];
  if (!strings.every((key) => typeof it[key] === "string")) return false;
  return isMessageType(it["type"]) && isPriority(it["priority"]) && Array.isArray(it["references"]) && it["references"].every((reference) => typeof reference === "string") && typeof it["metadata"] === "object" && it["metadata"] !== null && !Array.isArray(it["metadata"]) && typeof it["read"] === "boolean";
}
function printEnvelope(envelope) {
  return JSON.stringify(envelope);
}
function cleanText(text) {
  return text.replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g, "").replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, "").replace(/[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu, "");
}
function cleanLine(text, max = 200) {
  const line = cleanText(text).replace(/\s+/g, " ").trim();
  return line.length > max ? `${line.slice(0, max - 1)}\u2026` : line;
}
function cleanWord(text) {
  const line = cleanLine(text, 400);
  return /^[A-Za-z0-9_./@%+=:,-]+$/.test(line) ? line : `'${line.replaceAll("'", "'\\''")}'`;
}

// src/domain/urgency.ts
var MARK_OF = { urgent: "u", high: "h", normal: "n", low: "l" };
function isRoutine(message) {
  return message.type === "progress" && message.metadata["event"] !== void 0;
}
function markOfMessage(message) {
  return `${isRoutine(message) ? "q" : MARK_OF[message.priority]}-`;
}
function envelopeAt(draft, derived) {
  const envelope = envelopeOf(draft, { ...derived, id: "" });
  return { ...envelope, id: printMessageId(derived.atMs, `${markOfMessage(envelope)}${derived.tail}`) };
}

// src/storage/clock.ts
function nowMs() {
  return Date.now();
}

// src/storage/git.ts
var import_node_child_process = require("child_process");
var TIMEOUT_MS = 12e4;
var OUTPUT_BYTES_MAX = 64 * 1024 * 1024;
function cleanEnvironment() {
  const env = {};
  for (const [key, value] of Object.entries(process.env)) {
    if (!/^GIT_/.test(key) || /^GIT_(AUTHOR|COMMITTER|CONFIG|SSH|ASKPASS|TERMINAL)/.test(key))
      env[key] = value;
  }
  return { ...env, GIT_OPTIONAL_LOCKS: "0", LC_ALL: "C" };
}
function git(cwd, args, options = {}) {
  const result = (0, import_node_child_process.spawnSync)("git", args, {
    cwd,
    encoding: "utf8",
    env: { ...cleanEnvironment(), ...options.env },
    timeout: options.timeoutMs ?? TIMEOUT_MS,
    maxBuffer: OUTPUT_BYTES_MAX,
    stdio: ["ignore", "pipe", "pipe"],
    windowsHide: true
  });
  if (result.error && result.error.code === "ENOENT") {
    return { ok: false, stdout: "", stderr: "git is not installed, or not on the PATH" };
  }
  return { ok: result.status === 0, stdout: result.stdout ?? "", stderr: (result.stderr ?? "").trim() };
}

// src/storage/light/journal.ts
var import_node_fs4 = require("fs");
var import_node_path3 = require("path");

// src/storage/light/files.ts
var import_node_fs = require("fs");
var import_node_path = require("path");

// src/domain/names.ts
var NAME_LENGTH_MAX = 120;
var HASH_LENGTH = 32;
var PLAIN = /[a-z0-9\-.]/;
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
  if (PLAIN.test(unit)) return unit;
  if (unit === "/") return "+";
  if (unit === "_") return "__";
  if (unit >= "A" && unit <= "Z") return `_${unit.toLowerCase()}`;
  return escaped(unit);
}
function escaped(unit) {
  const code = unit.charCodeAt(0);
  return code < 128 ? `=${code.toString(16).padStart(2, "0")}` : `=u${code.toString(16).padStart(4, "0")}`;
}
function hash128(text) {
  let a = 1779033703;
  let b = 3144134277;
  let c = 1013904242;
  let d = 2773480762;
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    a = rotated(b ^ Math.imul(a ^ unit, 597399067), 15);
    b = rotated(c ^ Math.imul(b ^ unit, 2869860233), 17);
    c = rotated(d ^ Math.imul(c ^ unit, 951274213), 13);
    d = rotated(a ^ Math.imul(d ^ unit, 2716044179), 16);
  }
  const lanes = [a ^ text.length, b, c, d];
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
function writeAtomic(path, text, options) {
  const temporary = writeTemporary((0, import_node_path.dirname)(path), text, options);
  try {
    (0, import_node_fs.renameSync)(temporary, path);
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
  if (options.durable) syncFolder((0, import_node_path.dirname)(path));
}
function writeInPlace(path, text, options) {
  fill((0, import_node_fs.openSync)(path, "w", options.mode ?? 438), text, options);
}
function createExclusive(path, text, options) {
  const temporary = writeTemporary((0, import_node_path.dirname)(path), text, options);
  let isMade;
  try {
    (0, import_node_fs.linkSync)(temporary, path);
    isMade = true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) isMade = false;
    else if (isErrno(error, "EPERM", "ENOTSUP", "ENOSYS", "EMLINK"))
      isMade = createInPlace(path, text, options);
    else throw error;
  } finally {
    removeIfThere(temporary);
  }
  if (isMade && options.durable) syncFolder((0, import_node_path.dirname)(path));
  return isMade;
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
function writeTemporary(folder, text, options) {
  written += 1;
  const path = (0, import_node_path.join)(folder, `${TEMPORARY_PREFIX}${process.pid}-${start}-${written}`);
  const fd = (0, import_node_fs.openSync)(path, "wx", options.mode ?? 438);
  try {
    fill(fd, text, options);
  } catch (error) {
    removeIfThere(path);
    throw error;
  }
  return path;
}
function createInPlace(path, text, options) {
  let fd;
  try {
    fd = (0, import_node_fs.openSync)(path, "wx", options.mode ?? 438);
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
  fill(fd, text, options);
  return true;
}
function fill(fd, text, options) {
  try {
    const bytes = Buffer.from(text);
    for (let done = 0; done < bytes.length; ) done += (0, import_node_fs.writeSync)(fd, bytes, done);
    if (options.modifiedAt !== void 0)
      (0, import_node_fs.futimesSync)(fd, options.modifiedAt / 1e3, options.modifiedAt / 1e3);
    if (options.durable) (0, import_node_fs.fsyncSync)(fd);
  } finally {
    (0, import_node_fs.closeSync)(fd);
  }
}

// src/storage/light/log-tail.ts
var import_node_fs2 = require("fs");

// src/domain/project-paths.ts
var STATE_FILE = ".planning/STATE.md";
var STATUS_NAME = "STATUS.md";
var DECISIONS_FILE = "DECISIONS.md";
var AGENTS_FILE = "AGENTS.md";
var COORDINATION = ".coordination";
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

// src/storage/light/place.ts
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

// src/storage/light/log-tail.ts
function hasLine(file, id, bytes) {
  const needle = `"id":${JSON.stringify(id)}`;
  const tail = readTail(file, bytes);
  for (let at = tail.indexOf(needle); at !== -1; at = tail.indexOf(needle, at + 1)) {
    const end = tail.indexOf("\n", at);
    if (end !== -1 && isLineOf(id, tail.slice(tail.lastIndexOf("\n", at) + 1, end))) return true;
  }
  return false;
}
function isLineOf(id, line) {
  var _a;
  try {
    return ((_a = JSON.parse(line)) == null ? void 0 : _a.id) === id;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
function readTail(file, bytes) {
  return readBytes(file, (size) => ({ from: Math.max(0, size - bytes), length: Math.min(size, bytes) }));
}
function readBytes(file, choose) {
  return readBuffer(file, choose).toString("utf8");
}
function readBuffer(file, choose) {
  let descriptor;
  try {
    descriptor = (0, import_node_fs2.openSync)(file, "r");
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
  try {
    const { from, length } = choose((0, import_node_fs2.fstatSync)(descriptor).size);
    const buffer = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const got = (0, import_node_fs2.readSync)(descriptor, buffer, read, length - read, from + read);
      if (got === 0) break;
      read += got;
    }
    return buffer.subarray(0, read);
  } finally {
    (0, import_node_fs2.closeSync)(descriptor);
  }
}
var CHUNK_BYTES = 1024 * 1024;

// src/storage/light/roster.ts
var import_node_fs3 = require("fs");
var import_node_path2 = require("path");
var NAME_MAX = 120;
function fileNameOf(id) {
  const safe = id.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, NAME_MAX);
  return safe === "" || safe.startsWith(".") ? `_${safe}` : safe;
}
function coordinationPath(home, ...parts) {
  return (0, import_node_path2.join)(home, COORDINATION, ...parts);
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
  makeFolder((0, import_node_path2.join)(file, ".."));
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
function modifiedAt(file) {
  var _a;
  try {
    return (_a = (0, import_node_fs3.statSync)(file, { throwIfNoEntry: false })) == null ? void 0 : _a.mtimeMs;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}

// src/storage/light/journal.ts
var CHANGES_BYTES_MAX = 512 * 1024;
var LOG_BYTES_MAX = 4 * 1024 * 1024;
var COMMANDS_KEPT_MS = 30 * 6e4;
function changesFile(home, place) {
  return coordinationPath(home, "roster", "changes", `${fileNameOf(place ?? "primary-worktree")}.jsonl`);
}
function appendBounded(file, line, bytesMax) {
  try {
    if ((0, import_node_fs4.statSync)(file).size > bytesMax) (0, import_node_fs4.renameSync)(file, `${file}.old`);
  } catch (error) {
    if (!isMissing(error)) throw error;
    makeFolder((0, import_node_path3.join)(file, ".."));
  }
  (0, import_node_fs4.appendFileSync)(file, `${line}
`);
}
function noteChanges(home, place, change) {
  if (change.paths.length === 0) return;
  appendBounded(changesFile(home, place), JSON.stringify(change), CHANGES_BYTES_MAX);
}
function knownChanges(home, place, sinceMs) {
  const file = changesFile(home, place);
  const text = readTail(`${file}.old`, CHANGES_BYTES_MAX) + readTail(file, CHANGES_BYTES_MAX * 2);
  const found = [];
  for (const line of text.split("\n")) {
    const change = parseLine(line);
    if (change && change.atMs >= sinceMs && Array.isArray(change.paths)) found.push(change);
  }
  return found;
}
function parseLine(line) {
  if (line === "") return void 0;
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) return void 0;
    throw error;
  }
}
function commandsSince(home, place, sinceMs) {
  return listCommands(home).filter(
    (command) => command.place === place && (command.endedAtMs === null || command.endedAtMs >= sinceMs)
  );
}
function listCommands(home) {
  const folder = coordinationPath(home, "roster", "commands");
  return listNames(folder).filter((name) => name.endsWith(".json")).map((name) => readRecord((0, import_node_path3.join)(folder, name))).filter((record2) => record2 !== void 0).filter((record2) => record2.endedAtMs !== null || Date.now() - record2.startedAtMs < COMMANDS_KEPT_MS);
}
function noteAct(home, act, nowMs2) {
  const line = JSON.stringify({ at: new Date(nowMs2).toISOString(), ...act });
  appendBounded(coordinationPath(home, "log", "coord.jsonl"), line, LOG_BYTES_MAX);
}

// src/storage/light/location.ts
var import_node_fs6 = require("fs");
var import_node_path5 = require("path");

// src/storage/light/resolution.ts
var import_node_fs5 = require("fs");
var import_node_path4 = require("path");
var LINKS_MAX = 40;
var DEPTH_MAX = 250;
function resolvePath(path, cwd) {
  if (path.includes("\0")) return void 0;
  const whole = (0, import_node_path4.isAbsolute)(path) ? path : `${cwd}${import_node_path4.sep}${path}`;
  try {
    return import_node_fs5.realpathSync.native(whole);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const found = walk(whole, 0);
  return found !== void 0 && found.split(import_node_path4.sep).length > DEPTH_MAX ? void 0 : found;
}
function walk(whole, linksSeen) {
  const { root } = (0, import_node_path4.parse)(whole);
  const parts = whole.slice(root.length).split(import_node_path4.sep === "\\" ? /[\\/]+/ : "/");
  let at = root;
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    if (part === void 0 || part === "" || part === ".") continue;
    if (part === "..") {
      at = (0, import_node_path4.dirname)(at);
      continue;
    }
    const next = (0, import_node_path4.join)(at, part);
    const link = readLink(next);
    if (link === void 0) {
      at = next;
      continue;
    }
    if (linksSeen >= LINKS_MAX) return void 0;
    const rest = parts.slice(index + 1).join(import_node_path4.sep);
    const onward = (0, import_node_path4.isAbsolute)(link) ? link : `${at}${import_node_path4.sep}${link}`;
    return walk(rest === "" ? onward : `${onward}${import_node_path4.sep}${rest}`, linksSeen + 1);
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
  const prefix = root.endsWith(import_node_path4.sep) ? root : root + import_node_path4.sep;
  return path.startsWith(prefix) ? path.slice(prefix.length).replaceAll(import_node_path4.sep, "/") : void 0;
}

// src/storage/light/location.ts
var WORKTREES_MAX = 4096;
function ownerOfPlace(home, place) {
  var _a;
  if (place === null) return COORDINATOR;
  return ((_a = readPlaceRecord(home, place)) == null ? void 0 : _a.worker) ?? `whoever works in worktree ${place}`;
}
function linkedRoots(project) {
  const folder = (0, import_node_path5.join)(project.commonDir, "worktrees");
  const found = [];
  for (const name of listNames(folder).slice(0, WORKTREES_MAX)) {
    try {
      const pointer = (0, import_node_fs6.readFileSync)((0, import_node_path5.join)(folder, name, "gitdir"), "utf8").trim();
      const root = resolvePath((0, import_node_path5.dirname)(pointer), (0, import_node_path5.join)(folder, name));
      if (root !== void 0) found.push({ name, root });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return found;
}

// src/storage/light/mail-files.ts
var import_node_fs9 = require("fs");
var import_node_path9 = require("path");

// src/storage/light/mutex.ts
var import_node_path8 = require("path");

// src/storage/light/epochs.ts
var import_node_fs8 = require("fs");
var import_node_path7 = require("path");

// src/storage/light/process.ts
var import_node_fs7 = require("fs");
var import_node_path6 = require("path");
var PID_MAX = 2147483647;
var TEMPORARY_STALE_MS = 6e4;
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
function sweepTemporaries(folder, names, now) {
  var _a;
  for (const name of names) {
    if (!name.startsWith(TEMPORARY_PREFIX)) continue;
    const pid = Number(name.slice(TEMPORARY_PREFIX.length).split("-")[0]);
    if (livenessOf({ pid, started: null }) !== "dead") continue;
    const touchedAt = (_a = (0, import_node_fs7.statSync)((0, import_node_path6.join)(folder, name), { throwIfNoEntry: false })) == null ? void 0 : _a.mtimeMs;
    if (touchedAt !== void 0 && Math.abs(now - touchedAt) > TEMPORARY_STALE_MS)
      removeIfThere((0, import_node_path6.join)(folder, name));
  }
}
var placeRead;
function placeHere() {
  placeRead ?? (placeRead = readPlace());
  return placeRead;
}
function readPlace() {
  var _a;
  try {
    const boot = (0, import_node_fs7.readFileSync)("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    const namespace = (_a = /\d+/.exec((0, import_node_fs7.readlinkSync)("/proc/self/ns/pid"))) == null ? void 0 : _a[0];
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
    stat = (0, import_node_fs7.readFileSync)(`/proc/${pid}/stat`, "utf8");
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
var EPOCH_MAX = 999999999999999;
var EPOCH_DIGITS = 10;
var DOUBT_FILE = "doubt.json";
var LOOKS_MAX = 16;
var SKEW_MS = 2e3;
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
    const top = readEpoch((0, import_node_path7.join)(dir, nameAmong(names, epoch)), epoch);
    if (top) return top;
  }
  return { epoch, record: unreadable(epoch, 0), isReadable: false, heardAt: 0 };
}
function linkEpoch(dir, record2, durable) {
  if (record2.epoch > EPOCH_MAX)
    throw new Error(`${dir}: no epoch above ${EPOCH_MAX}; somebody made that file by hand`);
  const text = `${JSON.stringify(record2)}
`;
  return createExclusive(epochPath(dir, record2.epoch), text, { durable, modifiedAt: record2.takenAt });
}
function clearBelow(dir, names, epoch, now) {
  const old = names.filter((name) => numberOf(name) > 0 && numberOf(name) < epoch);
  for (const name of old.sort((a, b) => numberOf(a) - numberOf(b))) {
    try {
      removeIfThere((0, import_node_path7.join)(dir, name));
    } catch (error) {
      if (!isErrno(error, "EISDIR", "EPERM", "EACCES", "EBUSY")) throw error;
    }
  }
  if (names.includes(DOUBT_FILE)) removeIfThere((0, import_node_path7.join)(dir, DOUBT_FILE));
  sweepTemporaries(dir, names, now);
}
function beat(dir, epoch, now) {
  try {
    (0, import_node_fs8.utimesSync)(epochPath(dir, epoch), now / 1e3, now / 1e3);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return false;
    throw error;
  }
}
function heardOf(dir, top, now) {
  if (top.heardAt <= now + SKEW_MS) return top.heardAt;
  const doubt = parseDoubt(readTextIfThere((0, import_node_path7.join)(dir, DOUBT_FILE)));
  if ((doubt == null ? void 0 : doubt.epoch) === top.epoch && doubt.heardAt === top.heardAt && doubt.since <= now + SKEW_MS)
    return doubt.since;
  const text = JSON.stringify({ epoch: top.epoch, heardAt: top.heardAt, since: now });
  writeAtomic((0, import_node_path7.join)(dir, DOUBT_FILE), `${text}
`, { durable: false });
  return now;
}
function epochPath(dir, epoch) {
  return (0, import_node_path7.join)(dir, `${String(epoch).padStart(EPOCH_DIGITS, "0")}.json`);
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
    const stats = (0, import_node_fs8.statSync)(path);
    const heardAt = Math.round(stats.mtimeMs);
    const record2 = stats.isFile() ? parseRecord((0, import_node_fs8.readFileSync)(path, "utf8"), epoch) : void 0;
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
function parseRecord(text, epoch) {
  const value = parseObject(text);
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
function parseDoubt(text) {
  const value = parseObject(text ?? "");
  const { epoch, heardAt, since } = value ?? {};
  if (typeof epoch !== "number" || typeof heardAt !== "number" || typeof since !== "number") return void 0;
  return { epoch, heardAt, since };
}
function parseObject(text) {
  try {
    const value = JSON.parse(text);
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
var grants = /* @__PURE__ */ new WeakMap();
var LOOKS_MAX2 = 32;
function takeLease(dir, holder, options) {
  let last;
  for (let look = 0; look < LOOKS_MAX2; look += 1) {
    const top = readTop(dir);
    const heardAt = (top == null ? void 0 : top.record.holder) ? heardOf(dir, top, options.now()) : 0;
    if (top) last = { code: "lease-held", record: top.record, heardAt };
    const ruling = rulingOn(top, heardAt, holder, options);
    if (top && ruling === "held") return { code: "lease-held", record: top.record, heardAt };
    if (top && ruling === "mine") {
      const held = proofOf(dir, top.record, options);
      if (renewLease(held, options.now())) return held;
    } else if (ruling !== "held" && ruling !== "mine") {
      const held = claim(dir, top, holder, ruling, options);
      if (held) return held;
    }
  }
  if (last) return last;
  throw new Error(`${dir}: the lease could not be taken in ${LOOKS_MAX2} looks`);
}
function holdsLease(held) {
  const top = readTop(held.dir);
  return (top == null ? void 0 : top.isReadable) === true && isGrant(top.record, grantOf(held).record);
}
function renewLease(held, now) {
  return beat(held.dir, held.epoch, now) && holdsLease(held);
}
function releaseLease(held) {
  if (!holdsLease(held)) return false;
  const { now, durable } = grantOf(held);
  const epoch = held.epoch + 1;
  const note = `released by ${held.holder.owner}`;
  const record2 = { epoch, holder: null, takenAt: now(), ttlMs: null, note, from: "released" };
  try {
    if (!linkEpoch(held.dir, record2, durable)) return false;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return false;
    throw error;
  }
  clearBelow(held.dir, listNames(held.dir), held.epoch, now());
  return true;
}
function sameInstance(a, b) {
  return a.owner === b.owner && a.session === b.session && a.agent === b.agent;
}
function rulingOn(top, heardAt, holder, options) {
  if (!top) return "free";
  const current = top.record.holder;
  if (!current) return "released";
  if (top.isReadable && sameInstance(current, holder)) {
    const isGone = holder.process !== null && current.process !== null && livenessOf(current.process) === "dead";
    return isGone ? "dead" : "mine";
  }
  if (options.force) return "handover";
  const liveness = top.isReadable ? options.judge(top.record, heardAt) : "unknown";
  if (liveness === "dead") return "dead";
  if (liveness === "alive" || top.record.ttlMs === null) return "held";
  return options.now() - heardAt > top.record.ttlMs ? "expired" : "held";
}
function claim(dir, top, holder, from, options) {
  var _a, _b;
  if (top && from === "expired" && ((_a = readTop(dir)) == null ? void 0 : _a.heardAt) !== top.heardAt) return void 0;
  (_b = options.beforeTakeover) == null ? void 0 : _b.call(options);
  const takenAt = options.now();
  const epoch = ((top == null ? void 0 : top.epoch) ?? 0) + 1;
  const record2 = {
    epoch,
    holder,
    takenAt,
    ttlMs: options.ttlMs,
    note: options.note ?? null,
    from
  };
  try {
    if (!linkEpoch(dir, record2, options.durable ?? true)) return void 0;
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
    makeFolder(dir, { durable: options.durable ?? true });
    return void 0;
  }
  const names = listNames(dir);
  if (topOf(names) !== epoch) return void 0;
  clearBelow(dir, names, epoch - 1, takenAt);
  return topOf(listNames(dir)) === epoch ? proofOf(dir, record2, options) : void 0;
}
function proofOf(dir, record2, options) {
  if (!record2.holder) throw new Error("a released epoch proves nothing");
  const held = Object.freeze({ dir, epoch: record2.epoch, holder: record2.holder });
  grants.set(held, { record: record2, now: options.now, durable: options.durable ?? true });
  return held;
}
function grantOf(held) {
  const grant = grants.get(held);
  if (!grant) throw new Error("this proof of holding was not made by takeLease");
  return grant;
}
function isGrant(record2, mine) {
  if (!record2.holder || !mine.holder) return false;
  return record2.epoch === mine.epoch && record2.takenAt === mine.takenAt && sameInstance(record2.holder, mine.holder);
}

// src/storage/light/mutex.ts
var WAIT_MS = 2e4;
var UNKNOWN_TTL_MS = 6e4;
var SLEEP_MIN_MS = 1;
var SLEEP_MAX_MS = 16;
function withMutex(dir, name, body, options = {}) {
  const taken = enter((0, import_node_path8.join)(dir, leaseName(name)), name, options.waitMs ?? WAIT_MS);
  if ("code" in taken) return { done: false, problem: taken };
  const session = taken.holder.session ?? "";
  inside.add(session);
  try {
    const value = body(taken);
    if (isThenable(value))
      throw new Error("the body of a mutex is synchronous: a promise would run on outside");
    return { done: true, value };
  } finally {
    inside.delete(session);
    leave(taken);
  }
}
var instance = Math.random().toString(36).slice(2);
var inside = /* @__PURE__ */ new Set();
var sleeper = new Int32Array(new SharedArrayBuffer(4));
var entered = 0;
function enter(dir, name, waitMs) {
  entered += 1;
  const session = `${instance}.${entered}`;
  const holder = {
    owner: `process ${process.pid}`,
    session,
    agent: null,
    process: markOf(process.pid)
  };
  const judge = (record2) => livenessOfMutex(record2, name);
  const startedAt = monotonicMs();
  for (let sleepMs = SLEEP_MIN_MS; ; sleepMs = Math.min(sleepMs * 2, SLEEP_MAX_MS)) {
    const taken = takeLease(dir, holder, { now: Date.now, ttlMs: UNKNOWN_TTL_MS, judge, durable: false });
    if (!("code" in taken)) return taken;
    const waitedMs = monotonicMs() - startedAt;
    if (waitedMs >= waitMs) return { code: "mutex-timeout", name, waitedMs, heldBy: taken.record.holder };
    Atomics.wait(sleeper, 0, 0, Math.min(sleepMs * (0.5 + Math.random()), waitMs - waitedMs));
  }
}
function monotonicMs() {
  return Number(process.hrtime.bigint() / 1000000n);
}
function livenessOfMutex(record2, name) {
  var _a, _b;
  const session = ((_a = record2.holder) == null ? void 0 : _a.session) ?? "";
  if (inside.has(session))
    throw new Error(`the mutex ${JSON.stringify(name)} is entered inside its own body`);
  if (session.startsWith(`${instance}.`)) return "dead";
  return ((_b = record2.holder) == null ? void 0 : _b.process) ? livenessOf(record2.holder.process) : "unknown";
}
function leave(held) {
  try {
    releaseLease(held);
  } catch (error) {
    if (!isErrno(error, "ENOSPC", "EDQUOT", "EROFS", "EIO", "EMFILE", "ENFILE", "EACCES")) throw error;
  }
}
function isThenable(value) {
  return typeof value === "object" && value !== null && "then" in value && typeof value.then === "function";
}

// src/storage/light/mail-files.ts
var SUFFIX = ".json";
function inboxFolder(home, agent) {
  return coordinationPath(home, "inbox", fileNameOf(agent));
}
function outboxFolder(home, agent) {
  return coordinationPath(home, "outbox", fileNameOf(agent));
}
function deadFolder(home, agent) {
  return coordinationPath(home, "dead", fileNameOf(agent));
}
function archiveFile(home, id) {
  return inFolder(coordinationPath(home, "archive", dayOfMessageId(id) ?? "undated"), id);
}
function outsideFile(home, message) {
  const isForLead = message.to === COORDINATOR || message.to === OPERATOR;
  return isForLead && !isRoutine(message) ? inFolder(coordinationPath(home, "outbox"), message.id) : void 0;
}
function inFolder(folder, id) {
  return (0, import_node_path9.join)(folder, `${fileNameOf(id)}${SUFFIX}`);
}
function hasInbox(home, agent) {
  return (0, import_node_fs9.existsSync)(inboxFolder(home, agent));
}
function withMailMutex(home, agent, body) {
  const outcome = withMutex(coordinationPath(home, "leases"), `mail-${agent}`, body);
  if (!outcome.done)
    throw new Error(`the mailbox of ${agent} stayed busy: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}

// src/storage/light/sending.ts
var import_node_fs12 = require("fs");
var import_node_path11 = require("path");

// src/storage/light/appending.ts
var import_node_fs10 = require("fs");
var import_node_path10 = require("path");
var APPEND_TRIES_MAX = 3;
function appendLine(path, line, options) {
  if (/[\r\n]/.test(line)) throw new Error("a line has no line breaks");
  const fd = (0, import_node_fs10.openSync)(path, "a+", options.mode ?? 438);
  let isNew = false;
  let bytesAfter = 0;
  try {
    for (let tries = 1; ; tries += 1) {
      const size = (0, import_node_fs10.fstatSync)(fd).size;
      isNew || (isNew = size === 0);
      const start2 = size === 0 || textFrom(fd, size - 1, size) === "\n" ? "" : "\n";
      const bytes = Buffer.from(`${start2}${line}
`);
      const isWhole = (0, import_node_fs10.writeSync)(fd, bytes) === bytes.length;
      bytesAfter = (0, import_node_fs10.fstatSync)(fd).size;
      if (isWhole && `
${textFrom(fd, size, bytesAfter)}`.includes(`
${line}
`)) break;
      if (tries === APPEND_TRIES_MAX) throw new Error(`${path}: a line was torn ${tries} times in a row`);
    }
    if (options.durable) (0, import_node_fs10.fsyncSync)(fd);
  } finally {
    (0, import_node_fs10.closeSync)(fd);
  }
  if (isNew && options.durable) syncFolder((0, import_node_path10.dirname)(path));
  return bytesAfter;
}
function textFrom(fd, from, to) {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  return bytes.toString("utf8", 0, (0, import_node_fs10.readSync)(fd, bytes, 0, bytes.length, from));
}

// src/storage/light/chat-log.ts
var TAIL_BYTES = 1024 * 1024;
var SUFFIX2 = ".jsonl";
function isPeerTalk(message) {
  const leads = [COORDINATOR, OPERATOR, SYSTEM];
  return !leads.includes(message.from) && !leads.includes(message.to);
}
function chatOf(a, b) {
  return [fileNameOf(a), fileNameOf(b)].sort().join("+");
}
function chatsFolder(home) {
  return coordinationPath(home, "chats");
}
function chatFile(home, chat) {
  return coordinationPath(home, "chats", `${chat}${SUFFIX2}`);
}
function noteInChat(home, envelope) {
  if (!isPeerTalk(envelope)) return;
  const file = chatFile(home, chatOf(envelope.from, envelope.to));
  try {
    appendLine(file, printEnvelope(envelope), { durable: false });
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
    makeFolder(chatsFolder(home));
    appendLine(file, printEnvelope(envelope), { durable: false });
  }
}
function isInChat(home, { from, to, id }) {
  return hasLine(chatFile(home, chatOf(from, to)), id, TAIL_BYTES);
}

// src/storage/light/message-log.ts
var import_node_fs11 = require("fs");
var LOG_FILE = "messages.jsonl";
var LOG_BYTES_MAX2 = 64 * 1024 * 1024;
var TAIL_BYTES2 = 8 * 1024 * 1024;
function logFile(home) {
  return coordinationPath(home, LOG_FILE);
}
function listFullLogs(home) {
  return listNames(coordinationPath(home)).filter((name) => /^messages-\d{8}-\d{9}\.jsonl$/.test(name)).sort().map((name) => coordinationPath(home, name));
}
function logMessage(home, line, durable) {
  const bytes = appendLine(logFile(home), line, { durable });
  if (bytes > LOG_BYTES_MAX2) rotateLog(home);
}
function isLogged(home, id) {
  var _a;
  const file = logFile(home);
  if (hasLine(file, id, TAIL_BYTES2)) return true;
  const isYoung = (((_a = (0, import_node_fs11.statSync)(file, { throwIfNoEntry: false })) == null ? void 0 : _a.size) ?? 0) < TAIL_BYTES2;
  const before = isYoung ? listFullLogs(home).at(-1) : void 0;
  return before !== void 0 && hasLine(before, id, TAIL_BYTES2);
}
function rotateLog(home) {
  withMutex(coordinationPath(home, "leases"), "message-log", () => {
    var _a;
    const file = logFile(home);
    if ((((_a = (0, import_node_fs11.statSync)(file, { throwIfNoEntry: false })) == null ? void 0 : _a.size) ?? 0) <= LOG_BYTES_MAX2) return;
    const stamp = (/* @__PURE__ */ new Date()).toISOString().replace(/[-:.Z]/g, "").replace("T", "-");
    const full = coordinationPath(home, `messages-${stamp}.jsonl`);
    if (!(0, import_node_fs11.existsSync)(full)) (0, import_node_fs11.renameSync)(file, full);
  });
}

// src/storage/light/open-questions.ts
var ANSWERS = /* @__PURE__ */ new Set(["response", "directive", "verdict"]);
function questionsFolder(home) {
  return coordinationPath(home, "roster", "questions");
}
function isQuestion(envelope) {
  const { type, metadata } = envelope;
  return type === "question" || type === "blocker" && metadata["event"] === void 0;
}
function noteInQuestions(home, envelope) {
  const { id, from, to, timestamp } = envelope;
  if (isQuestion(envelope)) {
    const type = envelope.type;
    const question = {
      id,
      type,
      from,
      to,
      asked: timestamp,
      content: cleanLine(envelope.content)
    };
    writeRecord(inFolder(questionsFolder(home), id), question, false);
  }
  if (!ANSWERS.has(envelope.type)) return;
  for (const reference of envelope.references) {
    const question = readQuestion(home, reference);
    const mayAnswer = (question == null ? void 0 : question.to) === from || from === COORDINATOR || from === OPERATOR;
    if ((question == null ? void 0 : question.from) === to && mayAnswer) closeQuestion(home, reference);
  }
}
function readQuestion(home, id) {
  return readRecord(inFolder(questionsFolder(home), id));
}
function closeQuestion(home, id) {
  return removeIfThere(inFolder(questionsFolder(home), id));
}

// src/storage/light/sending.ts
var UNDER_WAY = ".sending";
var UNKNOWN_MS = 6e4;
var counter = 0;
function newTail() {
  counter = (counter + 1) % 1296;
  const random = Math.floor(Math.random() * 36 ** 6);
  return `${counter.toString(36).padStart(2, "0")}${process.pid.toString(36)}${random.toString(36).padStart(6, "0")}`;
}
function sendEnvelope(home, envelope) {
  return sendTogether(home, envelope.from, [envelope]).length > 0 ? "sent" : "already-sent";
}
function sendTogether(home, from, envelopes) {
  finishSends(home, from);
  const fresh = envelopes.filter((envelope) => !isKnown(home, envelope));
  const [only] = fresh;
  if (!only) return fresh;
  const note = (0, import_node_path11.join)(notesFolder(home, from), ownNoteName());
  if (fresh.length === 1) {
    writeNote(note, `${printEnvelope(only)}
`);
    sendOne(home, note, only);
  } else {
    writeNote(note, `[${fresh.map(printEnvelope).join(",")}]
`);
    syncFolder((0, import_node_path11.dirname)(note));
    sendSeveral(home, note, fresh);
  }
  return fresh;
}
function notesFolder(home, from) {
  return (0, import_node_path11.join)(outboxFolder(home, from), UNDER_WAY);
}
var ownMark;
function ownNoteName() {
  ownMark ?? (ownMark = markOf(process.pid));
  return `${ownMark.pid}~${ownMark.started ?? ""}~${newTail()}`;
}
function writeNote(note, text) {
  try {
    writeInPlace(note, text, { durable: true });
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
    makeFolder((0, import_node_path11.dirname)(note));
    writeInPlace(note, text, { durable: true });
  }
}
function sendOne(home, note, envelope) {
  record(home, envelope);
  const inbox = inFolder(inboxFolder(home, envelope.to), envelope.id);
  showOutside(home, note, envelope);
  linkOrCopy(note, inbox, envelope, true);
  const outbox = inFolder(outboxFolder(home, envelope.from), envelope.id);
  (0, import_node_fs12.renameSync)(note, outbox);
  if (isSettled(home, envelope)) removeIfThere(outbox);
}
function sendSeveral(home, note, envelopes) {
  for (const envelope of envelopes) {
    record(home, envelope);
    deliver(home, envelope);
  }
  removeIfThere(note);
}
function isKnown(home, envelope) {
  return (0, import_node_fs12.existsSync)(inFolder(inboxFolder(home, envelope.to), envelope.id)) || (0, import_node_fs12.existsSync)(inFolder(outboxFolder(home, envelope.from), envelope.id)) || isSettled(home, envelope);
}
function isSettled(home, { id, to }) {
  return (0, import_node_fs12.existsSync)(archiveFile(home, id)) || (0, import_node_fs12.existsSync)(inFolder(deadFolder(home, to), id));
}
function record(home, envelope) {
  logMessage(home, printEnvelope(envelope), true);
  noteInChat(home, envelope);
  noteInQuestions(home, envelope);
}
function deliver(home, envelope) {
  const outbox = outboxFolder(home, envelope.from);
  const inbox = inFolder(inboxFolder(home, envelope.to), envelope.id);
  makeFolder((0, import_node_path11.dirname)(inbox));
  createExclusive(inbox, `${printEnvelope(envelope)}
`, { durable: true });
  showOutside(home, inbox, envelope);
  linkOrCopy(inbox, inFolder(outbox, envelope.id), envelope, false);
  if (!isSettled(home, envelope)) return;
  removeIfThere(inFolder(outbox, envelope.id));
  removeIfThere(outsideFile(home, envelope) ?? "");
}
function showOutside(home, source, envelope) {
  const outside = outsideFile(home, envelope);
  if (outside !== void 0) linkOrCopy(source, outside, envelope, false);
}
function linkOrCopy(source, target, envelope, durable) {
  try {
    (0, import_node_fs12.linkSync)(source, target);
    if (durable) syncFolder((0, import_node_path11.dirname)(target));
  } catch (error) {
    if (isErrno(error, "EEXIST")) return;
    if (!isErrno(error, "ENOENT", "EPERM", "ENOTSUP", "ENOSYS", "EMLINK")) throw error;
    makeFolder((0, import_node_path11.dirname)(target));
    createExclusive(target, `${printEnvelope(envelope)}
`, { durable });
  }
}
function finishSends(home, from) {
  if (interrupted(home, from).length === 0) return false;
  return withMailMutex(home, from, () => {
    const notes = interrupted(home, from);
    for (const note of notes) finishNote(home, from, note);
    return notes.length > 0;
  });
}
function interrupted(home, from) {
  const folder = notesFolder(home, from);
  if (!(0, import_node_fs12.existsSync)(folder)) return [];
  return listNames(folder).map((name) => (0, import_node_path11.join)(folder, name)).filter((note) => {
    const [pid, started] = (0, import_node_path11.basename)(note).split("~");
    const liveness = livenessOf({ pid: Number(pid), started: started || null });
    if (liveness !== "unknown") return liveness === "dead";
    return Date.now() - (modifiedAt(note) ?? Date.now()) > UNKNOWN_MS;
  });
}
function finishNote(home, from, note) {
  const envelopes = envelopesIn(readTextIfThere(note) ?? "");
  if (envelopes.every((envelope) => envelope.from === from)) {
    for (const envelope of envelopes) finishOne(home, envelope);
  }
  removeIfThere(note);
}
function envelopesIn(text) {
  if (!text.endsWith("\n")) return [];
  const only = parseEnvelope(text);
  if (only || !text.startsWith("[")) return only ? [only] : [];
  try {
    const listed = JSON.parse(text);
    return listed.every(isEnvelope) ? listed : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
function finishOne(home, envelope) {
  const { id, to } = envelope;
  if (isSettled(home, envelope)) return;
  if (!(0, import_node_fs12.existsSync)(inFolder(inboxFolder(home, to), id))) {
    if (!isLogged(home, id)) logMessage(home, printEnvelope(envelope), true);
    if (isPeerTalk(envelope) && !isInChat(home, envelope)) noteInChat(home, envelope);
    noteInQuestions(home, envelope);
  }
  deliver(home, envelope);
}

// src/storage/light/trespass-scan.ts
var import_node_fs13 = require("fs");
var import_node_path12 = require("path");
var ENTRIES_MAX = 4e4;
var TIME_MAX_MS = 1500;
var FOUND_MAX = 50;
var SKIPPED = /* @__PURE__ */ new Set([
  ".git",
  "node_modules",
  ".coordination",
  ".progress",
  ".taskers",
  ".venv",
  "__pycache__"
]);
var TICK_MS = 20;
var SAVE_MS = 2e3;
function foreignChanges(own, sinceMs) {
  const deadline = Date.now() + TIME_MAX_MS;
  const budget = { entries: ENTRIES_MAX };
  const places = linkedRoots(own);
  places.push({ name: null, root: own.home });
  const found = [];
  for (const { name, root } of places) {
    if (name === own.name || found.length >= FOUND_MAX || Date.now() > deadline) continue;
    const changed = changesBelow(name, root, sinceMs - TICK_MS, budget, deadline);
    if (changed.length > 0) found.push(...changed.filter(unaccounted(own.home, name, sinceMs)));
  }
  return found.slice(0, FOUND_MAX);
}
function unaccounted(home, place, sinceMs) {
  const lines = knownChanges(home, place, sinceMs - 6e4);
  const known = new Set(lines.flatMap((line) => line.paths));
  const isBusy = commandsSince(home, place, sinceMs).length > 0;
  return (change) => {
    const path = (0, import_node_path12.join)(change.root, change.path);
    if (change.kind === "folder-changed") {
      return !isBusy && ![...known].some((file) => relativeTo(path, file) !== void 0);
    }
    return !known.has(path) && !isBusy && !isSavedByCoord(home, change);
  };
}
function isSavedByCoord(home, change) {
  var _a;
  const document = documentAt(change.path, false);
  const name = (document == null ? void 0 : document.kind) === "state" ? "STATE" : (document == null ? void 0 : document.kind) === "status" ? `STATUS-${document.phaseFolder}` : "";
  if (name === "") return false;
  const copy = coordinationPath(home, "roster", "good", `${fileNameOf(name)}.json`);
  const copiedAt = modifiedAt(copy);
  if (copiedAt === void 0 || Math.abs(copiedAt - change.atMs) >= SAVE_MS) return false;
  const saved = (_a = readRecord(copy)) == null ? void 0 : _a.updated;
  return saved !== void 0 && (readTextIfThere((0, import_node_path12.join)(change.root, change.path)) ?? "").includes(saved);
}
function changesBelow(place, root, sinceMs, budget, deadline) {
  const found = [];
  const queue = [{ path: "", changedAtMs: 0, isNew: false }];
  while (queue.length > 0 && budget.entries > 0 && found.length < FOUND_MAX && Date.now() < deadline) {
    const { path: folder, changedAtMs, isNew } = queue.shift();
    let hasNews = false;
    for (const entry of entriesOf((0, import_node_path12.join)(root, folder))) {
      budget.entries -= 1;
      const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) {
        const isOtherWorktree = path === ".claude/worktrees";
        if (SKIPPED.has(entry.name) || isOtherWorktree) continue;
        const below = folderAt((0, import_node_path12.join)(root, path), path, sinceMs);
        hasNews || (hasNews = below.isNew);
        queue.push(below);
        continue;
      }
      const atMs = changedAt((0, import_node_path12.join)(root, path));
      if (atMs < sinceMs || entry.name === ".git" || isTemporary(path)) continue;
      hasNews = true;
      found.push({ place, root, path, kind: "changed", atMs });
    }
    if (changedAtMs < sinceMs || hasNews) continue;
    const kind = isNew ? "changed" : "folder-changed";
    found.push({ place, root, path: folder, kind, atMs: changedAtMs });
  }
  return found;
}
function folderAt(absolute, path, sinceMs) {
  try {
    const stat = (0, import_node_fs13.lstatSync)(absolute);
    return { path, changedAtMs: stat.ctimeMs, isNew: stat.birthtimeMs >= sinceMs };
  } catch (error) {
    if (isMissing(error)) return { path, changedAtMs: 0, isNew: false };
    throw error;
  }
}
function entriesOf(folder) {
  try {
    return (0, import_node_fs13.readdirSync)(folder, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
function changedAt(path) {
  try {
    return (0, import_node_fs13.lstatSync)(path).ctimeMs;
  } catch (error) {
    if (isMissing(error)) return 0;
    throw error;
  }
}

// src/usecases/report-trespass.ts
var LISTED_MAX = 20;
function reportTrespass(own, command) {
  const changes = foreignChanges(own, command.startedAtMs);
  if (changes.length === 0) return void 0;
  const { home } = own;
  const damages = damageByOwner(home, changes);
  const what = `\`${cleanLine(command.command, 300)}\` (run by ${command.actor} in ${command.root})`;
  for (const damage of damages) {
    const text = `While ${what} ran, files in the worktree of ${damage.owner} changed that its own session did not write:
${damage.lines.join("\n")}`;
    tell(home, damage.owner, text, { trespass_by: command.actor });
    if (damage.owner !== COORDINATOR) tell(home, COORDINATOR, text, { trespass_by: command.actor });
  }
  for (const change of changes) {
    const paths = [(0, import_node_path13.join)(change.root, change.path)];
    noteChanges(home, change.place, { atMs: nowMs(), session: command.session, paths });
  }
  noteAct(
    home,
    { act: "trespass", actor: command.actor, files: changes.length, command: command.command },
    nowMs()
  );
  const list = damages.map((damage) => `of ${damage.owner}:
${damage.lines.join("\n")}`).join("\n");
  return `[coord] Trespass: while your command \`${cleanLine(command.command, 200)}\` ran, files outside your worktree changed that nobody else accounts for. Their owners and the coordinator were told. If it was your command, restore them now, and write only below ${own.root}.
Files ${list}`;
}
function damageByOwner(home, changes) {
  const roots = [...new Set(changes.map((change) => change.root))];
  return roots.map((root) => {
    var _a;
    const here = changes.filter((change) => change.root === root);
    const place = ((_a = here[0]) == null ? void 0 : _a.place) ?? null;
    const lines = here.flatMap((change) => linesOf(change)).slice(0, LISTED_MAX);
    const rest = here.length > lines.length ? [`- and ${here.length - lines.length} more`] : [];
    return { owner: ownerOfPlace(home, place), root, lines: [...lines, ...rest] };
  });
}
function linesOf(change) {
  const { root, path, kind } = change;
  const where = `git -C ${cleanWord(root)}`;
  if (kind === "folder-changed") {
    const gone = git(root, ["ls-files", "--deleted", "-z", "--", path]).stdout.split("\0").filter(Boolean);
    if (gone.length === 0) return [`- ${cleanLine(path)}/: entries were taken out or renamed`];
    return gone.map(
      (file) => `- ${cleanLine(file)} removed; restore: ${where} restore -- ${cleanWord(file)}`
    );
  }
  const isTracked = git(root, ["ls-files", "--error-unmatch", "--", path]).ok;
  if (!isTracked)
    return [
      `- ${cleanLine(path)} made or changed; git does not track it: look at it, and remove it if it is not yours`
    ];
  return [
    `- ${cleanLine(path)} changed; see ${where} diff -- ${cleanWord(path)}; restore: ${where} restore -- ${cleanWord(path)}`
  ];
}
function tell(home, to, content, metadata) {
  if (!hasInbox(home, to)) return;
  const atMs = nowMs();
  const draft = {
    to,
    type: "error",
    content,
    priority: "urgent",
    metadata: { ...metadata, error_type: "trespass" }
  };
  sendEnvelope(home, envelopeAt(draft, { tail: newTail(), from: SYSTEM, atMs }));
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  reportTrespass
});
// mark abb3bb5f5bb13ce6
