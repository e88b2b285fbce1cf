import { sql } from "drizzle-orm";
import {
  blob,
  check,
  foreignKey,
  index,
  integer,
  numeric,
  primaryKey,
  real,
  sqliteTable,
  sqliteView,
  text,
  unique,
  uniqueIndex,
} from "drizzle-orm/sqlite-core";

export const users = sqliteTable(
  "users",
  {
    id: integer("id").primaryKey({ autoIncrement: true }),
    name: text("name").notNull(),
    email: text("email", { length: 200 }).notNull().unique(),
    kind: text("kind").notNull().default("it's me"),
    isActive: integer("is_active", { mode: "boolean" }).notNull().default(true),
    createdAt: integer("created_at", { mode: "timestamp" }).default(sql`(unixepoch())`),
    settings: text("settings", { mode: "json" }).default({ theme: "dark" }),
    score: real("score").default(0.5),
    price: numeric("price"),
    photo: blob("photo"),
    initials: text("initials").generatedAlwaysAs(sql`substr("name", 1, 1)`, { mode: "stored" }),
    token: text("token").$defaultFn(() => "made by the program"),
  },
  (table) => [
    index("users_name").on(table.name, table.kind),
    uniqueIndex("users_lower_email").on(sql`lower(${table.email})`),
    index("users_active")
      .on(table.name)
      .where(sql`${table.isActive} = 1`),
    check("kind_is_set", sql`${table.kind} <> ''`),
  ],
);

export const groups = sqliteTable("groups", { id: text("id").primaryKey(), title: text("title") });

export const members = sqliteTable(
  "members",
  {
    userId: integer("user_id")
      .notNull()
      .references(() => users.id, { onDelete: "cascade" }),
    groupId: text("group_id").notNull(),
    role: text("role", { enum: ["owner", "guest"] }),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.groupId] }),
    foreignKey({ columns: [table.groupId], foreignColumns: [groups.id] }).onUpdate("cascade"),
    unique("members_role").on(table.groupId, table.role),
  ],
);

export const owners = sqliteView("owners").as((query) =>
  query
    .select({ name: users.name })
    .from(users)
    .where(sql`${users.kind} = 'owner'`),
);
