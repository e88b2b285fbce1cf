// The least that a command-line program on Node.js and better-sqlite3 can do: open, read one row, say it.
const Database = require("better-sqlite3");

const database = new Database(process.argv[2]);
const row = database.prepare("SELECT version_num FROM alembic_version").get();
process.stdout.write(`${row.version_num}\n`);
database.close();
