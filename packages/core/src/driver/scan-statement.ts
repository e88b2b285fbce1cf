/** What a driver must know about a text before it hands it to a library. */
export interface StatementShape {
  /** 0: nothing but space and comments · 1: one statement · 2: several. */
  readonly statements: 0 | 1 | 2;
  /** The words that the first statement starts with, in upper case, at most six. */
  readonly words: readonly string[];
  /** Words, literals and signs of the first statement that are not space, comment or `;`. */
  readonly tokens: number;
  /** Bare `?` parameters. */
  readonly parameters: number;
  /** The first parameter that is not a bare `?`, such as `?1` or `:name`. */
  readonly strayParameter: string | undefined;
}

interface Scan {
  readonly sql: string;
  position: number;
  statements: 0 | 1 | 2;
  /** Between the end of the first statement and what may follow it. */
  ended: boolean;
  readonly words: string[];
  tokens: number;
  parameters: number;
  strayParameter: string | undefined;
  /** Where a `CREATE TRIGGER` stands: its own end is `; END ;`, as in sqlite.org/c3ref/complete.html. */
  trigger: "no" | "body" | "after semicolon" | "after end";
}

/** Enough to see `EXPLAIN QUERY PLAN CREATE TEMP TRIGGER`. */
const keptWords = 6;
const quote = 39;
const doubleQuote = 34;
const backtick = 96;
const bracket = 91;
const dash = 45;
const slash = 47;
const star = 42;
const semicolon = 59;
const question = 63;
const dollar = 36;
const byteOrderMark = 0xfeff;

/**
 * Walks over a text by SQLite's lexical rules (comments, strings, quoted names, trigger bodies) without
 * building tokens: libraries differ in what they do with a second statement and with missing parameters,
 * and some drop either silently.
 */
export function scanStatement(sql: string): StatementShape {
  const scan: Scan = {
    sql,
    position: 0,
    statements: 0,
    ended: false,
    words: [],
    tokens: 0,
    parameters: 0,
    strayParameter: undefined,
    trigger: "no",
  };
  while (scan.position < sql.length && scan.statements < 2) step(scan);
  const { statements, words, tokens, parameters, strayParameter } = scan;
  return { statements, words, tokens, parameters, strayParameter };
}

function step(scan: Scan): void {
  const { sql, position } = scan;
  const code = sql.charCodeAt(position);
  if (isSpace(code)) {
    scan.position += 1;
  } else if (code === dash && sql.charCodeAt(position + 1) === dash) {
    scan.position = after(sql, "\n", position);
  } else if (code === slash && sql.charCodeAt(position + 1) === star) {
    scan.position = after(sql, "*/", position + 2);
  } else if (code === semicolon) {
    scan.position += 1;
    endStatement(scan);
  } else {
    takeToken(scan, code);
  }
}

function endStatement(scan: Scan): void {
  if (scan.statements === 0) return;
  if (scan.trigger === "no" || scan.trigger === "after end") scan.ended = true;
  else scan.trigger = "after semicolon";
}

function takeToken(scan: Scan, code: number): void {
  if (scan.ended) {
    scan.statements = 2;
    return;
  }
  scan.statements = 1;
  scan.tokens += 1;
  if (isWordPart(code)) {
    takeWord(scan);
    return;
  }
  if (scan.trigger !== "no") scan.trigger = "body";
  takeSign(scan, code);
}

function takeSign(scan: Scan, code: number): void {
  const { sql, position } = scan;
  if (code === quote || code === doubleQuote || code === backtick) {
    scan.position = afterQuoted(sql, position, code);
  } else if (code === bracket) {
    scan.position = after(sql, "]", position);
  } else if (code === question || isParameterSign(code)) {
    takeParameter(scan, code);
  } else {
    scan.position += 1;
  }
}

function takeWord(scan: Scan): void {
  const { sql, position } = scan;
  const end = wordEnd(sql, position);
  scan.position = end;
  if (sql.charCodeAt(position) === dollar) {
    scan.strayParameter ??= sql.slice(position, end);
    return;
  }
  if (scan.trigger !== "no") {
    const isEnd = end - position === 3 && sql.slice(position, end).toUpperCase() === "END";
    scan.trigger = isEnd && scan.trigger === "after semicolon" ? "after end" : "body";
    return;
  }
  if (scan.words.length === keptWords || scan.words.length + 1 < scan.tokens) return;
  scan.words.push(sql.slice(position, end).toUpperCase());
  if (startsTrigger(scan.words)) scan.trigger = "body";
}

function takeParameter(scan: Scan, code: number): void {
  const { sql, position } = scan;
  const end = wordEnd(sql, position + 1);
  scan.position = end;
  if (end > position + 1) scan.strayParameter ??= sql.slice(position, end);
  else if (code === question) scan.parameters += 1;
}

function startsTrigger(words: readonly string[]): boolean {
  const start = words[0] === "EXPLAIN" ? (words[1] === "QUERY" ? 3 : 1) : 0;
  if (words[start] !== "CREATE") return false;
  const next = words[start + 1];
  return next === "TRIGGER" || ((next === "TEMP" || next === "TEMPORARY") && words[start + 2] === "TRIGGER");
}

function after(sql: string, mark: string, from: number): number {
  const found = sql.indexOf(mark, from);
  return found === -1 ? sql.length : found + mark.length;
}

/** A doubled quote is a quote inside the text and does not end it: the halves are skipped one by one. */
function afterQuoted(sql: string, start: number, code: number): number {
  const mark = String.fromCharCode(code);
  let end = after(sql, mark, start + 1);
  while (end < sql.length && sql.charCodeAt(end) === code) end = after(sql, mark, end + 1);
  return end;
}

function wordEnd(sql: string, from: number): number {
  let end = from;
  while (end < sql.length && isWordPart(sql.charCodeAt(end))) end += 1;
  return end;
}

/** Letters, digits, `_`, `$` and everything outside ASCII (sqlite.org/lang_keywords.html, tokenize.c). */
function isWordPart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === dollar ||
    code >= 128
  );
}

function isParameterSign(code: number): boolean {
  return code === 58 || code === 64 || code === 35;
}

/** SQLite skips a byte order mark like space, wherever a token could start. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === byteOrderMark;
}
