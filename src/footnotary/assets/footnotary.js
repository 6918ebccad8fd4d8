/* Cards on citations, and the controls of the Sources library. Without this script every
   marker still leads to its entry in the Sources block, and the library is a table. */
(function () {
  "use strict";

  /* ---- cards ---------------------------------------------------------------------- */

  var OPEN_AFTER = 120; // milliseconds: the pointer rests, it does not pass by
  var CLOSE_AFTER = 220; // time to move from the number to the card
  var card = null;
  var owner = null; // the marker whose card is shown
  var pinned = false;
  var timer = 0;
  var touched = false;

  function reference(target) {
    return target instanceof Element ? target.closest("a.fn-ref") : null;
  }

  function entryOf(link) {
    return document.getElementById(decodeURIComponent(link.hash.slice(1)));
  }

  function build(link, entry) {
    var element = document.createElement("aside");
    element.className = "fn-card md-typeset";
    element.id = "fn-card";
    element.tabIndex = -1;
    element.setAttribute("role", "dialog");
    element.setAttribute("aria-label", "Source " + link.textContent);
    var source = entry.querySelector(".fn-source");
    if (source) element.appendChild(source.cloneNode(true));
    var ways = element.querySelector(".fn-ways") || element.appendChild(document.createElement("p"));
    ways.className = "fn-ways";
    var all = document.createElement("a");
    all.href = link.hash;
    all.textContent = "In the list";
    if (ways.childNodes.length) ways.append(" · ");
    ways.append(all);
    all.addEventListener("click", hide);
    element.addEventListener("pointerenter", function () { clearTimeout(timer); });
    element.addEventListener("pointerleave", function () { if (!pinned) hideSoon(); });
    element.addEventListener("focusout", function (event) {
      if (pinned && event.relatedTarget && !element.contains(event.relatedTarget)) hide();
    });
    return element;
  }

  function place(link) {
    var edge = 8;
    var box = link.getBoundingClientRect();
    var width = card.offsetWidth;
    var left = Math.min(box.left - 16, document.documentElement.clientWidth - width - edge);
    var below = box.bottom + edge + card.offsetHeight <= window.innerHeight;
    var fits = box.top - edge - card.offsetHeight >= 0;
    var top = below || !fits ? box.bottom + 6 : box.top - card.offsetHeight - 6;
    card.style.left = Math.max(edge, left) + window.scrollX + "px";
    card.style.top = top + window.scrollY + "px";
  }

  function show(link, pin) {
    clearTimeout(timer);
    var entry = entryOf(link);
    if (!entry) return;
    if (owner !== link) {
      hide();
      card = build(link, entry);
      owner = link;
      // At the marker's level in the reading order: the next stop of the Tab key.
      document.body.appendChild(card);
      link.setAttribute("aria-describedby", "fn-card");
      link.setAttribute("aria-expanded", "true");
      place(link);
    }
    pinned = pinned || pin;
    if (pin) card.focus({ preventScroll: true });
  }

  function hide() {
    clearTimeout(timer);
    if (card) card.remove();
    if (owner) {
      owner.removeAttribute("aria-describedby");
      owner.removeAttribute("aria-expanded");
    }
    card = owner = null;
    pinned = false;
  }

  function hideSoon() {
    clearTimeout(timer);
    timer = setTimeout(hide, CLOSE_AFTER);
  }

  document.addEventListener("pointerover", function (event) {
    var link = reference(event.target);
    if (!link || event.pointerType === "touch" || pinned) return;
    clearTimeout(timer);
    timer = setTimeout(function () { show(link, false); }, OPEN_AFTER);
  });
  document.addEventListener("pointerout", function (event) {
    if (reference(event.target) && !pinned) hideSoon();
  });
  document.addEventListener("pointerdown", function (event) {
    touched = event.pointerType === "touch";
    if (card && !card.contains(event.target) && !reference(event.target)) hide();
  });
  document.addEventListener("focusin", function (event) {
    var link = reference(event.target);
    if (link && !pinned && !touched) show(link, false);
  });
  document.addEventListener("focusout", function (event) {
    if (reference(event.target) && !pinned) hideSoon();
  });
  document.addEventListener("click", function (event) {
    var link = reference(event.target);
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey) return;
    if (!entryOf(link)) return;
    event.preventDefault();
    event.stopPropagation();
    show(link, true);
    touched = false;
  }, true);
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape" || !card) return;
    var back = owner;
    hide();
    if (back) {
      back.focus({ preventScroll: true });
      hide(); // focus alone would show it again
    }
  });
  window.addEventListener("resize", hide);

  /* ---- the Sources library ---------------------------------------------------------- */

  function library() {
    var table = document.querySelector("table.fn-library");
    var form = document.querySelector("form.fn-filters");
    if (!table || !form || form.dataset.ready) return;
    form.dataset.ready = "yes";
    form.hidden = false;
    var body = table.tBodies[0];
    var rows = Array.from(body.rows).map(function (row) {
      return { row: row, words: row.textContent.toLocaleLowerCase() };
    });
    var count = form.querySelector(".fn-count");

    function value(name) {
      return form.elements[name] ? form.elements[name].value : "";
    }

    function filter() {
      var words = value("words").toLocaleLowerCase().split(/\s+/).filter(Boolean);
      var oldest = value("age");
      var since = oldest ? new Date(Date.now() - parseInt(oldest, 10) * 864e5).toISOString() : "";
      var shown = 0;
      rows.forEach(function (one) {
        var data = one.row.dataset;
        var keep =
          words.every(function (word) { return one.words.includes(word); }) &&
          (!value("state") || data.state === value("state")) &&
          (!value("site") || data.site === value("site")) &&
          (!value("tag") || data.tags.split(" | ").includes(value("tag"))) &&
          (!since || data.read >= since.slice(0, 10));
        one.row.hidden = !keep;
        if (keep) shown += 1;
      });
      count.textContent = shown + " of " + rows.length + " shown";
    }

    form.addEventListener("input", filter);
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    filter();

    Array.from(table.tHead.rows[0].cells).forEach(function (cell, at) {
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = cell.textContent;
      cell.textContent = "";
      cell.appendChild(button);
      button.addEventListener("click", function () {
        var down = cell.getAttribute("aria-sort") === "ascending";
        Array.from(table.tHead.rows[0].cells).forEach(function (one) {
          one.removeAttribute("aria-sort");
        });
        cell.setAttribute("aria-sort", down ? "descending" : "ascending");
        rows.sort(function (a, b) {
          var x = a.row.cells[at].textContent.trim();
          var y = b.row.cells[at].textContent.trim();
          var order = cell.dataset.sort === "number" ? x - y : x.localeCompare(y);
          return down ? -order : order;
        });
        body.append.apply(body, rows.map(function (one) { return one.row; }));
      });
    });
  }

  /* ---- tables that scroll ------------------------------------------------------------- */

  function reachable() {
    // The theme wraps wide tables; the keyboard can scroll only what it can reach.
    document.querySelectorAll(".md-typeset__scrollwrap").forEach(function (frame) {
      if (frame.scrollWidth <= frame.clientWidth) {
        frame.removeAttribute("tabindex");
        return;
      }
      frame.tabIndex = 0;
      frame.setAttribute("role", "region");
      frame.setAttribute("aria-label", "Table");
    });
  }
  window.addEventListener("resize", reachable);

  function page() {
    hide();
    library();
    setTimeout(reachable, 0); // behind the theme, which wraps on the same event
    setTimeout(reachable, 500);
  }

  if (window.document$ && window.document$.subscribe) window.document$.subscribe(page);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", page);
  else page();
})();
