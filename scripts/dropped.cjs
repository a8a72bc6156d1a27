// Built from src/surfaces/hooks/entries/dropped.ts; do not edit.

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

// src/surfaces/hooks/entries/dropped.ts
var dropped_exports = {};
__export(dropped_exports, {
  routeDropped: () => routeDropped
});
module.exports = __toCommonJS(dropped_exports);

// src/usecases/route-dropped.ts
var import_node_fs13 = require("fs");

// src/domain/identifiers.ts
function workerOf(phaseId) {
  return `worker-${phaseId}`;
}
var COORDINATOR = "coordinator";
var OPERATOR = "operator";
var SYSTEM = "coord";
var EVERYBODY = "all";
var PROJECT_INSTANCE = "project-instance";
function printMessageId(atMs, tail) {
  const iso = new Date(atMs).toISOString();
  const day = iso.slice(0, 10).replaceAll("-", "");
  const time = iso.slice(11, 23).replace(/[:.]/g, "");
  return `msg-${day}-${time}-${tail}`;
}
var MESSAGE_ID = /^msg-(\d{4})(\d{2})(\d{2})-\d{6,9}(?:-[A-Za-z0-9_.-]{1,80})?$/;
function isMessageId(text) {
  return MESSAGE_ID.test(text);
}
function dayOfMessageId(id) {
  const match = MESSAGE_ID.exec(id);
  return match ? `${match[1]}-${match[2]}-${match[3]}` : void 0;
}

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

