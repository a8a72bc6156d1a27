// Built from src/surfaces/cli/entries/coord.ts; do not edit.
if (parseInt(process.versions.node, 10) < 20) { process.stderr.write('coord needs Node.js 20 or newer; this is ' + process.version + ' (' + process.execPath + '). Install a newer one, or put it first on the PATH.\n'); process.exit(1); }
require = (function (load, find) { return function (id) { return (find && find(id)) || load(id); }; })(require, process.getBuiltinModule);
"use strict";

// src/surfaces/cli/main.ts
var import_node_path14 = require("path");

// src/surfaces/cli/closest.ts
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, substitution));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
function nearness(typed, known) {
  const found = distance(typed, known);
  return found <= Math.max(2, Math.floor(typed.length / 3)) ? found : Number.POSITIVE_INFINITY;
}
function closestTo(word, known) {
  const first = word.split(" ")[0] ?? "";
  const scored = known.map((name) => ({
    name,
    score: Math.min(nearness(word, name), nearness(first, name), nearness(first, name.split(" ")[0] ?? "")),
    // Among commands of one first word, the rest of what was typed decides.
    whole: distance(word, name)
  }));
  const best = scored.sort((a, b) => a.score - b.score || a.whole - b.whole)[0];
  return best && best.score < Number.POSITIVE_INFINITY ? best.name : void 0;
}

// src/surfaces/cli/command.ts
var import_node_fs = require("fs");
var EXIT = { done: 0, refused: 1, usage: 64, bug: 70 };
var UsageError = class extends Error {
  code = "coord-usage";
};
function isUsageError(error) {
  return error instanceof Error && error.code === "coord-usage";
}
function parseCommandLine(command, args) {
  const { positionals, flags, values } = sortWords(command, args);
  const [min, max] = command.positionals;
  if (positionals.length < min) throw new UsageError(printMissing(command, positionals.length));
  if (positionals.length > max)
    throw new UsageError(`too many words, from "${positionals[max]}" on (quote texts)`);
  const read = (name) => values.get(name) ?? [];
  return { positionals, flags, option: (name) => read(name).at(-1), options: read, json: flags.has("json") };
}
function printMissing(command, given) {
  const [min] = command.positionals;
  const names = (command.usage.replace(/\[[^\]]*\]??/g, "").match(/<[^<>]+>/g) ?? []).slice(given, min);
  if (names.length === 0) return "something is missing";
  return `${names.join(" and ")} ${names.length === 1 ? "is" : "are"} missing`;
}
function sortWords(command, args) {
  var _a, _b;
  const positionals = [];
  const flags = /* @__PURE__ */ new Set();
  const values = /* @__PURE__ */ new Map();
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? "";
    if (word === "--") return { positionals: [...positionals, ...args.slice(at + 1)], flags, values };
    if (!looksLikeOption(word)) {
      positionals.push(word);
      continue;
    }
    const [name, inline] = splitOption(word);
    if ((_a = command.values) == null ? void 0 : _a.includes(name)) {
      const value = inline ?? optionArgument(name, args[at + 1]);
      if (inline === void 0) at += 1;
      values.set(name, [...values.get(name) ?? [], value]);
    } else if (name === "json" || name === "help" || ((_b = command.switches) == null ? void 0 : _b.includes(name))) {
      if (inline !== void 0) throw new UsageError(`--${name} takes no value`);
      flags.add(name);
    } else {
      const told = inline === void 0 ? word : word.slice(0, word.indexOf("="));
      const options = [...command.values ?? [], ...command.switches ?? [], "json", "help"];
      const guess = name === "" ? void 0 : closestTo(name, options);
      const help = guess ? `did you mean --${guess}?` : 'a text that begins with "-" goes behind "--"';
      throw new UsageError(`Unknown option '${told}'; ${help}`);
    }
  }
  return { positionals, flags, values };
}
function looksLikeOption(word) {
  return word.length > 1 && word.startsWith("-");
}
function splitOption(word) {
  if (!word.startsWith("--")) return ["", void 0];
  const equals = word.indexOf("=");
  return equals < 0 ? [word.slice(2), void 0] : [word.slice(2, equals), word.slice(equals + 1)];
}
function optionArgument(name, next) {
  if (next === void 0) throw new UsageError(`--${name} needs a value`);
  if (looksLikeOption(next))
    throw new UsageError(`--${name} needs a value (one that begins with "-": --${name}=${next})`);
  return next;
}
function printHelp(command) {
  return [
    `coord ${command.name} ${command.usage}`.trimEnd(),
    "",
    command.summary,
    "",
    `--json prints ${command.shape}`,
    "Exit codes: 0 done, 1 refused, 64 usage, 70 a bug of coord.",
    ""
  ].join("\n");
}
function writeOut(descriptor, text) {
  const bytes = Buffer.from(text, "utf8");
  let at = 0;
  while (at < bytes.length) {
    try {
      at += (0, import_node_fs.writeSync)(descriptor, bytes, at);
    } catch (error) {
      const { code: code2 } = error;
      if (code2 === "EAGAIN") continue;
      if (code2 === "EPIPE") return;
      throw error;
    }
  }
}

