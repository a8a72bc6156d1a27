// Built from src/surfaces/hooks/entries/wake.ts; do not edit.
if (parseInt(process.versions.node, 10) < 20) { process.stderr.write('coord needs Node.js 20 or newer; this is ' + process.version + ' (' + process.execPath + '). Install a newer one, or put it first on the PATH.\n'); process.exit(1); }
require = (function (load, find) { return function (id) { return (find && find(id)) || load(id); }; })(require, process.getBuiltinModule);
"use strict";

// src/surfaces/hooks/wake.ts
var import_node_fs19 = require("fs");

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
function writeInPlace(path, text2, options) {
  fill((0, import_node_fs.openSync)(path, "w", options.mode ?? 438), text2, options);
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

// src/storage/light/mail-files.ts
var import_node_fs6 = require("fs");
var import_node_path7 = require("path");

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
function timeOfMessageId(id) {
  const match = /^msg-(\d{4})(\d{2})(\d{2})-(\d{2})(\d{2})(\d{2})(\d{0,3})(?:-|$)/.exec(id);
  if (!match) return void 0;
  const [, year, month, day, hour, minute, second, millis = ""] = match;
  const atMs = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${millis.padEnd(3, "0")}Z`);
  return Number.isNaN(atMs) ? void 0 : atMs;
}
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
function cleanText(text2) {
  return text2.replace(/\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g, "").replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, "").replace(/[\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu, "");
}
function cleanLine(text2, max = 200) {
  const line = cleanText(text2).replace(/\s+/g, " ").trim();
  return line.length > max ? `${line.slice(0, max - 1)}\u2026` : line;
}

// src/domain/urgency.ts
var MARK_OF = { urgent: "u", high: "h", normal: "n", low: "l" };
function isRoutine(message) {
  return message.type === "progress" && message.metadata["event"] !== void 0;
}
function markOfMessage(message) {
  return `${isRoutine(message) ? "q" : MARK_OF[message.priority]}-`;
}
function markInId(id) {
  var _a;
  return (_a = /^msg-\d{8}-\d{6,9}-([uhnlq])-/.exec(id)) == null ? void 0 : _a[1];
}
function envelopeAt(draft, derived) {
  const envelope = envelopeOf(draft, { ...derived, id: "" });
  return { ...envelope, id: printMessageId(derived.atMs, `${markOfMessage(envelope)}${derived.tail}`) };
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
function linkEpoch(dir, record3, durable) {
  if (record3.epoch > EPOCH_MAX)
    throw new Error(`${dir}: no epoch above ${EPOCH_MAX}; somebody made that file by hand`);
  const text2 = `${JSON.stringify(record3)}
`;
  return createExclusive(epochPath(dir, record3.epoch), text2, { durable, modifiedAt: record3.takenAt });
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
    const record3 = stats.isFile() ? parseRecord((0, import_node_fs3.readFileSync)(path, "utf8"), epoch) : void 0;
    return { epoch, record: record3 ?? unreadable(epoch, heardAt), isReadable: record3 !== void 0, heardAt };
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
  const record3 = { epoch, holder: null, takenAt: now(), ttlMs: null, note, from: "released" };
  try {
    if (!linkEpoch(held.dir, record3, durable)) return false;
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
  const record3 = {
    epoch,
    holder,
    takenAt,
    ttlMs: options.ttlMs,
    note: options.note ?? null,
    from
  };
  try {
    if (!linkEpoch(dir, record3, options.durable ?? true)) return void 0;
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
    makeFolder(dir, { durable: options.durable ?? true });
    return void 0;
  }
  const names = listNames(dir);
  if (topOf(names) !== epoch) return void 0;
  clearBelow(dir, names, epoch - 1, takenAt);
  return topOf(listNames(dir)) === epoch ? proofOf(dir, record3, options) : void 0;
}
function proofOf(dir, record3, options) {
  if (!record3.holder) throw new Error("a released epoch proves nothing");
  const held = Object.freeze({ dir, epoch: record3.epoch, holder: record3.holder });
  grants.set(held, { record: record3, now: options.now, durable: options.durable ?? true });
  return held;
}
function grantOf(held) {
  const grant = grants.get(held);
  if (!grant) throw new Error("this proof of holding was not made by takeLease");
  return grant;
}
function isGrant(record3, mine) {
  if (!record3.holder || !mine.holder) return false;
  return record3.epoch === mine.epoch && record3.takenAt === mine.takenAt && sameInstance(record3.holder, mine.holder);
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
  const judge = (record3) => livenessOfMutex(record3, name);
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
function livenessOfMutex(record3, name) {
  var _a, _b;
  const session = ((_a = record3.holder) == null ? void 0 : _a.session) ?? "";
  if (inside.has(session))
    throw new Error(`the mutex ${JSON.stringify(name)} is entered inside its own body`);
  if (session.startsWith(`${instance}.`)) return "dead";
  return ((_b = record3.holder) == null ? void 0 : _b.process) ? livenessOf(record3.holder.process) : "unknown";
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
var TEAM_SETTINGS_FILE = ".claude/coord.md";
var LOCAL_SETTINGS_FILE = ".claude/coord.local.md";

// src/storage/light/place.ts
var import_node_fs4 = require("fs");
var import_node_path5 = require("path");
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
  if (!(0, import_node_fs4.existsSync)(entry)) return void 0;
  if ((0, import_node_fs4.existsSync)((0, import_node_path5.join)(entry, "HEAD")))
    return { home: root, root, name: null, gitDir: entry, commonDir: entry };
  try {
    return (0, import_node_fs4.lstatSync)(entry).isFile() ? linkedPlace(root, entry) : void 0;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}
function linkedPlace(root, entry) {
  const pointed = readPointer(entry);
  if (pointed === void 0) return void 0;
  const gitDir = (0, import_node_path5.resolve)(root, pointed);
  const pointer = (0, import_node_path5.join)(gitDir, "commondir");
  if (!(0, import_node_fs4.existsSync)(pointer)) return { home: root, root, name: null, gitDir, commonDir: gitDir };
  const commonDir = import_node_fs4.realpathSync.native((0, import_node_path5.resolve)(gitDir, (0, import_node_fs4.readFileSync)(pointer, "utf8").trim()));
  return { home: homeOf(commonDir), root, name: (0, import_node_path5.basename)(gitDir), gitDir, commonDir };
}
function readPointer(entry) {
  const text2 = (0, import_node_fs4.readFileSync)(entry, "utf8");
  if (!text2.startsWith("gitdir: ")) return void 0;
  const line = text2.endsWith("\n") ? text2.slice(8, -1) : text2.slice(8);
  const path = line.endsWith("\r") ? line.slice(0, -1) : line;
  return path === "" || path.includes("\n") || path.includes("\r") ? void 0 : path;
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
  try {
    const value = JSON.parse(readTextIfThere(file) ?? "null");
    return typeof value === "object" && value !== null ? value : void 0;
  } catch (error) {
    if (error instanceof SyntaxError || isErrno(error, "EISDIR")) return void 0;
    throw error;
  }
}
function writeRecord(file, record3, durable = true) {
  makeFolder((0, import_node_path6.join)(file, ".."));
  writeAtomic(file, `${JSON.stringify(record3, null, 2)}
`, { durable });
}
function readPlaceRecord(home, place) {
  if (place === null) return void 0;
  const file = rosterFile(home, "places", place);
  const record3 = readRecord(file);
  if (record3 === void 0 && (0, import_node_fs5.existsSync)(file)) throw new Error(`${file} cannot be read`);
  return record3;
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
function unfoldedFolder(home) {
  return coordinationPath(home, "roster", "unfolded");
}
function inFolder(folder, id) {
  return (0, import_node_path7.join)(folder, `${fileNameOf(id)}${SUFFIX}`);
}
function listIds(folder) {
  return listNames(folder).filter((name) => name.endsWith(SUFFIX) && !name.startsWith(".")).map((name) => name.slice(0, -SUFFIX.length)).sort();
}
function listAgents(home, box) {
  try {
    return (0, import_node_fs6.readdirSync)(coordinationPath(home, box), { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map((entry) => entry.name);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}
function hasInbox(home, agent) {
  return (0, import_node_fs6.existsSync)(inboxFolder(home, agent));
}
function withMailMutex(home, agent, body) {
  const outcome = withMutex(coordinationPath(home, "leases"), `mail-${agent}`, body);
  if (!outcome.done)
    throw new Error(`the mailbox of ${agent} stayed busy: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}

// src/storage/light/mailbox.ts
var import_node_fs11 = require("fs");

// src/storage/light/acknowledging.ts
var import_node_fs10 = require("fs");
var import_node_path9 = require("path");

// src/domain/folding.ts
function transitionIn(envelope) {
  const it = envelope.metadata;
  const text2 = (key) => typeof it[key] === "string" ? it[key] : void 0;
  const event = text2("event");
  const phase = text2("phase");
  const revision = it["revision"];
  const counts = it["counts"];
  if (event === void 0 || phase === void 0 || typeof revision !== "number" || !isCounts(counts))
    return void 0;
  return {
    event,
    phase,
    revision,
    report: typeof it["report"] === "number" ? it["report"] : 0,
    counts,
    plan: text2("plan"),
    title: text2("title"),
    to: text2("to"),
    commit: text2("commit"),
    blocker: text2("blocker"),
    summary: text2("summary"),
    pointer: text2("pointer")
  };
}
function isCounts(value) {
  if (typeof value !== "object" || value === null) return false;
  const it = value;
  return ["not_started", "in_progress", "complete", "failed"].every((key) => Number.isInteger(it[key]));
}

// src/storage/light/message-log.ts
var import_node_fs9 = require("fs");

// src/storage/light/appending.ts
var import_node_fs7 = require("fs");
var import_node_path8 = require("path");
var APPEND_TRIES_MAX = 3;
function appendLine(path, line, options) {
  if (/[\r\n]/.test(line)) throw new Error("a line has no line breaks");
  const fd = (0, import_node_fs7.openSync)(path, "a+", options.mode ?? 438);
  let isNew = false;
  let bytesAfter = 0;
  try {
    for (let tries = 1; ; tries += 1) {
      const size = (0, import_node_fs7.fstatSync)(fd).size;
      isNew || (isNew = size === 0);
      const start2 = size === 0 || textFrom(fd, size - 1, size) === "\n" ? "" : "\n";
      const bytes = Buffer.from(`${start2}${line}
`);
      const isWhole = (0, import_node_fs7.writeSync)(fd, bytes) === bytes.length;
      bytesAfter = (0, import_node_fs7.fstatSync)(fd).size;
      if (isWhole && `
${textFrom(fd, size, bytesAfter)}`.includes(`
${line}
`)) break;
      if (tries === APPEND_TRIES_MAX) throw new Error(`${path}: a line was torn ${tries} times in a row`);
    }
    if (options.durable) (0, import_node_fs7.fsyncSync)(fd);
  } finally {
    (0, import_node_fs7.closeSync)(fd);
  }
  if (isNew && options.durable) syncFolder((0, import_node_path8.dirname)(path));
  return bytesAfter;
}
function textFrom(fd, from, to) {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  return bytes.toString("utf8", 0, (0, import_node_fs7.readSync)(fd, bytes, 0, bytes.length, from));
}

// src/storage/light/log-tail.ts
var import_node_fs8 = require("fs");
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
    descriptor = (0, import_node_fs8.openSync)(file, "r");
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
  try {
    const { from, length } = choose((0, import_node_fs8.fstatSync)(descriptor).size);
    const buffer = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const got = (0, import_node_fs8.readSync)(descriptor, buffer, read, length - read, from + read);
      if (got === 0) break;
      read += got;
    }
    return buffer.subarray(0, read);
  } finally {
    (0, import_node_fs8.closeSync)(descriptor);
  }
}
var CHUNK_BYTES = 1024 * 1024;

