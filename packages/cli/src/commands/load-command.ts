import type { CommandName } from "../arguments/command-table.ts";
import type { Command } from "./command.ts";

/** Imports the one command that is needed. */
export async function loadCommand(name: CommandName | "version"): Promise<Command> {
  switch (name) {
    case "upgrade":
      return (await import("./upgrade.ts")).upgrade;
    case "downgrade":
      return (await import("./downgrade.ts")).downgrade;
    case "current":
      return (await import("./current.ts")).current;
    case "history":
      return (await import("./listings.ts")).history;
    case "heads":
      return (await import("./listings.ts")).heads;
    case "branches":
      return (await import("./listings.ts")).branches;
    case "show":
      return (await import("./listings.ts")).show;
    case "stamp":
      return (await import("./stamp.ts")).stamp;
    case "ensure-version":
      return (await import("./ensure-version.ts")).ensureVersion;
    case "check":
      return (await import("./check.ts")).check;
    case "init":
      return (await import("./init.ts")).init;
    case "revision":
      return (await import("./revision.ts")).revision;
    case "merge":
      return (await import("./revision.ts")).merge;
    case "squash":
      return (await import("./squash.ts")).squash;
    case "edit":
      return (await import("./edit.ts")).edit;
    case "list-templates":
      return (await import("./list-templates.ts")).listTemplates;
    case "copy":
      return (await import("./copy.ts")).copy;
    case "backup":
      return (await import("./backup.ts")).backup;
    case "restore":
      return (await import("./restore.ts")).restore;
    case "rehearse":
      return (await import("./rehearse.ts")).rehearse;
    case "snapshot":
      return (await import("./snapshot.ts")).snapshot;
    case "verify":
      return (await import("./verify.ts")).verify;
    case "lock":
      return (await import("./lock.ts")).lock;
    case "diff":
      return (await import("./diff.ts")).diff;
    case "adopt":
      return (await import("./adopt.ts")).adopt;
    case "version":
      return (await import("./version.ts")).version;
    case "help":
      return (await import("./help.ts")).help;
  }
}