// src/domain/identifiers.ts
function workerOf(phaseId) {
  return `worker-${phaseId}`;
}
var COORDINATOR = "coordinator";
var OPERATOR = "operator";
var SYSTEM = "coord";
var EVERYBODY = "all";
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
var CONTENT_MAX = 32768;
var REFERENCES_MAX = 32;
var REFERENCE_MAX = 200;
var SHOWN_CHARS_MAX = 2e3;
var RESERVED_METADATA = /* @__PURE__ */ new Set([
  "acknowledged",
  "blocker",
  "broadcast",
  "counts",
  "event",
  "outside",
  "report",
  "reply_to",
  "revision",
  "thread",
  "undelivered"
]);
function isSendable(word) {
  return isMessageType(word) && word !== "ack";
}
function isMessageType(word) {
  return MESSAGE_TYPES.includes(word);
}
function isPriority(word) {
  return PRIORITIES.includes(word);
}
function judgeDraft(draft) {
  if (!isSendable(draft.type)) return { code: "message-type-unknown", type: draft.type };
  if (draft.priority !== void 0 && !isPriority(draft.priority)) {
    return { code: "message-priority-unknown", priority: draft.priority };
  }
  if (draft.content.trim() === "") return { code: "message-empty" };
  if (draft.content.length > CONTENT_MAX) {
    return { code: "message-too-long", length: draft.content.length, max: CONTENT_MAX };
  }
  const reserved = Object.keys(draft.metadata ?? {}).find((key) => RESERVED_METADATA.has(key));
  if (reserved !== void 0) return { code: "message-metadata-reserved", key: reserved };
  const metadataLength = JSON.stringify(draft.metadata ?? {}).length;
  if (metadataLength > CONTENT_MAX)
    return { code: "message-too-long", length: metadataLength, max: CONTENT_MAX };
  for (const reference of draft.references ?? []) {
    if (!isReference(reference)) return { code: "message-reference-bad", reference };
  }
  if ((draft.references ?? []).length > REFERENCES_MAX)
    return { code: "message-reference-bad", reference: "\u2026" };
  return void 0;
}
function isReference(text) {
  return text !== "" && text.length <= REFERENCE_MAX && cleanText(text) === text && !text.includes("\n");
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
function printForAgent(envelope, charsMax = SHOWN_CHARS_MAX) {
  const refs = envelope.references.length > 0 ? ` \xB7 re ${envelope.references.map((r) => cleanLine(r)).join(", ")}` : "";
  const head = `${envelope.id} \xB7 ${envelope.type} \xB7 ${envelope.priority} \xB7 from ${cleanLine(envelope.from)} \xB7 ${cleanLine(envelope.timestamp)}${refs}`;
  const text = cleanText(envelope.content);
  const cut = text.length > charsMax;
  const shown = cut ? text.slice(0, charsMax) : text;
  const quoted = shown.split("\n").map((line) => `> ${line}`).join("\n");
  return `${head}
${quoted}${cut ? `
(cut; the whole text: coord inbox ${envelope.id})` : ""}`;
}

// src/domain/metadata.ts
var VERDICTS = ["accept", "reject"];
var METADATA_SHAPES = {
  task_id: "text",
  context: "text",
  blocker_type: "text",
  error_type: "text",
  artifacts: "artifacts",
  quality_gates: "gates",
  metrics: "figures",
  verdict: "verdict",
  reply_to: "text",
  thread: "text",
  event: "text",
  phase: "text",
  plan: "text",
  title: "text",
  from: "text",
  to: "text",
  commit: "text",
  blocker: "text",
  summary: "text",
  pointer: "text",
  report: "count",
  revision: "count",
  counts: "counts",
  acknowledged: "acknowledged",
  undelivered: "undelivered",
  outside: "outside"
};
function judgeMetadata(said) {
  const metadata = said.metadata ?? {};
  for (const key of Object.keys(metadata)) {
    const expected = shapeOf(key);
    if (expected !== void 0 && !hasShape(expected, metadata[key]))
      return { code: "message-metadata-bad", key, expected };
  }
  return isComplete(said) ? void 0 : { code: "message-verdict-unsaid" };
}
function isComplete(said) {
  var _a;
  if (said.type !== "verdict" && said.type !== "ack") return true;
  const isSaid = said.type === "ack" || hasShape("verdict", (_a = said.metadata) == null ? void 0 : _a["verdict"]);
  return isSaid && (said.references ?? []).length > 0;
}
function shapeOf(key) {
  return Object.hasOwn(METADATA_SHAPES, key) ? METADATA_SHAPES[key] : void 0;
}
function hasShape(shape, value) {
  switch (shape) {
    case "text":
      return typeof value === "string";
    case "artifacts":
      return Array.isArray(value) && value.every((item) => isText(item) || isRecord(item) && isText(item["path"]));
    case "gates":
      return isRecord(value) && Object.values(value).every((gate) => isRecord(gate) && isText(gate["status"]));
    case "figures":
      return isRecord(value) && Object.values(value).every((figure) => Number.isFinite(figure));
    case "verdict":
      return VERDICTS.includes(value);
    case "count":
      return isCount(value);
    case "counts":
      return isRecord(value) && Object.values(value).every(isCount);
    case "acknowledged":
      return isRecord(value) && isText(value["by"]) && isText(value["at"]);
    case "undelivered":
      return isRecord(value) && isText(value["at"]) && isText(value["reason"]);
    case "outside":
      return isRecord(value) && isText(value["file"]);
  }
}
function isText(value) {
  return typeof value === "string" && value !== "";
}
function isCount(value) {
  return Number.isSafeInteger(value) && value >= 0;
}
function isRecord(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// src/domain/problem.ts
function done(value) {
  return { done: true, value };
}
function refuse(problem) {
  return { done: false, problem };
}

// src/storage/light/files.ts
var import_node_fs2 = require("fs");
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
  const code2 = unit.charCodeAt(0);
  return code2 < 128 ? `=${code2.toString(16).padStart(2, "0")}` : `=u${code2.toString(16).padStart(4, "0")}`;
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
  const code2 = typeof error === "object" && error !== null && "code" in error ? error.code : void 0;
  return typeof code2 === "string" && codes.includes(code2);
}
function writeAtomic(path, text, options) {
  const temporary = writeTemporary((0, import_node_path.dirname)(path), text, options);
  try {
    (0, import_node_fs2.renameSync)(temporary, path);
  } catch (error) {
    removeIfThere(temporary);
    throw error;
  }
  if (options.durable) syncFolder((0, import_node_path.dirname)(path));
}
function writeInPlace(path, text, options) {
  fill((0, import_node_fs2.openSync)(path, "w", options.mode ?? 438), text, options);
}
function createExclusive(path, text, options) {
  const temporary = writeTemporary((0, import_node_path.dirname)(path), text, options);
  let isMade;
  try {
    (0, import_node_fs2.linkSync)(temporary, path);
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
    return (0, import_node_fs2.readFileSync)(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return void 0;
    throw error;
  }
}
function removeIfThere(path) {
  try {
    (0, import_node_fs2.unlinkSync)(path);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return false;
    throw error;
  }
}
function makeFolder(path, options = { durable: true }) {
  const first = (0, import_node_fs2.mkdirSync)(path, { recursive: true });
  if (first === void 0 || !options.durable) return;
  let parent = (0, import_node_path.dirname)(first);
  for (const part of (0, import_node_path.relative)(parent, path).split(import_node_path.sep)) {
    syncFolder(parent);
    parent = (0, import_node_path.join)(parent, part);
  }
}
function listNames(path, limit) {
  try {
    if (limit === void 0) return (0, import_node_fs2.readdirSync)(path);
    const folder = (0, import_node_fs2.opendirSync)(path);
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
    fd = (0, import_node_fs2.openSync)(path, "r");
  } catch (error) {
    if (process.platform === "win32" && isErrno(error, "EPERM", "EISDIR", "EACCES")) return;
    throw error;
  }
  try {
    (0, import_node_fs2.fsyncSync)(fd);
  } catch (error) {
    if (!isErrno(error, "EINVAL", "ENOTSUP", "ENOSYS") && process.platform !== "win32") throw error;
  } finally {
    (0, import_node_fs2.closeSync)(fd);
  }
}
var start = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);
var written = 0;
function writeTemporary(folder, text, options) {
  written += 1;
  const path = (0, import_node_path.join)(folder, `${TEMPORARY_PREFIX}${process.pid}-${start}-${written}`);
  const fd = (0, import_node_fs2.openSync)(path, "wx", options.mode ?? 438);
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
    fd = (0, import_node_fs2.openSync)(path, "wx", options.mode ?? 438);
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
    for (let done2 = 0; done2 < bytes.length; ) done2 += (0, import_node_fs2.writeSync)(fd, bytes, done2);
    if (options.modifiedAt !== void 0)
      (0, import_node_fs2.futimesSync)(fd, options.modifiedAt / 1e3, options.modifiedAt / 1e3);
    if (options.durable) (0, import_node_fs2.fsyncSync)(fd);
  } finally {
    (0, import_node_fs2.closeSync)(fd);
  }
}

// src/storage/light/lock-callers.ts
var import_node_fs5 = require("fs");
var import_node_path4 = require("path");

// src/storage/light/roster.ts
var import_node_fs4 = require("fs");
var import_node_path3 = require("path");

// src/domain/project-paths.ts
var COORDINATION = ".coordination";

