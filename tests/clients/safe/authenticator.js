// A software authenticator, and a browser's side of WebAuthn: what Safe's client asks `navigator.credentials` for.
import emulator from "nid-webauthn-emulator";

const { default: WebAuthnEmulator, AuthenticatorEmulator } = emulator;
const ORIGIN = "https://council.example";
const RP = "council.example";

/** Bytes of base64url, in a buffer of their own, as a browser hands them over. */
const bytes = (text) => Uint8Array.from(Buffer.from(text, "base64url")).buffer;
const base64url = (data) => Buffer.from(data).toString("base64url");

const authenticator = new AuthenticatorEmulator({
  algorithmIdentifiers: ["ES256"],
  verifications: { userPresent: true, userVerified: true },
  userGetAssertionInteraction: (user) => ({ user, options: { up: true, uv: true } }),
  userMakeCredentialInteraction: (user) => ({ user, options: { up: true, uv: true } }),
});
const browser = new WebAuthnEmulator(authenticator);

/** A new credential of a user. */
export function create(user) {
  const made = browser.createJSON(ORIGIN, {
    rp: { id: RP, name: RP },
    user: { id: base64url(user), name: user, displayName: user },
    challenge: base64url("registration"),
    pubKeyCredParams: [{ type: "public-key", alg: -7 }],
    authenticatorSelection: { userVerification: "required" },
  });
  return { rawId: bytes(made.rawId), response: { getPublicKey: () => bytes(made.response.publicKey) } };
}

/** What a credential signs. */
export async function get({ publicKey: { challenge, allowCredentials, userVerification } }) {
  const allowed = allowCredentials.map(({ type, id }) => ({ type, id: base64url(id) }));
  const { response } = browser.getJSON(ORIGIN, { rpId: RP, challenge: base64url(challenge), allowCredentials: allowed, userVerification });
  return { response: Object.fromEntries(["authenticatorData", "clientDataJSON", "signature"].map((name) => [name, bytes(response[name])])) };
}
