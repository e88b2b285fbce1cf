import type { Output } from "../output/output.ts";

/** Says that a token in a URL of the command line is not secret. */
export function warnAboutToken(output: Output, urls: readonly string[]): void {
  if (!urls.some((url) => /authToken=/iu.test(url))) return;
  output.alert(
    "warning: other users of this machine can read a token on the command line; set TURSO_AUTH_TOKEN instead",
    "warning",
  );
}