// src/storage/light/place.ts
var import_node_fs3 = require("fs");
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
    at = folder === process.cwd() ? folder : import_node_fs3.realpathSync.native(folder);
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
  if (!(0, import_node_fs3.existsSync)(entry)) return void 0;
  if ((0, import_node_fs3.existsSync)((0, import_node_path2.join)(entry, "HEAD")))
    return { home: root, root, name: null, gitDir: entry, commonDir: entry };
  try {
    return (0, import_node_fs3.lstatSync)(entry).isFile() ? linkedPlace(root, entry) : void 0;
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
  if (!(0, import_node_fs3.existsSync)(pointer)) return { home: root, root, name: null, gitDir, commonDir: gitDir };
  const commonDir = import_node_fs3.realpathSync.native((0, import_node_path2.resolve)(gitDir, (0, import_node_fs3.readFileSync)(pointer, "utf8").trim()));
  return { home: homeOf(commonDir), root, name: (0, import_node_path2.basename)(gitDir), gitDir, commonDir };
}
function readPointer(entry) {
  const text = (0, import_node_fs3.readFileSync)(entry, "utf8");
  if (!text.startsWith("gitdir: ")) return void 0;
  const line = text.endsWith("\n") ? text.slice(8, -1) : text.slice(8);
  const path = line.endsWith("\r") ? line.slice(0, -1) : line;
  return path === "" || path.includes("\n") || path.includes("\r") ? void 0 : path;
}
function homeOf(commonDir) {
  if ((0, import_node_path2.basename)(commonDir) === ".git") return (0, import_node_path2.dirname)(commonDir);
  try {
    return (0, import_node_fs3.readFileSync)((0, import_node_path2.join)(commonDir, HOME_POINTER), "utf8").trim() || void 0;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}
function hasHome(place) {
  return place.home !== void 0;
}
function isCoordinated(home) {
  return (0, import_node_fs3.existsSync)((0, import_node_path2.join)(home, COORDINATION, "roster"));
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
function writeRecord(file, record2, durable = true) {
  makeFolder((0, import_node_path3.join)(file, ".."));
  writeAtomic(file, `${JSON.stringify(record2, null, 2)}
`, { durable });
}
function unreadablePlaceRecord(home, place) {
  if (place === null) return void 0;
  const file = rosterFile(home, "places", place);
  return (0, import_node_fs4.existsSync)(file) && readRecord(file) === void 0 ? file : void 0;
}
function readPlaceRecord(home, place) {
  if (place === null) return void 0;
  const file = rosterFile(home, "places", place);
  const record2 = readRecord(file);
  if (record2 === void 0 && (0, import_node_fs4.existsSync)(file)) throw new Error(`${file} cannot be read`);
  return record2;
}
function readWorkerRecord(home, worker) {
  return readRecord(rosterFile(home, "workers", worker));
}
function listWorkers(home) {
  return listNames(coordinationPath(home, "roster", "workers")).filter((name) => name.endsWith(".json")).map((name) => readRecord(coordinationPath(home, "roster", "workers", name))).filter((record2) => record2 !== void 0);
}
function sessionFile(home, session, agent) {
  return rosterFile(home, "sessions", agent === null ? session : `${session}.${agent}`);
}
function readSession(home, session, agent) {
  return readRecord(sessionFile(home, session, agent));
}
function touch(file, nowMs) {
  try {
    (0, import_node_fs4.utimesSync)(file, nowMs / 1e3, nowMs / 1e3);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
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

// src/storage/light/lock-callers.ts
var NOTES_MAX = 200;
var KEPT_MS = 2 * 36e5;
function folderOf(home) {
  return coordinationPath(home, "roster", "callers");
}
function callingAgent(home, session, words, nowMs) {
  const folder = folderOf(home);
  if (!(0, import_node_fs5.existsSync)(folder)) return null;
  const asked = JSON.stringify(words);
  const agents = /* @__PURE__ */ new Set();
  for (const name of listNames(folder, NOTES_MAX * 2)) {
    const note = isTemporary(name) ? void 0 : readRecord((0, import_node_path4.join)(folder, name));
    if ((note == null ? void 0 : note.session) !== session || nowMs - note.atMs > KEPT_MS) continue;
    if (JSON.stringify(note.words) === asked) agents.add(note.agent);
  }
  const [only = null, ...more] = agents;
  return more.length === 0 ? only : null;
}

// src/storage/light/epochs.ts
var import_node_fs7 = require("fs");
var import_node_path6 = require("path");

// src/storage/light/process.ts
var import_node_fs6 = require("fs");
var import_node_path5 = require("path");
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
    const touchedAt = (_a = (0, import_node_fs6.statSync)((0, import_node_path5.join)(folder, name), { throwIfNoEntry: false })) == null ? void 0 : _a.mtimeMs;
    if (touchedAt !== void 0 && Math.abs(now - touchedAt) > TEMPORARY_STALE_MS)
      removeIfThere((0, import_node_path5.join)(folder, name));
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
    const boot = (0, import_node_fs6.readFileSync)("/proc/sys/kernel/random/boot_id", "utf8").slice(0, 8);
    const namespace = (_a = /\d+/.exec((0, import_node_fs6.readlinkSync)("/proc/self/ns/pid"))) == null ? void 0 : _a[0];
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
    stat = (0, import_node_fs6.readFileSync)(`/proc/${pid}/stat`, "utf8");
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
    const top = readEpoch((0, import_node_path6.join)(dir, nameAmong(names, epoch)), epoch);
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
      removeIfThere((0, import_node_path6.join)(dir, name));
    } catch (error) {
      if (!isErrno(error, "EISDIR", "EPERM", "EACCES", "EBUSY")) throw error;
    }
  }
  if (names.includes(DOUBT_FILE)) removeIfThere((0, import_node_path6.join)(dir, DOUBT_FILE));
  sweepTemporaries(dir, names, now);
}
function beat(dir, epoch, now) {
  try {
    (0, import_node_fs7.utimesSync)(epochPath(dir, epoch), now / 1e3, now / 1e3);
    return true;
  } catch (error) {
    if (isErrno(error, "ENOENT")) return false;
    throw error;
  }
}
function heardOf(dir, top, now) {
  if (top.heardAt <= now + SKEW_MS) return top.heardAt;
  const doubt = parseDoubt(readTextIfThere((0, import_node_path6.join)(dir, DOUBT_FILE)));
  if ((doubt == null ? void 0 : doubt.epoch) === top.epoch && doubt.heardAt === top.heardAt && doubt.since <= now + SKEW_MS)
    return doubt.since;
  const text = JSON.stringify({ epoch: top.epoch, heardAt: top.heardAt, since: now });
  writeAtomic((0, import_node_path6.join)(dir, DOUBT_FILE), `${text}
`, { durable: false });
  return now;
}
function epochPath(dir, epoch) {
  return (0, import_node_path6.join)(dir, `${String(epoch).padStart(EPOCH_DIGITS, "0")}.json`);
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
    const stats = (0, import_node_fs7.statSync)(path);
    const heardAt = Math.round(stats.mtimeMs);
    const record2 = stats.isFile() ? parseRecord((0, import_node_fs7.readFileSync)(path, "utf8"), epoch) : void 0;
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

// src/storage/light/seat.ts
var SEAT_TTL_MS = 15 * 6e4;
function seatFolder(home, place) {
  return coordinationPath(home, "leases", leaseName(`seat:${place ?? ""}`));
}
function toSeatHolder(record2) {
  if (!record2.holder) return void 0;
  return { session: record2.holder.session, sinceMs: record2.takenAt, epoch: record2.epoch };
}
function seatTakenBy(home, place, session) {
  return takenIn(readLease(seatFolder(home, place)), home, session);
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

// src/storage/light/caller.ts
function guestName(place) {
  return `guest-${place ?? "home"}`;
}
function findProject(folder) {
  const place = placeOf(folder);
  if (!place) return { done: false, problem: { code: "not-a-repository", folder } };
  if (!hasHome(place)) return { done: false, problem: { code: "bare-repository", folder: place.commonDir } };
  return { done: true, value: place };
}
function identifyCaller(folder, env, words = process.argv.slice(2)) {
  const project = findProject(folder);
  if (!project.done) return project;
  const place = project.value;
  if (!isCoordinated(place.home))
    return { done: false, problem: { code: "not-coordinated", home: place.home } };
  const session = env["CLAUDE_CODE_SESSION_ID"] || null;
  const elsewhere = session === null ? void 0 : startedElsewhere(place, session);
  if (elsewhere)
    return { done: false, problem: { code: "not-your-place", root: place.root, yours: elsewhere.root } };
  const taken = session === null ? void 0 : seatTakenBy(place.home, place.name, session);
  const unreadable2 = unreadablePlaceRecord(place.home, place.name);
  if (unreadable2) return { done: false, problem: { code: "record-unreadable", file: unreadable2 } };
  const caller = callerAt(place, session);
  const peer = session === null ? void 0 : peerAt(place, caller, session, words, taken !== void 0);
  if (peer) return { done: true, value: peer };
  if (taken) {
    const { session: other, sinceMs, epoch } = taken;
    const problem = {
      code: "seat-taken",
      place: place.root,
      session: other ?? "unknown",
      sinceMs,
      epoch
    };
    return { done: false, problem: { ...problem, actor: caller.name } };
  }
  return { done: true, value: caller };
}
function asPeer(caller, name, agent) {
  return { ...caller, kind: "peer", name, agent };
}
function peerAt(place, caller, session, words, isTaken) {
  const agent = callingAgent(place.home, session, words, Date.now());
  const record2 = readSession(place.home, session, agent);
  if ((record2 == null ? void 0 : record2.peer) === void 0 || record2.place !== place.name || !isSharedMode(place.home))
    return void 0;
  if (agent === null && !isTaken && seatStanding(place.home, place.name, session).isOwn) return void 0;
  return asPeer(caller, record2.peer, agent);
}
function isSharedMode(home) {
  var _a;
  const twin = readRecord(coordinationPath(home, "roster", "settings.json"));
  return ((_a = twin == null ? void 0 : twin.values) == null ? void 0 : _a.mode) === "shared";
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
function startedElsewhere(place, session) {
  const own = readSession(place.home, session, null);
  if (!own || own.place === place.name) return void 0;
  return agentsOf(place.home, session).some((agent) => agent.place === place.name) ? void 0 : own;
}
function agentsOf(home, session) {
  const folder = coordinationPath(home, "roster", "sessions");
  const prefix = `${fileNameOf(session)}.`;
  return listNames(folder).filter((name) => name.startsWith(prefix) && name !== `${prefix}json`).map((name) => readRecord(`${folder}/${name}`)).filter((record2) => record2 !== void 0);
}

// src/domain/urgency.ts
var MARKS = "uhnlq";
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
function rankOf(envelope) {
  return MARKS.indexOf(markOfMessage(envelope).charAt(0));
}
function byUrgency(a, b) {
  return rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
function sortByMark(ids) {
  var _a;
  const ranks = [[], [], [], [], []];
  const unmarked = [];
  for (const id of ids) {
    const mark = markInId(id);
    (_a = mark === void 0 ? unmarked : ranks[MARKS.indexOf(mark)]) == null ? void 0 : _a.push(id);
  }
  return { marked: ranks.flat(), unmarked };
}
function envelopeAt(draft, derived) {
  const envelope = envelopeOf(draft, { ...derived, id: "" });
  return { ...envelope, id: printMessageId(derived.atMs, `${markOfMessage(envelope)}${derived.tail}`) };
}

// src/storage/light/acknowledging.ts
var import_node_fs12 = require("fs");
var import_node_path10 = require("path");

// src/domain/folding.ts
function transitionIn(envelope) {
  const it = envelope.metadata;
  const text = (key) => typeof it[key] === "string" ? it[key] : void 0;
  const event = text("event");
  const phase = text("phase");
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
    plan: text("plan"),
    title: text("title"),
    to: text("to"),
    commit: text("commit"),
    blocker: text("blocker"),
    summary: text("summary"),
    pointer: text("pointer")
  };
}
function isCounts(value) {
  if (typeof value !== "object" || value === null) return false;
  const it = value;
  return ["not_started", "in_progress", "complete", "failed"].every((key) => Number.isInteger(it[key]));
}

// src/storage/light/mail-files.ts
var import_node_fs8 = require("fs");
var import_node_path8 = require("path");

// src/storage/light/mutex.ts
var import_node_path7 = require("path");
var WAIT_MS = 2e4;
var UNKNOWN_TTL_MS = 6e4;
var SLEEP_MIN_MS = 1;
var SLEEP_MAX_MS = 16;
function withMutex(dir, name, body, options = {}) {
  const taken = enter((0, import_node_path7.join)(dir, leaseName(name)), name, options.waitMs ?? WAIT_MS);
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
function unfoldedFolder(home) {
  return coordinationPath(home, "roster", "unfolded");
}
function inFolder(folder, id) {
  return (0, import_node_path8.join)(folder, `${fileNameOf(id)}${SUFFIX}`);
}
function listIds(folder) {
  return listNames(folder).filter((name) => name.endsWith(SUFFIX) && !name.startsWith(".")).map((name) => name.slice(0, -SUFFIX.length)).sort();
}
function listAgents(home, box) {
  try {
    return (0, import_node_fs8.readdirSync)(coordinationPath(home, box), { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map((entry) => entry.name);
  } catch (error) {
    if (isErrno(error, "ENOENT")) return [];
    throw error;
  }
}
function withMailMutex(home, agent, body) {
  const outcome = withMutex(coordinationPath(home, "leases"), `mail-${agent}`, body);
  if (!outcome.done)
    throw new Error(`the mailbox of ${agent} stayed busy: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}

// src/storage/light/message-log.ts
var import_node_fs11 = require("fs");

// src/storage/light/appending.ts
var import_node_fs9 = require("fs");
var import_node_path9 = require("path");
var APPEND_TRIES_MAX = 3;
function appendLine(path, line, options) {
  if (/[\r\n]/.test(line)) throw new Error("a line has no line breaks");
  const fd = (0, import_node_fs9.openSync)(path, "a+", options.mode ?? 438);
  let isNew = false;
  let bytesAfter = 0;
  try {
    for (let tries = 1; ; tries += 1) {
      const size = (0, import_node_fs9.fstatSync)(fd).size;
      isNew || (isNew = size === 0);
      const start2 = size === 0 || textFrom(fd, size - 1, size) === "\n" ? "" : "\n";
      const bytes = Buffer.from(`${start2}${line}
`);
      const isWhole = (0, import_node_fs9.writeSync)(fd, bytes) === bytes.length;
      bytesAfter = (0, import_node_fs9.fstatSync)(fd).size;
      if (isWhole && `
${textFrom(fd, size, bytesAfter)}`.includes(`
${line}
`)) break;
      if (tries === APPEND_TRIES_MAX) throw new Error(`${path}: a line was torn ${tries} times in a row`);
    }
    if (options.durable) (0, import_node_fs9.fsyncSync)(fd);
  } finally {
    (0, import_node_fs9.closeSync)(fd);
  }
  if (isNew && options.durable) syncFolder((0, import_node_path9.dirname)(path));
  return bytesAfter;
}
function textFrom(fd, from, to) {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  return bytes.toString("utf8", 0, (0, import_node_fs9.readSync)(fd, bytes, 0, bytes.length, from));
}

// src/storage/light/log-tail.ts
var import_node_fs10 = require("fs");
function hasLine(file, id, bytes) {
  const needle = `"id":${JSON.stringify(id)}`;
  const tail = readTail(file, bytes);
  for (let at = tail.indexOf(needle); at !== -1; at = tail.indexOf(needle, at + 1)) {
    const end2 = tail.indexOf("\n", at);
    if (end2 !== -1 && isLineOf(id, tail.slice(tail.lastIndexOf("\n", at) + 1, end2))) return true;
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
function readPart(file, from, bytes) {
  return readBytes(file, (size) => ({ from, length: Math.max(0, Math.min(size - from, bytes)) }));
}
function readBytes(file, choose) {
  return readBuffer(file, choose).toString("utf8");
}
function readBuffer(file, choose) {
  let descriptor;
  try {
    descriptor = (0, import_node_fs10.openSync)(file, "r");
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
  try {
    const { from, length } = choose((0, import_node_fs10.fstatSync)(descriptor).size);
    const buffer = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const got = (0, import_node_fs10.readSync)(descriptor, buffer, read, length - read, from + read);
      if (got === 0) break;
      read += got;
    }
    return buffer.subarray(0, read);
  } finally {
    (0, import_node_fs10.closeSync)(descriptor);
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
  const isYoung = (((_a = (0, import_node_fs11.statSync)(file, { throwIfNoEntry: false })) == null ? void 0 : _a.size) ?? 0) < TAIL_BYTES;
  const before = isYoung ? listFullLogs(home).at(-1) : void 0;
  return before !== void 0 && hasLine(before, id, TAIL_BYTES);
}
function rotateLog(home) {
  withMutex(coordinationPath(home, "leases"), "message-log", () => {
    var _a;
    const file = logFile(home);
    if ((((_a = (0, import_node_fs11.statSync)(file, { throwIfNoEntry: false })) == null ? void 0 : _a.size) ?? 0) <= LOG_BYTES_MAX) return;
    const stamp = (/* @__PURE__ */ new Date()).toISOString().replace(/[-:.Z]/g, "").replace("T", "-");
    const full = coordinationPath(home, `messages-${stamp}.jsonl`);
    if (!(0, import_node_fs11.existsSync)(full)) (0, import_node_fs11.renameSync)(file, full);
  });
}

// src/storage/light/acknowledging.ts
function acknowledge(home, id, ack2) {
  return withMailMutex(home, ack2.by, () => acknowledgeHeld(home, id, ack2));
}
function finishAcknowledging(home, agent, id) {
  withMailMutex(home, agent, () => {
    const text = readTextIfThere(archiveFile(home, id));
    const archived = text === void 0 ? void 0 : parseEnvelope(text);
    const said = archived == null ? void 0 : archived.metadata["acknowledged"];
    const atMs = Date.parse((said == null ? void 0 : said.at) ?? "") || Date.now();
    acknowledgeHeld(home, id, { by: agent, session: (said == null ? void 0 : said.session) ?? null, atMs });
  });
}
function acknowledgeHeld(home, id, ack2) {
  const file = inFolder(inboxFolder(home, ack2.by), id);
  const text = readTextIfThere(file);
  const envelope = text === void 0 ? void 0 : parseEnvelope(text);
  if (!envelope) return "not-waiting";
  const archive = archiveFile(home, id);
  if (!(0, import_node_fs12.existsSync)(archive)) keepForFolding(home, file, envelope);
  makeFolder((0, import_node_path10.join)(archive, ".."));
  const acknowledged = { by: ack2.by, session: ack2.session, at: new Date(ack2.atMs).toISOString() };
  const archived = { ...envelope, read: true, metadata: { ...envelope.metadata, acknowledged } };
  const isFirst = createExclusive(archive, `${printEnvelope(archived)}
`, { durable: true });
  const line = printEnvelope(ackOf(envelope, ack2));
  if (isFirst || !isLogged(home, ackIdOf(id))) logMessage(home, line, false);
  removeIfThere(inFolder(outboxFolder(home, envelope.from), id));
  const outside = outsideFile(home, envelope);
  if (outside !== void 0) removeIfThere(outside);
  removeIfThere(inFolder(deadFolder(home, ack2.by), id));
  removeIfThere(file);
  return "acknowledged";
}
function keepForFolding(home, file, envelope) {
  if (envelope.to !== COORDINATOR || !transitionIn(envelope)) return;
  const folder = unfoldedFolder(home);
  makeFolder(folder);
  const kept = inFolder(folder, envelope.id);
  try {
    (0, import_node_fs12.linkSync)(file, kept);
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
function ackOf(envelope, ack2) {
  return {
    id: ackIdOf(envelope.id),
    from: ack2.by,
    to: envelope.from,
    timestamp: new Date(ack2.atMs).toISOString(),
    type: "ack",
    priority: "low",
    content: `acknowledged ${envelope.id}`,
    references: [envelope.id],
    metadata: {},
    read: true
  };
}

// src/domain/blocker.ts
var ANSWERS = /* @__PURE__ */ new Set(["response", "directive", "verdict"]);
function blockersAnsweredBy(envelope, open) {
  const mayAnswer = envelope.from === COORDINATOR || envelope.from === OPERATOR;
  if (!mayAnswer || !ANSWERS.has(envelope.type)) return [];
  const waiting = open.filter((blocker) => blocker.answeredBy === null);
  const meant = waiting.filter(
    (blocker) => envelope.references.includes(blocker.id) || envelope.references.includes(blocker.message ?? "")
  );
  const answered = meant.length > 0 ? meant : waiting.filter((blocker) => blocker.message === null || envelope.id > blocker.message);
  return answered.map((blocker) => blocker.id);
}
function withAnswers(open, envelopes) {
  let marked = open;
  for (const envelope of envelopes) {
    const ids = blockersAnsweredBy(envelope, marked);
    if (ids.length === 0) continue;
    marked = marked.map(
      (blocker) => ids.includes(blocker.id) ? { ...blocker, answeredBy: envelope.id } : blocker
    );
  }
  return marked;
}

// src/storage/light/blocker-twin.ts
function twinOf(home, worker) {
  return coordinationPath(home, "roster", "blockers", `${fileNameOf(worker)}.json`);
}
function readOpenBlockers(home, worker) {
  var _a;
  return ((_a = readRecord(twinOf(home, worker))) == null ? void 0 : _a.open) ?? [];
}
function changeOpenBlockers(home, worker, change) {
  const outcome = withMutex(coordinationPath(home, "leases"), `blockers-${worker}`, () => {
    const before = readOpenBlockers(home, worker);
    const after = change(before);
    if (after === before) return false;
    writeRecord(twinOf(home, worker), { open: after });
    return true;
  });
  if (!outcome.done)
    throw new Error(`the blockers of ${worker} stayed busy: ${JSON.stringify(outcome.problem)}`);
  return outcome.value;
}
function markAnswers(home, worker, envelopes) {
  if (readOpenBlockers(home, worker).length === 0) return false;
  return changeOpenBlockers(home, worker, (open) => withAnswers(open, envelopes));
}

// src/storage/light/dead-letters.ts
var import_node_fs13 = require("fs");
function readDead(home, agent, id) {
  const text = readTextIfThere(inFolder(deadFolder(home, agent), id));
  const envelope = text === void 0 ? void 0 : parseEnvelope(text);
  return envelope ? { agent, envelope, death: envelope.metadata["undelivered"] } : void 0;
}
function listDead(home, agent) {
  const agents = agent === void 0 ? listAgents(home, "dead") : [agent];
  return agents.flatMap((name) => listIds(deadFolder(home, name)).map((id) => readDead(home, name, id))).filter((letter) => letter !== void 0);
}
function raiseMessage(home, agent, id, nowMs = Date.now()) {
  if (!(0, import_node_fs13.existsSync)(inFolder(deadFolder(home, agent), id))) return false;
  return withMailMutex(home, agent, () => raiseHeld(home, agent, id, nowMs));
}
function raiseHeld(home, agent, id, nowMs) {
  const dead = inFolder(deadFolder(home, agent), id);
  if (!touch(dead, nowMs)) return false;
  makeFolder(inboxFolder(home, agent));
  (0, import_node_fs13.renameSync)(dead, inFolder(inboxFolder(home, agent), id));
  return true;
}

// src/storage/light/mailbox.ts
var import_node_fs14 = require("fs");
function listWaiting(home, agent) {
  return listIds(inboxFolder(home, agent));
}
function listUnacknowledged(home, agent) {
  return listIds(outboxFolder(home, agent));
}
function readWaiting(home, agent, id) {
  const text = readText(inFolder(inboxFolder(home, agent), id));
  if (text === void 0 || text === "unreadable") return text;
  const envelope = parseEnvelope(text);
  if (!envelope || envelope.id !== id) return "unreadable";
  if (!(0, import_node_fs14.existsSync)(archiveFile(home, id))) return envelope;
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
function findMessage(home, agent, id) {
  const files = [
    inFolder(inboxFolder(home, agent), id),
    archiveFile(home, id),
    inFolder(deadFolder(home, agent), id)
  ];
  for (const file of files) {
    const text = readText(file);
    const envelope = text === void 0 ? void 0 : parseEnvelope(text);
    if ((envelope == null ? void 0 : envelope.to) === agent && envelope.id === id) return envelope;
  }
  return void 0;
}
function findSent(home, agent, id) {
  for (const file of [inFolder(outboxFolder(home, agent), id), archiveFile(home, id)]) {
    const text = readText(file);
    const envelope = text === void 0 ? void 0 : parseEnvelope(text);
    if ((envelope == null ? void 0 : envelope.id) === id && envelope.from === agent) return envelope;
  }
  return void 0;
}

// src/usecases/read-inbox.ts
var LISTED_MAX = 1e3;
function boxesOf(caller) {
  return caller.kind === "operator" ? [COORDINATOR, caller.name] : [caller.name];
}
function readInbox(caller) {
  const messages = [];
  const unreadable2 = [];
  let more = 0;
  for (const agent of boxesOf(caller)) {
    const ids = listWaiting(caller.home, agent);
    more += Math.max(0, ids.length - LISTED_MAX);
    const { marked, unmarked } = sortByMark(ids);
    for (const id of [...unmarked, ...marked].slice(0, LISTED_MAX)) {
      const envelope = readWaiting(caller.home, agent, id);
      if (envelope === "unreadable") unreadable2.push(`${agent}/${id}`);
      else if (envelope) messages.push(envelope);
    }
  }
  return { messages: messages.sort(byUrgency), unreadable: unreadable2, more };
}
function readMessage(caller, id) {
  for (const agent of boxesOf(caller)) {
    const envelope = findMessage(caller.home, agent, id);
    if (envelope) return done(envelope);
  }
  return refuse({ code: "message-unknown", id, agent: caller.name });
}
function acknowledgeMessages(caller, ids, nowMs) {
  const boxes = boxesOf(caller);
  const envelopes = [];
  for (const id of ids) {
    const found = boxes.map((agent) => findMessage(caller.home, agent, id)).find((envelope) => envelope !== void 0);
    if (!found) return refuse({ code: "message-unknown", id, agent: caller.name });
    envelopes.push(found);
  }
  markAnswers(caller.home, caller.name, envelopes);
  for (const envelope of envelopes) {
    raiseMessage(caller.home, envelope.to, envelope.id);
    acknowledge(caller.home, envelope.id, { by: envelope.to, session: caller.session, atMs: nowMs });
  }
  return done(envelopes.map((envelope) => envelope.id));
}

// src/storage/light/peers.ts
var import_node_path11 = require("path");
var PEERS_MAX = 1e3;
function peerFile(home, name) {
  return coordinationPath(home, "roster", "peers", `${name}.json`);
}
function readPeer(home, name) {
  return /^agent-[a-z0-9-]+$/.test(name) ? readRecord(peerFile(home, name)) : void 0;
}
function listPeers(home) {
  const folder = coordinationPath(home, "roster", "peers");
  return listNames(folder, PEERS_MAX).filter((name) => name.endsWith(".json") && !isTemporary(name)).map((name) => readRecord((0, import_node_path11.join)(folder, name))).filter((peer) => peer !== void 0).sort((a, b) => a.name < b.name ? -1 : 1);
}

// src/storage/light/sending.ts
var import_node_fs15 = require("fs");
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
var ANSWERS2 = /* @__PURE__ */ new Set(["response", "directive", "verdict"]);
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
  if (!ANSWERS2.has(envelope.type)) return;
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
  const inbox2 = inFolder(inboxFolder(home, envelope.to), envelope.id);
  showOutside(home, note, envelope);
  linkOrCopy(note, inbox2, envelope, true);
  const outbox = inFolder(outboxFolder(home, envelope.from), envelope.id);
  (0, import_node_fs15.renameSync)(note, outbox);
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
  return (0, import_node_fs15.existsSync)(inFolder(inboxFolder(home, envelope.to), envelope.id)) || (0, import_node_fs15.existsSync)(inFolder(outboxFolder(home, envelope.from), envelope.id)) || isSettled(home, envelope);
}
function isSettled(home, { id, to }) {
  return (0, import_node_fs15.existsSync)(archiveFile(home, id)) || (0, import_node_fs15.existsSync)(inFolder(deadFolder(home, to), id));
}
function record(home, envelope) {
  logMessage(home, printEnvelope(envelope), true);
  noteInChat(home, envelope);
  noteInQuestions(home, envelope);
}
function deliver(home, envelope) {
  const outbox = outboxFolder(home, envelope.from);
  const inbox2 = inFolder(inboxFolder(home, envelope.to), envelope.id);
  makeFolder((0, import_node_path12.dirname)(inbox2));
  createExclusive(inbox2, `${printEnvelope(envelope)}
`, { durable: true });
  showOutside(home, inbox2, envelope);
  linkOrCopy(inbox2, inFolder(outbox, envelope.id), envelope, false);
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
    (0, import_node_fs15.linkSync)(source, target);
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
  if (!(0, import_node_fs15.existsSync)(folder)) return [];
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
  if (!(0, import_node_fs15.existsSync)(inFolder(inboxFolder(home, to), id))) {
    if (!isLogged(home, id)) logMessage(home, printEnvelope(envelope), true);
    if (isPeerTalk(envelope) && !isInChat(home, envelope)) noteInChat(home, envelope);
    noteInQuestions(home, envelope);
  }
  deliver(home, envelope);
}

// src/usecases/send-message.ts
function resolveRecipient(home, to) {
  if (to === COORDINATOR || to === OPERATOR || readPeer(home, to)) return done(to);
  const record2 = readWorkerRecord(home, to) ?? readWorkerRecord(home, workerOf(to));
  if (!record2) {
    const workers = listWorkers(home).map((worker) => worker.worker);
    const known = [COORDINATOR, OPERATOR, EVERYBODY, ...workers, ...listPeers(home).map((peer) => peer.name)];
    return refuse({ code: "recipient-unknown", to, known });
  }
  if (record2.state === "ended")
    return refuse({ code: "recipient-ended", to: record2.worker, phase: record2.phase });
  return done(record2.worker);
}
function sendMessage(caller, outgoing, nowMs) {
  if (caller.kind === "guest") return refuse({ code: "not-joined", root: caller.root });
  const { replyTo, ...plain } = outgoing;
  const flaw = judgeDraft(plain);
  if (flaw) return refuse(flaw);
  const draft = replyTo === void 0 ? done(plain) : replyOf(caller, plain, replyTo);
  if (!draft.done) return draft;
  const receivers = receiversOf(caller, draft.value.to);
  if (!receivers.done) return receivers;
  const full = receivers.value.map((to) => withVerdict(caller.home, { ...draft.value, to }));
  const bad = full.map((one) => judgeMetadata(one)).find((one) => one !== void 0);
  if (bad) return refuse(bad);
  const tail = newTail();
  const isBroadcast = draft.value.to === EVERYBODY;
  const envelopes = full.map((one, at) => {
    const metadata = isBroadcast ? { ...one.metadata, broadcast: tail } : one.metadata;
    const own = { tail: isBroadcast ? `${tail}.${at + 1}` : tail, from: caller.name, atMs: nowMs };
    return envelopeAt({ ...one, metadata }, own);
  });
  sendTogether(caller.home, caller.name, envelopes);
  return done(envelopes);
}
function withVerdict(home, draft) {
  var _a, _b;
  if (draft.type !== "verdict") return draft;
  const word = (_b = (_a = /^\s*(accept|reject)/i.exec(draft.content)) == null ? void 0 : _a[1]) == null ? void 0 : _b.toLowerCase();
  const metadata = word === void 0 ? draft.metadata : { verdict: word, ...draft.metadata };
  const references = draft.references ?? [];
  return {
    ...draft,
    metadata,
    references: references.length > 0 ? references : [lastCompletion(home, draft.to)]
  };
}
function lastCompletion(home, agent) {
  const ids = listUnacknowledged(home, agent).reverse();
  return ids.find((id) => {
    var _a;
    return ((_a = findSent(home, agent, id)) == null ? void 0 : _a.type) === "completion";
  }) ?? agent;
}
function receiversOf(caller, to) {
  if (to !== EVERYBODY) {
    const one = resolveRecipient(caller.home, to);
    return one.done ? done([one.value]) : one;
  }
  const workers = listWorkers(caller.home).filter((worker) => worker.state === "active");
  const peers = listPeers(caller.home).map((peer) => peer.name);
  const everybody = [COORDINATOR, ...workers.map((worker) => worker.worker).sort(), ...peers];
  const isLead = caller.kind === "operator" || caller.kind === "coordinator";
  const others = everybody.filter((name) => name !== caller.name && !(isLead && name === COORDINATOR));
  return others.length > 0 ? done(others) : refuse({ code: "nobody-to-tell" });
}
function replyOf(caller, draft, id) {
  const known = boxesOf(caller).map((agent) => findMessage(caller.home, agent, id)).find((envelope) => envelope !== void 0) ?? findSent(caller.home, caller.name, id) ?? listDead(caller.home).map((letter) => letter.envelope).find((envelope) => envelope.from === caller.name && envelope.id === id);
  if (!known) return refuse({ code: "reply-unknown", id, agent: caller.name });
  const thread = known.metadata["thread"];
  const references = [id, ...(draft.references ?? []).filter((reference) => reference !== id)];
  const metadata = { ...draft.metadata, reply_to: id, thread: typeof thread === "string" ? thread : id };
  return done({ ...draft, references, metadata });
}

// src/usecases/wait-message.ts
var import_node_fs17 = require("fs");

// src/storage/light/presentation.ts
var import_node_fs16 = require("fs");

// src/domain/delivery.ts
var WAITED = "PostToolUse:wait";
var SAME_MOMENT_MS = 1e3;
function isSameInstance(a, b) {
  return a.session === b.session && a.agent === b.agent;
}
function judgeBatch(batch, me, event, nowMs, facts) {
  if (!isSameInstance(batch, me)) return facts.isSessionGone ? "show-again" : "keep";
  if (event === "SessionStart") return facts.isInTranscript === true ? "acknowledge" : "show-again";
  if (batch.event === WAITED && facts.isInTranscript === false)
    return event === "UserPromptSubmit" && facts.isPrinterGone ? "show-again" : "keep";
  const isToolAfterTool = event.startsWith("PostToolUse") && batch.event.startsWith("PostToolUse");
  if (batch.state === "printing") {
    if (facts.isInTranscript === true && facts.isPrinterGone) return "acknowledge";
    const mayStillCome = isToolAfterTool && facts.isInTranscript === false;
    return facts.isPrinterGone && !mayStillCome ? "show-again" : "keep";
  }
  if (event === "SessionEnd") return "keep";
  if (event === "UserPromptSubmit") return facts.isClientKnown ? "keep" : "acknowledge";
  if (!isToolAfterTool || facts.isInTranscript === true) return "acknowledge";
  const isSameMoment = nowMs - batch.atMs < SAME_MOMENT_MS && nowMs >= batch.atMs;
  return facts.isInTranscript === false || isSameMoment ? "keep" : "acknowledge";
}
var PAUSE_MAX_MS = 6 * 36e5;

// src/storage/light/presentation.ts
var TRANSCRIPT_BYTES = 4 * 1024 * 1024;
function ledgerFile(home, agent) {
  return coordinationPath(home, "roster", "shown", `${fileNameOf(agent)}.json`);
}
function claimOne(reader, id) {
  const { home, agent } = reader;
  const waited = { ...reader, event: WAITED };
  return claim2(waited, (waiting) => readInOrder(home, agent, waiting.includes(id) ? [id] : [], 1), id) !== void 0;
}
function claim2(reader, choose, token) {
  const { home, agent } = reader;
  if (listWaiting(home, agent).length === 0) return void 0;
  return withLedger(home, agent, (batches) => {
    const kept = settle(reader, batches);
    const claimed = new Set(kept.flatMap((batch2) => batch2.ids));
    const waiting = listWaiting(home, agent).filter((id) => !claimed.has(id));
    const envelopes = choose(waiting);
    if (envelopes.length === 0) return { batches: kept, value: void 0 };
    const ids = envelopes.map((envelope) => envelope.id);
    const batch = batchOf(reader, ids, token);
    const more = waiting.length - envelopes.length;
    return { batches: [...kept, batch], value: { token: batch.token, envelopes, more } };
  });
}
function batchOf(reader, ids, token) {
  const { instance: instance2, event, nowMs, transcript } = reader;
  return {
    ...instance2,
    token: token ?? `${fileNameOf(instance2.session).slice(0, 8)}.${nowMs.toString(36)}.${process.pid}`,
    ids,
    state: "printing",
    event,
    atMs: nowMs,
    printer: markOf(process.pid),
    transcript: transcript === null ? null : { path: transcript, size: sizeOf(transcript) }
  };
}
function confirmShown(reader, token) {
  withLedger(reader.home, reader.agent, (batches) => ({
    batches: batches.map((batch) => batch.token === token ? { ...batch, state: "shown" } : batch),
    value: void 0
  }));
}
function shownIds(home, agent) {
  const ledger = readRecord(ledgerFile(home, agent));
  return new Set(((ledger == null ? void 0 : ledger.batches) ?? []).flatMap((batch) => batch.ids));
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
function settle(reader, batches) {
  return batches.filter((batch) => {
    var _a;
    const verdict = judgeBatch(batch, reader.instance, reader.event, reader.nowMs, {
      isPrinterGone: livenessOf(batch.printer) === "dead",
      isSessionGone: isSessionGone(reader, batch),
      isInTranscript: isInTranscript(batch),
      isClientKnown: (((_a = readSession(reader.home, batch.session, batch.agent)) == null ? void 0 : _a.process) ?? null) !== null
    });
    if (verdict === "acknowledge") acknowledgeBatch(reader, batch);
    return verdict === "keep";
  });
}
function acknowledgeBatch(reader, batch) {
  const { home, agent, nowMs } = reader;
  markAnswers(home, agent, readInOrder(home, agent, batch.ids, batch.ids.length));
  for (const id of batch.ids) acknowledge(home, id, { by: agent, session: batch.session, atMs: nowMs });
}
function isSessionGone(reader, batch) {
  if (isSameInstance(batch, reader.instance)) return false;
  const record2 = readSession(reader.home, batch.session, batch.agent);
  return (record2 == null ? void 0 : record2.process) ? livenessOf(record2.process) !== "alive" : true;
}
function sizeOf(path) {
  var _a;
  return ((_a = (0, import_node_fs16.statSync)(path, { throwIfNoEntry: false })) == null ? void 0 : _a.size) ?? 0;
}
function isInTranscript(batch) {
  if (!batch.transcript) return void 0;
  const { path, size } = batch.transcript;
  if (!(0, import_node_fs16.existsSync)(path)) return void 0;
  const grown = sizeOf(path) - size;
  const text = grown < 0 ? readTail(path, TRANSCRIPT_BYTES) : readPart(path, size, Math.min(grown, TRANSCRIPT_BYTES));
  return text.includes(batch.token);
}
function readInOrder(home, agent, ids, limit) {
  const found = [];
  for (const id of ids) {
    if (found.length >= limit) break;
    const envelope = readWaiting(home, agent, id);
    if (envelope !== void 0 && envelope !== "unreadable") found.push(envelope);
  }
  return found;
}

// src/usecases/wait-message.ts
var POLL_MS = 100;
var LOG_TAIL_BYTES = 1024 * 1024;
function waitForMessage(caller, want, tend) {
  if (caller.kind === "guest") return refuse({ code: "not-joined", root: caller.root });
  const seen = /* @__PURE__ */ new Set();
  const sleeper2 = new Int32Array(new SharedArrayBuffer(4));
  const startedAt = process.hrtime.bigint();
  for (let looks = 1; ; looks += 1) {
    tend();
    const found = findNew(caller, want, seen);
    if (found && (claim3(caller, found) || want.reference !== void 0)) return done(found);
    const early = looks === 1 && want.reference !== void 0 ? answeredBefore(caller, want) : void 0;
    if (early) return done(early);
    const waitedMs = Number((process.hrtime.bigint() - startedAt) / 1000000n);
    if (waitedMs >= want.timeoutMs) return refuse({ code: "wait-timeout", types: [...want.types], waitedMs });
    Atomics.wait(sleeper2, 0, 0, Math.min(POLL_MS, want.timeoutMs - waitedMs));
  }
}
function findNew(caller, want, seen) {
  for (const agent of boxesOf(caller)) {
    const shown = want.reference === void 0 ? shownIds(caller.home, agent) : void 0;
    for (const id of listWaiting(caller.home, agent)) {
      if (seen.has(id) || (shown == null ? void 0 : shown.has(id))) continue;
      seen.add(id);
      const envelope = readWaiting(caller.home, agent, id);
      if (envelope !== void 0 && envelope !== "unreadable" && isWanted(envelope, want)) return envelope;
    }
  }
  return void 0;
}
function isWanted(envelope, { types, from, reference }) {
  return types.includes(envelope.type) && (from === void 0 || envelope.from === from) && (reference === void 0 || envelope.references.includes(reference));
}
function answeredBefore(caller, want) {
  const boxes = boxesOf(caller);
  for (const line of readTail(logFile(caller.home), LOG_TAIL_BYTES).split("\n").reverse()) {
    if (!line.includes(want.reference ?? "")) continue;
    const envelope = parseEnvelope(line);
    if (!envelope || !boxes.includes(envelope.to) || !isWanted(envelope, want)) continue;
    if ((0, import_node_fs17.existsSync)(archiveFile(caller.home, envelope.id))) return envelope;
  }
  return void 0;
}
function claim3(caller, envelope) {
  var _a, _b;
  const { home, session, place } = caller;
  if (session === null) return true;
  const agent = ((_a = agentsOf(home, session).find((candidate) => candidate.place === place)) == null ? void 0 : _a.agent) ?? null;
  const reader = {
    home,
    agent: caller.name,
    instance: { session, agent },
    transcript: ((_b = readSession(home, session, agent)) == null ? void 0 : _b.transcript) ?? null,
    nowMs: Date.now()
  };
  if (!claimOne(reader, envelope.id)) return false;
  markAnswers(home, caller.name, [envelope]);
  confirmShown(reader, envelope.id);
  return true;
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

// src/surfaces/hooks/bundles.ts
var import_node_path13 = require("path");
function loadBundle(name) {
  return require((0, import_node_path13.join)(__dirname, `${name}.cjs`));
}

// src/surfaces/hooks/dropped.ts
function routeDroppedMail(home) {
  if (!mayHaveDropped(home)) return;
  const { routeDropped } = loadBundle("dropped");
  routeDropped(home, Date.now());
}

// src/surfaces/cli/mail-commands.ts
var send = {
  name: "send",
  usage: "<to> <type> <content> [--reply-to <id>] [--ref <id>]\u2026 [--priority low|normal|high|urgent] [--meta <key>=<value>]\u2026",
  summary: "Sends a message. <to> is coordinator, operator, a worker, a phase id, or all; <type> is directive, question, response, progress, blocker, completion, error or verdict. Who it is from is where you stand. A --meta value is JSON, or else text (task_id, blocker_type, artifacts, quality_gates, metrics, error_type, \u2026).",
  values: ["ref", "reply-to", "priority", "meta"],
  positionals: [3, 3],
  shape: "the envelope {id, from, to, timestamp, type, priority, content, references, metadata, read}; for all: {messages: [envelope\u2026]}",
  run: (context) => {
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    const [to = "", type = "", content = ""] = context.positionals;
    const sent = sendMessage(
      caller.value,
      {
        to,
        type,
        content,
        references: context.options("ref"),
        replyTo: context.option("reply-to"),
        priority: context.option("priority"),
        metadata: readMetadata(context.options("meta"))
      },
      Date.now()
    );
    if (!sent.done) return sent;
    const text = sent.value.map((envelope) => `sent ${envelope.id} to ${envelope.to}`).join("\n");
    return done({ json: to === EVERYBODY ? { messages: sent.value } : sent.value[0], text });
  }
};
function readMetadata(words) {
  const metadata = {};
  for (const word of words) {
    const [, key, value] = /^([A-Za-z][A-Za-z0-9_-]{0,59})=(.*)$/s.exec(word) ?? [];
    if (key === void 0 || value === void 0)
      throw new UsageError(`--meta takes <key>=<value>, and not ${cleanLine(word)}`);
    metadata[key] = shapeOf(key) === "text" ? value : parseValue(value);
  }
  return metadata;
}
function parseValue(word) {
  try {
    return JSON.parse(word);
  } catch (error) {
    if (error instanceof SyntaxError) return word;
    throw error;
  }
}
var WAIT_DEFAULT_S = 100;
var WAIT_MAX_S = 3600;
var wait = {
  name: "wait",
  usage: "--for <type>[,<type>\u2026] [--from <agent>] [--ref <id>] [--timeout <seconds>]",
  summary: `Waits for a message of that type, and shows it. With --ref, for one that refers to that message, also when it came already. At most ${WAIT_DEFAULT_S} s, or --timeout (up to ${WAIT_MAX_S}); exit code 1 when nothing came.`,
  values: ["for", "from", "ref", "timeout"],
  positionals: [0, 0],
  shape: "the envelope",
  run: (context) => {
    const types = context.options("for").flatMap((word) => word.split(","));
    const unknown = types.find((type) => !isMessageType(type));
    if (types.length === 0 || unknown !== void 0)
      throw new UsageError(
        `--for takes message types, such as response${unknown ? `, and not ${cleanLine(unknown)}` : ""}`
      );
    const seconds = Number(context.option("timeout") ?? WAIT_DEFAULT_S);
    if (!(seconds >= 0 && seconds <= WAIT_MAX_S))
      throw new UsageError(`--timeout takes seconds from 0 to ${WAIT_MAX_S}`);
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    const from = context.option("from");
    const sender = from === void 0 ? done(void 0) : resolveRecipient(caller.value.home, from);
    if (!sender.done) return sender;
    const reference = context.option("ref");
    const { home } = caller.value;
    const want = { types, from: sender.value, reference, timeoutMs: seconds * 1e3 };
    const came = waitForMessage(caller.value, want, () => routeDroppedMail(home));
    if (!came.done) return came;
    const text = `From another agent, quoted:
${printForAgent(came.value, CONTENT_MAX)}`;
    return done({ json: came.value, text });
  }
};
var inbox = {
  name: "inbox",
  usage: "[<id>]",
  summary: "Lists what waits for you, urgent first; with an id, that message whole. Reading does not acknowledge.",
  positionals: [0, 1],
  shape: "{messages: [envelope\u2026], unreadable: [file\u2026], more}",
  run: (context) => {
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    if (caller.value.kind === "guest") return refuse({ code: "not-joined", root: caller.value.root });
    const [id] = context.positionals;
    if (id !== void 0) {
      const found = readMessage(caller.value, id);
      if (!found.done) return found;
      return done({
        json: { messages: [found.value], unreadable: [], more: 0 },
        text: printForAgent(found.value, CONTENT_MAX)
      });
    }
    routeDroppedMail(caller.value.home);
    const waiting = readInbox(caller.value);
    const lines = waiting.messages.map((envelope) => printForAgent(envelope));
    if (waiting.more > 0) lines.push(`(${waiting.more} more wait)`);
    for (const file of waiting.unreadable)
      lines.push(`${cleanLine(file)} is no message; \`coord doctor\` says more`);
    return done({ json: waiting, text: lines.length === 0 ? "nothing waits" : lines.join("\n\n") });
  }
};
var ack = {
  name: "ack",
  usage: "<id>\u2026",
  summary: "Acknowledges messages by hand: they leave the inbox for the archive.",
  positionals: [1, 1e3],
  shape: "{acknowledged: [id\u2026]}",
  run: (context) => {
    const caller = identifyCaller(context.cwd, context.env);
    if (!caller.done) return caller;
    const outcome = acknowledgeMessages(caller.value, context.positionals, Date.now());
    if (!outcome.done) return outcome;
    return done({ json: { acknowledged: outcome.value }, text: `acknowledged ${outcome.value.join(", ")}` });
  }
};
var MAIL_COMMANDS = [send, inbox, ack, wait];

// src/surfaces/cli/run.ts
function runCommand(command, args, words) {
  if (args.includes("--help") || args.includes("-h")) {
    writeOut(1, printHelp(command));
    return EXIT.done;
  }
  let wantsJson = args.includes("--json");
  try {
    const { json, ...parsed } = parseCommandLine(command, args);
    wantsJson = json;
    const outcome = command.run({ ...parsed, cwd: process.cwd(), env: process.env });
    if (!(outcome instanceof Promise)) return answer(outcome, wantsJson, words);
    return outcome.then(
      (ended) => answer(ended, wantsJson, words),
      (error) => fail(command, error, wantsJson)
    );
  } catch (error) {
    return fail(command, error, wantsJson);
  }
}
function answer(outcome, wantsJson, words) {
  if (!outcome.done) return refuse2(outcome.problem, wantsJson, words);
  const { value } = outcome;
  if (value.json !== void 0)
    writeOut(1, wantsJson ? `${JSON.stringify(value.json)}
` : withNewline(value.text));
  return value.code ?? EXIT.done;
}
function fail(command, error, wantsJson) {
  if (isUsageError(error)) return misused(command, error);
  const refused = printDiskRefusal(error);
  if (refused !== void 0) {
    if (wantsJson) writeOut(1, `${JSON.stringify({ error: { code: "disk-refused" }, message: refused })}
`);
    writeOut(2, `coord: ${refused}
`);
    return EXIT.refused;
  }
  const detail = error instanceof Error ? error.stack ?? error.message : String(error);
  writeOut(2, `coord: a bug of coord's own: ${detail}
Run \`coord doctor\`; nothing else was done.
`);
  return EXIT.bug;
}
var DISK_REFUSALS = {
  ENOSPC: "the disk is full: free some space",
  EDQUOT: "the disk quota is used up: free some space",
  EROFS: "the file system is read-only: mount it writable, or work elsewhere",
  EACCES: "it may not be read or written: mend its permissions",
  EPERM: "it may not be changed: mend its permissions",
  EISDIR: "a folder lies where a file belongs: move it away",
  ENOTDIR: "a file lies where a folder belongs: move it away",
  EMFILE: "too many files are open: close some, or raise the limit",
  ENFILE: "too many files are open on this machine: close some",
  EIO: "the disk reports an error: look after it"
};
function printDiskRefusal(error) {
  const {
    code: code2 = "",
    path,
    dest,
    syscall = "access"
  } = error instanceof Error ? error : {};
  const help = DISK_REFUSALS[code2];
  if (help === void 0) return void 0;
  const where = path === void 0 ? "" : ` of ${cleanLine(dest ?? path)}`;
  return `the ${syscall}${where} failed (${code2}); ${help}. What was saved before stands; then run it again, and \`coord doctor\` after that.`;
}
function withNewline(text) {
  return text === "" || text.endsWith("\n") ? text : `${text}
`;
}
function refuse2(problem, wantsJson, words) {
  const sentence = words.printProblem(problem);
  if (wantsJson) writeOut(1, `${JSON.stringify({ error: problem, message: sentence })}
`);
  writeOut(2, `coord: ${sentence}
`);
  return EXIT.refused;
}
function misused(command, error) {
  writeOut(
    2,
    `coord: ${error.message}
Usage: coord ${command.name} ${command.usage}
More: coord ${command.name} --help
`
  );
  return EXIT.usage;
}

// src/surfaces/cli/main.ts
function loadFull() {
  return require((0, import_node_path14.join)(__dirname, "full.cjs"));
}
function findCommand(commands, args) {
  const [first, second] = args;
  return commands.find((command) => command.name === `${first} ${second}`) ?? commands.find((command) => command.name === first);
}
function main(typed) {
  const args = typed[0] === "help" && typed.length > 1 ? [...typed.slice(1), "--help"] : typed;
  const mail = findCommand(MAIL_COMMANDS, args);
  const words = { printProblem: (problem) => loadFull().printProblem(problem) };
  if (mail) return runCommand(mail, args.slice(mail.name.split(" ").length), words);
  const full = loadFull();
  const commands = [...full.FULL_COMMANDS, ...MAIL_COMMANDS];
  const command = findCommand(commands, args);
  if (command) return runCommand(command, args.slice(command.name.split(" ").length), full);
  return explain(commands, args);
}
function explain(commands, args) {
  const words = args.filter((word) => !word.startsWith("-"));
  const family = commands.filter((command) => command.name.split(" ")[0] === words[0]);
  const isHelp = args.includes("--help") || args.includes("-h");
  if (words.length === 0 || words[0] === "help" || isHelp && words.length === 1 && family.length > 0) {
    writeOut(1, printOverview(family.length > 0 ? family : commands));
    return EXIT.done;
  }
  const asked = words.slice(0, 2).join(" ");
  const guess = closestTo(
    asked,
    commands.map((command) => command.name)
  );
  writeOut(2, `coord: there is no command "${asked}".${guess ? ` Did you mean: coord ${guess}` : ""}
`);
  for (const command of family) writeOut(2, `  coord ${command.name} ${command.usage}
`);
  writeOut(2, "All commands: coord help\n");
  return EXIT.usage;
}
function printOverview(commands) {
  const lines = commands.map((command) => `  coord ${command.name} ${command.usage}`.trimEnd());
  return [
    "coord: several Claude Code sessions on one repository, without harming each other.",
    "",
    ...lines,
    "",
    "Each takes --json and --help. See it work: coord demo",
    ""
  ].join("\n");
}

// src/surfaces/cli/entries/coord.ts
var end = (code2) => {
  var _a;
  process.exitCode = code2;
  (_a = process.reallyExit) == null ? void 0 : _a.call(process, code2);
};
var code = main(process.argv.slice(2));
if (typeof code === "number") end(code);
else code.then(end);
// mark 7232ce67d20bc86b
