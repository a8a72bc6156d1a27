// Built from src/surfaces/hooks/entries/staging.ts; do not edit.

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

// src/surfaces/hooks/entries/staging.ts
var staging_exports = {};
__export(staging_exports, {
  findForeignDirt: () => findForeignDirt
});
module.exports = __toCommonJS(staging_exports);

// src/domain/glob-overlap.ts
var ALTERNATIVES_MAX = 256;
function globsOverlap(a, b, caseBlind = false) {
  const fold = (glob) => caseBlind ? glob.toLowerCase() : glob;
  const left = expandBraces(fold(a)).map(segmentsOf);
  const right = expandBraces(fold(b)).map(segmentsOf);
  return left.some((one) => right.some((other) => pathsMeet(one, other)));
}
function segmentsOf(glob) {
  return glob.replace(/^(?:\.\/)+/, "").replace(/\/+$/, "/**").split("/").filter((segment) => segment !== "" && segment !== ".");
}
function expandBraces(glob) {
  const found = [];
  const open = [glob];
  while (open.length > 0) {
    const next = open.pop() ?? "";
    const match = /^((?:[^{}\\]|\\.)*)\{([^{}]*)\}(.*)$/s.exec(next);
    if (!match) {
      found.push(next);
      continue;
    }
    const [, before = "", inner = "", after = ""] = match;
    const words = found.length + open.length < ALTERNATIVES_MAX ? inner.split(",") : ["*"];
    for (const word of words) open.push(`${before}${word}${after}`);
  }
  return found;
}
function pathsMeet(a, b) {
  return meet(
    a.length,
    b.length,
    (at) => a[at] === "**",
    (at) => b[at] === "**",
    (i, j) => segmentsMeet(a[i] ?? "", b[j] ?? "")
  );
}
function segmentsMeet(a, b) {
  if (a === b) return true;
  const [left, right] = [tokensOf(a), tokensOf(b)];
  return meet(
    left.length,
    right.length,
    (at) => {
      var _a;
      return ((_a = left[at]) == null ? void 0 : _a.kind) === "star";
    },
    (at) => {
      var _a;
      return ((_a = right[at]) == null ? void 0 : _a.kind) === "star";
    },
    (i, j) => tokensMeet(left[i], right[j])
  );
}
function meet(lengthA, lengthB, isStarA, isStarB, agree) {
  const width = lengthB + 1;
  const seen = new Uint8Array((lengthA + 1) * width);
  const open = [0];
  while (open.length > 0) {
    const at = open.pop() ?? 0;
    if (seen[at] === 1) continue;
    seen[at] = 1;
    const [i, j] = [Math.floor(at / width), at % width];
    if (i === lengthA && j === lengthB) return true;
    const [hasA, hasB] = [i < lengthA, j < lengthB];
    if (hasA && isStarA(i)) {
      open.push(at + width);
      if (hasB) open.push(at + 1);
    }
    if (hasB && isStarB(j)) {
      open.push(at + 1);
      if (hasA) open.push(at + width);
    }
    if (hasA && hasB && !isStarA(i) && !isStarB(j) && agree(i, j)) open.push(at + width + 1);
  }
  return false;
}
function tokensMeet(a, b) {
  if (!a || !b || a.kind === "star" || b.kind === "star") return false;
  if (a.kind === "any" || b.kind === "any") return true;
  return [...a.sample].some((unit) => b.holds(unit)) || [...b.sample].some((unit) => a.holds(unit)) || bothOpen(a, b);
}
function bothOpen(a, b) {
  return a.holds("\uFFFF") && b.holds("\uFFFF");
}
function tokensOf(segment) {
  const tokens = [];
  for (let at = 0; at < segment.length; at += 1) {
    const unit = segment.charAt(at);
    if (/[@!?*+]/.test(unit) && segment.charAt(at + 1) === "(") {
      const end = segment.indexOf(")", at);
      if (end !== -1) {
        tokens.push({ kind: "star" });
        at = end;
        continue;
      }
    }
    if (unit === "*") tokens.push({ kind: "star" });
    else if (unit === "?") tokens.push({ kind: "any" });
    else if (unit === "\\") {
      at += 1;
      tokens.push(literal(segment.charAt(at)));
    } else if (unit === "[") {
      const set = readSet(segment, at);
      tokens.push((set == null ? void 0 : set.token) ?? literal(unit));
      at = (set == null ? void 0 : set.end) ?? at;
    } else tokens.push(literal(unit));
  }
  return tokens;
}
function literal(unit) {
  return { kind: "set", holds: (other) => other === unit, sample: unit };
}
function readSet(segment, from) {
  const end = segment.indexOf("]", from + 2);
  if (end === -1) return void 0;
  const body = segment.slice(from + 1, end);
  if (body.startsWith("!")) return { token: { kind: "any" }, end };
  const isOpen = body.startsWith("^");
  const ranges = [...(isOpen ? body.slice(1) : body).matchAll(/(.)-(.)|(.)/gs)].map(
    ([, low, high, one = ""]) => [low ?? one, high ?? one]
  );
  const isIn = (unit) => ranges.some(([low, high]) => unit >= low && unit <= high);
  const sample = isOpen ? "" : ranges.map(([low, high]) => between(low, high)).join("");
  return { token: { kind: "set", holds: (unit) => isIn(unit) !== isOpen, sample }, end };
}
function between(low, high) {
  const [from, to] = [low.charCodeAt(0), Math.min(high.charCodeAt(0), low.charCodeAt(0) + 4096)];
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, at) => String.fromCharCode(from + at)).join(
    ""
  );
}