// src/domain/json-fault.ts
var STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*("|\\(?:u[0-9a-fA-F]{0,3})?$|$)/y;
var WORD = /[-\d][\d.eE+-]*|[a-z]+/y;
var NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
var NUMBER_BEGUN = /^-?(?:(?:0|[1-9]\d*)(?:\.\d*)?(?:(?<=\d)[eE][+-]?\d*)?)?$/;
var LITERALS = ["true", "false", "null"];
function jsonFaultOf(text) {
  const open = [];
  let awaited = "value";
  let at = 0;
  for (; ; ) {
    at = afterBlanks(text, at);
    if (at === text.length)
      return awaited === "next" && open.length === 0 ? void 0 : { kind: "unfinished" };
    const token = tokenAt(text, at);
    const next = token && follow(awaited, token.kind, open);
    if (!token || !next) return { kind: "wrong", line: text.slice(0, at).split("\n").length };
    awaited = next;
    at = token.end;
    if (token.isCut) return { kind: "unfinished" };
  }
}
function afterBlanks(text, at) {
  let end = at;
  while (end < text.length && " 	\n\r".includes(text.charAt(end))) end += 1;
  return end;
}
function tokenAt(text, at) {
  var _a;
  const first = text.charAt(at);
  if ("{}[],:".includes(first)) return { kind: first, end: at + 1, isCut: false };
  if (first === '"') {
    STRING.lastIndex = at;
    const match = STRING.exec(text);
    return match ? { kind: "string", end: at + match[0].length, isCut: match[1] !== '"' } : void 0;
  }
  WORD.lastIndex = at;
  const word = (_a = WORD.exec(text)) == null ? void 0 : _a[0];
  if (word === void 0) return void 0;
  const end = at + word.length;
  if (NUMBER.test(word) || LITERALS.includes(word)) return { kind: "word", end, isCut: false };
  const isBegun = NUMBER_BEGUN.test(word) || LITERALS.some((literal) => literal.startsWith(word));
  return end === text.length && isBegun ? { kind: "word", end, isCut: true } : void 0;
}
function follow(awaited, kind, open) {
  if (kind === "}" || kind === "]") {
    const isEmpty = awaited === (kind === "}" ? "first-key" : "first-item");
    if (awaited !== "next" && !isEmpty) return void 0;
    return open.pop() === (kind === "}" ? "{" : "[") ? "next" : void 0;
  }
  switch (awaited) {
    case "value":
    case "first-item":
      if (kind === "string" || kind === "word") return "next";
      if (kind !== "{" && kind !== "[") return void 0;
      open.push(kind);
      return kind === "{" ? "first-key" : "first-item";
    case "key":
    case "first-key":
      return kind === "string" ? "colon" : void 0;
    case "colon":
      return kind === ":" ? "value" : void 0;
    case "next":
      if (kind !== "," || open.length === 0) return void 0;
      return open.at(-1) === "{" ? "key" : "value";
  }
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

// src/domain/outside-instant.ts
var WRITTEN = /^(\d{4})-(\d{2})-(\d{2})(?:([Tt ])(\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)? ?(Z|z|UTC|[+-]\d{2}:?\d{2})?$/;
var SECONDS_MAX = 1e11;
var AT_MS_MIN = Date.UTC(1970, 0, 1);
var AT_MS_MAX = Date.UTC(9999, 11, 31);
function parseInstant(given) {
  if (typeof given === "number") return countedInstant(given);
  if (typeof given !== "string") return void 0;
  const text = given.trim();
  if (/^\d{9,13}(?:\.\d+)?$/.test(text)) return countedInstant(Number(text));
  const match = WRITTEN.exec(text);
  if (!match) return void 0;
  const [, year, month, day, gap, hour = "00", minute = "00", second = "00", fraction = "", zone] = match;
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}.${fraction.slice(0, 3).padEnd(3, "0")}Z`;
  const clockMs = Date.parse(iso);
  const offsetMs = offsetOf(zone);
  if (Number.isNaN(clockMs) || new Date(clockMs).toISOString() !== iso || offsetMs === void 0)
    return void 0;
  const atMs = clockMs - offsetMs;
  return isInRange(atMs) ? { atMs, note: noteOn(given, gap, zone) } : void 0;
}
function isInRange(atMs) {
  return atMs >= AT_MS_MIN && atMs <= AT_MS_MAX;
}
function offsetOf(zone) {
  const match = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? "Z");
  if (!match) return 0;
  const [, sign, hours, minutes] = match;
  if (Number(hours) > 14 || Number(minutes) > 59) return void 0;
  return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 6e4;
}
function noteOn(given, gap, zone) {
  if (zone === void 0) return "`timestamp` names no zone, and was taken for UTC";
  if (/^[+-]/.test(zone)) return "`timestamp` was turned into UTC";
  const isPublished = gap === "T" && zone === "Z" && PUBLISHED.test(given);
  return isPublished ? void 0 : "`timestamp` was written anew as ISO 8601";
}
var PUBLISHED = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?Z$/;
function countedInstant(count) {
  const atMs = Math.round(count < SECONDS_MAX ? count * 1e3 : count);
  if (!(count >= 1e8) || !isInRange(atMs)) return void 0;
  const unit = count < SECONDS_MAX ? "seconds" : "milliseconds";
  return { atMs, note: `\`timestamp\` was taken for ${unit} since 1970` };
}

// src/domain/outside-fields.ts
var ID = /^(?!.*\.\.)[A-Za-z0-9][A-Za-z0-9._-]{0,199}$/;
var CONTENT_NAMES = ["body", "text", "message"];
function shown(value) {
  const text = typeof value === "string" ? JSON.stringify(value.slice(0, 200)) : kindOf(value);
  return cleanLine(text, 60);
}
function kindOf(value) {
  if (Array.isArray(value)) return "a list";
  return typeof value === "object" ? "an object" : String(value);
}
function take(reading, key) {
  const value = Object.hasOwn(reading.left, key) ? reading.left[key] : void 0;
  delete reading.left[key];
  if (value === null) reading.notes.push(`\`${key}\` is null, and was read as absent`);
  return value ?? void 0;
}
function readId(reading, stem) {
  const { notes } = reading;
  const name = ["id", "message_id", "messageId"].find((key) => (reading.left[key] ?? null) !== null) ?? "id";
  const given = take(reading, name);
  delete reading.left["id"];
  if (given === void 0) {
    notes.push(
      `there is no \`id\`; ${isMessageId(stem) ? "the file name is taken for it" : "coord gives one"}`
    );
    return isMessageId(stem) ? stem : void 0;
  }
  if (name !== "id") notes.push(`\`${name}\` was taken for \`id\``);
  const id = typeof given === "number" ? String(given) : given;
  if (typeof id !== "string" || !ID.test(id)) {
    notes.push(`the id ${shown(given)} has signs that no id has; coord gives one`);
    return void 0;
  }
  if (id !== given) notes.push("`id` is a number, and was taken as text");
  if (id !== stem)
    notes.push(`\`id\` is ${shown(id)} and the file is named ${shown(stem)}; the \`id\` counts`);
  return id;
}
function readClaimedFrom(reading) {
  const from = take(reading, "from");
  if (typeof from === "string" && from.trim() !== "") return from.trim();
  reading.notes.push(from === void 0 ? "there is no `from`" : `\`from\` is ${shown(from)}`);
  return void 0;
}
function readClaimedTo(reading) {
  const given = take(reading, "to");
  const to = Array.isArray(given) && given.length === 1 ? given[0] : given;
  if (to !== given) reading.notes.push("`to` is a list of one");
  if (typeof to === "string" && to.trim() !== "") return to.trim();
  if (to === void 0 || typeof to === "string") reading.notes.push("there is no `to`");
  else reading.flaws.push(`\`to\` is ${shown(to)}, not the name of one agent`);
  return void 0;
}
function readTimestamp(reading) {
  const given = take(reading, "timestamp");
  const instant = parseInstant(given);
  const note = given === void 0 ? "there is no `timestamp`; the time of arrival counts" : instant === void 0 ? `the timestamp ${shown(given)} is no time; the time of arrival counts` : instant.note;
  if (note !== void 0) reading.notes.push(note);
  return instant === void 0 ? void 0 : new Date(instant.atMs).toISOString();
}
function readType(reading) {
  const given = take(reading, "type");
  const word = typeof given === "string" ? given.trim().toLowerCase() : "";
  if (isMessageType(word)) {
    if (word !== given) reading.notes.push(`the type ${shown(given)} was read as ${word}`);
    return word;
  }
  const what = given === void 0 ? "it has no `type`" : `the type ${shown(given)} is not known`;
  reading.flaws.push(`${what} (known: ${MESSAGE_TYPES.join(", ")})`);
  return void 0;
}
var MEANT = {
  critical: "urgent",
  emergency: "urgent",
  highest: "urgent",
  important: "high",
  medium: "normal",
  moderate: "normal",
  default: "normal",
  standard: "normal",
  minor: "low",
  lowest: "low",
  "1": "urgent",
  "2": "high",
  "3": "normal",
  "4": "low",
  p0: "urgent",
  p1: "high",
  p2: "normal",
  p3: "low"
};
function readPriority(reading, type) {
  const given = take(reading, "priority");
  if (given === void 0) return defaultPriority(type);
  const isWord = typeof given === "string" || typeof given === "number";
  const word = isWord ? String(given).trim().toLowerCase() : void 0;
  const meant = word === void 0 ? void 0 : isPriority(word) ? word : word === "" ? defaultPriority(type) : wordMeaning(word);
  if (meant === void 0) {
    reading.flaws.push(`the priority ${shown(given)} is not known (known: low, normal, high, urgent)`);
    return "normal";
  }
  if (meant !== given) reading.notes.push(`the priority ${shown(given)} was read as ${meant}`);
  return meant;
}
function wordMeaning(word) {
  return Object.hasOwn(MEANT, word) ? MEANT[word] : void 0;
}
function readReferences(reading) {
  const given = take(reading, "references");
  if (given === void 0) return [];
  const list = Array.isArray(given) ? given : [given];
  if (list !== given) reading.notes.push(`\`references\` is ${shown(given)}, and was read as a list of one`);
  const filled = list.filter((item) => item !== null && item !== "");
  if (filled.length < list.length) reading.notes.push("empty references were left out");
  const references = filled.map((item) => typeof item === "number" ? String(item) : item);
  if (references.some((item, at) => item !== filled[at]))
    reading.notes.push("references that are numbers were taken as text");
  const texts = references.filter((item) => typeof item === "string");
  const bad = references.find((item) => typeof item !== "string" || !isReference2(item));
  if (bad !== void 0)
    reading.flaws.push(`the reference ${shown(bad)} is no id (one line, at most 200 characters)`);
  if (texts.length > REFERENCES_MAX)
    reading.flaws.push(`it has ${texts.length} references; at most ${REFERENCES_MAX} are kept`);
  return texts;
}
function isReference2(text) {
  return judgeDraft({ to: "", type: "directive", content: "x", references: [text] }) === void 0;
}
function readContent(reading, type) {
  const isHeld = (key) => (reading.left[key] ?? "") !== "";
  const others = isHeld("content") ? [] : CONTENT_NAMES.filter(isHeld);
  if (others.length > 1) {
    reading.flaws.push(
      `it has no \`content\`, and ${others.map((name2) => `\`${name2}\``).join(" and ")} could both be it`
    );
    return "";
  }
  const [name = "content"] = others;
  const content = take(reading, name) ?? "";
  delete reading.left["content"];
  if (typeof content !== "string") reading.flaws.push(`\`${name}\` is ${shown(content)}, not text`);
  else if (content.length > CONTENT_MAX)
    reading.flaws.push(`its content has ${content.length} characters; at most ${CONTENT_MAX} are sent`);
  else if (content.trim() === "" && type !== "ack") reading.flaws.push("it has no `content`");
  else if (content.trim() === "") {
    reading.notes.push("there is no `content`; an ack can do without");
    return "acknowledged";
  }
  if (name !== "content") reading.notes.push(`\`${name}\` was taken for \`content\``);
  return typeof content === "string" ? content : "";
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

// src/domain/outside-metadata.ts
var DEPTH_MAX = 32;
var STRAYS_NAMED_MAX = 8;
var CLAIM = "claimed_";
var INCOMPLETE = {
  verdict: 'a verdict says "accept" or "reject" in `metadata.verdict`, and what it judges in `references`',
  ack: "it acknowledges nothing: `references` must name the messages"
};
function readMetadata(reading, message) {
  const { left, notes, flaws } = reading;
  const given = take(reading, "metadata") ?? {};
  delete left["read"];
  delete left["$schema"];
  if (typeof given !== "object" || Array.isArray(given)) {
    flaws.push(`\`metadata\` is ${shown(given)}, not an object`);
    return {};
  }
  const isSaidTwice = (key) => Object.hasOwn(given, key);
  const strays = Object.keys(left);
  const kept = strays.filter((key) => !isSaidTwice(key));
  noteStrays(notes, "no field of a message; kept in `metadata`", kept);
  noteStrays(notes, "in `metadata` too, and that one counts", strays.filter(isSaidTwice));
  const metadata = shaped({ ...left, ...given }, notes);
  if (isDeeperThan(metadata, DEPTH_MAX)) flaws.push(`its metadata is nested deeper than ${DEPTH_MAX} levels`);
  else if (JSON.stringify(metadata).length > CONTENT_MAX)
    flaws.push(`its metadata has more than ${CONTENT_MAX} characters of JSON`);
  if (!isComplete({ ...message, type: message.type ?? "", metadata }))
    flaws.push(INCOMPLETE[message.type ?? ""] ?? "");
  return metadata;
}
function noteStrays(notes, what, keys) {
  if (keys.length === 0) return;
  const named = keys.slice(0, STRAYS_NAMED_MAX).map((key) => `\`${cleanLine(key, 40)}\``);
  notes.push(`${named.join(", ")}${keys.length > named.length ? " \u2026" : ""}: ${what}`);
}
function shaped(given, notes) {
  const metadata = { ...given };
  for (const key of Object.keys(given)) {
    const value = given[key];
    const shape = shapeOf(key);
    if (isOwn(key)) keepAsClaim(metadata, key, "is coord's to write", notes);
    else if (shape !== void 0 && !hasShape(shape, value)) {
      const meant = meantBy(shape, value);
      if (meant === void 0) keepAsClaim(metadata, key, "is not what the schema asks for", notes);
      else {
        metadata[key] = meant;
        notes.push(`\`metadata.${key}\` is ${shown(value)}, and was read as ${JSON.stringify(meant)}`);
      }
    }
  }
  return metadata;
}
function isOwn(key) {
  const flaw = judgeDraft({ to: "", type: "directive", content: "x", metadata: { [key]: "" } });
  return (flaw == null ? void 0 : flaw.code) === "message-metadata-reserved";
}
function keepAsClaim(metadata, key, why, notes) {
  let name = `${CLAIM}${key}`;
  while (name in metadata) name = `${CLAIM}${name}`;
  metadata[name] = metadata[key];
  delete metadata[key];
  notes.push(`\`metadata.${key}\` ${why}; kept as \`${name}\``);
}
var VERDICT_MEANT = {
  accept: "accept",
  accepted: "accept",
  approve: "accept",
  approved: "accept",
  reject: "reject",
  rejected: "reject"
};
function meantBy(shape, value) {
  if (shape === "text" && typeof value === "number") return String(value);
  if (shape === "artifacts" && typeof value === "string" && value !== "") return [value];
  const word = typeof value === "string" ? value.trim().toLowerCase() : "";
  return shape === "verdict" && Object.hasOwn(VERDICT_MEANT, word) ? VERDICT_MEANT[word] : void 0;
}
function isDeeperThan(value, levels) {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(inner, levels - 1));
}

