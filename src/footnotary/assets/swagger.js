/* Swagger UI over the document's own OpenAPI, from local files, asking nobody. */
(function () {
  "use strict";
  var scheme = "";
  try {
    Object.keys(localStorage).forEach(function (name) {
      if (/__palette$/.test(name)) scheme = JSON.parse(localStorage[name]).color.scheme;
    });
  } catch (error) { /* no storage: the system decides */ }
  var dark = scheme ? scheme === "slate" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.classList.toggle("dark-mode", dark);
  window.SwaggerUIBundle({
    spec: window.footnotaryOpenapi,
    dom_id: "#swagger-ui",
    deepLinking: true,
    defaultModelsExpandDepth: 0,
    displayRequestDuration: false,
    supportedSubmitMethods: [], // a published page has no server to try things on
    validatorUrl: null,
  });
})();