// src/domain/lock.ts
var LOCK_KINDS = ["file", "tree", "glob"];
var SPECIAL = /[*?[{]/;
function foldPath(path, caseBlind) {
  return caseBlind ? path.normalize("NFC").toLowerCase().normalize("NFC") : path;
}
function lockKey(place, path, caseBlind) {
  return `${place ?? ""}:${foldPath(path, caseBlind)}`;
}
function pathsAround(path) {
  const around = [""];
  for (let at = path.indexOf("/"); at !== -1; at = path.indexOf("/", at + 1)) around.push(path.slice(0, at));
  if (path !== "") around.push(path);
  return around;
}
function stemOf(glob) {
  const plain = glob.slice(0, glob.search(SPECIAL));
  return plain.slice(0, Math.max(0, plain.lastIndexOf("/")));
}
function isInside(folder, path) {
  return folder === "" || path === folder || path.startsWith(`${folder}/`);
}
function covers(target, file, caseBlind) {
  const path = foldPath(target.path, caseBlind);
  const asked = foldPath(file, caseBlind);
  if (target.kind === "file") return path === asked;
  if (target.kind === "tree") return isInside(path, asked);
  return globsOverlap(path, literalGlob(asked));
}
function collide(one, other, caseBlind) {
  if (one.inode !== void 0 && one.inode === other.inode) return true;
  if (one.place !== other.place) return false;
  if (one.kind === "file") return covers(other, one.path, caseBlind);
  if (other.kind === "file") return covers(one, other.path, caseBlind);
  const [a, b] = [foldPath(one.path, caseBlind), foldPath(other.path, caseBlind)];
  if (one.kind === "tree" && other.kind === "tree") return isInside(a, b) || isInside(b, a);
  return globsOverlap(patternOf(one.kind, a), patternOf(other.kind, b));
}
function patternOf(kind, path) {
  if (kind === "glob") return path;
  return path === "" ? "**" : `${literalGlob(path)}/**`;
}
function literalGlob(path) {
  return path.replace(/[\\*?[\]{}@!+()]/g, "\\$&");
}
function parseLockNote(text) {
  const value = parseObject(text);
  const { kind, place, path, inode, name, taking } = value;
  const known = LOCK_KINDS.find((one) => one === kind);
  if (known === void 0 || typeof path !== "string" || typeof name !== "string") return void 0;
  if (!(place === null || typeof place === "string") || typeof taking !== "string") return void 0;
  const target = { kind: known, place, path, ...typeof inode === "string" ? { inode } : {} };
  return { target, name, taking, isAlias: value["isAlias"] === true };
}
function parseObject(text) {
  try {
    const value = JSON.parse(text ?? "null");
    return typeof value === "object" && value !== null ? value : {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
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

// src/storage/light/lock-holders.ts
var import_node_path6 = require("path");

// src/storage/light/epochs.ts
var import_node_fs3 = require("fs");
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

// src/storage/light/process.ts
var import_node_fs2 = require("fs");
var import_node_path2 = require("path");
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
    const touchedAt = (_a = (0, import_node_fs2.statSync)((0, import_node_path2.join)(folder, name), { throwIfNoEntry: false })) == null ? void 0 : _a.mtimeMs;
    if (touchedAt !== void 0 && Math.abs(now - touchedAt) > TEMPORARY_STALE_MS)
      removeIfThere((0, import_node_path2.join)(folder, name));
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
    const boot = (0, import_node_fs2.readFileSync)("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    const namespace = (_a = /\d+/.exec((0, import_node_fs2.readlinkSync)("/proc/self/ns/pid"))) == null ? void 0 : _a[0];
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
    stat = (0, import_node_fs2.readFileSync)(`/proc/${pid}/stat`, "utf8");
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
    const top = readEpoch((0, import_node_path3.join)(dir, nameAmong(names, epoch)), epoch);
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
      removeIfThere((0, import_node_path3.join)(dir, name));
    } catch (error) {
      if (!isErrno(error, "EISDIR", "EPERM", "EACCES", "EBUSY")) throw error;
    }
  }
  if (names.includes(DOUBT_FILE)) removeIfThere((0, import_node_path3.join)(dir, DOUBT_FILE));
  sweepTemporaries(dir, names, now);
}
function beat(dir, epoch, now) {
  try {
    (0, import_node_fs3.utimesSync)(epochPath(dir, epoch), now / 1e3, now / 1e3);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return false;
    throw error;
  }
}
function heardOf(dir, top, now) {
  if (top.heardAt <= now + SKEW_MS) return top.heardAt;
  const doubt = parseDoubt(readTextIfThere((0, import_node_path3.join)(dir, DOUBT_FILE)));
  if ((doubt == null ? void 0 : doubt.epoch) === top.epoch && doubt.heardAt === top.heardAt && doubt.since <= now + SKEW_MS)
    return doubt.since;
  const text = JSON.stringify({ epoch: top.epoch, heardAt: top.heardAt, since: now });
  writeAtomic((0, import_node_path3.join)(dir, DOUBT_FILE), `${text}
`, { durable: false });
  return now;
}
function epochPath(dir, epoch) {
  return (0, import_node_path3.join)(dir, `${String(epoch).padStart(EPOCH_DIGITS, "0")}.json`);
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
    const stats = (0, import_node_fs3.statSync)(path);
    const heardAt = Math.round(stats.mtimeMs);
    const record2 = stats.isFile() ? parseRecord((0, import_node_fs3.readFileSync)(path, "utf8"), epoch) : void 0;
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
  const value = parseObject2(text);
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
  const value = parseObject2(text ?? "");
  const { epoch, heardAt, since } = value ?? {};
  if (typeof epoch !== "number" || typeof heardAt !== "number" || typeof since !== "number") return void 0;
  return { epoch, heardAt, since };
}
function parseObject2(text) {
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

// src/storage/light/lock-files.ts
var import_node_fs5 = require("fs");
var import_node_path5 = require("path");

// src/storage/light/lease.ts
var grants = /* @__PURE__ */ new WeakMap();
var LOOKS_MAX2 = 32;
function readLease(dir) {
  var _a;
  return (_a = readTop(dir)) == null ? void 0 : _a.record;
}
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
function findHeld(dir, holder) {
  const top = readTop(dir);
  if (!(top == null ? void 0 : top.isReadable) || !top.record.holder || !sameInstance(top.record.holder, holder)) return void 0;
  return proofOf(dir, top.record, { now: Date.now });
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

// src/storage/light/roster.ts
var import_node_fs4 = require("fs");
var import_node_path4 = require("path");

// src/domain/project-paths.ts
var COORDINATION = ".coordination";

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

// src/storage/light/roster.ts
var NAME_MAX = 120;
function fileNameOf(id) {
  const safe = id.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, NAME_MAX);
  return safe === "" || safe.startsWith(".") ? `_${safe}` : safe;
}
function coordinationPath(home, ...parts) {
  return (0, import_node_path4.join)(home, COORDINATION, ...parts);
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
  makeFolder((0, import_node_path4.join)(file, ".."));
  writeAtomic(file, `${JSON.stringify(record2, null, 2)}
`, { durable });
}
function sessionFile(home, session, agent) {
  return rosterFile(home, "sessions", agent === null ? session : `${session}.${agent}`);
}
function readSession(home, session, agent) {
  return readRecord(sessionFile(home, session, agent));
}
function listSessions(home) {
  const folder = coordinationPath(home, "roster", "sessions");
  const found = [];
  for (const name of listNames(folder)) {
    const record2 = name.endsWith(".json") ? readRecord((0, import_node_path4.join)(folder, name)) : void 0;
    const heardAtMs = record2 ? modifiedAt((0, import_node_path4.join)(folder, name)) : void 0;
    if (record2 && heardAtMs !== void 0) found.push({ ...record2, heardAtMs });
  }
  return found;
}
function sessionHeardAt(home, session, agent) {
  const own = agent === null ? void 0 : modifiedAt(sessionFile(home, session, agent));
  return own ?? modifiedAt(sessionFile(home, session, null));
}
function modifiedAt(file) {
  var _a;
  try {
    return (_a = (0, import_node_fs4.statSync)(file, { throwIfNoEntry: false })) == null ? void 0 : _a.mtimeMs;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}

// src/storage/light/lock-files.ts
var FOLDERS = { file: "locks-file", tree: "locks-tree", glob: "locks-glob" };
var CERTAIN_PREFIX = NAME_LENGTH_MAX - 33;
function leasesFolder(home) {
  return coordinationPath(home, "leases");
}
function kindFolder(home, kind) {
  return (0, import_node_path5.join)(leasesFolder(home), FOLDERS[kind]);
}
function lockFolder(space, kind, path) {
  const key = leaseName(lockKey(space.place, path, space.caseBlind));
  return kind === "glob" ? (0, import_node_path5.join)(stemFolder(space, stemOf(path)), key) : (0, import_node_path5.join)(kindFolder(space.home, kind), key);
}
function inodeFolder(home, inode) {
  return (0, import_node_path5.join)(kindFolder(home, "file"), leaseName(`/inode:${inode}`));
}
function stemFolder(space, stem) {
  return (0, import_node_path5.join)(kindFolder(space.home, "glob"), leaseName(lockKey(space.place, stem, space.caseBlind)));
}
function foldersCovering(space, target) {
  const dirs = [lockFolder(space, "file", target.path)];
  if (target.inode !== void 0) dirs.push(inodeFolder(space.home, target.inode));
  const [trees, globs] = [kindFolder(space.home, "tree"), kindFolder(space.home, "glob")];
  const [hasTrees, hasGlobs] = [(0, import_node_fs5.existsSync)(trees), (0, import_node_fs5.existsSync)(globs)];
  if (!hasTrees && !hasGlobs) return dirs;
  for (const path of pathsAround(target.path)) {
    const key = leaseName(lockKey(space.place, path, space.caseBlind));
    if (hasTrees) dirs.push((0, import_node_path5.join)(trees, key));
    const stem = (0, import_node_path5.join)(globs, key);
    if (hasGlobs && (0, import_node_fs5.existsSync)(stem)) for (const name of listNames(stem)) dirs.push((0, import_node_path5.join)(stem, name));
  }
  return dirs;
}
function foldersAround(space, target) {
  const stem = target.kind === "glob" ? stemOf(target.path) : target.path;
  const dirs = pathsAround(stem).map((path) => lockFolder(space, "tree", path));
  const prefix = namePrefix(lockKey(space.place, stem === "" ? "" : `${stem}/`, space.caseBlind));
  for (const kind of ["file", "tree"]) {
    const folder = kindFolder(space.home, kind);
    for (const name of listNames(folder)) if (name.startsWith(prefix)) dirs.push((0, import_node_path5.join)(folder, name));
  }
  if (target.kind === "tree" && stem !== "") dirs.push(lockFolder(space, "file", stem));
  return [.../* @__PURE__ */ new Set([...dirs, ...globFolders(space.home)])];
}
function namePrefix(keyStart) {
  const name = leaseName(`${keyStart}x`);
  const whole = name.includes("~") ? name : name.slice(0, -1);
  return whole.slice(0, CERTAIN_PREFIX);
}
function globFolders(home) {
  const folder = kindFolder(home, "glob");
  return listNames(folder).flatMap(
    (stem) => listNames((0, import_node_path5.join)(folder, stem)).map((name) => (0, import_node_path5.join)(folder, stem, name))
  );
}
function allLockFolders(home) {
  const plain = ["file", "tree"].flatMap((kind) => {
    const folder = kindFolder(home, kind);
    return listNames(folder).map((name) => (0, import_node_path5.join)(folder, name));
  });
  return [...plain, ...globFolders(home)];
}
function readLock(dir) {
  if (!(0, import_node_fs5.existsSync)(dir)) return void 0;
  const record2 = readLease(dir);
  if (!(record2 == null ? void 0 : record2.holder)) return void 0;
  const note = parseLockNote(record2.note) ?? {
    target: { kind: "file", place: null, path: `(unreadable: ${(0, import_node_path5.basename)(dir)})` },
    name: "unreadable",
    taking: "",
    isAlias: false
  };
  return { dir, note, record: { ...record2, holder: record2.holder } };
}
function isUnreadable(lock) {
  return parseLockNote(lock.record.note) === void 0;
}
function removeLockFolder(dir) {
  for (const name of listNames(dir).sort()) removeIfThere((0, import_node_path5.join)(dir, name));
  removeFolder(dir);
  if ((0, import_node_path5.basename)((0, import_node_path5.join)(dir, "..", "..")) === FOLDERS.glob) removeFolder((0, import_node_path5.join)(dir, ".."));
}
function removeFolder(dir) {
  try {
    (0, import_node_fs5.rmdirSync)(dir);
  } catch (error) {
    if (!isErrno(error, "ENOENT", "ENOTEMPTY", "EEXIST", "ENOTDIR")) throw error;
  }
}

// src/storage/light/lock-holders.ts
var SILENT_MS = 15 * 6e4;
var SUSPECTED_MS = 6e4;
var SUSPICION_KEPT_MS = 10 * 6e4;
var REAL_SEAMS = { now: Date.now, livenessOf };
function sessionHolder(home, session, agent, client = null) {
  const record2 = (agent === null ? void 0 : readSession(home, session, agent)) ?? readSession(home, session, null);
  const owner = agent === null ? session : `${session}.${agent}`;
  return { owner, session, agent, process: client ?? (record2 == null ? void 0 : record2.process) ?? null };
}
function isSameInstance(a, b) {
  return a.owner === b.owner && a.session === b.session && a.agent === b.agent;
}
function livenessOfLock(home, lock, seams) {
  const heardAt = heardAtOf(home, lock, seams.now());
  if (isUnreadable(lock)) return seams.now() - heardAt > UNREADABLE_TTL_MS ? "dead" : "unknown";
  const liveness = livenessOfHolder(home, lock.record, seams);
  if (liveness !== "unknown" || seams.now() - heardAt <= SILENT_MS) return liveness;
  return isLongSuspected(lock, heardAt, seams.now()) ? "dead" : "unknown";
}
function livenessOfHolder(home, record2, seams) {
  const { holder } = record2;
  if (!(holder == null ? void 0 : holder.process)) return "unknown";
  const liveness = seams.livenessOf(holder.process);
  if (liveness !== "alive" || holder.session === null) return liveness;
  return hasMovedOn(home, holder.session, holder.process) ? "dead" : "alive";
}
function hasMovedOn(home, session, process2) {
  const own = readSession(home, session, null);
  return listSessions(home).some((other) => {
    var _a;
    const isThere = ((_a = other.process) == null ? void 0 : _a.pid) === process2.pid && other.process.started === process2.started;
    if (!isThere || other.agent !== null || other.session === session) return false;
    return own === void 0 || other.startedAt > own.startedAt;
  });
}
function heardAtOf(home, lock, nowMs) {
  const { holder, epoch, takenAt } = lock.record;
  const lease = modifiedAt((0, import_node_path6.join)(lock.dir, `${String(epoch).padStart(10, "0")}.json`)) ?? takenAt;
  const session = holder.session === null ? void 0 : sessionHeardAt(home, holder.session, holder.agent);
  return Math.min(nowMs, Math.max(lease, session ?? 0));
}
function isLongSuspected(lock, heardAt, nowMs) {
  const file = (0, import_node_path6.join)(lock.dir, "suspect.json");
  const { epoch } = lock.record;
  const known = readRecord(file);
  const isOfThis = (known == null ? void 0 : known.epoch) === epoch && known.heardAt === heardAt;
  const agedMs = isOfThis ? nowMs - known.sinceMs : -1;
  if (agedMs < 0 || agedMs > SUSPICION_KEPT_MS) {
    writeAtomic(file, `${JSON.stringify({ epoch, heardAt, sinceMs: nowMs })}
`, { durable: false });
    return false;
  }
  return agedMs >= SUSPECTED_MS;
}

// src/storage/light/location.ts
var import_node_fs6 = require("fs");
var import_node_path8 = require("path");

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

// src/storage/light/resolution.ts
var import_node_path7 = require("path");
function relativeTo(root, path) {
  if (path === root) return "";
  const prefix = root.endsWith(import_node_path7.sep) ? root : root + import_node_path7.sep;
  return path.startsWith(prefix) ? path.slice(prefix.length).replaceAll(import_node_path7.sep, "/") : void 0;
}

// src/storage/light/location.ts
function isCaseBlind(home) {
  return (0, import_node_fs6.existsSync)((0, import_node_path8.join)(home, COORDINATION.toUpperCase()));
}

// src/storage/light/lock-targets.ts
function lockSpaceOf(place) {
  return { home: place.home, place: place.name, caseBlind: isCaseBlind(place.home) };
}

// src/storage/light/lock-interests.ts
var import_node_path13 = require("path");

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

// src/storage/light/mail-files.ts
var import_node_fs7 = require("fs");
var import_node_path10 = require("path");

// src/storage/light/mutex.ts
var import_node_path9 = require("path");
var WAIT_MS = 2e4;
var UNKNOWN_TTL_MS = 6e4;
var SLEEP_MIN_MS = 1;
var SLEEP_MAX_MS = 16;
function withMutex(dir, name, body, options = {}) {
  const taken = enter((0, import_node_path9.join)(dir, leaseName(name)), name, options.waitMs ?? WAIT_MS);
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
  return (0, import_node_path10.join)(folder, `${fileNameOf(id)}${SUFFIX}`);
}
function hasInbox(home, agent) {
  return (0, import_node_fs7.existsSync)(inboxFolder(home, agent));
}
function withMailMutex(home, agent, body) {
  const outcome = withMutex(coordinationPath(home, "leases"), `mail-${agent}`, body);
  if (!outcome.done)
    throw new Error(`the mailbox of ${agent} stayed busy: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}

// src/storage/light/sending.ts
var import_node_fs11 = require("fs");
var import_node_path12 = require("path");

// src/storage/light/appending.ts
var import_node_fs8 = require("fs");
var import_node_path11 = require("path");
var APPEND_TRIES_MAX = 3;
function appendLine(path, line, options) {
  if (/[\r\n]/.test(line)) throw new Error("a line has no line breaks");
  const fd = (0, import_node_fs8.openSync)(path, "a+", options.mode ?? 438);
  let isNew = false;
  let bytesAfter = 0;
  try {
    for (let tries = 1; ; tries += 1) {
      const size = (0, import_node_fs8.fstatSync)(fd).size;
      isNew || (isNew = size === 0);
      const start2 = size === 0 || textFrom(fd, size - 1, size) === "\n" ? "" : "\n";
      const bytes = Buffer.from(`${start2}${line}
`);
      const isWhole = (0, import_node_fs8.writeSync)(fd, bytes) === bytes.length;
      bytesAfter = (0, import_node_fs8.fstatSync)(fd).size;
      if (isWhole && `
${textFrom(fd, size, bytesAfter)}`.includes(`
${line}
`)) break;
      if (tries === APPEND_TRIES_MAX) throw new Error(`${path}: a line was torn ${tries} times in a row`);
    }
    if (options.durable) (0, import_node_fs8.fsyncSync)(fd);
  } finally {
    (0, import_node_fs8.closeSync)(fd);
  }
  if (isNew && options.durable) syncFolder((0, import_node_path11.dirname)(path));
  return bytesAfter;
}
function textFrom(fd, from, to) {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  return bytes.toString("utf8", 0, (0, import_node_fs8.readSync)(fd, bytes, 0, bytes.length, from));
}

// src/storage/light/log-tail.ts
var import_node_fs9 = require("fs");
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
    descriptor = (0, import_node_fs9.openSync)(file, "r");
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
  try {
    const { from, length } = choose((0, import_node_fs9.fstatSync)(descriptor).size);
    const buffer = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const got = (0, import_node_fs9.readSync)(descriptor, buffer, read, length - read, from + read);
      if (got === 0) break;
      read += got;
    }
    return buffer.subarray(0, read);
  } finally {
    (0, import_node_fs9.closeSync)(descriptor);
  }
}
var CHUNK_BYTES = 1024 * 1024;

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
var import_node_fs10 = require("fs");
var LOG_FILE = "messages.jsonl";
var LOG_BYTES_MAX = 64 * 1024 * 1024;
var TAIL_BYTES2 = 8 * 1024 * 1024;
function logFile(home) {
  return coordinationPath(home, LOG_FILE);
}
function listFullLogs(home) {
  return listNames(coordinationPath(home)).filter((name) => /^messages-\d{8}-\d{9}\.jsonl$/.test(name)).sort().map((name) => coordinationPath(home, name));
}
function logMessage(home, line, durable) {
  const bytes = appendLine(logFile(home), line, { durable });
  if (bytes > LOG_BYTES_MAX) rotateLog(home);
}
function isLogged(home, id) {
  var _a;
  const file = logFile(home);
  if (hasLine(file, id, TAIL_BYTES2)) return true;
  const isYoung = (((_a = (0, import_node_fs10.statSync)(file, { throwIfNoEntry: false })) == null ? void 0 : _a.size) ?? 0) < TAIL_BYTES2;
  const before = isYoung ? listFullLogs(home).at(-1) : void 0;
  return before !== void 0 && hasLine(before, id, TAIL_BYTES2);
}
function rotateLog(home) {
  withMutex(coordinationPath(home, "leases"), "message-log", () => {
    var _a;
    const file = logFile(home);
    if ((((_a = (0, import_node_fs10.statSync)(file, { throwIfNoEntry: false })) == null ? void 0 : _a.size) ?? 0) <= LOG_BYTES_MAX) return;
    const stamp = (/* @__PURE__ */ new Date()).toISOString().replace(/[-:.Z]/g, "").replace("T", "-");
    const full = coordinationPath(home, `messages-${stamp}.jsonl`);
    if (!(0, import_node_fs10.existsSync)(full)) (0, import_node_fs10.renameSync)(file, full);
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
  const note = (0, import_node_path12.join)(notesFolder(home, from), ownNoteName());
  if (fresh.length === 1) {
    writeNote(note, `${printEnvelope(only)}
`);
    sendOne(home, note, only);
  } else {
    writeNote(note, `[${fresh.map(printEnvelope).join(",")}]
`);
    syncFolder((0, import_node_path12.dirname)(note));
    sendSeveral(home, note, fresh);
  }
  return fresh;
}
function notesFolder(home, from) {
  return (0, import_node_path12.join)(outboxFolder(home, from), UNDER_WAY);
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
    makeFolder((0, import_node_path12.dirname)(note));
    writeInPlace(note, text, { durable: true });
  }
}
function sendOne(home, note, envelope) {
  record(home, envelope);
  const inbox = inFolder(inboxFolder(home, envelope.to), envelope.id);
  showOutside(home, note, envelope);
  linkOrCopy(note, inbox, envelope, true);
  const outbox = inFolder(outboxFolder(home, envelope.from), envelope.id);
  (0, import_node_fs11.renameSync)(note, outbox);
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
  return (0, import_node_fs11.existsSync)(inFolder(inboxFolder(home, envelope.to), envelope.id)) || (0, import_node_fs11.existsSync)(inFolder(outboxFolder(home, envelope.from), envelope.id)) || isSettled(home, envelope);
}
function isSettled(home, { id, to }) {
  return (0, import_node_fs11.existsSync)(archiveFile(home, id)) || (0, import_node_fs11.existsSync)(inFolder(deadFolder(home, to), id));
}
function record(home, envelope) {
  logMessage(home, printEnvelope(envelope), true);
  noteInChat(home, envelope);
  noteInQuestions(home, envelope);
}
function deliver(home, envelope) {
  const outbox = outboxFolder(home, envelope.from);
  const inbox = inFolder(inboxFolder(home, envelope.to), envelope.id);
  makeFolder((0, import_node_path12.dirname)(inbox));
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
    (0, import_node_fs11.linkSync)(source, target);
    if (durable) syncFolder((0, import_node_path12.dirname)(target));
  } catch (error) {
    if (isErrno(error, "EEXIST")) return;
    if (!isErrno(error, "ENOENT", "EPERM", "ENOTSUP", "ENOSYS", "EMLINK")) throw error;
    makeFolder((0, import_node_path12.dirname)(target));
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
  if (!(0, import_node_fs11.existsSync)(folder)) return [];
  return listNames(folder).map((name) => (0, import_node_path12.join)(folder, name)).filter((note) => {
    const [pid, started] = (0, import_node_path12.basename)(note).split("~");
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
  if (!(0, import_node_fs11.existsSync)(inFolder(inboxFolder(home, to), id))) {
    if (!isLogged(home, id)) logMessage(home, printEnvelope(envelope), true);
    if (isPeerTalk(envelope) && !isInChat(home, envelope)) noteInChat(home, envelope);
    noteInQuestions(home, envelope);
  }
  deliver(home, envelope);
}

// src/storage/light/lock-interests.ts
var INTERESTS_MAX = 2e3;
function interestsFolder(home) {
  return (0, import_node_path13.join)(leasesFolder(home), "locks-wanted");
}
function announceFree(home, freed, othersOn2, seams) {
  if ((freed == null ? void 0 : freed.length) === 0) return;
  for (const { file, interest } of readInterests(home)) {
    const { waiter, space, target } = interest;
    const concerns = (freed == null ? void 0 : freed.some((one) => collide(one, target, space.caseBlind))) ?? true;
    if (!concerns) continue;
    const isGone = waiter.process !== null && seams.livenessOf(waiter.process) === "dead";
    if (!isGone && interest.freedAtMs === void 0) {
      if (othersOn2(space, waiter, target, seams).length > 0) continue;
      const freedAtMs = seams.now();
      writeRecord(file, { ...interest, freedAtMs }, false);
      tell(home, interest, freedAtMs);
    } else if (!isGone) tell(home, interest, interest.freedAtMs ?? seams.now());
    removeIfThere(file);
  }
}
function tell(home, { waiter, name, target, sinceMs }, freedAtMs) {
  if (!hasInbox(home, name)) return;
  const path = target.path === "" ? "." : target.path;
  const seconds = Math.max(0, Math.round((freedAtMs - sinceMs) / 1e3));
  const draft = {
    to: name,
    type: "progress",
    content: `The lock on ${cleanLine(path)} is free, for which you were refused ${seconds} s before. Your next write takes it; to have it at once: coord lock ${cleanWord(path)}`,
    priority: "high",
    metadata: { lock_free: path, for_session: waiter.session, for_agent: waiter.agent }
  };
  const tail = `lock.${hash128(`${waiter.owner} ${target.kind} ${target.path} ${sinceMs}`)}`;
  sendEnvelope(home, envelopeAt(draft, { tail, from: SYSTEM, atMs: freedAtMs }));
}
function readInterests(home) {
  const folder = interestsFolder(home);
  return listNames(folder, INTERESTS_MAX).filter((name) => !isTemporary(name)).map((name) => ({ file: (0, import_node_path13.join)(folder, name), interest: readRecord((0, import_node_path13.join)(folder, name)) })).filter((it) => it.interest !== void 0);
}

// src/storage/light/lock-leases.ts
var import_node_fs12 = require("fs");
var import_node_path14 = require("path");
var MUTEX = "locks";
function enterLocks(home, seams, body) {
  const outcome = withMutex(
    leasesFolder(home),
    MUTEX,
    () => {
      recoverTaking(home);
      return body();
    },
    seams.mutexMs === void 0 ? {} : { waitMs: seams.mutexMs }
  );
  return outcome.done ? outcome.value : outcome.problem;
}
function releaseFound(home, lock) {
  const { inode } = lock.note.target;
  const alias = inode === void 0 || lock.note.isAlias ? void 0 : readLock(inodeFolder(home, inode));
  if (alias && isSameInstance(alias.record.holder, lock.record.holder)) releaseOne(alias);
  return releaseOne(lock);
}
function takingFile(home) {
  return (0, import_node_path14.join)(leasesFolder(home), "locks-taking.json");
}
function releaseOne(lock) {
  const held = findHeld(lock.dir, lock.record.holder);
  const isReleased = held !== void 0 && held.epoch === lock.record.epoch && releaseLease(held);
  const left = readLock(lock.dir);
  if (!left || isUnreadable(left) && left.record.epoch === lock.record.epoch) removeLockFolder(lock.dir);
  return isReleased;
}
function recoverTaking(home) {
  if (!(0, import_node_fs12.existsSync)(takingFile(home))) return;
  const note = readRecord(takingFile(home));
  if (note) undo(note);
  removeIfThere(takingFile(home));
}
function undo({ taking, dirs }) {
  for (const dir of dirs) {
    const lock = readLock(dir);
    if ((lock == null ? void 0 : lock.note.taking) === taking) releaseOne(lock);
    else if (!lock) removeLockFolder(dir);
  }
}

// src/storage/light/locks.ts
function listLocks(home, seams = REAL_SEAMS) {
  const locks = [];
  const dead = [];
  for (const dir of allLockFolders(home)) {
    const lock = readLock(dir);
    if (!lock) continue;
    const liveness = livenessOfLock(home, lock, seams);
    if (liveness === "dead") dead.push(lock);
    else if (!lock.note.isAlias) locks.push({ ...holdingOf(lock), liveness, dir, record: lock.record });
  }
  return { locks: locks.sort(byPath), recovered: recoverDead(home, dead, seams) };
}
function byPath(a, b) {
  const [x, y] = [`${a.target.place ?? ""}:${a.target.path}`, `${b.target.place ?? ""}:${b.target.path}`];
  return x < y ? -1 : x > y ? 1 : 0;
}
function recoverDead(home, dead, seams) {
  if (dead.length === 0) return [];
  const outcome = enterLocks(home, seams, () => {
    const still = dead.filter((lock) => {
      var _a;
      return ((_a = readLock(lock.dir)) == null ? void 0 : _a.record.epoch) === lock.record.epoch;
    });
    for (const lock of still) releaseFound(home, lock);
    const freed = still.filter((lock) => !lock.note.isAlias).map((lock) => lock.note.target);
    announceFree(home, freed, othersOn, seams);
    return freed;
  });
  return "code" in outcome ? [] : outcome;
}
function holdingOf({ note, record: record2 }) {
  const { session, agent } = record2.holder;
  return { target: note.target, holder: note.name, session, agent, sinceMs: record2.takenAt };
}
function locksOn(space, target) {
  const dirs = target.kind === "file" ? foldersCovering(space, target) : foldersAround(space, target);
  return dirs.map(readLock).filter((lock) => lock !== void 0).filter((lock) => isUnreadable(lock) || collide(lock.note.target, target, space.caseBlind));
}
function othersOn(space, me, target, seams) {
  return locksOn(space, target).filter(
    (lock) => !isSameInstance(lock.record.holder, me) && livenessOfLock(space.home, lock, seams) !== "dead"
  );
}

// src/usecases/find-foreign-dirt.ts
function findForeignDirt(place, instance2, client, { roots, takes }) {
  const me = sessionHolder(place.home, instance2.session, instance2.agent, client);
  const space = lockSpaceOf(place);
  const others = listLocks(place.home).locks.filter(
    (lock) => lock.target.place === place.name && !isSameInstance(lock.record.holder, me)
  );
  if (others.length === 0) return [];
  const found = [];
  for (const path of dirtyFiles(place.root, roots, takes)) {
    const by = others.find((lock) => covers(lock.target, path, space.caseBlind));
    if (by) found.push({ path, by });
  }
  return found;
}
function dirtyFiles(root, roots, takes) {
  const specs = roots.map((path) => relativeTo(root, path)).filter((path) => path !== void 0);
  if (specs.length === 0) return [];
  const named = specs.includes("") ? [] : ["--", ...specs.map((path) => `:(literal)${path}`)];
  const untracked = takes === "all" ? "all" : "no";
  const status = git(root, [
    "status",
    "--porcelain",
    "-z",
    `--untracked-files=${untracked}`,
    "--no-renames",
    ...named
  ]);
  if (!status.ok) return [];
  return status.stdout.split("\0").filter((entry) => entry.length > 3 && (takes !== "index" || !/^[ ?!]/.test(entry))).map((entry) => entry.slice(3));
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  findForeignDirt
});
// mark c0c1741c3143fb61
