// A provider of OpenID Connect for the tests: `node provider.mjs REDIRECT_URI`. It prints its address when it serves.
// Whoever gives the name `admin-anna` has the subject `anna` and the role before the hyphen.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const server = createServer().listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "stodkatalog", client_secret: "a&secret", redirect_uris: [process.argv[2]] }],
    claims: { openid: ["sub", "roles"] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    subjectTypes: ["pairwise"],
    pairwiseIdentifier: (_, id) => id.split("-")[1],
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, roles: ["staff", id.split("-")[0]] }) }),
  });
  server.on("request", provider.callback());
  console.log(issuer);
});
