"use strict";

// The document names the public address, or a placeholder; on this page every request and link stays with the host that
// served it.
async function start() {
  const answer = await fetch("v1/openapi.json");
  if (!answer.ok) throw new Error(`openapi.json: ${answer.status}`);
  const spec = JSON.parse((await answer.text()).replaceAll("https://stodkatalogen.example", new URL(".", location.href).href.slice(0, -1)));
  spec.servers = [{ url: new URL("v1", location.href).href }];
  leaveOptionalFieldsEmpty(spec);
  SwaggerUIBundle({
    spec,
    domNode: document.getElementById("swagger-ui"),
    presets: [SwaggerUIBundle.presets.apis],
    layout: "BaseLayout",
    deepLinking: true,
    tryItOutEnabled: true,
    supportedSubmitMethods: ["get"],
    defaultModelsExpandDepth: 0,
    queryConfigEnabled: false,
    validatorUrl: "none",
  });
}

// Swagger UI fills fields with their examples: a moment in the past would then be asked about instead of now.
function leaveOptionalFieldsEmpty(spec) {
  const parameters = Object.values(spec.paths).flatMap((path) => [
    ...(path.parameters ?? []),
    ...(path.get?.parameters ?? []),
  ]);
  for (const parameter of parameters) {
    if (parameter.required) continue;
    delete parameter.example;
    delete parameter.schema?.example;
  }
}

start().catch((error) => {
  document.getElementById("swagger-ui").textContent = `Dokumentationen kunde inte läsas. / The documentation could not be read. (${error.message})`;
});