// src/storage/light/message-log.ts
var LOG_FILE = "messages.jsonl";
var LOG_BYTES_MAX = 64 * 1024 * 1024;
var TAIL_BYTES = 8 * 1024 * 1024;
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
  if (hasLine(file, id, TAIL_BYTES)) return true;
  const isYoung = (((_a = (0, import_node_fs9.statSync)(file, { throwIfNoEntry: false })) == null ? void 0 : _a.size) ?? 0) < TAIL_BYTES;
  const before = isYoung ? listFullLogs(home).at(-1) : void 0;
  return before !== void 0 && hasLine(before, id, TAIL_BYTES);
}
function rotateLog(home) {
  withMutex(coordinationPath(home, "leases"), "message-log", () => {
    var _a;
    const file = logFile(home);
    if ((((_a = (0, import_node_fs9.statSync)(file, { throwIfNoEntry: false })) == null ? void 0 : _a.size) ?? 0) <= LOG_BYTES_MAX) return;
    const stamp = (/* @__PURE__ */ new Date()).toISOString().replace(/[-:.Z]/g, "").replace("T", "-");
    const full = coordinationPath(home, `messages-${stamp}.jsonl`);
    if (!(0, import_node_fs9.existsSync)(full)) (0, import_node_fs9.renameSync)(file, full);
  });
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
  if (!(0, import_node_fs10.existsSync)(archive)) keepForFolding(home, file, envelope);
  makeFolder((0, import_node_path9.join)(archive, ".."));
  const acknowledged = { by: ack.by, session: ack.session, at: new Date(ack.atMs).toISOString() };
  const archived = { ...envelope, read: true, metadata: { ...envelope.metadata, acknowledged } };
  const isFirst = createExclusive(archive, `${printEnvelope(archived)}
`, { durable: true });
  const line = printEnvelope(ackOf(envelope, ack));
  if (isFirst || !isLogged(home, ackIdOf(id))) logMessage(home, line, false);
  removeIfThere(inFolder(outboxFolder(home, envelope.from), id));
  const outside = outsideFile(home, envelope);
  if (outside !== void 0) removeIfThere(outside);
  removeIfThere(inFolder(deadFolder(home, ack.by), id));
  removeIfThere(file);
  return "acknowledged";
}
function keepForFolding(home, file, envelope) {
  if (envelope.to !== COORDINATOR || !transitionIn(envelope)) return;
  const folder = unfoldedFolder(home);
  makeFolder(folder);
  const kept = inFolder(folder, envelope.id);
  try {
    (0, import_node_fs10.linkSync)(file, kept);
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
var READ_MAX = 256;
function listWaiting(home, agent) {
  return listIds(inboxFolder(home, agent));
}
function readWaiting(home, agent, id) {
  const text2 = readText(inFolder(inboxFolder(home, agent), id));
  if (text2 === void 0 || text2 === "unreadable") return text2;
  const envelope = parseEnvelope(text2);
  if (!envelope || envelope.id !== id) return "unreadable";
  if (!(0, import_node_fs11.existsSync)(archiveFile(home, id))) return envelope;
  finishAcknowledging(home, agent, id);
  return void 0;
}
function ringing(home, agent, ids) {
  let read = 0;
  return ids.filter((id) => {
    const mark = markInId(id);
    if (mark !== void 0) return mark !== "q";
    read += 1;
    const envelope = read <= READ_MAX ? readWaiting(home, agent, id) : void 0;
    return envelope !== void 0 && envelope !== "unreadable" && !isRoutine(envelope);
  });
}
function readText(file) {
  try {
    return readTextIfThere(file);
  } catch (error) {
    if (isErrno(error, "EISDIR", "EACCES", "EPERM", "ELOOP", "EIO")) return "unreadable";
    throw error;
  }
}

// src/storage/light/peers.ts
function peerFile(home, name) {
  return coordinationPath(home, "roster", "peers", `${name}.json`);
}
function readPeer(home, name) {
  return /^agent-[a-z0-9-]+$/.test(name) ? readRecord(peerFile(home, name)) : void 0;
}

// src/storage/light/lock-callers.ts
var KEPT_MS = 2 * 36e5;

// src/storage/light/seat.ts
var SEAT_TTL_MS = 15 * 6e4;
function seatFolder(home, place) {
  return coordinationPath(home, "leases", leaseName(`seat:${place ?? ""}`));
}
function toSeatHolder(record3) {
  if (!record3.holder) return void 0;
  return { session: record3.holder.session, sinceMs: record3.takenAt, epoch: record3.epoch };
}
function seatStanding(home, place, session) {
  var _a, _b;
  const record3 = readLease(seatFolder(home, place));
  const isOwn = ((_a = record3 == null ? void 0 : record3.holder) == null ? void 0 : _a.session) === session;
  return { takenBy: takenIn(record3, home, session), isOwn, agent: ((_b = record3 == null ? void 0 : record3.holder) == null ? void 0 : _b.agent) ?? null };
}
function takenIn(record3, home, session) {
  const holder = record3 == null ? void 0 : record3.holder;
  if (!record3 || !holder || holder.session === session) return void 0;
  if (holder.process === null && (session === null || !readSession(home, session, null))) return void 0;
  if (holder.process !== null && livenessOf(holder.process) === "dead") return void 0;
  return toSeatHolder(record3);
}
function readSeat(home, place) {
  var _a;
  const record3 = readLease(seatFolder(home, place));
  const holder = record3 ? toSeatHolder(record3) : void 0;
  return holder && record3 ? { ...holder, process: ((_a = record3.holder) == null ? void 0 : _a.process) ?? null } : void 0;
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
  const record3 = readPlaceRecord(home, name);
  if (record3 == null ? void 0 : record3.isEnded) return { ...base, kind: "ended", name: record3.worker, record: void 0 };
  if (record3) return { ...base, kind: "worker", name: record3.worker, record: record3 };
  return { ...base, kind: "guest", name: guestName(name), record: void 0 };
}

// src/storage/light/presence.ts
function boundBy(own, standing, instance2) {
  var _a;
  const { session, agent } = instance2;
  const record3 = own ?? (agent === null ? void 0 : readSession(standing.home, session, null));
  if (!record3 || record3.place === standing.name) return standing;
  if (!own && agent !== null && ((_a = standing.name) == null ? void 0 : _a.includes(agent))) return standing;
  const place = placeAt(record3.root);
  return place && hasHome(place) && place.home === standing.home ? place : standing;
}
function presenceOf(standing, instance2) {
  const record3 = readSession(standing.home, instance2.session, instance2.agent);
  const place = boundBy(record3, standing, instance2);
  const caller = callerAt(place, instance2.session);
  if ((record3 == null ? void 0 : record3.peer) === void 0 || record3.place !== place.name) return { place, caller, record: record3 };
  const seat = seatStanding(place.home, place.name, instance2.session);
  const isHolder2 = seat.isOwn && seat.agent === instance2.agent;
  return { place, caller: isHolder2 ? caller : asPeer(caller, record3.peer, instance2.agent), record: record3 };
}

// src/domain/delivery.ts
var PAUSE_MAX_MS = 6 * 36e5;
function judgeOverdue(waiting, nowMs, rules) {
  const pauseMs = Math.min(rules.timeoutMs * 2 ** waiting.rings, Math.max(PAUSE_MAX_MS, rules.timeoutMs));
  const from = waiting.rings === 0 ? waiting.sentAtMs : waiting.lastRingAtMs;
  if (from - nowMs > pauseMs) return "ring";
  if (nowMs - from < pauseMs) return "wait";
  const retries = rules.retries + (waiting.wasUnwatched ? 1 : 0);
  return waiting.rings < retries ? "ring" : "give-up";
}

// src/storage/light/presentation.ts
var TRANSCRIPT_BYTES = 4 * 1024 * 1024;
function ledgerFile(home, agent) {
  return coordinationPath(home, "roster", "shown", `${fileNameOf(agent)}.json`);
}
function heldIds(home, agent) {
  var _a;
  return heldIn(home, ((_a = readRecord(ledgerFile(home, agent))) == null ? void 0 : _a.batches) ?? []);
}
function whileNobodyReads(home, agent, body) {
  withLedger(home, agent, (batches) => ({ batches, value: body(heldIn(home, batches)) }));
}
function heldIn(home, batches) {
  const held = batches.filter(({ session, agent, state, printer }) => {
    var _a;
    const client = (_a = readSession(home, session, agent)) == null ? void 0 : _a.process;
    const isPrinting = state === "printing" && livenessOf(printer) === "alive";
    return isPrinting || (client ? livenessOf(client) !== "dead" : false);
  });
  return new Set(held.flatMap((batch) => batch.ids));
}
function withLedger(home, agent, change) {
  const outcome = withMutex(coordinationPath(home, "leases"), `shown-${agent}`, () => {
    var _a;
    const file = ledgerFile(home, agent);
    const before = ((_a = readRecord(file)) == null ? void 0 : _a.batches) ?? [];
    const { batches, value } = change(before);
    if (batches.length === 0 && before.length > 0) removeIfThere(file);
    else if (batches.length > 0) writeRecord(file, { batches });
    return value;
  });
  if (!outcome.done) throw new Error(`the mail of ${agent} stayed busy: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}

// src/storage/light/rings.ts
function ringsFile(home, agent) {
  return coordinationPath(home, "roster", "rings", `${fileNameOf(agent)}.json`);
}
function readRings(home, agent) {
  var _a;
  return ((_a = readRecord(ringsFile(home, agent))) == null ? void 0 : _a.rings) ?? {};
}
function writeRings(home, agent, rings) {
  writeRecord(ringsFile(home, agent), { rings }, false);
}

// src/surfaces/hooks/idle.ts
function idleFile(home, clientPid) {
  return coordinationPath(home, "roster", "idle", String(clientPid));
}
function isIdleSince(home, clientPid) {
  return modifiedAt(idleFile(home, clientPid));
}

// src/surfaces/hooks/protocol.ts
var import_node_fs12 = require("fs");
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
    input = (0, import_node_fs12.readFileSync)(0, "utf8");
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

// src/storage/light/dead-letters.ts
var import_node_fs13 = require("fs");
function buryMessage(home, agent, id, death, tell2) {
  return withMailMutex(home, agent, () => {
    var _a;
    const file = inFolder(inboxFolder(home, agent), id);
    const text2 = readTextIfThere(file);
    const envelope = text2 === void 0 ? void 0 : parseEnvelope(text2);
    if (!envelope || (0, import_node_fs13.existsSync)(archiveFile(home, id))) return false;
    keepForFolding(home, file, envelope);
    const folder = deadFolder(home, agent);
    makeFolder(folder);
    const dead = inFolder(folder, id);
    const buried = { ...envelope, metadata: { ...envelope.metadata, undelivered: death } };
    createExclusive(dead, `${printEnvelope(buried)}
`, { durable: true });
    tell2(envelope, ((_a = readDead(home, agent, id)) == null ? void 0 : _a.death) ?? death);
    removeIfThere(inFolder(outboxFolder(home, envelope.from), id));
    removeIfThere(file);
    return true;
  });
}
function readDead(home, agent, id) {
  const text2 = readTextIfThere(inFolder(deadFolder(home, agent), id));
  const envelope = text2 === void 0 ? void 0 : parseEnvelope(text2);
  return envelope ? { agent, envelope, death: envelope.metadata["undelivered"] } : void 0;
}

// src/storage/light/journal.ts
var import_node_fs14 = require("fs");
var import_node_path10 = require("path");
var CHANGES_BYTES_MAX = 512 * 1024;
var LOG_BYTES_MAX2 = 4 * 1024 * 1024;
var COMMANDS_KEPT_MS = 30 * 6e4;
function appendBounded(file, line, bytesMax) {
  try {
    if ((0, import_node_fs14.statSync)(file).size > bytesMax) (0, import_node_fs14.renameSync)(file, `${file}.old`);
  } catch (error) {
    if (!isMissing(error)) throw error;
    makeFolder((0, import_node_path10.join)(file, ".."));
  }
  (0, import_node_fs14.appendFileSync)(file, `${line}
`);
}
function noteAct(home, act, nowMs) {
  const line = JSON.stringify({ at: new Date(nowMs).toISOString(), ...act });
  appendBounded(coordinationPath(home, "log", "coord.jsonl"), line, LOG_BYTES_MAX2);
}

// src/storage/light/settings-twin.ts
var import_node_fs15 = require("fs");
var import_node_path11 = require("path");

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
    const stat = (0, import_node_fs15.statSync)(file, { throwIfNoEntry: false });
    return stat ? `${stat.mtimeMs}:${stat.size}:${stat.ino}` : "-";
  } catch (error) {
    if (isMissing(error)) return "-";
    throw error;
  }
}
function settingsStamp(home) {
  return `${stampOf((0, import_node_path11.join)(home, TEAM_SETTINGS_FILE))} ${stampOf((0, import_node_path11.join)(home, LOCAL_SETTINGS_FILE))}`;
}
function readFreshTwin(home) {
  const stamp = settingsStamp(home);
  if (stamp === "- -") return { stamp, values: {}, complaints: [] };
  const twin = readRecord(twinFile(home));
  return (twin == null ? void 0 : twin.stamp) === stamp ? twin : void 0;
}
function settingsFrom(home, twin) {
  const options = (0, import_node_fs15.existsSync)(optionsFile(home)) ? readRecord(optionsFile(home)) : void 0;
  const stored = parseSettings(options ?? {}).values;
  return mergeSettings([stored, twin.values]);
}

// src/usecases/sweep-mail.ts
var import_node_fs17 = require("fs");

// src/storage/light/sending.ts
var import_node_fs16 = require("fs");
var import_node_path12 = require("path");

// src/storage/light/chat-log.ts
var TAIL_BYTES2 = 1024 * 1024;
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
  return hasLine(chatFile(home, chatOf(from, to)), id, TAIL_BYTES2);
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
function writeNote(note, text2) {
  try {
    writeInPlace(note, text2, { durable: true });
  } catch (error) {
    if (!isErrno(error, "ENOENT")) throw error;
    makeFolder((0, import_node_path12.dirname)(note));
    writeInPlace(note, text2, { durable: true });
  }
}
function sendOne(home, note, envelope) {
  record2(home, envelope);
  const inbox = inFolder(inboxFolder(home, envelope.to), envelope.id);
  showOutside(home, note, envelope);
  linkOrCopy(note, inbox, envelope, true);
  const outbox = inFolder(outboxFolder(home, envelope.from), envelope.id);
  (0, import_node_fs16.renameSync)(note, outbox);
  if (isSettled(home, envelope)) removeIfThere(outbox);
}
function sendSeveral(home, note, envelopes) {
  for (const envelope of envelopes) {
    record2(home, envelope);
    deliver(home, envelope);
  }
  removeIfThere(note);
}
function isKnown(home, envelope) {
  return (0, import_node_fs16.existsSync)(inFolder(inboxFolder(home, envelope.to), envelope.id)) || (0, import_node_fs16.existsSync)(inFolder(outboxFolder(home, envelope.from), envelope.id)) || isSettled(home, envelope);
}
function isSettled(home, { id, to }) {
  return (0, import_node_fs16.existsSync)(archiveFile(home, id)) || (0, import_node_fs16.existsSync)(inFolder(deadFolder(home, to), id));
}
function record2(home, envelope) {
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
    (0, import_node_fs16.linkSync)(source, target);
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
  if (!(0, import_node_fs16.existsSync)(folder)) return [];
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
function envelopesIn(text2) {
  if (!text2.endsWith("\n")) return [];
  const only = parseEnvelope(text2);
  if (only || !text2.startsWith("[")) return only ? [only] : [];
  try {
    const listed = JSON.parse(text2);
    return listed.every(isEnvelope) ? listed : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
function finishOne(home, envelope) {
  const { id, to } = envelope;
  if (isSettled(home, envelope)) return;
  if (!(0, import_node_fs16.existsSync)(inFolder(inboxFolder(home, to), id))) {
    if (!isLogged(home, id)) logMessage(home, printEnvelope(envelope), true);
    if (isPeerTalk(envelope) && !isInChat(home, envelope)) noteInChat(home, envelope);
    noteInQuestions(home, envelope);
  }
  deliver(home, envelope);
}

// src/usecases/sweep-mail.ts
var EVERY_MAX_MS = 3e4;
var EVERY_MIN_MS = 500;
var UNWATCHED_MS = 36e5;
var GIVE_UP_MAX = 20;
var UNDELIVERED = "undelivered";
function sweepMail(home, settings, nowMs, reader) {
  const rules = { timeoutMs: settings.ack_timeout * 1e3, retries: settings.ack_retries };
  const everyMs = Math.max(EVERY_MIN_MS, Math.min(EVERY_MAX_MS, rules.timeoutMs / 4));
  if (!isDue(home, everyMs, nowMs)) return;
  withMutex(
    coordinationPath(home, "leases"),
    "mail-sweep",
    () => {
      const sweptAtMs = modifiedAt(sweepMark(home)) ?? nowMs;
      if (!isDue(home, everyMs, nowMs)) return;
      rememberSweep(home, nowMs);
      const wasUnwatched = nowMs - sweptAtMs > UNWATCHED_MS;
      let left = GIVE_UP_MAX;
      for (const agent of listAgents(home, "inbox")) {
        if (agent === OPERATOR) continue;
        const sweep = { home, agent, rules, nowMs, wasUnwatched, mayGiveUp: agent === reader ? 0 : left };
        left -= sweepAgent(sweep);
      }
    },
    { waitMs: 0 }
  );
}
function sweepMark(home) {
  return coordinationPath(home, "roster", "swept");
}
function isDue(home, everyMs, nowMs) {
  const sweptAtMs = modifiedAt(sweepMark(home));
  return sweptAtMs === void 0 || nowMs - sweptAtMs >= everyMs || sweptAtMs > nowMs + everyMs;
}
function rememberSweep(home, nowMs) {
  writeAtomic(sweepMark(home), "", { durable: false });
  (0, import_node_fs17.utimesSync)(sweepMark(home), nowMs / 1e3, nowMs / 1e3);
}
function sweepAgent({ home, agent, rules, nowMs, wasUnwatched, mayGiveUp }) {
  var _a;
  const late = listWaiting(home, agent).filter((id) => mayBeLate(id, rules, nowMs));
  const before = readRings(home, agent);
  if (late.length === 0 && Object.keys(before).length === 0) return 0;
  const held = heldIds(home, agent);
  const rings = {};
  const hopeless = [];
  for (const id of ringing(home, agent, late)) {
    const sentAtMs = (_a = (0, import_node_fs17.statSync)(inFolder(inboxFolder(home, agent), id), { throwIfNoEntry: false })) == null ? void 0 : _a.mtimeMs;
    if (sentAtMs === void 0) continue;
    const ring = ringSince(before[id], sentAtMs, nowMs);
    const waiting = { sentAtMs, rings: (ring == null ? void 0 : ring.count) ?? 0, lastRingAtMs: (ring == null ? void 0 : ring.atMs) ?? 0, wasUnwatched };
    const verdict = held.has(id) ? "wait" : judgeOverdue(waiting, nowMs, rules);
    if (verdict === "ring") rings[id] = { count: waiting.rings + 1, atMs: nowMs };
    else if (ring) rings[id] = ring;
    if (verdict === "give-up" && hopeless.length < mayGiveUp) hopeless.push(id);
  }
  if (hopeless.length > 0)
    whileNobodyReads(home, agent, (heldNow) => {
      var _a2;
      for (const id of hopeless.filter((one) => !heldNow.has(one))) {
        giveUp(home, agent, id, ((_a2 = rings[id]) == null ? void 0 : _a2.count) ?? 0, nowMs);
        delete rings[id];
      }
    });
  if (JSON.stringify(rings) !== JSON.stringify(before)) writeRings(home, agent, rings);
  return hopeless.length;
}
function ringSince(ring, sentAtMs, nowMs) {
  return ring && (sentAtMs > nowMs || ring.atMs >= Math.floor(sentAtMs)) ? ring : void 0;
}
function mayBeLate(id, rules, nowMs) {
  const atMs = markInId(id) === void 0 ? void 0 : timeOfMessageId(id);
  return atMs === void 0 || Math.abs(nowMs - atMs) >= rules.timeoutMs;
}
function giveUp(home, agent, id, rings, nowMs) {
  const death = {
    at: new Date(nowMs).toISOString(),
    reason: `nobody acknowledged it; its receiver was rung for ${rings} time(s)`,
    rings
  };
  buryMessage(home, agent, id, death, (envelope, known) => tell(home, envelope, known));
}
function tell(home, envelope, death) {
  const atMs = Date.parse(death.at);
  const { id, from, to } = envelope;
  if (from === SYSTEM && envelope.metadata["error_type"] === UNDELIVERED) return;
  const content = `Your message ${id} to ${to} was not acknowledged, and is a dead letter now: ${death.reason}. It says: "${cleanLine(envelope.content, 160)}". It is shown to ${to} when a session of it starts; \`coord dead retry ${id}\` lets it wait again now.`;
  const receivers = /* @__PURE__ */ new Set([OPERATOR, ...from !== SYSTEM && hasInbox(home, from) ? [from] : []]);
  for (const receiver of receivers) {
    const words = receiver === from ? content : content.replace("Your message", `The message of ${from}`);
    const metadata = { error_type: UNDELIVERED, message: id };
    const draft = { to: receiver, type: "error", content: words, references: [id], metadata };
    const tail = `dead.${hash128(`${id} ${receiver} ${death.at}`).slice(0, 12)}`;
    sendEnvelope(home, envelopeAt(draft, { tail, from: SYSTEM, atMs }));
  }
}

// src/surfaces/hooks/bundles.ts
var import_node_path13 = require("path");
function loadBundle(name) {
  return require((0, import_node_path13.join)(__dirname, `${name}.cjs`));
}

// src/storage/light/dropped-mail.ts
var import_node_fs18 = require("fs");
var SAME_TIME_MS = 0.01;
function dropFolder(home) {
  return coordinationPath(home, "inbox");
}
function markFile(home) {
  return coordinationPath(home, "roster", "routed");
}
function mayHaveDropped(home) {
  const folder = (0, import_node_fs18.statSync)(dropFolder(home), { throwIfNoEntry: false });
  const mark = (0, import_node_fs18.statSync)(markFile(home), { throwIfNoEntry: false });
  if (folder === void 0 || mark === void 0) return folder !== void 0;
  return Math.abs(folder.mtimeMs - mark.mtimeMs) > SAME_TIME_MS;
}

// src/surfaces/hooks/dropped.ts
function routeDroppedMail(home) {
  if (!mayHaveDropped(home)) return;
  const { routeDropped } = loadBundle("dropped");
  routeDropped(home, Date.now());
}

// src/surfaces/hooks/tending.ts
function tendMail(home, reader) {
  const twin = readFreshTwin(home) ?? { stamp: "", values: {}, complaints: [] };
  try {
    if (listNames(coordinationPath(home, "leases", "locks-wanted"), 1).length > 0)
      loadBundle("locks").tendLocks(home);
    routeDroppedMail(home);
    sweepMail(home, settingsFrom(home, twin), Date.now(), reader);
  } catch (error) {
    noteAct(home, { act: "hook-failed", hook: "tend-mail", detail: String(error) }, Date.now());
  }
}

// src/surfaces/hooks/wake.ts
var TICK_MS = 1e3;
var LIFE_MS = 23 * 36e5;
var RUNG_KEPT = 500;
var BUSY_GRACE_MS = 15e3;
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
    this.watchFolder(inboxFolder(home, this.agent()));
    this.watchFolder(coordinationPath(home, "inbox"));
    setInterval(() => this.look(), TICK_MS);
    this.look();
  }
  /** News come by the file system's notice; the tick finds them where there is none. */
  watchFolder(folder) {
    makeFolder(folder);
    try {
      (0, import_node_fs19.watch)(folder, () => this.look()).on("error", () => void 0);
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
    const holder = (seat == null ? void 0 : seat.process) ?? null;
    const isOthers = holder && holder.pid !== this.client.pid && livenessOf(holder) !== "dead";
    if (isOthers && !readPeer(home, this.agent())) return;
    tendMail(home);
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
    const held = heldIds(home, agent);
    const rings = readRings(home, agent);
    const known = new Set(rung);
    const isIdle = isIdleSince(home, this.client.pid) !== void 0;
    const fresh = waiting.filter((id) => {
      if (known.has(ringOf(id, rings)) || held.has(id)) return false;
      const firstSeenAtMs = this.seenAtMs.get(id) ?? Date.now();
      this.seenAtMs.set(id, firstSeenAtMs);
      return isIdle || Date.now() - firstSeenAtMs >= BUSY_GRACE_MS;
    });
    const found = ringing(home, agent, fresh);
    const isReal = found.slice(0, LOOKED_AT_MAX).some((id) => isMessage(readWaiting(home, agent, id)));
    return isReal ? found.map((id) => ringOf(id, rings)) : [];
  }
};
function ringOf(id, rings) {
  var _a;
  const count = ((_a = rings[id]) == null ? void 0 : _a.count) ?? 0;
  return count === 0 ? id : `${id}#${count}`;
}
function isMessage(read) {
  return read !== void 0 && read !== "unreadable";
}

// src/surfaces/hooks/entries/wake.ts
runWake();
// mark 953ee2aa6a7e006d
