import { generateKeyPairSync, sign } from "node:crypto";

/** Makes the tokens that a server with this key accepts. */
export interface TokenIssuer {
  /** The public key, as sqld reads it. */
  readonly publicKey: string;
  token(claims: Readonly<Record<string, unknown>>): string;
}

export function createTokenIssuer(): TokenIssuer {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  return {
    publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    token: (claims) => {
      const text = `${encode({ alg: "EdDSA", typ: "JWT" })}.${encode(claims)}`;
      return `${text}.${sign(null, Buffer.from(text), privateKey).toString("base64url")}`;
    },
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
