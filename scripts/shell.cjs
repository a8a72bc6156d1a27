// Built from src/surfaces/hooks/entries/shell.ts; do not edit.
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

// src/surfaces/hooks/entries/shell.ts
var shell_exports = {};
__export(shell_exports, {
  judgeShell: () => judgeShell
});
module.exports = __toCommonJS(shell_exports);

// node_modules/unbash/dist/ansi-c.js
function isOctal(code) {
  return code >= 48 && code <= 55;
}
function isHex(code) {
  return code >= 48 && code <= 57 || code >= 65 && code <= 70 || code >= 97 && code <= 102;
}
function codePoint(value, fallback) {
  try {
    return String.fromCodePoint(value);
  } catch {
    return fallback;
  }
}
var utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
function decodeBytes(bytes) {
  return utf8.decode(new Uint8Array(bytes));
}
function readByteEscape(source2, pos, limit) {
  if (source2.charCodeAt(pos) !== 92 || pos + 2 > limit)
    return void 0;
  const escaped2 = source2.charCodeAt(pos + 1);
  const digitsStart = pos + 2;
  let end = digitsStart;
  if (escaped2 === 120) {
    while (end < limit && end - digitsStart < 2 && isHex(source2.charCodeAt(end)))
      end++;
    if (end === digitsStart)
      return void 0;
    return { value: Number.parseInt(source2.slice(digitsStart, end), 16), end };
  }
  if (!isOctal(escaped2))
    return void 0;
  while (end < limit && end - digitsStart < 2 && isOctal(source2.charCodeAt(end)))
    end++;
  return { value: Number.parseInt(source2.slice(pos + 1, end), 8) & 255, end };
}
function decodeAnsiCQuoted(source2, start2, limit) {
  let pos = start2;
  let value = "";
  let bytes = [];
  let nul = -1;
  while (pos < limit && source2.charCodeAt(pos) !== 39) {
    const escapeStart = pos;
    const byte = readByteEscape(source2, pos, limit);
    if (byte && byte.value >= 128) {
      bytes.push(byte.value);
      pos = byte.end;
      continue;
    }
    if (bytes.length > 0) {
      value += decodeBytes(bytes);
      bytes = [];
    }
    if (byte) {
      if (byte.value === 0 && nul === -1)
        nul = value.length;
      value += String.fromCharCode(byte.value);
      pos = byte.end;
      continue;
    }
    if (source2.charCodeAt(pos) !== 92 || pos + 1 >= limit) {
      const runStart = pos;
      while (pos < limit) {
        const code = source2.charCodeAt(pos);
        if (code === 39 || code === 92 && pos + 1 < limit)
          break;
        pos++;
      }
      value += source2.slice(runStart, pos);
      continue;
    }
    pos++;
    const escaped2 = source2[pos++];
    switch (escaped2) {
      case "a":
        value += "\x07";
        break;
      case "b":
        value += "\b";
        break;
      case "e":
      case "E":
        value += "\x1B";
        break;
      case "f":
        value += "\f";
        break;
      case "n":
        value += "\n";
        break;
      case "r":
        value += "\r";
        break;
      case "t":
        value += "	";
        break;
      case "v":
        value += "\v";
        break;
      case "\\":
        value += "\\";
        break;
      case "'":
        value += "'";
        break;
      case '"':
        value += '"';
        break;
      case "?":
        value += "?";
        break;
      case "\n":
        break;
      case "c": {
        const code = pos < limit ? source2.charCodeAt(pos) : 39;
        if (code === 39) {
          value += source2.slice(escapeStart, pos);
          break;
        }
        pos++;
        if (code === 92) {
          const pair = pos < limit && source2.charCodeAt(pos) === 92;
          if (pair)
            pos++;
          value += "";
          if (!pair && pos < limit) {
            value += source2[pos];
            pos++;
          }
          break;
        }
        const control = code === 63 ? 127 : code & 31;
        if (control === 0 && code < 128 && nul === -1)
          nul = value.length;
        value += String.fromCharCode(control);
        break;
      }
      case "u":
      case "U": {
        const digitsStart = pos;
        const maxDigits = escaped2 === "u" ? 4 : 8;
        while (pos < limit && pos - digitsStart < maxDigits && isHex(source2.charCodeAt(pos)))
          pos++;
        if (pos === digitsStart) {
          value += `\\${escaped2}`;
          break;
        }
        const raw = source2.slice(escapeStart, pos);
        const point = Number.parseInt(source2.slice(digitsStart, pos), 16);
        if (point === 0 && nul === -1)
          nul = value.length;
        value += codePoint(point, raw);
        break;
      }
      default:
        value += `\\${escaped2}`;
        break;
    }
  }
  if (bytes.length > 0)
    value += decodeBytes(bytes);
  if (nul !== -1)
    value = value.slice(0, nul);
  const closed = pos < limit;
  if (closed)
    pos++;
  return { value, end: pos, closed };
}

// node_modules/unbash/dist/expansion.js
var ScriptExpansionImpl = class _ScriptExpansionImpl {
  static _resolveScript;
  type;
  pos;
  end;
  text;
  #window;
  #script = void 0;
  constructor(type, pos, end, text, window) {
    this.type = type;
    this.pos = pos;
    this.end = end;
    this.text = text;
    this.#window = window;
  }
  get script() {
    const window = this.#window;
    if (window !== void 0) {
      const script2 = _ScriptExpansionImpl._resolveScript(window.source, window.start, window.end, window.depth, window.parenBoundary, window.context);
      if (window.context === void 0)
        script2.source = window.source;
      this.script = script2;
    }
    return this.#script;
  }
  set script(script2) {
    this.#script = script2;
    this.#window = void 0;
  }
  toJSON() {
    return { type: this.type, pos: this.pos, end: this.end, text: this.text, script: this.script };
  }
};
var ProcessSubstitutionImpl = class extends ScriptExpansionImpl {
  operator;
  constructor(pos, end, text, operator, window) {
    super("ProcessSubstitution", pos, end, text, window);
    this.operator = operator;
  }
  toJSON() {
    return {
      type: this.type,
      pos: this.pos,
      end: this.end,
      text: this.text,
      operator: this.operator,
      script: this.script
    };
  }
};
var ArithmeticExpansionImpl = class _ArithmeticExpansionImpl {
  static _resolveExpression;
  type = "ArithmeticExpansion";
  pos;
  end;
  text;
  #window;
  #expression = void 0;
  constructor(pos, end, text, window) {
    this.pos = pos;
    this.end = end;
    this.text = text;
    this.#window = window;
  }
  get expression() {
    const window = this.#window;
    if (window !== void 0) {
      this.expression = _ArithmeticExpansionImpl._resolveExpression(window.body, window.offset, window.source, window.depth, window.context, window.depth + 1);
    }
    return this.#expression;
  }
  set expression(expression) {
    this.#expression = expression;
    this.#window = void 0;
  }
  toJSON() {
    return { type: this.type, pos: this.pos, end: this.end, text: this.text, expression: this.expression };
  }
};

// node_modules/unbash/dist/limits.js
var MAX_SYNTAX_NESTING = 256;

// node_modules/unbash/dist/word-value.js
function dequoteValue(parts) {
  let s = "";
  for (const c of parts)
    s += c.type === "Literal" ? c.value : c.text;
  return s;
}
function unescapeBareValue(text) {
  const first = text.indexOf("\\");
  if (first === -1)
    return text;
  let s = "";
  let start2 = 0;
  for (let i = first; i < text.length; i++) {
    if (text.charCodeAt(i) !== 92)
      continue;
    s += text.slice(start2, i);
    i++;
    if (i >= text.length) {
      s += "\\";
      start2 = i;
      break;
    }
    if (text.charCodeAt(i) !== 10)
      s += text[i];
    start2 = i + 1;
  }
  return s + text.slice(start2);
}
function continuedExpansionValue(text) {
  let pos = 1;
  while (text[pos] === "\\" && text[pos + 1] === "\n")
    pos += 2;
  return pos === 1 || text[pos] !== "(" ? text : text[0] + text.slice(pos);
}
function wordPartsValue(parts) {
  let value = "";
  for (const part of parts) {
    switch (part.type) {
      case "Literal":
      case "Glob":
      case "SingleQuoted":
      case "AnsiCQuoted":
        value += part.value;
        break;
      case "DoubleQuoted":
      case "LocaleString":
        value += dequoteValue(part.parts);
        break;
      case "CommandExpansion":
        value += part.text[0] === "$" ? continuedExpansionValue(part.text) : part.text;
        break;
      case "ExtendedGlob":
        value += continuedExpansionValue(part.text);
        break;
      default:
        value += part.text;
        break;
    }
  }
  return value;
}

// node_modules/unbash/dist/word.js
var WordImpl = class {
  type = "Word";
  text;
  pos;
  end;
  #source;
  #resolver;
  #depth;
  #parts;
  #value = null;
  constructor(text, pos, end, source2, resolver, depth = 0) {
    this.text = text;
    this.pos = pos;
    this.end = end;
    this.#source = source2;
    this.#resolver = resolver;
    this.#depth = depth;
    this.#parts = resolver === void 0 ? void 0 : null;
  }
  get value() {
    if (this.#value === null) {
      const parts = this.#source === void 0 && this.#parts === null ? void 0 : this.parts;
      this.#value = parts ? wordPartsValue(parts) : unescapeBareValue(this.text);
    }
    return this.#value;
  }
  get parts() {
    var _a;
    if (this.#parts === null) {
      this.#parts = ((_a = this.#resolver) == null ? void 0 : _a.call(this, this.#source ?? "", this, this.#depth)) ?? void 0;
    }
    return this.#parts;
  }
  set parts(v) {
    this.#parts = v ?? void 0;
  }
  toJSON() {
    return { type: this.type, text: this.text, pos: this.pos, end: this.end, parts: this.parts, value: this.value };
  }
};

// node_modules/unbash/dist/substitution-context.js
function createSubstitutionContext(parent) {
  const boundaries = parent === void 0 ? void 0 : substitutionBoundaries(parent);
  return { boundaries, wordParts: void 0, embeddedParts: void 0, arrayParts: void 0 };
}
function substitutionBoundaries(context) {
  return context.boundaries ?? (context.boundaries = /* @__PURE__ */ new Map());
}

// node_modules/unbash/dist/chars.js
var CH_TAB = 9;
var CH_NL = 10;
var CH_SPACE = 32;
var CH_BANG = 33;
var CH_DQUOTE = 34;
var CH_HASH = 35;
var CH_DOLLAR = 36;
var CH_PERCENT = 37;
var CH_AMP = 38;
var CH_SQUOTE = 39;
var CH_LPAREN = 40;
var CH_RPAREN = 41;
var CH_STAR = 42;
var CH_PLUS = 43;
var CH_COMMA = 44;
var CH_DASH = 45;
var CH_DOT = 46;
var CH_SLASH = 47;
var CH_0 = 48;
var CH_9 = 57;
var CH_COLON = 58;
var CH_SEMI = 59;
var CH_LT = 60;
var CH_EQ = 61;
var CH_GT = 62;
var CH_QUESTION = 63;
var CH_AT = 64;
var CH_A = 65;
var CH_Z = 90;
var CH_LBRACKET = 91;
var CH_BACKSLASH = 92;
var CH_RBRACKET = 93;
var CH_CARET = 94;
var CH_UNDERSCORE = 95;
var CH_BACKTICK = 96;
var CH_a = 97;
var CH_z = 122;
var CH_LBRACE = 123;
var CH_PIPE = 124;
var CH_RBRACE = 125;
var CH_TILDE = 126;
function skipLineContinuations(source2, pos, end) {
  while (pos + 1 < end && source2.charCodeAt(pos) === CH_BACKSLASH && source2.charCodeAt(pos + 1) === CH_NL)
    pos += 2;
  return pos;
}

// node_modules/unbash/dist/glob.js
function hasGlobCharacters(text) {
  return /[*?[]/.test(text);
}
var bracketSyntax = new Uint8Array(128);
bracketSyntax[CH_BANG] = 1;
bracketSyntax[CH_CARET] = 1;
bracketSyntax[CH_LBRACKET] = 1;
bracketSyntax[CH_RBRACKET] = 1;
bracketSyntax[CH_COLON] = 1;
bracketSyntax[CH_DOT] = 1;
bracketSyntax[CH_EQ] = 1;
bracketSyntax[CH_DASH] = 1;
bracketSyntax[CH_BACKSLASH] = 1;
function bracketEnds(source2, start2, end, parts, offset) {
  let close = end - 1;
  while (close > start2 && source2.charCodeAt(close) !== CH_RBRACKET)
    close--;
  if (close === start2)
    return null;
  const positions = [];
  const kinds = [];
  const members = [];
  let partIndex = 0;
  let symbols = false;
  for (let pos = start2; pos < end; pos++) {
    while (parts && partIndex < parts.length && parts[partIndex].end <= pos + offset)
      partIndex++;
    const part = parts == null ? void 0 : parts[partIndex];
    const tokenPos = pos;
    let kind = 0;
    if (part && part.pos <= pos + offset && part.type !== "Literal") {
      pos = part.end - offset - 1;
    } else {
      kind = source2.charCodeAt(pos);
      if (kind === CH_BACKSLASH && pos + 1 < end && source2.charCodeAt(pos + 1) === CH_NL) {
        pos++;
        continue;
      }
      if (kind >= 128 || !bracketSyntax[kind])
        kind = 0;
    }
    const last = kinds.length - 1;
    if (kind === 0 && last >= 0 && kinds[last] === 0) {
      members[last]++;
      continue;
    }
    if (last >= 0 && kinds[last] === CH_LBRACKET && (kind === CH_COLON || kind === CH_EQ || kind === CH_DOT)) {
      symbols = true;
    }
    positions.push(tokenPos);
    kinds.push(kind);
    members.push(1);
  }
  const count = kinds.length;
  let symbolEnd;
  if (symbols) {
    symbolEnd = new Int32Array(count).fill(-1);
    let close2 = -1;
    let colon = -1;
    let eq = -1;
    let dot = -1;
    for (let i = count - 1; i >= 0; i--) {
      const kind = kinds[i + 2];
      if (kind === CH_RBRACKET)
        close2 = i + 2;
      else if (kinds[i + 3] === CH_RBRACKET) {
        if (kind === CH_COLON)
          colon = i + 2;
        else if (kind === CH_EQ)
          eq = i + 2;
        else if (kind === CH_DOT)
          dot = i + 2;
      }
      if (kinds[i] !== CH_LBRACKET)
        continue;
      const type = kinds[i + 1];
      const found = type === CH_COLON ? colon : type === CH_EQ ? eq : type === CH_DOT ? dot : -1;
      if (found !== -1 && (type === CH_DOT || close2 === -1 || close2 > found))
        symbolEnd[i] = found + 2;
    }
  }
  const subBracket = (open) => symbolEnd === void 0 ? -1 : symbolEnd[open];
  const endFrom = new Int32Array(count + 2).fill(-1);
  const resume = (next, range) => {
    if (next >= count)
      return -1;
    if (range && kinds[next] === CH_DASH && next + 1 < count && kinds[next + 1] !== CH_RBRACKET) {
      let last = next + 1;
      if (kinds[last] === CH_BACKSLASH) {
        if (last + 1 >= count)
          return -1;
        last++;
      }
      let after2 = last + 1;
      if (kinds[last] === CH_LBRACKET && kinds[last + 1] === CH_DOT) {
        const symbol = subBracket(last);
        if (symbol !== -1)
          after2 = symbol;
      } else if (kinds[last] === 0 && members[last] > 1) {
        return endFrom[last];
      }
      if (after2 >= count)
        return -1;
      return kinds[after2] === CH_RBRACKET ? after2 + 1 : endFrom[after2];
    }
    return kinds[next] === CH_RBRACKET ? next + 1 : endFrom[next];
  };
  for (let t = count - 1; t >= 0; t--) {
    const kind = kinds[t];
    let after2 = t + 1;
    let range = true;
    if (kind === CH_BACKSLASH) {
      if (t + 1 >= count)
        continue;
      after2 = t + 2;
    } else if (kind === CH_LBRACKET) {
      const type = kinds[t + 1];
      if (type === CH_COLON || type === CH_EQ || type === CH_DOT) {
        const symbol = subBracket(t);
        if (symbol !== -1) {
          after2 = symbol;
          range = type === CH_DOT;
        }
      }
    }
    endFrom[t] = resume(after2, range);
  }
  const ends = /* @__PURE__ */ new Map();
  for (let t = 0; t < count; t++) {
    if (kinds[t] !== CH_LBRACKET)
      continue;
    let first = t + 1;
    if (kinds[first] === CH_BANG || kinds[first] === CH_CARET)
      first++;
    if (first >= count)
      continue;
    const close2 = kinds[first] === CH_RBRACKET ? resume(first + 1, true) : endFrom[first];
    if (close2 !== -1)
      ends.set(positions[t], positions[close2 - 1] + 1);
  }
  return ends;
}
function appendRange(source2, start2, end, parts, index, offset, result) {
  while (start2 < end) {
    while (parts && index < parts.length && parts[index].end <= start2 + offset)
      index++;
    const part = parts == null ? void 0 : parts[index];
    if (part && part.pos === start2 + offset && part.end <= end + offset) {
      result.push(part);
      start2 = part.end - offset;
      index++;
      continue;
    }
    const stop = part ? Math.min(end, (part.pos > start2 + offset ? part.pos : part.end) - offset) : end;
    const text = source2.slice(start2, stop);
    result.push({ type: "Literal", pos: start2 + offset, end: stop + offset, text, value: unescapeBareValue(text) });
    start2 = stop;
  }
  return index;
}
function parseGlobParts(source2, start2, end, parts, offset = 0) {
  let result;
  let brackets;
  let partIndex = 0;
  let emittedIndex = 0;
  let literalStart = start2;
  for (let pos = start2; pos < end; pos++) {
    while (parts && partIndex < parts.length && parts[partIndex].end <= pos + offset)
      partIndex++;
    const part = parts == null ? void 0 : parts[partIndex];
    if (part && part.pos <= pos + offset && part.type !== "Literal") {
      pos = part.end - offset - 1;
      continue;
    }
    const character = source2.charCodeAt(pos);
    if (character === CH_BACKSLASH) {
      pos++;
      continue;
    }
    let globEnd;
    if (character === CH_STAR || character === CH_QUESTION) {
      const limit = part ? Math.min(end, part.end - offset) : end;
      const next = skipLineContinuations(source2, pos + 1, limit);
      if (next < limit && source2.charCodeAt(next) === CH_LPAREN)
        continue;
      globEnd = pos + 1;
      if (character === CH_STAR) {
        while (globEnd < limit && source2.charCodeAt(globEnd) === CH_STAR) {
          const next2 = skipLineContinuations(source2, globEnd + 1, limit);
          if (next2 < limit && source2.charCodeAt(next2) === CH_LPAREN)
            break;
          globEnd++;
        }
      }
    } else if (character === CH_LBRACKET) {
      if (brackets === void 0)
        brackets = bracketEnds(source2, pos, end, parts, offset);
      const close = brackets == null ? void 0 : brackets.get(pos);
      if (close === void 0)
        continue;
      globEnd = close;
    } else {
      continue;
    }
    if (!result)
      result = [];
    emittedIndex = appendRange(source2, literalStart, pos, parts, emittedIndex, offset, result);
    const text = source2.slice(pos, globEnd);
    let glob;
    if (character === CH_LBRACKET) {
      const interior = [];
      emittedIndex = appendRange(source2, pos + 1, globEnd - 1, parts, emittedIndex, offset, interior);
      glob = {
        type: "Glob",
        kind: "bracket",
        pos: pos + offset,
        end: globEnd + offset,
        text,
        value: "[" + wordPartsValue(interior) + "]",
        parts: interior
      };
    } else {
      glob = {
        type: "Glob",
        kind: character === CH_STAR ? "star" : "question",
        pos: pos + offset,
        end: globEnd + offset,
        text,
        value: text,
        parts: void 0
      };
    }
    result.push(glob);
    literalStart = globEnd;
    pos = globEnd - 1;
  }
  if (!result)
    return parts ?? void 0;
  appendRange(source2, literalStart, end, parts, emittedIndex, offset, result);
  return result;
}

// node_modules/unbash/dist/lexer.js
var Token = {
  Word: 0,
  Assignment: 1,
  Semi: 2,
  Newline: 3,
  Pipe: 4,
  And: 5,
  Or: 6,
  Amp: 7,
  LParen: 8,
  RParen: 9,
  LBrace: 10,
  RBrace: 11,
  Bang: 12,
  If: 13,
  Then: 14,
  Else: 15,
  Elif: 16,
  Fi: 17,
  Do: 18,
  Done: 19,
  For: 20,
  While: 21,
  Until: 22,
  In: 23,
  Case: 24,
  Esac: 25,
  Function: 26,
  DoubleSemi: 27,
  SemiAmp: 28,
  DoubleSemiAmp: 29,
  Select: 30,
  DblLBracket: 31,
  DblRBracket: 32,
  EOF: 33,
  ArithCmd: 34,
  Coproc: 35,
  Redirect: 36
};
var TokenValue = class {
  token = Token.EOF;
  // Materialized token value, or null for word tokens whose value has not been
  // requested yet (computed from [pos, end) on demand via the owning lexer).
  _value = "";
  _owner;
  pos = 0;
  end = 0;
  fileDescriptor = void 0;
  variableName = void 0;
  descriptorEnd = 0;
  delimiterQuoted = false;
  content = void 0;
  targetPos = 0;
  targetEnd = 0;
  assignmentOperatorPos = -1;
  // True when `value` is exactly the raw source span [pos, end) ? lets consumers
  // reuse the string instead of slicing the source again.
  raw = false;
  // True when a word contains no quoting, escaped characters, or expansions.
  // Backslash-newline continuations preserve keyword eligibility.
  keywordEligible = false;
  constructor(owner = null) {
    this._owner = owner;
  }
  get value() {
    return this._value ?? (this._value = this._owner === null ? "" : this._owner._tokenValue(this.pos, this.end, this.raw));
  }
  set value(v) {
    this._value = v;
  }
  reset() {
    this.token = Token.EOF;
    this._value = "";
    this.pos = 0;
    this.end = 0;
    this.fileDescriptor = void 0;
    this.variableName = void 0;
    this.descriptorEnd = 0;
    this.delimiterQuoted = false;
    this.content = void 0;
    this.targetPos = 0;
    this.targetEnd = 0;
    this.assignmentOperatorPos = -1;
    this.raw = false;
    this.keywordEligible = false;
  }
  copyFrom(other) {
    this.token = other.token;
    this._value = other._value;
    this.pos = other.pos;
    this.end = other.end;
    this.fileDescriptor = other.fileDescriptor;
    this.variableName = other.variableName;
    this.descriptorEnd = other.descriptorEnd;
    this.delimiterQuoted = other.delimiterQuoted;
    this.content = other.content;
    this.targetPos = other.targetPos;
    this.targetEnd = other.targetEnd;
    this.assignmentOperatorPos = other.assignmentOperatorPos;
    this.raw = other.raw;
    this.keywordEligible = other.keywordEligible;
  }
};
var RESERVED_WORDS = /* @__PURE__ */ new Map([
  ["if", Token.If],
  ["then", Token.Then],
  ["else", Token.Else],
  ["elif", Token.Elif],
  ["fi", Token.Fi],
  ["do", Token.Do],
  ["done", Token.Done],
  ["for", Token.For],
  ["while", Token.While],
  ["until", Token.Until],
  ["in", Token.In],
  ["case", Token.Case],
  ["esac", Token.Esac],
  ["function", Token.Function],
  ["select", Token.Select],
  ["coproc", Token.Coproc],
  ["!", Token.Bang],
  ["{", Token.LBrace],
  ["}", Token.RBrace]
]);
var charType = new Uint8Array(128);
charType[CH_PIPE] = 1;
charType[CH_AMP] = 1;
charType[CH_SEMI] = 1;
charType[CH_LPAREN] = 1;
charType[CH_RPAREN] = 1;
charType[CH_LT] = 1;
charType[CH_GT] = 1;
charType[CH_SPACE] = 1;
charType[CH_TAB] = 1;
charType[CH_NL] = 1;
charType[CH_BACKSLASH] = 2;
charType[CH_SQUOTE] = 2;
charType[CH_DQUOTE] = 2;
charType[CH_DOLLAR] = 2;
charType[CH_BACKTICK] = 2;
charType[CH_LBRACE] = 2;
function skipBlanks(source2, pos, end) {
  while (pos < end) {
    const ch = source2.charCodeAt(pos);
    if (ch === CH_SPACE || ch === CH_TAB)
      pos++;
    else if (ch === CH_BACKSLASH && pos + 1 < end && source2.charCodeAt(pos + 1) === CH_NL)
      pos += 2;
    else
      break;
  }
  return pos;
}
var arithmeticWordDelimiter = new Uint8Array(128);
for (const ch of [
  CH_TAB,
  CH_NL,
  CH_SPACE,
  CH_BANG,
  CH_PERCENT,
  CH_AMP,
  CH_LPAREN,
  CH_RPAREN,
  CH_STAR,
  CH_PLUS,
  CH_COMMA,
  CH_DASH,
  CH_SLASH,
  CH_COLON,
  CH_LT,
  CH_EQ,
  CH_GT,
  CH_QUESTION,
  CH_CARET,
  CH_PIPE
]) {
  arithmeticWordDelimiter[ch] = 1;
}
function hasEmbeddedWordStructure(source2, start2, end) {
  for (let pos = start2; pos < end; pos++) {
    const ch = source2.charCodeAt(pos);
    if (ch === CH_BACKSLASH || ch === CH_SQUOTE || ch === CH_DQUOTE || ch === CH_DOLLAR || ch === CH_BACKTICK || (ch === CH_LT || ch === CH_GT) && pos + 1 < end && source2.charCodeAt(pos + 1) === CH_LPAREN) {
      return true;
    }
  }
  return false;
}
function findUnnested(s, target, pairTernaries = false, findNestedEnd) {
  let depth = 0;
  let ternaryDepth = 0;
  for (let i = 0; i < s.length; i++) {
    const c = s.charCodeAt(i);
    if (c === CH_BACKSLASH) {
      i++;
      continue;
    }
    if (c === CH_LBRACE) {
      depth++;
      continue;
    }
    if (c === CH_RBRACE) {
      if (depth > 0)
        depth--;
      continue;
    }
    if (c === CH_SQUOTE) {
      i++;
      while (i < s.length && s.charCodeAt(i) !== CH_SQUOTE)
        i++;
      continue;
    }
    if (c === CH_DQUOTE) {
      i++;
      while (i < s.length) {
        const quoted = s.charCodeAt(i);
        if (quoted === CH_DQUOTE)
          break;
        if (quoted === CH_BACKSLASH) {
          i += 2;
          continue;
        }
        const nestedEnd2 = (findNestedEnd == null ? void 0 : findNestedEnd(i, true)) ?? i;
        if (nestedEnd2 > i) {
          i = nestedEnd2;
          continue;
        }
        i++;
      }
      continue;
    }
    const nestedEnd = (findNestedEnd == null ? void 0 : findNestedEnd(i, false)) ?? i;
    if (nestedEnd > i) {
      i = nestedEnd - 1;
      continue;
    }
    if (pairTernaries && depth === 0) {
      if (c === CH_QUESTION) {
        ternaryDepth++;
        continue;
      }
      if (c === CH_COLON && ternaryDepth > 0) {
        ternaryDepth--;
        continue;
      }
    }
    if (c === target && depth === 0)
      return i;
  }
  return -1;
}
var isIdChar = new Uint8Array(128);
for (let i = CH_a; i <= CH_z; i++)
  isIdChar[i] = 3;
for (let i = CH_A; i <= CH_Z; i++)
  isIdChar[i] = 3;
for (let i = CH_0; i <= CH_9; i++)
  isIdChar[i] = 2;
isIdChar[CH_UNDERSCORE] = 3;
var extglobPrefix = new Uint8Array(128);
extglobPrefix[CH_QUESTION] = 1;
extglobPrefix[CH_AT] = 1;
extglobPrefix[CH_STAR] = 1;
extglobPrefix[CH_PLUS] = 1;
extglobPrefix[CH_BANG] = 1;
extglobPrefix[CH_EQ] = 1;
function isExtglobOpen(prefix) {
  return prefix < 128 && prefix !== CH_EQ && extglobPrefix[prefix] === 1;
}
var extglobOp = {
  [CH_QUESTION]: "?",
  [CH_AT]: "@",
  [CH_STAR]: "*",
  [CH_PLUS]: "+",
  [CH_BANG]: "!"
};
function isDQChild(p) {
  const t = p.type;
  return t === "Literal" || t === "SimpleExpansion" || t === "ParameterExpansion" || t === "CommandExpansion" || t === "ArithmeticExpansion";
}
function isAllDigitsRange(src, start2, end) {
  for (let i = start2; i < end; i++) {
    const c = src.charCodeAt(i);
    if (c < CH_0 || c > CH_9)
      return false;
  }
  return end > start2;
}
var ASSIGNMENT_INVALID = -1;
var ASSIGNMENT_NAME_START = 0;
var ASSIGNMENT_NAME = 1;
var ASSIGNMENT_AFTER_INDEX = 2;
var ASSIGNMENT_AFTER_PLUS = 3;
var ASSIGNMENT_INDEX_BASE = 4;
function joinWordParts(head, tail) {
  const last = head[head.length - 1];
  const first = tail[0];
  let start2 = 0;
  if ((last == null ? void 0 : last.type) === "Literal" && (first == null ? void 0 : first.type) === "Literal" && last.end === first.pos) {
    head[head.length - 1] = {
      type: "Literal",
      pos: last.pos,
      end: first.end,
      text: last.text + first.text,
      value: last.value + first.value
    };
    start2 = 1;
  }
  for (let i = start2; i < tail.length; i++)
    head.push(tail[i]);
  return head;
}
function isMatchedAssignment(state) {
  return state < ASSIGNMENT_INVALID;
}
function assignmentOperatorPos(state) {
  return -state - 2;
}
function scanAssignmentPrefix(src, start2, end, initialState) {
  let state = initialState;
  for (let i = start2; i < end && state >= 0; i++) {
    const c = src.charCodeAt(i);
    if (state >= ASSIGNMENT_INDEX_BASE) {
      if (c === CH_LBRACKET)
        state++;
      else if (c === CH_RBRACKET && --state === ASSIGNMENT_INDEX_BASE)
        state = ASSIGNMENT_AFTER_INDEX;
    } else if (state === ASSIGNMENT_NAME_START) {
      state = c < 128 && isIdChar[c] & 1 ? ASSIGNMENT_NAME : ASSIGNMENT_INVALID;
    } else if (state === ASSIGNMENT_NAME) {
      if (c < 128 && isIdChar[c] & 2)
        continue;
      if (c === CH_LBRACKET)
        state = ASSIGNMENT_INDEX_BASE + 1;
      else if (c === CH_PLUS)
        state = ASSIGNMENT_AFTER_PLUS;
      else
        state = c === CH_EQ ? -i - 2 : ASSIGNMENT_INVALID;
    } else if (state === ASSIGNMENT_AFTER_INDEX) {
      if (c === CH_PLUS)
        state = ASSIGNMENT_AFTER_PLUS;
      else
        state = c === CH_EQ ? -i - 2 : ASSIGNMENT_INVALID;
    } else {
      state = c === CH_EQ ? -i - 2 : ASSIGNMENT_INVALID;
    }
  }
  return state;
}
function setToken(out, token, value, pos = 0, end = 0) {
  out.token = token;
  out._value = value;
  out.pos = pos;
  out.end = end;
  out.fileDescriptor = void 0;
  out.variableName = void 0;
  out.descriptorEnd = 0;
  out.delimiterQuoted = false;
  out.content = void 0;
  out.assignmentOperatorPos = -1;
  out.raw = false;
  out.keywordEligible = false;
}
function setSpanToken(out, token, pos, end, raw) {
  out.token = token;
  out._value = null;
  out.pos = pos;
  out.end = end;
  out.fileDescriptor = void 0;
  out.variableName = void 0;
  out.descriptorEnd = 0;
  out.delimiterQuoted = false;
  out.content = void 0;
  out.assignmentOperatorPos = -1;
  out.raw = raw;
  out.keywordEligible = false;
}
function matchReservedWord(src, start2, len) {
  switch (src.charCodeAt(start2)) {
    case CH_BANG:
      return len === 1 ? Token.Bang : void 0;
    case CH_LBRACE:
      return len === 1 ? Token.LBrace : void 0;
    case CH_RBRACE:
      return len === 1 ? Token.RBrace : void 0;
    case 105: {
      if (len !== 2)
        return void 0;
      const c = src.charCodeAt(start2 + 1);
      return c === 102 ? Token.If : c === 110 ? Token.In : void 0;
    }
    case 102:
      if (len === 2)
        return src.charCodeAt(start2 + 1) === 105 ? Token.Fi : void 0;
      if (len === 3)
        return src.startsWith("for", start2) ? Token.For : void 0;
      if (len === 8)
        return src.startsWith("function", start2) ? Token.Function : void 0;
      return void 0;
    case 116:
      return len === 4 && src.startsWith("then", start2) ? Token.Then : void 0;
    case 101:
      if (len !== 4)
        return void 0;
      if (src.startsWith("else", start2))
        return Token.Else;
      if (src.startsWith("elif", start2))
        return Token.Elif;
      if (src.startsWith("esac", start2))
        return Token.Esac;
      return void 0;
    case 100:
      if (len === 2)
        return src.charCodeAt(start2 + 1) === 111 ? Token.Do : void 0;
      if (len === 4)
        return src.startsWith("done", start2) ? Token.Done : void 0;
      return void 0;
    case 99:
      if (len === 4)
        return src.startsWith("case", start2) ? Token.Case : void 0;
      if (len === 6)
        return src.startsWith("coproc", start2) ? Token.Coproc : void 0;
      return void 0;
    case 119:
      return len === 5 && src.startsWith("while", start2) ? Token.While : void 0;
    case 117:
      return len === 5 && src.startsWith("until", start2) ? Token.Until : void 0;
    case 115:
      return len === 6 && src.startsWith("select", start2) ? Token.Select : void 0;
    default:
      return void 0;
  }
}
var LexContext = {
  Normal: 0,
  CommandStart: 1,
  TestMode: 2,
  // After a prefix element: assignments still recognized, reserved words not.
  CommandPrefix: 3,
  // Assignment arguments retain ordinary word boundaries inside subscripts.
  Declaration: 4,
  ArrayElement: 5,
  FunctionName: 6,
  CasePattern: 7,
  // Arguments of eval and let: ordinary words, but `name=(?)` keeps its array value as in Bash.
  EvalArgument: 8
};
function isBraceCommandOpener(after2) {
  return after2 === CH_SPACE || after2 === CH_TAB || after2 === CH_NL || after2 === CH_PIPE;
}
var Lexer = class _Lexer {
  static _findSubstitutionEnd;
  src;
  srcEnd;
  parenBoundary;
  pos;
  current;
  nextState;
  hasPeek;
  pendingHereDocs;
  substitutionContext;
  _errors = null;
  _buildParts = false;
  // Build processed text while scanning. Off on the normal token path (values
  // materialize lazily); on for redirect targets, heredoc delimiters, arithmetic
  // command bodies, and bounded value re-lexes. _buildParts implies it.
  _buildValue = false;
  // Nesting depth of the window being lexed (enclosing sub-fields plus substitution
  // scripts), sharing the MAX_SYNTAX_NESTING budget across lazily created lexers.
  _nestingDepth = 0;
  // `start`/`end` bound the lexer to a window of `src` so substitution scripts can be
  // parsed in place against the original source ? every position is then absolute, with
  // no slicing or re-basing. Defaults cover the whole string (the common top-level parse).
  constructor(src, start2 = 0, end = src.length, parenBoundary = false, context = createSubstitutionContext()) {
    this.src = src;
    this.srcEnd = end;
    this.parenBoundary = parenBoundary;
    this.pos = start2;
    this.current = new TokenValue(this);
    this.nextState = new TokenValue(this);
    this.hasPeek = false;
    this.pendingHereDocs = null;
    this.substitutionContext = context;
    if (start2 === 0 && src.charCodeAt(0) === CH_HASH && src.charCodeAt(1) === CH_BANG) {
      const nl = src.indexOf("\n");
      this.pos = nl === -1 ? this.srcEnd : nl + 1;
    }
  }
  getSource() {
    return this.src;
  }
  // Fresh window sharing source, depth and substitution context; tokens, errors, heredocs and build flags reset.
  fork(start2, end, parenBoundary = false) {
    const lexer = new _Lexer(this.src, start2, end, parenBoundary, this.substitutionContext);
    lexer._nestingDepth = this._nestingDepth;
    return lexer;
  }
  getSubstitutionContext() {
    return this.substitutionContext;
  }
  get errors() {
    return this._errors ?? (this._errors = []);
  }
  // A substitution's script parses lazily, one level below the window it was found in, in
  // place over `inner` at `start`, sharing this scan's substitution boundaries.
  commandExpansion(pos, text, start2, inner, parenBoundary = false) {
    const window = this.scriptWindow(this.src, start2, start2 + inner.length, parenBoundary);
    return new ScriptExpansionImpl("CommandExpansion", pos, this.pos, text, window);
  }
  // Escaped backticks rebuild `inner` with the escapes removed, so it is no longer a verbatim
  // substring of the source: that script parses the decoded body as its own source.
  decodedCommandExpansion(pos, text, inner) {
    const window = this.scriptWindow(inner, 0, inner.length, false, true);
    return new ScriptExpansionImpl("CommandExpansion", pos, this.pos, text, window);
  }
  processSubstitution(pos, text, operator, inner) {
    const window = this.scriptWindow(this.src, pos + 2, pos + 2 + inner.length, !this._unbalanced);
    return new ProcessSubstitutionImpl(pos, this.pos, text, operator, window);
  }
  // Past the nesting budget the part gets no window, so lazy materialization bottoms out.
  scriptWindow(source2, start2, end, parenBoundary, decoded = false) {
    if (this._nestingDepth > MAX_SYNTAX_NESTING)
      return void 0;
    const context = decoded ? void 0 : this.substitutionContext;
    return { source: source2, start: start2, end, depth: this._nestingDepth + 1, parenBoundary, context };
  }
  getPos() {
    return this.pos;
  }
  findSubstitutionEnd(start2, end, depth = this._nestingDepth + 1) {
    if (_Lexer._findSubstitutionEnd === void 0)
      return -1;
    return _Lexer._findSubstitutionEnd(this.src, start2, end, depth, this.substitutionContext);
  }
  /** Materialize a word token's value: raw spans slice directly, others re-lex the span. */
  _tokenValue(pos, end, raw) {
    return raw ? this.src.slice(pos, end) : this.wordValueOf(pos, end);
  }
  // Re-lex [start, end) in value mode to produce the processed word text. Bounded
  // to the span, so every expansion the original scan consumed closes within it.
  // Errors were already reported by the original scan; suppress duplicates.
  wordValueOf(start2, end) {
    const savedPos = this.pos;
    const savedEnd = this.srcEnd;
    const savedBracketWindow = this._bracketWindow;
    const savedArithmeticBracketWindow = this._arithmeticBracketWindow;
    const savedBuildValue = this._buildValue;
    const savedUnbalanced = this._unbalanced;
    const errorCount = this._errors === null ? 0 : this._errors.length;
    this.pos = start2;
    this.srcEnd = end;
    this._buildValue = true;
    this.readWordText();
    if (this.pos < end && this._wordAssignmentState !== void 0 && this._wordAssignmentState >= ASSIGNMENT_INDEX_BASE) {
      this.pos = start2;
      this.readWordText(true);
    }
    const value = this._wordText;
    this.pos = savedPos;
    this.srcEnd = savedEnd;
    this._bracketWindow = savedBracketWindow;
    this._arithmeticBracketWindow = savedArithmeticBracketWindow;
    this._buildValue = savedBuildValue;
    this._unbalanced = savedUnbalanced;
    if (this._errors !== null)
      this._errors.length = errorCount;
    return value;
  }
  /** Find the closing bracket for a shell subscript, ignoring brackets inside nested shell syntax. */
  findClosingBracket(start2, end = this.srcEnd) {
    var _a;
    const limit = Math.min(end, this.srcEnd);
    let window = this._bracketWindow;
    if (!window || window.limit !== limit) {
      window = { limit, depth: this._nestingDepth, last: this.src.lastIndexOf("]", limit - 1) };
      this._bracketWindow = window;
    }
    if (start2 > window.last)
      return -1;
    if (window.depth !== this._nestingDepth) {
      window = { limit, depth: this._nestingDepth, last: window.last };
      this._bracketWindow = window;
    }
    if ((_a = window.failed) == null ? void 0 : _a.has(start2))
      return -1;
    const unmatched = [];
    const close = this.findClosingShellDelimiter(start2, end, CH_RBRACKET, false, true, unmatched);
    if (close === -1) {
      const failed = window.failed ?? (window.failed = /* @__PURE__ */ new Set());
      for (const starts of unmatched)
        for (const pos of starts)
          failed.add(pos);
    }
    return close;
  }
  /** Find the closing bracket of `$[ ? ]`, which unlike a subscript does not recurse into `${ }`. */
  findClosingArithmeticBracket(start2, end = this.srcEnd) {
    const limit = Math.min(end, this.srcEnd);
    let window = this._arithmeticBracketWindow;
    if (!window || window.end !== limit || window.depth !== this._nestingDepth) {
      window = { end: limit, depth: this._nestingDepth, failed: /* @__PURE__ */ new Set() };
      this._arithmeticBracketWindow = window;
    }
    if (window.failed.has(start2))
      return -1;
    return this.findClosingShellDelimiter(start2, end, CH_RBRACKET, false, false, void 0, window.failed);
  }
  /** Find the closing brace for a parameter expansion, ignoring braces inside nested shell syntax. */
  findClosingBrace(start2, end = this.srcEnd) {
    return this.findClosingShellDelimiter(start2, end, CH_RBRACE);
  }
  /** Find the closing parenthesis for a shell substitution using the command-aware scanner. */
  findClosingParenthesis(start2, end = this.srcEnd) {
    const savedPos = this.pos;
    const savedEnd = this.srcEnd;
    const savedBracketWindow = this._bracketWindow;
    const savedArithmeticBracketWindow = this._arithmeticBracketWindow;
    const savedUnbalanced = this._unbalanced;
    this.pos = start2;
    this.srcEnd = Math.min(end, this.srcEnd);
    this.extractBalanced();
    const close = this._unbalanced ? -1 : this.pos - 1;
    this.pos = savedPos;
    this.srcEnd = savedEnd;
    this._bracketWindow = savedBracketWindow;
    this._arithmeticBracketWindow = savedArithmeticBracketWindow;
    this._unbalanced = savedUnbalanced;
    return close;
  }
  /** Find the end of one arithmetic expansion using the canonical lexer scanner. */
  findArithmeticExpansionEnd(start2, end = this.srcEnd) {
    const scanner = this.fork(start2, end);
    scanner.pos = start2 + 1;
    scanner.scanArithmeticBody();
    return scanner.pos;
  }
  /** Find the end of one shell-expanded arithmetic word using the canonical lexer scanners. */
  findArithmeticWordEnd(start2, end = this.srcEnd) {
    const scanner = this.fork(start2, end);
    scanner.pos = start2;
    return scanner.scanArithmeticWordEnd();
  }
  scanArithmeticWordEnd() {
    while (this.pos < this.srcEnd) {
      const ch = this.src.charCodeAt(this.pos);
      if (ch === CH_DOLLAR) {
        this.readDollar();
        continue;
      }
      if (ch === CH_BACKTICK) {
        this.readBacktickExpansion();
        continue;
      }
      if (ch === CH_SQUOTE) {
        this.pos++;
        this.skipSQ();
        continue;
      }
      if (ch === CH_DQUOTE) {
        this.pos++;
        this.skipDQ();
        continue;
      }
      if (ch === CH_BACKSLASH) {
        this.pos += 2;
        continue;
      }
      if (ch === CH_LBRACKET) {
        const close = this.findClosingBracket(this.pos + 1);
        if (close !== -1) {
          this.pos = close + 1;
          continue;
        }
      }
      if ((ch === CH_LT || ch === CH_GT) && this.src.charCodeAt(this.pos + 1) === CH_LPAREN) {
        this.pos += 2;
        this.extractBalanced();
        continue;
      }
      if (ch < 128 && arithmeticWordDelimiter[ch])
        break;
      this.pos++;
    }
    return this.pos;
  }
  // Only array assignment bodies take comments and leading `[` subscripts and reject operators;
  // extglob shares this scanner, and `#` is pattern data there.
  findClosingShellDelimiter(start2, end, closing, array = false, braces = true, bracketStarts, failedBrackets) {
    const savedPos = this.pos;
    const savedEnd = this.srcEnd;
    const savedBracketWindow = this._bracketWindow;
    const savedArithmeticBracketWindow = this._arithmeticBracketWindow;
    const savedUnbalanced = this._unbalanced;
    this.srcEnd = Math.min(end, this.srcEnd);
    const delimiters = [closing];
    bracketStarts == null ? void 0 : bracketStarts.push([]);
    const failedStarts = failedBrackets ? [start2] : void 0;
    let pos = start2;
    let wordStart = true;
    let invalid = -1;
    while (pos < this.srcEnd) {
      const expected = delimiters[delimiters.length - 1];
      if (bracketStarts && expected === CH_RBRACKET)
        bracketStarts[bracketStarts.length - 1].push(pos);
      const ch = this.src.charCodeAt(pos);
      if (ch === CH_BACKSLASH) {
        if (pos + 1 < this.srcEnd && this.src.charCodeAt(pos + 1) !== CH_NL)
          wordStart = false;
        pos += 2;
        continue;
      }
      if (ch === CH_HASH && array && delimiters.length === 1 && wordStart) {
        while (pos < this.srcEnd && this.src.charCodeAt(pos) !== CH_NL)
          pos++;
        continue;
      }
      if (ch === CH_SQUOTE) {
        this.pos = pos + 1;
        this.skipSQ();
        pos = this.pos;
        wordStart = false;
        continue;
      }
      if (ch === CH_DQUOTE) {
        this.pos = pos + 1;
        this.skipDQ();
        pos = this.pos;
        wordStart = false;
        continue;
      }
      if (ch === CH_BACKTICK) {
        pos++;
        while (pos < this.srcEnd && this.src.charCodeAt(pos) !== CH_BACKTICK) {
          if (this.src.charCodeAt(pos) === CH_BACKSLASH)
            pos++;
          pos++;
        }
        if (pos < this.srcEnd)
          pos++;
        wordStart = false;
        continue;
      }
      if (ch === CH_DOLLAR && pos + 1 < this.srcEnd && this.src.charCodeAt(pos + 1) === CH_LPAREN || (ch === CH_LT || ch === CH_GT) && pos + 1 < this.srcEnd && this.src.charCodeAt(pos + 1) === CH_LPAREN) {
        this.pos = pos + 2;
        this.extractBalanced();
        pos = this.pos;
        wordStart = false;
        continue;
      }
      if (ch === CH_DOLLAR && pos + 1 < this.srcEnd) {
        const after2 = this.src.charCodeAt(pos + 1);
        if (after2 === CH_SQUOTE) {
          pos = decodeAnsiCQuoted(this.src, pos + 2, this.srcEnd).end;
          wordStart = false;
          continue;
        }
        if (after2 === CH_DOLLAR) {
          pos += 2;
          wordStart = false;
          continue;
        }
        if (after2 === CH_LBRACE && braces) {
          delimiters.push(CH_RBRACE);
          bracketStarts == null ? void 0 : bracketStarts.push([]);
          pos += 2;
          wordStart = false;
          continue;
        }
      }
      if (array && delimiters.length === 1) {
        if (ch === CH_LBRACKET && wordStart) {
          delimiters.push(CH_RBRACKET);
          bracketStarts == null ? void 0 : bracketStarts.push([]);
        } else if (invalid === -1 && (ch === CH_SEMI || ch === CH_AMP || ch === CH_PIPE || ch === CH_LT || ch === CH_GT || ch === CH_LPAREN && !isExtglobOpen(this.src.charCodeAt(pos - 1)))) {
          invalid = pos;
        }
      }
      if (expected === CH_RBRACKET && ch === CH_LBRACKET) {
        delimiters.push(CH_RBRACKET);
        bracketStarts == null ? void 0 : bracketStarts.push([]);
        failedStarts == null ? void 0 : failedStarts.push(pos + 1);
      } else if (expected === CH_RPAREN && ch === CH_LPAREN) {
        delimiters.push(CH_RPAREN);
        bracketStarts == null ? void 0 : bracketStarts.push([]);
      } else if (ch === expected) {
        delimiters.pop();
        failedStarts == null ? void 0 : failedStarts.pop();
        bracketStarts == null ? void 0 : bracketStarts.pop();
        if (delimiters.length === 0) {
          this.pos = savedPos;
          this.srcEnd = savedEnd;
          this._bracketWindow = savedBracketWindow;
          this._arithmeticBracketWindow = savedArithmeticBracketWindow;
          this._unbalanced = savedUnbalanced;
          if (invalid !== -1)
            this.errors.push({ message: `unexpected '${this.src[invalid]}' in array assignment`, pos: invalid });
          return pos;
        }
        wordStart = false;
        pos++;
        continue;
      }
      wordStart = ch < 128 && (charType[ch] & 1) !== 0;
      pos++;
    }
    if (failedStarts)
      for (const start3 of failedStarts)
        failedBrackets.add(start3);
    this.pos = savedPos;
    this.srcEnd = savedEnd;
    this._bracketWindow = savedBracketWindow;
    this._arithmeticBracketWindow = savedArithmeticBracketWindow;
    this._unbalanced = savedUnbalanced;
    return -1;
  }
  // End of the brace expansion opened at `start`, or -1. As in Bash's brace_gobbler, quotes,
  // escapes, parameter expansions and substitutions are opaque; an unquoted metacharacter
  // ends the word before the brace closes. The word scan reports errors in the skipped text.
  scanBraceExpansion(start2, results) {
    const src = this.src;
    const len = this.srcEnd;
    const cached = results.get(start2);
    if (cached !== void 0)
      return cached;
    const savedPos = this.pos;
    const savedUnbalanced = this._unbalanced;
    const errorCount = this._errors === null ? 0 : this._errors.length;
    const frames = [start2, 0];
    let pos = start2 + 1;
    while (pos < len) {
      const ch = src.charCodeAt(pos);
      const type = ch < 128 ? charType[ch] : 0;
      if (type === 0) {
        pos++;
        if (ch === CH_RBRACE) {
          const hasSep = frames.pop();
          results.set(frames.pop(), hasSep ? pos : -1);
          if (frames.length === 0)
            break;
        } else if (ch === 44 || ch === 46 && src.charCodeAt(pos) === 46) {
          frames[frames.length - 1] = 1;
        }
        continue;
      }
      const next = pos + 1 < len ? src.charCodeAt(pos + 1) : 0;
      if (type & 1) {
        if (next === CH_LPAREN && (ch === CH_LT || ch === CH_GT)) {
          this.pos = pos + 2;
          this.extractBalanced();
          pos = this.pos;
        } else if (ch === CH_LPAREN && isExtglobOpen(src.charCodeAt(pos - 1))) {
          const close = this.findClosingShellDelimiter(pos + 1, len, CH_RPAREN);
          if (close === -1)
            break;
          pos = close + 1;
        } else {
          break;
        }
      } else if (ch === CH_BACKSLASH) {
        pos += 2;
      } else if (ch === CH_SQUOTE) {
        this.pos = pos + 1;
        this.skipSQ();
        pos = this.pos;
      } else if (ch === CH_DQUOTE) {
        this.pos = pos + 1;
        this.skipDQ();
        pos = this.pos;
      } else if (ch === CH_BACKTICK) {
        pos++;
        while (pos < len && src.charCodeAt(pos) !== CH_BACKTICK)
          pos += src.charCodeAt(pos) === CH_BACKSLASH ? 2 : 1;
        pos++;
      } else if (ch === CH_LBRACE) {
        frames.push(pos, 0);
        pos++;
      } else if (next === CH_SQUOTE) {
        pos = decodeAnsiCQuoted(src, pos + 2, len).end;
      } else if (next === CH_LBRACE) {
        const close = this.findClosingBrace(pos + 2, len);
        if (close === -1)
          break;
        pos = close + 1;
      } else if (next === CH_LPAREN) {
        this.pos = pos + 2;
        this.extractBalanced();
        pos = this.pos;
      } else {
        pos++;
      }
    }
    this.pos = savedPos;
    this._unbalanced = savedUnbalanced;
    if (this._errors !== null)
      this._errors.length = errorCount;
    for (let index = 0; index < frames.length; index += 2)
      results.set(frames[index], -1);
    return results.get(start2);
  }
  skipSubshellBody() {
    this.extractBalanced(false);
    return this._unbalanced ? -1 : this.pos;
  }
  skipCompoundBody(closeToken) {
    const frames = [
      { close: closeToken, phase: closeToken === Token.Esac ? "case-pattern" : "commands" }
    ];
    let commandStart = true;
    for (; ; ) {
      const phase = frames[frames.length - 1].phase;
      let ctx = commandStart ? LexContext.CommandStart : LexContext.Normal;
      if (phase === "function-name")
        ctx = LexContext.FunctionName;
      else if (phase === "case-pattern" && commandStart)
        ctx = LexContext.CasePattern;
      const value = this.next(ctx);
      const token = value.token;
      if (token === Token.EOF)
        return -1;
      const last = frames.length - 1;
      const frame = frames[last];
      if (frame.phase === "function-name") {
        if (token === Token.Newline)
          continue;
        frame.phase = "function-body";
        commandStart = true;
        continue;
      } else if (frame.phase === "function-body") {
        if (token === Token.Newline)
          continue;
        frame.phase = "commands";
        commandStart = true;
        if (token === Token.LParen && this.peek(LexContext.Normal).token === Token.RParen) {
          this.next(LexContext.Normal);
          frame.phase = "function-body";
          continue;
        }
      } else if (frame.phase === "coproc-command") {
        if (token === Token.Newline)
          continue;
        if (token === Token.Word) {
          frame.phase = "coproc-body";
          commandStart = true;
          continue;
        }
        frame.phase = "commands";
        commandStart = true;
      } else if (frame.phase === "coproc-body") {
        if (token === Token.Newline)
          continue;
        frame.phase = token === Token.Word && value.keywordEligible && value.value === "time" ? "time-command" : "commands";
        commandStart = true;
        if (frame.phase === "time-command")
          continue;
      } else if (frame.phase === "time-command") {
        if (token === Token.Word && value.keywordEligible && value.value === "-p") {
          frame.phase = "time-command-after-p";
          continue;
        }
        if (token === Token.Word && value.keywordEligible && value.value === "--") {
          frame.phase = "commands";
          continue;
        }
        frame.phase = "commands";
        commandStart = true;
      } else if (frame.phase === "time-command-after-p") {
        if (token === Token.Word && value.keywordEligible && value.value === "--") {
          frame.phase = "commands";
          continue;
        }
        frame.phase = "commands";
        commandStart = true;
      } else if (frame.phase === "for-header") {
        if (token === Token.ArithCmd || token === Token.Semi || token === Token.Newline) {
          commandStart = true;
          continue;
        }
        if (token === Token.Do || token === Token.LBrace) {
          frame.close = token === Token.Do ? Token.Done : Token.RBrace;
          frame.phase = "commands";
          commandStart = true;
          continue;
        }
      } else if (frame.phase === "case-word") {
        if (token === Token.Newline)
          continue;
        frame.phase = "case-in";
        commandStart = false;
        continue;
      } else if (frame.phase === "case-in") {
        if (token === Token.Newline) {
          commandStart = true;
          continue;
        }
        frame.phase = "case-pattern";
        commandStart = true;
        continue;
      } else if (frame.phase === "case-pattern") {
        if (token === Token.Esac && commandStart) {
          frames.pop();
          if (frames.length === 0)
            return value.end;
          commandStart = false;
          continue;
        }
        if (token === Token.RParen) {
          frame.phase = "commands";
          commandStart = true;
        } else {
          commandStart = token === Token.Newline;
        }
        continue;
      }
      if (token === frame.close) {
        frames.pop();
        if (frames.length === 0)
          return value.end;
        commandStart = false;
        continue;
      }
      if (commandStart) {
        switch (token) {
          case Token.LParen:
            frames.push({ close: Token.RParen, phase: "commands" });
            break;
          case Token.LBrace:
            frames.push({ close: Token.RBrace, phase: "commands" });
            break;
          case Token.If:
            frames.push({ close: Token.Fi, phase: "commands" });
            break;
          case Token.For:
            frames.push({ close: Token.Done, phase: "for-header" });
            break;
          case Token.While:
          case Token.Until:
          case Token.Select:
            frames.push({ close: Token.Done, phase: "commands" });
            break;
          case Token.Case:
            frames.push({ close: Token.Esac, phase: "case-word" });
            break;
          case Token.DblLBracket:
            if (!this.skipTestCommandBody())
              return -1;
            commandStart = false;
            continue;
          case Token.Assignment:
          case Token.Redirect:
          case Token.Bang:
          case Token.Then:
          case Token.Else:
          case Token.Elif:
          case Token.Do:
          case Token.In:
            break;
          case Token.Semi:
          case Token.Newline:
          case Token.Pipe:
          case Token.And:
          case Token.Or:
          case Token.Amp:
          case Token.DoubleSemi:
          case Token.SemiAmp:
          case Token.DoubleSemiAmp:
            break;
          case Token.Function:
            frame.phase = "function-name";
            break;
          case Token.Coproc:
            frame.phase = "coproc-command";
            break;
          default:
            if (token === Token.Word && value.keywordEligible && value.value === "time") {
              frame.phase = "time-command";
              commandStart = true;
            } else {
              commandStart = false;
            }
            continue;
        }
      }
      switch (token) {
        case Token.Semi:
        case Token.Newline:
        case Token.Pipe:
        case Token.And:
        case Token.Or:
        case Token.Amp:
          commandStart = true;
          break;
        case Token.DoubleSemi:
        case Token.SemiAmp:
        case Token.DoubleSemiAmp:
          if (frame.close === Token.Esac)
            frame.phase = "case-pattern";
          commandStart = true;
          break;
        case Token.RParen:
          commandStart = true;
          break;
      }
    }
  }
  skipTestGroup() {
    let depth = 1;
    for (; ; ) {
      const value = this.next(LexContext.TestMode);
      if (value.token === Token.EOF)
        return -1;
      if (value.token === Token.DblRBracket) {
        this.unshift(value);
        return -1;
      }
      if (value.token === Token.LParen)
        depth++;
      else if (value.token === Token.RParen && --depth === 0)
        return value.end;
    }
  }
  skipTestCommandBody() {
    for (; ; ) {
      const token = this.next(LexContext.TestMode).token;
      if (token === Token.DblRBracket)
        return true;
      if (token === Token.EOF)
        return false;
    }
  }
  /** Set position and scan a word, building parts. Used by computeWordParts. */
  buildWordParts(startPos) {
    this._buildParts = true;
    this.pos = startPos;
    const ch = this.src.charCodeAt(startPos);
    if ((ch === 60 || ch === 62) && startPos + 1 < this.srcEnd && this.src.charCodeAt(startPos + 1) === 40) {
      this.pos = startPos + 2;
      const inner = this.extractBalanced();
      const text = this.src.slice(startPos, this.pos);
      const part = this.processSubstitution(startPos, text, ch === 60 ? "<" : ">", inner);
      if (this.pos < this.srcEnd) {
        this.readWordText();
        if (this._wordParts) {
          this._wordParts.unshift(part);
        } else {
          this._wordParts = [part];
        }
      } else {
        this._wordParts = [part];
      }
    } else {
      this.readWordText();
      if (this.pos < this.srcEnd && this._wordAssignmentState !== void 0 && this._wordAssignmentState >= ASSIGNMENT_INDEX_BASE) {
        this.pos = startPos;
        this.readWordText(true);
      }
    }
    return this._wordParts;
  }
  /** Scan a bounded word-like span without treating shell operators or whitespace as terminators. */
  buildEmbeddedWordParts(startPos, arithmetic = false) {
    this._buildParts = true;
    this.pos = startPos;
    this.readInnerWordText(false, arithmetic);
    return this._wordParts;
  }
  buildArrayElementParts(startPos) {
    const close = this.findClosingBracket(startPos + 1);
    if (close === -1)
      return this.buildWordParts(startPos);
    const src = this.src;
    this._buildParts = true;
    const head = hasEmbeddedWordStructure(src, startPos, close + 1) ? this.parseSubFieldWord(startPos, close + 1, "embedded") : void 0;
    this.pos = close + 1;
    this.readWordText(false, LexContext.ArrayElement);
    const end = this.pos;
    const operator = skipLineContinuations(src, close + 1, end);
    const after2 = src.charCodeAt(operator);
    const keyed2 = after2 === CH_EQ || after2 === CH_PLUS && src.charCodeAt(operator + 1) === CH_EQ;
    let headParts = head == null ? void 0 : head.parts;
    let tailParts = this._wordParts;
    if (keyed2)
      tailParts = parseGlobParts(src, close + 1, end, tailParts) ?? tailParts;
    if (!headParts && !tailParts)
      return keyed2 ? null : parseGlobParts(src, startPos, end, void 0) ?? null;
    const headText = src.slice(startPos, close + 1);
    if (!headParts)
      headParts = [{ type: "Literal", pos: startPos, end: close + 1, text: headText, value: (head == null ? void 0 : head.value) ?? headText }];
    if (!tailParts)
      tailParts = end > close + 1 ? [{ type: "Literal", pos: close + 1, end, text: src.slice(close + 1, end), value: this._wordText }] : [];
    let parts = joinWordParts(headParts, tailParts);
    if (!keyed2)
      parts = parseGlobParts(src, startPos, end, parts) ?? parts;
    return parts.length > 1 || parts[0].type !== "Literal" ? parts : null;
  }
  /** Scan a heredoc body for expansions, building parts. Spaces/newlines are literal. */
  buildHereDocParts(bodyPos, bodyEnd) {
    this._buildParts = true;
    const src = this.src;
    const parts = [];
    let hasExpansion = false;
    let litBuf = "";
    let litStart = bodyPos;
    let i = bodyPos;
    const flushLit = () => {
      if (i > litStart) {
        parts.push({ type: "Literal", pos: litStart, end: i, value: litBuf, text: src.slice(litStart, i) });
        litBuf = "";
      }
    };
    while (i < bodyEnd) {
      const ch = src.charCodeAt(i);
      if (ch === 92) {
        if (i + 1 < bodyEnd) {
          const nc = src.charCodeAt(i + 1);
          if (nc === CH_NL) {
            i += 2;
            continue;
          }
          if (nc === 36 || nc === 96 || nc === 92) {
            litBuf += String.fromCharCode(nc);
            i += 2;
            continue;
          }
        }
        litBuf += "\\";
        i++;
        continue;
      }
      if (ch === 36 && src.charCodeAt(i + 1) !== CH_SQUOTE && src.charCodeAt(i + 1) !== CH_DQUOTE) {
        flushLit();
        litStart = i;
        this.pos = i;
        this.readDollar();
        if (this._resultPart) {
          hasExpansion = true;
          parts.push(this._resultPart);
          litStart = this.pos;
        } else {
          litBuf += src.slice(i, this.pos);
        }
        i = this.pos;
        continue;
      }
      if (ch === 96) {
        flushLit();
        litStart = i;
        this.pos = i;
        this.readBacktickExpansion();
        if (this._resultPart) {
          hasExpansion = true;
          parts.push(this._resultPart);
          litStart = this.pos;
        } else {
          litBuf += src.slice(i, this.pos);
        }
        i = this.pos;
        continue;
      }
      litBuf += src[i];
      i++;
    }
    flushLit();
    return hasExpansion ? parts : null;
  }
  registerHereDocTarget(target) {
    if (this.pendingHereDocs === null)
      return;
    for (const hd of this.pendingHereDocs) {
      if (!hd.target) {
        hd.target = target;
        return;
      }
    }
  }
  // Read the right-hand operand of =~ in [[ ]]. Bash ends the operand at
  // depth-zero whitespace, `)`, `;`, `&`, `<`, or `>` (but `<(`/`>(` open a
  // process substitution and `|` never delimits). An unquoted `(` opens a
  // group that consumes everything ? `]]`, newlines, and metacharacters
  // included ? until its matching `)`; inside a group only quotes stay opaque
  // and expansion parens count naively, matching bash. Quotes and expansions
  // at depth zero skip via the same readers normal words use, so their errors
  // and spans stay identical. The token is the raw source span; value and
  // parts resolve lazily like every other word.
  readTestRegexWord() {
    this.hasPeek = false;
    this.skipSpacesAndTabs();
    const src = this.src;
    const len = this.srcEnd;
    const start2 = this.pos;
    let depth = 0;
    while (this.pos < len) {
      const ch = src.charCodeAt(this.pos);
      if (ch === CH_LPAREN) {
        depth++;
        this.pos++;
        continue;
      }
      if (ch === CH_BACKSLASH) {
        this.pos += this.pos + 1 < len ? 2 : 1;
        continue;
      }
      if (ch === CH_SQUOTE) {
        const quotePos = this.pos++;
        const ansiC = quotePos > start2 && src.charCodeAt(quotePos - 1) === CH_DOLLAR;
        while (this.pos < len && src.charCodeAt(this.pos) !== CH_SQUOTE) {
          if (ansiC && src.charCodeAt(this.pos) === CH_BACKSLASH && this.pos + 1 < len)
            this.pos++;
          this.pos++;
        }
        if (this.pos < len)
          this.pos++;
        else
          this.errors.push({
            message: ansiC ? "unterminated ANSI-C quote" : "unterminated single quote",
            pos: quotePos
          });
        continue;
      }
      if (ch === CH_DQUOTE) {
        this.pos++;
        this.readDoubleQuoted();
        continue;
      }
      if (ch === CH_BACKTICK) {
        this.readBacktickExpansion();
        continue;
      }
      if (depth > 0) {
        if (ch === CH_RPAREN)
          depth--;
        this.pos++;
        continue;
      }
      if (ch === CH_DOLLAR) {
        this.readDollar();
        continue;
      }
      if ((ch === CH_LT || ch === CH_GT) && this.pos + 1 < len && src.charCodeAt(this.pos + 1) === CH_LPAREN) {
        const subPos = this.pos;
        this.pos += 2;
        this.extractBalanced();
        if (this._unbalanced)
          this.errors.push({ message: "unterminated process substitution", pos: subPos });
        continue;
      }
      if (ch < 128 && charType[ch] & 1 && ch !== CH_PIPE)
        break;
      this.pos++;
    }
    setToken(this.current, Token.Word, src.slice(start2, this.pos), start2, this.pos);
    return this.current;
  }
  // Read C-style for expressions: called after first '(' consumed by parser.
  // Expects pos at second '('. Returns [init, test, update] raw text.
  readCStyleForExprs() {
    this.hasPeek = false;
    const src = this.src;
    const len = this.srcEnd;
    while (this.pos < len && (src.charCodeAt(this.pos) === CH_SPACE || src.charCodeAt(this.pos) === CH_TAB))
      this.pos++;
    const openPos = this.pos;
    if (this.pos < len && src.charCodeAt(this.pos) === CH_LPAREN)
      this.pos++;
    const starts = [this.pos, 0, 0];
    const parts = ["", "", "", 0, 0, 0];
    let partIdx = 0;
    let depth = 1;
    let partStart = this.pos;
    let extra = false;
    const setPart = (end) => {
      const raw = src.slice(partStart, end);
      parts[partIdx] = raw.trim();
      parts[3 + partIdx] = starts[partIdx] + raw.length - raw.trimStart().length;
    };
    while (this.pos < len && depth > 0) {
      const c = src.charCodeAt(this.pos);
      if (c === CH_LPAREN) {
        depth++;
        this.pos++;
      } else if (c === CH_RPAREN) {
        depth--;
        if (depth === 0) {
          if (!extra)
            setPart(this.pos);
          if (partIdx < 2)
            this.errors.push({ message: "expected three arithmetic expressions in for header", pos: this.pos });
          this.pos++;
          while (this.pos < len && (src.charCodeAt(this.pos) === CH_SPACE || src.charCodeAt(this.pos) === CH_TAB))
            this.pos++;
          if (this.pos < len && src.charCodeAt(this.pos) === CH_RPAREN)
            this.pos++;
          break;
        }
        this.pos++;
      } else if (c === CH_SEMI && depth === 1) {
        if (partIdx === 2) {
          if (!extra) {
            setPart(this.pos);
            this.errors.push({ message: "expected three arithmetic expressions in for header", pos: this.pos });
          }
          extra = true;
          this.pos++;
          continue;
        }
        setPart(this.pos);
        partIdx++;
        this.pos++;
        partStart = this.pos;
        starts[partIdx] = partStart;
      } else if (c === CH_DOLLAR) {
        this.readDollar();
      } else if (c === CH_BACKTICK) {
        this.readBacktickExpansion();
      } else if (c === CH_BACKSLASH) {
        this.pos += this.pos + 1 < len ? 2 : 1;
      } else if (c === CH_SQUOTE) {
        this.pos++;
        this.skipSQ();
      } else if (c === CH_DQUOTE) {
        this.pos++;
        this.skipDQ();
      } else {
        this.pos++;
      }
    }
    if (depth > 0) {
      if (!extra)
        setPart(this.pos);
      this.errors.push({ message: "unterminated arithmetic for header", pos: openPos });
    }
    return parts;
  }
  peek(ctx = LexContext.Normal) {
    if (!this.hasPeek) {
      this.readNext(this.nextState, ctx);
      this.hasPeek = true;
    }
    return this.nextState;
  }
  // Peek where the context depends on the token just consumed. peek() ignores its ctx once a
  // token is cached, so the caller's context must only be derived when a read actually happens.
  peekFollow(closers) {
    if (!this.hasPeek) {
      const ctx = closers[this.current.token] ? LexContext.CommandStart : LexContext.Normal;
      this.readNext(this.nextState, ctx);
      this.hasPeek = true;
    }
    return this.nextState;
  }
  next(ctx = LexContext.Normal) {
    if (this.hasPeek) {
      this.hasPeek = false;
      const temp = this.current;
      this.current = this.nextState;
      this.nextState = temp;
      return this.current;
    }
    this.readNext(this.current, ctx);
    return this.current;
  }
  unshift(tok) {
    this.nextState.copyFrom(tok);
    this.hasPeek = true;
  }
  readNext(out, ctx) {
    const src = this.src;
    const len = this.srcEnd;
    let pos = this.pos;
    while (true) {
      pos = skipBlanks(src, pos, len);
      if (ctx === LexContext.TestMode) {
        while (pos < len && src.charCodeAt(pos) === CH_NL)
          pos = skipBlanks(src, pos + 1, len);
      }
      if (pos >= len || src.charCodeAt(pos) !== CH_HASH)
        break;
      while (pos < len && src.charCodeAt(pos) !== CH_NL)
        pos++;
    }
    this.pos = pos;
    if (pos >= len) {
      this.consumePendingHereDocs();
      setToken(out, Token.EOF, "", pos, pos);
      return;
    }
    const tokenStart = pos;
    const ch = src.charCodeAt(pos);
    if (ch === CH_NL) {
      this.pos++;
      this.consumePendingHereDocs();
      setToken(out, Token.Newline, "\n", tokenStart, this.pos);
      return;
    }
    if (ctx === LexContext.TestMode && (ch === CH_LT || ch === CH_GT) && !(this.pos + 1 < this.srcEnd && src.charCodeAt(this.pos + 1) === CH_LPAREN)) {
      this.pos++;
      setToken(out, Token.Word, ch === CH_LT ? "<" : ">", tokenStart, this.pos);
      out.keywordEligible = true;
      return;
    }
    if (ch < 128 && charType[ch] & 1 && this.tryReadOperator(out, ch, ctx, tokenStart))
      return;
    if (ch === CH_LBRACKET && ctx === LexContext.ArrayElement && this.readArrayElement(out, tokenStart))
      return;
    this.readWord(out, ctx, tokenStart);
  }
  tryReadOperator(out, ch, ctx, tokenStart) {
    const src = this.src;
    const pos = this.pos;
    const next = pos + 1 < this.srcEnd ? src.charCodeAt(pos + 1) : 0;
    switch (ch) {
      case CH_SEMI:
        if (next === CH_SEMI) {
          if (pos + 2 < this.srcEnd && src.charCodeAt(pos + 2) === CH_AMP) {
            this.pos += 3;
            setToken(out, Token.DoubleSemiAmp, ";;&", tokenStart, this.pos);
            return true;
          }
          this.pos += 2;
          setToken(out, Token.DoubleSemi, ";;", tokenStart, this.pos);
          return true;
        }
        if (next === CH_AMP) {
          this.pos += 2;
          setToken(out, Token.SemiAmp, ";&", tokenStart, this.pos);
          return true;
        }
        this.pos++;
        setToken(out, Token.Semi, ";", tokenStart, this.pos);
        return true;
      case CH_PIPE:
        if (next === CH_PIPE) {
          this.pos += 2;
          setToken(out, Token.Or, "||", tokenStart, this.pos);
          return true;
        }
        if (next === CH_AMP) {
          this.pos += 2;
          setToken(out, Token.Pipe, "|&", tokenStart, this.pos);
          return true;
        }
        this.pos++;
        setToken(out, Token.Pipe, "|", tokenStart, this.pos);
        return true;
      case CH_AMP:
        if (next === CH_AMP) {
          this.pos += 2;
          setToken(out, Token.And, "&&", tokenStart, this.pos);
          return true;
        }
        if (next === CH_GT) {
          this.pos += 2;
          const append = this.pos < this.srcEnd && src.charCodeAt(this.pos) === CH_GT;
          if (append)
            this.pos++;
          return this.readRedirectTarget(out, append ? "&>>" : "&>", tokenStart);
        }
        this.pos++;
        setToken(out, Token.Amp, "&", tokenStart, this.pos);
        return true;
      case CH_LPAREN:
        if (ctx === LexContext.CommandStart && next === CH_LPAREN) {
          const savedErrors = this.errors.length;
          this.readArithmeticCommand(out, tokenStart);
          if (!this._notArithmetic)
            return true;
          this.errors.length = savedErrors;
          this.pos = tokenStart;
        }
        this.pos++;
        setToken(out, Token.LParen, "(", tokenStart, this.pos);
        return true;
      case CH_RPAREN:
        this.pos++;
        setToken(out, Token.RParen, ")", tokenStart, this.pos);
        return true;
      case CH_LT:
      case CH_GT:
        return this.readRedirection(out, tokenStart);
      default:
        return false;
    }
  }
  readRedirection(out, tokenStart) {
    const src = this.src;
    const ch = src.charCodeAt(this.pos);
    let op = "";
    if (ch === CH_LT) {
      this.pos++;
      const next = this.pos < this.srcEnd ? src.charCodeAt(this.pos) : 0;
      if (next === CH_LT) {
        this.pos++;
        const third = this.pos < this.srcEnd ? src.charCodeAt(this.pos) : 0;
        if (third === CH_LT) {
          this.pos++;
          op = "<<<";
        } else {
          const dash = third === CH_DASH;
          if (dash)
            this.pos++;
          this.skipSpacesAndTabs();
          const targetPos = this.pos;
          if (this.pos >= this.srcEnd || src.charCodeAt(this.pos) !== CH_HASH)
            this.readHereDocDelimiter();
          const hasTarget = this.pos > targetPos;
          if (hasTarget) {
            (this.pendingHereDocs ?? (this.pendingHereDocs = [])).push({
              delimiter: this._hereDelim,
              strip: dash,
              quoted: this._hereQuoted
            });
          }
          setToken(out, Token.Redirect, dash ? "<<-" : "<<", tokenStart, this.pos);
          out.content = hasTarget ? this._hereDelim : void 0;
          out.delimiterQuoted = hasTarget && this._hereQuoted;
          out.targetPos = targetPos;
          out.targetEnd = hasTarget ? this.pos : targetPos;
          return true;
        }
      } else if (next === CH_LPAREN) {
        this.readProcessSubstitution(out, "<", tokenStart);
        return true;
      } else if (next === CH_GT) {
        op = "<>";
        this.pos++;
      } else if (next === CH_AMP) {
        op = "<&";
        this.pos++;
      } else {
        op = "<";
      }
    } else if (ch === CH_GT) {
      this.pos++;
      const next = this.pos < this.srcEnd ? src.charCodeAt(this.pos) : 0;
      if (next === CH_LPAREN) {
        this.readProcessSubstitution(out, ">", tokenStart);
        return true;
      }
      if (next === CH_GT) {
        op = ">>";
        this.pos++;
      } else if (next === CH_AMP) {
        op = ">&";
        this.pos++;
      } else if (next === CH_PIPE) {
        op = ">|";
        this.pos++;
      } else {
        op = ">";
      }
    }
    return this.readRedirectTarget(out, op, tokenStart);
  }
  readRedirectTarget(out, op, tokenStart) {
    const src = this.src;
    this.skipSpacesAndTabs();
    if (this.pos < this.srcEnd) {
      const nc = src.charCodeAt(this.pos);
      if ((nc === CH_LT || nc === CH_GT) && this.pos + 1 < this.srcEnd && src.charCodeAt(this.pos + 1) === CH_LPAREN) {
        const psStart = this.pos;
        this.pos += 2;
        this.extractBalanced();
        if (this._unbalanced)
          this.errors.push({ message: "unterminated process substitution", pos: psStart });
        const psText = src.slice(psStart, this.pos);
        setToken(out, Token.Redirect, op, tokenStart, this.pos);
        out.content = psText;
        out.targetPos = psStart;
        out.targetEnd = this.pos;
        return true;
      }
      const targetPos = this.pos;
      if (nc !== CH_NL && nc !== CH_HASH)
        this.readRedirectTargetText();
      this.redirectToken(out, op, tokenStart, targetPos);
      return true;
    }
    this.redirectToken(out, op, tokenStart, this.pos);
    return true;
  }
  // Redirect targets keep their processed text eagerly (it becomes the target
  // word's content), so scan them in value mode.
  readRedirectTargetText() {
    const savedBuildValue = this._buildValue;
    this._buildValue = true;
    this.readWordText();
    this._buildValue = savedBuildValue;
  }
  redirectToken(out, operator, tokenStart, targetPos) {
    const hasTarget = this.pos > targetPos && (this._wordText.length > 0 || this._wordQuoted);
    setToken(out, Token.Redirect, operator, tokenStart, this.pos);
    out.content = hasTarget ? this._wordText : void 0;
    out.targetPos = targetPos;
    out.targetEnd = hasTarget ? this.pos : targetPos;
  }
  readProcessSubstitution(out, operator, tokenStart) {
    this.pos++;
    this.extractBalanced();
    if (this._unbalanced)
      this.errors.push({ message: "unterminated process substitution", pos: tokenStart });
    const text = this.src.slice(tokenStart, this.pos);
    setToken(out, Token.Word, text, tokenStart, this.pos);
  }
  // The delimiter is the word after quote removal: quote and escape segments may
  // appear anywhere in the word, any of them makes the heredoc quoted, and inside
  // double quotes a backslash is removed only before $ ` " \.
  readHereDocDelimiter() {
    const src = this.src;
    const len = this.srcEnd;
    const savedBuildValue = this._buildValue;
    this._buildValue = true;
    let delimiter = "";
    let quoted = false;
    while (this.pos < len) {
      const c = src.charCodeAt(this.pos);
      if (c === CH_SQUOTE) {
        quoted = true;
        this.pos++;
        while (this.pos < len && src.charCodeAt(this.pos) !== CH_SQUOTE) {
          delimiter += src[this.pos];
          this.pos++;
        }
        if (this.pos < len)
          this.pos++;
      } else if (c === CH_DQUOTE) {
        quoted = true;
        this.pos++;
        while (this.pos < len && src.charCodeAt(this.pos) !== CH_DQUOTE) {
          if (src.charCodeAt(this.pos) === CH_BACKSLASH && this.pos + 1 < len) {
            const next = src.charCodeAt(this.pos + 1);
            if (next === CH_NL) {
              this.pos += 2;
              continue;
            }
            if (next === CH_DOLLAR || next === CH_BACKTICK || next === CH_DQUOTE || next === CH_BACKSLASH)
              this.pos++;
          }
          delimiter += src[this.pos];
          this.pos++;
        }
        if (this.pos < len)
          this.pos++;
      } else if (c === CH_BACKSLASH) {
        if (this.pos + 1 < len && src.charCodeAt(this.pos + 1) === CH_NL) {
          this.pos += 2;
          continue;
        }
        quoted = true;
        this.pos++;
        if (this.pos < len) {
          delimiter += src[this.pos];
          this.pos++;
        } else {
          delimiter += "\\";
        }
      } else if (c === CH_BACKTICK) {
        const btStart = this.pos;
        this.pos++;
        while (this.pos < len && src.charCodeAt(this.pos) !== CH_BACKTICK) {
          if (src.charCodeAt(this.pos) === CH_BACKSLASH)
            this.pos++;
          this.pos++;
        }
        if (this.pos < len)
          this.pos++;
        delimiter += src.slice(btStart, this.pos);
      } else if (c === CH_DOLLAR) {
        const next = this.pos + 1 < len ? src.charCodeAt(this.pos + 1) : 0;
        if (next === CH_SQUOTE || next === CH_DQUOTE)
          quoted = true;
        this.readDollar();
        delimiter += this._resultText;
      } else if (c < 128 && charType[c] & 1) {
        break;
      } else {
        delimiter += src[this.pos];
        this.pos++;
      }
    }
    this._buildValue = savedBuildValue;
    this._hereDelim = delimiter;
    this._hereQuoted = quoted;
  }
  consumePendingHereDocs() {
    const pending = this.pendingHereDocs;
    if (pending === null || pending.length === 0)
      return;
    for (const hd of pending) {
      const bodyPos = this.pos;
      const bodyEnd = this.skipHereDocBody(hd.delimiter, hd.strip, this.parenBoundary, hd.quoted);
      if (hd.target) {
        hd.target.body.pos = bodyPos;
        hd.target.body.end = bodyEnd;
        hd.target.body.text = this.src.slice(bodyPos, bodyEnd);
        if (this.hereDocClosingPos !== -1)
          hd.target.closing = { pos: this.hereDocClosingPos, end: this.hereDocClosingEnd };
      }
    }
    pending.length = 0;
  }
  hereDocClosingPos = -1;
  hereDocClosingEnd = -1;
  // Advance past the heredoc body and its delimiter line; return the body end
  // (start of the delimiter line, or srcEnd when delimited by end-of-input).
  // With parenEnds (inside $(...)), a line starting with the delimiter directly
  // followed by ")" also terminates the body, resuming at the ")" ? bash treats
  // the substitution's closing paren as end-of-file for its heredocs.
  // `join` crosses `\`+newline pairs, which an unquoted delimiter may straddle.
  matchHereDocDelimiter(delimiter, lineStart, end, join8) {
    const src = this.src;
    let pos = lineStart;
    for (let i = 0; i < delimiter.length; ) {
      if (join8 && src.charCodeAt(pos) === CH_BACKSLASH && pos + 1 < end && src.charCodeAt(pos + 1) === CH_NL) {
        pos += 2;
        continue;
      }
      if (pos >= end || src.charCodeAt(pos) !== delimiter.charCodeAt(i))
        return -1;
      pos++;
      i++;
    }
    return pos;
  }
  // A `\` consumes the next character, so `\`+newline continues the line and `\\` does not.
  logicalLineEnd(from, end, join8) {
    const src = this.src;
    let lineEnd2 = src.indexOf("\n", from);
    while (lineEnd2 !== -1 && lineEnd2 < end) {
      if (!join8)
        return lineEnd2;
      let backslashes = lineEnd2;
      while (backslashes > from && src.charCodeAt(backslashes - 1) === CH_BACKSLASH)
        backslashes--;
      if ((lineEnd2 - backslashes) % 2 === 0)
        return lineEnd2;
      from = lineEnd2 + 1;
      lineEnd2 = src.indexOf("\n", from);
    }
    return end;
  }
  skipHereDocBody(delimiter, strip, parenEnds = false, quoted = false) {
    this.hereDocClosingPos = -1;
    this.hereDocClosingEnd = -1;
    const src = this.src;
    const len = this.srcEnd;
    while (this.pos < len) {
      let lineStart = this.pos;
      const lineEnd2 = this.logicalLineEnd(lineStart, len, !quoted);
      for (; ; ) {
        const before = lineStart;
        if (strip)
          while (lineStart < lineEnd2 && src.charCodeAt(lineStart) === CH_TAB)
            lineStart++;
        if (!quoted)
          lineStart = skipLineContinuations(src, lineStart, lineEnd2);
        if (lineStart === before)
          break;
      }
      let afterDelim = this.matchHereDocDelimiter(delimiter, lineStart, lineEnd2, !quoted);
      if (afterDelim !== -1 && !quoted)
        afterDelim = skipLineContinuations(src, afterDelim, lineEnd2);
      if (afterDelim === lineEnd2) {
        const bodyEnd = this.pos;
        if (!parenEnds || !this.parenBoundary || lineEnd2 !== len) {
          this.hereDocClosingPos = lineStart;
          this.hereDocClosingEnd = lineEnd2;
        }
        this.pos = lineEnd2 < len ? lineEnd2 + 1 : lineEnd2;
        return bodyEnd;
      }
      if (parenEnds && afterDelim !== -1) {
        let paren = afterDelim;
        while (paren < lineEnd2 && src.charCodeAt(paren) !== CH_RPAREN)
          paren++;
        if (paren < lineEnd2 || this.parenBoundary && lineEnd2 === len) {
          const bodyEnd = this.pos;
          this.pos = afterDelim;
          return bodyEnd;
        }
      }
      this.pos = lineEnd2 < len ? lineEnd2 + 1 : lineEnd2;
    }
    return this.pos;
  }
  _wordText = "";
  _wordRaw = false;
  _wordQuoted = false;
  _wordHasExpansions = false;
  _wordKeywordEligible = false;
  _wordAssignmentState;
  _bracketWindow;
  _arithmeticBracketWindow;
  _wordParts = null;
  _resultText = "";
  // True when the last $-construct's value is exactly its raw source span.
  _resultIsRaw = true;
  _resultHasExpansion = false;
  _resultPart;
  // Set by extractBalanced when the input ended before the closing paren, so
  // callers can report the construct they were scanning.
  _unbalanced = false;
  // Set by scanArithmeticBody when the construct turns out not to be arithmetic, so the
  // caller can re-read it as a subshell or command substitution instead.
  _notArithmetic = false;
  _arithUnterminated = false;
  _dqText = "";
  _dqHasExpansions = false;
  _dqParts = null;
  // Content end (before the closing quote, or end of input when unterminated).
  _dqEnd = 0;
  _hereDelim = "";
  _hereQuoted = false;
  readWord(out, ctx, tokenStart = 0) {
    const errorStart = this._errors === null ? 0 : this._errors.length;
    this.readWordText(false, ctx, true);
    if (ctx === LexContext.Normal) {
      const next = this.pos < this.srcEnd ? this.src.charCodeAt(this.pos) : 0;
      if (!this._wordRaw || next !== CH_LT && next !== CH_GT) {
        setSpanToken(out, Token.Word, tokenStart, this.pos, this._wordRaw);
        out.keywordEligible = this._wordKeywordEligible;
        return;
      }
    }
    this.classifyWord(out, ctx, tokenStart, errorStart);
  }
  isRedirectVariable(start2, end) {
    const src = this.src;
    for (let i = start2; i < end; i++) {
      const c = src.charCodeAt(i);
      if (c === CH_LBRACKET && i > start2) {
        return i + 2 < end && src.charCodeAt(end - 1) === CH_RBRACKET && this.findClosingShellDelimiter(i + 1, end, CH_RBRACKET) === end - 1;
      }
      if (c >= 128 || !(isIdChar[c] & (i === start2 ? 1 : 2)))
        return false;
    }
    return end > start2;
  }
  readArrayElement(out, tokenStart) {
    const close = this.findClosingBracket(tokenStart + 1);
    if (close === -1)
      return false;
    this.pos = close + 1;
    this.readWordText();
    setSpanToken(out, Token.Word, tokenStart, this.pos, true);
    return true;
  }
  classifyWord(out, ctx, tokenStart, errorStart) {
    const src = this.src;
    const raw = this._wordRaw;
    const hasExpansions = this._wordHasExpansions;
    const quoted = this._wordQuoted;
    const keywordEligible = this._wordKeywordEligible;
    let assignmentState = this._wordAssignmentState;
    const wordEnd = this.pos;
    const wordLen = wordEnd - tokenStart;
    if (ctx === LexContext.CasePattern) {
      let token = Token.Word;
      if (keywordEligible) {
        const reserved = raw ? matchReservedWord(src, tokenStart, wordLen) : RESERVED_WORDS.get(this.wordValueOf(tokenStart, wordEnd));
        if (reserved === Token.Esac)
          token = reserved;
      }
      setSpanToken(out, token, tokenStart, wordEnd, raw);
      out.keywordEligible = keywordEligible;
      return;
    }
    let value = null;
    if (!raw && !hasExpansions && keywordEligible && (ctx === LexContext.CommandStart || ctx === LexContext.TestMode)) {
      const nextCh = wordEnd < this.srcEnd ? src.charCodeAt(wordEnd) : 0;
      if (!quoted && wordLen <= 16 || nextCh === CH_LT || nextCh === CH_GT) {
        value = this.wordValueOf(tokenStart, wordEnd);
      }
    }
    if (ctx === LexContext.CommandStart && keywordEligible) {
      if (raw) {
        if (wordLen <= 8) {
          const reserved = matchReservedWord(src, tokenStart, wordLen);
          if (reserved !== void 0) {
            setSpanToken(out, reserved, tokenStart, wordEnd, true);
            return;
          }
        }
        if (wordLen === 2 && src.charCodeAt(tokenStart) === CH_LBRACKET && src.charCodeAt(tokenStart + 1) === CH_LBRACKET) {
          setSpanToken(out, Token.DblLBracket, tokenStart, wordEnd, true);
          return;
        }
      } else if (value !== null && value.length > 0) {
        const fc = value.charCodeAt(0);
        if (fc >= CH_a && fc <= CH_z && value.length <= 8 || fc === CH_BANG || fc === CH_LBRACE || fc === CH_RBRACE) {
          const reserved = RESERVED_WORDS.get(value);
          if (reserved !== void 0) {
            setToken(out, reserved, value, tokenStart, wordEnd);
            return;
          }
        }
        if (fc === CH_LBRACKET && value === "[[") {
          setToken(out, Token.DblLBracket, value, tokenStart, wordEnd);
          return;
        }
      }
    }
    if (ctx === LexContext.CommandStart || ctx === LexContext.CommandPrefix || ctx === LexContext.Declaration) {
      if (assignmentState === void 0) {
        let eq = -1;
        let bracket = false;
        for (let i = tokenStart + 1; i < wordEnd; i++) {
          const c = src.charCodeAt(i);
          if (c === CH_EQ) {
            eq = i;
            break;
          }
          if (c === CH_LBRACKET)
            bracket = true;
        }
        if (eq !== -1 || ctx !== LexContext.Declaration && bracket) {
          assignmentState = scanAssignmentPrefix(src, tokenStart, wordEnd, ASSIGNMENT_NAME_START);
        }
      }
      if (assignmentState !== void 0) {
        if (ctx !== LexContext.Declaration && assignmentState >= ASSIGNMENT_INDEX_BASE) {
          if (wordEnd < this.srcEnd) {
            if (this._errors !== null)
              this._errors.length = errorStart;
            this.pos = tokenStart;
            this.readWordText(true, ctx, true);
            if (this.pos > wordEnd) {
              this.classifyWord(out, ctx, tokenStart, errorStart);
              return;
            }
          }
          if (this._errors === null || this._errors.length === errorStart) {
            this.errors.push({ message: "unterminated array subscript", pos: src.indexOf("[", tokenStart) });
          }
        }
        if (isMatchedAssignment(assignmentState)) {
          setSpanToken(out, Token.Assignment, tokenStart, wordEnd, raw);
          if (value !== null)
            out._value = value;
          out.assignmentOperatorPos = assignmentOperatorPos(assignmentState);
          return;
        }
      }
    }
    if ((ctx === LexContext.CommandStart || ctx === LexContext.TestMode) && keywordEligible) {
      if (raw) {
        if (wordLen === 2 && src.charCodeAt(tokenStart) === CH_RBRACKET && src.charCodeAt(tokenStart + 1) === CH_RBRACKET) {
          setSpanToken(out, Token.DblRBracket, tokenStart, wordEnd, true);
          return;
        }
      } else if (value === "]]") {
        setToken(out, Token.DblRBracket, value, tokenStart, wordEnd);
        return;
      }
    }
    if (!hasExpansions && this.pos < this.srcEnd) {
      const nc = src.charCodeAt(this.pos);
      if (nc === CH_LT || nc === CH_GT) {
        if (raw) {
          const fc = src.charCodeAt(tokenStart);
          if (fc >= CH_0 && fc <= CH_9 && isAllDigitsRange(src, tokenStart, wordEnd)) {
            const fd2 = Number.parseInt(src.slice(tokenStart, wordEnd), 10);
            if (this.readRedirection(out, tokenStart)) {
              out.fileDescriptor = fd2;
              out.descriptorEnd = wordEnd;
              return;
            }
          }
          if (fc === CH_LBRACE && src.charCodeAt(wordEnd - 1) === CH_RBRACE && this.isRedirectVariable(tokenStart + 1, wordEnd - 1)) {
            const varname = src.slice(tokenStart + 1, wordEnd - 1);
            if (this.readRedirection(out, tokenStart)) {
              out.variableName = varname;
              out.descriptorEnd = wordEnd;
              return;
            }
          }
        }
      }
    }
    setSpanToken(out, Token.Word, tokenStart, wordEnd, raw);
    if (value !== null)
      out._value = value;
    out.keywordEligible = keywordEligible;
  }
  // `subscripts` re-reads a word known to stop inside an array subscript, where
  // metacharacters are ordinary text.
  // `scanning` marks the first scan of a token, which decides where the word ends.
  readWordText(subscripts = false, ctx = LexContext.Normal, scanning = false) {
    const src = this.src;
    const len = this.srcEnd;
    let pos = this.pos;
    const fastStart = pos;
    let exitCh = 0;
    while (pos < len) {
      const c = src.charCodeAt(pos);
      if (c < 128 && charType[c]) {
        exitCh = c;
        break;
      }
      pos++;
    }
    if (pos >= len || charType[exitCh] & 1 && !(exitCh === CH_LPAREN && pos > fastStart && extglobPrefix[src.charCodeAt(pos - 1)]) && !subscripts) {
      this.pos = pos;
      this._wordText = (this._buildParts || this._buildValue) && pos > fastStart ? src.slice(fastStart, pos) : "";
      this._wordRaw = true;
      this._wordQuoted = false;
      this._wordHasExpansions = false;
      this._wordKeywordEligible = true;
      this._wordAssignmentState = void 0;
      if (this._buildParts) {
        this._wordParts = hasGlobCharacters(this._wordText) && ctx !== LexContext.ArrayElement ? parseGlobParts(src, fastStart, pos, void 0) ?? null : null;
      }
      return;
    }
    const bp = this._buildParts;
    const bt = bp || this._buildValue;
    let text = bt && pos > fastStart ? src.slice(fastStart, pos) : "";
    let quoted = false;
    let hasExpansions = false;
    let keywordEligible = true;
    let valueIsRaw = true;
    let lastValueChar = pos > fastStart ? src.charCodeAt(pos - 1) : 0;
    let assignmentState = scanAssignmentPrefix(src, fastStart, pos, ASSIGNMENT_NAME_START);
    let parts;
    let litBuf = "";
    let litStart = 0;
    let hasGlobs = false;
    let braceResults;
    if (bp) {
      parts = [];
      litBuf = text;
      litStart = fastStart;
      hasGlobs = text.length > 0 && hasGlobCharacters(text);
    }
    while (pos < len) {
      const ch = src.charCodeAt(pos);
      if (ch >= 128 || !charType[ch]) {
        const runStart = pos;
        pos++;
        while (pos < len) {
          const c = src.charCodeAt(pos);
          if (c < 128 && charType[c])
            break;
          pos++;
        }
        lastValueChar = src.charCodeAt(pos - 1);
        assignmentState = scanAssignmentPrefix(src, runStart, pos, assignmentState);
        if (bt) {
          const chunk = src.slice(runStart, pos);
          text += chunk;
          if (bp) {
            litBuf += chunk;
            hasGlobs = hasGlobs || hasGlobCharacters(chunk);
          }
        }
        continue;
      }
      if (charType[ch] & 1) {
        if (subscripts && assignmentState >= ASSIGNMENT_INDEX_BASE) {
          const close = this.findClosingBracket(pos);
          if (close !== -1) {
            const spanEnd = close + 1;
            assignmentState = assignmentState === ASSIGNMENT_INDEX_BASE + 1 ? ASSIGNMENT_AFTER_INDEX : assignmentState - 1;
            lastValueChar = src.charCodeAt(close);
            if (bt) {
              const chunk = src.slice(pos, spanEnd);
              text += chunk;
              if (bp) {
                litBuf += chunk;
                hasGlobs = hasGlobs || hasGlobCharacters(chunk);
              }
            }
            pos = spanEnd;
            continue;
          }
        }
        if (ch === CH_LPAREN && lastValueChar < 128 && extglobPrefix[lastValueChar]) {
          if (ctx === LexContext.FunctionName || assignmentState >= ASSIGNMENT_INDEX_BASE && (ctx === LexContext.CommandStart || ctx === LexContext.CommandPrefix))
            break;
          if (ctx === LexContext.CommandStart && lastValueChar === CH_BANG && keywordEligible && src.charCodeAt(fastStart) === CH_BANG && skipLineContinuations(src, fastStart + 1, len) === pos)
            break;
          const prefixChar = lastValueChar;
          if (prefixChar === CH_EQ && scanning && !((ctx === LexContext.CommandStart || ctx === LexContext.CommandPrefix || ctx === LexContext.Declaration || ctx === LexContext.EvalArgument) && isMatchedAssignment(assignmentState) && skipLineContinuations(src, assignmentOperatorPos(assignmentState) + 1, len) === pos))
            break;
          const innerStart = pos + 1;
          const close = this.findClosingShellDelimiter(innerStart, len, CH_RPAREN, prefixChar === CH_EQ);
          if (close === -1 && !scanning && !subscripts && assignmentState >= ASSIGNMENT_INDEX_BASE)
            break;
          if (ctx === LexContext.CommandStart && prefixChar !== CH_EQ && close !== -1 && skipBlanks(src, innerStart, close) === close)
            break;
          keywordEligible = false;
          const patternEnd = close === -1 ? len : close;
          pos = close === -1 ? len : close + 1;
          if (close === -1)
            this.errors.push({ message: "unterminated extended glob", pos: innerStart - 2 });
          lastValueChar = src.charCodeAt(pos - 1);
          if (bt) {
            const eg = "(" + src.slice(innerStart, pos);
            text += eg;
            if (bp && prefixChar !== CH_EQ) {
              let prefixPos = innerStart - 2;
              while (src.charCodeAt(prefixPos) === CH_NL && src.charCodeAt(prefixPos - 1) === CH_BACKSLASH) {
                prefixPos -= 2;
              }
              if (litBuf.length > 0) {
                const trimmed = litBuf.slice(0, -1);
                if (prefixPos > litStart)
                  parts.push({
                    type: "Literal",
                    pos: litStart,
                    end: prefixPos,
                    value: trimmed,
                    text: src.slice(litStart, prefixPos)
                  });
                litBuf = "";
              }
              const op = extglobOp[prefixChar];
              parts.push({
                type: "ExtendedGlob",
                pos: prefixPos,
                end: pos,
                text: src.slice(prefixPos, pos),
                operator: op,
                pattern: src.slice(innerStart, patternEnd),
                parts: this.subFieldParts(innerStart, patternEnd)
              });
              litStart = pos;
            } else if (bp) {
              litBuf += eg;
              hasGlobs = hasGlobs || hasGlobCharacters(eg);
            }
          }
          continue;
        }
        break;
      }
      if (ch === CH_BACKSLASH) {
        pos++;
        if (pos < len) {
          if (src.charCodeAt(pos) === CH_NL) {
            pos++;
            valueIsRaw = false;
          } else {
            if (assignmentState >= 0 && assignmentState < ASSIGNMENT_INDEX_BASE)
              assignmentState = ASSIGNMENT_INVALID;
            quoted = true;
            keywordEligible = false;
            valueIsRaw = false;
            lastValueChar = src.charCodeAt(pos);
            if (bt) {
              text += src[pos];
              if (bp)
                litBuf += src[pos];
            }
            pos++;
          }
        } else {
          if (assignmentState >= 0 && assignmentState < ASSIGNMENT_INDEX_BASE)
            assignmentState = ASSIGNMENT_INVALID;
          quoted = true;
          keywordEligible = false;
          lastValueChar = CH_BACKSLASH;
          if (bt) {
            text += "\\";
            if (bp)
              litBuf += "\\";
          }
        }
        continue;
      }
      if (ch === CH_SQUOTE) {
        const sqStart = pos;
        if (assignmentState >= 0 && assignmentState < ASSIGNMENT_INDEX_BASE)
          assignmentState = ASSIGNMENT_INVALID;
        quoted = true;
        keywordEligible = false;
        valueIsRaw = false;
        pos++;
        const start2 = pos;
        while (pos < len && src.charCodeAt(pos) !== CH_SQUOTE)
          pos++;
        if (pos > start2)
          lastValueChar = src.charCodeAt(pos - 1);
        const value = bt ? src.slice(start2, pos) : "";
        if (bt)
          text += value;
        if (pos < len)
          pos++;
        else
          this.errors.push({ message: "unterminated single quote", pos: start2 - 1 });
        if (bp) {
          if (sqStart > litStart) {
            parts.push({
              type: "Literal",
              pos: litStart,
              end: sqStart,
              value: litBuf,
              text: src.slice(litStart, sqStart)
            });
            litBuf = "";
          }
          parts.push({ type: "SingleQuoted", pos: sqStart, end: pos, value, text: src.slice(sqStart, pos) });
          litStart = pos;
        }
        continue;
      }
      if (ch === CH_DQUOTE) {
        const dqStart = pos;
        if (assignmentState >= 0 && assignmentState < ASSIGNMENT_INDEX_BASE)
          assignmentState = ASSIGNMENT_INVALID;
        quoted = true;
        keywordEligible = false;
        valueIsRaw = false;
        pos++;
        this.pos = pos;
        this.readDoubleQuoted();
        pos = this.pos;
        if (this._dqEnd > dqStart + 1)
          lastValueChar = src.charCodeAt(this._dqEnd - 1);
        if (this._dqHasExpansions)
          hasExpansions = true;
        if (bt)
          text += this._dqText;
        if (bp) {
          if (dqStart > litStart) {
            parts.push({
              type: "Literal",
              pos: litStart,
              end: dqStart,
              value: litBuf,
              text: src.slice(litStart, dqStart)
            });
            litBuf = "";
          }
          const dqText = src.slice(dqStart, pos);
          parts.push({
            type: "DoubleQuoted",
            pos: dqStart,
            end: pos,
            text: dqText,
            parts: this._dqParts ?? [
              {
                type: "Literal",
                pos: dqStart + 1,
                end: this._dqEnd,
                value: this._dqText,
                text: src.slice(dqStart + 1, this._dqEnd)
              }
            ]
          });
          litStart = pos;
        }
        continue;
      }
      if (ch === CH_DOLLAR) {
        keywordEligible = false;
        const dollarStart = pos;
        if (assignmentState >= 0 && assignmentState < ASSIGNMENT_INDEX_BASE)
          assignmentState = ASSIGNMENT_INVALID;
        const next = pos + 1 < len ? src.charCodeAt(pos + 1) : 0;
        if (next === CH_SQUOTE || next === CH_DQUOTE)
          quoted = true;
        this.pos = pos;
        this.readDollar();
        pos = this.pos;
        if (!this._resultIsRaw)
          valueIsRaw = false;
        if (pos > dollarStart)
          lastValueChar = src.charCodeAt(pos - 1);
        if (this._resultHasExpansion)
          hasExpansions = true;
        if (bt)
          text += this._resultText;
        if (bp) {
          if (this._resultPart) {
            if (dollarStart > litStart) {
              parts.push({
                type: "Literal",
                pos: litStart,
                end: dollarStart,
                value: litBuf,
                text: src.slice(litStart, dollarStart)
              });
              litBuf = "";
            }
            parts.push(this._resultPart);
            litStart = pos;
          } else {
            litBuf += this._resultText;
          }
        }
        continue;
      }
      if (ch === CH_BACKTICK) {
        keywordEligible = false;
        const btStart = pos;
        if (assignmentState >= 0 && assignmentState < ASSIGNMENT_INDEX_BASE)
          assignmentState = ASSIGNMENT_INVALID;
        this.pos = pos;
        this.readBacktickExpansion();
        pos = this.pos;
        valueIsRaw = false;
        lastValueChar = src.charCodeAt(pos - 1);
        hasExpansions = true;
        if (bt)
          text += this._resultText;
        if (bp) {
          if (btStart > litStart) {
            parts.push({
              type: "Literal",
              pos: litStart,
              end: btStart,
              value: litBuf,
              text: src.slice(litStart, btStart)
            });
            litBuf = "";
          }
          parts.push(this._resultPart);
          litStart = pos;
        }
        continue;
      }
      if (ch === CH_LBRACE) {
        if (assignmentState >= 0 && assignmentState < ASSIGNMENT_INDEX_BASE)
          assignmentState = ASSIGNMENT_INVALID;
        const first = pos + 1 < len ? src.charCodeAt(pos + 1) : 0;
        const braceEnd = first <= CH_SPACE || first === CH_RBRACE ? -1 : this.scanBraceExpansion(pos, braceResults ?? (braceResults = /* @__PURE__ */ new Map()));
        if (braceEnd > 0) {
          keywordEligible = false;
          lastValueChar = src.charCodeAt(braceEnd - 1);
          if (bt) {
            const braceText = src.slice(pos, braceEnd);
            text += braceText;
            if (bp) {
              if (pos > litStart) {
                parts.push({
                  type: "Literal",
                  pos: litStart,
                  end: pos,
                  value: litBuf,
                  text: src.slice(litStart, pos)
                });
                litBuf = "";
              }
              parts.push({
                type: "BraceExpansion",
                pos,
                end: braceEnd,
                text: braceText,
                parts: this.subFieldParts(pos + 1, braceEnd - 1)
              });
              litStart = braceEnd;
            }
          }
          pos = braceEnd;
          continue;
        }
        lastValueChar = CH_LBRACE;
        if (bt) {
          text += "{";
          if (bp)
            litBuf += "{";
        }
        pos++;
        continue;
      }
      pos++;
    }
    if (bp && pos > litStart)
      parts.push({ type: "Literal", pos: litStart, end: pos, value: litBuf, text: src.slice(litStart, pos) });
    this.pos = pos;
    this._wordText = text;
    this._wordRaw = valueIsRaw;
    this._wordQuoted = quoted;
    this._wordHasExpansions = hasExpansions;
    this._wordKeywordEligible = keywordEligible;
    this._wordAssignmentState = assignmentState;
    if (bp) {
      this._wordParts = parts.length > 1 || parts.length === 1 && parts[0].type !== "Literal" ? parts : null;
      if (hasGlobs && ctx !== LexContext.ArrayElement)
        this._wordParts = parseGlobParts(src, fastStart, pos, this._wordParts) ?? null;
    }
  }
  // Arithmetic text gets expansions and quote removal but no process substitution.
  readInnerWordText(insideDoubleQuotes = false, arithmetic = false, globs = false) {
    const src = this.src;
    const len = this.srcEnd;
    let pos = this.pos;
    const start2 = pos;
    let text = "";
    const bp = this._buildParts;
    let parts;
    let litBuf = "";
    let litStart = 0;
    let preserveLiteral = false;
    let hasGlobs = false;
    if (bp) {
      parts = [];
      litStart = pos;
    }
    while (pos < len) {
      const ch = src.charCodeAt(pos);
      if (ch === CH_BACKSLASH) {
        pos++;
        if (pos < len) {
          if (src.charCodeAt(pos) === CH_NL) {
            pos++;
          } else {
            const next = src.charCodeAt(pos);
            if (insideDoubleQuotes && next !== CH_DOLLAR && next !== CH_BACKTICK && next !== CH_DQUOTE && next !== CH_BACKSLASH && next !== CH_RBRACE) {
              text += "\\";
              if (bp)
                litBuf += "\\";
              preserveLiteral = true;
            }
            const escaped2 = src[pos++];
            text += escaped2;
            if (bp)
              litBuf += escaped2;
          }
        }
        continue;
      }
      if (ch === CH_SQUOTE && !insideDoubleQuotes) {
        const sqStart = pos;
        pos++;
        const start3 = pos;
        while (pos < len && src.charCodeAt(pos) !== CH_SQUOTE)
          pos++;
        const value = src.slice(start3, pos);
        text += value;
        if (pos < len)
          pos++;
        if (bp) {
          if (sqStart > litStart) {
            parts.push({
              type: "Literal",
              pos: litStart,
              end: sqStart,
              value: litBuf,
              text: src.slice(litStart, sqStart)
            });
            litBuf = "";
          }
          parts.push({ type: "SingleQuoted", pos: sqStart, end: pos, value, text: src.slice(sqStart, pos) });
          litStart = pos;
        }
        continue;
      }
      if (ch === CH_DQUOTE) {
        const dqStart = pos;
        pos++;
        this.pos = pos;
        this.readDoubleQuoted(insideDoubleQuotes);
        pos = this.pos;
        text += this._dqText;
        if (bp) {
          if (dqStart > litStart) {
            parts.push({
              type: "Literal",
              pos: litStart,
              end: dqStart,
              value: litBuf,
              text: src.slice(litStart, dqStart)
            });
            litBuf = "";
          }
          const dqText = src.slice(dqStart, pos);
          parts.push({
            type: "DoubleQuoted",
            pos: dqStart,
            end: pos,
            text: dqText,
            parts: this._dqParts ?? [
              {
                type: "Literal",
                pos: dqStart + 1,
                end: this._dqEnd,
                value: this._dqText,
                text: src.slice(dqStart + 1, this._dqEnd)
              }
            ]
          });
          litStart = pos;
        }
        continue;
      }
      if (ch === CH_DOLLAR) {
        const dollarStart = pos;
        this.pos = pos;
        this.readDollar(insideDoubleQuotes);
        pos = this.pos;
        text += this._resultText;
        if (bp) {
          if (this._resultPart) {
            if (dollarStart > litStart) {
              parts.push({
                type: "Literal",
                pos: litStart,
                end: dollarStart,
                value: litBuf,
                text: src.slice(litStart, dollarStart)
              });
              litBuf = "";
            }
            parts.push(this._resultPart);
            litStart = pos;
          } else {
            litBuf += this._resultText;
          }
        }
        continue;
      }
      if (ch === CH_BACKTICK) {
        const btStart = pos;
        this.pos = pos;
        this.readBacktickExpansion(insideDoubleQuotes);
        pos = this.pos;
        text += this._resultText;
        if (bp) {
          if (btStart > litStart) {
            parts.push({
              type: "Literal",
              pos: litStart,
              end: btStart,
              value: litBuf,
              text: src.slice(litStart, btStart)
            });
            litBuf = "";
          }
          parts.push(this._resultPart);
          litStart = pos;
        }
        continue;
      }
      if (!insideDoubleQuotes && !arithmetic && (ch === CH_LT || ch === CH_GT) && pos + 1 < len && src.charCodeAt(pos + 1) === CH_LPAREN) {
        const psStart = pos;
        this.pos = pos + 2;
        const inner = this.extractBalanced();
        pos = this.pos;
        const raw = src.slice(psStart, pos);
        text += raw;
        if (bp) {
          if (psStart > litStart) {
            parts.push({
              type: "Literal",
              pos: litStart,
              end: psStart,
              value: litBuf,
              text: src.slice(litStart, psStart)
            });
            litBuf = "";
          }
          parts.push(this.processSubstitution(psStart, raw, ch === CH_LT ? "<" : ">", inner));
          litStart = pos;
        }
        continue;
      }
      text += src[pos];
      if (bp) {
        litBuf += src[pos];
        if (globs && (ch === CH_STAR || ch === CH_QUESTION || ch === CH_LBRACKET))
          hasGlobs = true;
      }
      pos++;
    }
    if (bp && pos > litStart)
      parts.push({ type: "Literal", pos: litStart, end: pos, value: litBuf, text: src.slice(litStart, pos) });
    this.pos = pos;
    this._wordText = text;
    this._wordRaw = false;
    this._wordQuoted = false;
    this._wordHasExpansions = false;
    this._wordKeywordEligible = false;
    if (bp) {
      this._wordParts = parts.length > 1 || parts.length === 1 && (parts[0].type !== "Literal" || preserveLiteral) ? parts : null;
      if (hasGlobs)
        this._wordParts = parseGlobParts(src, start2, pos, this._wordParts) ?? null;
    }
  }
  subFieldParts(start2, end) {
    if (this._nestingDepth >= MAX_SYNTAX_NESTING)
      return void 0;
    return hasEmbeddedWordStructure(this.src, start2, end) ? this.parseSubFieldWord(start2, end).parts : parseGlobParts(this.src, start2, end, void 0);
  }
  // Parse a parameter-expansion sub-field (operand, slice bound, replacement pattern) over
  // the window [start, end) of the original source. Parsing in place ? rather than against a
  // detached slice ? gives the word and any nested substitutions absolute offsets, and
  // composes through nested ${...}. The `${...}` inner is a verbatim substring of the
  // source, so every sub-field offset maps straight back.
  parseSubFieldWord(start2, end, context = "word", arithmetic = false) {
    if (start2 >= end)
      return new WordImpl("", start2, start2);
    if (this._nestingDepth >= MAX_SYNTAX_NESTING)
      return new WordImpl(this.src.slice(start2, end), start2, end);
    this._nestingDepth++;
    const savedEnd = this.srcEnd;
    const savedBracketWindow = this._bracketWindow;
    const savedArithmeticBracketWindow = this._arithmeticBracketWindow;
    const savedPos = this.pos;
    const savedText = this._wordText;
    const savedParts = this._wordParts;
    const savedQuoted = this._wordQuoted;
    const savedKeywordEligible = this._wordKeywordEligible;
    this.srcEnd = end;
    this.pos = start2;
    this.readInnerWordText(context === "quoted", arithmetic, context === "word");
    const word = new WordImpl(this.src.slice(start2, end), start2, end);
    if (this._buildParts) {
      word.parts = this._wordParts ?? void 0;
    }
    this.srcEnd = savedEnd;
    this._bracketWindow = savedBracketWindow;
    this._arithmeticBracketWindow = savedArithmeticBracketWindow;
    this.pos = savedPos;
    this._wordText = savedText;
    this._wordParts = savedParts;
    this._wordQuoted = savedQuoted;
    this._wordKeywordEligible = savedKeywordEligible;
    this._nestingDepth--;
    return word;
  }
  skipSQ() {
    while (this.pos < this.srcEnd && this.src.charCodeAt(this.pos) !== CH_SQUOTE)
      this.pos++;
    if (this.pos < this.srcEnd)
      this.pos++;
  }
  skipAnsiCQuoted() {
    const quotePos = this.pos - 1;
    const result = decodeAnsiCQuoted(this.src, this.pos, this.srcEnd);
    this.pos = result.end;
    if (!result.closed)
      this.errors.push({ message: "unterminated ANSI-C quote", pos: quotePos });
  }
  // Plain quoted text is skipped here; the first `$(`, `${`, `$$`, backtick or the end of input
  // hands the rest to the quote scanner, which owns substitution and nesting-limit decisions.
  skipDQ() {
    const src = this.src;
    const len = this.srcEnd;
    this._unbalanced = false;
    if (this._nestingDepth < MAX_SYNTAX_NESTING) {
      while (this.pos < len) {
        const ch = src.charCodeAt(this.pos);
        if (ch === CH_DQUOTE) {
          this.pos++;
          return;
        }
        if (ch === CH_BACKSLASH) {
          this.pos = Math.min(this.pos + 2, len);
          continue;
        }
        if (ch === CH_BACKTICK)
          break;
        if (ch === CH_DOLLAR) {
          const next = src.charCodeAt(this.pos + 1);
          if (next === CH_LPAREN || next === CH_LBRACE || next === CH_DOLLAR)
            break;
        }
        this.pos++;
      }
    }
    this.extractBalanced(true, true);
  }
  skipSpacesAndTabs() {
    this.pos = skipBlanks(this.src, this.pos, this.srcEnd);
  }
  readDoubleQuoted(unescapeAll = false) {
    const src = this.src;
    const len = this.srcEnd;
    const contentStart = this.pos;
    let hasExpansions = false;
    const bp = this._buildParts;
    const bt = bp || this._buildValue;
    if (!bp) {
      let p = this.pos;
      while (p < len) {
        const c = src.charCodeAt(p);
        if (c === CH_DQUOTE) {
          this._dqText = bt ? src.slice(contentStart, p) : "";
          this._dqEnd = p;
          this.pos = p + 1;
          this._dqHasExpansions = false;
          this._dqParts = null;
          return;
        }
        if (c === CH_DOLLAR || c === CH_BACKTICK || c === CH_BACKSLASH)
          break;
        p++;
      }
    }
    let text = "";
    let parts = null;
    let litBuf = "";
    let litStart = bp ? this.pos : 0;
    while (this.pos < len && src.charCodeAt(this.pos) !== CH_DQUOTE) {
      const runStart = this.pos;
      while (this.pos < len) {
        const c = src.charCodeAt(this.pos);
        if (c === CH_DQUOTE || c === CH_BACKSLASH || c === CH_DOLLAR || c === CH_BACKTICK)
          break;
        this.pos++;
      }
      if (bt && this.pos > runStart) {
        const chunk = src.slice(runStart, this.pos);
        text += chunk;
        if (bp)
          litBuf += chunk;
      }
      if (this.pos >= len || src.charCodeAt(this.pos) === CH_DQUOTE)
        break;
      const ch = src.charCodeAt(this.pos);
      if (ch === CH_BACKSLASH) {
        this.pos++;
        if (this.pos < len) {
          const next = src.charCodeAt(this.pos);
          if (next === CH_NL) {
            this.pos++;
            continue;
          }
          if (bt) {
            if (unescapeAll || next === CH_DOLLAR || next === CH_BACKTICK || next === CH_DQUOTE || next === CH_BACKSLASH) {
              const c = src[this.pos];
              text += c;
              if (bp)
                litBuf += c;
            } else {
              const pair = "\\" + src[this.pos];
              text += pair;
              if (bp)
                litBuf += pair;
            }
          }
          this.pos++;
        }
        continue;
      }
      if (ch === CH_DOLLAR) {
        const afterDollar = this.pos + 1 < len ? src.charCodeAt(this.pos + 1) : 0;
        if (afterDollar === CH_DQUOTE || afterDollar === CH_SQUOTE) {
          if (bt) {
            text += "$";
            if (bp)
              litBuf += "$";
          }
          this.pos++;
          continue;
        }
        const expStart = this.pos;
        this.readDollar(true);
        if (bt)
          text += this._resultText;
        if (this._resultHasExpansion)
          hasExpansions = true;
        if (bp) {
          const rp = this._resultPart;
          if (rp && isDQChild(rp)) {
            if (!parts)
              parts = [];
            if (expStart > litStart) {
              parts.push({
                type: "Literal",
                pos: litStart,
                end: expStart,
                value: litBuf,
                text: src.slice(litStart, expStart)
              });
              litBuf = "";
            }
            parts.push(rp);
            litStart = this.pos;
          } else {
            litBuf += this._resultText;
          }
        }
        continue;
      }
      if (ch === CH_BACKTICK) {
        const btStart = this.pos;
        this.readBacktickExpansion(true);
        if (bt)
          text += this._resultText;
        hasExpansions = true;
        if (bp && this._resultPart && isDQChild(this._resultPart)) {
          if (!parts)
            parts = [];
          if (btStart > litStart) {
            parts.push({
              type: "Literal",
              pos: litStart,
              end: btStart,
              value: litBuf,
              text: src.slice(litStart, btStart)
            });
            litBuf = "";
          }
          parts.push(this._resultPart);
          litStart = this.pos;
        }
        continue;
      }
    }
    if (bp && parts && this.pos > litStart)
      parts.push({ type: "Literal", pos: litStart, end: this.pos, value: litBuf, text: src.slice(litStart, this.pos) });
    this._dqEnd = this.pos;
    if (this.pos < len)
      this.pos++;
    else
      this.errors.push({ message: "unterminated double quote", pos: contentStart - 1 });
    this._dqText = text;
    this._dqHasExpansions = hasExpansions;
    this._dqParts = parts;
  }
  readDollar(insideDoubleQuotes = false) {
    const dollarPos = this.pos;
    this.pos++;
    const src = this.src;
    const len = this.srcEnd;
    const bt = this._buildParts || this._buildValue;
    if (this.pos >= len) {
      this._resultText = "$";
      this._resultIsRaw = true;
      this._resultHasExpansion = false;
      this._resultPart = void 0;
      return;
    }
    const logicalPos = skipLineContinuations(src, this.pos, len);
    if (logicalPos > this.pos && src.charCodeAt(logicalPos) === CH_LPAREN && src.charCodeAt(logicalPos + 1) !== CH_LPAREN)
      this.pos = logicalPos;
    const ch = src.charCodeAt(this.pos);
    if (ch === CH_LPAREN) {
      if (this.pos + 1 < len && src.charCodeAt(this.pos + 1) === CH_LPAREN) {
        const savedPos = this.pos;
        const savedErrors = this.errors.length;
        this.readArithmeticExpansion(dollarPos);
        if (!this._notArithmetic)
          return;
        this.errors.length = savedErrors;
        this.pos = savedPos;
      }
      this.readCommandSubstitution(dollarPos);
      return;
    }
    if (ch === CH_LBRACE) {
      const after2 = this.pos + 1 < len ? src.charCodeAt(this.pos + 1) : 0;
      if (after2 === CH_SPACE || after2 === CH_TAB || after2 === CH_NL) {
        this.readBraceCommandSubstitution();
        return;
      }
      if (after2 === CH_PIPE) {
        this.readValueSubstitution();
        return;
      }
      this.readParameterExpansion(insideDoubleQuotes);
      return;
    }
    if (ch === CH_SQUOTE) {
      this.pos++;
      if (bt) {
        const value = this.readAnsiCQuoted();
        this._resultText = value;
        this._resultPart = this._buildParts ? { type: "AnsiCQuoted", pos: dollarPos, end: this.pos, text: src.slice(dollarPos, this.pos), value } : void 0;
      } else {
        this.skipAnsiCQuoted();
        this._resultText = "";
        this._resultPart = void 0;
      }
      this._resultIsRaw = false;
      this._resultHasExpansion = false;
      return;
    }
    if (ch === CH_DQUOTE) {
      this.pos++;
      this.readDoubleQuoted(insideDoubleQuotes);
      this._resultText = this._dqText;
      this._resultIsRaw = false;
      this._resultHasExpansion = this._dqHasExpansions;
      if (this._buildParts) {
        const text = src.slice(dollarPos, this.pos);
        this._resultPart = {
          type: "LocaleString",
          pos: dollarPos,
          end: this.pos,
          text,
          parts: this._dqParts ?? [
            {
              type: "Literal",
              pos: dollarPos + 2,
              end: this._dqEnd,
              value: this._dqText,
              text: src.slice(dollarPos + 2, this._dqEnd)
            }
          ]
        };
      } else {
        this._resultPart = void 0;
      }
      return;
    }
    if (ch === CH_AT || ch === CH_STAR || ch === CH_HASH || ch === CH_QUESTION || ch === CH_DASH || ch === CH_DOLLAR || ch === CH_BANG || ch >= CH_0 && ch <= CH_9) {
      this.pos++;
      const text = bt ? src.slice(this.pos - 2, this.pos) : "";
      this._resultText = text;
      this._resultIsRaw = true;
      this._resultHasExpansion = false;
      this._resultPart = this._buildParts ? { type: "SimpleExpansion", pos: dollarPos, end: this.pos, text } : void 0;
      return;
    }
    if (ch < 128 && isIdChar[ch] & 1) {
      const namePos = this.pos - 1;
      while (this.pos < len) {
        const c = src.charCodeAt(this.pos);
        if (c < 128 && isIdChar[c] & 2)
          this.pos++;
        else
          break;
      }
      const text = bt ? src.slice(namePos, this.pos) : "";
      this._resultText = text;
      this._resultIsRaw = true;
      this._resultHasExpansion = false;
      this._resultPart = this._buildParts ? { type: "SimpleExpansion", pos: dollarPos, end: this.pos, text } : void 0;
      return;
    }
    if (ch === CH_LBRACKET) {
      const errorCount = this._errors === null ? 0 : this._errors.length;
      const close = this.findClosingArithmeticBracket(this.pos + 1);
      if (close !== -1) {
        const bodyStart = this.pos + 1;
        const body = src.slice(bodyStart, close);
        this.pos = close + 1;
        const text = bt ? src.slice(dollarPos, this.pos) : "";
        this._resultText = text;
        this._resultIsRaw = true;
        this._resultHasExpansion = false;
        this._resultPart = this._buildParts ? this.arithmeticExpansion(bodyStart - 2, text, body, bodyStart) : void 0;
        return;
      }
      if (this._errors !== null)
        this._errors.length = errorCount;
    }
    this._resultText = "$";
    this._resultIsRaw = true;
    this._resultHasExpansion = false;
    this._resultPart = void 0;
  }
  scanArithmeticBody() {
    this._notArithmetic = false;
    this._arithUnterminated = false;
    this.pos += 2;
    let depth = 1;
    let parenDepth = 0;
    let parentParenDepth = 0;
    let parenDepths;
    let reported = false;
    const src = this.src;
    const len = this.srcEnd;
    const start2 = this.pos;
    while (this.pos < len && depth > 0) {
      const c = src.charCodeAt(this.pos);
      if (c === CH_BACKSLASH) {
        this.pos += this.pos + 1 < len ? 2 : 1;
      } else if (c === CH_SQUOTE) {
        this.pos++;
        this.skipSQ();
      } else if (c === CH_DQUOTE) {
        this.pos++;
        this.skipDQ();
      } else if (c === CH_BACKTICK) {
        this.pos++;
        while (this.pos < len && src.charCodeAt(this.pos) !== CH_BACKTICK) {
          if (src.charCodeAt(this.pos) === CH_BACKSLASH)
            this.pos++;
          this.pos++;
        }
        if (this.pos < len)
          this.pos++;
      } else if (c === CH_DOLLAR && this.pos + 2 < len && src.charCodeAt(this.pos + 1) === CH_LPAREN && src.charCodeAt(this.pos + 2) !== CH_LPAREN) {
        const dollarPos = this.pos;
        this.pos += 2;
        this.extractBalanced();
        if (this._unbalanced)
          this.errors.push({ message: "unterminated command substitution", pos: dollarPos });
      } else if (c === CH_DOLLAR && this.pos + 1 < len && src.charCodeAt(this.pos + 1) === CH_LBRACE) {
        const close = this.findClosingBrace(this.pos + 2, len);
        this.pos = close === -1 ? len : close + 1;
      } else if ((c === CH_LT || c === CH_GT) && this.pos + 1 < len && src.charCodeAt(this.pos + 1) === CH_LPAREN) {
        this.pos += 2;
        this.extractBalanced();
      } else if (c === CH_LPAREN) {
        if (src.charCodeAt(this.pos - 1) === CH_DOLLAR && src.charCodeAt(this.pos + 1) === CH_LPAREN) {
          if (depth === 1)
            parentParenDepth = parenDepth;
          else
            (parenDepths ?? (parenDepths = [])).push(parenDepth);
          depth++;
          parenDepth = 0;
          if (depth + this._nestingDepth > MAX_SYNTAX_NESTING && !reported) {
            this.errors.push({ message: "maximum arithmetic expansion nesting depth exceeded", pos: this.pos - 1 });
            reported = true;
          }
          this.pos += 2;
        } else {
          if (++parenDepth + depth - 1 + this._nestingDepth > MAX_SYNTAX_NESTING && !reported) {
            this.errors.push({ message: "maximum arithmetic expression nesting depth exceeded", pos: this.pos });
            reported = true;
          }
          this.pos++;
        }
      } else if (c === CH_RPAREN && parenDepth > 0) {
        parenDepth--;
        this.pos++;
      } else if (c === CH_RPAREN && this.pos + 1 < len && src.charCodeAt(this.pos + 1) === CH_RPAREN) {
        if (--depth === 0) {
          this.pos += 2;
          break;
        }
        parenDepth = depth === 1 ? parentParenDepth : parenDepths.pop();
        this.pos += 2;
      } else if (c === CH_RPAREN && depth === 1) {
        this._notArithmetic = true;
        return "";
      } else {
        this.pos++;
      }
    }
    const bt = this._buildParts || this._buildValue;
    if (depth > 0) {
      this._arithUnterminated = true;
      return bt ? src.slice(start2, this.pos) : "";
    }
    return bt ? src.slice(start2, this.pos - 2) : "";
  }
  readArithmeticExpansion(dollarPos) {
    const bodyStart = this.pos + 2;
    const body = this.scanArithmeticBody();
    if (this._notArithmetic)
      return;
    if (this._arithUnterminated)
      this.errors.push({ message: "unterminated arithmetic expansion", pos: dollarPos });
    const text = this._buildParts || this._buildValue ? this.src.slice(dollarPos, this.pos) : "";
    this._resultText = text;
    this._resultIsRaw = true;
    this._resultHasExpansion = false;
    this._resultPart = this._buildParts ? this.arithmeticExpansion(dollarPos, text, body, bodyStart) : void 0;
  }
  arithmeticExpansion(pos, text, body, bodyStart) {
    return new ArithmeticExpansionImpl(pos, this.pos, text, {
      source: this.src,
      body,
      offset: bodyStart,
      depth: this._nestingDepth,
      context: this.substitutionContext
    });
  }
  readArithmeticCommand(out, tokenStart) {
    const savedBuildValue = this._buildValue;
    this._buildValue = true;
    const body = this.scanArithmeticBody();
    this._buildValue = savedBuildValue;
    if (this._arithUnterminated)
      this.errors.push({ message: "unterminated arithmetic command", pos: tokenStart });
    setToken(out, Token.ArithCmd, body, tokenStart, this.pos);
  }
  readCommandSubstitution(dollarPos) {
    const openPos = this.pos;
    this.pos++;
    const inner = this.extractBalanced();
    if (this._unbalanced)
      this.errors.push({ message: "unterminated command substitution", pos: dollarPos });
    const bt = this._buildParts || this._buildValue;
    const rawText = bt ? this.src.slice(dollarPos, this.pos) : "";
    const text = !bt || openPos === dollarPos + 1 ? rawText : "$" + this.src.slice(openPos, this.pos);
    this._resultText = text;
    this._resultIsRaw = openPos === dollarPos + 1;
    this._resultHasExpansion = true;
    if (this._buildParts) {
      this._resultPart = this.commandExpansion(dollarPos, rawText, openPos + 1, inner, !this._unbalanced);
    } else {
      this._resultPart = void 0;
    }
  }
  readBraceCommandSubstitution() {
    this.readBraceSubstitution(1);
  }
  readValueSubstitution() {
    this.readBraceSubstitution(2);
  }
  readBraceSubstitution(skip) {
    const dollarPos = this.pos - 1;
    this.pos += skip;
    const src = this.src;
    const len = this.srcEnd;
    let depth = 1;
    const start2 = this.pos;
    while (this.pos < len) {
      const c = src.charCodeAt(this.pos);
      if (c === CH_LBRACE)
        depth++;
      else if (c === CH_RBRACE) {
        if (--depth === 0) {
          this.pos++;
          break;
        }
      } else if (c === CH_SQUOTE) {
        this.pos++;
        this.skipSQ();
        continue;
      } else if (c === CH_DQUOTE) {
        this.pos++;
        this.skipDQ();
        continue;
      } else if (c === CH_BACKSLASH)
        this.pos++;
      this.pos++;
    }
    this._resultIsRaw = true;
    this._resultHasExpansion = true;
    if (this._buildParts || this._buildValue) {
      const rawInner = src.slice(start2, this.pos - 1);
      const inner = rawInner.trim();
      const text = src.slice(dollarPos, this.pos);
      this._resultText = text;
      if (this._buildParts) {
        const innerStart = start2 + (rawInner.length - rawInner.trimStart().length);
        this._resultPart = this.commandExpansion(dollarPos, text, innerStart, inner);
      } else {
        this._resultPart = void 0;
      }
    } else {
      this._resultText = "";
      this._resultPart = void 0;
    }
  }
  readBacktickExpansion(insideDoubleQuotes = false) {
    this.pos++;
    const src = this.src;
    const len = this.srcEnd;
    const start2 = this.pos;
    if (!this._buildParts && !this._buildValue) {
      while (this.pos < len && src.charCodeAt(this.pos) !== CH_BACKTICK) {
        if (src.charCodeAt(this.pos) === CH_BACKSLASH && this.pos + 1 < len)
          this.pos++;
        this.pos++;
      }
      if (this.pos < len)
        this.pos++;
      else
        this.errors.push({ message: "unterminated backtick", pos: start2 - 1 });
      this._resultText = "";
      this._resultIsRaw = false;
      this._resultHasExpansion = true;
      this._resultPart = void 0;
      return;
    }
    let inner = "";
    let hasEscapes = false;
    while (this.pos < len && src.charCodeAt(this.pos) !== CH_BACKTICK) {
      if (src.charCodeAt(this.pos) === CH_BACKSLASH) {
        hasEscapes = true;
        break;
      }
      this.pos++;
    }
    if (!hasEscapes) {
      inner = src.slice(start2, this.pos);
    } else {
      inner = src.slice(start2, this.pos);
      while (this.pos < len && src.charCodeAt(this.pos) !== CH_BACKTICK) {
        if (src.charCodeAt(this.pos) === CH_BACKSLASH) {
          this.pos++;
          if (this.pos < len) {
            const c = src.charCodeAt(this.pos);
            if (c === CH_DOLLAR || c === CH_BACKTICK || c === CH_BACKSLASH || insideDoubleQuotes && c === CH_DQUOTE) {
              inner += src[this.pos];
            } else {
              inner += "\\" + src[this.pos];
            }
            this.pos++;
          }
        } else {
          const runStart = this.pos;
          while (this.pos < len) {
            const c = src.charCodeAt(this.pos);
            if (c === CH_BACKTICK || c === CH_BACKSLASH)
              break;
            this.pos++;
          }
          inner += src.slice(runStart, this.pos);
        }
      }
    }
    if (this.pos < len)
      this.pos++;
    else
      this.errors.push({ message: "unterminated backtick", pos: start2 - 1 });
    const text = src.slice(start2 - 1, this.pos);
    this._resultText = inner;
    this._resultHasExpansion = true;
    if (this._buildParts) {
      this._resultPart = hasEscapes ? this.decodedCommandExpansion(start2 - 1, text, inner) : this.commandExpansion(start2 - 1, text, start2, inner);
    } else {
      this._resultPart = void 0;
    }
  }
  readParameterExpansion(insideDoubleQuotes) {
    const src = this.src;
    const len = this.srcEnd;
    const start2 = this.pos;
    this.pos++;
    let depth = 1;
    let reported = false;
    while (this.pos < len && depth > 0) {
      const ch = src.charCodeAt(this.pos);
      if (ch === CH_DOLLAR) {
        const next = this.pos + 1 < len ? src.charCodeAt(this.pos + 1) : 0;
        if (next === CH_LBRACE) {
          depth++;
          if (this._nestingDepth + depth > MAX_SYNTAX_NESTING && !reported) {
            this.errors.push({ message: "maximum parameter expansion nesting depth exceeded", pos: this.pos });
            reported = true;
          }
          this.pos += 2;
          continue;
        }
        if (next === CH_DOLLAR) {
          this.pos += 2;
          continue;
        }
        if (next === CH_LPAREN) {
          const dollarPos = this.pos;
          this.pos += 2;
          this.extractBalanced();
          if (this._unbalanced)
            this.errors.push({ message: "unterminated command substitution", pos: dollarPos });
          continue;
        }
      } else if (ch === CH_BACKTICK) {
        this.pos++;
        while (this.pos < len && src.charCodeAt(this.pos) !== CH_BACKTICK) {
          if (src.charCodeAt(this.pos) === CH_BACKSLASH)
            this.pos++;
          this.pos++;
        }
        if (this.pos < len)
          this.pos++;
        continue;
      } else if (ch === CH_RBRACE) {
        if (--depth === 0) {
          this.pos++;
          break;
        }
      } else if (ch === CH_BACKSLASH) {
        if (this.pos + 1 < len)
          this.pos++;
      } else if (ch === CH_SQUOTE) {
        this.pos++;
        if (this.pos > start2 + 1 && src.charCodeAt(this.pos - 2) === CH_DOLLAR)
          this.skipAnsiCQuoted();
        else
          this.skipSQ();
        continue;
      } else if (ch === CH_DQUOTE) {
        this.pos++;
        this.skipDQ();
        continue;
      }
      this.pos++;
    }
    const closed = depth === 0;
    if (!closed)
      this.errors.push({ message: "unterminated parameter expansion", pos: start2 - 1 });
    const text = this._buildParts || this._buildValue ? src.slice(start2 - 1, this.pos) : "";
    this._resultText = text;
    this._resultIsRaw = true;
    this._resultHasExpansion = false;
    if (this._buildParts) {
      const inner = src.slice(start2 + 1, closed ? this.pos - 1 : this.pos);
      this._resultPart = this.parseParamInner(text, inner, start2 + 1, insideDoubleQuotes);
    } else {
      this._resultPart = void 0;
    }
  }
  // `innerStart` is the absolute offset of `inner` in the original source, so each sub-field
  // word is parsed in place at its true position. `sub(a, b)` maps inner-relative offsets to
  // that absolute window.
  parseParamInner(text, inner, innerStart, insideDoubleQuotes) {
    const result = {
      type: "ParameterExpansion",
      pos: innerStart - 2,
      end: this.pos,
      text,
      parameter: "",
      parameterPos: innerStart,
      parameterEnd: innerStart,
      prefix: void 0,
      index: void 0,
      operation: void 0
    };
    const ilen = inner.length;
    if (ilen === 0)
      return result;
    const sub = (a, b, context = "word") => this.parseSubFieldWord(innerStart + a, innerStart + b, context);
    const closeBracket = (start2) => {
      const close = this.findClosingBracket(innerStart + start2, innerStart + ilen);
      return close === -1 ? -1 : close - innerStart;
    };
    let i = 0;
    if (ilen > 1 && inner.charCodeAt(0) === CH_BANG) {
      result.prefix = "!";
      i = 1;
    }
    if (ilen > 1 && inner.charCodeAt(0) === CH_HASH) {
      const nameEnd = this.scanParamName(inner, 1);
      let parameterEnd = nameEnd;
      let indexEnd = -1;
      if (parameterEnd < ilen && inner.charCodeAt(parameterEnd) === CH_LBRACKET) {
        indexEnd = closeBracket(parameterEnd + 1);
        if (indexEnd !== -1)
          parameterEnd = indexEnd + 1;
      }
      if (nameEnd > 1 && parameterEnd === ilen) {
        result.prefix = "#";
        result.parameter = inner.slice(1, nameEnd);
        result.parameterPos = innerStart + 1;
        result.parameterEnd = innerStart + nameEnd;
        if (indexEnd !== -1)
          result.index = sub(nameEnd + 1, indexEnd, "embedded");
        return result;
      }
    }
    const nameStart = i;
    i = this.scanParamName(inner, i);
    result.parameter = inner.slice(nameStart, i);
    result.parameterPos = innerStart + nameStart;
    result.parameterEnd = innerStart + i;
    if (i < ilen && inner.charCodeAt(i) === CH_LBRACKET) {
      const closeB = closeBracket(i + 1);
      if (closeB !== -1) {
        result.index = sub(i + 1, closeB, "embedded");
        i = closeB + 1;
      }
    }
    if (i >= ilen)
      return result;
    const pos = innerStart + i;
    const end = innerStart + ilen;
    const opChar = inner.charCodeAt(i);
    const nextChar = inner.charCodeAt(i + 1);
    const defaultChar = inner[opChar === CH_COLON ? i + 1 : i];
    if (defaultChar === "-" || defaultChar === "=" || defaultChar === "+" || defaultChar === "?") {
      const operandStart = i + (opChar === CH_COLON ? 2 : 1);
      result.operation = {
        type: "Default",
        pos,
        end,
        operatorEnd: innerStart + operandStart,
        operator: opChar === CH_COLON ? `:${defaultChar}` : defaultChar,
        operand: sub(operandStart, ilen, insideDoubleQuotes ? "quoted" : "word")
      };
      return result;
    }
    if (opChar === CH_COLON) {
      i++;
      const sliceStart = innerStart + i;
      const colonIdx = findUnnested(inner.slice(i), CH_COLON, true, (index, quoted) => {
        return this.findNestedShellEnd(sliceStart + index, end, quoted) - sliceStart;
      });
      result.operation = {
        type: "Slice",
        pos,
        end,
        operatorEnd: sliceStart,
        operator: ":",
        offset: sub(i, colonIdx === -1 ? ilen : i + colonIdx, "embedded"),
        length: colonIdx === -1 ? void 0 : sub(i + colonIdx + 1, ilen, "embedded")
      };
      return result;
    }
    if (opChar === CH_HASH || opChar === CH_PERCENT) {
      const doubled = nextChar === opChar;
      const operator = opChar === CH_HASH ? doubled ? "##" : "#" : doubled ? "%%" : "%";
      const operandStart = i + (doubled ? 2 : 1);
      result.operation = {
        type: "Remove",
        pos,
        end,
        operatorEnd: innerStart + operandStart,
        operator,
        operand: sub(operandStart, ilen)
      };
      return result;
    }
    if (opChar === CH_SLASH) {
      i++;
      let operator = "/";
      if (nextChar === CH_SLASH || nextChar === CH_HASH || nextChar === CH_PERCENT) {
        operator = nextChar === CH_SLASH ? "//" : nextChar === CH_HASH ? "/#" : "/%";
        i++;
      }
      let separatorStart = i;
      if (nextChar === CH_SLASH) {
        separatorStart = skipLineContinuations(inner, i, ilen);
        if (inner.charCodeAt(separatorStart) === CH_SLASH)
          separatorStart++;
      }
      const sepIdx = findUnnested(inner.slice(separatorStart), CH_SLASH);
      const patternEnd = sepIdx === -1 ? ilen : separatorStart + sepIdx;
      result.operation = {
        type: "Replace",
        pos,
        end,
        operatorEnd: innerStart + i,
        operator,
        pattern: sub(i, patternEnd),
        replacement: sub(sepIdx === -1 ? ilen : patternEnd + 1, ilen)
      };
      return result;
    }
    if (opChar === CH_CARET || opChar === CH_COMMA) {
      const doubled = nextChar === opChar;
      const operator = opChar === CH_CARET ? doubled ? "^^" : "^" : doubled ? ",," : ",";
      const operandStart = i + (doubled ? 2 : 1);
      result.operation = {
        type: "CaseModification",
        pos,
        end,
        operatorEnd: innerStart + operandStart,
        operator,
        operand: operandStart === ilen ? void 0 : sub(operandStart, ilen)
      };
      return result;
    }
    if (result.prefix === "!" && result.index === void 0 && i + 1 === ilen && (opChar === CH_AT || opChar === CH_STAR)) {
      result.operation = { type: "Names", pos, end, operatorEnd: end, operator: opChar === CH_AT ? "@" : "*" };
      return result;
    }
    if (opChar === CH_AT) {
      result.operation = {
        type: "Transform",
        pos,
        end,
        operatorEnd: pos + 1,
        operator: "@",
        operand: sub(i + 1, ilen)
      };
      return result;
    }
    result.operation = { type: "Unknown", pos, end, operatorEnd: end, operator: inner.slice(i) };
    return result;
  }
  findNestedShellEnd(start2, end, quoted) {
    const ch = this.src.charCodeAt(start2);
    if (ch === CH_BACKTICK) {
      let pos = start2 + 1;
      while (pos < end) {
        const current = this.src.charCodeAt(pos);
        if (current === CH_BACKSLASH) {
          pos += 2;
          continue;
        }
        pos++;
        if (current === CH_BACKTICK)
          return pos;
      }
      return end;
    }
    let close;
    if (ch === CH_DOLLAR) {
      const next = start2 + 1;
      if (next < end && this.src.charCodeAt(next) === CH_LBRACE) {
        close = this.findClosingBrace(next + 1, end);
      } else {
        const open = skipLineContinuations(this.src, next, end);
        if (open >= end || this.src.charCodeAt(open) !== CH_LPAREN)
          return start2;
        close = this.findClosingParenthesis(open + 1, end);
      }
    } else {
      const open = start2 + 1;
      if (quoted || ch !== CH_LT && ch !== CH_GT || open >= end || this.src.charCodeAt(open) !== CH_LPAREN) {
        return start2;
      }
      close = this.findClosingParenthesis(open + 1, end);
    }
    return close === -1 ? end : close + 1;
  }
  scanParamName(s, start2) {
    let i = start2;
    if (i >= s.length)
      return i;
    const c = s.charCodeAt(i);
    if (c === CH_AT || c === CH_STAR || c === CH_HASH || c === CH_QUESTION || c === CH_DASH || c === CH_DOLLAR || c === CH_BANG) {
      return i + 1;
    }
    if (c >= CH_0 && c <= CH_9) {
      while (i < s.length && s.charCodeAt(i) >= CH_0 && s.charCodeAt(i) <= CH_9)
        i++;
      return i;
    }
    if (c >= CH_a && c <= CH_z || c >= CH_A && c <= CH_Z || c === CH_UNDERSCORE) {
      i++;
      while (i < s.length) {
        const ch = s.charCodeAt(i);
        if (ch >= CH_a && ch <= CH_z || ch >= CH_A && ch <= CH_Z || ch >= CH_0 && ch <= CH_9 || ch === CH_UNDERSCORE)
          i++;
        else
          break;
      }
    }
    return i;
  }
  readAnsiCQuoted() {
    const quotePos = this.pos - 1;
    const result = decodeAnsiCQuoted(this.src, this.pos, this.srcEnd);
    this.pos = result.end;
    if (!result.closed)
      this.errors.push({ message: "unterminated ANSI-C quote", pos: quotePos });
    return result.value;
  }
  // Quotes resume when a nested substitution returns to their parenthesis depth.
  extractBalanced(useGrammar = true, quoteOnly = false) {
    var _a;
    const src = this.src;
    const len = this.srcEnd;
    const bt = this._buildParts || this._buildValue;
    let depth = quoteOnly ? 0 : 1;
    const start2 = this.pos;
    this._unbalanced = false;
    const knownEnd = useGrammar && !quoteOnly ? (_a = this.substitutionContext.boundaries) == null ? void 0 : _a.get(start2) : void 0;
    if (knownEnd !== void 0 && knownEnd <= len && this._nestingDepth < MAX_SYNTAX_NESTING) {
      this.pos = knownEnd;
      return bt ? src.slice(start2, knownEnd - 1) : "";
    }
    let wordStart = true;
    while (!quoteOnly && this.pos < len) {
      const c = src.charCodeAt(this.pos);
      if (c === CH_RPAREN) {
        const result = bt ? src.slice(start2, this.pos) : "";
        this.pos++;
        return result;
      } else if (c === CH_LPAREN || c === CH_BACKSLASH || c === CH_SQUOTE || c === CH_DQUOTE || c === CH_BACKTICK || c === CH_DOLLAR && (src.charCodeAt(this.pos + 1) === CH_SQUOTE || src.charCodeAt(this.pos + 1) === CH_DOLLAR || src.charCodeAt(this.pos + 1) === CH_LBRACE)) {
        break;
      } else if (c === CH_LT && this.pos + 1 < len && src.charCodeAt(this.pos + 1) === CH_LT) {
        break;
      } else if (c === CH_HASH && wordStart) {
        break;
      } else if (c === 99 && wordStart && this.pos + 3 < len && src.charCodeAt(this.pos + 1) === 97 && src.charCodeAt(this.pos + 2) === 115 && src.charCodeAt(this.pos + 3) === 101 && (this.pos + 4 >= len || src.charCodeAt(this.pos + 4) < 128 && charType[src.charCodeAt(this.pos + 4)] & 1)) {
        break;
      } else {
        wordStart = c < 128 && (charType[c] & 1) !== 0;
        this.pos++;
      }
    }
    let caseDepth = 0;
    let caseParens = 0;
    const wordStartAfterParen = [];
    let pendingDelims = null;
    let scripts;
    let arithBase = -1;
    let arithExtent = start2 >= 2 && src.charCodeAt(start2) === CH_LPAREN && src.charCodeAt(start2 - 1) === CH_LPAREN && src.charCodeAt(start2 - 2) === CH_DOLLAR;
    let substitutions = 0;
    let reported = false;
    const quotes = quoteOnly ? [{ close: CH_DQUOTE, depth: 0 }] : [];
    let quotedDepth = quoteOnly ? 1 : 0;
    let parameterDepth = 0;
    let arithmeticOpens;
    let continuedDollarPos = -1;
    let continuedParenPos = -1;
    let escapedEnd = -1;
    let lastParenEnd = -1;
    let checkedGrammar = false;
    while (this.pos < len && (depth > 0 || quotes.length > 0)) {
      let ch = src.charCodeAt(this.pos);
      const quote = quotes.length === 0 ? void 0 : quotes[quotes.length - 1];
      if (quote !== void 0 && quote.depth === depth) {
        let commandOpen = false;
        if (ch === CH_BACKSLASH) {
          this.pos = Math.min(this.pos + 2, len);
          continue;
        }
        if (ch === quote.close) {
          quotes.pop();
          if (ch === CH_DQUOTE)
            quotedDepth--;
          else
            parameterDepth--;
          this.pos++;
          if (quoteOnly && depth === 0 && quotes.length === 0)
            return "";
          continue;
        }
        if (ch === CH_DQUOTE) {
          quotes.push({ close: CH_DQUOTE, depth });
          quotedDepth++;
        } else if (ch === CH_SQUOTE && quote.close === CH_RBRACE) {
          this.pos++;
          this.skipSQ();
          continue;
        } else if (ch === CH_BACKTICK) {
          this.pos++;
          while (this.pos < len && src.charCodeAt(this.pos) !== CH_BACKTICK) {
            if (src.charCodeAt(this.pos) === CH_BACKSLASH)
              this.pos++;
            if (this.pos < len)
              this.pos++;
          }
          if (this.pos < len)
            this.pos++;
          continue;
        } else if (ch === CH_DOLLAR) {
          const next = src.charCodeAt(this.pos + 1);
          if (next === CH_SQUOTE && quote.close === CH_RBRACE) {
            this.pos += 2;
            this.skipAnsiCQuoted();
            continue;
          }
          if (next === CH_LBRACE) {
            quotes.push({ close: CH_RBRACE, depth });
            parameterDepth++;
            this.pos++;
          } else if (next === CH_LPAREN) {
            this.pos++;
            ch = CH_LPAREN;
            commandOpen = true;
          } else if (next === CH_DOLLAR) {
            this.pos += src.charCodeAt(this.pos + 2) === CH_LPAREN ? 1 : 2;
            continue;
          }
        }
        if (!reported && this._nestingDepth + Math.max(quotedDepth, parameterDepth) > MAX_SYNTAX_NESTING) {
          this.errors.push({ message: "maximum word nesting depth exceeded", pos: this.pos });
          reported = true;
        }
        if (!commandOpen) {
          this.pos++;
          while (this.pos < len) {
            const c = src.charCodeAt(this.pos);
            if (c === CH_BACKSLASH || c === CH_DQUOTE || c === CH_DOLLAR || c === CH_BACKTICK || c === CH_RBRACE || c === CH_SQUOTE)
              break;
            this.pos++;
          }
          continue;
        }
      }
      if (ch === CH_HASH && lastParenEnd !== -1 && !arithExtent && arithBase < 0 && useGrammar && !checkedGrammar && this._nestingDepth + ((scripts == null ? void 0 : scripts.length) ?? 0) < MAX_SYNTAX_NESTING && skipBlanks(src, lastParenEnd, len) === this.pos) {
        checkedGrammar = true;
        const scope = scripts == null ? void 0 : scripts[scripts.length - 1];
        const end = this.findSubstitutionEnd((scope == null ? void 0 : scope.start) ?? start2, len, this._nestingDepth + ((scripts == null ? void 0 : scripts.length) ?? 0) + 1);
        if (end !== -1) {
          if (scope === void 0) {
            this.pos = end;
            return bt ? src.slice(start2, end - 1) : "";
          }
          this.pos = end - 1;
          depth = scope.depth + 1;
          caseDepth = 0;
          caseParens = 0;
          wordStartAfterParen.length = scope.parens + 1;
          ch = CH_RPAREN;
        }
      }
      if (ch === CH_LPAREN) {
        const prev = this.pos > start2 && this.pos !== escapedEnd ? src.charCodeAt(this.pos - 1) : 0;
        const commandDollarPos = prev === CH_DOLLAR ? this.pos - 1 : this.pos === continuedParenPos ? continuedDollarPos : -1;
        const wordParen = commandDollarPos !== -1 || prev === CH_LT || prev === CH_GT || prev === CH_EQ || prev === CH_AT || prev === CH_QUESTION || prev === CH_STAR || prev === CH_PLUS || prev === CH_BANG || prev === CH_LPAREN && wordStartAfterParen[wordStartAfterParen.length - 1] === false || arithExtent && this.pos === start2;
        const script2 = commandDollarPos !== -1 && src.charCodeAt(this.pos + 1) !== CH_LPAREN || (prev === CH_LT || prev === CH_GT) && arithBase < 0 && !arithExtent;
        if (script2) {
          (scripts ?? (scripts = [])).push({
            start: this.pos + 1,
            dollar: commandDollarPos,
            depth,
            parens: wordStartAfterParen.length,
            caseDepth,
            caseParens,
            arithBase,
            arithExtent,
            substitutions,
            checkedGrammar,
            pendingDelims
          });
          caseDepth = 0;
          caseParens = 0;
          arithBase = -1;
          arithExtent = false;
          checkedGrammar = false;
          pendingDelims = null;
        }
        wordStartAfterParen.push(!wordParen);
        wordStart = true;
        if (!script2 && arithBase < 0 && this.pos + 1 < len && src.charCodeAt(this.pos + 1) === CH_LPAREN) {
          arithBase = depth;
        }
        if (commandDollarPos !== -1) {
          if (script2)
            substitutions++;
          else
            (arithmeticOpens ?? (arithmeticOpens = [])).push(depth);
          if (substitutions + ((arithmeticOpens == null ? void 0 : arithmeticOpens.length) ?? 0) + this._nestingDepth + (quoteOnly ? 0 : 1) > MAX_SYNTAX_NESTING && !reported) {
            this.errors.push({ message: "maximum command substitution nesting depth exceeded", pos: commandDollarPos });
            reported = true;
          }
        }
        continuedDollarPos = -1;
        continuedParenPos = -1;
        depth++;
        if (caseDepth > 0)
          caseParens++;
        this.pos++;
      } else if (ch === CH_RPAREN) {
        if (caseDepth > 0 && caseParens === 0) {
          this.pos++;
          wordStart = true;
        } else {
          if (caseDepth > 0)
            caseParens--;
          depth--;
          if (depth === 0 && !quoteOnly) {
            const result = bt ? src.slice(start2, this.pos) : "";
            this.pos++;
            return result;
          }
          if (depth <= arithBase)
            arithBase = -1;
          if (arithmeticOpens !== void 0) {
            while (arithmeticOpens.length > 0 && arithmeticOpens[arithmeticOpens.length - 1] >= depth)
              arithmeticOpens.pop();
          }
          wordStart = wordStartAfterParen.pop() ?? true;
          this.pos++;
          const scope = scripts == null ? void 0 : scripts[scripts.length - 1];
          if (scope !== void 0 && scope.depth === depth) {
            scripts.pop();
            caseDepth = scope.caseDepth;
            caseParens = scope.caseParens;
            arithBase = scope.arithBase;
            arithExtent = scope.arithExtent;
            substitutions = scope.substitutions;
            checkedGrammar = scope.checkedGrammar;
            pendingDelims = scope.pendingDelims;
          }
        }
        lastParenEnd = this.pos;
      } else if (ch === CH_BACKSLASH) {
        if (this.pos > start2 && src.charCodeAt(this.pos - 1) === CH_DOLLAR) {
          const logicalPos = skipLineContinuations(src, this.pos, len);
          if (logicalPos > this.pos && src.charCodeAt(logicalPos) === CH_LPAREN && src.charCodeAt(logicalPos + 1) !== CH_LPAREN) {
            continuedDollarPos = this.pos - 1;
            continuedParenPos = logicalPos;
          }
        }
        this.pos++;
        if (this.pos < len) {
          if (src.charCodeAt(this.pos) !== CH_NL) {
            wordStart = false;
          }
          this.pos++;
        }
        escapedEnd = this.pos;
      } else if (ch === CH_DOLLAR) {
        const next = src.charCodeAt(++this.pos);
        if (next === CH_SQUOTE) {
          this.pos++;
          this.skipAnsiCQuoted();
        } else if (next === CH_DOLLAR) {
          this.pos++;
        } else if (next === CH_LBRACE && !isBraceCommandOpener(src.charCodeAt(this.pos + 1))) {
          quotes.push({ close: CH_RBRACE, depth });
          parameterDepth++;
          this.pos++;
        }
        wordStart = false;
      } else if (ch === CH_SQUOTE) {
        this.pos++;
        this.skipSQ();
        wordStart = false;
      } else if (ch === CH_DQUOTE) {
        quotes.push({ close: CH_DQUOTE, depth });
        quotedDepth++;
        this.pos++;
        wordStart = false;
      } else if (ch === CH_BACKTICK) {
        this.pos++;
        while (this.pos < len && src.charCodeAt(this.pos) !== CH_BACKTICK) {
          if (src.charCodeAt(this.pos) === CH_BACKSLASH)
            this.pos++;
          if (this.pos < len)
            this.pos++;
        }
        if (this.pos < len)
          this.pos++;
        wordStart = false;
      } else if (ch === CH_LT && arithBase < 0 && this.pos + 1 < len && src.charCodeAt(this.pos + 1) === CH_LT) {
        if (this.pos + 2 < len && src.charCodeAt(this.pos + 2) === CH_LT) {
          this.pos += 3;
        } else {
          this.pos += 2;
          const strip = this.pos < len && src.charCodeAt(this.pos) === CH_DASH;
          if (strip)
            this.pos++;
          this.skipSpacesAndTabs();
          this.readHereDocDelimiter();
          if (this._hereDelim || this._hereQuoted) {
            (pendingDelims ?? (pendingDelims = [])).push({
              delimiter: this._hereDelim,
              strip,
              quoted: this._hereQuoted
            });
          }
        }
        wordStart = false;
      } else if (ch === CH_NL && pendingDelims) {
        this.pos++;
        for (const hd of pendingDelims)
          this.skipHereDocBody(hd.delimiter, hd.strip, true, hd.quoted);
        pendingDelims = null;
        wordStart = true;
      } else if (ch === CH_HASH && arithBase < 0 && !arithExtent && wordStart) {
        while (this.pos < len && src.charCodeAt(this.pos) !== CH_NL)
          this.pos++;
      } else {
        const wStart = this.pos;
        while (this.pos < len) {
          const wc = src.charCodeAt(this.pos);
          if (wc < 128 && charType[wc])
            break;
          this.pos++;
        }
        if (this.pos > wStart) {
          const wLen = this.pos - wStart;
          if (wLen === 4 && wordStart && arithBase < 0 && !arithExtent) {
            const c0 = src.charCodeAt(wStart);
            if (c0 === 99 && src.charCodeAt(wStart + 1) === 97 && src.charCodeAt(wStart + 2) === 115 && src.charCodeAt(wStart + 3) === 101) {
              caseDepth++;
            } else if (c0 === 101 && src.charCodeAt(wStart + 1) === 115 && src.charCodeAt(wStart + 2) === 97 && src.charCodeAt(wStart + 3) === 99 && caseDepth > 0) {
              caseDepth--;
              if (caseDepth === 0)
                caseParens = 0;
            }
          }
          wordStart = false;
        } else {
          const wc = src.charCodeAt(this.pos);
          wordStart = wc < 128 && (charType[wc] & 1) !== 0;
          this.pos++;
        }
      }
    }
    this._unbalanced = true;
    if (quoteOnly && scripts !== void 0 && scripts.length > 0) {
      this.errors.push({ message: "unterminated command substitution", pos: scripts[0].dollar });
    }
    return bt ? src.slice(start2, this.pos) : "";
  }
};

// node_modules/unbash/dist/arithmetic.js
function opPrec(op) {
  switch (op) {
    case ",":
      return 1;
    case "=":
    case "+=":
    case "-=":
    case "*=":
    case "/=":
    case "%=":
    case "<<=":
    case ">>=":
    case "&=":
    case "|=":
    case "^=":
      return 2;
    case "||":
      return 4;
    case "&&":
      return 5;
    case "|":
      return 6;
    case "^":
      return 7;
    case "&":
      return 8;
    case "==":
    case "!=":
      return 9;
    case "<":
    case "<=":
    case ">":
    case ">=":
      return 10;
    case "<<":
    case ">>":
      return 11;
    case "+":
    case "-":
      return 12;
    case "*":
    case "/":
    case "%":
      return 13;
    case "**":
      return 14;
    case "?":
      return 3;
    default:
      return -1;
  }
}
function trimEnd(src, start2, end) {
  while (end > start2) {
    const c = src.charCodeAt(end - 1);
    if (c !== CH_SPACE && c !== CH_TAB && c !== CH_NL)
      break;
    end--;
  }
  return end;
}
function opRightAssoc(op) {
  switch (op) {
    case "=":
    case "+=":
    case "-=":
    case "*=":
    case "/=":
    case "%=":
    case "<<=":
    case ">>=":
    case "&=":
    case "|=":
    case "^=":
    case "**":
      return true;
    default:
      return false;
  }
}
function parseArithmeticExpression(src, offset = 0, collector, nestingDepth = 0) {
  let pos = 0;
  const len = src.length;
  const initialWordCount = (collector == null ? void 0 : collector.embeddedWords.length) ?? 0;
  function makeWord(start3, end, embedded = false) {
    const node = {
      type: "ArithmeticWord",
      pos: start3 + offset,
      end: end + offset,
      value: src.slice(start3, end),
      parts: void 0
    };
    if (embedded)
      collector == null ? void 0 : collector.embeddedWords.push(node);
    return node;
  }
  function skipWS() {
    while (pos < len) {
      const c = src.charCodeAt(pos);
      if (c === CH_SPACE || c === CH_TAB || c === CH_NL)
        pos++;
      else
        break;
    }
  }
  function tryReadBinOp() {
    if (pos >= len)
      return null;
    const c = src.charCodeAt(pos);
    const nc = pos + 1 < len ? src.charCodeAt(pos + 1) : 0;
    const nnc = pos + 2 < len ? src.charCodeAt(pos + 2) : 0;
    switch (c) {
      case CH_COMMA:
        pos++;
        return ",";
      case CH_EQ:
        if (nc === CH_EQ) {
          pos += 2;
          return "==";
        }
        pos++;
        return "=";
      case CH_BANG:
        if (nc === CH_EQ) {
          pos += 2;
          return "!=";
        }
        return null;
      // unary
      case CH_LT:
        if (nc === CH_LT) {
          if (nnc === CH_EQ) {
            pos += 3;
            return "<<=";
          }
          pos += 2;
          return "<<";
        }
        if (nc === CH_EQ) {
          pos += 2;
          return "<=";
        }
        pos++;
        return "<";
      case CH_GT:
        if (nc === CH_GT) {
          if (nnc === CH_EQ) {
            pos += 3;
            return ">>=";
          }
          pos += 2;
          return ">>";
        }
        if (nc === CH_EQ) {
          pos += 2;
          return ">=";
        }
        pos++;
        return ">";
      case CH_PLUS:
        if (nc === CH_EQ) {
          pos += 2;
          return "+=";
        }
        if (nc === CH_PLUS)
          return null;
        pos++;
        return "+";
      case CH_DASH:
        if (nc === CH_EQ) {
          pos += 2;
          return "-=";
        }
        if (nc === CH_DASH)
          return null;
        pos++;
        return "-";
      case CH_STAR:
        if (nc === CH_STAR) {
          pos += 2;
          return "**";
        }
        if (nc === CH_EQ) {
          pos += 2;
          return "*=";
        }
        pos++;
        return "*";
      case CH_SLASH:
        if (nc === CH_EQ) {
          pos += 2;
          return "/=";
        }
        pos++;
        return "/";
      case CH_PERCENT:
        if (nc === CH_EQ) {
          pos += 2;
          return "%=";
        }
        pos++;
        return "%";
      case CH_PIPE:
        if (nc === CH_PIPE) {
          pos += 2;
          return "||";
        }
        if (nc === CH_EQ) {
          pos += 2;
          return "|=";
        }
        pos++;
        return "|";
      case CH_AMP:
        if (nc === CH_AMP) {
          pos += 2;
          return "&&";
        }
        if (nc === CH_EQ) {
          pos += 2;
          return "&=";
        }
        pos++;
        return "&";
      case CH_CARET:
        if (nc === CH_EQ) {
          pos += 2;
          return "^=";
        }
        pos++;
        return "^";
      case CH_QUESTION:
        pos++;
        return "?";
      default:
        return null;
    }
  }
  function skipTruncatedUnary() {
    var _a;
    skipWS();
    while (pos < len) {
      const c2 = src.charCodeAt(pos);
      if (c2 !== CH_BANG && c2 !== CH_TILDE && c2 !== CH_PLUS && c2 !== CH_DASH)
        break;
      if (src.charCodeAt(pos + 1) === CH_EQ)
        break;
      pos++;
      skipWS();
    }
    if (src.charCodeAt(pos) === CH_LPAREN) {
      let groups = 1;
      pos++;
      while (pos < len && groups > 0) {
        const wordEnd = ((_a = collector == null ? void 0 : collector.findArithmeticWordEnd) == null ? void 0 : _a.call(collector, pos + offset, offset + len)) ?? pos + offset;
        if (wordEnd > pos + offset) {
          pos = wordEnd - offset;
          continue;
        }
        const c2 = src.charCodeAt(pos++);
        if (c2 === CH_LPAREN)
          groups++;
        else if (c2 === CH_RPAREN)
          groups--;
      }
    } else if (pos < len && src.charCodeAt(pos) !== CH_RPAREN && src.charCodeAt(pos) !== CH_COLON) {
      parseAtom(0);
    }
    skipWS();
    const c = src.charCodeAt(pos);
    if ((c === CH_PLUS || c === CH_DASH) && src.charCodeAt(pos + 1) === c)
      pos += 2;
  }
  function recoverExpression(minPrec) {
    skipWS();
    const start3 = pos;
    if (start3 === len)
      return makeWord(start3, start3);
    const wordCount = (collector == null ? void 0 : collector.embeddedWords.length) ?? 0;
    let ternaries = 0;
    for (; ; ) {
      skipTruncatedUnary();
      skipWS();
      if (src.charCodeAt(pos) === CH_COLON && ternaries > 0) {
        ternaries--;
        pos++;
        continue;
      }
      const saved = pos;
      const op = tryReadBinOp();
      if (op === null || ternaries === 0 && opPrec(op) < minPrec) {
        pos = saved;
        break;
      }
      if (op === "?")
        ternaries++;
    }
    if (collector)
      collector.embeddedWords.length = wordCount;
    return makeWord(start3, trimEnd(src, start3, pos));
  }
  function parseBinExpr(minPrec, depth) {
    if (depth > MAX_SYNTAX_NESTING)
      return recoverExpression(minPrec);
    let left = parseUnaryExpr(depth);
    while (true) {
      skipWS();
      if (pos >= len)
        break;
      const saved = pos;
      const op = tryReadBinOp();
      if (!op)
        break;
      if (op === "?") {
        if (opPrec(op) < minPrec) {
          pos = saved;
          break;
        }
        const consequent = parseBinExpr(1, depth + 1);
        skipWS();
        if (pos < len && src.charCodeAt(pos) === CH_COLON)
          pos++;
        const alternate = parseBinExpr(3, depth + 1);
        left = { type: "ArithmeticTernary", pos: left.pos, end: alternate.end, test: left, consequent, alternate };
        continue;
      }
      const prec = opPrec(op);
      if (prec < minPrec) {
        pos = saved;
        break;
      }
      const nextPrec = opRightAssoc(op) ? prec : prec + 1;
      const right = parseBinExpr(nextPrec, depth + 1);
      left = { type: "ArithmeticBinary", pos: left.pos, end: right.end, operator: op, left, right };
    }
    return left;
  }
  function parseUnaryExpr(depth) {
    skipWS();
    if (depth > MAX_SYNTAX_NESTING)
      return recoverExpression(15);
    if (pos >= len)
      return makeWord(pos, pos);
    const start3 = pos;
    const c = src.charCodeAt(pos);
    const nc = pos + 1 < len ? src.charCodeAt(pos + 1) : 0;
    if (c === CH_PLUS && nc === CH_PLUS) {
      pos += 2;
      const operand = parseUnaryExpr(depth + 1);
      return { type: "ArithmeticUnary", pos: start3 + offset, end: operand.end, operator: "++", operand, prefix: true };
    }
    if (c === CH_DASH && nc === CH_DASH) {
      pos += 2;
      const operand = parseUnaryExpr(depth + 1);
      return { type: "ArithmeticUnary", pos: start3 + offset, end: operand.end, operator: "--", operand, prefix: true };
    }
    if (c === CH_BANG) {
      pos++;
      const operand = parseUnaryExpr(depth + 1);
      return { type: "ArithmeticUnary", pos: start3 + offset, end: operand.end, operator: "!", operand, prefix: true };
    }
    if (c === CH_TILDE) {
      pos++;
      const operand = parseUnaryExpr(depth + 1);
      return { type: "ArithmeticUnary", pos: start3 + offset, end: operand.end, operator: "~", operand, prefix: true };
    }
    if (c === CH_PLUS && nc !== CH_PLUS && nc !== CH_EQ) {
      pos++;
      const operand = parseUnaryExpr(depth + 1);
      return { type: "ArithmeticUnary", pos: start3 + offset, end: operand.end, operator: "+", operand, prefix: true };
    }
    if (c === CH_DASH && nc !== CH_DASH && nc !== CH_EQ) {
      pos++;
      const operand = parseUnaryExpr(depth + 1);
      return { type: "ArithmeticUnary", pos: start3 + offset, end: operand.end, operator: "-", operand, prefix: true };
    }
    return parsePostfixExpr(depth);
  }
  function parsePostfixExpr(depth) {
    const operand = parseAtom(depth);
    skipWS();
    if (pos + 1 < len) {
      const c = src.charCodeAt(pos);
      const nc = src.charCodeAt(pos + 1);
      if (c === CH_PLUS && nc === CH_PLUS) {
        pos += 2;
        return { type: "ArithmeticUnary", pos: operand.pos, end: pos + offset, operator: "++", operand, prefix: false };
      }
      if (c === CH_DASH && nc === CH_DASH) {
        pos += 2;
        return { type: "ArithmeticUnary", pos: operand.pos, end: pos + offset, operator: "--", operand, prefix: false };
      }
    }
    return operand;
  }
  function parseAtom(depth) {
    var _a, _b, _c;
    skipWS();
    if (pos >= len)
      return makeWord(pos, pos);
    const c = src.charCodeAt(pos);
    if (c === CH_LPAREN) {
      const start4 = pos;
      pos++;
      const expr = parseBinExpr(0, depth + 1);
      skipWS();
      if (pos < len && src.charCodeAt(pos) === CH_RPAREN)
        pos++;
      return { type: "ArithmeticGroup", pos: start4 + offset, end: pos + offset, expression: expr };
    }
    if (c === CH_DOLLAR) {
      const start4 = pos;
      const wordCount2 = (collector == null ? void 0 : collector.embeddedWords.length) ?? 0;
      const atom2 = readDollarAtom();
      const wordEnd2 = ((_a = collector == null ? void 0 : collector.findArithmeticWordEnd) == null ? void 0 : _a.call(collector, start4 + offset, offset + len)) ?? pos + offset;
      if (wordEnd2 > pos + offset) {
        if (collector)
          collector.embeddedWords.length = wordCount2;
        pos = wordEnd2 - offset;
        return makeWord(start4, pos, true);
      }
      return atom2;
    }
    if (c === 96 || c === 34 || c === 39) {
      const start4 = pos;
      pos = (((_b = collector == null ? void 0 : collector.findArithmeticWordEnd) == null ? void 0 : _b.call(collector, start4 + offset, offset + len)) ?? start4 + offset + 1) - offset;
      return makeWord(start4, pos, true);
    }
    const start3 = pos;
    const wordCount = (collector == null ? void 0 : collector.embeddedWords.length) ?? 0;
    const atom = readWordAtom();
    const wordEnd = ((_c = collector == null ? void 0 : collector.findArithmeticWordEnd) == null ? void 0 : _c.call(collector, start3 + offset, offset + len)) ?? pos + offset;
    if (wordEnd > pos + offset) {
      if (collector)
        collector.embeddedWords.length = wordCount;
      pos = wordEnd - offset;
      return makeWord(start3, pos, true);
    }
    return atom;
  }
  function readDollarAtom() {
    const start3 = pos;
    pos++;
    if (pos >= len)
      return makeWord(start3, pos);
    const c = src.charCodeAt(pos);
    if (c === CH_LPAREN) {
      if (pos + 1 < len && src.charCodeAt(pos + 1) === CH_LPAREN) {
        const expansionEnd = (collector == null ? void 0 : collector.findArithmeticExpansionEnd(start3 + offset, offset + len)) ?? -1;
        if (expansionEnd !== -1) {
          pos = expansionEnd - offset;
        } else {
          pos += 2;
          let depth = 1;
          while (pos < len && depth > 0) {
            if (src.charCodeAt(pos) === CH_LPAREN && src.charCodeAt(pos + 1) === CH_LPAREN) {
              depth++;
              pos += 2;
            } else if (src.charCodeAt(pos) === CH_RPAREN && src.charCodeAt(pos + 1) === CH_RPAREN) {
              depth--;
              pos += 2;
            } else {
              pos++;
            }
          }
        }
      } else {
        pos++;
        const close = (collector == null ? void 0 : collector.findClosingParenthesis(pos + offset, offset + len)) ?? -1;
        if (close !== -1) {
          pos = close - offset + 1;
        } else {
          let depth = 1;
          while (pos < len && depth > 0) {
            const ch = src.charCodeAt(pos++);
            if (ch === CH_LPAREN)
              depth++;
            else if (ch === CH_RPAREN)
              depth--;
          }
        }
        const text = src.slice(start3, pos);
        return collector ? collector.commandExpansion(start3 + offset, pos + offset, text) : new ScriptExpansionImpl("ArithmeticCommandExpansion", start3 + offset, pos + offset, text);
      }
    } else if (c === CH_LBRACE) {
      const close = (collector == null ? void 0 : collector.findClosingBrace(pos + offset + 1, offset + len)) ?? -1;
      if (close !== -1) {
        pos = close - offset + 1;
      } else {
        pos++;
        let depth = 1;
        while (pos < len && depth > 0) {
          const ch = src.charCodeAt(pos++);
          if (ch === CH_LBRACE)
            depth++;
          else if (ch === CH_RBRACE)
            depth--;
        }
      }
    } else {
      while (pos < len) {
        const ch = src.charCodeAt(pos);
        if (ch >= CH_a && ch <= CH_z || ch >= CH_A && ch <= CH_Z || ch >= CH_0 && ch <= CH_9 || ch === CH_UNDERSCORE)
          pos++;
        else
          break;
      }
    }
    return makeWord(start3, pos, c === CH_LPAREN || c === CH_LBRACE);
  }
  function readWordAtom() {
    var _a;
    const start3 = pos;
    while (pos < len) {
      const c = src.charCodeAt(pos);
      if (c >= CH_0 && c <= CH_9 || c >= CH_A && c <= CH_Z || c >= CH_a && c <= CH_z || c === CH_UNDERSCORE || c === 35) {
        pos++;
      } else
        break;
    }
    if (pos > start3 && pos < len && src.charCodeAt(pos) === CH_LBRACKET) {
      const close = ((_a = collector == null ? void 0 : collector.findClosingBracket) == null ? void 0 : _a.call(collector, pos + offset + 1, offset + len)) ?? -1;
      if (close !== -1) {
        pos = close - offset + 1;
      } else {
        pos++;
        let depth = 1;
        while (pos < len && depth > 0) {
          const c = src.charCodeAt(pos);
          if (c === CH_LBRACKET)
            depth++;
          else if (c === CH_RBRACKET)
            depth--;
          pos++;
        }
      }
      return makeWord(start3, pos, true);
    }
    if (pos === start3) {
      pos++;
      return makeWord(start3, pos);
    }
    return makeWord(start3, pos);
  }
  skipWS();
  if (pos >= len)
    return null;
  const start2 = pos;
  const result = parseBinExpr(0, nestingDepth);
  skipWS();
  if (pos < len) {
    if (collector)
      collector.embeddedWords.length = initialWordCount;
    return makeWord(start2, trimEnd(src, start2, len), collector !== void 0);
  }
  return result;
}

// node_modules/unbash/dist/parts.js
var computeBareWordParts = (_source, word) => hasGlobCharacters(word.text) ? parseGlobParts(word.text, 0, word.text.length, void 0, word.pos) : void 0;
function wordPartsResolver(context) {
  return context.wordParts ?? (context.wordParts = (source2, word, depth) => computeWordParts(source2, word, depth, context));
}
function embeddedPartsResolver(context) {
  return context.embeddedParts ?? (context.embeddedParts = (source2, word, depth) => computeEmbeddedWordParts(source2, word, depth, context));
}
function arrayPartsResolver(context) {
  return context.arrayParts ?? (context.arrayParts = (source2, word, depth) => computeArrayElementParts(source2, word, depth, context));
}
function computeWordParts(source2, word, depth = 0, context = createSubstitutionContext()) {
  const lexer = new Lexer(source2, word.pos, word.end, false, context);
  lexer._nestingDepth = depth;
  const parts = lexer.buildWordParts(word.pos);
  return parts ?? void 0;
}
function computeEmbeddedWordParts(source2, word, depth = 0, context, arithmetic = false) {
  if (!hasEmbeddedWordStructure(source2, word.pos, word.end))
    return void 0;
  const lexer = new Lexer(source2, word.pos, word.end, false, context);
  lexer._nestingDepth = depth;
  const parts = lexer.buildEmbeddedWordParts(word.pos, arithmetic);
  return parts ?? void 0;
}
function computeArrayElementParts(source2, word, depth = 0, context) {
  const lexer = new Lexer(source2, word.pos, word.end, false, context);
  lexer._nestingDepth = depth;
  const parts = lexer.buildArrayElementParts(word.pos);
  return parts ?? void 0;
}
function computeHereDocBodyParts(source2, word, depth = 0, context) {
  const lexer = new Lexer(source2, word.pos, word.end, false, context);
  lexer._nestingDepth = depth;
  const parts = lexer.buildHereDocParts(word.pos, word.end);
  return parts ?? void 0;
}

// node_modules/unbash/dist/arithmetic-parts.js
function parseArithmeticWithParts(body, offset, source2, depth, context, embeddedDepth = depth) {
  if (!hasEmbeddedWordStructure(source2, offset, offset + body.length)) {
    return parseArithmeticExpression(body, offset, void 0, depth) ?? void 0;
  }
  const embeddedWords = [];
  const lexer = new Lexer(source2, 0, source2.length, false, context);
  lexer._nestingDepth = depth;
  const expression = parseArithmeticExpression(body, offset, {
    embeddedWords,
    commandExpansion: (pos, end, text) => new ScriptExpansionImpl("ArithmeticCommandExpansion", pos, end, text, {
      source: source2,
      start: pos + 2,
      end: end - 1,
      depth: depth + 1,
      parenBoundary: true,
      context
    }),
    findClosingBracket: (start2, end) => lexer.findClosingBracket(start2, end),
    findClosingBrace: (start2, end) => lexer.findClosingBrace(start2, end),
    findClosingParenthesis: (start2, end) => lexer.findClosingParenthesis(start2, end),
    findArithmeticExpansionEnd: (start2, end) => lexer.findArithmeticExpansionEnd(start2, end),
    findArithmeticWordEnd: (start2, end) => lexer.findArithmeticWordEnd(start2, end)
  }, depth) ?? void 0;
  if (embeddedDepth <= MAX_SYNTAX_NESTING) {
    for (const node of embeddedWords)
      node.parts = computeEmbeddedWordParts(source2, node, embeddedDepth, context, true);
  }
  return expression;
}

// node_modules/unbash/dist/assignment.js
var ArrayValueImpl = class {
  type = "ArrayValue";
  pos;
  end;
  #source;
  #depth;
  #context;
  #elements;
  constructor(source2, pos, end, depth, context) {
    this.pos = pos;
    this.end = end;
    this.#source = source2;
    this.#depth = depth;
    this.#context = context;
  }
  get elements() {
    if (this.#elements)
      return this.#elements;
    const lexer = new Lexer(this.#source, this.pos + 1, this.end - 1, false, this.#context);
    lexer._nestingDepth = this.#depth;
    const elements = [];
    while (lexer.peek(LexContext.ArrayElement).token !== Token.EOF) {
      const token = lexer.next(LexContext.ArrayElement);
      if (token.token !== Token.Word && token.token !== Token.Assignment)
        continue;
      const text = token.raw ? token.value : this.#source.slice(token.pos, token.end);
      const indexed = text.charCodeAt(0) === 91;
      const context = lexer.getSubstitutionContext();
      const source2 = !indexed && token.raw && token.keywordEligible ? void 0 : this.#source;
      const resolver = source2 === void 0 ? computeBareWordParts : indexed ? arrayPartsResolver(context) : wordPartsResolver(context);
      elements.push(new WordImpl(text, token.pos, token.end, source2, resolver, this.#depth));
    }
    this.#elements = elements;
    return elements;
  }
  toJSON() {
    return { type: this.type, pos: this.pos, end: this.end, elements: this.elements };
  }
};
var AssignmentImpl = class {
  type = "Assignment";
  pos;
  end;
  text;
  #source;
  #depth;
  #context;
  #operatorPos;
  #name = null;
  #append;
  #index;
  #value = null;
  constructor(text, pos, end, source2, operatorPos, depth, context) {
    this.pos = pos;
    this.end = end;
    this.text = text;
    this.#source = source2;
    this.#operatorPos = operatorPos;
    this.#depth = depth;
    this.#context = context;
  }
  get name() {
    return this.#name ?? this.resolveTarget();
  }
  get append() {
    if (this.#name === null)
      this.resolveTarget();
    return this.#append;
  }
  get index() {
    if (this.#name === null)
      this.resolveTarget();
    return this.#index;
  }
  get value() {
    if (this.#value !== null)
      return this.#value;
    const start2 = this.#operatorPos + 1;
    const arrayStart = skipLineContinuations(this.#source, start2, this.end);
    this.#value = this.#source.charCodeAt(arrayStart) === 40 && this.#source.charCodeAt(this.end - 1) === 41 ? new ArrayValueImpl(this.#source, arrayStart, this.end, this.#depth, this.#context) : new WordImpl(this.#source.slice(start2, this.end), start2, this.end, this.#source, wordPartsResolver(this.#context), this.#depth);
    return this.#value;
  }
  resolveTarget() {
    const equal = this.#operatorPos - this.pos;
    let nameEnd = equal;
    let appendPos = equal;
    while (appendPos >= 2 && this.text.charCodeAt(appendPos - 2) === 92 && this.text.charCodeAt(appendPos - 1) === 10)
      appendPos -= 2;
    if (this.text.charCodeAt(appendPos - 1) === 43) {
      this.#append = true;
      nameEnd = appendPos - 1;
    }
    const bracket = this.text.indexOf("[");
    if (bracket > 0 && bracket < nameEnd) {
      const close = this.text.lastIndexOf("]", equal);
      if (close > bracket) {
        const start2 = this.pos + bracket + 1;
        const end = this.pos + close;
        this.#index = new WordImpl(this.#source.slice(start2, end), start2, end, this.#source, embeddedPartsResolver(this.#context), this.#depth);
        nameEnd = bracket;
      }
    }
    const name = this.text.slice(0, nameEnd);
    return this.#name = name.includes("\\\n") ? name.split("\\\n").join("") : name;
  }
  toJSON() {
    return {
      type: this.type,
      pos: this.pos,
      end: this.end,
      text: this.text,
      name: this.name,
      append: this.append,
      index: this.index,
      value: this.value
    };
  }
};

// node_modules/unbash/dist/command.js
var isArgument = (item) => item.type === "Word" || item.type === "Assignment";
var CommandImpl = class {
  type = "Command";
  pos;
  end;
  name;
  prefix;
  suffix;
  #args;
  #redirects;
  constructor(pos, end, name, prefix, suffix) {
    this.pos = pos;
    this.end = end;
    this.name = name;
    this.prefix = prefix;
    this.suffix = suffix;
  }
  get args() {
    if (this.#args === void 0) {
      const suffix = this.suffix;
      this.#args = suffix.every(isArgument) ? suffix : suffix.filter(isArgument);
    }
    return this.#args;
  }
  get redirects() {
    if (this.#redirects === void 0) {
      const redirects = [];
      for (const item of this.prefix)
        if (item.type !== "Assignment")
          redirects.push(item);
      for (const item of this.suffix)
        if (!isArgument(item))
          redirects.push(item);
      this.#redirects = redirects;
    }
    return this.#redirects;
  }
  toJSON() {
    return { type: this.type, pos: this.pos, end: this.end, name: this.name, prefix: this.prefix, suffix: this.suffix };
  }
};

// node_modules/unbash/dist/heredoc.js
var HereDocBodyImpl = class {
  type = "HereDocBody";
  pos;
  end;
  text = "";
  #source;
  #depth;
  #context;
  #parts;
  constructor(source2, pos, quoted, depth, context) {
    this.pos = pos;
    this.end = pos;
    this.#source = source2;
    this.#depth = depth;
    this.#context = context;
    this.#parts = quoted ? void 0 : null;
  }
  get parts() {
    if (this.#parts === null)
      this.#parts = computeHereDocBodyParts(this.#source, this, this.#depth, this.#context);
    return this.#parts;
  }
  toJSON() {
    return { type: this.type, pos: this.pos, end: this.end, text: this.text, parts: this.parts };
  }
};

// node_modules/unbash/dist/parser.js
Lexer._findSubstitutionEnd = findSubstitutionEnd;
ScriptExpansionImpl._resolveScript = parseRegion;
ArithmeticExpansionImpl._resolveExpression = parseArithmeticWithParts;
function isDeclarationCommand(name) {
  switch (name.length) {
    case 5:
      return name === "local" || name === "alias";
    case 6:
      return name === "export";
    case 7:
      return name === "declare" || name === "typeset";
    case 8:
      return name === "readonly";
    default:
      return false;
  }
}
var ArithmeticCommandImpl = class {
  type = "ArithmeticCommand";
  pos;
  end;
  body;
  #source;
  #depth;
  #context;
  #expression = null;
  constructor(pos, end, body, source2, depth, context) {
    this.pos = pos;
    this.end = end;
    this.body = body;
    this.#source = source2;
    this.#depth = depth;
    this.#context = context;
  }
  get expression() {
    if (this.#expression === null) {
      this.#expression = parseArithmeticWithParts(this.body, this.pos + 2, this.#source, this.#depth, this.#context);
    }
    return this.#expression;
  }
  set expression(v) {
    this.#expression = v ?? void 0;
  }
  toJSON() {
    return {
      type: this.type,
      pos: this.pos,
      end: this.end,
      expression: this.expression,
      body: this.body
    };
  }
};
var ArithmeticForImpl = class {
  type = "ArithmeticFor";
  pos;
  end;
  body;
  #initStr;
  #testStr;
  #updateStr;
  #initPos;
  #testPos;
  #updatePos;
  #source;
  #depth;
  #context;
  #initialize = null;
  #test = null;
  #update = null;
  constructor(pos, end, body, initStr, testStr, updateStr, initPos, testPos, updatePos, source2, depth, context) {
    this.pos = pos;
    this.end = end;
    this.body = body;
    this.#initStr = initStr;
    this.#testStr = testStr;
    this.#updateStr = updateStr;
    this.#initPos = initPos;
    this.#testPos = testPos;
    this.#updatePos = updatePos;
    this.#source = source2;
    this.#depth = depth;
    this.#context = context;
  }
  get initialize() {
    if (this.#initialize === null) {
      if (this.#initStr) {
        this.#initialize = parseArithmeticWithParts(this.#initStr, this.#initPos, this.#source, this.#depth, this.#context);
      } else {
        this.#initialize = void 0;
      }
    }
    return this.#initialize;
  }
  set initialize(v) {
    this.#initialize = v ?? void 0;
  }
  get test() {
    if (this.#test === null) {
      if (this.#testStr) {
        this.#test = parseArithmeticWithParts(this.#testStr, this.#testPos, this.#source, this.#depth, this.#context);
      } else {
        this.#test = void 0;
      }
    }
    return this.#test;
  }
  set test(v) {
    this.#test = v ?? void 0;
  }
  get update() {
    if (this.#update === null) {
      if (this.#updateStr) {
        this.#update = parseArithmeticWithParts(this.#updateStr, this.#updatePos, this.#source, this.#depth, this.#context);
      } else {
        this.#update = void 0;
      }
    }
    return this.#update;
  }
  set update(v) {
    this.#update = v ?? void 0;
  }
  toJSON() {
    return {
      type: this.type,
      pos: this.pos,
      end: this.end,
      initialize: this.initialize,
      test: this.test,
      update: this.update,
      body: this.body
    };
  }
};
var CASE_TERMINATORS = {
  [Token.DoubleSemi]: ";;",
  [Token.SemiAmp]: ";&",
  [Token.DoubleSemiAmp]: ";;&"
};
var REDIRECT_OPS = {
  ">": ">",
  ">>": ">>",
  "<": "<",
  "<>": "<>",
  "<&": "<&",
  ">&": ">&",
  ">|": ">|",
  "&>": "&>",
  "&>>": "&>>"
};
var listTerminators = new Uint8Array(37);
listTerminators[Token.EOF] = 1;
listTerminators[Token.RParen] = 1;
listTerminators[Token.RBrace] = 1;
listTerminators[Token.Then] = 1;
listTerminators[Token.Else] = 1;
listTerminators[Token.Elif] = 1;
listTerminators[Token.Fi] = 1;
listTerminators[Token.Do] = 1;
listTerminators[Token.Done] = 1;
listTerminators[Token.Esac] = 1;
listTerminators[Token.DoubleSemi] = 1;
listTerminators[Token.SemiAmp] = 1;
listTerminators[Token.DoubleSemiAmp] = 1;
var compoundClosers = new Uint8Array(37);
compoundClosers[Token.RParen] = 1;
compoundClosers[Token.RBrace] = 1;
compoundClosers[Token.DblRBracket] = 1;
compoundClosers[Token.Fi] = 1;
compoundClosers[Token.Done] = 1;
compoundClosers[Token.Esac] = 1;
compoundClosers[Token.ArithCmd] = 1;
function isTestNegation(t) {
  return t.token === Token.Word && t.keywordEligible && t.value === "!";
}
var commandStarts = new Uint8Array(37);
commandStarts[Token.Word] = 1;
commandStarts[Token.Assignment] = 1;
commandStarts[Token.Bang] = 1;
commandStarts[Token.LParen] = 1;
commandStarts[Token.LBrace] = 1;
commandStarts[Token.DblLBracket] = 1;
commandStarts[Token.If] = 1;
commandStarts[Token.For] = 1;
commandStarts[Token.While] = 1;
commandStarts[Token.Until] = 1;
commandStarts[Token.Case] = 1;
commandStarts[Token.Function] = 1;
commandStarts[Token.Select] = 1;
commandStarts[Token.ArithCmd] = 1;
commandStarts[Token.Coproc] = 1;
commandStarts[Token.Redirect] = 1;
var UNARY_TEST_OPS = {
  "-a": 1,
  "-b": 1,
  "-c": 1,
  "-d": 1,
  "-e": 1,
  "-f": 1,
  "-g": 1,
  "-h": 1,
  "-k": 1,
  "-p": 1,
  "-r": 1,
  "-s": 1,
  "-t": 1,
  "-u": 1,
  "-v": 1,
  "-w": 1,
  "-x": 1,
  "-z": 1,
  "-n": 1,
  "-o": 1,
  "-N": 1,
  "-S": 1,
  "-L": 1,
  "-G": 1,
  "-O": 1,
  "-R": 1
};
var BINARY_TEST_OPS = {
  "==": 1,
  "!=": 1,
  "=~": 1,
  "=": 1,
  "-eq": 1,
  "-ne": 1,
  "-lt": 1,
  "-le": 1,
  "-gt": 1,
  "-ge": 1,
  "-nt": 1,
  "-ot": 1,
  "-ef": 1,
  "<": 1,
  ">": 1
};
var EMPTY_REDIRECTS = [];
var EMPTY_PREFIXES = [];
var EMPTY_ELIFS = [];
function parse(source2) {
  return new Parser(source2, 0, source2.length).run();
}
function parseRegion(source2, start2, end, depth = 0, parenBoundary = false, context) {
  return new Parser(source2, start2, end, depth, parenBoundary, void 0, context).run();
}
var SubstitutionLexer = class _SubstitutionLexer extends Lexer {
  boundaries;
  pending;
  context;
  constructor(source2, boundary, boundaries, pending, context, parenBoundary = true) {
    super(source2, boundary.start, boundary.end, parenBoundary, context);
    this._nestingDepth = boundary.depth;
    this.boundaries = boundaries;
    this.pending = pending;
    this.context = context;
  }
  // Keep child boundary requests on this worklist so nested scans stay iterative.
  fork(start2, end, parenBoundary = false) {
    return new _SubstitutionLexer(this.getSource(), { start: start2, end, depth: this._nestingDepth }, this.boundaries, this.pending, this.context, parenBoundary);
  }
  findSubstitutionEnd(start2, end, depth = this._nestingDepth + 1) {
    var _a;
    const known = (_a = this.context.boundaries) == null ? void 0 : _a.get(start2);
    if (known !== void 0)
      return known <= end ? known : -1;
    const boundary = this.boundaries.get(start2);
    if (boundary !== void 0)
      return boundary <= end ? boundary : -1;
    if (!this.boundaries.has(start2)) {
      this.boundaries.set(start2, void 0);
      this.pending.push({ start: start2, end, depth });
    }
    return -1;
  }
};
function findSubstitutionEnd(source2, start2, end, depth, context) {
  const boundaries = /* @__PURE__ */ new Map([[start2, void 0]]);
  const pending = [{ start: start2, end, depth }];
  while (pending.length > 0) {
    const count = pending.length;
    const boundary = pending[count - 1];
    const lexer = new SubstitutionLexer(source2, boundary, boundaries, pending, context);
    const found = new Parser(source2, boundary.start, boundary.end, boundary.depth, true, lexer).findSubstitutionEnd();
    if (pending.length === count) {
      boundaries.set(boundary.start, found);
      if (found !== -1)
        substitutionBoundaries(context).set(boundary.start, found);
      pending.pop();
    }
  }
  return boundaries.get(start2) ?? -1;
}
var Parser = class {
  tok;
  source;
  start;
  end;
  depth;
  errors = null;
  syntaxDepth = 0;
  // `depth` counts the substitution scripts (and sub-fields) enclosing this region; it
  // shares the MAX_SYNTAX_NESTING budget with the lexer's lazy word-part materialization.
  constructor(source2, start2, end, depth = 0, parenBoundary = false, lexer, context) {
    this.tok = lexer ?? new Lexer(source2, start2, end, parenBoundary, createSubstitutionContext(context));
    this.tok._nestingDepth = depth;
    this.source = source2;
    this.start = start2;
    this.end = end;
    this.depth = depth;
  }
  run() {
    const start2 = this.start;
    if (this.depth > MAX_SYNTAX_NESTING)
      this.error("maximum substitution nesting depth exceeded", start2);
    let shebang;
    if (start2 === 0 && this.source.charCodeAt(0) === 35 && this.source.charCodeAt(1) === 33) {
      const nl = this.source.indexOf("\n");
      shebang = nl === -1 ? this.source : this.source.slice(0, nl);
    }
    const commands = this.list();
    for (; ; ) {
      const unexpected = this.tok.peek(LexContext.CommandStart);
      if (unexpected.token === Token.EOF)
        break;
      this.unexpectedToken(unexpected);
      if (!listTerminators[unexpected.token] && unexpected.token !== Token.In)
        break;
      this.tok.next(LexContext.CommandStart);
      let separator = this.tok.peek(LexContext.CommandStart).token;
      if (separator !== Token.Semi && separator !== Token.Newline && separator !== Token.Amp)
        break;
      while (separator === Token.Semi || separator === Token.Newline || separator === Token.Amp) {
        this.tok.next(LexContext.CommandStart);
        separator = this.tok.peek(LexContext.CommandStart).token;
      }
      const recovered = this.list();
      for (let i = 0; i < recovered.length; i++)
        commands.push(recovered[i]);
    }
    const lexerErrors = this.tok._errors;
    if (lexerErrors !== null && lexerErrors.length > 0) {
      const errors = this.errors ?? (this.errors = []);
      for (let i = 0; i < lexerErrors.length; i++)
        errors.push(lexerErrors[i]);
    }
    if (this.errors !== null && this.errors.length > 1)
      this.errors.sort((a, b) => a.pos - b.pos);
    return { type: "Script", pos: start2, end: this.end, shebang, commands, errors: this.errors ?? void 0 };
  }
  error(message, pos) {
    (this.errors ?? (this.errors = [])).push({ message, pos });
  }
  unexpectedToken(t) {
    this.error(`unexpected token '${t.token === Token.Newline ? "newline" : t.value}'`, t.pos);
  }
  findSubstitutionEnd() {
    this.list();
    return this.acceptEnd(Token.RParen);
  }
  skipSemi() {
    if (this.tok.peek(LexContext.Normal).token === Token.Semi)
      this.tok.next(LexContext.Normal);
  }
  accept(token, ctx = LexContext.Normal) {
    if (this.tok.peek(ctx).token === token)
      return this.tok.next(ctx);
    return null;
  }
  acceptEnd(token, ctx = LexContext.Normal) {
    if (this.tok.peek(ctx).token === token)
      return this.tok.next(ctx).end;
    return -1;
  }
  skipNewlines(ctx = LexContext.Normal) {
    while (this.tok.peek(ctx).token === Token.Newline)
      this.tok.next(ctx);
  }
  doBody(hasDo) {
    const body = this.list();
    const emptyPos = hasDo ? this.emptyListPos(body) : -1;
    if (emptyPos >= 0)
      this.error("expected command after 'do'", emptyPos);
    return body;
  }
  // Where an empty compound list stopped, or -1. An empty condition is reported only
  // once `then` or `do` follows, so a missing keyword is not reported twice.
  emptyListPos(commands) {
    return commands.length === 0 ? this.tok.peek(LexContext.CommandStart).pos : -1;
  }
  makeStatement(command2) {
    return {
      type: "Statement",
      pos: command2.pos,
      end: command2.end,
      command: command2,
      background: void 0
    };
  }
  // list := and_or ((';' | '&' | NEWLINE) and_or)* [';' | '&' | NEWLINE]
  list() {
    const commands = [];
    this.skipNewlines(LexContext.CommandStart);
    let t = this.tok.peek(LexContext.CommandStart).token;
    if (listTerminators[t] || !commandStarts[t])
      return commands;
    const first = this.andOr();
    if (first)
      commands.push(this.makeStatement(first));
    for (; ; ) {
      t = this.tok.peekFollow(compoundClosers).token;
      if (t !== Token.Semi && t !== Token.Newline && t !== Token.Amp)
        break;
      const isBackground = t === Token.Amp;
      const sepEnd = this.tok.next(LexContext.Normal).end;
      if (isBackground) {
        const stmt = commands[commands.length - 1];
        stmt.background = true;
        stmt.end = sepEnd;
      }
      this.skipNewlines(LexContext.CommandStart);
      t = this.tok.peek(LexContext.CommandStart).token;
      if (listTerminators[t] || !commandStarts[t])
        break;
      const node = this.andOr();
      if (node)
        commands.push(this.makeStatement(node));
    }
    return commands;
  }
  // and_or := pipeline (('&&' | '||') newlines pipeline)*
  andOr() {
    const first = this.pipeline();
    if (!first)
      return null;
    let t = this.tok.peek(LexContext.Normal).token;
    if (t !== Token.And && t !== Token.Or)
      return first;
    const commands = [first];
    const operators = [];
    do {
      const operatorToken = this.tok.next(LexContext.Normal);
      const operator = operatorToken.token === Token.And ? "&&" : "||";
      this.skipNewlines(LexContext.CommandStart);
      const next = this.pipeline();
      if (!next) {
        this.error(`expected command after '${operator}'`, operatorToken.end);
        break;
      }
      operators.push(operator);
      commands.push(next);
      t = this.tok.peek(LexContext.Normal).token;
    } while (t === Token.And || t === Token.Or);
    return {
      type: "AndOr",
      pos: first.pos,
      end: commands[commands.length - 1].end,
      commands,
      operators
    };
  }
  withRedirects(command2) {
    const redirects = this.collectTrailingRedirects();
    if (redirects.length === 0)
      return command2;
    return { type: "Redirected", pos: command2.pos, end: redirects[redirects.length - 1].end, command: command2, redirects };
  }
  pipeline() {
    let prefixes;
    for (; ; ) {
      const token = this.tok.peek(LexContext.CommandStart);
      const isTime = token.token === Token.Word && token.keywordEligible && token.value === "time";
      if (token.token !== Token.Bang && !isTime)
        break;
      const prefix = this.tok.next(LexContext.CommandStart);
      const pos2 = prefix.pos;
      const keywordEnd = prefix.end;
      let posix;
      let endOfOptions;
      if (isTime) {
        let flag = this.tok.peek(LexContext.CommandStart);
        if (flag.token === Token.Word && flag.keywordEligible && flag.value === "-p") {
          this.tok.next(LexContext.CommandStart);
          posix = { pos: flag.pos, end: flag.end };
          flag = this.tok.peek(LexContext.CommandStart);
        }
        if (flag.token === Token.Word && flag.keywordEligible && flag.value === "--") {
          this.tok.next(LexContext.CommandStart);
          endOfOptions = { pos: flag.pos, end: flag.end };
        }
      }
      if (prefixes === void 0)
        prefixes = [];
      prefixes.push(isTime ? { type: "Time", pos: pos2, end: (endOfOptions == null ? void 0 : endOfOptions.end) ?? (posix == null ? void 0 : posix.end) ?? keywordEnd, keywordEnd, posix, endOfOptions } : { type: "Negation", pos: pos2, end: keywordEnd });
    }
    const command2 = this.pipelineCommands();
    if (!prefixes)
      return command2;
    const pos = prefixes[0].pos;
    if ((command2 == null ? void 0 : command2.type) === "Pipeline") {
      command2.prefixes = prefixes;
      command2.pos = pos;
      return command2;
    }
    return {
      type: "Pipeline",
      pos,
      end: command2 ? command2.end : prefixes[prefixes.length - 1].end,
      prefixes,
      commands: command2 ? [command2] : [],
      operators: []
    };
  }
  pipelineCommands() {
    const first = this.command();
    if (!first)
      return null;
    if (this.tok.peek(LexContext.Normal).token !== Token.Pipe)
      return first;
    const commands = [first];
    const operators = [];
    while (this.tok.peek(LexContext.Normal).token === Token.Pipe) {
      const pipeToken = this.tok.next(LexContext.Normal);
      const operator = pipeToken.value === "|&" ? "|&" : "|";
      this.skipNewlines(LexContext.CommandStart);
      const cmd = this.command();
      if (!cmd) {
        this.error(`expected command after '${operator}'`, pipeToken.end);
        break;
      }
      operators.push(operator);
      commands.push(cmd);
    }
    if (commands.length === 1) {
      return commands[0];
    }
    const pipeline = {
      type: "Pipeline",
      pos: first.pos,
      end: commands[commands.length - 1].end,
      prefixes: EMPTY_PREFIXES,
      commands,
      operators
    };
    return pipeline;
  }
  // command := compound_command | function_def | simple_command
  command() {
    let compound;
    switch (this.tok.peek(LexContext.CommandStart).token) {
      case Token.LParen:
        compound = this.subshell();
        break;
      case Token.LBrace:
        compound = this.braceGroup();
        break;
      case Token.If:
        compound = this.ifClause();
        break;
      case Token.For:
        compound = this.forClause();
        break;
      case Token.While:
        compound = this.whileClause();
        break;
      case Token.Until:
        compound = this.untilClause();
        break;
      case Token.Case:
        compound = this.caseClause();
        break;
      case Token.Function:
        return this.functionDef();
      case Token.Select:
        compound = this.selectClause();
        break;
      case Token.DblLBracket:
        compound = this.testCommand();
        break;
      case Token.ArithCmd:
        compound = this.arithCommand();
        break;
      case Token.Coproc:
        return this.coprocCommand();
      case Token.Word:
      case Token.Assignment:
      case Token.Redirect:
        return this.simpleCommandOrFunction(false);
      default:
        return null;
    }
    return this.withRedirects(compound);
  }
  collectTrailingRedirects() {
    let redirects = EMPTY_REDIRECTS;
    while (this.tok.peekFollow(compoundClosers).token === Token.Redirect) {
      if (redirects === EMPTY_REDIRECTS)
        redirects = [];
      redirects.push(this.readRedirect(LexContext.Normal));
    }
    return redirects;
  }
  // arith_command := (( expr ))
  arithCommand() {
    const tok = this.tok.next(LexContext.CommandStart);
    return new ArithmeticCommandImpl(tok.pos, tok.end, tok.value, this.source, this.depth, this.tok.getSubstitutionContext());
  }
  // coproc := COPROC ([name] compound_command [redirections] | simple_command)
  coprocCommand() {
    const start2 = this.tok.next(LexContext.CommandStart);
    const pos = start2.pos;
    const first = this.tok.peek(LexContext.CommandStart);
    let name;
    if (first.token === Token.Word) {
      const lookahead = this.tok.fork(first.end, this.end);
      switch (lookahead.peek(LexContext.CommandStart).token) {
        case Token.LParen:
          lookahead.next(LexContext.CommandStart);
          if (lookahead.peek(LexContext.Normal).token !== Token.RParen)
            name = this.readWord(LexContext.CommandStart);
          break;
        case Token.LBrace:
        case Token.If:
        case Token.For:
        case Token.While:
        case Token.Until:
        case Token.Case:
        case Token.Select:
        case Token.DblLBracket:
        case Token.ArithCmd:
          name = this.readWord(LexContext.CommandStart);
      }
    }
    const cmd = first.token === Token.Word && name === void 0 ? this.simpleCommandOrFunction(true) : this.command();
    if (cmd && cmd.type !== "Function" && cmd.type !== "Coproc") {
      return { type: "Coproc", pos, end: cmd.end, name, body: cmd };
    }
    this.error("expected command after 'coproc'", (cmd == null ? void 0 : cmd.pos) ?? start2.end);
    const body = cmd ? this.makeCompoundList([this.makeStatement(cmd)]) : { type: "CompoundList", pos: start2.end, end: start2.end, commands: [] };
    return { type: "Coproc", pos, end: body.end, name, body };
  }
  // subshell := '(' list ')'
  subshell() {
    return this.subshellBody(this.tok.next(LexContext.CommandStart).pos);
  }
  // Continues a subshell whose '(' the caller already consumed.
  subshellBody(pos) {
    if (this.syntaxDepth >= MAX_SYNTAX_NESTING) {
      this.error("maximum subshell nesting depth exceeded", pos);
      const closeEnd2 = this.tok.skipSubshellBody();
      if (closeEnd2 < 0)
        this.error("expected ')' to close subshell", this.tok.getPos());
      const end2 = closeEnd2 >= 0 ? closeEnd2 : pos;
      return { type: "Subshell", pos, end: end2, body: this.makeCompoundList([]) };
    }
    this.syntaxDepth++;
    const commands = this.list();
    this.syntaxDepth--;
    if (commands.length === 0)
      this.error("expected command in subshell", pos);
    const closeEnd = this.acceptEnd(Token.RParen, LexContext.Normal);
    if (closeEnd < 0)
      this.error("expected ')' to close subshell", this.tok.getPos());
    const end = closeEnd >= 0 ? closeEnd : pos;
    return { type: "Subshell", pos, end, body: this.makeCompoundList(commands) };
  }
  // brace_group := '{' list '}'
  braceGroup() {
    const pos = this.tok.next(LexContext.CommandStart).pos;
    if (this.syntaxDepth >= MAX_SYNTAX_NESTING) {
      this.error("maximum brace group nesting depth exceeded", pos);
      const closeEnd2 = this.tok.skipCompoundBody(Token.RBrace);
      if (closeEnd2 < 0)
        this.error("expected '}' to close brace group", this.tok.getPos());
      const end2 = closeEnd2 >= 0 ? closeEnd2 : pos;
      return { type: "BraceGroup", pos, end: end2, body: this.makeCompoundList([]) };
    }
    this.syntaxDepth++;
    const commands = this.list();
    this.syntaxDepth--;
    if (commands.length === 0)
      this.error("expected command in brace group", pos);
    const closeEnd = this.acceptEnd(Token.RBrace, LexContext.Normal);
    if (closeEnd < 0)
      this.error("expected '}' to close brace group", this.tok.getPos());
    const end = closeEnd >= 0 ? closeEnd : pos;
    return { type: "BraceGroup", pos, end, body: this.makeCompoundList(commands) };
  }
  // if_clause := IF list THEN list (ELIF list THEN list)* [ELSE list] FI
  ifClause() {
    const pos = this.tok.next(LexContext.CommandStart).pos;
    if (this.syntaxDepth >= MAX_SYNTAX_NESTING) {
      this.error("maximum if nesting depth exceeded", pos);
      const closeEnd2 = this.tok.skipCompoundBody(Token.Fi);
      if (closeEnd2 < 0)
        this.error("expected 'fi' to close 'if'", this.tok.getPos());
      const end = closeEnd2 >= 0 ? closeEnd2 : pos;
      return {
        type: "If",
        pos,
        end,
        clause: this.makeCompoundList([]),
        then: this.makeCompoundList([]),
        elif: EMPTY_ELIFS,
        else: void 0
      };
    }
    this.syntaxDepth++;
    let command2;
    let branchPos = pos;
    for (; ; ) {
      const clauseCommands = this.list();
      const emptyClausePos = this.emptyListPos(clauseCommands);
      const clause = this.makeCompoundList(clauseCommands);
      this.skipSemi();
      const thenToken = this.accept(Token.Then, LexContext.CommandStart);
      if (!thenToken)
        this.error("expected 'then'", this.tok.getPos());
      else if (emptyClausePos >= 0)
        this.error(`expected command after '${branchPos === pos ? "if" : "elif"}'`, emptyClausePos);
      const thenCommands = this.list();
      const then_ = this.makeCompoundList(thenCommands);
      if (thenToken && thenCommands.length === 0) {
        this.error("expected command after 'then'", this.tok.peek(LexContext.CommandStart).pos);
        then_.pos = thenToken.end;
        then_.end = thenToken.end;
      }
      if (command2) {
        if (command2.elif === EMPTY_ELIFS)
          command2.elif = [];
        command2.elif.push({
          type: "Elif",
          pos: branchPos,
          end: then_.end,
          clause,
          then: then_
        });
      } else {
        command2 = { type: "If", pos, end: pos, clause, then: then_, elif: EMPTY_ELIFS, else: void 0 };
      }
      this.skipSemi();
      const elif = this.accept(Token.Elif, LexContext.CommandStart);
      if (!elif)
        break;
      branchPos = elif.pos;
    }
    if (this.accept(Token.Else, LexContext.CommandStart)) {
      const elseCommands = this.list();
      const emptyElsePos = this.emptyListPos(elseCommands);
      if (emptyElsePos >= 0)
        this.error("expected command after 'else'", emptyElsePos);
      command2.else = this.makeCompoundList(elseCommands);
      this.skipSemi();
    }
    const closeEnd = this.acceptEnd(Token.Fi, LexContext.CommandStart);
    if (closeEnd < 0)
      this.error("expected 'fi' to close 'if'", this.tok.getPos());
    command2.end = closeEnd >= 0 ? closeEnd : branchPos;
    this.syntaxDepth--;
    return command2;
  }
  // for_clause := FOR word [IN word* (';'|NL)] DO list DONE
  //            | FOR '((' expr '))' [';'|NL] DO list DONE
  forClause() {
    const pos = this.tok.next(LexContext.CommandStart).pos;
    if (this.tok.peek(LexContext.Normal).token === Token.LParen) {
      return this.cStyleFor(pos);
    }
    const name = this.readRequiredWord("for");
    let wordlist;
    this.skipNewlines(LexContext.CommandStart);
    if (this.tok.peek(LexContext.CommandStart).token === Token.In) {
      this.tok.next(LexContext.CommandStart);
      wordlist = [];
      while (this.tok.peek(LexContext.Normal).token === Token.Word) {
        wordlist.push(this.readWord(LexContext.Normal));
      }
    }
    this.skipSemi();
    this.skipNewlines(LexContext.CommandStart);
    if (this.tok.peek(LexContext.CommandStart).token === Token.LBrace) {
      const bg = this.braceGroup();
      return { type: "For", pos, end: bg.end, name, wordlist, body: bg.body };
    }
    const hasDo = this.accept(Token.Do, LexContext.CommandStart) !== null;
    if (!hasDo)
      this.error("expected 'do'", this.tok.getPos());
    if (this.syntaxDepth >= MAX_SYNTAX_NESTING) {
      this.error("maximum for nesting depth exceeded", pos);
      const closeEnd2 = this.tok.skipCompoundBody(Token.Done);
      if (closeEnd2 < 0)
        this.error("expected 'done' to close 'for'", this.tok.getPos());
      const end2 = closeEnd2 >= 0 ? closeEnd2 : pos;
      return { type: "For", pos, end: end2, name, wordlist, body: this.makeCompoundList([]) };
    }
    this.syntaxDepth++;
    const body = this.doBody(hasDo);
    this.syntaxDepth--;
    this.skipSemi();
    const closeEnd = this.acceptEnd(Token.Done, LexContext.CommandStart);
    if (closeEnd < 0)
      this.error("expected 'done' to close 'for'", this.tok.getPos());
    const end = closeEnd >= 0 ? closeEnd : pos;
    return { type: "For", pos, end, name, wordlist, body: this.makeCompoundList(body) };
  }
  // C-style for: (( expr; expr; expr )) [;|NL] do list done | { list }
  cStyleFor(pos) {
    const [initStr, testStr, updateStr, initPos, testPos, updatePos] = this.tok.readCStyleForExprs();
    if (this.tok.peek(LexContext.CommandStart).token === Token.Semi)
      this.tok.next(LexContext.CommandStart);
    this.skipNewlines(LexContext.CommandStart);
    if (this.tok.peek(LexContext.CommandStart).token === Token.LBrace) {
      const bg = this.braceGroup();
      return new ArithmeticForImpl(pos, bg.end, bg.body, initStr, testStr, updateStr, initPos, testPos, updatePos, this.source, this.depth, this.tok.getSubstitutionContext());
    }
    const hasDo = this.accept(Token.Do, LexContext.CommandStart) !== null;
    if (!hasDo)
      this.error("expected 'do'", this.tok.getPos());
    if (this.syntaxDepth >= MAX_SYNTAX_NESTING) {
      this.error("maximum for nesting depth exceeded", pos);
      const closeEnd2 = this.tok.skipCompoundBody(Token.Done);
      if (closeEnd2 < 0)
        this.error("expected 'done' to close 'for'", this.tok.getPos());
      const end2 = closeEnd2 >= 0 ? closeEnd2 : pos;
      return new ArithmeticForImpl(pos, end2, this.makeCompoundList([]), initStr, testStr, updateStr, initPos, testPos, updatePos, this.source, this.depth, this.tok.getSubstitutionContext());
    }
    this.syntaxDepth++;
    const body = this.doBody(hasDo);
    this.syntaxDepth--;
    const closeEnd = this.acceptEnd(Token.Done, LexContext.CommandStart);
    if (closeEnd < 0)
      this.error("expected 'done' to close 'for'", this.tok.getPos());
    const end = closeEnd >= 0 ? closeEnd : pos;
    return new ArithmeticForImpl(pos, end, this.makeCompoundList(body), initStr, testStr, updateStr, initPos, testPos, updatePos, this.source, this.depth, this.tok.getSubstitutionContext());
  }
  whileClause() {
    return this.whileOrUntil("while");
  }
  untilClause() {
    return this.whileOrUntil("until");
  }
  whileOrUntil(kind) {
    const pos = this.tok.next(LexContext.CommandStart).pos;
    if (this.syntaxDepth >= MAX_SYNTAX_NESTING) {
      this.error(`maximum ${kind} nesting depth exceeded`, pos);
      const closeEnd2 = this.tok.skipCompoundBody(Token.Done);
      if (closeEnd2 < 0)
        this.error(`expected 'done' to close '${kind}'`, this.tok.getPos());
      const end2 = closeEnd2 >= 0 ? closeEnd2 : pos;
      return {
        type: "While",
        pos,
        end: end2,
        kind,
        clause: this.makeCompoundList([]),
        body: this.makeCompoundList([])
      };
    }
    this.syntaxDepth++;
    const clauseCommands = this.list();
    const emptyClausePos = this.emptyListPos(clauseCommands);
    const clause = this.makeCompoundList(clauseCommands);
    this.skipSemi();
    const hasDo = this.accept(Token.Do, LexContext.CommandStart) !== null;
    if (!hasDo)
      this.error("expected 'do'", this.tok.getPos());
    else if (emptyClausePos >= 0)
      this.error(`expected command after '${kind}'`, emptyClausePos);
    const body = this.doBody(hasDo);
    this.skipSemi();
    const closeEnd = this.acceptEnd(Token.Done, LexContext.CommandStart);
    if (closeEnd < 0)
      this.error(`expected 'done' to close '${kind}'`, this.tok.getPos());
    const end = closeEnd >= 0 ? closeEnd : pos;
    this.syntaxDepth--;
    return { type: "While", pos, end, kind, clause, body: this.makeCompoundList(body) };
  }
  // case_clause := CASE word IN (pattern) list (;; | ;& | ;;&) ... ESAC
  caseClause() {
    const pos = this.tok.next(LexContext.CommandStart).pos;
    const word = this.readRequiredWord("case");
    this.skipNewlines(LexContext.CommandStart);
    if (!this.accept(Token.In, LexContext.CommandStart))
      this.error("expected 'in' after 'case' word", this.tok.getPos());
    this.skipNewlines(LexContext.CasePattern);
    if (this.syntaxDepth >= MAX_SYNTAX_NESTING) {
      this.error("maximum case nesting depth exceeded", pos);
      const closeEnd2 = this.tok.skipCompoundBody(Token.Esac);
      if (closeEnd2 < 0)
        this.error("expected 'esac' to close 'case'", this.tok.getPos());
      const end2 = closeEnd2 >= 0 ? closeEnd2 : pos;
      return { type: "Case", pos, end: end2, word, items: [] };
    }
    this.syntaxDepth++;
    const items = [];
    let invalid = false;
    let t = this.tok.peek(LexContext.CasePattern).token;
    while (t !== Token.Esac && t !== Token.EOF) {
      const itemPos = this.tok.peek(LexContext.Normal).pos;
      this.accept(Token.LParen, LexContext.Normal);
      const pattern = [];
      let expectWord = true;
      let next = this.tok.peek(LexContext.Normal);
      while (next.token !== Token.RParen && next.token !== Token.EOF) {
        const valid = next.token === (expectWord ? Token.Word : Token.Pipe);
        if (valid)
          expectWord = !expectWord;
        else if (!invalid) {
          this.unexpectedToken(next);
          invalid = true;
        }
        const tok = this.tok.next(LexContext.Normal);
        if (tok.token === Token.Word)
          pattern.push(this.toWord(tok));
        next = this.tok.peek(LexContext.Normal);
      }
      if (expectWord && next.token === Token.RParen && !invalid) {
        this.unexpectedToken(next);
        invalid = true;
      }
      const rparenEnd = this.acceptEnd(Token.RParen, LexContext.Normal);
      const cmds = this.list();
      const bodyPos = rparenEnd >= 0 ? rparenEnd : pattern.length > 0 ? pattern[pattern.length - 1].end : itemPos;
      const itemEnd = cmds.length > 0 ? cmds[cmds.length - 1].end : bodyPos;
      const item = {
        type: "CaseItem",
        pos: itemPos,
        end: itemEnd,
        pattern,
        body: cmds.length > 0 ? this.makeCompoundList(cmds) : { type: "CompoundList", pos: bodyPos, end: bodyPos, commands: [] },
        terminator: void 0
      };
      const after2 = this.tok.peek(LexContext.CommandStart);
      t = after2.token;
      if (t === Token.DoubleSemi || t === Token.SemiAmp || t === Token.DoubleSemiAmp) {
        const termTok = this.tok.next(LexContext.CommandStart);
        item.terminator = CASE_TERMINATORS[termTok.token];
        item.end = termTok.end;
      } else if (t !== Token.Esac && t !== Token.EOF && !invalid) {
        this.unexpectedToken(after2);
        invalid = true;
      }
      items.push(item);
      this.skipNewlines(LexContext.CasePattern);
      t = this.tok.peek(LexContext.CasePattern).token;
    }
    const closeEnd = this.acceptEnd(Token.Esac, LexContext.CommandStart);
    if (closeEnd < 0)
      this.error("expected 'esac' to close 'case'", this.tok.getPos());
    const end = closeEnd >= 0 ? closeEnd : pos;
    this.syntaxDepth--;
    return { type: "Case", pos, end, word, items };
  }
  // select_clause := SELECT word [IN word* (';'|NL)] DO list DONE
  selectClause() {
    const pos = this.tok.next(LexContext.CommandStart).pos;
    const name = this.readRequiredWord("select");
    let wordlist;
    this.skipNewlines(LexContext.CommandStart);
    if (this.tok.peek(LexContext.CommandStart).token === Token.In) {
      this.tok.next(LexContext.CommandStart);
      wordlist = [];
      while (this.tok.peek(LexContext.Normal).token === Token.Word) {
        wordlist.push(this.readWord(LexContext.Normal));
      }
    }
    this.skipSemi();
    this.skipNewlines(LexContext.CommandStart);
    if (this.tok.peek(LexContext.CommandStart).token === Token.LBrace) {
      const bg = this.braceGroup();
      return { type: "Select", pos, end: bg.end, name, wordlist, body: bg.body };
    }
    const hasDo = this.accept(Token.Do, LexContext.CommandStart) !== null;
    if (!hasDo)
      this.error("expected 'do'", this.tok.getPos());
    if (this.syntaxDepth >= MAX_SYNTAX_NESTING) {
      this.error("maximum select nesting depth exceeded", pos);
      const closeEnd2 = this.tok.skipCompoundBody(Token.Done);
      if (closeEnd2 < 0)
        this.error("expected 'done' to close 'select'", this.tok.getPos());
      const end2 = closeEnd2 >= 0 ? closeEnd2 : pos;
      return { type: "Select", pos, end: end2, name, wordlist, body: this.makeCompoundList([]) };
    }
    this.syntaxDepth++;
    const body = this.doBody(hasDo);
    this.syntaxDepth--;
    this.skipSemi();
    const closeEnd = this.acceptEnd(Token.Done, LexContext.CommandStart);
    if (closeEnd < 0)
      this.error("expected 'done' to close 'select'", this.tok.getPos());
    const end = closeEnd >= 0 ? closeEnd : pos;
    return { type: "Select", pos, end, name, wordlist, body: this.makeCompoundList(body) };
  }
  // test_command := [[ test_expr ]]
  testCommand() {
    const pos = this.tok.next(LexContext.CommandStart).pos;
    const expr = this.parseTestOr();
    const closeEnd = this.acceptEnd(Token.DblRBracket, LexContext.TestMode);
    if (closeEnd < 0)
      this.error("expected ']]' to close '[['", this.tok.getPos());
    const end = closeEnd >= 0 ? closeEnd : pos;
    return { type: "TestCommand", pos, end, expression: expr };
  }
  // test_or := test_and ('||' test_and)*
  parseTestOr() {
    const first = this.parseTestAnd();
    if (this.tok.peek(LexContext.TestMode).token !== Token.Or)
      return first;
    const operands = [first];
    do {
      this.tok.next(LexContext.TestMode);
      operands.push(this.parseTestAnd());
    } while (this.tok.peek(LexContext.TestMode).token === Token.Or);
    return {
      type: "TestLogical",
      pos: first.pos,
      end: operands[operands.length - 1].end,
      operator: "||",
      operands
    };
  }
  // test_and := test_not ('&&' test_not)*
  parseTestAnd() {
    const first = this.parseTestNot();
    if (this.tok.peek(LexContext.TestMode).token !== Token.And)
      return first;
    const operands = [first];
    do {
      this.tok.next(LexContext.TestMode);
      operands.push(this.parseTestNot());
    } while (this.tok.peek(LexContext.TestMode).token === Token.And);
    return {
      type: "TestLogical",
      pos: first.pos,
      end: operands[operands.length - 1].end,
      operator: "&&",
      operands
    };
  }
  // test_not := '!' test_not | test_primary
  parseTestNot() {
    let t = this.tok.peek(LexContext.TestMode);
    if (!isTestNegation(t))
      return this.parseTestPrimary();
    const negations = [];
    while (isTestNegation(t)) {
      const bang = this.tok.next(LexContext.TestMode);
      negations.push({ type: "Negation", pos: bang.pos, end: bang.end });
      t = this.tok.peek(LexContext.TestMode);
    }
    const operand = this.parseTestPrimary();
    return { type: "TestNot", pos: negations[0].pos, end: operand.end, negations, operand };
  }
  // test_primary := '(' test_or ')' | unary_op word | word binary_op word | word
  parseTestPrimary() {
    if (this.tok.peek(LexContext.TestMode).token === Token.LParen) {
      const openPos = this.tok.next(LexContext.TestMode).pos;
      if (this.syntaxDepth >= MAX_SYNTAX_NESTING) {
        this.error("maximum test group nesting depth exceeded", openPos);
        const closeEnd2 = this.tok.skipTestGroup();
        if (closeEnd2 < 0)
          this.error("expected ')' to close test group", this.tok.getPos());
        const end2 = closeEnd2 >= 0 ? closeEnd2 : openPos;
        const operand = new WordImpl("", openPos, openPos);
        const expression = {
          type: "TestUnary",
          pos: openPos,
          end: openPos,
          operator: "-n",
          operand
        };
        return { type: "TestGroup", pos: openPos, end: end2, expression };
      }
      this.syntaxDepth++;
      const expr = this.parseTestOr();
      this.syntaxDepth--;
      const closeEnd = this.acceptEnd(Token.RParen, LexContext.TestMode);
      if (closeEnd < 0)
        this.error("expected ')' to close test group", this.tok.getPos());
      const end = closeEnd >= 0 ? closeEnd : openPos;
      return { type: "TestGroup", pos: openPos, end, expression: expr };
    }
    const first = this.tok.next(LexContext.TestMode);
    if (first.token === Token.And || first.token === Token.Or)
      this.unexpectedToken(first);
    const val = first.value;
    const firstPos = first.pos;
    const firstEnd = first.end;
    if (first.keywordEligible && UNARY_TEST_OPS[val] === 1) {
      if (this.tok.peek(LexContext.TestMode).token === Token.Word) {
        const operand2 = this.readTestOperand();
        return {
          type: "TestUnary",
          pos: firstPos,
          end: operand2.end,
          operator: val,
          operand: operand2
        };
      }
      this.error("expected operand after unary test operator", firstEnd);
      const operand = new WordImpl("", firstEnd, firstEnd);
      return { type: "TestUnary", pos: firstPos, end: firstEnd, operator: val, operand };
    }
    const nt = this.tok.peek(LexContext.TestMode);
    if (nt.token === Token.Word && nt.keywordEligible && BINARY_TEST_OPS[nt.value] === 1) {
      const op = this.tok.next(LexContext.TestMode).value;
      let right;
      if (op === "=~") {
        const token = this.tok.readTestRegexWord();
        right = new WordImpl(this.source.slice(token.pos, token.end), token.pos, token.end, this.source, embeddedPartsResolver(this.tok.getSubstitutionContext()), this.depth);
      } else {
        right = this.readTestOperand();
      }
      const left = this.toWordFromPosEnd(first, firstPos, firstEnd);
      return {
        type: "TestBinary",
        pos: firstPos,
        end: right.end,
        operator: op,
        left,
        right
      };
    }
    const w = this.toWordFromPosEnd(first, firstPos, firstEnd);
    return { type: "TestUnary", pos: firstPos, end: w.end, operator: "-n", operand: w };
  }
  // Unquoted `<` and `>` are operators in `[[ ]]`, never operands.
  readTestOperand() {
    const t = this.tok.next(LexContext.TestMode);
    if (t.keywordEligible && (t.value === "<" || t.value === ">"))
      this.error(`unexpected argument '${t.value}' to conditional operator`, t.pos);
    return this.toWord(t);
  }
  // function_def with 'function' keyword
  functionDef() {
    const pos = this.tok.next(LexContext.CommandStart).pos;
    const name = this.readWord(LexContext.FunctionName);
    let body;
    if (this.tok.peek(LexContext.CommandStart).token === Token.LParen) {
      const openPos = this.tok.next(LexContext.CommandStart).pos;
      if (this.tok.peek(LexContext.CommandStart).token === Token.RParen) {
        this.tok.next(LexContext.CommandStart);
        this.skipNewlines(LexContext.CommandStart);
        body = this.commandAsBody();
      } else {
        body = this.withRedirects(this.subshellBody(openPos));
      }
    } else {
      this.skipNewlines(LexContext.CommandStart);
      body = this.commandAsBody();
    }
    return { type: "Function", pos, end: body.end, name, body };
  }
  // simple_command or function_def (word '(' ')' body)
  simpleCommandOrFunction(coproc) {
    const prefix = [];
    const cmdPos = this.tok.peek(LexContext.CommandStart).pos;
    let lastEnd = cmdPos;
    let ctx = LexContext.CommandStart;
    for (; ; ) {
      const t = this.tok.peek(ctx).token;
      if (t === Token.Assignment) {
        const assignment = this.tok.next(ctx);
        lastEnd = assignment.end;
        prefix.push(this.parseAssignment(assignment));
      } else if (t === Token.Redirect) {
        const redirect = this.readRedirect(ctx);
        prefix.push(redirect);
        lastEnd = redirect.end;
      } else {
        break;
      }
      ctx = LexContext.CommandPrefix;
    }
    if (this.tok.peek(LexContext.Normal).token !== Token.Word) {
      return new CommandImpl(cmdPos, lastEnd, void 0, prefix, []);
    }
    const nameToken = this.tok.next(LexContext.Normal);
    const keyword = nameToken.keywordEligible ? nameToken.value : "";
    const name = this.toWord(nameToken);
    ctx = isDeclarationCommand(keyword) ? LexContext.Declaration : keyword === "eval" || keyword === "let" ? LexContext.EvalArgument : LexContext.Normal;
    lastEnd = name.end;
    const suffix = [];
    if (coproc) {
      while (this.tok.peek(LexContext.CommandPrefix).token === Token.Assignment) {
        const token = this.tok.next(LexContext.CommandPrefix);
        const word = ctx === LexContext.Declaration ? this.parseAssignment(token) : this.toWord(token);
        suffix.push(word);
        lastEnd = word.end;
      }
    }
    if (this.tok.peek(ctx).token === Token.LParen && suffix.length === 0) {
      this.tok.next(LexContext.Normal);
      if (this.tok.peek(LexContext.Normal).token === Token.RParen) {
        this.tok.next(LexContext.Normal);
        this.skipNewlines(LexContext.CommandStart);
        const body = this.commandAsBody();
        return {
          type: "Function",
          pos: name.pos,
          end: body.end,
          name,
          body
        };
      }
    }
    for (; ; ) {
      const st = this.tok.peek(ctx).token;
      if (st === Token.Word || st === Token.Assignment) {
        const token = this.tok.next(ctx);
        const w = st === Token.Assignment ? this.parseAssignment(token) : this.toWord(token);
        suffix.push(w);
        lastEnd = w.end;
      } else if (st === Token.Redirect) {
        const redirect = this.readRedirect(ctx);
        suffix.push(redirect);
        lastEnd = redirect.end;
      } else {
        break;
      }
    }
    return new CommandImpl(cmdPos, lastEnd, name, prefix, suffix);
  }
  readRedirect(ctx) {
    const t = this.tok.next(ctx);
    const tPos = t.pos;
    const tEnd = t.end;
    const descriptor = t.fileDescriptor !== void 0 ? { type: "FileDescriptor", pos: tPos, end: t.descriptorEnd, value: t.fileDescriptor } : t.variableName !== void 0 ? { type: "FileDescriptorVariable", pos: tPos, end: t.descriptorEnd, name: t.variableName } : void 0;
    const hasTarget = t.targetEnd > t.targetPos;
    if (!hasTarget)
      this.error("expected redirect target", t.targetPos);
    if (t.value === "<<" || t.value === "<<-") {
      const r = {
        type: "HereDoc",
        pos: tPos,
        end: tEnd,
        operator: t.value,
        descriptor,
        delimiter: hasTarget ? {
          type: "HereDocDelimiter",
          pos: t.targetPos,
          end: t.targetEnd,
          text: this.source.slice(t.targetPos, t.targetEnd),
          value: t.content ?? "",
          quoted: t.delimiterQuoted
        } : void 0,
        body: new HereDocBodyImpl(this.source, tEnd, t.delimiterQuoted, this.depth, this.tok.getSubstitutionContext()),
        closing: void 0
      };
      if (hasTarget)
        this.tok.registerHereDocTarget(r);
      return r;
    }
    const target = hasTarget ? new WordImpl(this.source.slice(t.targetPos, t.targetEnd), t.targetPos, t.targetEnd, this.source, wordPartsResolver(this.tok.getSubstitutionContext()), this.depth) : void 0;
    return t.value === "<<<" ? { type: "HereString", pos: tPos, end: tEnd, operator: "<<<", descriptor, target } : { type: "Redirect", pos: tPos, end: tEnd, operator: REDIRECT_OPS[t.value] ?? ">", descriptor, target };
  }
  commandAsBody() {
    const cmd = this.command();
    if (cmd && cmd.type !== "Command" && cmd.type !== "Function" && cmd.type !== "Coproc")
      return cmd;
    this.error("expected compound command as function body", (cmd == null ? void 0 : cmd.pos) ?? this.tok.getPos());
    return this.makeCompoundList(cmd ? [this.makeStatement(cmd)] : []);
  }
  readWord(ctx) {
    return this.toWord(this.tok.next(ctx));
  }
  // A missing word stays empty and leaves its token to the rest of the clause.
  readRequiredWord(keyword) {
    const t = this.tok.peek(LexContext.Normal);
    if (t.token === Token.Word)
      return this.toWord(this.tok.next(LexContext.Normal));
    if (t.token !== Token.EOF)
      this.error(`expected word after '${keyword}'`, t.pos);
    return new WordImpl("", t.pos, t.pos);
  }
  toWord(tok) {
    const text = tok.raw ? tok.value : this.source.slice(tok.pos, tok.end);
    const source2 = tok.raw && tok.keywordEligible ? void 0 : this.source;
    return new WordImpl(text, tok.pos, tok.end, source2, source2 === void 0 ? computeBareWordParts : wordPartsResolver(this.tok.getSubstitutionContext()), this.depth);
  }
  toWordFromPosEnd(tok, pos, end) {
    if (tok.pos === pos && tok.end === end)
      return this.toWord(tok);
    return new WordImpl(this.source.slice(pos, end), pos, end, this.source, wordPartsResolver(this.tok.getSubstitutionContext()), this.depth);
  }
  parseAssignment(token) {
    const text = token.raw ? token.value : this.source.slice(token.pos, token.end);
    return new AssignmentImpl(text, token.pos, token.end, this.source, token.assignmentOperatorPos, this.depth, this.tok.getSubstitutionContext());
  }
  makeCompoundList(commands) {
    const p = this.tok.getPos();
    const pos = commands.length > 0 ? commands[0].pos : p;
    const end = commands.length > 0 ? commands[commands.length - 1].end : p;
    return { type: "CompoundList", pos, end, commands };
  }
};

// src/domain/project-paths.ts
var STATE_FILE = ".planning/STATE.md";
var PHASES_FOLDER = ".planning/phases";
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
function judgeDocument(actor, target) {
  if (target.ground.kind !== "worktree") return void 0;
  const { place, relative } = target.ground;
  const document = documentAt(relative, actor.caseBlind);
  switch (document == null ? void 0 : document.kind) {
    case void 0:
      return void 0;
    case "runtime":
      return { code: "runtime-folder", path: target.path, folder: document.folder };
    case "decisions":
      return { code: "decisions-file", path: target.path };
    case "state":
    case "agents":
      return actor.place === COORDINATOR_PLACE && place === COORDINATOR_PLACE ? void 0 : { code: "coordinator-document", path: target.path, actor: actor.name };
    case "status": {
      if (isOwnFolder(actor, document.phaseFolder) && place === actor.place) return void 0;
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
        const { owner, root: worktree2 } = ground;
        return { code: "other-worktree", path, owner, worktree: worktree2, actor: actor.name, root: actor.root };
      }
      return judgeScope(actor, path, ground.relative);
  }
}
function isAlwaysInScope(actor, relative) {
  const document = documentAt(relative, actor.caseBlind);
  return (document == null ? void 0 : document.kind) === "status" || relative === ".progress" || relative.startsWith(".progress/");
}
function judgeScope(actor, path, relative) {
  var _a;
  const scope = ((_a = actor.phase) == null ? void 0 : _a.scope) ?? [];
  if (!actor.phase || scope.length === 0 || isAlwaysInScope(actor, relative)) return void 0;
  const flags = actor.caseBlind ? "i" : "";
  if (scope.some((rule) => new RegExp(rule.pattern, flags).test(relative))) return void 0;
  return { code: "out-of-scope", path, phase: actor.phase.id, scope: scope.map((rule) => rule.glob) };
}
function judgeTree(actor, target) {
  const other = target.below.find((worktree2) => worktree2.place !== actor.place);
  if (other) return { code: "tree-holds-other", path: target.path, inside: other.root, owner: other.owner };
  if (target.ground.kind !== "worktree") return void 0;
  const { relative } = target.ground;
  if (!mayHoldDocuments(relative, actor.caseBlind)) return void 0;
  const phaseFolder = phaseFolderAt(relative, actor.caseBlind);
  if (phaseFolder !== void 0 && isOwnFolder(actor, phaseFolder)) return void 0;
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

// src/domain/shell/limits.ts
var COMMAND_CHARS_MAX = 1e5;
var DEPTH_MAX = 8;
var NESTING_MAX = 48;
var STEPS_MAX = 1e4;
var PARSED_CHARS_MAX = 1e6;
var EXPANSION_MAX = 256;
var WORLDS_MAX = 12;
var VARIABLES_MAX = 500;
var DETOURS_MAX = 200;
var FINDINGS_MAX = 1e3;
var DETAIL_CHARS_MAX = 120;
var VALUE_CHARS_MAX = 2e4;

// src/domain/shell/markers.ts
var OPEN_VARIABLE = "\uE000";
var OPEN_OUTPUT = "\uE001";
var NAME = "\uE002";
var BELOW = "\uE003";
var EVERY = "\uE004";
var MAYBE = "\uE005";
var STAR = "\uE006";
var ONE = "\uE007";
var CLASS_OPEN = "\uE008";
var CLASS_CLOSE = "\uE009";
var FOUND = "\uE00A";
var ANY = /[\uE000-\uE00A]/;
var OPEN = /[\uE000\uE001]/;
var SEVERAL = /[\uE000\uE001\uE003\uE004\uE00A]/;
var PATTERN = /[\uE000-\uE004\uE006-\uE00A]/;
var isStatic = (text) => !ANY.test(text);
var isOpen = (text) => OPEN.test(text);
var hasSeveral = (text) => SEVERAL.test(text);
var hasPattern = (text) => PATTERN.test(text);
var firstOpen = (text) => text.search(OPEN);
var withoutMaybe = (text) => text.replaceAll(MAYBE, "");
var PRINTED = {
  [OPEN_VARIABLE]: "*",
  [OPEN_OUTPUT]: "*",
  [NAME]: "*",
  [BELOW]: "*",
  [EVERY]: "*",
  [MAYBE]: "",
  [STAR]: "*",
  [ONE]: "?",
  [CLASS_OPEN]: "[",
  [CLASS_CLOSE]: "]",
  [FOUND]: "*"
};
function printText(text) {
  return isStatic(text) ? text : text.replace(/[\uE000-\uE00A]/g, (marker) => PRINTED[marker] ?? "*");
}
function activateGlobs(text) {
  if (!/[*?[]/.test(text)) return text;
  const hasClass = text.indexOf("]") > text.indexOf("[");
  return text.replaceAll("*", STAR).replaceAll("?", ONE).replaceAll("[", hasClass ? CLASS_OPEN : "[").replaceAll("]", hasClass ? CLASS_CLOSE : "]");
}

// src/domain/shell/paths.ts
var DRIVE = /^[A-Za-z]:[\\/]/;
function isAbsolute(path, windows) {
  return path.startsWith("/") || windows && DRIVE.test(path);
}
function windowsPath(path, cwd) {
  const slashed = path.replaceAll("\\", "/");
  const mount = /^\/([A-Za-z])(\/.*)?$/.exec(slashed);
  return mount && DRIVE.test(cwd) ? `${(mount[1] ?? "").toUpperCase()}:${mount[2] ?? "/"}` : slashed;
}
function joinPath(cwd, path, windows = false) {
  const told2 = windows ? windowsPath(path, cwd) : path;
  const joined = isAbsolute(told2, windows) ? told2 : `${cwd}/${told2}`;
  return tidyPath(joined);
}
function tidyPath(path) {
  if (!/\/\/|\/\.(\/|$)|.\/$/.test(path)) return path;
  const parts = path.split("/").filter((part, at) => part !== "" && part !== "." || at === 0);
  return parts.length === 1 && parts[0] === "" ? "/" : parts.join("/");
}
function normalPath(path) {
  if (!path.includes("..")) return tidyPath(path);
  const done = [];
  for (const [at, part] of path.split("/").entries()) {
    if (part === "." || part === "" && at > 0) continue;
    const last = done.at(-1);
    if (part !== ".." || last === void 0 || last === ".." || hasSeveral(last)) done.push(part);
    else if (last !== "") done.pop();
  }
  return done.length === 1 && done[0] === "" ? "/" : done.join("/");
}
function baseName(path) {
  const bare = path.replace(/\/+$/, "");
  const base = bare.slice(bare.lastIndexOf("/") + 1);
  return hasSeveral(base) ? NAME : base;
}
function directoryName(path) {
  const bare = path.replace(/\/+$/, "");
  const cut = bare.lastIndexOf("/");
  const base = bare.slice(cut + 1);
  if (hasSeveral(base)) return path;
  if (cut < 0) return ".";
  return cut === 0 ? "/" : bare.slice(0, cut);
}
var saysDirectory = (path) => /(^|\/)\.{0,2}$/.test(path);
var below = (directory, which = BELOW) => `${directory === "" ? "." : directory.replace(/\/$/, "")}/${which}`;
var isRemotePath = (path) => /^[a-z+]+:\/\//i.test(path) || /^[^/:]+:/.test(path) || path.includes("::");

// src/domain/shell/ledger.ts
function emptyLedger() {
  return {
    writes: /* @__PURE__ */ new Map(),
    links: /* @__PURE__ */ new Map(),
    git: /* @__PURE__ */ new Map(),
    coord: /* @__PURE__ */ new Map(),
    unknown: /* @__PURE__ */ new Map(),
    detours: [],
    files: /* @__PURE__ */ new Map(),
    noted: /* @__PURE__ */ new Map(),
    clock: 0,
    steps: 0,
    nesting: 0,
    parsedChars: 0
  };
}
var isSpent = (reader) => reader.ledger.steps > STEPS_MAX;
function takeStep(reader, count = 1) {
  if (isSpent(reader)) return false;
  reader.ledger.steps += count;
  if (!isSpent(reader)) return true;
  note(reader, reader.ledger.unknown, { why: "depth", detail: "too many steps" });
  return false;
}
function note(reader, findings, finding) {
  const key = JSON.stringify(finding);
  reader.ledger.clock += 1;
  reader.ledger.noted.set(key, reader.ledger.clock);
  if (findings.size < FINDINGS_MAX || findings.has(key)) findings.set(key, finding);
  else if (findings !== reader.ledger.unknown) {
    note(reader, reader.ledger.unknown, { why: "depth", detail: "too many findings" });
  }
}
function noteUnknown(reader, world, why, detail, dir) {
  const place = dir === void 0 ? world.cwd : joinPath(world.cwd, dir, reader.facts.windows);
  note(reader, reader.ledger.unknown, {
    why,
    detail: printText(detail).slice(0, DETAIL_CHARS_MAX),
    ...isStatic(place) ? { dir: place } : {}
  });
}
function noteOpen(reader, world, text, how) {
  const why = text[firstOpen(text)] === OPEN_OUTPUT ? "substitution" : "variable";
  noteUnknown(reader, world, why, `${how} ${text}`);
}
var KEEPS_TEXT = /^(chmod|chown|chgrp|touch|setfacl|xattr)$/;
var DEVICE = /^\/dev\/(null|zero|full|tty|stdin|stdout|stderr|fd\/\d+|tcp\/.*|udp\/.*)$|^\/proc\/self\/fd\/\d+$/;
var OWN_CWD = /^\/proc\/[^/]+\/(?:task\/[^/]+\/)?cwd(?=\/|$)/;
function resolveTarget(reader, world, target) {
  const told2 = withoutMaybe(target);
  if (isOpen(told2.slice(0, 1))) return told2;
  const path = joinPath(world.cwd, told2, reader.facts.windows);
  return OWN_CWD.test(path) ? joinPath(world.cwd, path.replace(OWN_CWD, "."), reader.facts.windows) : path;
}
function noteWrite(reader, world, target, how, manner = {}) {
  if (target === "") return;
  const told2 = resolveTarget(reader, world, target);
  if ((target + told2).includes(MAYBE)) noteUnknown(reader, world, "variable", `${how} ${target}`);
  const path = withoutMaybe(told2);
  if (!KEEPS_TEXT.test(how)) reader.ledger.files.delete(normalPath(path));
  if (DEVICE.test(path)) return;
  const open = firstOpen(path);
  if (open >= 0) {
    noteOpen(reader, world, path.slice(open), how);
    const known = path.slice(0, Math.max(0, path.lastIndexOf("/", open)));
    if (known !== "") notePath(reader, known, how, { into: true, certain: false });
    return;
  }
  const several = path.search(`[${BELOW}${EVERY}${FOUND}]`);
  if (several < 0) {
    notePath(reader, path, how, manner);
    return;
  }
  const root = path.slice(0, path.lastIndexOf("/", several)) || "/";
  notePath(reader, root, how, {
    tree: true,
    certain: path[several] === EVERY && manner.certain !== false,
    some: path[several] === FOUND
  });
}
var PARENT_GLOB = /\/(\.\.?\*+|\.\?|\.\[[^\]/]*\]\*?)\//;
function notePath(reader, path, how, manner) {
  const write = {
    path: printText(path),
    ...hasPattern(path) ? { glob: true } : {},
    ...manner.tree ? { tree: true } : {},
    ...manner.some ? { some: true } : {},
    ...manner.into ? { target: "into" } : {},
    how,
    certain: manner.certain !== false
  };
  note(reader, reader.ledger.writes, write);
  if (write.glob && PARENT_GLOB.test(write.path))
    notePath(reader, write.path.replace(PARENT_GLOB, "/../"), how, manner);
}
function noteLink(reader, world, source2, path, how) {
  if (isOpen(source2)) {
    noteOpen(reader, world, source2, how);
    return;
  }
  const from = resolveTarget(reader, world, source2);
  const to = resolveTarget(reader, world, path);
  if (isOpen(from) || isOpen(to)) return;
  note(reader, reader.ledger.links, { source: printText(from), path: printText(to), how });
}
function noteDetour(reader, path, target) {
  if (isOpen(path) || isOpen(target) || hasPattern(path.replaceAll(NAME, "")) || saysDirectory(path)) return;
  if (reader.ledger.detours.length >= DETOURS_MAX) {
    note(reader, reader.ledger.unknown, { why: "depth", detail: "too many links" });
    return;
  }
  reader.ledger.detours.push({
    path: printText(path),
    target: printText(target),
    glob: hasPattern(target),
    since: reader.ledger.clock
  });
}
function noteGit(reader, finding) {
  note(reader, reader.ledger.git, finding);
}
function noteCoord(reader, world, args, how) {
  if (!isStatic(world.cwd)) {
    noteOpen(reader, world, world.cwd, `${how} called in`);
    return;
  }
  const env2 = {};
  for (const [name, value] of world.vars) {
    if (value === reader.facts.env[name]) continue;
    env2[name] = typeof value === "string" && isStatic(value) ? value : void 0;
  }
  note(reader, reader.ledger.coord, { cwd: world.cwd, args: args.map(printText), env: env2, how });
}

// src/domain/shell/patterns.ts
function matchesPattern(pattern, text) {
  let at = 0;
  let inText = 0;
  let star = -1;
  let mark = 0;
  while (inText < text.length) {
    const char = pattern[at];
    if (char === STAR) {
      star = at;
      mark = inText;
      at += 1;
    } else if (char !== void 0 && (char === ONE || char === text[inText])) {
      at += 1;
      inText += 1;
    } else if (star >= 0) {
      at = star + 1;
      mark += 1;
      inText = mark;
    } else return false;
  }
  while (pattern[at] === STAR) at += 1;
  return at === pattern.length;
}
function removePattern(text, operator, pattern) {
  const fromEnd = operator.startsWith("%");
  const longest = operator.length === 2;
  for (let step = 0; step <= text.length; step += 1) {
    const length = longest ? text.length - step : step;
    const cut = fromEnd ? text.length - length : length;
    const piece = fromEnd ? text.slice(cut) : text.slice(0, cut);
    if (matchesPattern(pattern, piece)) return fromEnd ? text.slice(0, cut) : text.slice(cut);
  }
  return text;
}
function replaceLiteral(text, operator, pattern, replacement) {
  if (pattern === "") return text;
  if (operator === "//") return text.split(pattern).join(replacement);
  if (operator === "/#") return text.startsWith(pattern) ? replacement + text.slice(pattern.length) : text;
  if (operator === "/%")
    return text.endsWith(pattern) ? text.slice(0, text.length - pattern.length) + replacement : text;
  const found = text.indexOf(pattern);
  return found < 0 ? text : text.slice(0, found) + replacement + text.slice(found + pattern.length);
}

// src/domain/shell/world.ts
function setVariable(world, name, value) {
  if (isOpen(name)) return forgetVariables(world);
  if (world.vars.size >= VARIABLES_MAX && !world.vars.has(name)) return world;
  const vars = new Map(world.vars);
  vars.set(name, value);
  return { ...world, vars };
}
function restoreVariables(world, before, names) {
  const vars = new Map(world.vars);
  for (const name of names) {
    const old = before.vars.get(name);
    if (old === void 0) vars.delete(name);
    else vars.set(name, old);
  }
  return { ...world, vars };
}
function forgetVariables(world) {
  return { ...world, vars: new Map([...world.vars.keys()].map((name) => [name, OPEN_VARIABLE])) };
}
var unheard = (world) => ({ ...world, out: void 0 });
function leaveSubshell(inner, outer) {
  return mergeWorlds(inner.map((world) => ({ ...outer, out: world.out, stdin: world.stdin })));
}
var sameValue = (a, b) => a === b || Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, at) => item === b[at]);
var sameLines = (a, b) => sameValue(a ?? null, b ?? null);
function sameVariables(a, b) {
  if (a.vars === b.vars) return true;
  if (a.vars.size !== b.vars.size) return false;
  for (const [name, value] of a.vars) if (!sameValue(value, b.vars.get(name))) return false;
  return true;
}
function sameWorld(a, b) {
  return a === b || a.cwd === b.cwd && a.out === b.out && a.oldCwd === b.oldCwd && a.lastArgument === b.lastArgument && a.physical === b.physical && sameLines(a.stdin, b.stdin) && sameLines(a.positional, b.positional) && sameLines(a.stack, b.stack) && sameVariables(a, b);
}
function widenWorlds(a, b) {
  const vars = /* @__PURE__ */ new Map();
  for (const name of /* @__PURE__ */ new Set([...a.vars.keys(), ...b.vars.keys()])) {
    const value = a.vars.get(name);
    vars.set(name, sameValue(value, b.vars.get(name)) && value !== void 0 ? value : OPEN_VARIABLE);
  }
  return {
    ...a,
    vars,
    cwd: a.cwd === b.cwd ? a.cwd : OPEN_VARIABLE,
    oldCwd: a.oldCwd === b.oldCwd ? a.oldCwd : OPEN_VARIABLE,
    out: a.out === b.out ? a.out : void 0,
    stdin: sameLines(a.stdin, b.stdin) ? a.stdin : void 0,
    positional: sameLines(a.positional, b.positional) ? a.positional : void 0,
    stack: sameLines(a.stack, b.stack) ? a.stack : [],
    lastArgument: a.lastArgument === b.lastArgument ? a.lastArgument : OPEN_VARIABLE,
    physical: a.physical || b.physical
  };
}
function mergeWorlds(worlds) {
  const kept = [];
  for (const world of worlds) if (!kept.some((other) => sameWorld(other, world))) kept.push(world);
  if (kept.length <= WORLDS_MAX) return kept;
  const byCwd = /* @__PURE__ */ new Map();
  for (const world of kept) {
    const other = byCwd.get(world.cwd);
    byCwd.set(world.cwd, other ? widenWorlds(other, world) : world);
  }
  const places = [...byCwd.values()];
  return places.length <= WORLDS_MAX ? places : [places.reduce(widenWorlds)];
}

// src/domain/shell/parameters.ts
var PLAIN_NAMES = new Set(
  "RANDOM SECONDS LINENO BASHPID PPID UID EUID EPOCHSECONDS EPOCHREALTIME SRANDOM USER LOGNAME HOSTNAME HOST SHLVL OSTYPE MACHTYPE HOSTTYPE OPTIND COLUMNS LINES".split(
    " "
  )
);
function readVariable(world, name) {
  const value = world.vars.get(name);
  if (value !== void 0) return value;
  if (name === "PWD") return world.cwd;
  if (name === "OLDPWD") return world.oldCwd;
  if (name === "_") return world.lastArgument;
  if (name === "@" || name === "*") return world.positional;
  if (/^[?$!#-]$/.test(name) || PLAIN_NAMES.has(name)) return NAME;
  if (/^[1-9]\d{0,3}$/.test(name))
    return world.positional === void 0 ? void 0 : world.positional[Number(name) - 1] ?? null;
  return void 0;
}
var PATTERN_CHARS_MAX = 256;
var stripKey = (item) => item.replace(/^\[[^\]]*\]=/, "");
function simpleExpansion(world, name) {
  const value = readVariable(world, name);
  if (value === void 0) return OPEN_VARIABLE;
  if (value === null) return "";
  if (typeof value === "string") return value;
  return value.map(stripKey);
}
function parameterExpansion(place, part, textOf2) {
  if (part.prefix === "#") return NAME;
  const index = part.index === void 0 ? void 0 : textOf2(place, part.index);
  if (part.prefix === "!") return indirectExpansion(place, part, index);
  const name = part.parameter;
  const value = elementOf(readVariable(place.world, name), index);
  const isList = index === "@" || index === "*" || name === "@" || name === "*";
  if (part.operation === void 0) return plainValue(value, isList);
  if (part.operation.type === "Default")
    return defaultValue(place, name, value, part.operation, isList, textOf2);
  if (part.operation.type === "Slice" && isList) return sliceList(place, value, part.operation, textOf2);
  const operation = part.operation;
  const apply2 = (text) => operate(place, text, operation, part.text, textOf2);
  const plain2 = plainValue(value, isList);
  return typeof plain2 === "string" ? apply2(plain2) : plain2.map(apply2);
}
function indirectExpansion(place, part, index) {
  var _a;
  if (part.operation !== void 0 || index !== void 0)
    return ((_a = part.operation) == null ? void 0 : _a.type) === "Names" || index === "@" ? NAME : OPEN_VARIABLE;
  const name = readVariable(place.world, part.parameter);
  return typeof name === "string" && /^\w+$/.test(name) ? simpleExpansion(place.world, name) : OPEN_VARIABLE;
}
function elementOf(value, index) {
  if (index === void 0 || index === "@" || index === "*" || value === void 0 || value === null)
    return value;
  if (typeof value === "string") return index === "0" ? value : OPEN_VARIABLE;
  const keyed2 = value.find((item) => item.startsWith(`[${index}]=`));
  if (keyed2 !== void 0) return stripKey(keyed2);
  if (!/^-?\d{1,6}$/.test(index) || value.some((item) => item.startsWith("["))) return OPEN_VARIABLE;
  return value.at(Number(index)) ?? (Number(index) === value.length ? value.at(-1) ?? null : null);
}
function plainValue(value, isList) {
  if (value === void 0) return OPEN_VARIABLE;
  if (value === null) return "";
  if (typeof value === "string") return value;
  return isList ? value.map(stripKey) : stripKey(value[0] ?? "");
}
function defaultValue(place, name, value, operation, isList, textOf2) {
  const kind = operation.operator.replace(":", "");
  const isEmpty = value === null || value !== void 0 && value.length === 0 && operation.operator.startsWith(":");
  if (kind === "?") return plainValue(value, isList);
  const operand = textOf2(place, operation.operand);
  if (kind === "+") {
    if (isEmpty) return "";
    return value === void 0 || typeof value === "string" && isOpen(value) ? MAYBE + operand : operand;
  }
  const isDoubtful = typeof value === "string" && (value === OPEN_VARIABLE || value.startsWith(MAYBE));
  if (value !== void 0 && !isEmpty && !isDoubtful) return plainValue(value, isList);
  const result = isEmpty ? operand : MAYBE + operand;
  if (kind === "=") place.world = setVariable(place.world, name, result);
  return result;
}
function sliceList(place, value, operation, textOf2) {
  const offset = textOf2(place, operation.offset).trim();
  const length = operation.length === void 0 ? void 0 : textOf2(place, operation.length).trim();
  if (!Array.isArray(value) || !/^\d{1,6}$/.test(offset) || length !== void 0 && !/^\d{1,6}$/.test(length))
    return OPEN_VARIABLE;
  const items = value.map(stripKey);
  const isPositional = value === place.world.positional;
  const start2 = isPositional ? Math.max(0, Number(offset) - 1) : Number(offset);
  return items.slice(start2, length === void 0 ? void 0 : start2 + Number(length));
}
function operate(place, text, operation, source2, textOf2) {
  if (text.length > VALUE_CHARS_MAX) return OPEN_VARIABLE;
  if (operation.type === "Remove") {
    if (text.length > PATTERN_CHARS_MAX || !takeStep(place.reader, 1 + text.length / 8)) return OPEN_VARIABLE;
    return remove(text, operation.operator, textOf2(place, operation.operand, true));
  }
  if (operation.type === "Replace") {
    if (/\$\(|`/.test(source2)) noteUnknown(place.reader, place.world, "substitution", source2);
    return replace(
      text,
      operation.operator,
      textOf2(place, operation.pattern, true),
      textOf2(place, operation.replacement)
    );
  }
  if (operation.type === "Slice")
    return slice(text, textOf2(place, operation.offset), operation.length && textOf2(place, operation.length));
  if (operation.type === "Transform")
    noteUnknown(place.reader, place.world, "substitution", `@${textOf2(place, operation.operand)}`);
  if (operation.type === "CaseModification" && operation.operand === void 0 && isStatic(text))
    return changeCase(text, operation.operator);
  return OPEN_VARIABLE;
}
function remove(text, operator, pattern) {
  if (isOpen(text) || isOpen(pattern))
    return operator.startsWith("#") && pattern.endsWith("/") && operator === "##" ? NAME : OPEN_VARIABLE;
  if (!hasSeveral(text)) return removePattern(text, operator, pattern);
  if (operator === "##") return baseName(text);
  if (operator === "%" && pattern.startsWith("/")) return directoryName(text);
  const isSuffix = operator.startsWith("%") && isStatic(pattern) && text.endsWith(pattern);
  return isSuffix ? text.slice(0, text.length - pattern.length) : operator.startsWith("%") ? text : OPEN_VARIABLE;
}
function replace(text, operator, pattern, replacement) {
  const isPlain = isStatic(pattern) && !isOpen(replacement);
  if (!isPlain) return OPEN_VARIABLE;
  if (!isStatic(text) && /[/]|\.\./.test(pattern + replacement)) return OPEN_VARIABLE;
  const result = replaceLiteral(text, operator, pattern, replacement);
  return result.length > VALUE_CHARS_MAX ? OPEN_VARIABLE : result;
}
function slice(text, offset, length) {
  const from = offset.trim();
  const count = length == null ? void 0 : length.trim();
  if (!isStatic(text) || !/^-?\d{1,6}$/.test(from) || count !== void 0 && !/^-?\d{1,6}$/.test(count))
    return OPEN_VARIABLE;
  const rest = text.slice(Number(from));
  return count === void 0 ? rest : rest.slice(0, Number(count));
}
function changeCase(text, operator) {
  const up = operator.startsWith("^");
  const change = (s) => up ? s.toUpperCase() : s.toLowerCase();
  return operator.length === 2 ? change(text) : change(text.slice(0, 1)) + text.slice(1);
}

// src/domain/shell/substitutions.ts
function commandOutput(place, script2) {
  const { reader, world } = place;
  if (script2 === void 0) {
    noteUnknown(reader, world, "syntax", "command substitution");
    return OPEN_OUTPUT;
  }
  if (world.depth >= DEPTH_MAX) {
    noteUnknown(reader, world, "depth", "command substitution");
    return OPEN_OUTPUT;
  }
  const worlds = reader.runScript(script2, { ...world, out: "", depth: world.depth + 1 });
  const outputs = new Set(worlds.map((inner) => inner.out));
  const output = outputs.size === 1 ? [...outputs][0] : void 0;
  return output === void 0 || output.length > VALUE_CHARS_MAX ? OPEN_OUTPUT : output.replace(/[\n\0]+$/, "");
}
function processStream(place, operator, script2) {
  const { reader, world } = place;
  if (script2 === void 0 || world.depth >= DEPTH_MAX) {
    noteUnknown(reader, world, "depth", "process substitution");
    return "/dev/fd/63";
  }
  const inner = {
    ...world,
    out: "",
    depth: world.depth + 1,
    stdin: operator === ">" ? void 0 : world.stdin
  };
  const outputs = new Set(reader.runScript(script2, inner).map((after2) => after2.out));
  const path = `/dev/fd/${63 + reader.streams.size}`;
  const output = outputs.size === 1 ? [...outputs][0] : void 0;
  reader.streams.set(path, operator === "<" && output !== void 0 ? output : OPEN_OUTPUT);
  return path;
}

// src/domain/shell/arithmetic.ts
function readArithmetic(place, expression, readParts, depth = 0) {
  if (expression === void 0 || depth > EXPANSION_MAX || !takeStep(place.reader)) return;
  const next = (inner) => readArithmetic(place, inner, readParts, depth + 1);
  switch (expression.type) {
    case "ArithmeticBinary":
      if (/^[^=!<>]?.?=$/.test(expression.operator) && expression.left.type === "ArithmeticWord") {
        place.world = setVariable(place.world, expression.left.value, NAME);
      }
      next(expression.left);
      next(expression.right);
      break;
    case "ArithmeticUnary":
      next(expression.operand);
      break;
    case "ArithmeticTernary":
      next(expression.test);
      next(expression.consequent);
      next(expression.alternate);
      break;
    case "ArithmeticGroup":
      next(expression.expression);
      break;
    case "ArithmeticWord":
      if (expression.parts) readParts(place, expression.parts);
      break;
    case "ArithmeticCommandExpansion":
      commandOutput(place, expression.script);
  }
}

// src/domain/shell/braces.ts
var BRACED_CHARS_MAX = 2e3;
var BRACE_DEPTH_MAX = 16;
function expandBraces(text, depth = 0) {
  if (text.length > BRACED_CHARS_MAX || depth > BRACE_DEPTH_MAX) return [OPEN_VARIABLE];
  let made = [""];
  let at = 0;
  for (const [open, close] of bracePairs(text)) {
    if (open < at) continue;
    const options = braceOptions(text.slice(open + 1, close), depth);
    if (options === void 0) continue;
    made = crossProduct(made, text.slice(at, open), options);
    at = close + 1;
  }
  const tail = text.slice(at);
  return made.map((word) => word + tail);
}
function crossProduct(made, head, options) {
  if (made.length * options.length > EXPANSION_MAX)
    return made.map((word) => `${word}${head}${OPEN_VARIABLE}`);
  return made.flatMap((word) => options.map((option) => `${word}${head}${option}`));
}
function bracePairs(text) {
  const pairs = [];
  const open = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at];
    if (char === "{") open.push(at);
    else if (char === "}") {
      const from = open.pop();
      if (from !== void 0) pairs.push([from, at]);
    }
    at = char === "{" || char === "}" ? at + 1 : skipUnit(text, at);
  }
  return pairs.sort(([a], [b]) => a - b);
}
function skipUnit(text, at) {
  const char = text[at];
  if (char === "\\") return at + 2;
  if (char === "'") return after(text, text.indexOf("'", at + 1));
  if (char === '"') return skipDoubleQuoted(text, at);
  if (char === "`") return after(text, text.indexOf("`", at + 1));
  if (char === "$" && (text[at + 1] === "{" || text[at + 1] === "(")) return skipBracketed(text, at + 1);
  return at + 1;
}
var after = (text, index) => index < 0 ? text.length : index + 1;
function skipDoubleQuoted(text, from) {
  let at = from + 1;
  while (at < text.length && text[at] !== '"') at += text[at] === "\\" ? 2 : 1;
  return at + 1;
}
function skipBracketed(text, from) {
  const open = text[from];
  const close = open === "{" ? "}" : ")";
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    const char = text[at];
    if (char === "\\") at += 1;
    else if (char === open) depth += 1;
    else if (char === close) {
      depth -= 1;
      if (depth === 0) return at + 1;
    }
  }
  return text.length;
}
function braceOptions(inside, nested) {
  const parts = [];
  let depth = 0;
  let from = 0;
  let at = 0;
  while (at < inside.length) {
    const char = inside[at];
    if (char === "{") depth += 1;
    else if (char === "}") depth -= 1;
    else if (char === "," && depth === 0) {
      parts.push(inside.slice(from, at));
      from = at + 1;
    }
    at = char === "{" || char === "}" ? at + 1 : skipUnit(inside, at);
  }
  if (parts.length === 0) return rangeOptions(inside);
  parts.push(inside.slice(from));
  const options = parts.length > EXPANSION_MAX ? [OPEN_VARIABLE] : parts.flatMap((part) => expandBraces(part, nested + 1));
  return options.length > EXPANSION_MAX ? [OPEN_VARIABLE] : options;
}
var RANGE = /^(?:(-?\d{1,9})\.\.(-?\d{1,9})|([A-Za-z])\.\.([A-Za-z]))(?:\.\.(-?\d{1,9}))?$/;
function rangeOptions(inside) {
  const match = RANGE.exec(inside);
  if (!match) return void 0;
  const [, low, high, first, last, step] = match;
  const isLetters = first !== void 0;
  const start2 = isLetters ? first.charCodeAt(0) : Number(low);
  const end = isLetters ? (last ?? first).charCodeAt(0) : Number(high);
  const stride = Math.max(1, Math.abs(Number(step ?? 1)));
  if (Math.abs(end - start2) / stride >= EXPANSION_MAX) return [NAME];
  const width = [low, high].some((n) => n !== void 0 && /^-?0\d/.test(n)) ? Math.max((low ?? "").length, (high ?? "").length) : 0;
  const count = Math.floor(Math.abs(end - start2) / stride) + 1;
  return Array.from({ length: count }, (_, index) => {
    const value = start2 + Math.sign(end - start2) * index * stride;
    return isLetters ? String.fromCharCode(value) : String(value).padStart(width, "0");
  });
}

// src/domain/shell/words.ts
function expandWord(place, word) {
  if (!takeStep(place.reader)) return [OPEN_VARIABLE];
  const parts = word.parts;
  if (parts === void 0) return [withTilde(place, word.text, word.value)];
  if (parts.some((part) => part.type === "BraceExpansion")) return expandBracedWord(place, word);
  const fields = { done: [], current: "", started: false };
  addParts(place, parts, fields);
  closeField(fields);
  return fields.done.length > EXPANSION_MAX * 4 ? [OPEN_VARIABLE] : fields.done;
}
function expandWords(place, words2) {
  const fields = words2.flatMap((word) => expandWord(place, word));
  return fields.length > EXPANSION_MAX * 8 ? [...fields.slice(0, EXPANSION_MAX), OPEN_VARIABLE] : fields;
}
function wordText(place, word, asPattern = false) {
  if (!takeStep(place.reader)) return OPEN_VARIABLE;
  if (word.parts === void 0) return withTilde(place, word.text, word.value);
  const fields = { done: [], current: "", started: false };
  addParts(place, word.parts, fields, !asPattern);
  const text = [...fields.done, fields.current].join(" ");
  return text.length > VALUE_CHARS_MAX ? OPEN_VARIABLE : text;
}
function partsText(place, parts) {
  const fields = { done: [], current: "", started: false };
  addParts(place, parts, fields, true);
  return [...fields.done, fields.current].join(" ");
}
function expandBracedWord(place, word) {
  const sources = expandBraces(word.text);
  if (!takeStep(place.reader, sources.length + word.text.length / 16)) return [OPEN_VARIABLE];
  return sources.flatMap((source2) => {
    var _a;
    if (source2 === "") return [];
    const statement = place.reader.facts.parse(`: ${source2.startsWith("#") ? `\\${source2}` : source2}`).commands[0];
    const command2 = statement == null ? void 0 : statement.command;
    const made = (command2 == null ? void 0 : command2.type) === "Command" ? command2.args[0] : void 0;
    if ((made == null ? void 0 : made.type) !== "Word") return [OPEN_VARIABLE];
    return ((_a = made.parts) == null ? void 0 : _a.some((part) => part.type === "BraceExpansion")) ? [wordText(place, made)] : expandWord(place, made);
  });
}
var TILDE = /^(?:[A-Za-z_]\w*=)?~([\w.+-]*)(?=\/|$)/;
function withTilde(place, source2, value) {
  const match = TILDE.exec(source2);
  if (!match) return value;
  const assigned = match[0].slice(0, match[0].indexOf("~"));
  return assigned + tildeHome(place, match[1] ?? "") + value.slice(match[0].length);
}
function tildeHome(place, name) {
  if (name === "+") return place.world.cwd;
  if (name === "-") return place.world.oldCwd;
  if (name !== "") return OPEN_VARIABLE;
  const assigned = readVariable(place.world, "HOME");
  return typeof assigned === "string" ? assigned : place.reader.facts.home ?? OPEN_VARIABLE;
}
function push(fields, text) {
  fields.current += text;
  fields.started || (fields.started = text !== "");
}
function closeField(fields) {
  if (fields.started) fields.done.push(fields.current);
  fields.current = "";
  fields.started = false;
}
function addParts(place, parts, fields, quoted = false) {
  for (const [at, part] of parts.entries()) {
    if (fields.current.length > VALUE_CHARS_MAX * 2) fields.current = OPEN_VARIABLE;
    if (at === 0 && part.type === "Literal" && (parts.length === 1 || part.text.includes("/")))
      push(fields, withTilde(place, part.text, part.value));
    else addPart(place, part, fields, quoted);
  }
}
function addPart(place, part, fields, quoted) {
  switch (part.type) {
    case "Literal":
      push(fields, part.value);
      return;
    case "SingleQuoted":
    case "AnsiCQuoted":
      fields.started = true;
      push(fields, part.value);
      return;
    case "DoubleQuoted":
    case "LocaleString":
      fields.started || (fields.started = !part.parts.every(
        (child) => child.type === "SimpleExpansion" && child.text === "$@"
      ));
      for (const child of part.parts) addPart(place, child, fields, true);
      return;
    case "Glob":
      for (const inner of part.parts ?? [])
        addPart(place, inner, { done: [], current: "", started: false }, true);
      push(fields, quoted ? part.text : globText(part));
      return;
    case "ExtendedGlob":
      for (const inner of part.parts ?? [])
        addPart(place, inner, { done: [], current: "", started: false }, true);
      push(fields, quoted ? part.text : STAR);
      return;
    case "BraceExpansion":
      push(fields, part.text);
      return;
    case "SimpleExpansion":
      addExpansion(
        place,
        simpleExpansion(place.world, part.text.slice(1)),
        fields,
        quoted,
        part.text === "$*"
      );
      return;
    case "ParameterExpansion": {
      const value = oneDeeper(
        place,
        OPEN_VARIABLE,
        () => parameterExpansion(place, part, wordText)
      );
      addExpansion(place, value, fields, quoted, /^\$\{(\*|\w+\[\*\])/.test(part.text));
      return;
    }
    case "CommandExpansion":
      addExpansion(place, commandOutput(place, part.script), fields, quoted, false);
      return;
    case "ArithmeticExpansion":
      oneDeeper(place, void 0, () => readArithmetic(place, part.expression, partsText));
      push(fields, NAME);
      return;
    case "ProcessSubstitution":
      push(fields, processStream(place, part.operator, part.script));
      return;
  }
}
function oneDeeper({ reader, world }, otherwise, run) {
  if (reader.ledger.nesting >= NESTING_MAX) {
    noteUnknown(reader, world, "depth", "expansions");
    return otherwise;
  }
  reader.ledger.nesting += 1;
  const result = run();
  reader.ledger.nesting -= 1;
  return result;
}
function globText(part) {
  if (part.kind === "star") return STAR.repeat(part.text.length);
  if (part.kind === "question") return ONE;
  const isPlain = part.parts.every((inner) => inner.type === "Literal");
  return isPlain ? CLASS_OPEN + part.text.slice(1, -1) + CLASS_CLOSE : STAR;
}
function addExpansion(place, value, fields, quoted, joined) {
  if (typeof value !== "string") {
    if (joined && quoted) {
      push(fields, value.join(" "));
      return;
    }
    for (const [at, item] of value.entries()) {
      if (at > 0) closeField(fields);
      if (quoted) fields.started = true;
      addExpansion(place, item, fields, quoted, false);
    }
    return;
  }
  if (quoted) {
    push(fields, value);
    return;
  }
  const ifs = readVariable(place.world, "IFS");
  const separators = typeof ifs === "string" ? ifs : " 	\n";
  let piece = "";
  for (const char of activateGlobs(value)) {
    if (!separators.includes(char)) piece += char;
    else {
      push(fields, piece);
      piece = "";
      closeField(fields);
    }
  }
  push(fields, piece);
}

// src/domain/shell/written-files.ts
var STDIN = /^(\/dev\/stdin|\/dev\/fd\/0|\/proc\/self\/fd\/0|-)$/;
function streamText(reader, world, file) {
  var _a;
  if (STDIN.test(file)) return (_a = world.stdin) == null ? void 0 : _a.join("\n");
  const stream = reader.streams.get(file);
  return stream === OPEN_OUTPUT ? void 0 : stream;
}
function writtenText(reader, world, file) {
  return reader.ledger.files.get(normalPath(resolveTarget(reader, world, file)));
}
function rememberText(reader, world, file, text) {
  const path = normalPath(resolveTarget(reader, world, file));
  if (text === void 0 || text.length > VALUE_CHARS_MAX) reader.ledger.files.delete(path);
  else reader.ledger.files.set(path, text);
}

// src/domain/shell/redirections.ts
function applyRedirections(place, redirections) {
  var _a;
  const files = [];
  let stdin = place.world.stdin;
  let out = place.world.out;
  for (const redirection of redirections) {
    const isStdin = descriptorOf(redirection) === 0;
    if (((_a = redirection.descriptor) == null ? void 0 : _a.type) === "FileDescriptorVariable")
      place.world = setVariable(place.world, redirection.descriptor.name, "10");
    if (redirection.type === "HereDoc") {
      const lines2 = textLines(hereDocText(place, redirection));
      if (isStdin) stdin = lines2;
    } else if (redirection.type === "HereString") {
      const text = redirection.target === void 0 ? "" : wordText(place, redirection.target);
      if (isStdin) stdin = text.split("\n");
    } else {
      const targets = redirection.target === void 0 ? [] : expandWord(place, redirection.target);
      if (isStdin) stdin = targetLines(place, targets);
      if (isStdout(redirection)) {
        out = "";
        for (const path of targets) files.push({ path, before: textBefore(place, redirection, path) });
      }
      noteRedirect(place, redirection, targets);
    }
  }
  const isFed = redirections.some((redirection) => descriptorOf(redirection) === 0);
  const isTaken = redirections.some(isStdout);
  return { inside: { ...place.world, stdin, out }, outside: place.world, isFed, isTaken, files };
}
function endRedirections(reader, redirected, worlds) {
  const { outside, isFed, isTaken, files } = redirected;
  if (!isFed && !isTaken) return [...worlds];
  const outputs = new Set(worlds.map((world) => world.out));
  const output = outputs.size === 1 ? [...outputs][0] : void 0;
  for (const { path, before } of files) {
    rememberText(
      reader,
      outside,
      path,
      output === void 0 || before === void 0 ? void 0 : before + output
    );
  }
  return worlds.map((world) => ({
    ...world,
    stdin: isFed ? outside.stdin : world.stdin,
    out: isTaken ? outside.out : world.out
  }));
}
var textBefore = ({ reader, world }, redirect, path) => redirect.operator.includes(">>") ? writtenText(reader, world, path) : "";
function descriptorOf(redirection) {
  const { descriptor } = redirection;
  if (descriptor !== void 0) return descriptor.type === "FileDescriptor" ? descriptor.value : -1;
  return redirection.type !== "Redirect" || redirection.operator.startsWith("<") ? 0 : 1;
}
var isStdout = (redirection) => redirection.type === "Redirect" && !redirection.operator.startsWith("<") && descriptorOf(redirection) === 1;
var textLines = (text) => text === "" ? [] : text.replace(/\n$/, "").split("\n");
function hereDocText(place, document) {
  const { body, delimiter, operator } = document;
  const isQuoted = (delimiter == null ? void 0 : delimiter.quoted) === true;
  const raw = isQuoted ? body.text : body.parts === void 0 ? unescaped(body.text) : partsText(place, body.parts);
  return operator === "<<-" ? raw.replace(/^\t+/gm, "") : raw;
}
var unescaped = (text) => text.replace(/\\([\\$`]|\n)/g, (_, char) => char === "\n" ? "" : char);
function targetLines({ reader, world }, targets) {
  const path = targets.join(" ");
  const text = streamText(reader, world, path) ?? writtenText(reader, world, path);
  return text === void 0 ? void 0 : textLines(text);
}
function noteRedirect(place, { operator }, targets) {
  if (operator === "<" || operator === "<&") return;
  for (const path of targets) {
    if (operator === ">&" && /^(\d+-?|-)$/.test(path)) continue;
    noteWrite(place.reader, place.world, path, `${operator} redirection`);
  }
}

// src/domain/shell/commands.ts
function walkCommand(reader, command2, world) {
  const place = { reader, world };
  const argv = argumentsOf(place, command2);
  const redirections = withZshClobber(command2);
  const assignments = command2.prefix.filter((part) => part.type === "Assignment");
  const outside = place.world;
  const assigned = { reader, world: outside };
  for (const assignment of assignments) assign(assigned, assignment);
  if (argv.length === 0) {
    const { inside, isFed } = applyRedirections(assigned, redirections);
    for (const assignment of assignments) readCommandVariable(assigned, assignment.name);
    const out = !isFed || assigned.world.out === void 0 || inside.stdin === void 0 ? void 0 : inside.stdin.join("\n");
    return [isFed ? { ...assigned.world, out } : assigned.world];
  }
  for (const assignment of assignments) readCommandVariable(assigned, assignment.name);
  const exported = [...outside.exported, ...assignments.map((assignment) => assignment.name)];
  const redirected = applyRedirections({ reader, world: { ...assigned.world, exported } }, redirections);
  const after2 = endRedirections(reader, redirected, reader.runArguments(argv, redirected.inside));
  const names = assignments.map((assignment) => assignment.name);
  const lastArgument = argv.at(-1) ?? "";
  return after2.map((end) => ({
    ...names.length > 0 ? { ...restoreVariables(end, outside, names), exported: outside.exported } : end,
    lastArgument
  }));
}
function argumentsOf(place, command2) {
  const words2 = command2.name === void 0 ? [] : expandWord(place, command2.name);
  for (const argument of command2.args) {
    if (argument.type === "Word") words2.push(...expandWord(place, argument));
    else {
      const value = assignedValue(place, argument);
      words2.push(
        `${argument.name}${argument.append ? "+" : ""}=${typeof value === "string" ? value : `(${(value ?? []).join(" ")})`}`
      );
      if (typeof value !== "string") assign(place, argument);
    }
  }
  return words2.length > EXPANSION_MAX * 8 ? [...words2.slice(0, EXPANSION_MAX), OPEN_VARIABLE] : words2;
}
function withZshClobber(command2) {
  const { redirects, suffix } = command2;
  const clobbers = redirects.filter(
    (redirect) => {
      var _a;
      return redirect.type === "Redirect" && ((_a = redirect.target) == null ? void 0 : _a.text) === "!";
    }
  );
  if (clobbers.length === 0) return redirects;
  const targets = clobbers.flatMap((redirect) => {
    const next = suffix[suffix.indexOf(redirect) + 1];
    return redirect.type === "Redirect" && (next == null ? void 0 : next.type) === "Word" ? [{ ...redirect, target: next }] : [];
  });
  return [...redirects, ...targets];
}
function assignedValue(place, assignment) {
  const { value } = assignment;
  if (value.type === "Word") return wordText(place, value);
  const items = value.elements.flatMap(
    (element) => /^\[[^\]]*\]=/.test(element.text) ? [wordText(place, element)] : expandWord(place, element)
  );
  return items.length > EXPANSION_MAX ? OPEN_VARIABLE : items;
}
function assign(place, assignment) {
  const value = assignedValue(place, assignment);
  const old = assignment.append || assignment.index ? readVariable(place.world, assignment.name) : void 0;
  if (assignment.index !== void 0) {
    const item = `[${wordText(place, assignment.index)}]=${typeof value === "string" ? value : OPEN_VARIABLE}`;
    const items = Array.isArray(old) ? keyed(old) : [];
    place.world = setVariable(
      place.world,
      assignment.name,
      items.length > EXPANSION_MAX ? OPEN_VARIABLE : [item, ...items]
    );
    return;
  }
  place.world = setVariable(place.world, assignment.name, assignment.append ? appended(old, value) : value);
}
var keyed = (items) => items.map((item, at) => /^\[[^\]]*\]=/.test(item) ? item : `[${at}]=${item}`);
function appended(old, value) {
  if (old === void 0 || value === null) return typeof value === "string" ? OPEN_VARIABLE : value;
  if (typeof value !== "string") {
    const items = [...old === null ? [] : typeof old === "string" ? [old] : old, ...value];
    return items.length > EXPANSION_MAX ? OPEN_VARIABLE : items;
  }
  const text = `${typeof old === "string" ? old : ""}${value}`;
  return text.length > VALUE_CHARS_MAX ? OPEN_VARIABLE : text;
}
var COMMAND_VARIABLES = /^(PS[0-4]|EDITOR|VISUAL|PAGER|BROWSER|MANPAGER|LESSOPEN|PROMPT_COMMAND|RSYNC_RSH|CVS_RSH|GIT_(EDITOR|PAGER|SEQUENCE_EDITOR|SSH|SSH_COMMAND|EXTERNAL_DIFF|ASKPASS|PROXY_COMMAND|TRACE\w*))$/;
var LOADER_VARIABLES = /^(PATH|path|fpath|BASH_ENV|ENV|ZDOTDIR|LD_PRELOAD|LD_LIBRARY_PATH|DYLD_\w+|NODE_OPTIONS|PYTHONSTARTUP|PYTHONPATH|PERL5OPT|PERL5LIB|RUBYOPT|RUBYLIB|GIT_CONFIG\w*|GIT_EXEC_PATH|SHELLOPTS)$/;
function readCommandVariable(place, name) {
  const { reader, world } = place;
  if (LOADER_VARIABLES.test(name)) {
    noteUnknown(reader, world, "program", `${name} is set`);
    return;
  }
  const value = world.vars.get(name);
  if (!COMMAND_VARIABLES.test(name) || typeof value !== "string" || value === "") return;
  if (name.startsWith("GIT_TRACE")) {
    if (value.includes("/")) noteWrite(reader, world, value, name);
    return;
  }
  reader.runSource(/^PS\d$/.test(name) ? `: "${value}"` : value, { ...world, depth: world.depth + 1 });
}
function assignFor(reader, world, name, value) {
  const place = { reader, world: setVariable(world, name, value) };
  readCommandVariable(place, name);
  return { ...place.world, exported: [...world.exported, name] };
}

// src/domain/shell/loops.ts
var PASSES_MAX = 3;
function repeated(starts, run) {
  let ends = [...starts];
  let now = [...starts];
  for (let pass = 0; pass < PASSES_MAX; pass += 1) {
    const fresh = run(now).filter((end) => !ends.some((other) => sameWorld(end, other)));
    if (fresh.length === 0) break;
    ends = mergeWorlds([...ends, ...fresh]);
    now = pass === 0 ? fresh : [[...starts, ...fresh].reduce(widenWorlds)];
  }
  return ends;
}
function walkFor(reader, node, world) {
  const place = { reader, world };
  const items = node.wordlist === void 0 ? world.positional ?? [OPEN_VARIABLE] : expandWords(place, node.wordlist);
  const followed = items.length > EXPANSION_MAX ? [...items.slice(0, EXPANSION_MAX), OPEN_VARIABLE] : items;
  const left = [];
  let now = [place.world];
  for (const item of followed) {
    if (!takeStep(reader)) break;
    const run = (worlds) => reader.runStatements(
      node.body.commands,
      worlds.map((start2) => setVariable(start2, node.name.value, item))
    );
    now = hasPattern(item) || isOpen(item) ? repeated(now, run) : run(now);
    left.push(...now);
  }
  const elsewhere = left.filter((end) => !now.some((last) => last.cwd === end.cwd));
  return mergeWorlds([...now, ...elsewhere]);
}
function walkLoop(reader, body, world, loop) {
  const ask = (worlds) => loop === void 0 ? [...worlds] : reader.runStatements(loop.clause.commands, worlds);
  const run = (worlds) => reader.runStatements(body.commands, worlds);
  let now = [world];
  let ends = [world];
  for (let pass = 0; pass < EXPANSION_MAX; pass += 1) {
    const asked = ask(now);
    const isFed = asked.some(
      (end) => end.stdin !== void 0 && !now.some((start2) => start2.stdin === end.stdin)
    );
    if (!isFed) return mergeWorlds([...ends, ...asked, ...repeated(now, (worlds) => run(ask(worlds)))]);
    const after2 = run(asked);
    ends = mergeWorlds([...ends, ...asked, ...after2]);
    now = after2.filter((end) => end.stdin === void 0 || end.stdin.length > 0);
    if (now.length === 0 || !takeStep(reader)) return ends;
  }
  const open = now.map((end) => ({ ...end, stdin: void 0 }));
  return mergeWorlds([...ends, ...run(ask(open))]);
}

// src/domain/shell/compounds.ts
function walkCompound(reader, node, world) {
  const place = { reader, world };
  switch (node.type) {
    case "Command":
      return walkCommand(reader, node, world);
    case "AndOr":
      return walkAndOr(reader, node, world);
    case "Pipeline":
      return walkPipeline(reader, node, world);
    case "CompoundList":
      return reader.runScript(node, world);
    case "BraceGroup":
      return reader.runScript(node.body, world);
    case "Subshell":
      return leaveSubshell(reader.runScript(node.body, world), world);
    case "Redirected": {
      const redirected = applyRedirections(place, node.redirects);
      return endRedirections(reader, redirected, walkCompound(reader, node.command, redirected.inside));
    }
    case "If":
      return walkIf(reader, node, world);
    case "For":
    case "Select":
      return walkFor(reader, node, world);
    case "While":
      return walkLoop(reader, node.body, world, node);
    case "ArithmeticFor":
      readArithmetic(place, node.initialize, partsText);
      readArithmetic(place, node.test, partsText);
      readArithmetic(place, node.update, partsText);
      return walkLoop(reader, node.body, place.world);
    case "Case":
      return walkCase(reader, node, world);
    case "Function":
      return defineFunction(reader, node, world);
    case "Coproc":
      return leaveSubshell(
        walkCompound(reader, node.body, { ...world, stdin: void 0, out: void 0 }),
        world
      );
    case "TestCommand":
      readTest(place, node.expression);
      return [place.world];
    case "ArithmeticCommand":
      readArithmetic(place, node.expression, partsText);
      return [place.world];
  }
}
function walkPipeline(reader, node, world) {
  const [first, ...others] = node.commands;
  if (first === void 0) return [world];
  if (others.length === 0) return reader.runNode(first, world);
  let inputs = [world];
  for (const [at, command2] of node.commands.entries()) {
    const isLast = at === node.commands.length - 1;
    if (isSpent(reader)) break;
    const after2 = inputs.flatMap(
      (input) => reader.runNode(command2, { ...input, out: isLast ? world.out : "" })
    );
    if (isLast) {
      const outside = after2.map((end) => ({ ...world, out: end.out }));
      return mergeWorlds([...outside, ...after2.map((end) => ({ ...end, stdin: world.stdin }))]);
    }
    inputs = mergeWorlds(after2.map((end) => ({ ...world, stdin: linesOf(end.out) })));
  }
  return [world];
}
function linesOf(text) {
  if (text === void 0) return void 0;
  const bare = text.replace(/[\n\0]$/, "");
  return bare === "" ? [] : bare.split(/[\n\0]/);
}
var TESTS = /^(\[|test|false|grep|egrep|fgrep|rg|command|which|type|hash|diff|cmp|pgrep|git)$/;
function isTest(node) {
  var _a;
  if (node.type === "TestCommand" || node.type === "ArithmeticCommand") return true;
  if (node.type === "Pipeline")
    return node.prefixes.some((prefix) => prefix.type === "Negation") || node.commands.some(isTest);
  return node.type === "Command" && TESTS.test(((_a = node.name) == null ? void 0 : _a.value) ?? "");
}
var isNegated = (node) => node.type === "Pipeline" && node.prefixes.some((prefix) => prefix.type === "Negation");
function endsFlow(node) {
  var _a;
  if (node.type === "Command") return /^(exit|return|break|continue)$/.test(((_a = node.name) == null ? void 0 : _a.value) ?? "");
  if (node.type === "Redirected") return endsFlow(node.command);
  if (node.type === "BraceGroup") return endsList(node.body.commands);
  return node.type === "AndOr" && node.operators.every((operator) => operator === "&&") && endsFlow(node.commands.at(-1) ?? node);
}
var endsList = (statements) => statements.some((statement) => statement.command.type !== "AndOr" && endsFlow(statement.command));
var isChange = (node) => {
  var _a;
  return node.type === "Command" && /^(cd|pushd)$/.test(((_a = node.name) == null ? void 0 : _a.value) ?? "");
};
function walkAndOr(reader, node, world) {
  let before = [world];
  let now = [world];
  for (const [at, command2] of node.commands.entries()) {
    const operator = at === 0 ? void 0 : node.operators[at - 1];
    const left = at === 0 ? void 0 : node.commands[at - 1];
    const starts = operator === "||" ? left && isChange(left) ? before : mergeWorlds([...before, ...now]) : now;
    const after2 = mergeWorlds(starts.flatMap((start2) => reader.runNode(command2, start2)));
    const skipped = operator === "||" || operator === "&&" && left !== void 0 && isTest(left) ? now : [];
    before = starts;
    if (operator === "||" && endsFlow(command2)) continue;
    now = mergeWorlds([...skipped, ...after2]);
  }
  return now;
}
function walkIf(reader, node, world) {
  const ends = [];
  let starts = [world];
  for (const { clause, then } of [node, ...node.elif]) {
    const asked = reader.runStatements(clause.commands, starts);
    const negated = clause.commands.some((statement) => isNegated(statement.command));
    const inside = reader.runStatements(then.commands, negated ? mergeWorlds([...starts, ...asked]) : asked);
    if (!endsList(then.commands)) ends.push(...inside);
    starts = negated ? asked : mergeWorlds([...asked, ...starts]);
  }
  const rest = node.else === void 0 ? starts : reader.runStatements(node.else.commands, starts);
  if (node.else === void 0 || !endsList(node.else.commands)) ends.push(...rest);
  return mergeWorlds(ends.length > 0 ? ends : rest);
}
function walkCase(reader, node, world) {
  const place = { reader, world };
  wordText(place, node.word);
  for (const pattern of node.items.flatMap((item) => item.pattern)) wordText(place, pattern);
  const ends = [place.world];
  let falling = [];
  for (const item of node.items) {
    const after2 = reader.runStatements(item.body.commands, mergeWorlds([place.world, ...falling]));
    falling = item.terminator === ";&" || item.terminator === ";;&" ? after2 : [];
    if (!endsList(item.body.commands)) ends.push(...after2);
  }
  return mergeWorlds(ends);
}
function defineFunction(reader, node, world) {
  const known = reader.functions.get(node.name.value);
  if (known) {
    if (!known.bodies.includes(node.body)) known.bodies.push(node.body);
  } else reader.functions.set(node.name.value, { bodies: [node.body], world, calls: 0 });
  return [world];
}
function readTest(place, expression) {
  if (!takeStep(place.reader)) return;
  switch (expression.type) {
    case "TestUnary":
      wordText(place, expression.operand);
      return;
    case "TestBinary":
      wordText(place, expression.left);
      wordText(place, expression.right);
      return;
    case "TestLogical":
      for (const operand of expression.operands) readTest(place, operand);
      return;
    case "TestNot":
      readTest(place, expression.operand);
      return;
    case "TestGroup":
      readTest(place, expression.expression);
      return;
  }
}

// src/domain/shell/detours.ts
var ROUNDS_MAX = 3;
var OF_THE_LINK = /^(ln|rm|unlink|mv|rmdir|cp -s|trash)\b/;
function withDetours(found, { detours, noted }) {
  if (detours.length === 0) return found;
  const follow = follower(detours, noted);
  return {
    writes: follow(found.writes, (write, detour) => {
      const path = detoured(write.path, detour, OF_THE_LINK.test(write.how));
      return path === void 0 ? void 0 : { ...write, path, ...detour.glob ? { glob: true } : {} };
    }),
    links: follow(found.links, (link2, detour) => {
      const source2 = detoured(link2.source, detour);
      return source2 === void 0 ? void 0 : { ...link2, source: source2 };
    }),
    git: follow(found.git, (git2, detour) => {
      const dir = detoured(git2.dir, detour);
      return dir === void 0 ? void 0 : { ...git2, dir };
    }),
    coord: follow(found.coord, (call, detour) => {
      const cwd = detoured(call.cwd, detour);
      return cwd === void 0 ? void 0 : { ...call, cwd };
    })
  };
}
function follower(detours, noted) {
  return (findings, by) => {
    const all = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
    let fresh = [...all].map(([key, finding]) => ({ finding, at: noted.get(key) ?? 0 }));
    for (let round = 0; round < ROUNDS_MAX && fresh.length > 0; round += 1) {
      const next = [];
      for (const { finding, at } of fresh) {
        for (const detour of detours) {
          const other = at > detour.since ? by(finding, detour) : void 0;
          const key = other && JSON.stringify(other);
          if (other === void 0 || key === void 0 || all.has(key) || all.size >= FINDINGS_MAX * 2)
            continue;
          all.set(key, other);
          next.push({ finding: other, at });
        }
      }
      fresh = next;
    }
    return [...all.values()];
  };
}
function detoured(path, detour, onlyBelow = false) {
  const from = normalPath(detour.path);
  for (const way of [path, normalPath(path)]) {
    if (way === from && !onlyBelow) return detour.target;
    if (way.startsWith(`${from}/`)) return detour.target + way.slice(from.length);
  }
  return void 0;
}

// src/domain/shell/child-shells.ts
function handedDown(reader, world) {
  if (world.exported.includes("*")) return world.vars;
  const vars = /* @__PURE__ */ new Map();
  for (const [name, value] of world.vars) {
    if (name === "0" || world.exported.includes(name) || Object.hasOwn(reader.facts.env, name))
      vars.set(name, value);
    else if (typeof value === "string") vars.set(name, MAYBE + value);
  }
  return vars;
}
function runChild(reader, world, code, positional, stdin) {
  const vars = handedDown(reader, world);
  const inner = { ...world, vars, depth: world.depth + 1, positional, stdin, locals: [], stack: [] };
  return leaveSubshell(reader.runSource(code, inner), world);
}
function runCode(reader, world, code) {
  runChild(reader, { ...world, out: void 0 }, code, void 0, void 0);
}

// src/domain/shell/options.ts
var words = (list) => list === void 0 || list === "" ? [] : list.split(" ");
function readOptions(args, spec = {}) {
  const draft = { flags: /* @__PURE__ */ new Set(), values: /* @__PURE__ */ new Map() };
  const rest = [];
  for (let at = 0; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      rest.push(...args.slice(at + 1));
      break;
    }
    if (!arg.startsWith("-") || arg === "-" || isOpen(arg[0] ?? "")) {
      if (spec.stopEarly) {
        rest.push(...args.slice(at));
        break;
      }
      rest.push(arg);
    } else if (arg.startsWith("--") || spec.oneDash) {
      if (takeLong(arg, args[at + 1], spec, draft)) at += 1;
    } else if (takeShort(arg, args[at + 1], spec, draft)) at += 1;
  }
  return { ...draft, rest };
}
function takeLong(arg, next, spec, draft) {
  const bare = arg.replace(/^--?/, "");
  const equals = bare.indexOf("=");
  const given = equals < 0 ? bare : bare.slice(0, equals);
  const valued = words(spec.long);
  const flags = words(spec.flags);
  const exact = [...valued, ...flags].find((name2) => name2 === given);
  const name = exact ?? (given === "" ? void 0 : [...valued, ...flags].find((long) => long.startsWith(given))) ?? given;
  draft.flags.add(name);
  if (equals >= 0) addValue(draft, name, bare.slice(equals + 1));
  else if (valued.includes(name) && next !== void 0) {
    addValue(draft, name, next);
    return true;
  }
  return false;
}
function takeShort(arg, next, spec, draft) {
  const valued = spec.short ?? "";
  for (let at = 1; at < arg.length; at += 1) {
    const letter = arg[at] ?? "";
    draft.flags.add(letter);
    if (!valued.includes(letter)) continue;
    const glued = arg.slice(at + 1);
    if (glued !== "") addValue(draft, letter, glued);
    else if (next !== void 0) {
      addValue(draft, letter, next);
      return true;
    }
    return false;
  }
  return false;
}
function addValue(draft, name, value) {
  const values = draft.values.get(name);
  if (values === void 0) draft.values.set(name, [value]);
  else values.push(value);
}
var hasOption = (options, names) => words(names).some((name) => options.flags.has(name));
var optionValues = (options, names) => words(names).flatMap((name) => options.values.get(name) ?? []);
var optionValue = (options, names) => optionValues(options, names).at(-1);

// src/domain/shell/word-lists.ts
function isAmong(list, word) {
  if (word === "" || word.includes(" ") || word.includes("\n")) return false;
  for (let at = list.indexOf(word); at >= 0; at = list.indexOf(word, at + 1))
    if (isGap(list, at - 1) && isGap(list, at + word.length)) return true;
  return false;
}
function isGap(list, at) {
  const unit = list[at];
  return unit === void 0 || unit === " " || unit === "\n";
}

// src/domain/shell/archive-tools.ts
var TAR = {
  short: "fCTXbHVgNKFIL",
  long: "file directory files-from exclude exclude-from transform xform strip-components owner group mode mtime format use-compress-program one-top-level to-command checkpoint-action rsh-command info-script new-volume-script index-file listed-incremental suffix starting-file newer blocking-factor rmt-command volno-file",
  flags: "extract get create append update concatenate catenate delete list diff compare test-label to-stdout absolute-names remove-files recursive-unlink"
};
var UNPACKED = { tree: true, some: true };
function tarArguments(args) {
  const [bundle2 = "", ...others] = args;
  if (bundle2.startsWith("-") || !/^[A-Za-z]{1,24}$/.test(bundle2)) return [...args];
  const valued = [...bundle2].filter((letter) => {
    var _a;
    return (_a = TAR.short) == null ? void 0 : _a.includes(letter);
  });
  const flags = [...bundle2].filter((letter) => {
    var _a;
    return !((_a = TAR.short) == null ? void 0 : _a.includes(letter));
  }).map((letter) => `-${letter}`);
  return [
    ...flags,
    ...valued.flatMap((letter, at) => [`-${letter}`, others[at] ?? ""]),
    ...others.slice(valued.length)
  ];
}
var tar = (reader, { name, args, world }) => {
  const options = readOptions(tarArguments(args), TAR);
  const archive2 = optionValue(options, "f file");
  const open = args.find((arg) => isOpen(arg.slice(0, 1)));
  if (open !== void 0 && !hasOption(options, "t list")) noteOpen(reader, world, open, name);
  const places = optionValues(options, "C directory");
  for (const code of optionValues(
    options,
    "to-command use-compress-program I rsh-command info-script F new-volume-script rmt-command"
  ))
    runCode(reader, world, code);
  for (const action of optionValues(options, "checkpoint-action"))
    if (action.startsWith("exec=")) runCode(reader, world, action.slice(5));
  for (const file of optionValues(options, "index-file g listed-incremental volno-file"))
    noteWrite(reader, world, file, name);
  const isPack = hasOption(options, "c create r append u update A concatenate catenate delete");
  if (isPack && archive2 !== void 0 && archive2 !== "-") noteWrite(reader, world, archive2, `${name} -f`);
  if (isPack && hasOption(options, "remove-files"))
    for (const file of options.rest) noteWrite(reader, world, file, `${name} --remove-files`, { tree: true });
  if (!hasOption(options, "x extract get") || hasOption(options, "O to-stdout")) return void 0;
  const root = places.length === 0 ? "." : places.reduce((from, to) => joinPath(from, to));
  const top = optionValue(options, "one-top-level");
  for (const place of [root, ...top === void 0 ? [] : [joinPath(root, top)]])
    noteWrite(
      reader,
      world,
      place,
      `${name} -x`,
      hasOption(options, "recursive-unlink U unlink-first") ? { tree: true } : UNPACKED
    );
  if (hasOption(options, "P absolute-names")) noteUnknown(reader, world, "program", `${name} -P`);
  return void 0;
};
var unzip = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: "dxP" });
  if (hasOption(options, "l t p c v Z z")) return void 0;
  noteWrite(reader, world, optionValue(options, "d") ?? ".", name, UNPACKED);
  return void 0;
};
var zip = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: "btnxiO", long: "out temp-path exclude include suffixes" });
  const [archive2, ...files] = options.rest;
  for (const target of [archive2, optionValue(options, "O out")]) {
    if (target === void 0 || target === "-") continue;
    noteWrite(reader, world, target, name);
    if (!/\.[^/]+$/.test(target)) noteWrite(reader, world, `${target}.zip`, name);
  }
  if (hasOption(options, "m move"))
    for (const file of files) noteWrite(reader, world, file, `${name} -m`, { tree: true });
  return void 0;
};
var sevenZip = (reader, { name, args, world }) => {
  var _a;
  const [verb, ...others] = args;
  const files = others.filter((arg) => !arg.startsWith("-"));
  const place = ((_a = others.find((arg) => /^-o./.test(arg))) == null ? void 0 : _a.slice(2)) ?? ".";
  if (verb === "x" || verb === "e") noteWrite(reader, world, place, name, UNPACKED);
  else if (/^(a|d|u|rn)$/.test(verb ?? "") && files[0] !== void 0)
    noteWrite(reader, world, files[0], name);
  return void 0;
};
var SUFFIXES = {
  gzip: ".gz",
  pigz: ".gz",
  bzip2: ".bz2",
  pbzip2: ".bz2",
  xz: ".xz",
  lzma: ".lzma",
  zstd: ".zst",
  lz4: ".lz4",
  brotli: ".br",
  compress: ".Z",
  lzip: ".lz"
};
var compress = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: "SoTM", long: "suffix output threads output-dir-flat" });
  if (hasOption(options, "c stdout to-stdout l list t test")) return void 0;
  const suffix = SUFFIXES[name.replace(/^(un|g?un)/, "")] ?? SUFFIXES[name] ?? "";
  const manner = { tree: hasOption(options, "r recursive") };
  for (const target of optionValues(options, "o output")) noteWrite(reader, world, target, name);
  if (hasOption(options, "o output")) return void 0;
  for (const file of options.rest) {
    noteWrite(reader, world, file, name, manner);
    const other = /\.(gz|tgz|bz2|xz|lzma|zst|lz4|br|Z|lz)$/.test(file) ? file.replace(/\.[^.]+$/, "") : `${file}${suffix || ".gz"}`;
    noteWrite(reader, world, other, name, manner);
  }
  return void 0;
};
var cpio = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: "FOIEHCDRM", long: "file directory format owner" });
  const place = optionValue(options, "D directory") ?? ".";
  if (hasOption(options, "i extract") && !hasOption(options, "t list"))
    noteWrite(reader, world, place, name, UNPACKED);
  if (hasOption(options, "p pass-through"))
    noteWrite(reader, world, options.rest[0] ?? place, name, { tree: true });
  if (hasOption(options, "o create")) noteFirst(reader, { name, args, world }, options, "O F file");
  return void 0;
};
function noteFirst(reader, call, options, names) {
  const target = optionValue(options, names);
  if (target !== void 0) noteWrite(reader, call.world, target, call.name);
}
var letterArchive = (reader, { name, args, world }) => {
  const [letters = "", archive2] = args;
  if (/x/.test(letters)) noteWrite(reader, world, ".", name, UNPACKED);
  else if (!/^-?[tp]/.test(letters) && archive2 !== void 0) noteWrite(reader, world, archive2, name);
  return void 0;
};
var OTHERS = {
  tar,
  bsdtar: tar,
  unzip,
  zip,
  "7z": sevenZip,
  "7za": sevenZip,
  "7zz": sevenZip,
  cpio,
  ar: letterArchive,
  jar: letterArchive
};
var UNPACKERS = "gunzip unpigz bunzip2 unxz unlzma unzstd unlz4 unbrotli uncompress";
function archiveToolOf(name) {
  if (Object.hasOwn(OTHERS, name)) return OTHERS[name];
  return Object.hasOwn(SUFFIXES, name) || isAmong(UNPACKERS, name) ? compress : void 0;
}

// src/domain/shell/directories.ts
function changeDirectory(reader, world, target, physical = world.physical) {
  if (target === "") return world;
  const told2 = resolveTarget(reader, world, target);
  const joined = target.includes(MAYBE) ? told2 + MAYBE : told2;
  return { ...world, cwd: physical ? joined : normalPath(joined), oldCwd: world.cwd };
}
function home(reader, world) {
  const assigned = readVariable(world, "HOME");
  return typeof assigned === "string" ? assigned : reader.facts.home ?? OPEN_VARIABLE;
}
function cdTargets(reader, world, args) {
  const { flags, rest } = readOptions(args);
  const physical = flags.has("P") || world.physical && !flags.has("L");
  const [target, extra] = rest;
  if (extra !== void 0) return [{ ...world, cwd: OPEN_VARIABLE, oldCwd: world.cwd }];
  if (target === void 0) return [changeDirectory(reader, world, home(reader, world), physical)];
  if (target === "-") {
    const out = world.out === void 0 ? void 0 : `${world.out}${world.oldCwd}
`;
    return [{ ...world, cwd: world.oldCwd, oldCwd: world.cwd, out }];
  }
  const plain2 = changeDirectory(reader, world, target, physical);
  const search = world.vars.get("CDPATH");
  if (typeof search !== "string" || search === "" || isAbsolute(target, false) || target.startsWith("."))
    return [plain2];
  const places = search.split(":").map((place) => place === "" ? target : `${place}/${target}`);
  const found = places.map((place) => changeDirectory(reader, world, place, physical));
  return mergeWorlds([plain2, ...found].map(unheard));
}
var STACK_MAX = 64;
var cd = (reader, { args, world }) => cdTargets(reader, world, args);
var pushd = (reader, { args, world }) => {
  const [target] = args.filter((arg) => arg !== "-n" && arg !== "--");
  if (args.includes("-n") && target !== void 0)
    return cdTargets(reader, world, [target]).map(({ cwd }) => ({
      ...world,
      stack: [cwd, ...world.stack].slice(0, STACK_MAX)
    }));
  if (target === void 0) {
    const [top, ...others] = world.stack;
    return top === void 0 ? [world] : [{ ...world, cwd: top, oldCwd: world.cwd, stack: [world.cwd, ...others] }];
  }
  if (/^[+-]\d+$/.test(target)) return [{ ...world, cwd: OPEN_VARIABLE, oldCwd: world.cwd, stack: [] }];
  return cdTargets(reader, world, [target]).map((after2) => ({
    ...after2,
    stack: [world.cwd, ...world.stack].slice(0, STACK_MAX)
  }));
};
var popd = (_, { args, world }) => {
  const [top, ...others] = world.stack;
  if (args.some((arg) => /^[+-]/.test(arg)))
    return [{ ...world, cwd: OPEN_VARIABLE, oldCwd: world.cwd, stack: [] }];
  return top === void 0 ? [world] : [{ ...world, cwd: top, oldCwd: world.cwd, stack: others }];
};
var told = (program) => (reader, call) => {
  var _a;
  return (_a = program(reader, call)) == null ? void 0 : _a.map(unheard);
};
var DIRECTORY_BUILTINS = { cd, chdir: cd, pushd: told(pushd), popd: told(popd) };

// src/domain/shell/printing.ts
var ESCAPES = {
  n: "\n",
  t: "	",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  '"': '"',
  "'": "'",
  e: "\x1B"
};
function decodeEscapes(text) {
  return text.replace(
    /\\(?:x([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{1,4})|(0?[0-7]{1,3})|(.))/gs,
    (whole, hex, unicode, octal, char) => {
      if (hex !== void 0 || unicode !== void 0)
        return String.fromCharCode(Number.parseInt(hex ?? unicode, 16));
      if (octal !== void 0) return String.fromCharCode(Number.parseInt(octal, 8) & 255);
      return ESCAPES[char] ?? whole;
    }
  );
}
function echoText(args) {
  let at = 0;
  let escapes = false;
  let newline = "\n";
  for (; /^-[neE]+$/.test(args[at] ?? ""); at += 1) {
    const option = args[at] ?? "";
    if (option.includes("n")) newline = "";
    if (option.includes("e")) escapes = true;
  }
  const text = args.slice(at).join(" ");
  return (escapes ? decodeEscapes(text) : text) + newline;
}
function printfText(args) {
  const [format, ...values] = args[0] === "--" ? args.slice(1) : args;
  if (format === void 0 || !isStatic(format) || format.includes("%(") || format.length > VALUE_CHARS_MAX)
    return void 0;
  const pieces = decodeEscapes(format).split(/(%(?:%|[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]))/);
  const wanted = pieces.filter((piece) => /^%[^%]/.test(piece)).length;
  let text = "";
  let at = 0;
  for (let round = 0; round < EXPANSION_MAX; round += 1) {
    for (const piece of pieces) {
      if (piece === "%%") text += "%";
      else if (!/^%./.test(piece)) text += piece;
      else text += convert(piece, values[at++] ?? "");
    }
    if (wanted === 0 || at >= values.length) return text;
  }
  return void 0;
}
function convert(directive, value) {
  if (directive === "%s" || directive === "%q") return value;
  if (directive === "%b") return decodeEscapes(value);
  if (/[diouxXeEfFgGaA]$/.test(directive)) return NAME;
  if (!isStatic(value)) return OPEN_VARIABLE;
  if (directive === "%c") return value.slice(0, 1);
  const [, width, precision] = /^%-?(\d*)(?:\.(\d+))?s$/.exec(directive) ?? [];
  if (width === void 0) return OPEN_VARIABLE;
  return value.slice(0, precision === void 0 ? void 0 : Number(precision)).padStart(Math.min(Number(width), 256));
}

// src/domain/shell/builtins.ts
var ASSIGNED = /^(\w+)(\[[^\]]*\])?\+?=/;
var declare = (reader, { name, args, world }) => {
  const { flags, rest } = readOptions(args.map((arg) => arg.replace(/^\+/, "-")));
  if (flags.has("f") || flags.has("p") || rest.length === 0) return [unheard(world)];
  let now = world;
  for (const arg of rest) {
    const assigned = ASSIGNED.exec(arg);
    const variable = (assigned == null ? void 0 : assigned[1]) ?? arg;
    if (!/^\w+$/.test(variable)) {
      if (isOpen(arg)) now = forgetVariables(now);
      continue;
    }
    const isLocal = name === "local" || (name === "declare" || name === "typeset") && world.depth > 0 && !flags.has("g");
    if (isLocal) now = { ...now, locals: [...now.locals, variable] };
    if (flags.has("n")) now = setVariable(now, variable, OPEN_VARIABLE);
    else if (assigned) now = assignArgument(now, variable, arg, assigned[0]);
    else if (isLocal) now = setVariable(now, variable, null);
    if (name === "export" || flags.has("x")) now = { ...now, exported: [...now.exported, variable] };
    const place = { reader, world: now };
    if (assigned) readCommandVariable(place, variable);
  }
  return [now];
};
function assignArgument(world, variable, arg, head) {
  if (arg.startsWith("(", head.length) && Array.isArray(world.vars.get(variable))) return world;
  if (head.includes("+") || head.includes("[")) return setVariable(world, variable, OPEN_VARIABLE);
  return setVariable(world, variable, arg.slice(head.length));
}
var unset = (_, { args, world }) => [
  args.reduce((now, name) => /^\w+$/.test(name) ? setVariable(now, name, null) : now, world)
];
function splitLine(world, line) {
  const ifs = world.vars.get("IFS");
  if (typeof ifs !== "string" || /^\s*$/.test(ifs)) return ifs === "" ? [line] : line.trim().split(/[ \t]+/);
  const words2 = [""];
  for (const char of line) {
    if (ifs.includes(char)) words2.push("");
    else words2[words2.length - 1] += char;
  }
  return words2;
}
var read = (_, { args, world }) => {
  const options = readOptions(args, { short: "adinNptu" });
  const fromElsewhere = hasOption(options, "u");
  const whole = optionValue(options, "d") === "";
  const lines2 = fromElsewhere ? void 0 : world.stdin;
  const line = lines2 === void 0 ? OPEN_VARIABLE : whole ? lines2.join("\n") : lines2[0] ?? "";
  const list = optionValue(options, "a");
  let now = { ...world, stdin: whole ? [] : lines2 == null ? void 0 : lines2.slice(1) };
  const words2 = splitLine(world, line);
  const ifs = world.vars.get("IFS");
  const glue = typeof ifs === "string" && ifs.trim() !== "" ? ifs.trim().slice(0, 1) : " ";
  if (list !== void 0) return [setVariable(now, list, words2)];
  const names = options.rest.length > 0 ? options.rest : ["REPLY"];
  for (const [at, name] of names.entries()) {
    const isLast = at === names.length - 1;
    const value = isLast ? words2.slice(at).join(glue) : words2[at] ?? "";
    now = setVariable(now, name, names.length === 1 ? line.trim() : isOpen(line) ? OPEN_VARIABLE : value);
  }
  return [now];
};
var mapfile = (_, { args, world }) => {
  const options = readOptions(args, { short: "dnOsuCc" });
  const lines2 = hasOption(options, "u") ? void 0 : world.stdin;
  return [
    {
      ...setVariable(world, options.rest[0] ?? "MAPFILE", lines2 ?? [OPEN_VARIABLE]),
      stdin: lines2 === void 0 ? void 0 : []
    }
  ];
};
var printf = (_, { args, world }) => {
  const variable = args[0] === "-v" ? args[1] : void 0;
  const text = printfText(variable === void 0 ? args : args.slice(2));
  if (variable !== void 0) return [setVariable(world, variable, text ?? OPEN_VARIABLE)];
  return [{ ...world, out: world.out === void 0 || text === void 0 ? void 0 : world.out + text }];
};
var evaluate = (reader, { args, world }) => reader.runSource(args.filter((arg) => arg !== "--").join(" "), { ...world, depth: world.depth + 1 }).map((after2) => ({ ...after2, depth: world.depth }));
var source = (reader, { name, args, world }) => {
  const file = args.find((arg) => arg !== "--");
  const stream = file === void 0 ? void 0 : streamText(reader, world, file);
  if (stream !== void 0) return evaluate(reader, { name, args: [stream], world });
  noteUnknown(reader, world, "script", `${name} ${file ?? ""}`);
  const written = file === void 0 ? void 0 : writtenText(reader, world, file);
  return written === void 0 ? [{ ...world, out: void 0 }] : evaluate(reader, { name, args: [written], world });
};
var set = (_, { args, world }) => {
  if (args.length === 0) return [unheard(world)];
  const at = args.findIndex((arg) => arg === "--" || !/^[-+]/.test(arg));
  const isPhysical = args.slice(0, at < 0 ? void 0 : at).some((arg) => /^-[a-zA-Z]*P/.test(arg)) || args[0] === "-o" && args[1] === "physical";
  const exportsAll = args[0] === "-a" || args[0] === "-o" && args[1] === "allexport";
  const exported = exportsAll ? [...world.exported, "*"] : world.exported;
  const now = { ...world, exported, physical: world.physical || isPhysical };
  if (at < 0 || args[0] === "-o" || args[0] === "+o" || /^-[a-zA-Z]*o$/.test(args[0] ?? "")) return [now];
  return [{ ...now, positional: args.slice(args[at] === "--" ? at + 1 : at) }];
};
var shift = (_, { args, world }) => {
  var _a;
  const count = Number(args[0] ?? 1);
  return [{ ...world, positional: Number.isInteger(count) ? (_a = world.positional) == null ? void 0 : _a.slice(count) : void 0 }];
};
var trap = (reader, { args, world }) => {
  const [code, ...signals] = args.filter((arg) => arg !== "--");
  if (code === void 0 || signals.length === 0 || code === "-" || code.startsWith("-l") || code.startsWith("-p"))
    return [unheard(world)];
  reader.runSource(code, { ...world, depth: world.depth + 1 });
  if (reader.late.length < 16) reader.late.push({ source: code, world });
  return [world];
};
var alias = (reader, { args, world }) => {
  if (!args.some((arg) => arg.includes("="))) return [unheard(world)];
  for (const arg of args) {
    const [head, name] = /^([^=\s]+)=/.exec(arg) ?? [];
    if (head === void 0 || name === void 0) continue;
    reader.runSource(arg.slice(head.length), { ...world, depth: world.depth + 1 });
    reader.aliases.set(name, arg.slice(head.length));
  }
  return [world];
};
var exec = (reader, { args, world }) => {
  const { rest } = readOptions(args, { short: "a", stopEarly: true });
  return rest.length === 0 ? [world] : reader.runArguments(rest, world, true);
};
var command = (reader, { args, world }) => {
  const { flags, rest } = readOptions(args, { stopEarly: true });
  if (flags.has("v") || flags.has("V")) return [{ ...world, out: void 0 }];
  return rest.length === 0 ? [world] : reader.runArguments(rest, world, true);
};
var modifier = (reader, { args, world }) => reader.runArguments(args, world);
var repeat = (reader, { args, world }) => args.length < 2 ? [world] : reader.runArguments(args.slice(1), world);
var let_ = (_, { args, world }) => [
  args.reduce((now, arg) => {
    var _a;
    const name = (_a = /^\s*(\w+)\s*(?:[-+*/%&|^]|<<|>>)?=(?!=)/.exec(arg)) == null ? void 0 : _a[1];
    return name === void 0 ? now : setVariable(now, name, NAME);
  }, world)
];
var getopts = (_, { args, world }) => [
  setVariable(setVariable(world, args[1] ?? "opt", NAME), "OPTARG", OPEN_VARIABLE)
];
var remap = (reader, { name, args, world }) => {
  if (args.some((arg) => /^-\w*[fp]/.test(arg)))
    noteUnknown(reader, world, "program", [name, ...args].join(" "));
  return [world];
};
var QUIET = ": true false test [ exit return break continue setopt unsetopt autoload zmodload zstyle bindkey compdef compinit unalias wait disown";
var LOUD = "shopt emulate complete jobs fg bg ulimit umask kill times caller suspend logout";
var quiet = (_, { world }) => [world];
var loud = (_, { world }) => [unheard(world)];
var OTHERS2 = {
  ...DIRECTORY_BUILTINS,
  export: declare,
  declare,
  typeset: declare,
  local: declare,
  readonly: declare,
  integer: declare,
  unset,
  read,
  mapfile,
  readarray: mapfile,
  printf,
  eval: evaluate,
  source,
  ".": source,
  set,
  shift,
  trap,
  alias,
  exec,
  command,
  builtin: command,
  noglob: modifier,
  nocorrect: modifier,
  "-": modifier,
  let: let_,
  repeat,
  getopts,
  enable: remap,
  hash: remap
};
function builtinOf(name) {
  if (Object.hasOwn(OTHERS2, name)) return OTHERS2[name];
  if (isAmong(QUIET, name)) return quiet;
  return isAmong(LOUD, name) ? loud : void 0;
}

// src/domain/shell/containers.ts
var LOOKS = /^(ps|images|logs|inspect|version|info|top|stats|port|history|search|events|diff|ls|config)$/;
var SUBJECT = /^(container|image|volume|network|system|context)$/;
var container = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: "Hc", long: "host context config log-level", stopEarly: true });
  const [first = "", ...after2] = options.rest;
  if (first === "compose") return compose(reader, { name: `${name} compose`, args: after2, world });
  const [verb = "", ...rest] = SUBJECT.test(first) ? after2 : [first, ...after2];
  if (LOOKS.test(verb) || first === "" && args.length < 2) return void 0;
  noteUnknown(reader, world, "program", [name, verb, ...rest.slice(0, 1)].join(" "));
  if (/^(run|create)$/.test(verb)) noteMounts(reader, { name, args: rest, world });
  const target = readOptions(rest).rest.at(-1) ?? "-";
  if (verb === "cp" && target !== "-" && !/^[^/:]+:/.test(target))
    noteWrite(reader, world, target, `${name} cp`);
  return void 0;
};
function noteMounts(reader, { name, args, world }) {
  var _a, _b;
  for (const [at, arg] of args.entries()) {
    const [, glued] = /^(?:-[a-zA-Z]*v=?|--volume=|--mount=)(.+)$/s.exec(arg) ?? [];
    const told2 = glued ?? (/^(?:-[a-zA-Z]*v|--volume|--mount)$/.test(arg) ? args[at + 1] : void 0);
    if (told2 === void 0 || /[:,](?:\w+,)*(ro|readonly)(?:[,=]|$)/.test(told2)) continue;
    const source2 = ((_a = /(?:^|,)(?:source|src)=([^,]+)/.exec(told2)) == null ? void 0 : _a[1]) ?? ((_b = /^([^:]+):/.exec(told2)) == null ? void 0 : _b[1]);
    if (source2 === void 0 || !(isOpen(source2) || /^[.~]|\//.test(source2))) continue;
    noteWrite(reader, world, source2, `${name} -v`, { tree: true, certain: false });
  }
}
var compose = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: "fp",
    long: "file project-name project-directory profile env-file",
    stopEarly: true
  });
  const [verb = ""] = options.rest;
  if (verb === "" || LOOKS.test(verb)) return void 0;
  const file = optionValues(options, "f file")[0];
  const place = optionValue(options, "project-directory") ?? (file === void 0 ? void 0 : directoryName(file));
  noteUnknown(reader, world, "program", `${name} ${verb}`, place);
  if (/^(run|create)$/.test(verb)) noteMounts(reader, { name, args: options.rest.slice(1), world });
  return void 0;
};
var CONTAINERS = {
  docker: container,
  podman: container,
  nerdctl: container,
  "docker-compose": compose,
  "podman-compose": compose
};

// src/domain/shell/coord-calls.ts
var PROGRAM = /(^|\/)(bin\/)?coord(\.(cmd|exe|cjs|ps1))?$/;
var SCRIPT = /(^|\/)coord\.c?js$/;
var isCoordProgram = (name) => PROGRAM.test(name);
var isCoordScript = (file) => SCRIPT.test(file);
function readCoord(reader, { name, args, world }) {
  noteCoord(reader, world, args, name);
  const dashes = args.indexOf("--");
  if (args[0] === "run" && dashes >= 0)
    reader.runArguments(args.slice(dashes + 1), { ...world, out: void 0 }, true);
  return [{ ...world, out: void 0 }];
}

// src/domain/shell/databases.ts
var ASKS = /^(|--.*|select\b.*|values\b.*|explain\b.*|pragma\s+\w+|pragma\s+\w+_(info|xinfo|list|check)\s*\(.*)$/is;
var ACTS = /\b(writefile|load_extension|edit)\s*\(/i;
var onlyAsks = (sql) => !ACTS.test(sql) && sql.split(";").every((statement) => ASKS.test(statement.trim()));
var sqlite = (reader, call) => {
  const { name, args, world } = call;
  const options = readOptions(args, {
    oneDash: true,
    long: "cmd init separator newline nullvalue mmap maxsize lookaside pagecache"
  });
  if (hasOption(options, "version help")) return void 0;
  if (hasOption(options, "init")) noteUnknown(reader, world, "script", `${name} -init`);
  const [file, ...given] = options.rest;
  const texts = [...optionValues(options, "cmd"), ...given];
  if (given.length === 0 && world.stdin === void 0) noteUnknown(reader, world, "script", name);
  if (given.length === 0) texts.push(...world.stdin ?? []);
  const lines2 = texts.flatMap((text) => /^\s*\./m.test(text) ? text.split("\n") : [text]);
  const dots = lines2.filter((line) => /^\s*\./.test(line));
  const sql = lines2.filter((line) => !/^\s*\./.test(line)).join("\n");
  if (isOpen(sql)) noteOpen(reader, world, sql, name);
  const isAsking = onlyAsks(sql) && !dots.some((dot) => /^\s*\.(import|restore|ar|archive|recover)\b/.test(dot));
  if (file !== void 0 && !file.startsWith(":memory") && !isAsking && !hasOption(options, "readonly safe"))
    noteWrite(reader, world, file, name);
  for (const [, quoted = ""] of sql.matchAll(
    /\b(?:attach(?:\s+database)?|vacuum\s+into|writefile\s*\()\s*'([^']*)'/gi
  ))
    if (quoted !== "" && !quoted.startsWith(":memory")) noteWrite(reader, world, quoted, `${name} file`);
  for (const dot of dots) readDotCommand(reader, call, dot.trim());
  return void 0;
};
function readDotCommand(reader, { name, world }, line) {
  const [, verb = "", rest = ""] = /^\.(\w+)\s*(.*)$/s.exec(line) ?? [];
  const words2 = rest.match(/"[^"]*"|'[^']*'|\S+/g) ?? [];
  const target = (words2.at(-1) ?? "").replace(/^["']|["']$/g, "");
  if (/^(shell|system)$/.test(verb)) runCode(reader, world, rest);
  else if (/^(read|load|cd|restore|archive|ar)$/.test(verb))
    noteUnknown(reader, world, "script", `${name} ${line}`);
  else if (/^(output|once|log|backup|save|clone|trace|open)$/.test(verb)) {
    if (rest.trim().startsWith("|")) runCode(reader, world, rest.trim().slice(1));
    else if (target !== "" && !/^(stdout|stderr|on|off|-.*)$/.test(target))
      noteWrite(reader, world, target, `${name} .${verb}`);
  }
}
var DATABASES = { sqlite3: sqlite, sqlite };

// src/domain/shell/editors.ts
var WRITES = /^(?:[%\d.,$'<>+-]*)(?:w|W|wq|write|wri|saveas|sav|up|update|x|xit|wa|wall|mks|mksession|mkv|mkview|mkexrc|redir)!?(?:\s*(?:>>|>))?\s+(?!!)(\S.*)$/;
var SHELLS = /^(?:[%\d.,$'<>+-]*)(?:w|r|read)?\s*!\s*(.+)$/;
function readExCommand(reader, world, command2, how) {
  var _a, _b;
  for (const line of command2.split(/\n|\|/)) {
    const told2 = line.trim().replace(/^:+\s*/, "").replace(/^(?:silent!?|sil!?|noautocmd|keepalt)\s+/, "");
    const file = (_a = WRITES.exec(told2)) == null ? void 0 : _a[1];
    const code = file === void 0 ? (_b = SHELLS.exec(told2)) == null ? void 0 : _b[1] : void 0;
    if (file !== void 0) noteWrite(reader, world, file.trim(), how);
    else if (code !== void 0) runCode(reader, world, code);
  }
}
var lineEditor = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: "cpTuSt" });
  for (const file of options.rest) noteWrite(reader, world, file, name);
  for (const command2 of optionValues(options, "c")) readExCommand(reader, world, command2, `${name} -c`);
  if (world.stdin === void 0) noteUnknown(reader, world, "script", name);
  else for (const line of world.stdin) readExCommand(reader, world, line, name);
  return void 0;
};
var visualEditor = (reader, { name, args, world }) => {
  const plus = args.filter((arg) => arg.startsWith("+")).map((arg) => arg.slice(1));
  const options = readOptions(
    args.filter((arg) => !arg.startsWith("+")),
    { short: "cSuUTiwWt", long: "cmd startuptime" }
  );
  const isView = options.flags.has("R") || options.flags.has("M") || name === "view";
  if (!isView) {
    for (const file of options.rest) if (file !== "-") noteWrite(reader, world, file, name);
  }
  for (const command2 of [...plus, ...optionValues(options, "c cmd")])
    readExCommand(reader, world, command2, `${name} -c`);
  for (const file of optionValues(options, "w W")) noteWrite(reader, world, file, name);
  noteUnknown(reader, world, "program", name);
  return void 0;
};
var screenEditor = (reader, { name, args, world }) => {
  for (const file of readOptions(
    args.filter((arg) => !arg.startsWith("+")),
    { short: "fel" }
  ).rest)
    noteWrite(reader, world, file, name);
  noteUnknown(reader, world, "program", name);
  return void 0;
};
var SCREEN_EDITORS = "nano pico emacs emacsclient micro joe jed kak hx helix mcedit gedit kate";
function editorOf(name) {
  if (isAmong("ed red ex", name)) return lineEditor;
  if (isAmong("vim vi nvim view gvim mvim vimdiff", name)) return visualEditor;
  return isAmong(SCREEN_EDITORS, name) ? screenEditor : void 0;
}

// src/domain/shell/file-tools.ts
var PLAIN = {
  rm: { tree: "r R d recursive dir", flags: "recursive dir", long: "interactive" },
  srm: { tree: "r R recursive" },
  trash: { tree: true },
  "trash-put": { tree: true },
  rmtrash: { tree: true },
  rmdir: {},
  unlink: {},
  shred: { short: "ns", long: "iterations size random-source" },
  touch: { short: "drtA", long: "date reference time" },
  mkdir: { short: "m", long: "mode" },
  mkfifo: { short: "m", long: "mode" },
  truncate: { short: "sr", long: "size reference" },
  fallocate: { short: "lo", long: "length offset" },
  tee: {},
  sponge: {},
  setfacl: { short: "mxMX", long: "modify remove", tree: "R recursive" },
  dos2unix: { long: "convmode", short: "c" },
  unix2dos: { long: "convmode", short: "c" },
  setfattr: { short: "nvx", long: "name value remove" },
  xattr: { tree: "r" },
  chattr: { skip: 1, tree: "R", short: "vp" },
  SetFile: { short: "atcdm" },
  fsync: {}
};
var plain = (spec) => (reader, { name, args, world }) => {
  const options = readOptions(args, spec);
  const tree = spec.tree === true || spec.tree !== void 0 && hasOption(options, spec.tree);
  for (const target of options.rest.slice(spec.skip ?? 0)) noteWrite(reader, world, target, name, { tree });
  return void 0;
};
var changeMode = (reader, { name, args, world }) => {
  const options = readOptions(args, { long: "reference from", flags: "recursive" });
  const hasMode = hasOption(options, "reference") || name === "chmod" && args.some((arg) => /^-[rwxXstugoa]+([-+=,].*)?$/.test(arg));
  const tree = hasOption(options, "R recursive");
  for (const target of options.rest.slice(hasMode ? 0 : 1)) noteWrite(reader, world, target, name, { tree });
  return void 0;
};
function placeSources(options, parents = false) {
  const told2 = optionValue(options, "t target-directory");
  const sources = told2 === void 0 ? options.rest.slice(0, -1) : options.rest;
  const destination = told2 ?? options.rest.at(-1) ?? "";
  const [first] = sources;
  if (first === void 0) return { sources, targets: [] };
  const exact = hasOption(options, "T no-target-directory");
  const isDirectory = told2 !== void 0 || sources.length > 1 || saysDirectory(destination);
  const inside = sources.map((source2) => ({
    source: source2,
    path: parents ? `${destination}/${source2}` : joinPath(destination, baseName(source2)),
    into: false
  }));
  if (told2 === void 0 && hasPattern(destination)) {
    inside.push({ source: first, path: joinPath(destination, NAME), into: false });
  }
  if (exact) return { sources, targets: [{ source: first, path: destination, into: false }] };
  return {
    sources,
    targets: isDirectory ? inside : [{ source: first, path: destination, into: true }, ...inside]
  };
}
var PLACING = {
  short: "tSgmoZ",
  long: "target-directory suffix mode owner group context strip-program",
  flags: "recursive archive link symbolic-link no-target-directory parents directory"
};
var copy = (reader, { name, args, world }) => {
  const options = readOptions(args, { ...PLACING, short: name === "cp" ? "tS" : "t" });
  const tree = name === "ditto" || hasOption(options, "r R a recursive archive");
  const isHard = hasOption(options, "l link");
  const isSoft = hasOption(options, "s symbolic-link");
  const { targets } = placeSources(options, hasOption(options, "parents"));
  for (const { path, into } of targets)
    noteWrite(reader, world, path, isSoft ? "cp -s" : name, { tree, into });
  for (const { source: source2, path } of targets) {
    if (isHard) noteLink(reader, world, source2, path, "cp -l");
    if (isSoft) noteDetour(reader, resolveTarget(reader, world, path), resolveTarget(reader, world, source2));
  }
  return void 0;
};
var move = (reader, { args, world }) => {
  const placing = placeSources(readOptions(args, { ...PLACING, short: "tS" }));
  for (const source2 of placing.targets.length > 0 ? placing.sources : [])
    noteWrite(reader, world, source2, "mv", { tree: true });
  for (const { path, into } of placing.targets) noteWrite(reader, world, path, "mv", { tree: true, into });
  for (const { source: source2, path } of placing.targets) {
    noteDetour(reader, resolveTarget(reader, world, path), resolveTarget(reader, world, source2));
  }
  return void 0;
};
var link = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    ...PLACING,
    short: "tS",
    flags: `${PLACING.flags} symbolic physical logical relative`
  });
  const isSoft = hasOption(options, "s symbolic");
  const how = isSoft ? "ln -s" : name;
  const [only] = options.rest;
  const isAlone = options.rest.length === 1 && !hasOption(options, "t target-directory") && only !== void 0;
  const targets = isAlone ? [{ source: only, path: baseName(only), into: false }] : placeSources(options).targets;
  for (const { path, into } of targets) noteWrite(reader, world, path, how, { into });
  for (const { source: source2, path } of targets) {
    if (!isSoft) {
      noteLink(reader, world, source2, path, name);
      continue;
    }
    const place = resolveTarget(reader, world, path);
    const from = isAbsolute(source2, reader.facts.windows === true) || hasOption(options, "r relative") ? resolveTarget(reader, world, source2) : joinPath(directoryName(place), source2);
    noteDetour(reader, place, from);
  }
  return void 0;
};
var install = (reader, { name, args, world }) => {
  const options = readOptions(args, { ...PLACING, short: "tSgmo" });
  if (hasOption(options, "d directory")) {
    for (const target of options.rest) noteWrite(reader, world, target, name);
    return void 0;
  }
  for (const { path, into } of placeSources(options).targets) noteWrite(reader, world, path, name, { into });
  return void 0;
};
var dd = (reader, { args, world }) => {
  for (const arg of args) {
    if (arg.startsWith("of=")) noteWrite(reader, world, arg.slice(3), "dd of=");
    else if (isOpen(arg.slice(0, 1))) noteOpen(reader, world, arg, "dd");
  }
  return void 0;
};
var mknod = (reader, { name, args, world }) => {
  const [target] = readOptions(args, { short: "m", long: "mode" }).rest;
  if (target !== void 0) noteWrite(reader, world, target, name);
  return void 0;
};
var mktemp = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: "pt", long: "suffix tmpdir" });
  const variable = world.vars.get("TMPDIR");
  const temporary = typeof variable === "string" && variable !== "" ? variable : "/tmp";
  const told2 = optionValue(options, "p tmpdir") ?? (hasOption(options, "tmpdir t") ? temporary : void 0);
  const [template] = options.rest;
  const base = (template ?? "tmp.XXXXXXXXXX").replace(/X{3,}/g, NAME);
  const path = told2 !== void 0 ? joinPath(told2, base) : template === void 0 ? joinPath(temporary, base) : base;
  if (template !== void 0 || told2 !== void 0 || variable !== void 0)
    noteWrite(reader, world, path, name);
  return [{ ...world, out: world.out === void 0 ? void 0 : `${world.out}${path}
` }];
};
var rename = (reader, { name, args, world }) => {
  const { rest } = readOptions(args, { short: "e" });
  for (const target of rest.slice(1)) {
    noteWrite(reader, world, target, name);
    noteWrite(reader, world, joinPath(directoryName(target), NAME), name, { certain: false });
  }
  if (/[/]\.\.|^s?\W?[^/]*\//.test(rest[0] ?? ""))
    noteUnknown(reader, world, "program", `${name} ${rest[0] ?? ""}`);
  return void 0;
};
var hardLink = (reader, { name, args, world }) => {
  const [source2, path] = args;
  if (source2 === void 0 || path === void 0) return void 0;
  noteWrite(reader, world, path, name);
  noteLink(reader, world, source2, path, name);
  return void 0;
};
var OTHERS3 = {
  chmod: changeMode,
  chown: changeMode,
  chgrp: changeMode,
  cp: copy,
  ditto: copy,
  mv: move,
  ln: link,
  install,
  dd,
  mknod,
  mktemp,
  rename,
  prename: rename,
  link: hardLink
};
function fileToolOf(name) {
  if (Object.hasOwn(OTHERS3, name)) return OTHERS3[name];
  const spec = Object.hasOwn(PLAIN, name) ? PLAIN[name] : void 0;
  return spec && plain(spec);
}

// src/domain/shell/git-effects.ts
function noteEffect(git2, effect, details = {}) {
  const places = details.dir === void 0 ? [git2.dir, ...git2.stores] : [details.dir];
  for (const place of places) noteEffectAt(git2, withoutMaybe(place), place.includes(MAYBE), effect, details);
}
function noteEffectAt(git2, dir, isDoubtful, effect, details) {
  var _a, _b;
  const { reader, world, verb, how } = git2;
  if (isDoubtful) noteUnknown(reader, world, "variable", `${how} in ${dir}`);
  if (!isStatic(dir)) {
    noteWrite(reader, world, dir, how, { tree: true });
    return;
  }
  const refs2 = (_a = details.refs) == null ? void 0 : _a.map((ref) => ({ ...ref, name: printText(ref.name) }));
  const unknown = (_b = details.refs) == null ? void 0 : _b.find((ref) => isOpen(ref.name));
  if (unknown !== void 0) noteOpen(reader, world, unknown.name, how);
  noteGit(reader, {
    verb,
    dir,
    effect,
    ...refs2 === void 0 ? {} : { refs: refs2 },
    ...details.paths === void 0 ? {} : { paths: details.paths.map(printText) },
    ...details.ends === void 0 ? {} : { ends: details.ends.map(printText) },
    how
  });
}
function noteGitWrite(git2, path, tree = false) {
  if (path !== void 0 && path !== "-" && path !== "")
    noteWrite(git2.reader, git2.world, path, git2.how, { tree });
}
var absolutePaths = (git2, paths) => paths.map((path) => resolveTarget(git2.reader, git2.world, path));
function readGitOptions(args, spec = {}) {
  const at = args.indexOf("--");
  const options = readOptions(at < 0 ? args : args.slice(0, at), spec);
  return { ...options, paths: at < 0 ? [] : args.slice(at + 1) };
}
var isDryRun = (options) => hasOption(options, "n dry-run");

// src/domain/shell/git-output.ts
function placeAsked({ reader: { facts }, dir, stores, args }) {
  const { repository } = facts;
  if (repository === void 0 || stores.length > 0) return void 0;
  const { root, gitDir, commonDir } = repository;
  const [flag, name, ...more] = args.filter((arg) => arg !== "--path-format=absolute");
  const told2 = {
    "--show-toplevel": root,
    "--git-dir": gitDir,
    "--absolute-git-dir": gitDir,
    "--git-common-dir": commonDir
  };
  const place = flag === "--git-path" && name !== void 0 && more.length === 0 ? `${/^(HEAD|index|logs\/HEAD)$/.test(name) ? gitDir : commonDir}/${name}` : name === void 0 ? told2[flag ?? ""] : void 0;
  if (place === void 0 || !isStatic(dir)) return void 0;
  const at = normalPath(dir);
  if (at === facts.cwd || at === root) return place;
  return at.startsWith(`${root}/`) ? MAYBE + place : void 0;
}
function printedBy(git2) {
  const { verb, args } = git2;
  const isNames = verb === "diff" && args.includes("--name-only") || verb === "grep" && args.some((arg) => /^(-[a-zA-Z]*l[a-zA-Z]*|--files-with-matches|--name-only)$/.test(arg));
  if (isNames || verb === "ls-files") return `${below(".")}
`;
  const place = verb === "rev-parse" ? placeAsked(git2) : void 0;
  if (place !== void 0) return `${place}
`;
  const isHash = verb === "rev-parse" && !args.some((arg) => /^--(?!short|verify|quiet)|[/]|\.\./.test(arg));
  return isHash || verb === "rev-list" && args.includes("--count") ? `${NAME}
` : void 0;
}

// src/domain/shell/git-refs.ts
var refs = (names, op) => names.map((name) => ({ name, op }));
function branch(git2) {
  const options = readGitOptions(git2.args, {
    short: "ut",
    long: "set-upstream-to contains no-contains merged no-merged points-at sort format track abbrev column",
    flags: "delete force move copy"
  });
  const names = [...options.rest, ...options.paths];
  if (hasOption(options, "edit-description")) {
    noteEffect(git2, "shared");
    return;
  }
  if (hasOption(options, "d D delete")) {
    noteEffect(git2, "ref", { refs: refs(names, "delete") });
    return;
  }
  if (hasOption(options, "m M move")) {
    noteEffect(git2, "ref", { refs: refs(names, "move") });
    return;
  }
  if (hasOption(options, "C") || hasOption(options, "c copy") && hasOption(options, "f force")) {
    noteEffect(git2, "ref", { refs: refs(names.slice(-1), "force") });
    return;
  }
  if (hasOption(options, "c copy")) {
    noteEffect(git2, "ref", { refs: refs(names.slice(-1), "create") });
    return;
  }
  if (hasOption(options, "f force")) noteEffect(git2, "ref", { refs: refs(names.slice(0, 1), "force") });
}
function tag(git2) {
  const options = readGitOptions(git2.args, {
    short: "mFu",
    long: "message file local-user contains points-at sort format cleanup trailer",
    flags: "delete force"
  });
  const names = [...options.rest, ...options.paths];
  if (hasOption(options, "d delete")) noteEffect(git2, "ref", { refs: refs(names, "delete") });
  else if (hasOption(options, "f force")) noteEffect(git2, "ref", { refs: refs(names.slice(0, 1), "force") });
}
function updateRef(git2) {
  const options = readGitOptions(git2.args, { short: "m" });
  const [name] = options.rest;
  if (hasOption(options, "stdin")) {
    noteUnknown(git2.reader, git2.world, "script", `${git2.how} --stdin`);
    noteEffect(git2, "ref", { refs: [] });
    return;
  }
  if (name !== void 0)
    noteEffect(git2, "ref", { refs: [{ name, op: hasOption(options, "d") ? "delete" : "move" }] });
}
function symbolicRef(git2) {
  const options = readGitOptions(git2.args, { short: "m" });
  const [name, target] = options.rest;
  if (name === void 0) return;
  if (hasOption(options, "d delete")) noteEffect(git2, "ref", { refs: [{ name, op: "delete" }] });
  else if (target !== void 0) {
    const also = name === "HEAD" ? [{ name: target, op: "move" }] : [];
    noteEffect(git2, "ref", { refs: [{ name, op: "move" }, ...also] });
  }
}
function notes(git2) {
  const options = readGitOptions(git2.args, { short: "mFCc", long: "ref message file" });
  const [verb] = options.rest;
  if (verb === void 0 || /^(list|show|get-ref)$/.test(verb)) return;
  noteEffect(git2, "ref", {
    refs: [{ name: optionValue(options, "ref") ?? "refs/notes/commits", op: "move" }]
  });
}
function replace2(git2) {
  const options = readGitOptions(git2.args, { long: "format convert-graft-file" });
  if (hasOption(options, "l list") || options.rest.length === 0 && options.flags.size === 0) return;
  const op = hasOption(options, "d delete") ? "delete" : hasOption(options, "f force") ? "force" : "create";
  noteEffect(git2, "ref", {
    refs: options.rest.slice(0, op === "delete" ? void 0 : 1).map((name) => ({ name: `refs/replace/${name}`, op }))
  });
}
function fetched(specs, isForced) {
  return specs.flatMap((spec) => {
    const told2 = spec.replace(/^\+/, "");
    const name = told2.slice(told2.lastIndexOf(":") + 1);
    if (!told2.includes(":") || name === "" || name.startsWith("refs/remotes/"))
      return isOpen(spec) ? [{ name: spec, op: "move" }] : [];
    return [{ name, op: isForced || spec.startsWith("+") ? "force" : "move" }];
  });
}
var FETCH = {
  short: "joX",
  long: "depth deepen shallow-since shallow-exclude refmap jobs negotiation-tip server-option upload-pack filter strategy strategy-option"
};
function fetch(git2) {
  const options = readGitOptions(git2.args, git2.verb === "pull" ? { ...FETCH, short: "josXS" } : FETCH);
  if (isDryRun(options) && git2.verb === "fetch" && !hasOption(options, "n")) return;
  for (const code of optionValues(options, "upload-pack")) runCode(git2.reader, git2.world, code);
  const changed = fetched(
    [...options.rest.slice(1), ...options.paths.slice(1), ...optionValues(options, "refmap")],
    hasOption(options, "f force")
  );
  if (changed.length > 0) noteEffect(git2, "ref", { refs: changed });
  if (hasOption(options, "stdin")) noteUnknown(git2.reader, git2.world, "script", `${git2.how} --stdin`);
}
var isLocalRepository = (repository) => /^(\.{1,2}(\/|$)|\/|~|file:\/\/)/.test(repository);
function push2(git2) {
  const options = readGitOptions(git2.args, {
    short: "o",
    long: "repo push-option receive-pack exec recurse-submodules",
    flags: "force delete mirror all branches tags prune dry-run"
  });
  if (isDryRun(options)) return;
  for (const code of optionValues(options, "receive-pack exec")) runCode(git2.reader, git2.world, code);
  const [repository, ...specs] = [
    ...hasOption(options, "repo") ? optionValues(options, "repo") : [],
    ...options.rest,
    ...options.paths
  ];
  const isForced = hasOption(options, "f force force-with-lease");
  const changed = pushed(specs, isForced, hasOption(options, "d delete"));
  if (hasOption(options, "mirror")) changed.push({ name: "refs/*", op: "force" });
  if (hasOption(options, "all branches"))
    changed.push({ name: "refs/heads/*", op: isForced ? "force" : "push" });
  if (hasOption(options, "tags")) changed.push({ name: "refs/tags/*", op: isForced ? "force" : "push" });
  if (repository === void 0 || !isLocalRepository(repository)) {
    noteEffect(git2, "remote", { refs: changed });
    return;
  }
  const [dir = repository] = absolutePaths(git2, [repository.replace(/^file:\/\//, "")]);
  noteEffect(git2, "ref", { refs: changed, dir });
}
function pushed(specs, isForced, isDelete) {
  const changed = [];
  for (let at = 0; at < specs.length; at += 1) {
    const spec = specs[at] ?? "";
    if (spec === "tag" && specs[at + 1] !== void 0) {
      at += 1;
      changed.push({ name: `refs/tags/${specs[at]}`, op: isForced ? "force" : "push" });
      continue;
    }
    const told2 = spec.replace(/^\+/, "");
    const colon = told2.indexOf(":");
    const name = told2.slice(colon + 1);
    const op = isDelete || colon === 0 ? "delete" : isForced || spec.startsWith("+") ? "force" : "push";
    changed.push({ name, op });
  }
  return changed;
}

// src/domain/shell/git-writes.ts
function outputOf(git2) {
  const options = readGitOptions(git2.args, {
    short: git2.verb === "archive" ? "o" : "",
    long: "output export-marks import-marks open-files-in-pager remote exec format prefix"
  });
  for (const file of optionValues(options, "output export-marks")) noteGitWrite(git2, file);
  if (git2.verb === "archive") for (const file of optionValues(options, "o")) noteGitWrite(git2, file);
  if (git2.verb === "grep" && git2.args.some((arg) => /^(-O|--open-files-in-pager)/.test(arg))) {
    noteUnknown(git2.reader, git2.world, "program", `${git2.how} -O`);
    for (const arg of git2.args)
      if (/^(-O.|--open-files-in-pager=)/.test(arg))
        runCode(git2.reader, git2.world, arg.replace(/^(-O|--open-files-in-pager=)/, ""));
  }
  if (git2.verb === "diff" && hasOption(options, "ext-diff"))
    noteUnknown(git2.reader, git2.world, "program", `${git2.how} --ext-diff`);
  if (git2.verb === "interpret-trailers" && hasOption(options, "in-place"))
    for (const file of options.rest) noteGitWrite(git2, file);
  if (git2.verb === "fsck" && hasOption(options, "lost-found")) noteEffect(git2, "shared");
  if (git2.verb === "ls-remote")
    for (const code of optionValues(options, "exec")) runCode(git2.reader, git2.world, code);
}
function worktree(git2) {
  const [verb, ...args] = git2.args;
  const options = readGitOptions(args, { short: "bB", long: "reason expire orphan" });
  const paths = [...options.rest, ...options.paths];
  if (verb === void 0 || verb === "list") return;
  const named = verb === "add" ? paths.slice(0, 1) : paths;
  const ends = verb === "add" ? [] : paths.slice(0, 1).filter((path) => !/^\/|(^|\/)\.{1,2}(\/|$)/.test(path));
  if (!hasOption(options, "n dry-run"))
    noteEffect(git2, "other-worktree", {
      paths: absolutePaths(git2, named),
      ...ends.length > 0 ? { ends } : {}
    });
  const forced = optionValues(options, "B");
  if (forced.length > 0)
    noteEffect(git2, "ref", { refs: forced.map((name) => ({ name, op: "force" })) });
}
var CONFIG_LOOKS = /^(get|get-all|get-regexp|get-urlmatch|get-color|get-colorbool|list|name-only|l)$/;
var CONFIG_SETS = "add unset unset-all replace-all rename-section remove-section edit e";
function config(git2) {
  const options = readGitOptions(git2.args, { short: "ft", long: "file blob type default comment value" });
  const [first, ...others] = [...options.rest, ...options.paths];
  const isSetVerb = /^(set|unset|rename-section|remove-section|edit)$/.test(first ?? "") && (others.length > 0 || first === "edit");
  const isLook = [...options.flags].some((flag) => CONFIG_LOOKS.test(flag)) || /^(get|list)$/.test(first ?? "");
  if (!isSetVerb && (isLook || others.length === 0 && !hasOption(options, CONFIG_SETS))) return;
  const file = optionValue(options, "f file");
  const home2 = git2.reader.facts.home;
  if (file !== void 0) noteGitWrite(git2, file);
  else if (hasOption(options, "global"))
    noteWrite(
      git2.reader,
      git2.world,
      home2 === void 0 ? "/root/.gitconfig" : joinPath(home2, ".gitconfig"),
      "git config --global"
    );
  else if (hasOption(options, "system"))
    noteWrite(git2.reader, git2.world, "/etc/gitconfig", "git config --system");
  else noteEffect(git2, hasOption(options, "worktree") ? "worktree" : "shared");
}
function clone(git2) {
  const options = readGitOptions(git2.args, {
    short: "boucj",
    long: "branch origin upload-pack depth reference reference-if-able template config jobs separate-git-dir filter shallow-since shallow-exclude server-option bundle-uri revision"
  });
  const [repository, directory] = [...options.rest, ...options.paths];
  if (repository === void 0) return;
  for (const code of optionValues(options, "u upload-pack")) runCode(git2.reader, git2.world, code);
  if (hasOption(options, "template")) noteUnknown(git2.reader, git2.world, "program", `${git2.how} --template`);
  const bare = repository.replace(/\/+$/, "").replace(/\/?\.git$/, "");
  noteGitWrite(
    git2,
    directory ?? baseName(bare.replace(/^.*:/, (head) => bare.includes("/") ? head : "")),
    true
  );
  noteGitWrite(git2, optionValue(options, "separate-git-dir"), true);
}
function init(git2) {
  const options = readGitOptions(git2.args, {
    short: "b",
    long: "initial-branch template separate-git-dir object-format ref-format shared"
  });
  const [directory = "."] = [...options.rest, ...options.paths];
  noteGitWrite(git2, hasOption(options, "bare") ? directory : joinPath(directory, ".git"), true);
  noteGitWrite(git2, optionValue(options, "separate-git-dir"), true);
}
function apply(git2) {
  const options = readGitOptions(git2.args, {
    short: "pC",
    long: "directory exclude include whitespace build-fake-ancestor"
  });
  const onlyLooks = hasOption(options, "stat numstat summary check") && !hasOption(options, "apply");
  if (onlyLooks) return;
  const directory = optionValue(options, "directory");
  if (directory !== void 0)
    noteWrite(git2.reader, { ...git2.world, cwd: git2.dir }, directory, `${git2.how} --directory`, {
      tree: true
    });
  if (hasOption(options, "unsafe-paths"))
    noteUnknown(git2.reader, git2.world, "script", `${git2.how} --unsafe-paths`);
  noteGitWrite(git2, optionValue(options, "build-fake-ancestor"));
  noteEffect(git2, "worktree");
}
function bundle(git2) {
  const options = readGitOptions(git2.args);
  if (options.rest[0] === "create") noteGitWrite(git2, options.rest[1]);
}
function formatPatch(git2) {
  const options = readGitOptions(git2.args, {
    short: "ov",
    long: "output-directory output start-number subject-prefix suffix cover-letter base in-reply-to"
  });
  if (hasOption(options, "stdout")) return;
  const file = optionValue(options, "output");
  const directory = optionValue(options, "o output-directory") ?? ".";
  noteGitWrite(git2, file ?? joinPath(directory, `${NAME}.patch`));
}
function mergeFile(git2) {
  const options = readGitOptions(git2.args, { short: "L", long: "marker-size diff-algorithm" });
  if (!hasOption(options, "p stdout")) noteGitWrite(git2, options.rest[0]);
}

// src/domain/shell/git-verbs.ts
var LOOKS2 = `
  status log diff show ls-files ls-tree ls-remote rev-parse blame annotate grep cat-file describe for-each-ref merge-base rev-list shortlog
  name-rev show-ref show-branch cherry range-diff count-objects fsck verify-commit verify-tag verify-pack diff-tree diff-index diff-files check-attr check-ignore
  check-mailmap check-ref-format merge-tree patch-id stripspace var version help whatchanged request-pull column get-tar-commit-id
  hash-object mktree mktag write-tree commit-tree unpack-objects credential for-each-repo upload-pack archive fast-export instaweb --version --help -h -v
  refs ls-remote interpret-trailers
`;
var worktreeOnly = (git2) => {
  const options = readGitOptions(git2.args);
  noteEffect(git2, "worktree", options.paths.length > 0 ? { paths: absolutePaths(git2, options.paths) } : {});
};
var rebase = (git2) => {
  const options = readGitOptions(git2.args, { short: "xsXC", long: "exec onto strategy strategy-option" });
  for (const code of optionValues(options, "x exec")) runCode(git2.reader, git2.world, code);
  noteEffect(git2, "worktree");
  const [, name] = options.rest;
  if (name !== void 0) noteEffect(git2, "ref", { refs: [{ name, op: "move" }] });
};
var withPaths = (git2) => {
  const options = readGitOptions(git2.args, { long: "chmod pathspec-from-file source", short: "s" });
  if (isDryRun(options) && !/^(restore|checkout-index)$/.test(git2.verb)) return;
  const paths = [...options.rest, ...options.paths];
  noteEffect(git2, "worktree", paths.length > 0 ? { paths: absolutePaths(git2, paths) } : {});
};
var commit = (git2) => {
  const options = readGitOptions(git2.args, {
    short: "mFCcuSt",
    long: "message file author date template reuse-message reedit-message fixup squash cleanup trailer pathspec-from-file"
  });
  if (hasOption(options, "dry-run short porcelain long")) return;
  const paths = [...options.rest, ...options.paths];
  noteEffect(git2, "worktree", paths.length > 0 ? { paths: absolutePaths(git2, paths) } : {});
};
var checkout = (git2) => {
  const options = readGitOptions(git2.args, {
    short: "bBcC",
    long: "orphan conflict pathspec-from-file recurse-submodules create force-create"
  });
  const forced = optionValues(options, git2.verb === "switch" ? "C force-create" : "B");
  const [first] = options.rest;
  if (hasOption(options, "ignore-other-worktrees") && first !== void 0) forced.push(first);
  const isFirstPath = /^(\.{1,2}(\/|$)|:)/.test(options.rest[0] ?? "");
  const paths = [...options.rest.slice(isFirstPath ? 0 : 1), ...options.paths];
  const isBranch = git2.verb === "switch" || hasOption(options, "b B orphan");
  noteEffect(git2, "worktree", paths.length > 0 && !isBranch ? { paths: absolutePaths(git2, paths) } : {});
  if (forced.length > 0)
    noteEffect(git2, "ref", { refs: forced.map((name) => ({ name, op: "force" })) });
};
var clean = (git2) => {
  const options = readGitOptions(git2.args, { short: "e", long: "exclude" });
  if (isDryRun(options)) return;
  const paths = [...options.rest, ...options.paths];
  noteEffect(git2, "worktree", paths.length > 0 ? { paths: absolutePaths(git2, paths) } : {});
};
var stash = (git2) => {
  const verb = git2.args.find((arg) => !arg.startsWith("-")) ?? "push";
  if (git2.args[0] === verb && /^(list|show)$/.test(verb)) return;
  if (!/^(drop|clear|store|create)$/.test(verb)) noteEffect(git2, "worktree");
  if (verb !== "create") noteEffect(git2, "shared");
};
var submodule = (git2) => {
  const { rest } = readGitOptions(git2.args);
  const [verb = "status", ...others] = rest;
  if (/^(status|summary)$/.test(verb)) return;
  if (verb === "foreach") runCode(git2.reader, { ...git2.world, cwd: below(git2.dir) }, others.join(" "));
  noteEffect(git2, "worktree");
};
var bisect = (git2) => {
  const [verb, ...others] = git2.args;
  if (/^(log|view|visualize|help|terms)$/.test(verb ?? "")) return;
  if (verb === "run") git2.reader.runArguments(others, { ...git2.world, out: void 0 }, true);
  noteEffect(git2, "worktree");
};
var unless = (looks2, effect, alone = false) => (git2) => {
  const [verb] = readGitOptions(git2.args).rest;
  if (verb === void 0 ? !alone : !looks2.test(verb)) noteEffect(git2, effect);
};
var shared = (git2) => {
  if (isDryRun(readGitOptions(git2.args))) return;
  noteEffect(git2, "shared");
};
var filterBranch = (git2) => {
  const options = readGitOptions(git2.args, {
    long: "env-filter tree-filter index-filter parent-filter msg-filter commit-filter tag-name-filter subdirectory-filter setup"
  });
  for (const code of optionValues(
    options,
    "env-filter tree-filter index-filter parent-filter msg-filter commit-filter tag-name-filter setup"
  ))
    runCode(git2.reader, git2.world, code);
  noteEffect(git2, "worktree");
  noteEffect(git2, "shared");
};
var pull = (git2) => {
  fetch(git2);
  noteEffect(git2, "worktree");
};
var checkoutIndex = (git2) => {
  const options = readGitOptions(git2.args, { long: "prefix stage" });
  for (const prefix of optionValues(options, "prefix")) noteGitWrite(git2, prefix, true);
  withPaths(git2);
};
var toolOfChoice = (git2) => {
  const { values } = readGitOptions(git2.args, { short: "xt", long: "extcmd tool" });
  for (const code of [...values.get("x") ?? [], ...values.get("extcmd") ?? []])
    runCode(git2.reader, git2.world, code);
  noteUnknown(git2.reader, git2.world, "program", git2.how);
  if (git2.verb === "mergetool") noteEffect(git2, "worktree");
};
var WHOLE_TREE = "reset merge cherry-pick revert am read-tree update-index subtree merge-one-file merge-index";
var REPOSITORY = "gc prune repack pack-refs prune-packed maintenance fast-import commit-graph multi-pack-index filter-repo update-server-info index-pack";
var VERBS = {
  commit,
  rebase,
  checkout,
  switch: checkout,
  clean,
  stash,
  submodule,
  bisect,
  pull,
  fetch,
  push: push2,
  branch,
  tag,
  "update-ref": updateRef,
  "symbolic-ref": symbolicRef,
  notes,
  replace: replace2,
  apply,
  "checkout-index": checkoutIndex,
  worktree,
  config,
  clone,
  init,
  "init-db": init,
  bundle,
  "format-patch": formatPatch,
  "merge-file": mergeFile,
  "filter-branch": filterBranch,
  "sparse-checkout": unless(/^(list|check-rules)$/, "worktree"),
  reflog: unless(/^(?!(expire|delete|drop|write)$)/, "shared", true),
  remote: unless(/^(show|get-url|update|prune)$/, "shared", true),
  rerere: unless(/^(status|diff|remaining)$/, "shared"),
  difftool: toolOfChoice,
  mergetool: toolOfChoice,
  citool: toolOfChoice,
  gui: toolOfChoice,
  gitk: toolOfChoice
};
function verbOf(name) {
  if (Object.hasOwn(VERBS, name)) return VERBS[name];
  if (isAmong(WHOLE_TREE, name)) return worktreeOnly;
  if (isAmong("add stage rm mv restore", name)) return withPaths;
  return isAmong(REPOSITORY, name) ? shared : void 0;
}
function readGitVerb(git2) {
  const { verb, args, reader, world } = git2;
  if (args.length === 1 && /^(--help|-h)$/.test(args[0] ?? "")) return { changes: false };
  const known = verbOf(verb);
  if (known !== void 0) {
    known(git2);
    return { changes: true };
  }
  outputOf(git2);
  if (isAmong(LOOKS2, verb)) {
    const out = printedBy(git2);
    return { changes: false, ...out === void 0 ? {} : { out } };
  }
  noteUnknown(reader, world, "program", `git ${[verb, ...args.slice(0, 2)].join(" ")}`);
  return { changes: false };
}

// src/domain/shell/quoting.ts
var quoteArgument = (text) => `'${text.replaceAll("'", `'\\''`)}'`;

// src/domain/shell/git-line.ts
var VALUED = /^(-C|-c|--git-dir|--work-tree|--namespace|--super-prefix|--config-env|--attr-source|--list-cmds)$/;
function readGitLine(reader, { args, world }) {
  const line = { world, workTree: void 0, gitDir: void 0, settings: [], rest: [] };
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (!arg.startsWith("-")) break;
    const equals = arg.indexOf("=");
    const name = equals > 0 && arg.startsWith("--") ? arg.slice(0, equals) : arg;
    const value = name !== arg ? arg.slice(equals + 1) : VALUED.test(arg) ? args[at + 1] ?? "" : "";
    if (name === arg && VALUED.test(arg)) at += 1;
    if (name === "-C" && value !== "")
      line.world = { ...line.world, cwd: resolveTarget(reader, line.world, value) };
    else if (name === "-c") line.settings.push(value);
    else if (name === "--git-dir") line.gitDir = value;
    else if (name === "--work-tree") line.workTree = value;
    else if (name === "--exec-path" && value !== "") noteUnknown(reader, world, "program", `git ${arg}`);
    else if (name === "--config-env") noteUnknown(reader, world, "variable", `git ${name} ${value}`);
  }
  line.rest = args.slice(at);
  return line;
}
var textOf = (world, name) => {
  const value = world.vars.get(name);
  return typeof value === "string" && value !== "" ? value : void 0;
};
var COMMAND_SETTING = /^(core\.(editor|pager|sshcommand|fsmonitor|askpass|gitproxy|alternaterefscommand)|sequence\.editor|diff\.external|gpg\.(\w+\.)?program|credential\.helper|pager\.\w+|(diff|merge|filter|difftool|mergetool|browser|man|trailer)\..*\.?(command|driver|clean|smudge|process|cmd|textconv|path)|uploadpack\.packobjectshook|remote\..*\.(uploadpack|receivepack)|sendemail\.\w*cmd|web\.browser|interactive\.difffilter)$/i;
function readSettings(reader, line) {
  const aliases = /* @__PURE__ */ new Map();
  for (const setting of line.settings) {
    const equals = setting.indexOf("=");
    const name = (equals < 0 ? setting : setting.slice(0, equals)).toLowerCase();
    const value = equals < 0 ? "" : setting.slice(equals + 1);
    if (name === "core.worktree") line.workTree ?? (line.workTree = value);
    else if (name.startsWith("alias.")) aliases.set(setting.slice(6, equals), value);
    else if (/^(core\.hookspath|include\.path|includeif\..*|core\.attributesfile|init\.templatedir)$/.test(name))
      noteUnknown(reader, line.world, "program", `git -c ${setting}`);
    else if (COMMAND_SETTING.test(name) && value !== "" && !/^(true|false)$/.test(value))
      runCode(reader, line.world, value.replace(/^!/, ""));
  }
  return aliases;
}
var storePlace = (path) => baseName(path) === ".git" ? directoryName(path) : path;
var git = (reader, call) => {
  const line = readGitLine(reader, call);
  const aliases = readSettings(reader, line);
  const { world } = line;
  const index = textOf(world, "GIT_INDEX_FILE");
  const workTree = line.workTree ?? textOf(world, "GIT_WORK_TREE");
  const gitDirs = [line.gitDir ?? textOf(world, "GIT_DIR"), textOf(world, "GIT_COMMON_DIR")].filter(
    (path) => path !== void 0
  );
  const [verb, ...args] = line.rest;
  if (verb === void 0) return void 0;
  if (isOpen(verb) || !isStatic(verb)) {
    noteUnknown(reader, world, "variable", `git ${verb}`);
    return void 0;
  }
  const alias2 = aliases.get(verb);
  if (alias2 !== void 0) return runAlias(reader, world, alias2, args);
  const after2 = readGitVerb({
    reader,
    world,
    verb,
    args,
    dir: workTree === void 0 ? world.cwd : resolveTarget(reader, world, workTree),
    stores: gitDirs.map((path) => storePlace(resolveTarget(reader, world, path))),
    how: `git ${verb}`
  });
  if (index !== void 0 && after2.changes) noteWrite(reader, world, index, "GIT_INDEX_FILE");
  return after2.out === void 0 || call.world.out === void 0 ? void 0 : [{ ...call.world, out: call.world.out + after2.out }];
};
function runAlias(reader, world, alias2, args) {
  const code = alias2.startsWith("!") ? alias2.slice(1) : `git ${alias2}`;
  runCode(reader, world, [code, ...args.map(quoteArgument)].join(" "));
  return void 0;
}

// src/domain/shell/code-tokens.ts
var NEIGHBOUR_CHARS = 60;
var LITERALS_MAX = 2e3;
var HASH_COMMENTS = /* @__PURE__ */ new Set(["python", "ruby", "perl", "php"]);
function tokenizeCode(code, language) {
  const found = [];
  let bare = "";
  let at = 0;
  while (at < code.length && found.length < LITERALS_MAX) {
    const comment = commentEnd(code, at, language);
    if (comment > at) {
      at = comment;
      bare += " ";
      continue;
    }
    const quote = quoteAt(code, at, language);
    if (quote === void 0) {
      bare += code[at];
      at += 1;
      continue;
    }
    const end = quoteEnd(code, at + quote.open.length, quote.close);
    const text = code.slice(at + quote.open.length, end);
    found.push({
      text: unescapeText(text),
      from: at,
      to: end + quote.close.length,
      isCommand: quote.isCommand
    });
    bare += '""';
    at = end + quote.close.length;
  }
  const literals = found.map(({ text, from, to, isCommand }) => ({
    text,
    isCommand,
    before: code.slice(Math.max(0, from - NEIGHBOUR_CHARS), from),
    after: code.slice(to, to + NEIGHBOUR_CHARS)
  }));
  return { literals, bare };
}
function quoteAt(code, at, language) {
  const char = code[at] ?? "";
  if (char === '"' || char === "'") {
    const triple = char.repeat(3);
    const open = language === "python" && code.startsWith(triple, at) ? triple : char;
    return { open, close: open, isCommand: false };
  }
  if (char === "`") return { open: "`", close: "`", isCommand: language !== "javascript" };
  if (language === "lua" && code.startsWith("[[", at)) return { open: "[[", close: "]]", isCommand: false };
  if (language !== "perl" && language !== "ruby") return void 0;
  const match = /^(?:q|qq|qx|qw|%[qQxw]?)([({[<])/.exec(code.slice(at, at + 4));
  if (match === null || /\w/.test(code[at - 1] ?? "")) return void 0;
  const close = { "(": ")", "{": "}", "[": "]", "<": ">" }[match[1] ?? "("] ?? ")";
  return { open: match[0], close, isCommand: match[0].includes("x") };
}
function quoteEnd(code, from, close) {
  for (let at = from; at < code.length; at += 1) {
    if (code[at] === "\\") at += 1;
    else if (code.startsWith(close, at)) return at;
  }
  return code.length;
}
function commentEnd(code, at, language) {
  const isHash = code[at] === "#" && HASH_COMMENTS.has(language) && /^(\s|$)/.test(code[at - 1] ?? "");
  const isSlashes = code.startsWith("//", at) && (language === "javascript" || language === "php");
  const isDashes = code.startsWith("--", at) && language === "lua";
  if (isHash || isSlashes || isDashes) return lineEnd(code, at);
  if (code.startsWith("/*", at) && (language === "javascript" || language === "php")) {
    const end = code.indexOf("*/", at + 2);
    return end < 0 ? code.length : end + 2;
  }
  return at;
}
function lineEnd(code, at) {
  const end = code.indexOf("\n", at);
  return end < 0 ? code.length : end;
}
var unescapeText = (text) => text.replace(
  /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([0-7]{1,3})|(.))/gs,
  (_, hex, unicode, octal, char) => {
    if (hex !== void 0 || unicode !== void 0)
      return String.fromCharCode(Number.parseInt(hex ?? unicode, 16));
    if (octal !== void 0) return String.fromCharCode(Number.parseInt(octal, 8));
    return char === "n" ? "\n" : char === "t" ? "	" : char === "\n" ? "" : char;
  }
);

// src/domain/shell/harmless-code.ts
var WRITE_WORDS = new RegExp(
  [
    String.raw`\b(write_text|write_bytes|write\w*|append(File|To)\w*|createWriteStream|output(File|Json)\w*|openSync|unlink\w*|rmSync|rmtree|rmdir\w*|removedirs|rename\w*|copy(2|file|tree|mode|stat|File\w*|Sync|fileobj)|cpSync|mkdir\w*|makedirs|mkdtemp\w*|mkstemp|symlink\w*|linkSync|hardlink_to|f?truncate\w*|l?chmod\w*|l?chown\w*|l?utimes\w*|touch\w*|shutil|FileUtils|file_put_contents|fopen|fputs|tempnam|tempfile|sysopen|removeSync|ensure(Dir|File)\w*|emptyDir\w*|to_(csv|json|parquet|excel|pickle)|savefig|extract(all)?|O_(WRONLY|RDWR|CREAT)|mknod|mkfifo|zipfile|tarfile|sqlite3|fileinput|urlretrieve|savetxt|savez\w*|tofile|to_(sql|feather|hdf|html|markdown)|FileHandler|basicConfig|imwrite|imsave|makeArchive|make_archive|unpack_archive|shelve|dbm)\b`,
    String.raw`(?<![.\w])(copy|move|remove|rename|replace|link|rm|cp|delete)\s*[("]`,
    String.raw`\b(os|fs|fsp|promises|File|IO|Dir|Pathname|Deno|Bun)\.(write\w*|binwrite|open|new|delete|remove\w*|rename|replace|link|rm|cp|move|save)\b`,
    String.raw`\.(save|rm|cp)\s*\(|\.replace\s*\((?![^()]*,)|\bimport\b[^\n;]{0,200}\breplace\b`
  ].join("|")
);
var STANDARD_STREAMS = /\b(std(out|err)\.(buffer\.)?write(lines)?|(STDOUT|STDERR|\$std(out|err))\.write)\b/g;
var RUN_WORDS = /\b(system|popen\w*|Popen|subprocess|exec\w*|spawn\w*|fork\w*|child_process|posix_spawn\w*|check_call|check_output|get(status)?output|shell_exec|passthru|proc_open|pcntl_exec|Open3|PTY|pty|eval|__import__|importlib|runpy|ctypes|cffi|getattr|setattr|globals|vars|__\w*(dict|class|builtins)\w*__|Function|vm|Worker|worker_threads|dlopen|binding|zx|execa|shelljs|instance_eval|class_eval|__send__|public_send|Kernel|pickle|marshal|compile|do|load|send)\b|\bDeno\.(Command|run)|\bBun\.(\$|spawn)|\$`|\/[gimsx]*ee[gimsx]*\b/;
var MILD_WORDS = /\bre\.compile\b|\bjson\.load\b|\.exec\b(?=\s*\(\s*\w+\s*\))|\bdo\b(?=\s*(\||\n|\{|;|$))/g;
var NAMED = /^(unlink|remove|rename|rmtree|rmdir|mkdir|symlink|truncate|write|writeFile|appendFile|open|system|popen|exec|spawn|eval|fork)\w*$/;
var MODE = /^[rwaxbtU+]{1,4}$/;
var CALLS = `
  print len range str int float bool list dict set tuple sorted reversed enumerate zip map filter sum min max abs round any all type isinstance repr format
  open read readline readlines readlink join split splitlines strip lstrip rstrip replace startsWith startswith endsWith endswith lower upper title find rfind index count
  append extend insert pop add update keys values items get setdefault group groups match search findall finditer sub fullmatch encode decode compile
  loads dumps load stringify parse log error warn info debug table dir exists isfile isdir islink is_file is_dir stat lstat getsize getmtime listdir scandir walk
  glob rglob iglob iterdir basename dirname abspath realpath relpath relative resolve normpath expanduser getcwd cwd getenv exit quit input next iter ord chr hex oct bin
  read_text read_bytes readFileSync readFile readdirSync readdir existsSync statSync require slice substring substr indexOf lastIndexOf includes forEach reduce
  concat push shift toString toUpperCase toLowerCase trim test some every flat flatMap fromEntries entries assign from isArray charCodeAt fromCharCode Number String
  Object Array Boolean Date Math Set Map RegExp JSON parseInt parseFloat isNaN floor ceil sqrt pow random now toISOString toFixed padStart padEnd localeCompare sort
  Path PurePath Counter defaultdict OrderedDict namedtuple deque most_common datetime date timedelta today strftime strptime fromtimestamp timestamp isoformat
  time perf_counter sleep sha256 sha1 md5 new hexdigest digest createHash b64encode b64decode Buffer byteLength hash id hasattr callable lambda if for while
  switch catch return and or not in elif else except assert del with as yield await async function super Exception ValueError SystemExit KeyError Error TypeError
  write writelines read_csv reader DictReader safe_load fromstring platform machine node python_version flush fileno isatty exec
  then finally all allSettled Promise setTimeout has charAt codePointAt normalize matchAll at getOwnPropertyNames hasOwnProperty
  ljust rjust center zfill isdigit isalpha isspace islower isupper partition rpartition divmod complex bytes bytearray memoryview frozenset object product
  permutations combinations chain islice groupby accumulate partial wraps pprint pformat indent dedent fill mean median stdev Decimal Fraction
`;
var PYTHON_MODULES = /^(os|os\.path|sys|re|json|math|time|datetime|pathlib|collections|itertools|functools|string|textwrap|hashlib|base64|platform|glob|fnmatch|csv|io|random|statistics|decimal|fractions|typing|dataclasses|enum|operator|struct|unicodedata|urllib\.parse|html|xml\.etree\.ElementTree|tomllib|yaml|ast|difflib|pprint|uuid|calendar|copy|numpy|pandas)$/;
var NODE_MODULES = /^(node:)?(fs|fs\/promises|path|os|util|url|querystring|crypto|assert|events|string_decoder|process|perf_hooks|buffer|v8)$|\.json$/;
function hasWriting(bare, literals) {
  const told2 = bare.replace(STANDARD_STREAMS, "");
  if (WRITE_WORDS.test(told2)) return true;
  if (/open|flag/i.test(told2) && literals.some(({ text }) => MODE.test(text) && /[wax+]/.test(text)))
    return true;
  return literals.some(({ text, before }) => /\bopen\b[^;]*$/.test(before) && /^\s*(\+?[>|]|\+<)/.test(text));
}
var hasRunning = (bare, literals) => literals.some((literal) => literal.isCommand) || RUN_WORDS.test(bare.replace(MILD_WORDS, " "));
function callsAreHarmless(bare, literals, language) {
  if (language === "other" || literals.some(({ text }) => NAMED.test(text) || /^\s*\|/.test(text)))
    return false;
  if (language !== "python" && language !== "javascript")
    return !/\b(open|require\w*|use\s+lib|include\w*|dofile|load(file|string)|autoload)\b/.test(bare);
  for (const [, name] of bare.matchAll(/([\w$]+)\s*(?:\?\.)?\(/g))
    if (name !== void 0 && !isAmong(CALLS, name)) return false;
  if (/^\s*@|[\w$)\]]`|[\])]\s*\(|\b(fs|os|process|global\w*|module|require\(""\))\s*\[|\[\s*""\s*\+/m.test(
    bare.replaceAll("``", "0")
  ))
    return false;
  if (language === "javascript") {
    return !/\bimport\b/.test(bare) && literals.every(({ text, before }) => !/require\s*\(\s*$/.test(before) || NODE_MODULES.test(text));
  }
  return importsAreKnown(bare) && opensToRead(bare);
}
function importsAreKnown(bare) {
  for (const [, module2] of bare.matchAll(/\bfrom[ \t]+([\w.]+)[ \t]+import/g))
    if (!PYTHON_MODULES.test(module2 ?? "")) return false;
  for (const [, list] of bare.matchAll(/(?:^|[;:\n])[ \t]*import[ \t]+([\w., \t]{1,400})/g)) {
    if ((list ?? "").split(",").some((module2) => !PYTHON_MODULES.test(module2.replace(/\bas\b.*/, "").trim())))
      return false;
  }
  return true;
}
var OPENS_MAX = 200;
function opensToRead(bare) {
  for (const match of [...bare.matchAll(/\bopen\s*\(/g)].slice(0, OPENS_MAX)) {
    const args = callArguments(bare, match.index + match[0].length).slice(1);
    if (!args.every((arg) => /^\s*(mode\s*=\s*)?""\s*$|^\s*(encoding|errors|newline)\s*=|^\s*$/.test(arg)))
      return false;
  }
  return true;
}
function callArguments(bare, from) {
  const args = [""];
  let depth = 0;
  for (let at = from; at < bare.length && at < from + 400; at += 1) {
    const char = bare[at] ?? "";
    if (/[([{]/.test(char)) depth += 1;
    else if (/[)\]}]/.test(char)) depth -= 1;
    if (depth < 0) break;
    if (char === "," && depth === 0) args.push("");
    else args[args.length - 1] += char;
  }
  return args;
}

// src/domain/shell/code-reading.ts
function readCode(code, language) {
  const { literals, bare } = tokenizeCode(code, language);
  const writes = hasWriting(bare, literals);
  const runs = hasRunning(bare, literals);
  return {
    isHarmless: !writes && !runs && callsAreHarmless(bare, literals, language),
    writes,
    paths: writes ? pathsIn(literals, bare) : [],
    commands: runs ? literals.filter((literal) => literal.isCommand || RUN_BEFORE.test(literal.before)).map((literal) => literal.text) : [],
    calls: runs ? callsIn(literals) : []
  };
}
var READ_BEFORE = /(readFileSync|readFile|readTextFile|require|\bimport|\bfrom|existsSync|exists|statSync|lstatSync|createReadStream|accessSync|isfile|isdir|is_file|File\.read|File\.readlines|File\.exist\?|IO\.read|IO\.readlines|file_get_contents|file_exists|import_module|ElementTree\.parse|read_csv|sys\.path\.\w+)\s*\(?\s*[a-z]?$/;
var OPEN_BEFORE = /\bopen\s*\(\s*[rbuf]{0,2}$/;
var READ_AFTER = /^\s*(\)|,\s*(encoding|errors|newline)\b|,\s*["']r[bt]?["'])/;
var COPIED_BEFORE = /\b(?:copyFile(?:Sync)?|cpSync|cp_r|copyfile|copytree|copy2|(?:shutil|fs|fsp|promises|FileUtils)\.(?:cp|copy))\s*\(\s*[rbuf]?$/;
var METHOD_AFTER = /^\s*\)?\s*\.\s*(read_text|read_bytes|exists|is_file|is_dir|stat|split|join|format|strip|replace|startswith|endswith)\b/;
var TARGET_BEFORE = /\b(open|writeFile\w*|appendFile\w*|outputFile\w*|createWriteStream|unlink\w*|rm\w*|mkdir\w*|touch\w*|rename\w*|copy\w*|remove\w*|Path|File\.\w+)\s*\(?\s*[rbuf]?$/i;
var JOIN_BEFORE = /\b(join|joinpath|resolve|Path|PurePath|expand_path)\s*\(\s*[rbuf]?$/;
var isRead = ({ before, after: after2 }) => READ_BEFORE.test(before) || OPEN_BEFORE.test(before) && READ_AFTER.test(after2) || COPIED_BEFORE.test(before) && /^\s*,/.test(after2) || METHOD_AFTER.test(after2);
var NO_PATH = /[\n\0<>|"'`;(){}\\^]|^[a-z][a-z+.-]*:\/\/|^\s|\s$|: |, /i;
function looksLikePath(text) {
  if (text.length === 0 || text.length > 300 || NO_PATH.test(text)) return false;
  if (/^(\.{0,2}|~)\//.test(text) || text === "..") return true;
  return !/\s/.test(text) && (text.includes("/") || /^[\w@-][\w.@-]*\.[A-Za-z]\w{0,9}$/.test(text));
}
var asTarget = (text) => text.replace(/^\s*[+<>]{1,3}\s*/, "").replace(/\$?\{[^{}]*\}|#\{[^{}]*\}|%[sd]/g, OPEN_VARIABLE).replaceAll("*", STAR);
function pathsIn(literals, bare) {
  const paths = /* @__PURE__ */ new Set();
  let at = 0;
  while (at < literals.length && paths.size < EXPANSION_MAX) {
    const literal = literals[at];
    if (literal === void 0) break;
    const { text, count } = joinedText(literals, at);
    at += count;
    if (isRead(literal)) continue;
    if (looksLikePath(text) || TARGET_BEFORE.test(literal.before) && /^[\w.@-]+$/.test(text))
      paths.add(text);
  }
  for (const [path] of bare.matchAll(/(?<![\w/)\]"])\.\.\/[\w.@+-][\w.@+/-]{0,200}/g))
    if (paths.size <= EXPANSION_MAX) paths.add(path);
  return [...paths];
}
function joinedText(literals, from) {
  var _a, _b, _c, _d, _e;
  const isList = JOIN_BEFORE.test(((_a = literals[from]) == null ? void 0 : _a.before) ?? "");
  let text = asTarget(((_b = literals[from]) == null ? void 0 : _b.text) ?? "");
  let count = 1;
  for (; from + count < literals.length && count < 8; count += 1) {
    const between = (_d = /^(?:\s*(?=[,+.])|[\s)]*(?=\/))(,|\/|\+|\.\.?)\s*[rbuf]?(?=["'`])/.exec(
      ((_c = literals[from + count - 1]) == null ? void 0 : _c.after) ?? ""
    )) == null ? void 0 : _d[1];
    if (between === void 0 || between === "," && !isList) break;
    text += (between === "," || between === "/" ? "/" : "") + asTarget(((_e = literals[from + count]) == null ? void 0 : _e.text) ?? "");
  }
  return { text, count };
}
var RUN_BEFORE = /(system|popen|Popen|run|call|check_call|check_output|getoutput|getstatusoutput|exec|execSync|execCommand|spawn|spawnSync|shell_exec|passthru|execute|\$|IO\.popen)\s*\(?\s*[rbuf]?$/;
var CALL_BEFORE = /(system|popen\w*|Popen|run|call|check_call|check_output|exec\w*|spawn\w*|Command)\s*\(?\s*\[?\s*$/;
function callsIn(literals) {
  var _a, _b;
  const calls = [];
  for (const [at, literal] of literals.entries()) {
    if (!CALL_BEFORE.test(literal.before) || calls.length >= EXPANSION_MAX) continue;
    const argv = [literal.text];
    for (let next = at; next + 1 < literals.length && argv.length < 64; next += 1) {
      if (!/^\s*,\s*(\{\s*)?(args\s*:\s*)?\[?\s*["'`]/.test(((_a = literals[next]) == null ? void 0 : _a.after) ?? "")) break;
      argv.push(((_b = literals[next + 1]) == null ? void 0 : _b.text) ?? "");
    }
    calls.push(argv);
  }
  return calls;
}

// src/domain/shell/output-tables.ts
var COMPILER = { short: "oILlDUxFT", long: "output", to: "o output" };
var GO_FORMAT = { short: "lr", inPlace: "w", known: true };
var COMPILERS = "gcc g++ cc c++ clang clang++ ld as rustc ghc swiftc nasm";
var GO_FORMATS = "gofmt goimports gofumpt";
function outputTool(name) {
  if (Object.hasOwn(TOOLS, name)) return TOOLS[name];
  if (isAmong(COMPILERS, name)) return COMPILER;
  return isAmong(GO_FORMATS, name) ? GO_FORMAT : void 0;
}
var TOOLS = {
  javac: { short: "d", oneDash: true, long: "d s h cp classpath", into: "d s h" },
  tsc: {
    short: "p",
    long: "outDir outFile declarationDir project rootDir target module",
    into: "outDir declarationDir",
    to: "outFile"
  },
  esbuild: { long: "outfile outdir metafile", to: "outfile metafile", into: "outdir" },
  swc: { short: "od", long: "out-file out-dir", to: "o out-file", into: "d out-dir" },
  babel: { short: "od", long: "out-file out-dir", to: "o out-file", into: "d out-dir" },
  rollup: { short: "odicf", long: "file dir", to: "o file", into: "d dir" },
  webpack: { short: "oc", long: "output-path config", into: "o output-path" },
  vite: { long: "outDir", into: "outDir" },
  sass: { inPlace: "last", short: "I" },
  protoc: {
    short: "I",
    long: "go_out js_out ts_out python_out java_out cpp_out descriptor_set_out",
    into: "go_out js_out ts_out python_out java_out cpp_out",
    to: "descriptor_set_out"
  },
  // Formatters and fixers.
  prettier: { inPlace: "write w", long: "config parser ignore-path plugin stdin-filepath" },
  eslint: { inPlace: "fix", short: "cfo", long: "config ext format output-file rule", to: "o output-file" },
  stylelint: { inPlace: "fix", long: "config output-file", short: "co", to: "o output-file" },
  biome: { inPlace: "write fix apply", skip: 1, long: "config-path" },
  oxfmt: { inPlace: "*" },
  oxlint: { inPlace: "fix" },
  standard: { inPlace: "fix" },
  black: { inPlace: "*", short: "lt", long: "line-length target-version config" },
  isort: { inPlace: "*", short: "l" },
  autopep8: { inPlace: "i in-place" },
  yapf: { inPlace: "i in-place" },
  ruff: { inPlace: "fix format", skip: 1, long: "select ignore config" },
  rubocop: { inPlace: "a A autocorrect auto-correct" },
  rustfmt: { inPlace: "*", long: "edition config emit" },
  "clang-format": { inPlace: "i", short: "f", known: true },
  shfmt: { inPlace: "w", short: "i", known: true },
  terraform: { inPlace: "fmt", skip: 1, place: "chdir", oneDash: true, long: "chdir" },
  swiftformat: { inPlace: "*" },
  "google-java-format": { inPlace: "i replace" },
  jscodeshift: { inPlace: "*", short: "t", long: "transform parser extensions" },
  "ast-grep": { inPlace: "U update-all", short: "prl", long: "pattern rewrite lang", skip: 1 },
  ktlint: { inPlace: "F format" },
  "php-cs-fixer": { inPlace: "*", skip: 1 },
  yq: { inPlace: "i inplace in-place", skip: 1, known: true },
  xmlstarlet: { inPlace: "L inplace", skip: 1, known: true, short: "usvdianmtrx" },
  xmllint: { short: "o", long: "output schema", to: "o output", known: true },
  sd: { skip: 2, inPlace: "*", known: true },
  // Converters.
  strip: { short: "o", to: "o", inPlace: "*" },
  ranlib: { inPlace: "*" },
  objcopy: { inPlace: "last", short: "OIjR" },
  pdftotext: { inPlace: "last", short: "fl" },
  xsltproc: { short: "o", long: "output", to: "o output" },
  pandoc: { short: "oftHBAVMT", long: "output from to", to: "o output", known: true },
  dot: { short: "oTKGNE", to: "o", known: true },
  openssl: {
    oneDash: true,
    long: "out keyout writerand CAserial in inkey passin passout subj days config",
    to: "out keyout writerand",
    known: true
  },
  gpg: { short: "orua", long: "output homedir recipient", to: "o output" },
  age: { short: "ori", long: "output", to: "o output", known: true },
  "ssh-keygen": { short: "ftbCNPIO", to: "f" },
  base64: { short: "oiwb", long: "output wrap", to: "o output", known: true },
  iconv: { short: "ofto", long: "output from-code to-code", to: "o output", known: true },
  less: {
    short: "oOpPxyzjDbhkTt",
    long: "log-file LOG-FILE pattern",
    to: "o O log-file LOG-FILE",
    known: true
  },
  tree: { short: "oLIPTH", to: "o", known: true },
  sdiff: { short: "owI", long: "output width", to: "o output", known: true },
  history: { inPlace: "w a", known: true },
  magick: { inPlace: "last" },
  convert: { inPlace: "last" },
  mogrify: { inPlace: "*" },
  ffmpeg: {
    inPlace: "last",
    oneDash: true,
    long: "i f c ss t to vf af map r s b crf preset codec filter_complex"
  },
  pygmentize: { short: "olfSO", to: "o", known: true },
  "git-filter-repo": {},
  // Package managers and builders.
  npm: {
    short: "CwW",
    long: "prefix workspace pack-destination",
    place: "prefix C",
    into: "pack-destination",
    looks: "ls list ll la view v info show outdated root prefix bin ping whoami search explain why docs repo help query",
    runs: "exec x"
  },
  pnpm: {
    short: "CF",
    long: "dir filter",
    place: "C dir",
    looks: "ls list why outdated root bin view info",
    runs: "exec dlx"
  },
  yarn: { long: "cwd", place: "cwd", looks: "list why info outdated bin", runs: "exec dlx" },
  bun: { long: "cwd outdir outfile", place: "cwd", into: "outdir", to: "outfile", looks: "pm", runs: "x" },
  pip: {
    short: "tdrce",
    long: "target dest wheel-dir requirement prefix root",
    into: "t target d dest wheel-dir prefix root",
    looks: "list show freeze check search"
  },
  uv: {
    long: "directory project with python",
    place: "directory project",
    looks: "tree",
    runs: "run",
    inPlace: "init venv",
    skip: 1
  },
  poetry: {
    short: "CP",
    long: "directory project",
    place: "C directory P project",
    inPlace: "new",
    skip: 1,
    looks: "show search check",
    runs: "run"
  },
  venv: { inPlace: "*", long: "prompt" },
  virtualenv: { inPlace: "*", short: "p", long: "python prompt" },
  pipenv: { runs: "run", looks: "graph" },
  hatch: { runs: "run" },
  pdm: { short: "p", place: "p", runs: "run" },
  bundle: { long: "gemfile path", runs: "exec", looks: "list show info outdated" },
  conda: { short: "np", long: "name prefix", runs: "run", looks: "list info search" },
  make: { short: "CfjIo", long: "directory file jobs", place: "C directory" },
  gmake: { short: "CfjIo", long: "directory file jobs", place: "C directory" },
  ninja: { short: "Cfjkl", place: "C" },
  just: { short: "df", long: "working-directory justfile", place: "d working-directory" },
  task: { short: "dt", long: "dir taskfile", place: "d dir" },
  cargo: {
    short: "CpjF",
    long: "manifest-path target-dir package features root",
    place: "C manifest-path",
    into: "target-dir root",
    inPlace: "new init",
    skip: 1,
    looks: "search version"
  },
  go: {
    short: "Co",
    oneDash: true,
    long: "C o",
    place: "C",
    to: "o",
    looks: "version env list doc help vet"
  },
  gradle: { short: "pb", long: "project-dir build-file", place: "p project-dir" },
  mvn: { short: "fpP", long: "file", place: "f file" },
  composer: { short: "d", long: "working-dir", place: "d working-dir", looks: "show why outdated" },
  dotnet: { short: "ocf", long: "output", into: "o output" },
  meson: { short: "C", place: "C" },
  gh: { short: "RODp", long: "repo output dir", into: "D dir", to: "O output" },
  kubectl: { looks: "get describe logs version explain top", short: "nfc", inPlace: "cp", skip: 2 },
  helm: { short: "nf", long: "output-dir namespace values", into: "output-dir", looks: "list status get" },
  // Fetchers and dumpers.
  aws: { inPlace: "s3", skip: 3, long: "profile region include exclude" },
  "yt-dlp": { short: "oPf", long: "output paths", to: "o output", into: "P paths" },
  aria2c: { short: "do", long: "dir out", into: "d dir" },
  http: { short: "oa", long: "output", to: "o output" },
  psql: { short: "ocfdhpUL", long: "output command log-file", to: "o output L log-file" },
  pg_dump: { short: "fdhpUtn", long: "file", into: "f file" },
  mysqldump: { short: "rhuP", long: "result-file", to: "r result-file" },
  tcpdump: { short: "wirc", to: "w" }
};

// src/domain/shell/output-tools.ts
var tool = (spec) => (reader, call) => {
  var _a;
  const { name, args, world } = call;
  const options = readOptions(args, spec);
  const [verb, ...after2] = options.rest;
  for (const target of optionValues(options, spec.to ?? ""))
    if (target !== "-") noteWrite(reader, world, target, `${name} output`);
  for (const place2 of optionValues(options, spec.into ?? ""))
    noteWrite(reader, world, place2, `${name} output`, { tree: true });
  const files = spec.inPlace === "last" ? options.rest.slice(-1) : options.rest.slice(spec.skip ?? 0);
  if (changesArguments(spec, options, verb)) {
    for (const file of files)
      if (file !== "-")
        noteWrite(reader, world, file, name, spec.inPlace === "last" ? {} : { tree: true, some: true });
  }
  if (spec.known || isLooking(spec, verb, args)) return void 0;
  const place = optionValue(options, spec.place ?? "");
  const directory = place !== void 0 && /\.(toml|xml|gradle|kts)$/.test(place) ? directoryName(place) : place;
  noteUnknown(reader, world, "program", [name, ...args.slice(0, 2)].join(" "), directory);
  if (place !== void 0)
    noteWrite(reader, world, directory ?? place, `${name} there`, { tree: true, certain: false });
  if (verb !== void 0 && ((_a = spec.runs) == null ? void 0 : _a.split(" ").includes(verb))) runRest(call, after2, reader);
  else if (verb !== void 0 && spec.runs !== void 0 && isOutputTool(verb))
    runRest(call, options.rest, reader);
  return void 0;
};
function changesArguments(spec, options, verb) {
  if (spec.inPlace === void 0) return false;
  return spec.inPlace === "*" || spec.inPlace === "last" || hasOption(options, spec.inPlace) || verb !== void 0 && spec.inPlace.split(" ").includes(verb) && spec.skip !== void 0;
}
var isLooking = (spec, verb, args) => {
  var _a;
  return verb !== void 0 && ((_a = spec.looks) == null ? void 0 : _a.split(" ").includes(verb)) === true || args.length === 1 && /^(--?version|--?help|-v|-V|version|help)$/.test(args[0] ?? "");
};
var isOutputTool = (name) => outputTool(name) !== void 0;
function runRest({ name, args, world }, after2, reader) {
  const [first] = after2;
  const code = args.find((_, at) => /^(-c|--call)$/.test(args[at - 1] ?? ""));
  if (code !== void 0 && name === "npm") runChild(reader, world, code, void 0, void 0);
  if (first === void 0) return;
  const rest = args.slice(args.indexOf(first));
  const dashes = rest.indexOf("--");
  reader.runArguments(dashes < 0 ? rest : rest.toSpliced(dashes, 1), { ...world, out: void 0 }, true);
}
var cmake = (reader, { name, args, world }) => {
  const [first, verb = "", ...files] = args;
  if (first === "-E") return cmakeTool(reader, { name: verb, args: files, world });
  const options = readOptions(args, { short: "BSDGPCA", long: "build install prefix preset target config" });
  for (const place of [...optionValues(options, "B build"), ...optionValues(options, "prefix")])
    noteWrite(reader, world, place, "cmake", { tree: true });
  noteUnknown(reader, world, "program", [name, ...args.slice(0, 2)].join(" "));
  return void 0;
};
var CMAKE_AS = {
  copy: ["cp"],
  copy_if_different: ["cp"],
  copy_directory: ["cp", "-r", "-T"],
  copy_directory_if_different: ["cp", "-r", "-T"],
  rename: ["mv"],
  remove: ["rm", "-r"],
  rm: ["rm"],
  remove_directory: ["rm", "-r"],
  make_directory: ["mkdir"],
  touch: ["touch"],
  touch_nocreate: ["touch"],
  create_symlink: ["ln", "-s"],
  create_hardlink: ["ln"],
  tar: ["tar"],
  env: ["env"],
  time: ["time"]
};
var CMAKE_LOOKS = /^(echo|echo_append|cat|compare_files|md5sum|sha\d+sum|capabilities|environment|false|true|sleep|server)$/;
var cmakeTool = (reader, { name, args, world }) => {
  const as = CMAKE_AS[name];
  if (as !== void 0)
    return reader.runArguments([...as, ...args.filter((arg) => arg !== "--")], world, true);
  if (name === "chdir") {
    const [place = "", ...rest] = args;
    reader.runArguments(["env", "-C", place, ...rest], world, true);
  } else if (!CMAKE_LOOKS.test(name)) noteUnknown(reader, world, "program", `cmake -E ${name}`);
  return void 0;
};
var less = (reader, call) => {
  var _a;
  for (const arg of call.args) {
    const code = (_a = /^\+.*?!(.*)$/s.exec(arg)) == null ? void 0 : _a[1];
    if (code !== void 0) runChild(reader, { ...call.world, out: void 0 }, code, void 0, void 0);
  }
  return tool(outputTool("less") ?? {})(reader, call);
};
var OTHERS4 = { less, cmake };
var SAME = { pip3: "pip", sg: "ast-grep" };
function outputToolOf(name) {
  if (Object.hasOwn(OTHERS4, name)) return OTHERS4[name];
  const spec = outputTool(Object.hasOwn(SAME, name) ? SAME[name] ?? name : name);
  return spec && tool(spec);
}

// src/domain/shell/python-modules.ts
var jsonTool = (reader, { name, args, world }) => {
  const target = readOptions(args, { long: "indent" }).rest[1];
  if (target !== void 0 && target !== "-") noteWrite(reader, world, target, name);
  return void 0;
};
var archive = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: "ce", long: "create extract" });
  for (const target of optionValues(options, "c create")) noteWrite(reader, world, target, name);
  if (hasOption(options, "e extract"))
    noteWrite(reader, world, options.rest[0] ?? ".", name, { tree: true, some: true });
  return void 0;
};
var MODULES = /* @__PURE__ */ new Map([
  ["json.tool", jsonTool],
  ["zipfile", archive],
  ["tarfile", archive]
]);
function runModule(reader, module2, { name, args, world }) {
  const program = MODULES.get(module2);
  program == null ? void 0 : program(reader, { name: `${name} -m ${module2}`, args, world });
  return program !== void 0;
}

// src/domain/shell/awk-script.ts
var TOKENS_MAX = 5e3;
var VALUE_TOKENS_MAX = 64;
function readAwkScript(script2, variables) {
  var _a, _b;
  const tokens = tokenize(script2);
  const effects = { files: [], commands: [], isCut: tokens.length >= TOKENS_MAX };
  const known = new Map([...variables, ...assignedStrings(tokens)]);
  for (let at = 0; at < tokens.length; at += 1) {
    const token = tokens[at];
    if ((token == null ? void 0 : token.kind) === "word" && /^printf?$/.test(token.text)) readPrint(tokens, at + 1, known, effects);
    else if ((token == null ? void 0 : token.text) === "system" && ((_a = tokens[at + 1]) == null ? void 0 : _a.text) === "(")
      effects.commands.push(concatenation(tokens, at + 2, known));
    else if (((token == null ? void 0 : token.text) === "|" || (token == null ? void 0 : token.text) === "|&") && ((_b = tokens[at + 1]) == null ? void 0 : _b.text) === "getline")
      effects.commands.push(valueBefore(tokens, at, known));
  }
  return effects;
}
function readPrint(tokens, from, known, effects) {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const { kind, text } = tokens[at] ?? { kind: "sign", text: "" };
    if (kind === "string") continue;
    if (kind === "word" && /^printf?$/.test(text)) return;
    if (/^[([]$/.test(text)) depth += 1;
    else if (/^[)\]]$/.test(text)) depth -= 1;
    else if (depth <= 0 && /^[;}\n]$/.test(text)) return;
    else if (depth <= 0 && (text === ">" || text === ">>"))
      effects.files.push(concatenation(tokens, at + 1, known));
    else if (depth <= 0 && (text === "|" || text === "|&"))
      effects.commands.push(concatenation(tokens, at + 1, known));
  }
}
function concatenation(tokens, from, known) {
  let value = "";
  let depth = 0;
  for (let at = from; at < tokens.length && at < from + VALUE_TOKENS_MAX; at += 1) {
    const { kind, text } = tokens[at] ?? { kind: "sign", text: ";" };
    if (kind === "sign" && /^[;}\n,|]$/.test(text)) break;
    if (kind === "sign" && text === "(") depth += 1;
    else if (kind === "sign" && text === ")") {
      depth -= 1;
      if (depth < 0) break;
    } else if (kind === "string") value += text;
    else value += known.get(text) ?? (/^\d+$/.test(text) ? text : OPEN_VARIABLE);
  }
  return value.replace(/\uE000+/g, OPEN_VARIABLE);
}
function valueBefore(tokens, end, known) {
  var _a;
  let from = end;
  while (from > 0 && from > end - VALUE_TOKENS_MAX && !/^[;{}\n(]$/.test(((_a = tokens[from - 1]) == null ? void 0 : _a.text) ?? ""))
    from -= 1;
  return concatenation(tokens.slice(0, end), from, known);
}
function assignedStrings(tokens) {
  const found = [];
  for (let at = 0; at + 2 < tokens.length; at += 1) {
    const [name, sign, value, next] = tokens.slice(at, at + 4);
    const isWhole = next === void 0 || /^[;}\n]$/.test(next.text);
    if ((name == null ? void 0 : name.kind) === "word" && (sign == null ? void 0 : sign.text) === "=" && (value == null ? void 0 : value.kind) === "string" && isWhole)
      found.push([name.text, value.text]);
  }
  return found;
}
var PIECE = /(\n)|[^\S\n]+|#[^\n]*|("(?:[^"\\\n]|\\.)*")|(\w+)|(>>|\|&|==|[<>!]=|&&|\|\||[^\s\w])/y;
var REGEX = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])*\//y;
function beginsPattern(script2, at, last) {
  return script2[at] === "/" && (last === void 0 || last.kind === "sign" && !/^[)\]]$/.test(last.text));
}
function tokenize(script2) {
  const tokens = [];
  let at = 0;
  while (at < script2.length && tokens.length < TOKENS_MAX) {
    const piece = beginsPattern(script2, at, tokens.at(-1)) ? REGEX : PIECE;
    piece.lastIndex = at;
    const match = piece.exec(script2);
    at = match === null ? at + 1 : piece.lastIndex;
    if (match === null) continue;
    const [, newline, string, word, sign] = match;
    if (newline !== void 0) tokens.push({ kind: "sign", text: "\n" });
    else if (string !== void 0)
      tokens.push({ kind: "string", text: string.slice(1, -1).replace(/\\(.)/g, "$1") });
    else if (word !== void 0) tokens.push({ kind: "word", text: word });
    else if (sign !== void 0) tokens.push({ kind: "sign", text: sign });
  }
  return tokens;
}

// src/domain/shell/sed-script.ts
function readSedScript(script2) {
  const effects = { files: [], commands: [], runsInput: false };
  const cursor = { script: script2, at: 0 };
  while (cursor.at < script2.length) {
    skipAddress(cursor);
    const command2 = script2[cursor.at];
    cursor.at += 1;
    if (command2 !== void 0) readSedCommand(cursor, command2, effects);
  }
  return effects;
}
function readSedCommand(cursor, command2, effects) {
  switch (command2) {
    case "s":
    case "y": {
      const delimiter = cursor.script[cursor.at] ?? "";
      cursor.at += 1;
      skipSection(cursor, delimiter);
      skipSection(cursor, delimiter);
      if (command2 === "s") readFlags(cursor, effects);
      return;
    }
    case "w":
    case "W":
      effects.files.push(restOfLine(cursor).trim());
      return;
    case "e": {
      const code = restOfLine(cursor).trim();
      if (code === "") effects.runsInput = true;
      else effects.commands.push(code);
      return;
    }
    case "a":
    case "i":
    case "c":
      skipText(cursor);
      return;
    case "r":
    case "R":
    case "#":
      restOfLine(cursor);
      return;
    case "b":
    case "t":
    case "T":
    case ":":
      while (cursor.at < cursor.script.length && !/[;\n}]/.test(cursor.script[cursor.at] ?? ""))
        cursor.at += 1;
  }
}
function readFlags(cursor, effects) {
  for (; cursor.at < cursor.script.length; cursor.at += 1) {
    const flag = cursor.script[cursor.at] ?? "";
    if (flag === "w") {
      cursor.at += 1;
      effects.files.push(restOfLine(cursor).trim());
      return;
    }
    if (flag === "e") effects.runsInput = true;
    if (!/[gpiImMe0-9]/.test(flag)) return;
  }
}
function skipAddress(cursor) {
  const { script: script2 } = cursor;
  while (cursor.at < script2.length) {
    const char = script2[cursor.at] ?? "";
    if (char === "/" || char === "\\") {
      const delimiter = char === "/" ? char : script2[cursor.at + 1] ?? "";
      cursor.at += char === "/" ? 1 : 2;
      skipSection(cursor, delimiter);
      while (/[IM]/.test(script2[cursor.at] ?? "")) cursor.at += 1;
    } else if (/[\s;{}!,$~+0-9]/.test(char)) cursor.at += 1;
    else return;
  }
}
function skipSection(cursor, delimiter) {
  const { script: script2 } = cursor;
  for (; cursor.at < script2.length; cursor.at += 1) {
    if (script2[cursor.at] === "\\") cursor.at += 1;
    else if (script2[cursor.at] === delimiter) {
      cursor.at += 1;
      return;
    }
  }
}
function restOfLine(cursor) {
  const end = cursor.script.indexOf("\n", cursor.at);
  const line = cursor.script.slice(cursor.at, end < 0 ? void 0 : end);
  cursor.at = end < 0 ? cursor.script.length : end + 1;
  return line;
}
function skipText(cursor) {
  while (restOfLine(cursor).endsWith("\\") && cursor.at < cursor.script.length) ;
}

// src/domain/shell/text-tools.ts
function noteInPlace(reader, world, file, suffix, how) {
  noteWrite(reader, world, file, how);
  if (suffix === "") return;
  const backup = suffix.includes("*") ? suffix.replaceAll("*", baseName(file)) : baseName(file) + suffix;
  noteWrite(
    reader,
    world,
    backup.includes("/") ? backup : joinPath(directoryName(file), backup),
    `${how} backup`
  );
}
var sed = (reader, { args, world }) => {
  const options = readOptions(
    args.map((arg) => arg.replace(/^-([nErsuz]*)i(.+)$/, "-$1\uF8FF$2")),
    { short: "efl\uF8FF", long: "expression file line-length", flags: "in-place null-data" }
  );
  const bare = hasOption(options, "i") || hasOption(options, "in-place") && optionValue(options, "in-place") === void 0;
  const inPlace = bare || hasOption(options, "\uF8FF in-place");
  const suffix = optionValue(options, "\uF8FF in-place") ?? "";
  const rest = bare && options.rest[0] === "" ? options.rest.slice(1) : options.rest;
  const hasScript = hasOption(options, "e f expression file");
  const scripts = hasScript ? optionValues(options, "e expression") : rest.slice(0, 1);
  const file = optionValue(options, "f file");
  if (file !== void 0) readSedFile(reader, world, file, scripts);
  const files = hasScript ? rest : rest.slice(1);
  if (inPlace) for (const target of files) noteInPlace(reader, world, target, suffix, "sed -i");
  for (const script2 of scripts) noteSedEffects(reader, world, script2);
  return void 0;
};
function readSedFile(reader, world, file, scripts) {
  const text = streamText(reader, world, file);
  if (text === void 0) noteUnknown(reader, world, "script", `sed -f ${file}`);
  else scripts.push(text);
}
function noteSedEffects(reader, world, script2) {
  const effects = readSedScript(script2);
  for (const target of effects.files) noteWrite(reader, world, target, "sed w");
  for (const code of effects.commands) runCode(reader, world, code);
  if (effects.runsInput) noteUnknown(reader, world, "script", "sed e");
}
var awk = (reader, { args, world }) => {
  const options = readOptions(args, {
    short: "Ffvileo",
    long: "field-separator file assign include load source exec",
    stopEarly: true
  });
  const extensions = optionValues(options, "i include");
  const inPlace = extensions.some((name) => /^inplace/.test(name));
  const variables = /* @__PURE__ */ new Map();
  for (const assigned of optionValues(options, "v assign")) {
    const [head, name] = /^([\w:]+)=/.exec(assigned) ?? [];
    if (head !== void 0 && name !== void 0) variables.set(name, assigned.slice(head.length));
  }
  const hasFile = hasOption(options, "f file exec E");
  const scripts = hasFile ? optionValues(options, "e source") : [
    ...optionValues(options, "e source"),
    ...hasOption(options, "e source") ? [] : options.rest.slice(0, 1)
  ];
  if (hasFile) noteUnknown(reader, world, "script", `awk -f ${optionValue(options, "f file exec E") ?? ""}`);
  const files = hasFile || hasOption(options, "e source") ? options.rest : options.rest.slice(1);
  for (const file of files) {
    const [head, name] = /^(\w+)=/.exec(file) ?? [];
    if (head !== void 0 && name !== void 0) variables.set(name, file.slice(head.length));
    else if (inPlace)
      noteInPlace(reader, world, file, variables.get("inplace::suffix") ?? "", "awk -i inplace");
  }
  for (const script2 of scripts) noteAwkEffects(reader, world, script2, variables);
  return void 0;
};
function noteAwkEffects(reader, world, script2, variables) {
  if (isOpen(script2)) noteOpen(reader, world, script2, "awk");
  const effects = readAwkScript(script2, variables);
  if (effects.isCut) noteUnknown(reader, world, "depth", "awk");
  for (const target of effects.files)
    noteWrite(reader, world, target === "" ? OPEN_VARIABLE : target, "awk print");
  for (const code of effects.commands) runCode(reader, world, code);
}
var sort = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: "okStT",
    long: "output key field-separator buffer-size temporary-directory compress-program files0-from parallel batch-size"
  });
  for (const target of optionValues(options, "o output")) noteWrite(reader, world, target, `${name} -o`);
  const program = optionValue(options, "compress-program");
  if (program !== void 0) runCode(reader, world, program);
  return options.rest.length === 0 && !hasOption(options, "o output") ? [handedOn(world)] : void 0;
};
function handedOn(world) {
  var _a;
  const text = (_a = world.stdin) == null ? void 0 : _a.map((line) => `${line}
`).join("");
  return {
    ...world,
    stdin: world.stdin === void 0 ? void 0 : [],
    out: world.out === void 0 || text === void 0 ? void 0 : world.out + text
  };
}
var intoSecond = (short) => (reader, { name, args, world }) => {
  const { rest } = readOptions(args, { short });
  if (rest[1] !== void 0 && rest[1] !== "-") noteWrite(reader, world, rest[1], name);
  return rest.length === 0 && name === "uniq" ? [handedOn(world)] : void 0;
};
var split = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: "abClnt",
    long: "suffix-length bytes line-bytes lines number filter separator additional-suffix"
  });
  const filter2 = optionValue(options, "filter");
  if (filter2 !== void 0) runCode(reader, world, filter2);
  else noteWrite(reader, world, `${options.rest[1] ?? "x"}${NAME}`, name);
  return void 0;
};
var csplit = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: "fbn", long: "prefix suffix-format digits" });
  noteWrite(reader, world, `${optionValue(options, "f prefix") ?? "xx"}${NAME}`, name);
  return void 0;
};
var tee = (reader, { name, args, world }) => {
  var _a;
  const options = readOptions(args);
  for (const target of options.rest) {
    if (target === "-") continue;
    noteWrite(reader, world, target, name);
    if (!hasOption(options, "a append")) rememberText(reader, world, target, (_a = world.stdin) == null ? void 0 : _a.join("\n"));
  }
  return [handedOn(world)];
};
var patch = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: "opdirBYzDFVgx",
    long: "output strip directory input reject-file prefix basename-prefix suffix ifdef fuzz version-control get"
  });
  if (hasOption(options, "dry-run")) return void 0;
  const place = joinPath(world.cwd, optionValue(options, "d directory") ?? ".", reader.facts.windows);
  const inside = {
    ...world,
    cwd: isOpen(optionValue(options, "d directory") ?? "") ? OPEN_VARIABLE : place
  };
  for (const target of optionValues(options, "o output r reject-file"))
    if (target !== "-") noteWrite(reader, inside, target, name);
  if (hasOption(options, "o output")) return void 0;
  const [file] = options.rest;
  if (file !== void 0) noteWrite(reader, inside, file, name);
  else
    notePatched(
      reader,
      inside,
      Number(optionValue(options, "p strip") ?? Number.NaN),
      hasOption(options, "i input") ? void 0 : world.stdin
    );
  return void 0;
};
function notePatched(reader, world, strip, lines2) {
  var _a, _b;
  if (lines2 === void 0) {
    noteUnknown(reader, world, "script", "patch");
    noteWrite(reader, world, ".", "patch", { tree: true, certain: false });
    return;
  }
  for (const line of lines2) {
    const path = (_b = (_a = /^(?:\+\+\+|---|\*\*\*|Index:) ([^\t]+)/.exec(line)) == null ? void 0 : _a[1]) == null ? void 0 : _b.trim();
    if (path === void 0 || path === "/dev/null") continue;
    noteWrite(
      reader,
      world,
      Number.isNaN(strip) ? baseName(path) : path.split("/").slice(strip).join("/"),
      "patch"
    );
  }
}
var TEXT_TOOLS = {
  sed,
  awk,
  gawk: awk,
  mawk: awk,
  nawk: awk,
  sort,
  shuf: sort,
  uniq: intoSecond("fsw"),
  xxd: intoSecond("clgsonR"),
  split,
  csplit,
  tee,
  patch
};

// src/domain/shell/interpreters.ts
var INTERPRETERS = [
  { name: /^(python|pypy)[\d.]*$|^i?python3?$/, language: "python", code: "c", short: "mWX" },
  {
    name: /^(node|nodejs|bun|tsx|ts-node)$/,
    language: "javascript",
    code: "e p eval print",
    short: "rC",
    long: "require import loader conditions env-file"
  },
  { name: /^deno$/, language: "javascript", code: "e", short: "", long: "ext config", verb: "eval" },
  { name: /^(ruby|jruby|truffleruby)[\d.]*$/, language: "ruby", code: "e", short: "rICFEKTx" },
  { name: /^perl[\d.]*$/, language: "perl", code: "e E", short: "MmIFxC" },
  { name: /^php[\d.]*$/, language: "php", code: "r B R E", short: "cdfzt" },
  { name: /^(lua|luajit|lua5\.\d)$/, language: "lua", code: "e", short: "l" },
  {
    name: /^(osascript|Rscript|R|julia|swift|groovy|scala|elixir|erl|tclsh|expect|guile|racket|sbcl|clojure|bb|octave|gdb|dc|m4)$/,
    language: "other",
    code: "e c E eval",
    short: ""
  }
];
function findInterpreter(name) {
  const interpreter = INTERPRETERS.find((candidate) => candidate.name.test(name));
  return interpreter === void 0 ? void 0 : (reader, call) => interpret(reader, call, interpreter);
}
function readTold(args, interpreter) {
  const told2 = { codes: [], loaded: [], rest: [], inPlace: void 0, module: void 0 };
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (!arg.startsWith("-") || arg === "-") break;
    if (arg === "--") {
      at += 1;
      break;
    }
    const takesNext = arg.startsWith("--") ? readLong(arg, args[at + 1], interpreter, told2) : readCluster(arg, args[at + 1], interpreter, told2);
    if (takesNext) at += 1;
    if (interpreter.language === "python" && (told2.module !== void 0 || told2.codes.length > 0)) {
      at += 1;
      break;
    }
  }
  told2.rest = args.slice(at);
  return told2;
}
function readLong(arg, next, interpreter, told2) {
  var _a;
  const codeNames = interpreter.code.split(" ").filter((name2) => name2.length > 1);
  const { flags, values } = readOptions(next === void 0 ? [arg] : [arg, next], {
    long: [...codeNames, interpreter.long ?? ""].join(" ")
  });
  const name = [...flags][0] ?? "";
  const value = (_a = values.get(name)) == null ? void 0 : _a[0];
  if (value === void 0) return false;
  if (codeNames.includes(name)) told2.codes.push(value);
  else if (/^(require|import|loader)$/.test(name)) told2.loaded.push(value);
  return !arg.includes("=");
}
function readCluster(arg, next, interpreter, told2) {
  const codeLetters = interpreter.code.split(" ").filter((name) => name.length === 1);
  const isNode = interpreter.language === "javascript";
  for (let at = 1; at < arg.length; at += 1) {
    const letter = arg[at] ?? "";
    const glued = arg.slice(at + 1);
    if (letter === "i" && (interpreter.language === "perl" || interpreter.language === "ruby")) {
      told2.inPlace = glued;
      return false;
    }
    const isCode = codeLetters.includes(letter) && !(isNode && glued !== "");
    if (!isCode && !interpreter.short.includes(letter)) continue;
    const value = glued === "" ? next ?? "" : glued;
    if (isCode) told2.codes.push(value);
    else if (letter === "m" && interpreter.language === "python") told2.module = value;
    else if (/[rMmI]/.test(letter)) told2.loaded.push(letter === "I" ? `${value}/` : value);
    return glued === "";
  }
  return false;
}
function interpret(reader, call, interpreter) {
  var _a;
  const { name, args, world } = call;
  if (args.length === 1 && /^(--?version|-v|-V|--help|-h)$/.test(args[0] ?? "")) return void 0;
  const told2 = readTold(
    interpreter.verb !== void 0 && args[0] === interpreter.verb ? ["-e", ...args.slice(1)] : args,
    interpreter
  );
  const [file, ...others] = told2.rest;
  if (told2.inPlace !== void 0)
    for (const target of told2.codes.length > 0 ? told2.rest : others)
      noteInPlace(reader, world, target, told2.inPlace, `${name} -i`);
  const magic = interpreter.language === "perl" ? told2.rest.find((arg) => /^\s*[>|+]|\|\s*$/.test(arg)) : void 0;
  if (magic !== void 0) noteUnknown(reader, world, "program", `${name} opens ${magic}`);
  const local = told2.loaded.find((module2) => /[./]/.test(module2) || isOpen(module2));
  if (local !== void 0) noteUnknown(reader, world, "program", `${name} loads ${local}`);
  if (told2.module !== void 0) {
    if (runModule(reader, told2.module, { name, args: told2.rest, world })) return void 0;
    noteUnknown(reader, world, "program", `${name} -m ${told2.module}`);
    if (isOutputTool(told2.module))
      reader.runArguments([told2.module, ...told2.rest], { ...world, out: void 0 }, true);
    return void 0;
  }
  if (told2.codes.length > 0) {
    for (const code of told2.codes) noteCode(reader, call, interpreter.language, code, told2.rest);
    return void 0;
  }
  if (file !== void 0 && isCoordScript(file))
    return readCoord(reader, { ...call, name: `${name} ${file}`, args: others });
  const stream = file === void 0 ? (_a = world.stdin) == null ? void 0 : _a.join("\n") : streamText(reader, world, file);
  if (stream !== void 0 && stream !== OPEN_OUTPUT)
    noteCode(reader, call, interpreter.language, stream, others);
  else if (file === void 0 || file === "-")
    noteUnknown(reader, world, "script", `${name} reads its standard input`);
  else {
    noteUnknown(reader, world, "program", `${name} ${file}`);
    const written = writtenText(reader, world, file);
    if (written !== void 0) noteCode(reader, call, interpreter.language, written, others);
  }
  return void 0;
}
function noteCode(reader, { name, world }, language, code, args) {
  if (isOpen(code)) noteOpen(reader, world, code, name);
  const reading = readCode(code, language);
  if (reading.isHarmless && !isOpen(code)) return;
  noteUnknown(reader, world, "program", `${name} ${code.slice(0, 40).replaceAll("\n", " ")}`);
  const how = `${name} code`;
  for (const path of reading.paths) noteWrite(reader, world, path, how, { certain: false });
  if (reading.writes) noteGiven(reader, world, how, args);
  const inner = { ...world, depth: world.depth + 1, stdin: void 0, out: void 0 };
  for (const command2 of reading.commands) reader.runSource(command2, inner);
  for (const argv of reading.calls) if (argv.length > 1) reader.runArguments(argv, inner, true);
}
function noteGiven(reader, world, how, args) {
  const given = [...world.vars].flatMap(
    ([variable, value]) => reader.facts.env[variable] === value || typeof value !== "string" ? [] : [value]
  );
  for (const text of [...args, ...given]) {
    if (text.includes("/") && !/[\s:]/.test(text)) noteWrite(reader, world, text, how, { certain: false });
  }
}

// src/domain/shell/readers.ts
var READ_ONLY = `
  ls ll la dir vdir exa eza lsd cat bat batcat head tail more most zless zmore nl tac rev wc cut tr paste join comm column fold fmt pr expand
  unexpand strings od hexdump hd grep egrep fgrep zgrep zegrep bzgrep xzgrep ag ack pt ugrep look tsort numfmt cmp diff diff3 colordiff zdiff delta icdiff
  stat file du df lsof lsblk findmnt mountpoint readlink realpath basename dirname pwd pathchk md5sum md5 sha1sum sha224sum sha256sum sha384sum
  sha512sum shasum b2sum cksum sum crc32 ps top htop pgrep pkill pidof pstree kill killall free uptime vmstat iostat nproc arch uname hostname whoami id
  groups users who w last tty logname getent getconf locale date cal ncal sleep usleep seq yes echo print printenv test expr bc factor
  which whereis whence where type man apropos whatis tldr help jq xq gron zcat bzcat xzcat zstdcat lz4cat gzcat lzcat
  ping traceroute dig host nslookup netstat ss ifconfig route arp whois true false clear tput stty reset banner cowsay figlet
  tokei ldd nm objdump size readelf otool addr2line c++filt csvlook csvstat csvcut csvgrep glow
  hexyl sw_vers system_profiler pbpaste pbcopy dmesg journalctl uuidgen dirs ts zipinfo pdfinfo
  logger envsubst base32 basenc zipgrep locate mdfind xclip xsel wl-paste
`;
var printsName = (_, { args, world }) => [
  printed(world, args.some((arg) => /[/.]/.test(arg) || !isStatic(arg)) ? void 0 : `${NAME}
`)
];
function printed(world, text) {
  return { ...world, out: world.out === void 0 || text === void 0 ? void 0 : world.out + text };
}
var lines = (items) => items.map((item) => `${item}
`).join("");
var echo = (_, { args, world }) => {
  const text = echoText(args);
  const isPlain = !text.includes("\\") || decodeEscapes(text) === text;
  return [printed(world, isPlain ? text : void 0)];
};
var pwd = (_, { world }) => [printed(world, `${world.cwd}
`)];
var cat = (reader, { args, world }) => {
  const { rest } = readOptions(args);
  if (rest.length > 0 && !(rest.length === 1 && rest[0] === "-"))
    return [printed(world, streamsText(reader, world, rest))];
  return [
    {
      ...printed(world, world.stdin === void 0 ? void 0 : lines(world.stdin)),
      stdin: world.stdin === void 0 ? void 0 : []
    }
  ];
};
function streamsText(reader, world, files) {
  const texts = files.map((file) => streamText(reader, world, file) ?? writtenText(reader, world, file));
  return texts.every((text) => text !== void 0) ? texts.join("") : void 0;
}
var dirname = (_, { args, world }) => [
  printed(
    world,
    lines(readOptions(args).rest.map((path) => isOpen(path) ? openDirectory(path) : directoryName(path)))
  )
];
var openDirectory = (path) => path.lastIndexOf("/") > 0 ? directoryName(path) : OPEN_OUTPUT;
var basename = (_, { args, world }) => {
  const options = readOptions(args, { short: "s", long: "suffix" });
  const isMany = hasOption(options, "a s multiple suffix");
  const suffix = isMany ? optionValue(options, "s suffix") : options.rest[1];
  const names = (isMany ? options.rest : options.rest.slice(0, 1)).map(baseName);
  return [
    printed(
      world,
      lines(
        names.map(
          (name) => suffix && isStatic(suffix) && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name
        )
      )
    )
  ];
};
var realpath = (reader, { name, args, world }) => {
  const options = readOptions(args, { long: "relative-to relative-base" });
  if (name === "readlink" && !hasOption(options, "f e m canonicalize canonicalize-existing canonicalize-missing"))
    return [printed(world, void 0)];
  if (hasOption(options, "relative-to relative-base")) return [printed(world, void 0)];
  return [
    printed(
      world,
      lines(
        options.rest.map((path) => isOpen(path) ? path : joinPath(world.cwd, path, reader.facts.windows))
      )
    )
  ];
};
var ls = (_, { args, world }) => {
  const options = readOptions(args, { short: "IwT", long: "ignore hide width" });
  if (hasOption(options, "l R o g i s")) return [printed(world, void 0)];
  const told2 = options.rest.flatMap(
    (path) => isStatic(path) && !hasOption(options, "d directory") ? [path, NAME] : [path]
  );
  return [printed(world, lines(options.rest.length === 0 ? [NAME] : told2))];
};
var filter = (_, { args, world }) => {
  const options = readOptions(args, { short: "nc", long: "lines bytes" });
  const isLines = options.rest.length === 0 && world.stdin !== void 0 && !hasOption(options, "c bytes");
  return [{ ...printed(world, isLines ? lines(world.stdin ?? []) : void 0), stdin: [] }];
};
var grep = (reader, call) => {
  notePager(reader, call);
  const options = readOptions(call.args, {
    short: "efmABCdDgtTj",
    long: "regexp file max-count include exclude exclude-dir context color colour glob type type-not threads iglob max-depth sort after-context before-context"
  });
  const roots = hasOption(options, "e regexp f file files") ? options.rest : options.rest.slice(1);
  if (hasOption(options, "l files-with-matches L files-without-match files")) {
    const isThorough = /^z?[ef]?grep$/.test(call.name) ? hasOption(options, "r R recursive dereference-recursive") && !/claude|[=.]\.\*/.test(call.args.join(" ")) : hasOption(options, "u unrestricted hidden");
    const which = isThorough ? FOUND : BELOW;
    const places = roots.length === 0 ? ["."] : roots;
    return [printed(call.world, lines(places.map((root) => below(root, which))))];
  }
  if (roots.length === 0 && !hasOption(options, "o only-matching n line-number c count b r R recursive"))
    return filter(reader, { ...call, args: [] });
  return [printed(call.world, void 0)];
};
var date = (reader, call) => {
  const format = call.args.find((arg) => arg.startsWith("+"));
  const isShaped = format !== void 0 && (/[/.]|%[Dx]/.test(format) || !isStatic(format));
  return isShaped ? [printed(call.world, void 0)] : printsName(reader, { ...call, args: [] });
};
var looks = (reader, call) => {
  notePager(reader, call);
  return [printed(call.world, void 0)];
};
function notePager(reader, { args, world }) {
  for (const [at, arg] of args.entries()) {
    const match = /^(--pager|--pre|--preprocessor|-P)(?:=(.*))?$/s.exec(arg);
    const code = (match == null ? void 0 : match[1]) === "-P" ? args[at + 1] : (match == null ? void 0 : match[2]) ?? (match ? args[at + 1] : void 0);
    if (code !== void 0 && /[\s/]/.test(code)) runCode(reader, world, code);
  }
}
var NAME_PRINTERS = "whoami hostname uname nproc arch uuidgen wc md5sum shasum sha256sum cksum id seq pgrep";
var FILTERS = "head tail tac";
var PRINTERS = {
  echo,
  pwd,
  cat,
  dirname,
  basename,
  yes: echo,
  realpath,
  readlink: realpath,
  ls,
  grep,
  egrep: grep,
  fgrep: grep,
  ag: grep,
  ack: grep,
  rg: grep,
  date
};
function readerOf(name) {
  if (Object.hasOwn(PRINTERS, name)) return PRINTERS[name];
  if (isAmong(FILTERS, name)) return filter;
  if (isAmong(NAME_PRINTERS, name)) return printsName;
  return isAmong(READ_ONLY, name) ? looks : void 0;
}

// src/domain/shell/search-tools.ts
var NO_CHOICE = /^-(type|print|print0|depth|d|mindepth|exec|execdir|ok|okdir|delete|follow|xdev|mount|noleaf|ls|quit|fprint\w*|fls|true|H|L|P|O\d?)$/;
var WITH_VALUE = /^-(type|mindepth|maxdepth|fprint|fprint0|fls)$/;
function runInside(reader, argv, world) {
  reader.runArguments(argv, { ...world, depth: world.depth + 1, stdin: void 0, out: void 0 }, true);
}
var find = (reader, { args, world }) => {
  const from = args.findIndex((arg) => !/^-([HLPE]|O\d?|D)$/.test(arg));
  const rest = from < 0 ? [] : args.slice(from);
  const end = rest.findIndex((arg) => /^[-(!,]/.test(arg));
  const told2 = rest.slice(0, end < 0 ? void 0 : end);
  const roots = told2.length > 0 ? told2 : ["."];
  const expression = end < 0 ? [] : rest.slice(end);
  const found = isEverything(expression) ? EVERY : isKeptOut(expression) ? BELOW : FOUND;
  for (let at = 0; at < expression.length; at += 1) {
    const primary = expression[at] ?? "";
    if (primary === "-delete")
      for (const root of roots) noteWrite(reader, world, below(root, found), "find -delete");
    else if (/^-(fprint|fprint0|fls|fprintf)$/.test(primary))
      noteWrite(reader, world, expression[at + 1] ?? "", `find ${primary}`);
    else if (/^-(exec|execdir|ok|okdir)$/.test(primary))
      at = runFound(reader, { name: primary, args: expression, world }, at + 1, roots, found);
  }
  const isPlain = !expression.some(
    (primary) => /^-(exec|execdir|ok|okdir|printf|ls|fprint\w*|fls|delete)$/.test(primary)
  ) || expression.includes("-print");
  return [
    {
      ...world,
      out: world.out === void 0 || !isPlain ? void 0 : world.out + roots.map((root) => `${below(root, found)}
`).join("")
    }
  ];
};
function isEverything(expression) {
  for (let at = 0; at < expression.length; at += 1) {
    const primary = expression[at] ?? "";
    if (/^-(exec|execdir|ok|okdir)$/.test(primary)) at = commandEnd(expression, at + 1);
    else if (!NO_CHOICE.test(primary) && !/^[()]$/.test(primary)) return false;
    else if (WITH_VALUE.test(primary)) at += 1;
  }
  return true;
}
var KEEPS_OUT = /claude|worktree|(^|\/)\.(\*|\?|\[)/;
var isKeptOut = (expression) => expression.some(
  (arg, at) => expression[at - 1] === "-maxdepth" ? /^[0-2]$/.test(arg) : KEEPS_OUT.test(arg)
);
function commandEnd(expression, from) {
  const end = expression.findIndex(
    (arg, at) => at >= from && (arg === ";" || arg === "+" && expression[at - 1] === "{}")
  );
  return end < 0 ? expression.length : end;
}
function runFound(reader, call, from, roots, which) {
  const end = commandEnd(call.args, from);
  const command2 = call.args.slice(from, end);
  for (const root of roots) {
    const found = below(root, which);
    const isInside = call.name.endsWith("dir");
    const world = isInside ? {
      ...call.world,
      cwd: joinPath(call.world.cwd, isOpen(root) ? OPEN_OUTPUT : found, reader.facts.windows)
    } : call.world;
    runInside(
      reader,
      command2.map((arg) => arg.replaceAll("{}", isInside ? `./${NAME}` : found)),
      world
    );
  }
  return end;
}
var fd = (reader, { args, world }) => {
  const at = args.findIndex((arg) => /^(-x|-X|--exec|--exec-batch)$/.test(arg));
  const search = readOptions(at < 0 ? args : args.slice(0, at), {
    short: "etEdScj",
    long: "extension type exclude max-depth min-depth size base-directory search-path color threads"
  });
  const places = [...search.rest.slice(1), ...optionValues(search, "search-path base-directory")];
  const which = hasOption(search, "H hidden u unrestricted") ? FOUND : BELOW;
  const found = (places.length > 0 ? places : ["."]).map((root) => below(root, which));
  if (at < 0)
    return [
      {
        ...world,
        out: world.out === void 0 ? void 0 : world.out + found.map((path) => `${path}
`).join("")
      }
    ];
  for (const path of found) {
    const command2 = args.slice(at + 1).filter((arg) => arg !== ";");
    const hasPlace = command2.some((arg) => /\{(\.|\/|\/\/|\/\.)?\}/.test(arg));
    runInside(
      reader,
      [...command2.map((arg) => arg.replace(/\{(\.|\/|\/\/|\/\.)?\}/g, path)), ...hasPlace ? [] : [path]],
      world
    );
  }
  return void 0;
};
var xargs = (reader, { args, world }) => {
  var _a;
  const options = readOptions(args, {
    short: "IJnPLsdEaR",
    long: "arg-file delimiter max-args max-procs max-lines max-chars eof process-slot-var",
    flags: "replace null",
    stopEarly: true
  });
  const lower = (_a = args.find((arg) => /^-i./.test(arg))) == null ? void 0 : _a.slice(2);
  const replaced = optionValue(options, "I J replace") ?? lower ?? (hasOption(options, "i replace") ? "{}" : void 0);
  const command2 = options.rest.length > 0 ? options.rest : ["echo"];
  const fromFile = hasOption(options, "a arg-file");
  const isWhole = hasOption(options, "0 null d delimiter") || replaced !== void 0;
  const lines2 = fromFile ? void 0 : world.stdin;
  const items = lines2 === void 0 ? [OPEN_OUTPUT] : isWhole ? [...lines2] : lines2.flatMap(unquotedItems);
  const told2 = items.length > EXPANSION_MAX ? [...items.slice(0, EXPANSION_MAX), OPEN_OUTPUT] : items;
  if (replaced === void 0) runInside(reader, [...command2, ...told2], world);
  else
    for (const item of told2)
      runInside(
        reader,
        command2.map((arg) => arg.replaceAll(replaced, item)),
        world
      );
  return void 0;
};
var unquotedItems = (line) => (line.match(/(?:"[^"]*"|'[^']*'|\\.|[^\s"'\\])+/g) ?? []).map(
  (item) => item.replace(/"([^"]*)"|'([^']*)'|\\(.)/g, (_, double, single, char) => double ?? single ?? char)
);
var parallel = (reader, { args, world }) => {
  const options = readOptions(args, {
    short: "jNnLIaPsSdC",
    long: "jobs max-args arg-file joblog results colsep delimiter tmpdir workdir wd sshlogin timeout delay retries load",
    stopEarly: true
  });
  for (const target of optionValues(options, "joblog results"))
    noteWrite(reader, world, target, "parallel", { tree: true });
  const separator = options.rest.findIndex((arg) => /^:{3,4}\+?$/.test(arg));
  const command2 = separator < 0 ? options.rest : options.rest.slice(0, separator);
  const listed = separator < 0 ? void 0 : options.rest.slice(separator + 1).filter((arg) => arg !== ":::" && arg !== ":::+");
  const isFile = options.rest.some((arg) => arg.startsWith("::::")) || hasOption(options, "a arg-file");
  const items = isFile ? [OPEN_OUTPUT] : listed ?? world.stdin ?? [OPEN_OUTPUT];
  const place = optionValue(options, "I") ?? "{}";
  const inner = { ...world, depth: world.depth + 1, stdin: void 0, out: void 0 };
  const followed = items.length > EXPANSION_MAX ? [...items.slice(0, EXPANSION_MAX), OPEN_OUTPUT] : items;
  for (const item of followed) {
    const quoted = quoteArgument(item);
    const line = command2.join(" ");
    const filled = line.replaceAll(place, quoted).replace(
      /\{(?:\d+|#|%)?(?:\.|\/|\/\/|\/\.)?\}/g,
      () => listed === void 0 ? quoted : quoteArgument(item)
    );
    reader.runSource(command2.length === 0 ? item : filled === line ? `${line} ${quoted}` : filled, inner);
  }
  return void 0;
};
var SEARCH_TOOLS = { find, fd, fdfind: fd, xargs, parallel };

// src/domain/shell/shells.ts
function readShellArguments(args) {
  let takesCode = false;
  let onlyChecks = false;
  let fromInput = false;
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (arg === "--" || arg === "-") {
      at += 1;
      break;
    }
    if (/^(--rcfile|--init-file|-O|\+O|-o|\+o)$/.test(arg) || /^[-+][a-zA-Z]*o$/.test(arg)) {
      if (/^-[a-zA-Z]*c/.test(arg)) takesCode = true;
      at += 1;
    } else if (/^[-+]/.test(arg)) {
      if (/^-[a-zA-Z]*c/.test(arg)) takesCode = true;
      if (/^-[a-zA-Z]*n/.test(arg)) onlyChecks = true;
      if (/^-[a-zA-Z]*s/.test(arg)) fromInput = true;
    } else break;
  }
  const rest = args.slice(at);
  if (takesCode)
    return { code: rest[0] ?? "", file: void 0, zero: rest[1], positional: rest.slice(2), onlyChecks };
  if (fromInput) return { code: void 0, file: void 0, zero: void 0, positional: rest, onlyChecks };
  return { code: void 0, file: rest[0], zero: rest[0], positional: rest.slice(1), onlyChecks };
}
var shell = (reader, { name, args, world }) => {
  var _a, _b;
  if (args.length === 1 && /^--(version|help)$/.test(args[0] ?? "")) return void 0;
  const call = readShellArguments(args);
  if (call.onlyChecks) return void 0;
  const named = call.zero === void 0 ? world : setVariable(world, "0", call.zero);
  if (call.code !== void 0) return runChild(reader, named, call.code, call.positional, world.stdin);
  if (((_a = call.file) == null ? void 0 : _a.includes("/")) && isCoordProgram(call.file))
    return readCoord(reader, { name: `${name} ${call.file}`, args: call.positional, world });
  const stream = call.file === void 0 ? (_b = world.stdin) == null ? void 0 : _b.join("\n") : streamText(reader, world, call.file);
  if (stream === void 0 || stream === OPEN_OUTPUT) {
    noteUnknown(
      reader,
      world,
      "script",
      call.file === void 0 ? `${name} reads its standard input` : `${name} ${call.file}`
    );
    const written = call.file === void 0 ? void 0 : writtenText(reader, world, call.file);
    return written === void 0 ? void 0 : runChild(reader, named, written, call.positional, world.stdin);
  }
  return runChild(reader, named, stream, call.positional, void 0);
};
var otherUser = (reader, { name, args, world }) => {
  var _a, _b;
  const at = args.findIndex((arg) => arg === "-c" || arg === "--command" || arg.startsWith("--command="));
  const code = at < 0 ? void 0 : ((_a = args[at]) == null ? void 0 : _a.startsWith("--command=")) ? (_b = args[at]) == null ? void 0 : _b.slice("--command=".length) : args[at + 1];
  if (code !== void 0) return runChild(reader, world, code, void 0, void 0);
  const dashes = args.indexOf("--");
  if (dashes >= 0) return reader.runArguments(args.slice(dashes + 1), world, true);
  noteUnknown(reader, world, "script", name);
  return void 0;
};
var later = (reader, { name, args, world }) => {
  if (args.some((arg) => /^-[lrdc]/.test(arg))) return void 0;
  if (world.stdin === void 0) noteUnknown(reader, world, "script", name);
  else runChild(reader, world, world.stdin.join("\n"), [], void 0);
  return void 0;
};
var foreign = (reader, { name, args, world }) => {
  const open = args.find(isOpen);
  if (open !== void 0) noteOpen(reader, world, open, name);
  noteUnknown(reader, world, "program", name);
  return void 0;
};
function shellOf(name) {
  if (isAmong("bash sh zsh dash ksh ash mksh rbash bash5 rsh", name)) return shell;
  if (isAmong("fish nu elvish xonsh pwsh powershell cmd csh tcsh", name)) return foreign;
  if (isAmong("su runuser", name)) return otherUser;
  return isAmong("at batch", name) ? later : void 0;
}

// src/domain/shell/transfer-tools.ts
var CURL = {
  short: "oDcHdXuAebFTwmxrKyYzCEQPtU",
  long: "output output-dir dump-header cookie-jar trace trace-ascii stderr config header data data-raw data-binary data-urlencode json request user user-agent referer cookie form upload-file write-out max-time proxy range retry connect-timeout cacert cert key url resolve etag-save etag-compare hsts alt-svc libcurl unix-socket interface limit-rate max-redirs ciphers tlsv1 connect-to form-string retry-delay retry-max-time"
};
var urlName = (url) => {
  const path = url.replace(/^[a-z]+:\/\/[^/]*/i, "").replace(/[?#].*$/, "");
  return baseName(path) === "" ? NAME : baseName(path);
};
var curl = (reader, { name, args, world }) => {
  const options = readOptions(args, CURL);
  const place = optionValue(options, "output-dir");
  const inPlace = (file) => place === void 0 ? file : joinPath(place, file);
  for (const file of optionValues(options, "o output"))
    if (file !== "-") noteWrite(reader, world, inPlace(file), "curl -o");
  if (hasOption(options, "O remote-name remote-name-all")) {
    const urls = [...options.rest, ...optionValues(options, "url")];
    const isTold = hasOption(options, "J remote-header-name");
    for (const url of urls) noteWrite(reader, world, inPlace(isTold ? NAME : urlName(url)), "curl -O");
  }
  for (const file of optionValues(
    options,
    "D dump-header c cookie-jar trace trace-ascii stderr etag-save hsts alt-svc libcurl"
  )) {
    if (file !== "-" && file !== "") noteWrite(reader, world, file, name);
  }
  if (hasOption(options, "K config"))
    noteUnknown(reader, world, "script", `${name} -K ${optionValue(options, "K config") ?? ""}`);
  return void 0;
};
var wget = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: "OoaPiUtTQleARDIXB",
    long: "output-document output-file append-output directory-prefix input-file user-agent tries timeout quota level execute accept reject domains header post-data post-file save-cookies load-cookies warc-file user password limit-rate wait method body-data base"
  });
  for (const file of optionValues(options, "o output-file a append-output save-cookies warc-file"))
    noteWrite(reader, world, file, name);
  const document = optionValue(options, "O output-document");
  if (document !== void 0) {
    if (document !== "-") noteWrite(reader, world, document, "wget -O");
    return void 0;
  }
  if (hasOption(options, "spider") || options.rest.length + optionValues(options, "i input-file").length === 0)
    return void 0;
  const place = optionValue(options, "P directory-prefix") ?? ".";
  const isTree = hasOption(
    options,
    "r recursive m mirror p page-requisites x force-directories i input-file e execute"
  );
  if (isTree) noteWrite(reader, world, place, name, { tree: true });
  else for (const url of options.rest) noteWrite(reader, world, joinPath(place, urlName(url)), "wget");
  return void 0;
};
var RSYNC = {
  short: "eBTfM",
  long: "rsh rsync-path exclude include exclude-from include-from files-from filter log-file backup-dir suffix partial-dir temp-dir compare-dest copy-dest link-dest write-batch only-write-batch chmod chown out-format bwlimit max-size min-size port password-file info debug timeout modify-window block-size usermap groupmap",
  flags: "dry-run list-only remove-source-files delete"
};
var rsync = (reader, { name, args, world }) => {
  const options = readOptions(args, RSYNC);
  const sources = options.rest.slice(0, -1);
  const destination = options.rest.at(-1);
  for (const code of optionValues(options, "e rsh")) runCode(reader, world, code);
  if (hasOption(options, "n dry-run list-only") || destination === void 0 || sources.length === 0)
    return void 0;
  for (const file of optionValues(options, "log-file write-batch only-write-batch"))
    noteWrite(reader, world, file, name);
  for (const place of optionValues(options, "backup-dir partial-dir temp-dir T"))
    noteWrite(reader, world, place, name, { tree: true });
  if (hasOption(options, "remove-source-files")) {
    for (const file of sources) if (!isRemotePath(file)) noteWrite(reader, world, file, name, { tree: true });
  }
  if (isRemotePath(destination)) return void 0;
  if (hasOption(options, "delete delete-after delete-before delete-during delete-excluded") || sources.some((source2) => source2.endsWith("/"))) {
    noteWrite(reader, world, destination, name, { tree: true });
    return void 0;
  }
  const isDirectory = sources.length > 1 || saysDirectory(destination);
  if (!isDirectory) noteWrite(reader, world, destination, name, { tree: true, into: true });
  const base = (source2) => hasOption(options, "R relative") ? BELOW : baseName(source2.replace(/^[^/:]*:/, ""));
  for (const source2 of sources)
    noteWrite(reader, world, joinPath(destination, base(source2)), name, { tree: true });
  return void 0;
};
function noteSetting(reader, world, setting) {
  var _a;
  const code = (_a = /^(?:ProxyCommand|LocalCommand|KnownHostsCommand)[= ](.*)$/is.exec(setting)) == null ? void 0 : _a[1];
  if (code !== void 0) runCode(reader, world, code);
}
var scp = (reader, { name, args, world }) => {
  const options = readOptions(args, { short: "iPoSFJlcDX" });
  const sources = options.rest.slice(0, -1);
  const destination = options.rest.at(-1);
  for (const code of optionValues(options, "S")) runCode(reader, world, code);
  for (const setting of optionValues(options, "o")) noteSetting(reader, world, setting);
  if (destination === void 0 || sources.length === 0 || isRemotePath(destination)) return void 0;
  const tree = hasOption(options, "r");
  const isDirectory = sources.length > 1 || saysDirectory(destination);
  if (!isDirectory) noteWrite(reader, world, destination, name, { tree, into: true });
  for (const source2 of sources)
    noteWrite(reader, world, joinPath(destination, baseName(source2.replace(/^[^:]*:/, ""))), name, { tree });
  return void 0;
};
var ssh = (reader, { name, args, world }) => {
  var _a;
  const options = readOptions(args, { short: "BbcDEeFIiJLlmOopQRSWw", stopEarly: true });
  const [host = "", ...words2] = options.rest;
  for (const file of optionValues(options, "E")) noteWrite(reader, world, file, name);
  for (const setting of optionValues(options, "o")) noteSetting(reader, world, setting);
  if (host === "") return void 0;
  noteUnknown(reader, world, "program", `${name} ${host}`);
  if (!/^(?:ssh:\/\/)?(?:[^@]*@)?(?:localhost|127\.[\d.]+|\[?::1\]?)(?::\d+)?$/i.test(host)) return void 0;
  const code = words2.length > 0 ? words2.join(" ") : (_a = world.stdin) == null ? void 0 : _a.join("\n");
  const cwd = reader.facts.home ?? OPEN_VARIABLE;
  if (code !== void 0) runCode(reader, { ...world, cwd, exported: [] }, code);
  return void 0;
};
var REMOTE_ONLY = /^(create|comment|edit|close|reopen|ready|review|delete)$/;
var gh = (reader, call) => {
  var _a;
  const { name, args, world } = call;
  const [subject = "", verb = "", ...rest] = args;
  if (/^(view|list|diff|checks|status)$/.test(verb) || /^(pr|issue)$/.test(subject) && REMOTE_ONLY.test(verb))
    return void 0;
  if (subject !== "repo" || verb !== "clone") return (_a = outputToolOf("gh")) == null ? void 0 : _a(reader, call);
  const [repository = "", directory] = readOptions(rest, { short: "u" }).rest;
  noteWrite(reader, world, directory ?? baseName(repository), `${name} repo clone`, { tree: true });
  return void 0;
};
var TRANSFER_TOOLS = { curl, wget, rsync, scp, ssh, gh };

// src/domain/shell/wrappers.ts
var WRAPPERS = {
  sudo: {
    short: "ugCDprRtTU",
    long: "user group close-from chdir prompt chroot role type command-timeout other-user",
    assigns: true,
    chdir: "D chdir",
    shell: "s i shell login"
  },
  doas: { short: "uC", assigns: true, shell: "s" },
  timeout: { short: "ks", long: "kill-after signal", skip: 1 },
  nice: { short: "n", long: "adjustment" },
  ionice: { short: "cnp", long: "class classdata pid" },
  nohup: {},
  stdbuf: { short: "ioe", long: "input output error" },
  time: { short: "fo", long: "format output", writes: "o output" },
  setsid: {},
  chronic: {},
  unbuffer: {},
  caffeinate: { short: "tw" },
  chrt: { skip: 1, short: "TPD" },
  taskset: { skip: 1 },
  numactl: { short: "NmlCpi" },
  prlimit: {},
  strace: { short: "oePSsabpuEIX", long: "output trace", writes: "o output" },
  ltrace: { short: "oeasunpE", writes: "o" },
  dtruss: {},
  faketime: { skip: 1, short: "f" },
  firejail: { unknown: true },
  "systemd-run": {
    short: "puHM",
    long: "unit property working-directory uid gid",
    chdir: "working-directory",
    assigns: true
  },
  "systemd-inhibit": { long: "what who why mode" },
  "dbus-run-session": {},
  "xvfb-run": { short: "nsefpw" },
  proxychains: { short: "f" },
  proxychains4: { short: "f" },
  torsocks: {},
  fakeroot: { short: "lsibf" },
  setarch: { skip: 1 },
  arch: {},
  rlwrap: {},
  gosu: { skip: 1 },
  "su-exec": { skip: 1 },
  setpriv: {},
  envdir: { skip: 1 },
  "cross-env": { assigns: true },
  "cross-env-shell": { assigns: true, line: true },
  dotenv: { short: "efvpc" },
  entr: { unknown: true },
  watchexec: { short: "wefiNs", unknown: true },
  chroot: { skip: 1, unknown: true },
  nsenter: { short: "tSG", unknown: true },
  unshare: { unknown: true },
  bwrap: { unknown: true },
  watch: { short: "nd", long: "interval", line: true },
  hyperfine: {
    short: "wmMrpcLuNsSni",
    long: "warmup min-runs max-runs runs prepare cleanup parameter-list export-json export-markdown export-csv setup",
    writes: "export-json export-markdown export-csv",
    code: "p prepare c cleanup s setup",
    line: true
  },
  // Runners: the program comes out of a package or an environment.
  npx: { short: "pc", long: "package call", code: "c call", unknown: true },
  bunx: { unknown: true },
  pnpx: { unknown: true },
  uvx: { long: "from with python", unknown: true },
  pipx: { skip: 1, long: "spec", unknown: true },
  direnv: { skip: 2, unknown: true },
  mise: { skip: 1, unknown: true },
  asdf: { skip: 1, unknown: true },
  rbenv: { skip: 1, unknown: true },
  pyenv: { skip: 1, unknown: true },
  doppler: { skip: 1, short: "pc", long: "project config", unknown: true },
  dotenvx: { skip: 1, short: "f", unknown: true },
  "aws-vault": { skip: 2, unknown: true },
  op: { skip: 1, long: "env-file", unknown: true },
  "nix-shell": { short: "pIA", long: "run command packages", code: "run command", unknown: true },
  concurrently: { short: "nck", long: "names prefix-colors", unknown: true, line: true },
  nodemon: { short: "xwei", long: "exec watch ext ignore", code: "x exec", unknown: true },
  tmux: { unknown: true, line: true },
  screen: { unknown: true, line: true, short: "Sdhps" }
};
function unwrap(wrapper) {
  return (reader, { name, args, world }) => {
    const options = readOptions(args, { ...wrapper, stopEarly: true });
    for (const target of optionValues(options, wrapper.writes ?? "")) noteWrite(reader, world, target, name);
    for (const code of optionValues(options, wrapper.code ?? ""))
      runChild(reader, world, code, void 0, void 0);
    if (wrapper.unknown) noteUnknown(reader, world, "program", [name, ...args.slice(0, 2)].join(" "));
    let inside = world;
    for (const place of optionValues(options, wrapper.chdir ?? ""))
      inside = changeDirectory(reader, inside, place, true);
    let rest = options.rest.slice(wrapper.skip ?? 0).filter((arg, at) => at > 0 || arg !== "--");
    if (wrapper.assigns) [inside, rest] = takeAssignments(reader, inside, rest);
    if (rest.length === 0 && wrapper.shell !== void 0 && hasOption(options, wrapper.shell)) rest = ["sh"];
    if (rest.length === 0) return void 0;
    if (wrapper.line) return runLines(reader, inside, rest);
    return reader.runArguments(rest, inside, true).map((after2) => restored(after2, world));
  };
}
var restored = (after2, world) => ({ ...world, out: after2.out, stdin: after2.stdin });
function runLines(reader, world, rest) {
  runChild(reader, world, rest.join(" "), void 0, void 0);
  if (rest.length > 1) {
    for (const line of rest) if (line.includes(" ")) runChild(reader, world, line, void 0, void 0);
  }
  return void 0;
}
function takeAssignments(reader, world, args) {
  let now = world;
  let at = 0;
  for (; at < args.length; at += 1) {
    const [head, name] = /^(\w+)=/.exec(args[at] ?? "") ?? [];
    if (head === void 0 || name === void 0) break;
    now = assignFor(reader, now, name, (args[at] ?? "").slice(head.length));
  }
  return [now, args.slice(at)];
}
var env = (reader, { args, world }) => {
  const options = readOptions(args, {
    short: "uCSP",
    long: "unset chdir split-string argv0",
    stopEarly: true
  });
  let inside = optionValues(options, "C chdir").reduce(
    (now, place) => changeDirectory(reader, now, place, true),
    world
  );
  for (const name of optionValues(options, "u unset")) inside = setVariable(inside, name, null);
  if (hasOption(options, "i ignore-environment"))
    inside = restoreVariables(inside, { ...world, vars: /* @__PURE__ */ new Map() }, world.vars.keys());
  const split2 = optionValue(options, "S split-string");
  if (split2 !== void 0)
    return runChild(
      reader,
      inside,
      `env ${split2} ${options.rest.map(quoteArgument).join(" ")}`,
      void 0,
      world.stdin
    );
  const [assigned, rest] = takeAssignments(reader, inside, options.rest);
  if (rest.length === 0) return void 0;
  return reader.runArguments(rest, assigned, true).map((after2) => restored(after2, world));
};
var flock = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: "wE",
    long: "wait timeout conflict-exit-code",
    stopEarly: true
  });
  const [file, ...rest] = options.rest;
  if (file === void 0 || /^\d+$/.test(file)) return void 0;
  noteWrite(reader, world, file, name);
  if (rest[0] === "-c" || rest[0] === "--command")
    return runChild(reader, world, rest[1] ?? "", void 0, world.stdin);
  return rest.length === 0 ? void 0 : reader.runArguments(rest, world, true).map((after2) => restored(after2, world));
};
var script = (reader, { name, args, world }) => {
  const options = readOptions(args, {
    short: "cITBOEot",
    long: "command log-io log-out log-in log-timing echo output-limit",
    stopEarly: true
  });
  const code = optionValue(options, "c command");
  for (const target of optionValues(options, "B I O T log-io log-out log-in log-timing"))
    noteWrite(reader, world, target, name);
  const [file, ...rest] = options.rest;
  if (code === void 0 && rest.length > 0 && rest[0] === "-c")
    runChild(reader, world, rest[1] ?? "", void 0, void 0);
  else if (rest.length > 0) reader.runArguments(rest, world, true);
  noteWrite(reader, world, file ?? "typescript", name);
  if (code !== void 0) runChild(reader, world, code, void 0, void 0);
  else if (rest.length === 0) noteUnknown(reader, world, "script", name);
  return void 0;
};
var box = (reader, { args, world }) => args.length === 0 ? void 0 : reader.runArguments(args, world, true);
var OTHERS5 = {
  env,
  flock,
  script,
  busybox: box,
  toybox: box,
  coreutils: box
};
function wrapperOf(name) {
  if (Object.hasOwn(OTHERS5, name)) return OTHERS5[name];
  const wrapper = Object.hasOwn(WRAPPERS, name) ? WRAPPERS[name] : void 0;
  return wrapper && unwrap(wrapper);
}

// src/domain/shell/programs.ts
var bun = (reader, call) => {
  const program = call.args.some((arg) => /^(-e|-p|--eval|--print)$/.test(arg)) ? findInterpreter("bun") : outputToolOf("bun");
  return program == null ? void 0 : program(reader, call);
};
var among = (programs) => (name) => Object.hasOwn(programs, name) ? programs[name] : void 0;
var LOOKUPS = [
  among({ bun, git, hub: git }),
  builtinOf,
  shellOf,
  wrapperOf,
  among(TEXT_TOOLS),
  fileToolOf,
  among(SEARCH_TOOLS),
  among(TRANSFER_TOOLS),
  archiveToolOf,
  editorOf,
  among(DATABASES),
  among(CONTAINERS),
  outputToolOf,
  readerOf
];
function programOf(name) {
  for (const lookup of LOOKUPS) {
    const program = lookup(name);
    if (program !== void 0) return program;
  }
  return void 0;
}
var SILENT = "rm rmdir unlink shred touch mkdir mkfifo truncate cp mv ln link install chmod chown chgrp dd mknod";
function runProgram(reader, argv, world, isPlain = false) {
  const { ledger } = reader;
  if (ledger.nesting >= NESTING_MAX) {
    noteUnknown(reader, world, "depth", "programs running programs");
    return [world];
  }
  ledger.nesting += 1;
  const after2 = runFirst(reader, argv, world, isPlain);
  ledger.nesting -= 1;
  return after2;
}
function runFirst(reader, argv, world, isPlain) {
  const [told2 = "", ...args] = argv;
  if (told2 === "" || !takeStep(reader)) return [world];
  const name = withoutMaybe(told2);
  if (name !== told2) noteUnknown(reader, world, "variable", `program ${printText(told2)}`);
  if (!isStatic(name)) return runOpenName(reader, name, args, world);
  if (isPlain) return runNamed(reader, { name, args, world });
  const defined = reader.functions.get(name);
  if (defined !== void 0) {
    const after2 = callFunction(reader, defined, args, world);
    return isKnownName(name) ? mergeWorlds([...after2, ...runNamed(reader, { name, args, world })]) : after2;
  }
  const alias2 = reader.aliases.get(name);
  if (alias2 !== void 0) return runAlias2(reader, name, alias2, args, world);
  return runNamed(reader, { name, args, world });
}
function runOpenName(reader, name, args, world) {
  if (hasPattern(name) && name.search(/[\uE000\uE001]/) < 0)
    noteUnknown(reader, world, "script", `program ${printText(name)}`);
  else noteOpen(reader, world, name, "program");
  const [next] = args;
  const isLoneOpen = /^[\uE000\uE001]+$/.test(name);
  if (isLoneOpen && next !== void 0 && isStatic(next) && isKnownName(next))
    return mergeWorlds([world, ...runProgram(reader, args, world)]);
  return [{ ...world, out: void 0 }];
}
var isKnownName = (name) => programOf(name) !== void 0 && !/^[[:]$/.test(name);
function callFunction(reader, defined, args, world) {
  defined.calls += 1;
  if (world.depth >= DEPTH_MAX) {
    noteUnknown(reader, world, "depth", "functions calling functions");
    return [world];
  }
  const inner = { ...world, positional: args, locals: [], depth: world.depth + 1 };
  const after2 = defined.bodies.flatMap((body) => walkCompound(reader, body, inner));
  return mergeWorlds(
    after2.map((end) => ({
      ...restoreVariables(end, world, end.locals),
      positional: world.positional,
      locals: world.locals,
      depth: world.depth
    }))
  );
}
function runAlias2(reader, name, text, args, world) {
  reader.aliases.delete(name);
  const line = [text, ...args.map(quoteArgument)].join(" ");
  const after2 = reader.runSource(line, { ...world, depth: world.depth + 1 });
  reader.aliases.set(name, text);
  return after2.map((end) => ({ ...end, depth: world.depth }));
}
var SYSTEM_PLACE = /^(\/usr|\/usr\/local|\/opt\/homebrew|\/opt\/local)?\/s?bin\/(?=[^/]+$)/;
function runNamed(reader, call) {
  var _a;
  const { name, args, world } = call;
  if (isCoordProgram(name)) return readCoord(reader, call);
  const bare = programName(name, reader.facts.windows === true);
  const program = findProgram(bare);
  const isPath = bare.includes("/");
  if (!isPath && args.length === 1 && /^--(version|help)$/.test(args[0] ?? "") && builtinOf(bare) === void 0)
    return [{ ...world, out: void 0 }];
  if (!isPath && program !== void 0) {
    const after2 = program(reader, { ...call, name: bare });
    return after2 ?? [
      isAmong(SILENT, bare) && !args.some((arg) => /^-\w*v|^--verb/.test(arg)) ? world : unheard(world)
    ];
  }
  if (!isPath && args.length === 1 && /^-(version|help)$/.test(args[0] ?? ""))
    return [{ ...world, out: void 0 }];
  noteUnknown(reader, world, isPath ? "script" : "program", [name, ...args.slice(0, 2)].join(" "));
  if (isPath) runWritten(reader, call);
  const likely = (_a = /(^|\/)\.?bin\/([^/]+)$/.exec(bare)) == null ? void 0 : _a[2];
  const guess = likely === void 0 ? void 0 : findProgram(likely);
  if (guess !== void 0 && likely !== void 0) guess(reader, { name: likely, args, world });
  return [{ ...world, out: void 0 }];
}
function runWritten(reader, { name, args, world }) {
  var _a;
  const text = writtenText(reader, world, name);
  if (text === void 0) return;
  const told2 = (_a = /^#!.*?\b(python\d?|node|deno|bun|ruby|perl|php|lua)\b/.exec(text)) == null ? void 0 : _a[1];
  const interpreter = told2 === void 0 ? void 0 : findInterpreter(told2);
  if (told2 === void 0 || interpreter === void 0) runChild(reader, world, text, args, void 0);
  else
    interpreter(reader, { name: told2, args: ["-", ...args], world: { ...world, stdin: text.split("\n") } });
}
function programName(name, windows) {
  const told2 = windows ? name.replaceAll("\\", "/").replace(/\.exe$/i, "") : name;
  return told2.replace(SYSTEM_PLACE, "").replace(/^=(?=\w)/, "");
}
function findProgram(name) {
  const program = programOf(name) ?? findInterpreter(name);
  if (program !== void 0 || !name.startsWith("g")) return program;
  const plain2 = name.slice(1);
  return builtinOf(plain2) === void 0 && isAmong(GNU_NAMES, plain2) ? programOf(plain2) : void 0;
}
var GNU_NAMES = "sed cp mv rm ln mkdir rmdir touch tee dd install truncate chmod chown chgrp sort split csplit find xargs tar unlink shred mktemp cat ls head tail grep readlink realpath timeout stdbuf env nice date wc uniq";

// src/domain/shell/reading.ts
function readShell(command2, facts) {
  const reader = newReader(facts);
  const world = firstWorld(facts);
  try {
    if (command2.length > COMMAND_CHARS_MAX) noteUnknown(reader, world, "depth", "the command is too long");
    const worlds = reader.runSource(command2.slice(0, COMMAND_CHARS_MAX), world);
    readLeftovers(reader, worlds);
  } catch (error) {
    noteUnknown(
      reader,
      world,
      "depth",
      error instanceof RangeError ? "the stack is full" : `reader: ${String(error)}`
    );
  }
  return print(reader);
}
function newReader(facts) {
  const reader = {
    facts,
    ledger: emptyLedger(),
    functions: /* @__PURE__ */ new Map(),
    aliases: /* @__PURE__ */ new Map(),
    streams: /* @__PURE__ */ new Map(),
    late: [],
    runSource: (source2, world) => runSource(reader, source2, world),
    runScript: (script2, world) => runScript(reader, script2, world),
    runStatements: (statements, worlds) => runStatements(reader, statements, worlds),
    runNode: (node, world) => runNode(reader, node, world),
    runArguments: (argv, world, isPlain) => runProgram(reader, argv, world, isPlain)
  };
  return reader;
}
function firstWorld(facts) {
  const { PWD: _, OLDPWD, ...env2 } = facts.env;
  return {
    cwd: normalPath(facts.cwd),
    oldCwd: OLDPWD ?? OPEN_VARIABLE,
    vars: new Map(Object.entries(env2)),
    positional: void 0,
    stack: [],
    stdin: void 0,
    out: void 0,
    lastArgument: OPEN_VARIABLE,
    physical: false,
    locals: [],
    exported: Object.keys(env2),
    depth: 0
  };
}
function readLeftovers(reader, worlds) {
  for (const { source: source2, world } of reader.late.splice(0)) {
    for (const end of [world, ...worlds]) reader.runSource(source2, { ...end, depth: 1 });
  }
  for (const defined of reader.functions.values()) {
    if (defined.calls > 0) continue;
    for (const body of defined.bodies)
      walkCompound(reader, body, { ...defined.world, positional: void 0 });
  }
}
function print(reader) {
  const { ledger } = reader;
  const found = {
    writes: [...ledger.writes.values()],
    links: [...ledger.links.values()],
    git: [...ledger.git.values()],
    coord: [...ledger.coord.values()]
  };
  const reading = { ...withDetours(found, ledger), unknown: [...ledger.unknown.values()] };
  return { ...reading, readOnly: Object.values(reading).every((findings) => findings.length === 0) };
}
function runSource(reader, source2, world) {
  const { ledger } = reader;
  if (withoutMaybe(source2) !== source2) noteUnknown(reader, world, "variable", `code ${source2.slice(0, 60)}`);
  ledger.parsedChars += source2.length;
  if (world.depth > DEPTH_MAX || ledger.parsedChars > PARSED_CHARS_MAX || !takeStep(reader)) {
    noteUnknown(reader, world, "depth", source2.slice(0, 60));
    return [world];
  }
  return runScript(reader, reader.facts.parse(withoutMaybe(source2)), world);
}
function runScript(reader, script2, world) {
  var _a;
  if ("errors" in script2 && script2.errors !== void 0 && script2.errors.length > 0) {
    noteUnknown(reader, world, "syntax", ((_a = script2.errors[0]) == null ? void 0 : _a.message) ?? "syntax error");
  }
  return runStatements(reader, script2.commands, [world]);
}
function runStatements(reader, statements, worlds) {
  let now = [...worlds];
  for (const statement of statements) {
    if (isSpent(reader)) break;
    now = mergeWorlds(now.flatMap((world) => runStatement(reader, statement, world)));
  }
  return now;
}
function runStatement(reader, statement, world) {
  const after2 = runNode(reader, statement.command, world);
  return statement.background ? leaveSubshell(after2, world) : after2;
}
function runNode(reader, node, world) {
  const { ledger } = reader;
  if (!takeStep(reader)) return [world];
  if (ledger.nesting >= NESTING_MAX) {
    noteUnknown(reader, world, "depth", "compound commands");
    return [world];
  }
  ledger.nesting += 1;
  const after2 = node.type === "Command" ? walkCommand(reader, node, world) : walkCompound(reader, node, world);
  ledger.nesting -= 1;
  return after2;
}

// src/storage/light/expansion.ts
var import_node_fs3 = require("fs");
var import_node_path2 = require("path");

// src/storage/light/files.ts
var import_node_fs = require("fs");

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
function isErrno(error, ...codes) {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : void 0;
  return typeof code === "string" && codes.includes(code);
}
function readTextIfThere(path) {
  try {
    return (0, import_node_fs.readFileSync)(path, "utf8");
  } catch (error) {
    if (isErrno(error, "ENOENT", "ENOTDIR")) return void 0;
    throw error;
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
var start = Date.now().toString(36) + Math.random().toString(36).slice(2, 8);

// src/storage/light/place.ts
var import_node_fs2 = require("fs");
var import_node_path = require("path");
var HOME_POINTER = "coord-home";
var DEPTH_MAX2 = 256;
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
  for (let depth = 0; depth < DEPTH_MAX2; depth++) {
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
  if (!(0, import_node_fs2.existsSync)(entry)) return void 0;
  if ((0, import_node_fs2.existsSync)((0, import_node_path.join)(entry, "HEAD")))
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
  const gitDir = (0, import_node_path.resolve)(root, pointed);
  const pointer = (0, import_node_path.join)(gitDir, "commondir");
  if (!(0, import_node_fs2.existsSync)(pointer)) return { home: root, root, name: null, gitDir, commonDir: gitDir };
  const commonDir = import_node_fs2.realpathSync.native((0, import_node_path.resolve)(gitDir, (0, import_node_fs2.readFileSync)(pointer, "utf8").trim()));
  return { home: homeOf(commonDir), root, name: (0, import_node_path.basename)(gitDir), gitDir, commonDir };
}
function readPointer(entry) {
  const text = (0, import_node_fs2.readFileSync)(entry, "utf8");
  if (!text.startsWith("gitdir: ")) return void 0;
  const line = text.endsWith("\n") ? text.slice(8, -1) : text.slice(8);
  const path = line.endsWith("\r") ? line.slice(0, -1) : line;
  return path === "" || path.includes("\n") || path.includes("\r") ? void 0 : path;
}
function homeOf(commonDir) {
  if ((0, import_node_path.basename)(commonDir) === ".git") return (0, import_node_path.dirname)(commonDir);
  try {
    return (0, import_node_fs2.readFileSync)((0, import_node_path.join)(commonDir, HOME_POINTER), "utf8").trim() || void 0;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}
function hasHome(place) {
  return place.home !== void 0;
}
function isCoordinated(home2) {
  return (0, import_node_fs2.existsSync)((0, import_node_path.join)(home2, COORDINATION, "roster"));
}

// src/storage/light/expansion.ts
var MATCHES_MAX = 1e3;
var NAMES_MAX = 1e4;
function expandGlob(pattern) {
  const parts = pattern.split("/").filter((part, index) => part !== "" || index === 0);
  let found = [pattern.startsWith("/") ? import_node_path2.sep : "."];
  for (const part of parts.slice(pattern.startsWith("/") ? 1 : 0)) {
    const next = [];
    for (const folder of found) {
      if (!isGlob(part)) {
        next.push(`${folder}${folder.endsWith(import_node_path2.sep) ? "" : import_node_path2.sep}${unescaped2(part)}`);
        continue;
      }
      const names = part === "**" ? treeNames(folder) : matches(folder, part);
      for (const name of names) next.push(`${folder}${folder.endsWith(import_node_path2.sep) ? "" : import_node_path2.sep}${name}`);
      if (next.length > MATCHES_MAX) return "too-many";
    }
    found = next;
  }
  const there = found.filter(isThere);
  return there.length > 0 ? there : [pattern];
}
function isGlob(part) {
  return /[*?[]|[@+!]\(/.test(part);
}
function unescaped2(part) {
  return part.replace(/\\(.)/g, "$1");
}
function matches(folder, part) {
  const pattern = patternOf(part);
  const withDots = part.startsWith(".");
  return namesIn(folder).filter((name) => (withDots || !name.startsWith(".")) && pattern.test(name));
}
function namesIn(folder) {
  try {
    return listNames(folder, NAMES_MAX);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
function treeNames(folder) {
  return [".", ...namesIn(folder).filter((name) => !name.startsWith("."))];
}
var SET = /^\[[!^]?\]?(?:\[:[a-z]*:\]|[^\]])*\]/;
function patternOf(part) {
  let source2 = "";
  for (let at = 0; at < part.length; at++) {
    const sign = part[at] ?? "";
    if (/[@+!?*]/.test(sign) && part[at + 1] === "(") return /.*/;
    if (sign === "*") source2 += ".*";
    else if (sign === "?") source2 += ".";
    else if (sign === "[") {
      const [set2 = ""] = SET.exec(part.slice(at)) ?? [];
      if (set2 === "") source2 += "\\[";
      else {
        const inner = set2.slice(1, -1).replace(/^[!^]/, "^").replace(/[\\[\]]/g, "\\$&");
        source2 += set2.includes("[:") ? "." : `[${inner}]`;
        at += set2.length - 1;
      }
    } else if (sign === "\\") source2 += `\\${part[++at] ?? "\\"}`;
    else source2 += sign.replace(/[.+^${}()|\]\\]/g, "\\$&");
  }
  try {
    return new RegExp(`^${source2}$`, "s");
  } catch (error) {
    if (error instanceof SyntaxError) return /.*/;
    throw error;
  }
}
function isThere(path) {
  try {
    (0, import_node_fs3.lstatSync)((0, import_node_path2.join)(path));
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

// src/storage/light/location.ts
var import_node_fs6 = require("fs");
var import_node_path5 = require("path");

// src/domain/identifiers.ts
var COORDINATOR = "coordinator";

// src/storage/light/resolution.ts
var import_node_fs4 = require("fs");
var import_node_path3 = require("path");
var LINKS_MAX = 40;
var DEPTH_MAX3 = 250;
function resolvePath(path, cwd) {
  if (path.includes("\0")) return void 0;
  const whole = (0, import_node_path3.isAbsolute)(path) ? path : `${cwd}${import_node_path3.sep}${path}`;
  try {
    return import_node_fs4.realpathSync.native(whole);
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const found = walk(whole, 0);
  return found !== void 0 && found.split(import_node_path3.sep).length > DEPTH_MAX3 ? void 0 : found;
}
function walk(whole, linksSeen) {
  const { root } = (0, import_node_path3.parse)(whole);
  const parts = whole.slice(root.length).split(import_node_path3.sep === "\\" ? /[\\/]+/ : "/");
  let at = root;
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index];
    if (part === void 0 || part === "" || part === ".") continue;
    if (part === "..") {
      at = (0, import_node_path3.dirname)(at);
      continue;
    }
    const next = (0, import_node_path3.join)(at, part);
    const link2 = readLink(next);
    if (link2 === void 0) {
      at = next;
      continue;
    }
    if (linksSeen >= LINKS_MAX) return void 0;
    const rest = parts.slice(index + 1).join(import_node_path3.sep);
    const onward = (0, import_node_path3.isAbsolute)(link2) ? link2 : `${at}${import_node_path3.sep}${link2}`;
    return walk(rest === "" ? onward : `${onward}${import_node_path3.sep}${rest}`, linksSeen + 1);
  }
  return at;
}
function readLink(path) {
  var _a;
  try {
    return ((_a = (0, import_node_fs4.lstatSync)(path, { throwIfNoEntry: false })) == null ? void 0 : _a.isSymbolicLink()) ? (0, import_node_fs4.readlinkSync)(path) : void 0;
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}
function relativeTo(root, path) {
  if (path === root) return "";
  const prefix = root.endsWith(import_node_path3.sep) ? root : root + import_node_path3.sep;
  return path.startsWith(prefix) ? path.slice(prefix.length).replaceAll(import_node_path3.sep, "/") : void 0;
}

// src/storage/light/roster.ts
var import_node_fs5 = require("fs");
var import_node_path4 = require("path");
var NAME_MAX = 120;
function fileNameOf(id) {
  const safe = id.replace(/[^A-Za-z0-9._-]/g, "_").slice(0, NAME_MAX);
  return safe === "" || safe.startsWith(".") ? `_${safe}` : safe;
}
function coordinationPath(home2, ...parts) {
  return (0, import_node_path4.join)(home2, COORDINATION, ...parts);
}
function rosterFile(home2, kind, key) {
  return coordinationPath(home2, "roster", kind, `${fileNameOf(key)}.json`);
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
function readPlaceRecord(home2, place) {
  if (place === null) return void 0;
  const file = rosterFile(home2, "places", place);
  const record = readRecord(file);
  if (record === void 0 && (0, import_node_fs5.existsSync)(file)) throw new Error(`${file} cannot be read`);
  return record;
}
function listWorkers(home2) {
  return listNames(coordinationPath(home2, "roster", "workers")).filter((name) => name.endsWith(".json")).map((name) => readRecord(coordinationPath(home2, "roster", "workers", name))).filter((record) => record !== void 0);
}
function workerOfPhaseFolder(home2, folder) {
  var _a;
  return (_a = readRecord(rosterFile(home2, "phases", folder))) == null ? void 0 : _a.worker;
}

// src/storage/light/location.ts
var DEPTH_MAX4 = 256;
var WORKTREES_MAX = 4096;
var ALIAS_NAMES_MAX = 256;
function ownerOfPlace(home2, place) {
  var _a;
  if (place === null) return COORDINATOR;
  return ((_a = readPlaceRecord(home2, place)) == null ? void 0 : _a.worker) ?? `whoever works in worktree ${place}`;
}
function groundOf(path, project) {
  const inGit = relativeTo(project.commonDir, path);
  if (inGit !== void 0) return gitGround(inGit);
  let foreign2;
  let at = path;
  for (let depth = 0; depth < DEPTH_MAX4; depth++) {
    const place = at === project.root ? project : placeAt(at);
    if (place && place.commonDir === project.commonDir) {
      const relative = relativeTo(place.root, path) ?? "";
      if (relative === ".git" && place.name !== null) return { kind: "git", place: "shared" };
      const owner = place.name === project.name ? "" : ownerOfPlace(project.home, place.name);
      return { kind: "worktree", place: place.name, root: place.root, relative, owner };
    }
    if (place && hasHome(place) && isCoordinated(place.home)) foreign2 ?? (foreign2 = place.home);
    const up = (0, import_node_path5.dirname)(at);
    if (up === at) break;
    at = up;
  }
  return foreign2 === void 0 ? { kind: "outside" } : { kind: "foreign-project", home: foreign2 };
}
function gitGround(relative) {
  const parts = relative.split("/");
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
function worktreesBelow(path, project) {
  const roots = linkedRoots(project);
  roots.push({ name: null, root: project.home });
  return roots.filter(({ root }) => root !== path && root.startsWith(path.endsWith(import_node_path5.sep) ? path : path + import_node_path5.sep)).map(({ name, root }) => ({ place: name, root, owner: ownerOfPlace(project.home, name) }));
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
  const { home: home2 } = project;
  const roots = [home2, ...linkedRoots(project).map(({ root }) => root)];
  const relative = relativeTo(project.root, path);
  for (const root of roots) {
    yield (0, import_node_path5.join)(root, STATE_FILE);
    yield (0, import_node_path5.join)(root, "DECISIONS.md");
    yield (0, import_node_path5.join)(root, "AGENTS.md");
    for (const phase of listNames((0, import_node_path5.join)(root, ".planning/phases")).slice(0, ALIAS_NAMES_MAX)) {
      yield (0, import_node_path5.join)(root, ".planning/phases", phase, "STATUS.md");
    }
    if (relative !== void 0 && root !== project.root) yield (0, import_node_path5.join)(root, relative);
    if (relative !== void 0 && root !== project.root) yield (0, import_node_path5.join)(root, (0, import_node_path5.basename)(path));
  }
  for (const folder of RUNTIME_FOLDERS) yield* filesBelow((0, import_node_path5.join)(home2, folder), 4);
}
function* filesBelow(folder, depth) {
  for (const name of listNames(folder).slice(0, ALIAS_NAMES_MAX)) {
    const path = (0, import_node_path5.join)(folder, name);
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

// src/storage/light/process.ts
var import_node_fs7 = require("fs");
var PID_MAX = 2147483647;
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
var import_node_fs8 = require("fs");
var import_node_path6 = require("path");
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
    const top = readEpoch((0, import_node_path6.join)(dir, nameAmong(names, epoch)), epoch);
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
    const stats = (0, import_node_fs8.statSync)(path);
    const heardAt = Math.round(stats.mtimeMs);
    const record = stats.isFile() ? parseRecord((0, import_node_fs8.readFileSync)(path, "utf8"), epoch) : void 0;
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
  const { ttlMs, note: note2, from, holder } = value;
  if (!(ttlMs === null || typeof ttlMs === "number" && ttlMs >= 0) || !isTextOrNull(note2)) return void 0;
  if (!ORIGINS.some((origin) => origin === from) || !(holder === null || isHolder(holder))) return void 0;
  return value;
}
function isHolder(value) {
  if (!isObject(value) || typeof value["owner"] !== "string") return false;
  const mark = value["process"];
  const isMark = isObject(mark) && typeof mark["pid"] === "number" && isTextOrNull(mark["started"]);
  return isTextOrNull(value["session"]) && isTextOrNull(value["agent"]) && (mark === null || isMark);
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
function readLease(dir) {
  var _a;
  return (_a = readTop(dir)) == null ? void 0 : _a.record;
}

// src/storage/light/seat.ts
var SEAT_TTL_MS = 15 * 6e4;
function seatFolder(home2, place) {
  return coordinationPath(home2, "leases", leaseName(`seat:${place ?? ""}`));
}
function toSeatHolder(record) {
  if (!record.holder) return void 0;
  return { session: record.holder.session, sinceMs: record.takenAt, epoch: record.epoch };
}
function readSeat(home2, place) {
  var _a;
  const record = readLease(seatFolder(home2, place));
  const holder = record ? toSeatHolder(record) : void 0;
  return holder && record ? { ...holder, process: ((_a = record.holder) == null ? void 0 : _a.process) ?? null } : void 0;
}

// src/surfaces/hooks/branch-owners.ts
var import_node_fs9 = require("fs");
var import_node_path7 = require("path");
function branchOwners(project) {
  const owners = /* @__PURE__ */ new Map();
  for (const worker of listWorkers(project.home)) {
    if (worker.state === "active") owners.set(worker.branch, worker.place);
  }
  const heads = linkedRoots(project).map(({ name }) => ({
    place: name,
    file: (0, import_node_path7.join)(project.commonDir, "worktrees", name, "HEAD")
  }));
  heads.push({ place: null, file: (0, import_node_path7.join)(project.commonDir, "HEAD") });
  for (const { place, file } of heads) {
    const branch2 = checkedOut(file);
    if (branch2 !== void 0) owners.set(branch2, place);
  }
  return owners;
}
function checkedOut(file) {
  var _a;
  try {
    return (_a = /^ref: refs\/heads\/(.+?)\s*$/.exec((0, import_node_fs9.readFileSync)(file, "utf8"))) == null ? void 0 : _a[1];
  } catch (error) {
    if (isMissing(error)) return void 0;
    throw error;
  }
}

// src/surfaces/hooks/shell-case.ts
function judgePath(shell2, path, tree) {
  const target = targetOf(path, shell2.cwd, shell2.project, tree);
  return target ? judgeWrite(shell2.actor, target) : { code: "path-unusable", path };
}

// src/surfaces/hooks/guard-git.ts
var PATHS_NOT_WRITTEN = /* @__PURE__ */ new Set([
  "add",
  "commit",
  "stash",
  "push",
  "fetch",
  "submodule",
  "sparse-checkout",
  "clean"
]);
var NAMES_FILES = /* @__PURE__ */ new Set(["mv", "rm"]);
var SHARED_HARMLESS = /* @__PURE__ */ new Set([
  "gc",
  "maintenance",
  "repack",
  "pack-refs",
  "notes",
  "clone",
  "init",
  "lfs"
]);
function judgeGit(shell2, calls, paths) {
  for (const call of calls) {
    const refusal = judgeGitCall(shell2, call, paths);
    if (refusal) return { refusal, how: call.how };
  }
  return void 0;
}
function judgeGitCall(shell2, call, paths) {
  switch (call.effect) {
    case "worktree": {
      const refusal = judgePath(shell2, call.dir, false);
      if (refusal && refusal.code !== "out-of-scope") return refusal;
      if (PATHS_NOT_WRITTEN.has(call.verb)) return void 0;
      for (const path of call.paths ?? []) {
        const own = judgePath(shell2, path, false);
        if (own && (NAMES_FILES.has(call.verb) || own.code !== "out-of-scope")) return own;
        paths.push(path);
      }
      return void 0;
    }
    case "other-worktree":
      return judgeWorktreeVerb(shell2, call);
    case "shared":
      if (shell2.actor.place === null || SHARED_HARMLESS.has(call.verb)) return void 0;
      return isInProject(shell2, call.dir) ? { code: "git-shared", how: call.how, verb: call.verb } : void 0;
    case "ref":
    case "remote":
      return isInProject(shell2, call.dir) ? judgeRefs(shell2, call) : void 0;
  }
}
function isInProject(shell2, dir) {
  var _a;
  const resolved = resolvePath(dir, shell2.cwd);
  return resolved !== void 0 && ((_a = placeOf(resolved)) == null ? void 0 : _a.commonDir) === shell2.project.commonDir;
}
function judgeWorktreeVerb(shell2, call) {
  for (const path of [...worktreesEndingIn(shell2, call.ends ?? []), ...call.paths ?? []]) {
    const resolved = resolvePath(path, shell2.cwd);
    const place = resolved === void 0 ? void 0 : placeOf(resolved);
    const isOther = place && place.commonDir === shell2.project.commonDir && place.name !== shell2.actor.place;
    if (!isOther || place.root !== resolved) {
      const refusal = judgePath(shell2, path, false);
      if (refusal && refusal.code !== "out-of-scope") return refusal;
      continue;
    }
    if (shell2.actor.place === null && place.name !== null && isIdle(shell2, place.name)) continue;
    const owner = ownerOfPlace(shell2.project.home, place.name);
    return { code: "git-other-worktree", how: call.how, path: resolved ?? path, owner };
  }
  return void 0;
}
function worktreesEndingIn(shell2, ends) {
  const wanted = ends.map((end) => `/${end.replace(/\/+$/, "").toLowerCase()}`);
  if (wanted.length === 0) return [];
  const roots = [...linkedRoots(shell2.project).map(({ root }) => root), shell2.project.home];
  return roots.filter((root) => wanted.some((end) => root.replaceAll("\\", "/").toLowerCase().endsWith(end)));
}
function isIdle(shell2, place) {
  const record = readPlaceRecord(shell2.project.home, place);
  const seat = readSeat(shell2.project.home, place);
  const isTaken = (seat == null ? void 0 : seat.process) ? livenessOf(seat.process) !== "dead" : seat !== void 0;
  return (record === void 0 || record.isEnded === true) && !isTaken;
}
function isPublishing(shell2, call, { op }) {
  return call.effect === "remote" && op === "push" && shell2.actor.place === null;
}
function foreignPlace(owners, shell2) {
  return [...owners.values()].find((place) => place !== shell2.actor.place);
}
function judgeRefs(shell2, call) {
  const owners = branchOwners(shell2.project);
  for (const ref of call.refs ?? []) {
    if (ref.op === "create" || isPublishing(shell2, call, ref)) continue;
    const branch2 = ref.name.replace(/^\+?(?:refs\/)?heads\//, "").replace(/^refs\/heads\//, "");
    const isForeignHead = /^(?:main-worktree|worktrees\/[^/]+)\//.test(branch2);
    const isEvery = /^\+?refs\/(?:heads\/)?\*$/.test(ref.name);
    const place = isEvery ? foreignPlace(owners, shell2) : owners.get(branch2);
    if (!isForeignHead && (place === void 0 || place === shell2.actor.place)) continue;
    const owner = place === void 0 ? "another worktree" : ownerOfPlace(shell2.project.home, place);
    return { code: "git-ref-of-other", how: call.how, ref: ref.name, owner };
  }
  return void 0;
}

// src/surfaces/hooks/guard-shell.ts
var INHERITED = ["HOME", "TMPDIR", "USER"];
var PATHS_NOTED_MAX = 64;
function judgeShell(shell2) {
  const known = { PWD: shell2.cwd };
  for (const name of INHERITED) {
    const value = shell2.env[name];
    if (value !== void 0) known[name] = value;
  }
  const repository = placeOf(shell2.cwd);
  const reading = readShell(shell2.command, {
    cwd: shell2.cwd,
    home: shell2.env["HOME"],
    env: known,
    parse,
    ...repository ? { repository } : {}
  });
  const paths = [];
  const unsure = [];
  const found = judgeCoordCalls(shell2, reading.coord) ?? judgeWrites(shell2, reading.writes, paths, unsure) ?? judgeLinks(shell2, reading) ?? judgeGit(shell2, reading.git, paths) ?? judgeUnknown(shell2, [...reading.unknown, ...unsure]);
  const [first] = [...reading.unknown, ...unsure];
  const unknown = first ? `${first.why}: ${first.detail}` : void 0;
  const isWide = reading.writes.some((write) => write.tree === true || !write.certain) || reading.git.some((call) => call.effect === "worktree");
  return {
    refusal: found == null ? void 0 : found.refusal,
    how: found == null ? void 0 : found.how,
    paths: paths.slice(0, PATHS_NOTED_MAX),
    unknown,
    isWide
  };
}
function judgeCoordCalls(shell2, calls) {
  for (const call of calls) {
    const variable = Object.keys(call.env).find(
      (name) => /^(CLAUDE_CODE_SESSION_ID|NODE_OPTIONS)$/.test(name)
    );
    if (variable !== void 0) {
      return { refusal: { code: "coord-disguised", how: call.how, variable }, how: call.how };
    }
    const cwd = resolvePath(call.cwd, shell2.cwd);
    const place = cwd === void 0 ? void 0 : placeOf(cwd);
    if (!place || place.commonDir !== shell2.project.commonDir || place.name === shell2.actor.place) continue;
    const refusal = {
      code: "coord-elsewhere",
      how: call.how,
      root: place.root,
      yours: shell2.actor.root
    };
    return { refusal, how: call.how };
  }
  return void 0;
}
function judgeWrites(shell2, writes, paths, unsure) {
  for (const write of writes) {
    const expanded = write.glob ? expandGlob(write.path) : [write.path];
    const candidates = expanded === "too-many" ? [write.path.replace(/\/?[^/]*[*?[].*$/, "") || "/"] : expanded;
    for (const path of candidates) {
      if (write.target === "into" && write.certain && isFolder(resolvePath(path, shell2.cwd) ?? path))
        continue;
      const isWhole = write.certain && write.tree === true && write.some !== true;
      const refusal = judgePath(shell2, path, isWhole);
      if (refusal && (write.certain || refusal.code !== "out-of-scope")) return { refusal, how: write.how };
      const sweep = write.some === true ? judgeSome(shell2, path, write, unsure) : void 0;
      if (sweep) return { refusal: sweep, how: write.how };
      paths.push(path);
    }
  }
  return void 0;
}
function judgeSome(shell2, path, { certain, how }, unsure) {
  const refusal = judgePath(shell2, path, true);
  if ((refusal == null ? void 0 : refusal.code) !== "tree-holds-other") return void 0;
  if (!certain) return refusal.inside === GUARDED_DOCUMENTS ? void 0 : refusal;
  unsure.push({ why: "program", detail: how });
  return void 0;
}
function judgeLinks(shell2, reading) {
  for (const link2 of reading.links) {
    const inner = judgePath(shell2, link2.source, false);
    if (!inner || inner.code === "out-of-scope") continue;
    return { refusal: { code: "alias-of-other", how: link2.how, source: link2.source, inner }, how: link2.how };
  }
  return void 0;
}
function judgeUnknownElsewhere(shell2, unknowns) {
  for (const { dir, detail } of unknowns) {
    const refusal = dir === void 0 ? void 0 : judgePath(shell2, dir, false);
    if ((refusal == null ? void 0 : refusal.code) === "other-worktree" || (refusal == null ? void 0 : refusal.code) === "runtime-folder")
      return { refusal, how: detail };
  }
  return void 0;
}
function judgeUnknown(shell2, unknowns) {
  const [unknown] = unknowns;
  if (!unknown) return void 0;
  const elsewhere = judgeUnknownElsewhere(shell2, unknowns);
  if (elsewhere) return elsewhere;
  const own = judgePath(shell2, shell2.actor.root, false);
  if (own && own.code !== "out-of-scope") return { refusal: own, how: unknown.detail };
  if (shell2.settings.unknown_commands === "allow") return void 0;
  const refusal = { code: "unknown-command", why: unknown.why, detail: unknown.detail };
  return { refusal, how: unknown.detail };
}
// Annotate the CommonJS export names for ESM import in node:
0 && (module.exports = {
  judgeShell
});
})
// mark f36b3e46fe5eb09a
