// What a command needs once there is something to run: one module, for the same reason as `on-demand.ts`, and apart
// from it, because a run should not have to compile commands that it is none of.
export { runRequest } from "../run/run-request.ts";
export { findJump } from "./snapshot/find-jump.ts";
