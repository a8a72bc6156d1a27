// Built from src/surfaces/hooks/entries/session-end.ts; do not edit.
if (parseInt(process.versions.node, 10) < 20) { process.stderr.write('coord needs Node.js 20 or newer; this is ' + process.version + ' (' + process.execPath + '). Install a newer one, or put it first on the PATH.\n'); process.exit(1); }
require = (function (load, find) { return function (id) { return (find && find(id)) || load(id); }; })(require, process.getBuiltinModule);
"use strict";

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
function createExclusive(path, text2, options) {
  const temporary = writeTemporary((0, import_node_path.dirname)(path), text2, options);
  let isMade;
  try {
    (0, import_node_fs.linkSync)(temporary, path);
    isMade = true;
  } catch (error) {
    if (isErrno(error, "EEXIST")) isMade = false;
    else if (isErrno(error, "EPERM", "ENOTSUP", "ENOSYS", "EMLINK"))
      isMade = createInPlace(path, text2, options);
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
function createInPlace(path, text2, options) {
  let fd;
  try {
    fd = (0, import_node_fs.openSync)(path, "wx", options.mode ?? 438);
  } catch (error) {
    if (isErrno(error, "EEXIST")) return false;
    throw error;
  }
  fill(fd, text2, options);
  return true;
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

// src/storage/light/roster.ts
var import_node_path3 = require("path");

// src/domain/project-paths.ts
var COORDINATION = ".coordination";

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

// src/storage/light/roster.ts
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
function sessionFile(home, session, agent) {
  return rosterFile(home, "sessions", agent === null ? session : `${session}.${agent}`);
}
function readSession(home, session, agent) {
  return readRecord(sessionFile(home, session, agent));
}
function removeSession(home, session, agent) {
  removeIfThere(sessionFile(home, session, agent));
}

// src/storage/light/lock-callers.ts
var KEPT_MS = 2 * 36e5;

// src/storage/light/epochs.ts
var import_node_fs4 = require("fs");
var import_node_path5 = require("path");

// src/storage/light/process.ts
var import_node_fs3 = require("fs");
var import_node_path4 = require("path");
var PID_MAX = 2147483647;
var TEMPORARY_STALE_MS = 6e4;
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
    const touchedAt = (_a = (0, import_node_fs3.statSync)((0, import_node_path4.join)(folder, name), { throwIfNoEntry: false })) == null ? void 0 : _a.mtimeMs;
    if (touchedAt !== void 0 && Math.abs(now - touchedAt) > TEMPORARY_STALE_MS)
      removeIfThere((0, import_node_path4.join)(folder, name));
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
    const boot = (0, import_node_fs3.readFileSync)("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    const namespace = (_a = /\d+/.exec((0, import_node_fs3.readlinkSync)("/proc/self/ns/pid"))) == null ? void 0 : _a[0];
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
    stat = (0, import_node_fs3.readFileSync)(`/proc/${pid}/stat`, "utf8");
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
    const top = readEpoch((0, import_node_path5.join)(dir, nameAmong(names, epoch)), epoch);
    if (top) return top;
  }
  return { epoch, record: unreadable(epoch, 0), isReadable: false, heardAt: 0 };
}
function linkEpoch(dir, record2, durable) {
  if (record2.epoch > EPOCH_MAX)
    throw new Error(`${dir}: no epoch above ${EPOCH_MAX}; somebody made that file by hand`);
  const text2 = `${JSON.stringify(record2)}
`;
  return createExclusive(epochPath(dir, record2.epoch), text2, { durable, modifiedAt: record2.takenAt });
}
function clearBelow(dir, names, epoch, now) {
  const old = names.filter((name) => numberOf(name) > 0 && numberOf(name) < epoch);
  for (const name of old.sort((a, b) => numberOf(a) - numberOf(b))) {
    try {
      removeIfThere((0, import_node_path5.join)(dir, name));
    } catch (error) {
      if (!isErrno(error, "EISDIR", "EPERM", "EACCES", "EBUSY")) throw error;
    }
  }
  if (names.includes(DOUBT_FILE)) removeIfThere((0, import_node_path5.join)(dir, DOUBT_FILE));
  sweepTemporaries(dir, names, now);
}
function epochPath(dir, epoch) {
  return (0, import_node_path5.join)(dir, `${String(epoch).padStart(EPOCH_DIGITS, "0")}.json`);
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
    const stats = (0, import_node_fs4.statSync)(path);
    const heardAt = Math.round(stats.mtimeMs);
    const record2 = stats.isFile() ? parseRecord((0, import_node_fs4.readFileSync)(path, "utf8"), epoch) : void 0;
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
var grants = /* @__PURE__ */ new WeakMap();
function readLease(dir) {
  var _a;
  return (_a = readTop(dir)) == null ? void 0 : _a.record;
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

// src/storage/light/seat.ts
var SEAT_TTL_MS = 15 * 6e4;
function seatFolder(home, place) {
  return coordinationPath(home, "leases", leaseName(`seat:${place ?? ""}`));
}
function leaveSeat(home, place, session) {
  const held = ownHold(home, place, session);
  if (held) releaseLease(held);
}
function ownHold(home, place, session) {
  var _a;
  const folder = seatFolder(home, place);
  const holder = (_a = readLease(folder)) == null ? void 0 : _a.holder;
  return (holder == null ? void 0 : holder.session) === session ? findHeld(folder, holder) : void 0;
}

// src/storage/light/caller.ts
function agentsOf(home, session) {
  const folder = coordinationPath(home, "roster", "sessions");
  const prefix = `${fileNameOf(session)}.`;
  return listNames(folder).filter((name) => name.startsWith(prefix) && name !== `${prefix}json`).map((name) => readRecord(`${folder}/${name}`)).filter((record2) => record2 !== void 0);
}

// src/storage/light/journal.ts
var import_node_fs5 = require("fs");
var import_node_path6 = require("path");

// src/storage/light/log-tail.ts
var CHUNK_BYTES = 1024 * 1024;

// src/storage/light/journal.ts
var CHANGES_BYTES_MAX = 512 * 1024;
var LOG_BYTES_MAX = 4 * 1024 * 1024;
var COMMANDS_KEPT_MS = 30 * 6e4;
function appendBounded(file, line, bytesMax) {
  try {
    if ((0, import_node_fs5.statSync)(file).size > bytesMax) (0, import_node_fs5.renameSync)(file, `${file}.old`);
  } catch (error) {
    if (!isMissing(error)) throw error;
    makeFolder((0, import_node_path6.join)(file, ".."));
  }
  (0, import_node_fs5.appendFileSync)(file, `${line}
`);
}
function noteAct(home, act, nowMs) {
  const line = JSON.stringify({ at: new Date(nowMs).toISOString(), ...act });
  appendBounded(coordinationPath(home, "log", "coord.jsonl"), line, LOG_BYTES_MAX);
}

// src/storage/light/lock-files.ts
var import_node_path7 = require("path");

// src/domain/lock.ts
var LOCK_KINDS = ["file", "tree", "glob"];

// src/storage/light/lock-files.ts
var FOLDERS = { file: "locks-file", tree: "locks-tree", glob: "locks-glob" };
var CERTAIN_PREFIX = NAME_LENGTH_MAX - 33;
function leasesFolder(home) {
  return coordinationPath(home, "leases");
}
function kindFolder(home, kind) {
  return (0, import_node_path7.join)(leasesFolder(home), FOLDERS[kind]);
}
function hasLocks(home) {
  const folders = [
    ...LOCK_KINDS.map((kind) => kindFolder(home, kind)),
    (0, import_node_path7.join)(leasesFolder(home), "locks-wanted")
  ];
  return folders.some((folder) => listNames(folder, 1).length > 0);
}

// src/storage/light/peers.ts
var import_node_fs6 = require("fs");
var import_node_path8 = require("path");

// src/storage/light/mutex.ts
var instance = Math.random().toString(36).slice(2);
var sleeper = new Int32Array(new SharedArrayBuffer(4));

// src/storage/light/peers.ts
var PEERS_MAX = 1e3;
function peerFile(home, name) {
  return coordinationPath(home, "roster", "peers", `${name}.json`);
}
function listPeers(home) {
  const folder = coordinationPath(home, "roster", "peers");
  return listNames(folder, PEERS_MAX).filter((name) => name.endsWith(".json") && !isTemporary(name)).map((name) => readRecord((0, import_node_path8.join)(folder, name))).filter((peer) => peer !== void 0).sort((a, b) => a.name < b.name ? -1 : 1);
}
function closePeers(home, session, agent) {
  if (!(0, import_node_fs6.existsSync)(coordinationPath(home, "roster", "peers"))) return;
  for (const peer of listPeers(home)) {
    const isMeant = peer.session === session && (agent === void 0 || peer.agent === agent);
    if (isMeant) removeIfThere(peerFile(home, peer.name));
  }
}

// src/surfaces/hooks/bundles.ts
var import_node_path9 = require("path");
function loadBundle(name) {
  return require((0, import_node_path9.join)(__dirname, `${name}.cjs`));
}

// src/surfaces/hooks/idle.ts
function idleFile(home, clientPid2) {
  return coordinationPath(home, "roster", "idle", String(clientPid2));
}
function markBusy(home, clientPid2) {
  if (clientPid2 !== void 0) removeIfThere(idleFile(home, clientPid2));
}
function clientPid() {
  const pid = Number(process.env["CLAUDE_PID"]);
  return Number.isInteger(pid) && pid > 0 ? pid : void 0;
}

// src/surfaces/hooks/protocol.ts
var import_node_fs7 = require("fs");
function text(value) {
  return typeof value === "string" && value !== "" ? value : null;
}
function record(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
function readPayload() {
  const raw = readInput();
  return raw && payloadFrom(raw);
}
function readInput() {
  let input;
  try {
    input = (0, import_node_fs7.readFileSync)(0, "utf8");
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
function payloadFrom(raw) {
  const agent = text(raw["agent_id"]);
  return {
    event: text(raw["hook_event_name"]) ?? "",
    session: text(raw["session_id"]) ?? "unknown-session",
    agent,
    agentType: text(raw["agent_type"]),
    cwd: folderOf(raw),
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

// src/surfaces/hooks/session-end.ts
function runSessionEnd() {
  const payload = readPayload();
  const standing = payload ? coordinatedPlaceOf(payload.cwd) : void 0;
  if (!payload || !standing) return;
  try {
    endSession(standing, payload.session);
  } catch (error) {
    noteAct(standing.home, { act: "hook-failed", hook: payload.event, detail: String(error) }, Date.now());
  }
}
function endSession(standing, session) {
  const { home } = standing;
  const record2 = readSession(home, session, null);
  if (hasLocks(home)) loadBundle("locks").endLocks(home, session);
  closePeers(home, session);
  for (const agent of agentsOf(home, session)) {
    leaveSeat(home, agent.place, session);
    removeSession(home, session, agent.agent);
  }
  leaveSeat(home, record2 ? record2.place : standing.name, session);
  removeSession(home, session, null);
  removeIfThere(coordinationPath(home, "roster", "stops", `${fileNameOf(session)}.json`));
  markBusy(home, clientPid());
}

// src/surfaces/hooks/entries/session-end.ts
runSessionEnd();
// mark e1050ee33f4c501d