// src/domain/outside-message.ts
var OUTSIDE_TEXT_MAX = 262144;
function readOutside(text, fileName) {
  const parsed = parseObject(text);
  if ("done" in parsed) return parsed;
  const reading = { left: { ...parsed.fields }, notes: [], flaws: [] };
  if (parsed.hadMark) reading.notes.push("a byte order mark at its beginning was left out");
  const id = readId(reading, stemOf(fileName));
  const claimedFrom = readClaimedFrom(reading);
  const claimedTo = readClaimedTo(reading);
  const timestamp = readTimestamp(reading);
  const type = readType(reading);
  const priority = readPriority(reading, type ?? "directive");
  const references = readReferences(reading);
  const content = readContent(reading, type);
  const metadata = readMetadata(reading, { type, references });
  const { notes, flaws } = reading;
  if (type === void 0 || flaws.length > 0) return wrong(flaws.join("; "));
  const draft = { type, priority, content, references, metadata };
  return { done: true, draft, id, claimedFrom, claimedTo, timestamp, notes };
}
function wrong(reason) {
  return { done: false, reason, isUnfinished: false };
}
function parseObject(text) {
  if (text.length > OUTSIDE_TEXT_MAX)
    return wrong(`it has ${text.length} characters; at most ${OUTSIDE_TEXT_MAX} are read`);
  if (/^\ufffd|\0/.test(text)) return wrong("it is not UTF-8 (UTF-16, perhaps): write it as UTF-8");
  const json = text.replace(/^\ufeff/, "");
  if (/^[ \t\r\n]*[^{ \t\r\n]/.test(json))
    return wrong("it is not a JSON object: one message a file, in braces");
  try {
    return { fields: JSON.parse(json), hadMark: json !== text };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const fault = jsonFaultOf(json);
  return (fault == null ? void 0 : fault.kind) === "wrong" ? wrong(`it is not JSON (line ${fault.line})`) : { done: false, reason: "it ends before its JSON does", isUnfinished: true };
}
function stemOf(fileName) {
  return fileName.replace(/^.*[/\\]/s, "").replace(/\.json$/i, "");
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

// src/storage/light/acknowledging.ts
var import_node_fs9 = require("fs");
var import_node_path8 = require("path");

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

// src/storage/light/files.ts
var import_node_fs = require("fs");
var import_node_path = require("path");
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
    for (let done2 = 0; done2 < bytes.length; ) done2 += (0, import_node_fs.writeSync)(fd, bytes, done2);
    if (options.modifiedAt !== void 0)
      (0, import_node_fs.futimesSync)(fd, options.modifiedAt / 1e3, options.modifiedAt / 1e3);
    if (options.durable) (0, import_node_fs.fsyncSync)(fd);
  } finally {
    (0, import_node_fs.closeSync)(fd);
  }
}

// src/storage/light/mail-files.ts
var import_node_fs5 = require("fs");
var import_node_path6 = require("path");

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
var import_node_fs4 = require("fs");
var import_node_path5 = require("path");

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
  return (0, import_node_path5.join)(home, COORDINATION, ...parts);
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
  makeFolder((0, import_node_path5.join)(file, ".."));
  writeAtomic(file, `${JSON.stringify(record2, null, 2)}
`, { durable });
}
function readWorkerRecord(home, worker) {
  return readRecord(rosterFile(home, "workers", worker));
}
function listWorkers(home) {
  return listNames(coordinationPath(home, "roster", "workers")).filter((name) => name.endsWith(".json")).map((name) => readRecord(coordinationPath(home, "roster", "workers", name))).filter((record2) => record2 !== void 0);
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
  const isForLead2 = message.to === COORDINATOR || message.to === OPERATOR;
  return isForLead2 && !isRoutine(message) ? inFolder(coordinationPath(home, "outbox"), message.id) : void 0;
}
function unfoldedFolder(home) {
  return coordinationPath(home, "roster", "unfolded");
}
function inFolder(folder, id) {
  return (0, import_node_path6.join)(folder, `${fileNameOf(id)}${SUFFIX}`);
}
function listAgents(home, box) {
  try {
    return (0, import_node_fs5.readdirSync)(coordinationPath(home, box), { withFileTypes: true }).filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map((entry) => entry.name);
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
var import_node_fs8 = require("fs");

// src/storage/light/appending.ts
var import_node_fs6 = require("fs");
var import_node_path7 = require("path");
var APPEND_TRIES_MAX = 3;
function appendLine(path, line, options) {
  if (/[\r\n]/.test(line)) throw new Error("a line has no line breaks");
  const fd = (0, import_node_fs6.openSync)(path, "a+", options.mode ?? 438);
  let isNew = false;
  let bytesAfter = 0;
  try {
    for (let tries = 1; ; tries += 1) {
      const size = (0, import_node_fs6.fstatSync)(fd).size;
      isNew || (isNew = size === 0);
      const start2 = size === 0 || textFrom(fd, size - 1, size) === "\n" ? "" : "\n";
      const bytes = Buffer.from(`${start2}${line}
`);
      const isWhole = (0, import_node_fs6.writeSync)(fd, bytes) === bytes.length;
      bytesAfter = (0, import_node_fs6.fstatSync)(fd).size;
      if (isWhole && `
${textFrom(fd, size, bytesAfter)}`.includes(`
${line}
`)) break;
      if (tries === APPEND_TRIES_MAX) throw new Error(`${path}: a line was torn ${tries} times in a row`);
    }
    if (options.durable) (0, import_node_fs6.fsyncSync)(fd);
  } finally {
    (0, import_node_fs6.closeSync)(fd);
  }
  if (isNew && options.durable) syncFolder((0, import_node_path7.dirname)(path));
  return bytesAfter;
}
function textFrom(fd, from, to) {
  const bytes = Buffer.alloc(Math.max(0, to - from));
  return bytes.toString("utf8", 0, (0, import_node_fs6.readSync)(fd, bytes, 0, bytes.length, from));
}

// src/storage/light/log-tail.ts
var import_node_fs7 = require("fs");
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
    descriptor = (0, import_node_fs7.openSync)(file, "r");
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
  try {
    const { from, length } = choose((0, import_node_fs7.fstatSync)(descriptor).size);
    const buffer = Buffer.alloc(length);
    let read = 0;
    while (read < length) {
      const got = (0, import_node_fs7.readSync)(descriptor, buffer, read, length - read, from + read);
      if (got === 0) break;
      read += got;
    }
    return buffer.subarray(0, read);
  } finally {
    (0, import_node_fs7.closeSync)(descriptor);
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
  const isYoung = (((_a = (0, import_node_fs8.statSync)(file, { throwIfNoEntry: false })) == null ? void 0 : _a.size) ?? 0) < TAIL_BYTES;
  const before = isYoung ? listFullLogs(home).at(-1) : void 0;
  return before !== void 0 && hasLine(before, id, TAIL_BYTES);
}
function rotateLog(home) {
  withMutex(coordinationPath(home, "leases"), "message-log", () => {
    var _a;
    const file = logFile(home);
    if ((((_a = (0, import_node_fs8.statSync)(file, { throwIfNoEntry: false })) == null ? void 0 : _a.size) ?? 0) <= LOG_BYTES_MAX) return;
    const stamp = (/* @__PURE__ */ new Date()).toISOString().replace(/[-:.Z]/g, "").replace("T", "-");
    const full = coordinationPath(home, `messages-${stamp}.jsonl`);
    if (!(0, import_node_fs8.existsSync)(full)) (0, import_node_fs8.renameSync)(file, full);
  });
}

// src/storage/light/acknowledging.ts
function acknowledge(home, id, ack) {
  return withMailMutex(home, ack.by, () => acknowledgeHeld(home, id, ack));
}
function acknowledgeHeld(home, id, ack) {
  const file = inFolder(inboxFolder(home, ack.by), id);
  const text = readTextIfThere(file);
  const envelope = text === void 0 ? void 0 : parseEnvelope(text);
  if (!envelope) return "not-waiting";
  const archive = archiveFile(home, id);
  if (!(0, import_node_fs9.existsSync)(archive)) keepForFolding(home, file, envelope);
  makeFolder((0, import_node_path8.join)(archive, ".."));
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
    (0, import_node_fs9.linkSync)(file, kept);
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

// src/storage/light/dead-letters.ts
var import_node_fs10 = require("fs");
function raiseMessage(home, agent, id, nowMs = Date.now()) {
  if (!(0, import_node_fs10.existsSync)(inFolder(deadFolder(home, agent), id))) return false;
  return withMailMutex(home, agent, () => raiseHeld(home, agent, id, nowMs));
}
function raiseHeld(home, agent, id, nowMs) {
  const dead = inFolder(deadFolder(home, agent), id);
  if (!touch(dead, nowMs)) return false;
  makeFolder(inboxFolder(home, agent));
  (0, import_node_fs10.renameSync)(dead, inFolder(inboxFolder(home, agent), id));
  return true;
}
function setAside(home, file, reason, tell) {
  const folder = coordinationPath(home, "dead");
  makeFolder(folder);
  const kept = freeName(folder, fileNameOf(file.name));
  writeAtomic(`${folder}/${kept}.reason.txt`, `${reason}
`, { durable: true });
  tell(kept);
  (0, import_node_fs10.renameSync)(file.path, `${folder}/${kept}`);
}
function freeName(folder, name) {
  for (let n = 1; n < 1e3; n += 1) {
    const candidate = n === 1 ? name : `${n}-${name}`;
    if (!(0, import_node_fs10.existsSync)(`${folder}/${candidate}`)) return candidate;
  }
  return `${Date.now()}-${name}`;
}

// src/storage/light/dropped-mail.ts
var import_node_fs11 = require("fs");
var import_node_path9 = require("path");
var SETTLED_MS = 2e3;
var SAME_TIME_MS = 0.01;
var FILES_MAX = 200;
var WAIT_MS2 = 1e3;
function dropFolder(home) {
  return coordinationPath(home, "inbox");
}
function claimFolder(home) {
  return (0, import_node_path9.join)(dropFolder(home), ".routing");
}
function markFile(home) {
  return coordinationPath(home, "roster", "routed");
}
function mayHaveDropped(home) {
  const folder = (0, import_node_fs11.statSync)(dropFolder(home), { throwIfNoEntry: false });
  const mark = (0, import_node_fs11.statSync)(markFile(home), { throwIfNoEntry: false });
  if (folder === void 0 || mark === void 0) return folder !== void 0;
  return Math.abs(folder.mtimeMs - mark.mtimeMs) > SAME_TIME_MS;
}
function routeEach(home, body) {
  const route = () => {
    const before = (0, import_node_fs11.statSync)(dropFolder(home), { throwIfNoEntry: false });
    const files = [...filesIn(claimFolder(home), true), ...filesIn(dropFolder(home), false)];
    for (const file of files) attempt(() => body(file));
    if (before && files.length === 0) rememberEmpty(home, before.mtimeMs);
  };
  withMutex(coordinationPath(home, "leases"), "dropped-mail", route, { waitMs: WAIT_MS2 });
}
function attempt(body) {
  try {
    body();
  } catch (error) {
    if (!isErrno(error, "EACCES", "EPERM", "EIO") && !isMissing(error)) throw error;
  }
}
function claim2(home, file) {
  if (file.isClaimed) return file;
  makeFolder(claimFolder(home));
  const path = (0, import_node_path9.join)(claimFolder(home), file.name);
  if ((0, import_node_fs11.existsSync)(path)) return void 0;
  (0, import_node_fs11.renameSync)(file.path, path);
  return { ...file, path, isClaimed: true, modifiedAtMs: (0, import_node_fs11.statSync)(path).mtimeMs };
}
function rememberEmpty(home, modifiedAtMs) {
  if (Date.now() - modifiedAtMs < SETTLED_MS) return;
  const mark = markFile(home);
  writeAtomic(mark, "", { durable: false });
  (0, import_node_fs11.utimesSync)(mark, modifiedAtMs / 1e3, modifiedAtMs / 1e3);
}
function filesIn(folder, isClaimed) {
  const found = [];
  const names = listNames(folder).filter((name) => /^[^.].*\.json$/is.test(name));
  for (const name of names.sort()) {
    if (found.length === FILES_MAX) break;
    const path = (0, import_node_path9.join)(folder, name);
    try {
      const stat = (0, import_node_fs11.lstatSync)(path);
      if (stat.isDirectory()) continue;
      found.push({
        name,
        path,
        bytes: stat.size,
        modifiedAtMs: stat.mtimeMs,
        isPlain: stat.isFile(),
        isClaimed
      });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }
  return found;
}

// src/storage/light/mailbox.ts
function readText(file) {
  try {
    return readTextIfThere(file);
  } catch (error) {
    if (isErrno(error, "EISDIR", "EACCES", "EPERM", "ELOOP", "EIO")) return "unreadable";
    throw error;
  }
}
function findForLead(home, id) {
  for (const file of [inFolder(coordinationPath(home, "outbox"), id), archiveFile(home, id)]) {
    const text = readText(file);
    const envelope = text === void 0 ? void 0 : parseEnvelope(text);
    if ((envelope == null ? void 0 : envelope.id) === id && (envelope.to === COORDINATOR || envelope.to === OPERATOR)) return envelope;
  }
  return void 0;
}
function findAnywhere(home, id) {
  const files = [
    archiveFile(home, id),
    ...listAgents(home, "inbox").map((agent) => inFolder(inboxFolder(home, agent), id)),
    ...listAgents(home, "outbox").map((agent) => inFolder(outboxFolder(home, agent), id)),
    ...listAgents(home, "dead").map((agent) => inFolder(deadFolder(home, agent), id))
  ];
  for (const file of files) {
    const text = readText(file);
    const envelope = text === void 0 ? void 0 : parseEnvelope(text);
    if ((envelope == null ? void 0 : envelope.id) === id) return envelope;
  }
  return void 0;
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

// src/storage/light/sending.ts
var import_node_fs12 = require("fs");
var import_node_path10 = require("path");

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
  const note = (0, import_node_path10.join)(notesFolder(home, from), ownNoteName());
  if (fresh.length === 1) {
    writeNote(note, `${printEnvelope(only)}
`);
    sendOne(home, note, only);
  } else {
    writeNote(note, `[${fresh.map(printEnvelope).join(",")}]
`);
    syncFolder((0, import_node_path10.dirname)(note));
    sendSeveral(home, note, fresh);
  }
  return fresh;
}
function notesFolder(home, from) {
  return (0, import_node_path10.join)(outboxFolder(home, from), UNDER_WAY);
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
    makeFolder((0, import_node_path10.dirname)(note));
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
  makeFolder((0, import_node_path10.dirname)(inbox));
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
    if (durable) syncFolder((0, import_node_path10.dirname)(target));
  } catch (error) {
    if (isErrno(error, "EEXIST")) return;
    if (!isErrno(error, "ENOENT", "EPERM", "ENOTSUP", "ENOSYS", "EMLINK")) throw error;
    makeFolder((0, import_node_path10.dirname)(target));
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
  return listNames(folder).map((name) => (0, import_node_path10.join)(folder, name)).filter((note) => {
    const [pid, started] = (0, import_node_path10.basename)(note).split("~");
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

// src/domain/problem.ts
function done(value) {
  return { done: true, value };
}
function refuse(problem) {
  return { done: false, problem };
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

// src/usecases/route-dropped.ts
var WRITING_MS = 1e4;
var BYTES_MAX = 4 * OUTSIDE_TEXT_MAX;
var SEED_ID = /^(?!.*-ack$)msg-\d{8}-\d{6,9}(?:-[A-Za-z0-9_.]{1,60})?$/;
function routeDropped(home, nowMs) {
  if (!mayHaveDropped(home)) return;
  routeEach(home, (file) => routeFile(home, file, nowMs));
}
function routeFile(home, file, nowMs) {
  const flaw = flawOf(file);
  if (flaw !== void 0) {
    refuseFile(home, file, flaw);
    return;
  }
  const isYoung = Math.abs(nowMs - file.modifiedAtMs) < WRITING_MS;
  const first = readOutside((0, import_node_fs13.readFileSync)(file.path, "utf8"), file.name);
  if (!first.done && first.isUnfinished && isYoung) return;
  const claimed = claim2(home, file);
  if (!claimed) return;
  const text = (0, import_node_fs13.readFileSync)(claimed.path, "utf8");
  const message = readOutside(text, file.name);
  if (!message.done && message.isUnfinished && first.done) return;
  const why = message.done ? carryOut(home, claimed, message, hash128(text)) : message.reason;
  if (why === void 0) removeIfThere(claimed.path);
  else refuseFile(home, claimed, why);
}
function flawOf(file) {
  if (!file.isPlain) return "it is a link or no file at all: write a file of its own";
  return file.bytes > BYTES_MAX ? `it has ${file.bytes} bytes, which is too long` : void 0;
}
function carryOut(home, file, message, digest) {
  const { draft } = message;
  const known = draft.references.map((id) => findForLead(home, id)).filter((found) => found !== void 0);
  if (draft.type === "ack") {
    const mine = known.filter(isForLead);
    if (mine.length === 0)
      return `nothing of ${draft.references.join(", ")} waits for the coordinator or the operator`;
    for (const envelope of mine) settle(home, envelope, file.modifiedAtMs);
    return void 0;
  }
  const to = resolveRecipient(home, recipientOf(home, message, known));
  if (!to.done)
    return to.problem.code === "recipient-unknown" ? `nobody is called ${to.problem.to}; known: ${to.problem.known.join(", ")}` : `${recipientOf(home, message, known)} has ended and reads no mail`;
  sendEnvelope(home, envelopeFor(home, file, message, digest, to.value));
  for (const envelope of known)
    if (isAnsweredBy(envelope, message)) settle(home, envelope, file.modifiedAtMs);
  return void 0;
}
function recipientOf(home, message, known) {
  var _a, _b;
  const claimed = ((_a = message.claimedTo) == null ? void 0 : _a.trim()) ?? PROJECT_INSTANCE;
  if (claimed.toLowerCase() !== PROJECT_INSTANCE) return claimed;
  const asker = (_b = known.find(isForLead)) == null ? void 0 : _b.from;
  if (asker !== void 0 && asker !== SYSTEM) return asker;
  const active = listWorkers(home).filter((worker) => worker.state === "active");
  const [only] = active;
  return only && active.length === 1 ? only.worker : COORDINATOR;
}
function envelopeFor(home, file, message, digest, to) {
  const { draft, id, claimedFrom, claimedTo, timestamp, notes } = message;
  const outside = {
    file: file.name,
    digest,
    ...id === void 0 ? {} : { id },
    ...claimedFrom === void 0 || claimedFrom === OPERATOR ? {} : { from: claimedFrom },
    ...claimedTo === void 0 || claimedTo === to ? {} : { to: claimedTo },
    ...notes.length > 0 ? { notes } : {}
  };
  const metadata = { ...draft.metadata, outside };
  const atMs = Math.floor(file.modifiedAtMs);
  const fresh = envelopeAt(
    { ...draft, to, metadata },
    { tail: `out.${digest.slice(0, 12)}`, from: OPERATOR, atMs }
  );
  const envelope = timestamp === void 0 ? fresh : { ...fresh, timestamp };
  return { ...envelope, id: ownId(home, id, envelope, digest) };
}
function ownId(home, given, envelope, digest) {
  var _a;
  if (given === void 0 || !SEED_ID.test(given) || markInId(given) !== void 0) return envelope.id;
  const known = findAnywhere(home, given);
  const isThis = ((_a = known == null ? void 0 : known.metadata["outside"]) == null ? void 0 : _a.digest) === digest;
  return known === void 0 || isThis ? given : envelope.id;
}
function isForLead(envelope) {
  return envelope.to === COORDINATOR || envelope.to === OPERATOR;
}
function isAnsweredBy(envelope, { draft }) {
  return ["response", "directive", "verdict"].includes(draft.type) && isForLead(envelope);
}
function settle(home, envelope, atMs) {
  if (envelope.to === COORDINATOR && hasLiveCoordinator(home)) return;
  raiseMessage(home, envelope.to, envelope.id);
  acknowledge(home, envelope.id, { by: envelope.to, session: null, atMs });
}
function hasLiveCoordinator(home) {
  const seat = readSeat(home, null);
  return (seat == null ? void 0 : seat.process) ? livenessOf(seat.process) !== "dead" : false;
}
function refuseFile(home, file, reason) {
  setAside(home, file, reason, (kept) => tellOfBad(home, file, kept, reason));
}
function tellOfBad(home, file, kept, reason) {
  const atMs = Math.floor(file.modifiedAtMs);
  const content = `A file that was dropped into .coordination/inbox/ is no message, and was set aside as .coordination/dead/${kept}: ${reason}. Correct it there and move it back to the inbox.`;
  const draft = { to: OPERATOR, type: "error", content, metadata: { error_type: "bad_message", file: kept } };
  sendEnvelope(
    home,
    envelopeAt(draft, { tail: `bad.${hash128(`${file.name} ${atMs}`).slice(0, 12)}`, from: SYSTEM, atMs })
  );
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  routeDropped
});
// mark 6757fbbcb370dcae
