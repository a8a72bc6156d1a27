// Built from src/surfaces/hooks/entries/wake.ts; do not edit.
if (parseInt(process.versions.node, 10) < 20) { process.stderr.write('coord needs Node.js 20 or newer; this is ' + process.version + ' (' + process.execPath + '). Install a newer one, or put it first on the PATH.\n'); process.exit(1); }
"use strict";

// src/surfaces/hooks/wake.ts
var import_node_fs10 = require("fs");

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
var APPEND_TRIES_MAX = 3;
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
function appendLine(path, line, options) {
  if (/[\r\n]/.test(line)) throw new Error("a line has no line breaks");
  const fd = (0, import_node_fs.openSync)(path, "a+", options.mode ?? 438);
  let isNew = false;
  try {
    for (let tries = 1; ; tries += 1) {
      const size = (0, import_node_fs.fstatSync)(fd).size;
      isNew || (isNew = size === 0);
      const start2 = size === 0 || textFrom(fd, size - 1, size) === "\n" ? "" : "\n";
      const bytes = Buffer.from(`${start2}${line}
`);
      const isWhole2 = (0, import_node_fs.writeSync)(fd, bytes) === bytes.length;
      if (isWhole2 && `
${textFrom(fd, size, (0, import_node_fs.fstatSync)(fd).size)}`.includes(`
${line}
`)) break;
      if (tries === APPEND_TRIES_MAX) throw new Error(`${path}: a line was torn ${tries} times in a row`);
    }
    if (options.durable) (0, import_node_fs.fsyncSync)(fd);
  } finally {
    (0, import_node_fs.closeSync)(fd);
  }
  if (isNew && options.durable) syncFolder((0, import_node_path.dirname)(path));
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
function textFrom(fd, from, to) {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  return bytes.toString("utf8", 0, (0, import_node_fs.readSync)(fd, bytes, 0, bytes.length, from));
}

// src/storage/light/mail-files.ts
var import_node_path7 = require("path");

// src/domain/identifiers.ts
var COORDINATOR = "coordinator";
var OPERATOR = "operator";
var MESSAGE_ID = /^msg-(\d{4})(\d{2})(\d{2})-\d{6,9}(?:-[A-Za-z0-9_.-]{1,80})?$/;
function dayOfMessageId(id) {
  const match = MESSAGE_ID.exec(id);
  return match ? `${match[1]}-${match[2]}-${match[3]}` : void 0;
}

// src/storage/light/mutex.ts
var import_node_path4 = require("path");

// src/storage/light/epochs.ts
var import_node_fs3 = require("fs");
var import_node_path3 = require("path");

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
  const text2 = `${JSON.stringify(record2)}
`;
  return createExclusive(epochPath(dir, record2.epoch), text2, { durable, modifiedAt: record2.takenAt });
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
  const text2 = JSON.stringify({ epoch: top.epoch, heardAt: top.heardAt, since: now });
  writeAtomic((0, import_node_path3.join)(dir, DOUBT_FILE), `${text2}
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
function parseDoubt(text2) {
  const value = parseObject(text2 ?? "");
  const { epoch, heardAt, since } = value ?? {};
  if (typeof epoch !== "number" || typeof heardAt !== "number" || typeof since !== "number") return void 0;
  return { epoch, heardAt, since };
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
  const taken = enter((0, import_node_path4.join)(dir, leaseName(name)), name, options.waitMs ?? WAIT_MS);
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

// src/storage/light/roster.ts
var import_node_fs5 = require("fs");
var import_node_path6 = require("path");

// src/domain/project-paths.ts
var COORDINATION = ".coordination";

// src/storage/light/place.ts
var import_node_fs4 = require("fs");
var import_node_path5 = require("path");
var HOME_POINTER = "coord-home";
var DEPTH_MAX = 256;
var MISSING = /* @__PURE__ */ new Set(["ENOENT", "ENOTDIR", "EACCES", "EPERM", "ELOOP", "ENAMETOOLONG", "EINVAL"]);
function isMissing(error) {
  return error instanceof Error && MISSING.has(error.code ?? "");
}
function placeOf(folder) {
  let at;
  try {
    at = folder === process.cwd() ? folder : import_node_fs4.realpathSync.native(folder);
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
  for (let depth = 0; depth < DEPTH_MAX; depth++) {
    const found = placeAt(at);
    if (found) return found;
    const up = (0, import_node_path5.dirname)(at);
    if (up === at) return void 0;
    at = up;
  }
  return void 0;
}
function placeAt(root) {
  const entry = (0, import_node_path5.join)(root, ".git");
  try {
    const stat = (0, import_node_fs4.lstatSync)(entry, { throwIfNoEntry: false });
    if (!stat) return void 0;
    if (stat.isDirectory() || stat.isSymbolicLink() && (0, import_node_fs4.existsSync)((0, import_node_path5.join)(entry, "HEAD"))) {
      if (!(0, import_node_fs4.existsSync)((0, import_node_path5.join)(entry, "HEAD"))) return void 0;
      return { home: root, root, name: null, gitDir: entry, commonDir: entry };
    }
    return stat.isFile() ? linkedPlace(root, entry) : void 0;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}
function linkedPlace(root, entry) {
  const match = /^gitdir: (.+?)\r?\n?$/.exec((0, import_node_fs4.readFileSync)(entry, "utf8"));
  if (!(match == null ? void 0 : match[1])) return void 0;
  const gitDir = (0, import_node_path5.resolve)(root, match[1]);
  const pointer = (0, import_node_path5.join)(gitDir, "commondir");
  if (!(0, import_node_fs4.existsSync)(pointer)) return { home: root, root, name: null, gitDir, commonDir: gitDir };
  const commonDir = import_node_fs4.realpathSync.native((0, import_node_path5.resolve)(gitDir, (0, import_node_fs4.readFileSync)(pointer, "utf8").trim()));
  return { home: homeOf(commonDir), root, name: (0, import_node_path5.basename)(gitDir), gitDir, commonDir };
}
function homeOf(commonDir) {
  if ((0, import_node_path5.basename)(commonDir) === ".git") return (0, import_node_path5.dirname)(commonDir);
  try {
    return (0, import_node_fs4.readFileSync)((0, import_node_path5.join)(commonDir, HOME_POINTER), "utf8").trim() || void 0;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}
function hasHome(place) {
  return place.home !== void 0;
}
function isCoordinated(home) {
  return (0, import_node_fs4.existsSync)((0, import_node_path5.join)(home, COORDINATION, "roster"));
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
  return (0, import_node_path6.join)(home, COORDINATION, ...parts);
}
function rosterFile(home, kind, key) {
  return coordinationPath(home, "roster", kind, `${fileNameOf(key)}.json`);
}
function readRecord(file) {
  const text2 = readTextIfThere(file);
  if (text2 === void 0) return void 0;
  try {
    const value = JSON.parse(text2);
    return typeof value === "object" && value !== null ? value : void 0;
  } catch (error) {
    if (error instanceof SyntaxError) return void 0;
    throw error;
  }
}
function writeRecord(file, record2, durable = true) {
  makeFolder((0, import_node_path6.join)(file, ".."));
  writeAtomic(file, `${JSON.stringify(record2, null, 2)}
`, { durable });
}
function readPlaceRecord(home, place) {
  if (place === null) return void 0;
  const file = rosterFile(home, "places", place);
  const record2 = readRecord(file);
  if (record2 === void 0 && (0, import_node_fs5.existsSync)(file)) throw new Error(`${file} cannot be read`);
  return record2;
}
function sessionFile(home, session, agent) {
  return rosterFile(home, "sessions", agent === null ? session : `${session}.${agent}`);
}
function readSession(home, session, agent) {
  return readRecord(sessionFile(home, session, agent));
}
function modifiedAt(file) {
  var _a;
  try {
    return (_a = (0, import_node_fs5.statSync)(file, { throwIfNoEntry: false })) == null ? void 0 : _a.mtimeMs;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}

// src/storage/light/mail-files.ts
var LOG_FILE = "messages.jsonl";
var SUFFIX = ".json";
function inboxFolder(home, agent) {
  return coordinationPath(home, "inbox", fileNameOf(agent));
}
function outboxFolder(home, agent) {
  return coordinationPath(home, "outbox", fileNameOf(agent));
}
function logFile(home) {
  return coordinationPath(home, LOG_FILE);
}
function archiveFile(home, id) {
  return inFolder(coordinationPath(home, "archive", dayOfMessageId(id) ?? "undated"), id);
}
function unfoldedFolder(home) {
  return coordinationPath(home, "roster", "unfolded");
}
function inFolder(folder, id) {
  return (0, import_node_path7.join)(folder, `${fileNameOf(id)}${SUFFIX}`);
}
function listIds(folder) {
  return listNames(folder).filter((name) => name.endsWith(SUFFIX) && !name.startsWith(".")).map((name) => name.slice(0, -SUFFIX.length)).sort();
}
function withMailMutex(home, agent, body) {
  const outcome = withMutex(coordinationPath(home, "leases"), `mail-${agent}`, body);
  if (!outcome.done)
    throw new Error(`the mailbox of ${agent} stayed busy: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}

// src/storage/light/mailbox.ts
var import_node_fs8 = require("fs");

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
function parseEnvelope(text2) {
  let value;
  try {
    value = JSON.parse(text2);
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

// src/storage/light/acknowledging.ts
var import_node_fs7 = require("fs");
var import_node_path8 = require("path");

// src/storage/light/log-tail.ts
var import_node_fs6 = require("fs");
var TAIL_BYTES = 8 * 1024 * 1024;
function hasLogLine(file, id) {
  const needle = `"id":${JSON.stringify(id)}`;
  const tail = readTail(file, TAIL_BYTES);
  for (let at = tail.indexOf(needle); at !== -1; at = tail.indexOf(needle, at + 1)) {
    const end = tail.indexOf("\n", at);
    if (end !== -1 && isWhole(tail.slice(tail.lastIndexOf("\n", at) + 1, end))) return true;
  }
  return false;
}
function isWhole(line) {
  try {
    JSON.parse(line);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}
function readTail(file, bytes) {
  return readBytes(file, (size) => ({ from: Math.max(0, size - bytes), length: Math.min(size, bytes) }));
}
function readBytes(file, choose) {
  let descriptor;
  try {
    descriptor = (0, import_node_fs6.openSync)(file, "r");
  } catch (error) {
    if (isMissing(error)) return "";
    throw error;
  }
  try {
    const { from, length } = choose((0, import_node_fs6.fstatSync)(descriptor).size);
    const buffer = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const got = (0, import_node_fs6.readSync)(descriptor, buffer, read, length - read, from + read);
      if (got === 0) break;
      read += got;
    }
    return buffer.toString("utf8", 0, read);
  } finally {
    (0, import_node_fs6.closeSync)(descriptor);
  }
}

// src/storage/light/acknowledging.ts
function finishAcknowledging(home, agent, id) {
  withMailMutex(home, agent, () => {
    const text2 = readTextIfThere(archiveFile(home, id));
    const archived = text2 === void 0 ? void 0 : parseEnvelope(text2);
    const said = archived == null ? void 0 : archived.metadata["acknowledged"];
    const atMs = Date.parse((said == null ? void 0 : said.at) ?? "") || Date.now();
    acknowledgeHeld(home, id, { by: agent, session: (said == null ? void 0 : said.session) ?? null, atMs });
  });
}
function acknowledgeHeld(home, id, ack) {
  const file = inFolder(inboxFolder(home, ack.by), id);
  const text2 = readTextIfThere(file);
  const envelope = text2 === void 0 ? void 0 : parseEnvelope(text2);
  if (!envelope) return "not-waiting";
  const archive = archiveFile(home, id);
  if (!(0, import_node_fs7.existsSync)(archive)) keepForFolding(home, file, envelope);
  makeFolder((0, import_node_path8.join)(archive, ".."));
  const acknowledged = { by: ack.by, session: ack.session, at: new Date(ack.atMs).toISOString() };
  const archived = { ...envelope, read: true, metadata: { ...envelope.metadata, acknowledged } };
  const isFirst = createExclusive(archive, `${printEnvelope(archived)}
`, { durable: true });
  const line = printEnvelope(ackOf(envelope, ack));
  if (isFirst || !hasLogLine(logFile(home), ackIdOf(id))) appendLine(logFile(home), line, { durable: false });
  removeIfThere(inFolder(outboxFolder(home, envelope.from), id));
  removeIfThere(file);
  return "acknowledged";
}
function keepForFolding(home, file, envelope) {
  if (envelope.to !== COORDINATOR || envelope.metadata["event"] === void 0) return;
  const folder = unfoldedFolder(home);
  makeFolder(folder);
  const kept = inFolder(folder, envelope.id);
  try {
    (0, import_node_fs7.linkSync)(file, kept);
  } catch (error) {
    if (isErrno(error, "EEXIST")) return;
    if (!isErrno(error, "EPERM", "ENOTSUP", "ENOSYS", "EMLINK")) throw error;
    createExclusive(kept, `${printEnvelope(envelope)}
`, { durable: true });
  }
}
function ackIdOf(id) {
  return `${id}-ack`;
}
function ackOf(envelope, ack) {
  return {
    id: ackIdOf(envelope.id),
    from: ack.by,
    to: envelope.from,
    timestamp: new Date(ack.atMs).toISOString(),
    type: "ack",
    priority: "low",
    content: `acknowledged ${envelope.id}`,
    references: [envelope.id],
    metadata: {},
    read: true
  };
}

// src/storage/light/mailbox.ts
function listWaiting(home, agent) {
  return listIds(inboxFolder(home, agent));
}
function readWaiting(home, agent, id) {
  const text2 = readText(inFolder(inboxFolder(home, agent), id));
  if (text2 === void 0 || text2 === "unreadable") return text2;
  const envelope = parseEnvelope(text2);
  if (!envelope || envelope.id !== id) return "unreadable";
  if (!(0, import_node_fs8.existsSync)(archiveFile(home, id))) return envelope;
  finishAcknowledging(home, agent, id);
  return void 0;
}
function readText(file) {
  try {
    return readTextIfThere(file);
  } catch (error) {
    if (isErrno(error, "EISDIR", "EACCES", "EPERM", "ELOOP", "EIO")) return "unreadable";
    throw error;
  }
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
function boundPlace(standing, instance2) {
  var _a;
  const { session, agent } = instance2;
  const own = readSession(standing.home, session, agent);
  const record2 = own ?? (agent === null ? void 0 : readSession(standing.home, session, null));
  if (!record2 || record2.place === standing.name) return standing;
  if (!own && agent !== null && ((_a = standing.name) == null ? void 0 : _a.includes(agent))) return standing;
  const place = placeAt(record2.root);
  return place && hasHome(place) && place.home === standing.home ? place : standing;
}
function presenceOf(standing, instance2) {
  const place = boundPlace(standing, instance2);
  return { place, caller: callerAt(place, instance2.session) };
}

// src/storage/light/presentation.ts
var TRANSCRIPT_BYTES = 4 * 1024 * 1024;
function ledgerFile(home, agent) {
  return coordinationPath(home, "roster", "shown", `${fileNameOf(agent)}.json`);
}
function shownIds(home, agent) {
  const ledger = readRecord(ledgerFile(home, agent));
  return new Set(((ledger == null ? void 0 : ledger.batches) ?? []).flatMap((batch) => batch.ids));
}

// src/surfaces/hooks/idle.ts
function idleFile(home, clientPid) {
  return coordinationPath(home, "roster", "idle", String(clientPid));
}
function isIdleSince(home, clientPid) {
  return modifiedAt(idleFile(home, clientPid));
}

// src/surfaces/hooks/mail.ts
function isRinging(envelope) {
  return envelope.type !== "progress" || envelope.metadata["event"] === void 0;
}

// src/surfaces/hooks/protocol.ts
var import_node_fs9 = require("fs");
function text(value) {
  return typeof value === "string" && value !== "" ? value : null;
}
function record(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
}
function readPayload() {
  let input;
  try {
    input = (0, import_node_fs9.readFileSync)(0, "utf8");
  } catch (error) {
    const { code } = error;
    if (code === "EAGAIN" || code === "EOF" || code === "EISDIR") return void 0;
    throw error;
  }
  return parsePayload(input);
}
function parsePayload(input) {
  let value;
  try {
    value = JSON.parse(input);
  } catch (error) {
    if (error instanceof SyntaxError) return void 0;
    throw error;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return void 0;
  const raw = value;
  const agent = text(raw["agent_id"]);
  return {
    event: text(raw["hook_event_name"]) ?? "",
    session: text(raw["session_id"]) ?? "unknown-session",
    agent,
    agentType: text(raw["agent_type"]),
    cwd: text(raw["cwd"]) ?? process.cwd(),
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

// src/surfaces/hooks/wake.ts
var TICK_MS = 1e3;
var LIFE_MS = 23 * 36e5;
var RUNG_KEPT = 500;
var BUSY_GRACE_MS = 3e4;
var LOOKED_AT_MAX = 256;
function waiterFile(home, pid) {
  return coordinationPath(home, "roster", "waiters", `${pid}.json`);
}
function runWake() {
  const payload = readPayload();
  const isAttended = process.env["CLAUDE_CODE_SESSION_ATTENDED"] === "1" || process.env["CLAUDE_CODE_ENTRYPOINT"] === "cli";
  const clientPid = Number(process.env["CLAUDE_PID"]);
  const standing = payload && isAttended ? coordinatedPlaceOf(payload.cwd) : void 0;
  if (!payload || !standing || payload.agent !== null || !Number.isInteger(clientPid) || clientPid <= 0)
    return;
  new Waiting(payload, standing, markOf(clientPid)).begin();
}
var Waiting = class {
  token = `${process.pid}.${Date.now()}`;
  endsAtMs = Date.now() + LIFE_MS;
  seenAtMs = /* @__PURE__ */ new Map();
  payload;
  standing;
  client;
  constructor(payload, standing, client) {
    this.payload = payload;
    this.standing = standing;
    this.client = client;
  }
  begin() {
    var _a;
    const { home } = this.standing;
    const file = waiterFile(home, this.client.pid);
    const rung = ((_a = readRecord(file)) == null ? void 0 : _a.rung) ?? [];
    writeRecord(file, { token: this.token, rung }, false);
    this.watchInbox();
    setInterval(() => this.look(), TICK_MS);
    this.look();
  }
  /** News come by the file system's notice; the tick finds them where there is none. */
  watchInbox() {
    const folder = inboxFolder(this.standing.home, this.agent());
    makeFolder(folder);
    try {
      (0, import_node_fs10.watch)(folder, () => this.look()).on("error", () => void 0);
    } catch (error) {
      const code = error.code ?? "";
      if (!["ENOSPC", "EMFILE", "ENOENT", "ENOSYS"].includes(code)) throw error;
    }
  }
  agent() {
    return presenceOf(this.standing, { session: this.payload.session, agent: null }).caller.name;
  }
  look() {
    const { home, name } = this.standing;
    const file = waiterFile(home, this.client.pid);
    const waiter = readRecord(file);
    const isOver = (waiter == null ? void 0 : waiter.token) !== this.token || Date.now() > this.endsAtMs || livenessOf(this.client) === "dead";
    if (isOver) process.exit(0);
    const seat = readSeat(home, name);
    if ((seat == null ? void 0 : seat.process) && seat.process.pid !== this.client.pid) return;
    const news = this.news(home, waiter.rung);
    if (news.length === 0) return;
    writeRecord(file, { token: this.token, rung: [...waiter.rung, ...news].slice(-RUNG_KEPT) }, false);
    const count = news.length === 1 ? "a message waits" : `${news.length} messages wait`;
    process.stderr.write(
      `[coord] ${count} for ${this.agent()}. It is shown with this turn; if it is not, run \`coord inbox\`.
`
    );
    process.exit(2);
  }
  /** Messages that are worth a turn, were not rung for and that no hook is showing. */
  news(home, rung) {
    const agent = this.agent();
    const waiting = listWaiting(home, agent);
    if (waiting.length === 0) return [];
    const shown = shownIds(home, agent);
    const isIdle = isIdleSince(home, this.client.pid) !== void 0;
    return waiting.slice(0, LOOKED_AT_MAX).filter((id) => {
      if (rung.includes(id) || shown.has(id)) return false;
      const firstSeenAtMs = this.seenAtMs.get(id) ?? Date.now();
      this.seenAtMs.set(id, firstSeenAtMs);
      if (!isIdle && Date.now() - firstSeenAtMs < BUSY_GRACE_MS) return false;
      const envelope = readWaiting(home, agent, id);
      return envelope !== void 0 && envelope !== "unreadable" && isRinging(envelope);
    });
  }
};

// src/surfaces/hooks/entries/wake.ts
runWake();
// mark 48afb74c0ea0cd15
