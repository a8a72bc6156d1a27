// Built from src/surfaces/hooks/entries/seat.ts; do not edit.

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

// src/surfaces/hooks/entries/seat.ts
var seat_exports = {};
__export(seat_exports, {
  claimSeat: () => takeSeat
});
module.exports = __toCommonJS(seat_exports);

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

// src/storage/light/epochs.ts
var import_node_fs3 = require("fs");
var import_node_path3 = require("path");

// src/storage/light/files.ts
var import_node_fs = require("fs");
var import_node_path = require("path");
var TEMPORARY_PREFIX = ".tmp-";
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
function linkEpoch(dir, record, durable) {
  if (record.epoch > EPOCH_MAX)
    throw new Error(`${dir}: no epoch above ${EPOCH_MAX}; somebody made that file by hand`);
  const text = `${JSON.stringify(record)}
`;
  return createExclusive(epochPath(dir, record.epoch), text, { durable, modifiedAt: record.takenAt });
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
    const record = stats.isFile() ? parseRecord((0, import_node_fs3.readFileSync)(path, "utf8"), epoch) : void 0;
    return { epoch, record: record ?? unreadable(epoch, heardAt), isReadable: record !== void 0, heardAt };
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
  const record = {
    epoch,
    holder,
    takenAt,
    ttlMs: options.ttlMs,
    note: options.note ?? null,
    from
  };
  try {
    if (!linkEpoch(dir, record, options.durable ?? true)) return void 0;
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
    makeFolder(dir, { durable: options.durable ?? true });
    return void 0;
  }
  const names = listNames(dir);
  if (topOf(names) !== epoch) return void 0;
  clearBelow(dir, names, epoch - 1, takenAt);
  return topOf(listNames(dir)) === epoch ? proofOf(dir, record, options) : void 0;
}
function proofOf(dir, record, options) {
  if (!record.holder) throw new Error("a released epoch proves nothing");
  const held = Object.freeze({ dir, epoch: record.epoch, holder: record.holder });
  grants.set(held, { record, now: options.now, durable: options.durable ?? true });
  return held;
}
function grantOf(held) {
  const grant = grants.get(held);
  if (!grant) throw new Error("this proof of holding was not made by takeLease");
  return grant;
}
function isGrant(record, mine) {
  if (!record.holder || !mine.holder) return false;
  return record.epoch === mine.epoch && record.takenAt === mine.takenAt && sameInstance(record.holder, mine.holder);
}

// src/storage/light/roster.ts
var import_node_path4 = require("path");

// src/domain/project-paths.ts
var COORDINATION = ".coordination";

// src/storage/light/roster.ts
function coordinationPath(home, ...parts) {
  return (0, import_node_path4.join)(home, COORDINATION, ...parts);
}

// src/storage/light/seat.ts
var SEAT_TTL_MS = 15 * 6e4;
function seatFolder(home, place) {
  return coordinationPath(home, "leases", leaseName(`seat:${place ?? ""}`));
}
function holderOf(claim2) {
  return { owner: claim2.owner, session: claim2.session, agent: claim2.agent, process: claim2.process };
}
function toSeatHolder(record) {
  if (!record.holder) return void 0;
  return { session: record.holder.session, sinceMs: record.takenAt, epoch: record.epoch };
}
function judgeHolder(claim2, record) {
  var _a, _b, _c;
  const other = ((_a = record.holder) == null ? void 0 : _a.process) ?? null;
  if (other === null) return "dead";
  const isSameProcess = other.pid === ((_b = claim2.process) == null ? void 0 : _b.pid) && other.started === ((_c = claim2.process) == null ? void 0 : _c.started);
  return isSameProcess ? "dead" : livenessOf(other);
}
function takeSeat(claim2, nowMs, isOrdered = false) {
  var _a, _b;
  const folder = seatFolder(claim2.home, claim2.place);
  if (((_b = (_a = readLease(folder)) == null ? void 0 : _a.holder) == null ? void 0 : _b.session) === claim2.session) return void 0;
  const taken = takeLease(folder, holderOf(claim2), {
    now: () => nowMs,
    ttlMs: SEAT_TTL_MS,
    force: isOrdered,
    judge: (record) => judgeHolder(claim2, record)
  });
  return "code" in taken ? toSeatHolder(taken.record) : void 0;
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  claimSeat
});
// mark e865a35af26906a2
