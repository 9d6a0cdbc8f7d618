// Makes a passkey and signs challenges with it. Usage: node sign.js '{"rpId", "origin", "challenges": [hex], "verified"}'
// It prints the key, as qx and qy, and what the browser hands over for each challenge, in hexadecimal.
"use strict";
const { default: WebAuthnEmulator, AuthenticatorEmulator } = require("nid-webauthn-emulator");

const { rpId, origin, challenges, verified } = JSON.parse(process.argv[2]);
const bytes = (base64url) => Buffer.from(base64url, "base64url");
const base64url = (hex) => Buffer.from(hex, "hex").toString("base64url");

const authenticator = new AuthenticatorEmulator({
  algorithmIdentifiers: ["ES256"],
  verifications: { userPresent: true, userVerified: verified },
  userGetAssertionInteraction: (user) => ({ user, options: { up: true, uv: verified } }),
  userMakeCredentialInteraction: (user) => ({ user, options: { up: true, uv: verified } }),
});
const browser = new WebAuthnEmulator(authenticator);
const userVerification = verified ? "required" : "discouraged";

const { response } = browser.createJSON(origin, {
  rp: { id: rpId, name: rpId },
  user: { id: base64url("01"), name: "member", displayName: "Member" },
  challenge: base64url(challenges[0]),
  pubKeyCredParams: [{ type: "public-key", alg: -7 }],
  authenticatorSelection: { userVerification },
});
// SubjectPublicKeyInfo ends with the point: qx, then qy.
const key = bytes(response.publicKey).subarray(-64).toString("hex");
const assertions = challenges.map((challenge) => {
  const made = browser.getJSON(origin, { rpId, challenge: base64url(challenge), userVerification }).response;
  return Object.fromEntries(
    ["authenticatorData", "clientDataJSON", "signature"].map((name) => [name, bytes(made[name]).toString("hex")]),
  );
});
process.stdout.write(JSON.stringify({ key, assertions }));
