/* Diagrams without a third party: the theme finds `mermaid` already there and asks for
   nothing; the real library is loaded from this site when the first diagram is drawn. */
(function () {
  "use strict";
  if (window.mermaid && typeof window.mermaid.render === "function") return;
  var base = document.currentScript.src.replace(/[^/]*$/, "");
  var settings = [];
  var loading = null;

  function load() {
    if (loading) return loading;
    loading = new Promise(function (resolve, reject) {
      var script = document.createElement("script");
      script.src = base + "mermaid.min.js";
      script.onload = function () {
        var library = window.mermaid;
        settings.forEach(function (one) { library.initialize(one); });
        resolve(library);
      };
      script.onerror = function () { reject(new Error("mermaid.min.js could not be loaded")); };
      document.head.appendChild(script);
    });
    return loading;
  }

  window.mermaid = {
    initialize: function (one) {
      // `strict` is the library's default too: text in diagrams is never HTML of its author.
      settings = [Object.assign({}, one, { securityLevel: "strict" })];
    },
    render: function () {
      var words = arguments;
      return load().then(function (library) { return library.render.apply(library, words); });
    },
    run: function (options) {
      return load().then(function (library) { return library.run(options); });
    },
  };
})();
