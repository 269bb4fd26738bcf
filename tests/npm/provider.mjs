// A provider of OpenID Connect for the tests: `node provider.mjs REDIRECT_URI`. It prints its address when it serves.
// Whoever gives the name `admin-anna` has the subject `anna` and the role before the last hyphen; `+` is between several.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const rolesOf = (id) => id.slice(0, id.lastIndexOf("-")).split("+");
const server = createServer().listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [{ client_id: "stodkatalog", client_secret: "a&secret", redirect_uris: [process.argv[2]] }],
    claims: { openid: ["sub", "roles"] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    subjectTypes: ["pairwise"],
    pairwiseIdentifier: (_, id) => id.slice(id.lastIndexOf("-") + 1),
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, roles: ["staff", ...rolesOf(id)] }) }),
  });
  server.on("request", provider.callback());
  console.log(issuer);
});
