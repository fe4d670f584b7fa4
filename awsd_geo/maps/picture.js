/* The map as a picture of its own, made in the page without any request: SVG, and PNG through a canvas. Title, banners,
 * legend, notes and sources go with it. Presentation attributes only: no style element, no script, no address. */
const AwsdPicture = (() => {
  const { make, draw } = awsdShapes;
  const SIDE = 300, EDGE = 24, FONT = "Helvetica, Arial, 'DejaVu Sans', sans-serif";
  const PANES = ["awsd-around", "overlayPane", "awsd-finer", "awsd-rings", "awsd-clusters", "awsd-outline", "awsd-points"];
  const pen = make("canvas").getContext("2d");

  // What no XML or address may hold, although a name can: control characters and halves of surrogate pairs.
  const plain = (text) => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replace(/\p{Cs}/gu, "\ufffd");

  function wrap(text, width, size, weight) {
    pen.font = `${weight} ${size}px ${FONT}`;
    const lines = [];
    let line = "";
    for (let word of plain(text).split(/[ \t\n\r\f\v]+/).filter(Boolean)) {
      while (pen.measureText(word).width > width) { // a word longer than the line is cut
        let fits = Math.max(1, Math.floor(word.length * width / pen.measureText(word).width) - 1);
        while (fits > 1 && pen.measureText(word.slice(0, fits)).width > width) fits -= 1;
        if (line) lines.push(line);
        lines.push(plain(word.slice(0, fits)));
        word = word.slice(fits);
        line = "";
      }
      const longer = line ? `${line} ${word}` : word;
      if (line && pen.measureText(longer).width > width) { lines.push(line); line = word; } else line = longer;
    }
    return line ? [...lines, plain(line)] : lines;
  }

  function save(name, blob) {
    const link = make("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  /* Pictures go into reports, which are light: write them as if the page were, before anything is painted. */
  function inLight(work) {
    const dark = [...document.styleSheets].flatMap((sheet) => {
      try { return [...sheet.cssRules]; } catch { return []; } // one of another origin
    }).filter((rule) => /prefers-color-scheme:\s*dark/.test(rule.media?.mediaText || ""));
    const before = dark.map((rule) => rule.media.mediaText);
    dark.forEach((rule) => { rule.media.mediaText = "not all"; });
    try {
      return work();
    } finally {
      dark.forEach((rule, place) => { rule.media.mediaText = before[place]; });
    }
  }

  class Sheet {
    constructor(app) {
      this.app = app;
      this.root = draw("svg", { xmlns: "http://www.w3.org/2000/svg", "font-family": FONT });
      const look = getComputedStyle(app.root);
      this.ink = look.getPropertyValue("--ink").trim();
      this.soft = look.getPropertyValue("--soft").trim();
      this.paper = look.getPropertyValue("--paper").trim();
      this.ground = look.getPropertyValue("--ground").trim();
    }

    /* Write text in lines from y on; give the y after it. */
    text(text, x, y, width, { size = 13, weight = 400, colour = this.ink } = {}) {
      for (const line of wrap(text, width, size, weight)) {
        y += size * 1.35;
        this.root.append(draw("text", { x, y: y - size * 0.3, "font-size": size, "font-weight": weight, fill: colour }, line));
      }
      return y;
    }

    colour(element, name) {
      const value = getComputedStyle(element)[name];
      const local = value.match(/url\("?[^"#]*#([\w-]+)"?\)/);
      return local ? `url(#${local[1]})` : value;
    }

    shapes(pane, into) {
      for (const path of this.app.map.getPane(pane).querySelectorAll("path")) {
        const look = getComputedStyle(path), line = path.getAttribute("d");
        if (look.display === "none" || !line || line === "M0 0" || path.classList.contains("awsd-hover")) continue;
        into.append(draw("path", { d: line, fill: this.colour(path, "fill"), "fill-opacity": look.fillOpacity,
          "fill-rule": "evenodd", stroke: look.stroke, "stroke-width": look.strokeWidth,
          "stroke-opacity": look.strokeOpacity, "stroke-dasharray": look.strokeDasharray, "stroke-linejoin": "round" }));
      }
    }

    patterns(into) {
      for (const pattern of this.app.root.querySelectorAll("pattern")) {
        const copy = pattern.cloneNode(true), inside = [...pattern.querySelectorAll("rect, circle")];
        [...copy.querySelectorAll("rect, circle")].forEach((part, place) => {
          part.setAttribute("fill", getComputedStyle(inside[place]).fill);
          part.setAttribute("fill-opacity", getComputedStyle(inside[place]).fillOpacity);
        });
        copy.querySelectorAll("[class]").forEach((part) => part.removeAttribute("class"));
        into.append(copy);
      }
    }

    names(left, top) {
      const frame = this.app.map.getContainer().getBoundingClientRect();
      const group = draw("g", { "clip-path": "url(#frame)", "text-anchor": "middle" });
      for (const span of this.app.map.getContainer().querySelectorAll(
        ".awsd-name, .awsd-mark, .awsd-badge span, .awsd-many, .leaflet-control-scale-line")) {
        const box = span.getBoundingClientRect(), look = getComputedStyle(span);
        if (!box.width || !span.textContent) continue;
        const halo = look.getPropertyValue("--halo").trim() || "none";
        const upper = look.textTransform === "uppercase" ? span.textContent.toUpperCase() : span.textContent;
        const size = parseFloat(look.fontSize);
        group.append(...this.groundOf(span, left - frame.left, top - frame.top));
        const lines = span.matches(".awsd-label .awsd-name") ? this.lines(span, upper, size) : [plain(upper)];
        const step = box.height / lines.length;
        lines.forEach((line, place) => group.append(draw("text", { x: left + box.left - frame.left + box.width / 2,
          y: top + box.top - frame.top + (place + 0.5) * step + size * 0.35, "font-size": size,
          "font-weight": look.fontWeight, "font-style": look.fontStyle, fill: look.color,
          stroke: span.closest(".awsd-badge, .awsd-many") ? "none" : halo,
          "stroke-width": 2.4, "stroke-linejoin": "round", "paint-order": "stroke" }, line)));
      }
      return group;
    }

    /* The lines in which a name stands in the page: each sign whose place is lower begins one. */
    lines(span, text, size) {
      const lines = [], range = document.createRange(), node = span.firstChild;
      let before = -Infinity;
      for (let place = 0; place < node.length; place += 1) {
        range.setStart(node, place);
        range.setEnd(node, place + 1);
        const { top, width } = range.getBoundingClientRect();
        if (!lines.length || (width && top - before > size / 2)) lines.push("");
        if (width) before = top;
        lines[lines.length - 1] += text[place];
      }
      return lines.map((line) => plain(line.trim()));
    }

    /* What a text stands on: the disc of a badge, the line of the scale. */
    groundOf(span, across, down) {
      const badge = span.closest(".awsd-badge"), scale = span.classList.contains("leaflet-control-scale-line");
      if (!badge && !scale) return [];
      const { left, top, right, bottom, width, height } = (badge || span).getBoundingClientRect();
      const look = getComputedStyle(badge || span);
      if (scale) {
        const d = `M${left + across} ${bottom + down - 7}v7H${right + across}v-7`;
        return [draw("path", { d, fill: "none", stroke: look.borderBottomColor })];
      }
      return [draw("rect", { x: left + across, y: top + down, width, height, rx: height / 2, fill: look.backgroundColor,
        stroke: look.borderTopColor, "stroke-width": 2 })];
    }

    legend(x, y, width) {
      const { app } = this, box = app.root.querySelector(".awsd-legend");
      for (const part of box.querySelectorAll("h3, li, .awsd-legend-row, p")) {
        const soft = part.tagName === "P" ? this.soft : this.ink, key = part.querySelector(".awsd-key");
        if (key) {
          const look = getComputedStyle(key), round = key.classList.contains("awsd-badge");
          const fill = key.dataset.hatch ? `url(#${key.dataset.hatch})` : look.backgroundColor;
          this.root.append(draw("rect", { x, y: y + 3, width: 28, height: 15, fill, stroke: look.borderTopColor,
            rx: round ? 7 : 0 }));
          if (round) {
            this.root.append(draw("text", { x: x + 14, y: y + 15, "font-size": 12, "font-weight": 700, fill: look.color,
              "text-anchor": "middle" }, plain(key.textContent)));
          }
          y = Math.max(y + 21, this.text(part.lastChild.textContent, x + 38, y + 1, width - 38) + 3);
        } else if (part.tagName === "H3") y = this.text(part.textContent, x, y, width, { weight: 700 }) + 6;
        else y = this.text(part.textContent, x, y + 2, width, { size: 12, colour: soft });
      }
      return y;
    }

    write() {
      const { app, root } = this, { about, words } = app.data, { x: wide, y: high } = app.map.getSize();
      const width = Math.max(wide + SIDE + 3 * EDGE, 640), across = width - 2 * EDGE;
      let y = EDGE;
      for (const said of about.banners) y = this.text(said, EDGE, y, across, { weight: 700 }) + 4;
      y = this.text(about.title, EDGE, y, across, { size: 22, weight: 700 });
      y = this.text(about.finding, EDGE, y, across, { size: 14 });
      const period = app.data.years.length ? app.period() : "";
      y = this.text([about.subtitle, period].filter(Boolean).join(" · "), EDGE, y, across, { colour: this.soft }) + 12;
      const offset = app.map.layerPointToContainerPoint([0, 0]), top = y;
      const defs = draw("defs"), clip = draw("clipPath", { id: "frame" });
      clip.append(draw("rect", { x: EDGE, y: top, width: wide, height: high }));
      defs.append(clip);
      this.patterns(defs);
      root.prepend(defs);
      const frame = draw("g", { "clip-path": "url(#frame)" });
      frame.append(draw("rect", { x: EDGE, y: top, width: wide, height: high, fill: this.ground }));
      const shapes = draw("g", { transform: `translate(${EDGE + offset.x} ${top + offset.y})` });
      for (const pane of PANES) this.shapes(pane, shapes);
      frame.append(shapes);
      root.append(frame, this.names(EDGE, top));
      const foot = Math.max(top + high, this.legend(wide + 2 * EDGE, top, width - wide - 3 * EDGE)) + 14;
      const height = Math.ceil(this.text(app.root.querySelector(".awsd-credits").textContent, EDGE, foot, across,
        { size: 10.5, colour: this.soft }) + EDGE);
      defs.after(draw("rect", { width, height, fill: this.paper }));
      for (const [name, value] of [["width", width], ["height", height], ["viewBox", `0 0 ${width} ${height}`]]) {
        root.setAttribute(name, value);
      }
      root.prepend(draw("title", {}, plain(`${about.title}${words.colon} ${app.layer.title}`)));
      return { text: new XMLSerializer().serializeToString(root), width, height };
    }
  }

  return class {
    constructor(app) {
      this.app = app;
      app.root.querySelectorAll(".awsd-downloads button").forEach((button) => {
        button.addEventListener("click", () => this[button.dataset.kind]());
      });
    }

    name(ending) { // of the layer's key only letters, digits and hyphens
      const { layer, data, year } = this.app;
      const key = layer.key.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 40) || "layer";
      return ["map", key, ...(year < 0 ? [] : [data.years[year]])].join("-") + ending;
    }

    csv() { // the mark at the beginning tells spreadsheets that it is UTF-8
      save(this.name(".csv"), new Blob(["\ufeff" + this.app.table.csv()], { type: "text/csv;charset=utf-8" }));
    }

    sheet() {
      return inLight(() => new Sheet(this.app).write());
    }

    svg() {
      save(this.name(".svg"), new Blob([this.sheet().text], { type: "image/svg+xml" }));
    }

    png() {
      const { text, width, height } = this.sheet(), name = this.name(".png");
      const picture = new Image(), canvas = make("canvas");
      picture.addEventListener("load", () => {
        canvas.width = 2 * width;
        canvas.height = 2 * height;
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        canvas.toBlob((blob) => save(name, blob), "image/png");
      });
      picture.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(text);
    }
  };
})();
