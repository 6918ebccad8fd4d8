/* Diagrams without a third party. The theme finds `mermaid` already there and asks for nothing;
   the real library is loaded from this site when the first diagram is drawn. A drawn diagram can
   be enlarged. Without this script the diagram is its source, a block of code. */
(function () {
  "use strict";
  if (window.mermaid && typeof window.mermaid.render === "function") return;

  /* ---- the library ------------------------------------------------------------------ */

  var base = document.currentScript.src.replace(/[^/]*$/, "");
  var SPACING = { nodeSpacing: 40, rankSpacing: 60 }; // of tables; so wide that a page shows several
  var settings = [];
  var loading = null;

  function load() {
    if (loading) return loading;
    loading = new Promise(function (resolve, reject) {
      var script = document.createElement("script");
      script.src = base + "mermaid.min.js";
      script.onload = function () {
        var library = window.mermaid;
        var render = library.render;
        settings.forEach(function (one) { library.initialize(one); });
        library.render = function () { return render.apply(library, arguments).then(sized); };
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
      settings = [Object.assign({ er: SPACING }, one, { securityLevel: "strict" })];
    },
    render: function () {
      var words = arguments;
      return load().then(function (library) { return library.render.apply(library, words); });
    },
    run: function (options) {
      return load().then(function (library) { return library.run(options); });
    },
  };

  /* ---- its size --------------------------------------------------------------------- */

  var LEAST = 0.79; // of the natural size, whose smallest text has 14 px: a wide diagram scrolls instead

  // The theme puts the drawing into a closed shadow root, which only properties pass.
  function sized(drawn) {
    drawn.svg = drawn.svg.replace(/^(<svg[^>]*?) style="max-width: ([\d.]+)px;/, function (_, tag, width) {
      return tag + ' style="display: block; margin: 0 auto; width: var(--fn-width, 100%);' +
        " max-width: var(--fn-width, " + width + "px);" +
        " min-width: var(--fn-width, var(--fn-least, " + LEAST * width + "px));";
    });
    return drawn;
  }

  /* ---- enlarged --------------------------------------------------------------------- */

  var STEP = 1.25; // of a key, a button or a notch of the wheel
  var GROWTH = 1.3; // at least, of a diagram that the window has room for
  var STRIDE = 60; // pixels that an arrow key moves
  var known = new WeakSet();
  var current = null;

  function element(name, words, inner) {
    var made = document.createElement(name);
    Object.keys(words).forEach(function (key) { made.setAttribute(key, words[key]); });
    made.append.apply(made, inner || []);
    return made;
  }

  function headingOf(host) {
    var found = "";
    document.querySelectorAll("article :is(h1, h2, h3, h4, h5, h6), article summary").forEach(function (one) {
      if (!(one.compareDocumentPosition(host) & Node.DOCUMENT_POSITION_FOLLOWING)) return;
      var words = one.cloneNode(true);
      words.querySelectorAll(".headerlink, .fn-sup").forEach(function (extra) { extra.remove(); });
      found = words.textContent.trim();
    });
    return found ? "Diagram: " + found : "Diagram";
  }

  function offer(host) {
    if (known.has(host) || !host.parentNode) return;
    known.add(host);
    var name = headingOf(host);
    var button = element("button", { type: "button", class: "fn-enlarge", lang: "en" }, ["Enlarge"]);
    button.setAttribute("aria-label", "Enlarge " + name.replace(/^D/, "d"));
    host.after(button);
    host.setAttribute("role", "group");
    host.setAttribute("aria-label", name);
    button.addEventListener("click", function () { enlarge(host, button, name); });
    host.addEventListener("click", function () { enlarge(host, button, name); });
    host.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || current) return;
      event.preventDefault();
      enlarge(host, button, name);
    });
    reachable();
  }

  // The keyboard can scroll only what it can reach.
  function reachable() {
    document.querySelectorAll("div.mermaid").forEach(function (host) {
      if (!known.has(host) || (current && current.host === host)) return;
      if (host.scrollWidth > host.clientWidth) host.tabIndex = 0;
      else host.removeAttribute("tabindex");
    });
  }

  function enlarge(host, button, name) {
    if (current || !window.HTMLDialogElement) return;
    var place = element("div", { class: "fn-diagram-place" });
    var height = host.offsetHeight;
    place.style.height = height + "px";
    var scale = element("output", { "aria-label": "Size" });
    var stage = element("div", { class: "fn-stage", tabindex: "0", role: "region",
      "aria-label": "Diagram. Arrow keys move it, plus and minus change its size, 0 fits it in." });
    var dialog = element("dialog", { class: "fn-enlarged", "aria-label": name, lang: "en" });
    var size = null;

    function tool(words, label, act) {
      var made = element("button", { type: "button", "aria-label": label, title: label }, [words]);
      made.addEventListener("click", act);
      return made;
    }

    function fit() {
      var room = stage.getBoundingClientRect();
      host.style.setProperty("--fn-width", "1000px");
      var ratio = host.offsetHeight / 1000;
      size = { least: Math.min(room.width - 2, (room.height - 2) / ratio), shown: height / ratio };
      resize(size.least);
    }

    // A tall diagram would be smaller as a whole than it is in the page.
    function open() {
      fit();
      resize(Math.max(size.least, Math.min(stage.clientWidth - 2, GROWTH * size.shown)));
      stage.scrollTo({ left: 0, top: 0, behavior: "instant" });
    }

    // What of the diagram is at a point of the window stays there.
    function resize(width, x, y) {
      var box = host.getBoundingClientRect();
      size.width = Math.max(size.least / 2, Math.min(size.least * 20, width));
      host.style.setProperty("--fn-width", size.width + "px");
      host.style.width = size.width + "px";
      scale.textContent = Math.round((100 * size.width) / size.least) + " %";
      if (x === undefined) return;
      var now = host.getBoundingClientRect();
      move(now.left + ((x - box.left) / box.width) * now.width - x,
        now.top + ((y - box.top) / box.height) * now.height - y);
    }

    function zoom(by) {
      var room = stage.getBoundingClientRect();
      resize(size.width * by, room.left + room.width / 2, room.top + room.height / 2);
    }
    function move(x, y) { stage.scrollBy({ left: x, top: y, behavior: "instant" }); }

    var keys = {
      "+": function () { zoom(STEP); }, "=": function () { zoom(STEP); },
      "-": function () { zoom(1 / STEP); }, "_": function () { zoom(1 / STEP); },
      "0": fit,
      ArrowLeft: function () { move(-STRIDE, 0); }, ArrowRight: function () { move(STRIDE, 0); },
      ArrowUp: function () { move(0, -STRIDE); }, ArrowDown: function () { move(0, STRIDE); },
    };
    dialog.addEventListener("keydown", function (event) {
      event.stopPropagation(); // the theme has keys of its own
      var act = event.ctrlKey || event.metaKey || event.altKey ? null : keys[event.key];
      if (!act) return;
      event.preventDefault();
      act();
    });
    stage.addEventListener("wheel", function (event) {
      event.preventDefault();
      var by = Math.max(-1, Math.min(1, -event.deltaY / 100));
      resize(size.width * Math.pow(STEP, by), event.clientX, event.clientY);
    }, { passive: false });
    dialog.addEventListener("close", shut);
    window.addEventListener("resize", fit);
    follow(stage, move, function (by, x, y) { resize(size.width * by, x, y); });

    function shut() {
      if (!dialog.isConnected) return;
      window.removeEventListener("resize", fit);
      host.style.removeProperty("--fn-width");
      host.style.removeProperty("width");
      current = null;
      if (place.isConnected) place.replaceWith(host);
      dialog.remove();
      reachable();
      button.focus({ preventScroll: true });
    }

    host.removeAttribute("tabindex");
    host.replaceWith(place);
    stage.append(host);
    dialog.append(element("div", { class: "fn-tools" }, [
      tool("+", "Larger", keys["+"]), tool("−", "Smaller", keys["-"]), tool("Fit", "Fit in", fit), scale,
      tool("Close", "Close", function () { dialog.close(); }),
    ]), stage);
    document.body.append(dialog);
    current = { host: host, dialog: dialog, shut: shut };
    dialog.showModal();
    open();
    stage.focus({ preventScroll: true });
  }

  // One pointer drags, two change the size.
  function follow(stage, move, resize) {
    var down = new Map();

    function apart() {
      var two = Array.from(down.values());
      return Math.hypot(two[0].x - two[1].x, two[0].y - two[1].y) || 1;
    }

    stage.addEventListener("pointerdown", function (event) {
      if (event.button || down.size > 1) return;
      down.set(event.pointerId, { x: event.clientX, y: event.clientY });
      stage.setPointerCapture(event.pointerId);
    });
    stage.addEventListener("pointermove", function (event) {
      var last = down.get(event.pointerId);
      if (!last) return;
      var before = down.size > 1 ? apart() : 0;
      down.set(event.pointerId, { x: event.clientX, y: event.clientY });
      if (!before) {
        move(last.x - event.clientX, last.y - event.clientY);
        return;
      }
      var two = Array.from(down.values());
      resize(apart() / before, (two[0].x + two[1].x) / 2, (two[0].y + two[1].y) / 2);
    });
    ["pointerup", "pointercancel"].forEach(function (name) {
      stage.addEventListener(name, function (event) { down.delete(event.pointerId); });
    });
  }

  function watch() {
    new MutationObserver(function (changes) {
      changes.forEach(function (change) {
        change.addedNodes.forEach(function (node) {
          if (node instanceof Element && node.matches("div.mermaid")) offer(node);
        });
      });
    }).observe(document.body, { childList: true, subtree: true });
    document.querySelectorAll("div.mermaid").forEach(offer);
  }

  window.addEventListener("resize", reachable);
  // What is printed is the page, with the diagram in its place.
  window.addEventListener("beforeprint", function () {
    if (!current) return;
    var open = current;
    open.dialog.close();
    open.shut();
  });
  document.addEventListener("toggle", reachable, true);
  if (window.document$ && window.document$.subscribe) {
    window.document$.subscribe(function () { if (current) current.dialog.close(); });
  }
  if (document.body) watch();
  else document.addEventListener("DOMContentLoaded", watch);
})();
