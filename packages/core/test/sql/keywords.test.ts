import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { isKeyword } from "../../src/sql/keywords.ts";

test("every bare word that SQLite refuses as a name is a keyword", () => {
  const db = new Database(":memory:");
  const words =
    `add all alter and as autoincrement between case check collate commit constraint create default
    deferrable delete distinct drop else escape except exists foreign from group having in index insert
    intersect into is isnull join limit not nothing notnull null on or order primary references returning
    select set table then to transaction union unique update using values when where`.split(/\s+/u);
  for (const word of words) {
    expect(() => db.exec(`CREATE TABLE ${word} (${word})`), word).toThrow(/syntax error/u);
    expect(isKeyword(word), word).toBe(true);
  }
});

test.each(["SELECT", "Select", "current_timestamp", "WITHOUT"])("%s is one in any case", (word) => {
  expect(isKeyword(word)).toBe(true);
});

test.each(["name", "type", "status", "a", "current_timestamps"])("%s is none", (word) => {
  expect(isKeyword(word)).toBe(false);
});
