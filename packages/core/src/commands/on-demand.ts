// What most programs never need, imported when it is called for. It is one module, because each dynamic import
// cuts what it shares with the others into files of their own, and a start pays for every file it has to find.
export { runCopy } from "../copy/run-copy.ts";
export { adopt } from "./adopt.ts";
export { autogenerate } from "./autogenerate.ts";
export { runWithBackup } from "./backup/backed-run.ts";
export { backup } from "./backup/backup.ts";
export { restoreBackup } from "./backup/restore-backup.ts";
export { compareBranches } from "./compare-branches.ts";
export { journalStamps } from "../run/journal-unit.ts";
export { createLateLint } from "../run/late-lint.ts";
export { lockStatus, breakLock } from "./courtesy-lock.ts";
export { createRevision } from "./create-revision.ts";
export { diff } from "./diff.ts";
export { explainUnknown, findOutdatedReaders, judgeHeads, readStanding } from "./newer-database.ts";
export { plan } from "./plan.ts";
export { readJournal, findEditedRevisions } from "./read-journal.ts";
export { rehearse } from "./rehearse/rehearse.ts";
export { squash } from "./squash/squash.ts";
export { renderSql } from "./sql.ts";
export { checkSnapshot } from "./snapshot/check-snapshot.ts";
export { snapshot } from "./snapshot/write-snapshot.ts";
export { verify } from "./verify/verify.ts";
