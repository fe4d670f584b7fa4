/* The region layer of awsd_geo: draws the JSON payload of a page on a Leaflet map.
 * Constant code. Text of the data goes through textContent or setAttribute("aria-label") only. */
"use strict";

const awsdGeoMap = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const SMALL = 18; // a region whose longer side is fewer pixels gets a ring,
  const MARGIN = 12; // pixels around the country
  const MOST_RINGS = 6; // unless so many are small that rings would hide the map
  const SIDES = ["awsd-below", "awsd-above", "awsd-right", "awsd-left"];
  const SHIFTS = { // from the anchor of a label to its upper left corner, as in map.css
    "": (width, height) => [-width / 2, -height / 2],
    "awsd-below": (width) => [-width / 2, 11],
    "awsd-above": (width, height) => [-width / 2, -height - 11],
    "awsd-right": (width, height) => [13, -height / 2],
    "awsd-left": (width, height) => [-width - 13, -height / 2],
    "awsd-beside": (width, height) => [5, -height / 2],
  };

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /* Rings are steps of whole numbers: longitude and latitude of the first vertex, then differences. */
  function unpack(polygons, scale) {
    return polygons.map((rings) => rings.map((steps) => {
      const points = [];
      let x = 0, y = 0;
      for (let i = 0; i < steps.length; i += 2) {
        x += steps[i];
        y += steps[i + 1];
        points.push([y / scale, x / scale]);
      }
      return points;
    }));
  }

  function addHatch(svg, id) {
    if (svg.querySelector("pattern")) return;
    const pattern = document.createElementNS(SVG, "pattern");
    for (const [name, value] of [["id", id], ["width", 6], ["height", 6], ["patternUnits", "userSpaceOnUse"],
      ["patternTransform", "rotate(45)"]]) pattern.setAttribute(name, value);
    for (const [className, width] of [["awsd-hatch-ground", 6], ["awsd-hatch-line", 1.6]]) {
      const bar = document.createElementNS(SVG, "rect");
      bar.setAttribute("class", className);
      bar.setAttribute("width", width);
      bar.setAttribute("height", 6);
      pattern.append(bar);
    }
    const defs = document.createElementNS(SVG, "defs");
    defs.append(pattern);
    svg.prepend(defs);
  }

  class RegionLayer {
    constructor(map, ident) {
      this.map = map;
      this.ident = ident;
      this.root = document.getElementById("awsd-" + ident);
      this.data = JSON.parse(document.getElementById("data-" + ident).textContent);
      this.panel = document.getElementById("panel-" + ident);
      this.layer = this.data.layers[0];
      this.chosen = null;
      this.moved = false;
      this.setUpMap();
      this.drawSurroundings();
      this.drawRegions();
      this.outlines = { hover: this.makeOutline("hover"), chosen: this.makeOutline("chosen") };
      this.drawLabels();
      this.listen();
      this.fit();
      this.show(0);
      this.choose(null);
      this.root.querySelector(".awsd-wait").remove();
      this.root.dataset.ready = "true";
    }

    // --- the map itself -------------------------------------------------------------------------------------------

    setUpMap() {
      const { map, data } = this, words = data.words;
      for (const [name, level] of [["around", 250], ["rings", 420], ["outline", 450], ["labels", 620]]) {
        map.createPane("awsd-" + name).style.zIndex = level;
        map.getPane("awsd-" + name).style.pointerEvents = "none";
      }
      this.bounds = L.latLngBounds(data.bounds);
      this.tip = L.tooltip({ className: "awsd-tip", opacity: 1, direction: "auto", offset: [14, 0] });
      if (L.Browser.mobile) map.dragging.disable(); // one finger scrolls the page, two move the map
      L.control.zoom({ zoomInTitle: words.zoom_in, zoomOutTitle: words.zoom_out }).addTo(map);
      const whole = make("button", "awsd-whole", "⤢");
      whole.type = "button";
      whole.title = words.whole;
      whole.setAttribute("aria-label", words.whole);
      whole.addEventListener("click", () => { this.moved = false; this.fit(); });
      map.getContainer().querySelector(".leaflet-control-zoom").append(whole);
      L.DomEvent.disableClickPropagation(whole);
      L.control.scale({ imperial: false, maxWidth: 120 }).addTo(map);
    }

    fit() {
      const { x, y } = this.map.getSize();
      if (Math.min(x, y) <= 2 * MARGIN) return; // hidden or just being laid out: nothing fits, not even a number
      this.map.setMaxBounds(null).setMinZoom(0);
      this.map.fitBounds(this.bounds, { padding: [MARGIN, MARGIN], animate: false });
      this.home = this.map.getZoom();
      this.map.setMinZoom(this.home);
      this.hold();
      this.arrange();
    }

    hold() { // the reader cannot lose the country
      this.map.setMaxBounds(L.latLngBounds(this.extent.getSouthWest(), this.extent.getNorthEast())
        .extend(this.map.getBounds().pad(0.02)));
    }

    // --- shapes ---------------------------------------------------------------------------------------------------

    drawSurroundings() {
      const { data, map } = this;
      const extent = this.bounds.pad(0.02);
      for (const country of data.neighbours) {
        const shape = L.polygon(unpack(country.rings, data.scale),
          { pane: "awsd-around", className: "awsd-neighbour", interactive: false, smoothFactor: 0.5 }).addTo(map);
        extent.extend(shape.getBounds());
      }
      this.extent = extent;
      this.dots = data.towns.map((town) => L.circleMarker(town.at,
        { pane: "awsd-outline", radius: 2.2, className: "awsd-dot", interactive: false }).addTo(map));
    }

    drawRegions() {
      this.shapes = this.data.regions.map((region, index) => {
        const shape = L.polygon(unpack(region.rings, this.data.scale), { className: "awsd-region", smoothFactor: 0.5 });
        const ring = L.circleMarker(region.at, { pane: "awsd-rings", radius: 8, className: "awsd-region awsd-ring" });
        for (const part of [shape, ring]) {
          part.addTo(this.map);
          part.on("click", (event) => { L.DomEvent.stop(event); this.choose(index); });
          part.on("mouseover mousemove", (event) => this.hover(index, event.latlng));
          part.on("mouseout", () => this.hover(null));
        }
        this.makeButton(shape.getElement(), index);
        ring.getElement().setAttribute("aria-hidden", "true");
        return { shape, ring, small: false };
      });
      this.hatch = "hatch-" + this.ident;
      addHatch(this.shapes[0].shape.getElement().ownerSVGElement, this.hatch);
    }

    makeButton(path, index) {
      path.setAttribute("tabindex", "0");
      path.setAttribute("role", "button");
      path.setAttribute("aria-controls", this.panel.id);
      path.addEventListener("focus", () => { if (path.matches(":focus-visible")) this.outline("hover", index, true); });
      path.addEventListener("blur", () => this.outline("hover", null));
      path.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        event.stopPropagation();
        this.choose(index);
      });
    }

    makeOutline(name) {
      const style = { pane: "awsd-outline", fill: false, interactive: false };
      return ["case", "line"].map((part) => ({
        shape: L.polygon([], { ...style, className: `awsd-${name} awsd-${part}`, smoothFactor: 0.5 }).addTo(this.map),
        ring: L.circleMarker([0, 0], { ...style, radius: 11, className: `awsd-${name} awsd-${part}` }),
      }));
    }

    hover(index, latlng) {
      this.outline("hover", index);
      if (index === null || L.Browser.mobile) this.tip.remove();
      else this.tip.setContent(this.hint(index)).setLatLng(latlng).addTo(this.map);
    }

    /* Draw a line of two colours around a region. The region itself stays where it is in the page: moving it to the
     * front would take the focus from it and change the order of the Tab key. */
    outline(name, index, focus = false) {
      const target = index === null ? null : this.shapes[index];
      for (const part of this.outlines[name]) {
        part.shape.setLatLngs(target && !target.small ? target.shape.getLatLngs() : []);
        if (target && target.small) part.ring.setLatLng(target.ring.getLatLng()).addTo(this.map);
        else part.ring.remove();
        for (const drawn of [part.shape, part.ring]) {
          const path = drawn.getElement();
          if (path) path.classList.toggle("awsd-focus", focus);
        }
      }
    }

    // --- labels ---------------------------------------------------------------------------------------------------

    drawLabels() {
      const { data } = this;
      this.labels = data.regions.map((region) => this.label(region.at, "awsd-label", region.name, true));
      this.names = data.neighbours.filter((country) => country.at)
        .map((country) => this.label(country.at, "awsd-country", country.name));
      this.towns = data.towns.map((town) => this.label(town.at, "awsd-town", town.name));
    }

    label(at, className, name, mark = false) {
      const box = make("div", className);
      box.setAttribute("aria-hidden", "true"); // the shapes say it
      box.append(make("span", "awsd-name", name));
      if (mark) box.append(make("span", "awsd-mark"));
      const icon = L.divIcon({ html: box, className: "awsd-anchor", iconSize: [0, 0] });
      L.marker(at, { icon, pane: "awsd-labels", interactive: false, keyboard: false }).addTo(this.map);
      return { at, box, name, className };
    }

    /* Show labels from the most to the least important, and only those that have room. All sizes are read at once and
     * places worked out from them: asking the page after each label would take seconds for 700 communes. */
    arrange() {
      this.setSmall();
      const all = [...this.labels, ...this.names, ...this.towns];
      for (const label of all) label.box.className = label.className;
      for (const label of all) {
        label.full = label.box.getBoundingClientRect();
        label.bare = label.box.firstChild.getBoundingClientRect();
        label.point = this.map.latLngToContainerPoint(label.at);
      }
      this.taken = this.obstacles();
      const written = new Set();
      for (const index of this.order()) {
        const { small, width } = this.shapes[index], label = this.labels[index];
        const box = this.place(label, small ? SIDES : [""]);
        // The ink of the class is for labels that stand on it; others have the ink of the map.
        label.box.dataset.on = box && !small && box.right - box.left <= 1.15 * width ? label.colour : "";
        if (box) written.add(label.name);
      }
      const near = this.map.getZoom() > this.home + 0.9;
      this.names.forEach((label) => this.place(label, [""]));
      this.towns.forEach((label) => this.place(label, near || !written.has(label.name) ? ["awsd-beside"] : []));
    }

    /* Rings and controls, which no label may cover or slip under. */
    obstacles() {
      const frame = this.map.getContainer().getBoundingClientRect();
      const controls = [...this.map.getContainer().querySelectorAll(".leaflet-control")].map((control) => {
        const { left, top, right, bottom } = control.getBoundingClientRect();
        return { left: left - frame.left, top: top - frame.top, right: right - frame.left, bottom: bottom - frame.top };
      });
      const rings = this.shapes.filter((each) => each.small).map((each) => {
        const { x, y } = this.map.latLngToContainerPoint(each.ring.getLatLng());
        return { left: x - 9, top: y - 9, right: x + 9, bottom: y + 9 };
      });
      return [...controls, ...rings];
    }

    /* Put a label on the first of the sides where it has room, whole or else without its number. */
    place(label, sides) {
      const { x: width, y: height } = this.map.getSize();
      for (const bare of [false, true]) {
        for (const side of sides) {
          const size = bare ? label.bare : label.full;
          const [across, down] = SHIFTS[side](size.width, size.height);
          const left = label.point.x + across, top = label.point.y + down;
          const box = { left, top, right: left + size.width, bottom: top + size.height };
          const inside = left >= 0 && top >= 0 && box.right <= width && box.bottom <= height;
          if (inside && this.taken.every((other) => box.right < other.left || other.right < box.left
            || box.bottom < other.top || other.bottom < box.top)) {
            label.box.className = `${label.className} ${side}${bare ? " awsd-bare" : ""}`;
            this.taken.push(box);
            return box;
          }
        }
      }
      label.box.className = `${label.className} awsd-off`;
      return null;
    }

    /* Labels of regions with something to say first, the highest class before the others, rings last: they can be
     * labelled on any side. */
    order() {
      const rank = (index) => [this.shapes[index].small ? 0 : 1, this.layer.marks[index] ? 1 : 0, this.layer.index[index]];
      return this.labels.map((_, index) => index).sort((one, two) => {
        const [first, second] = [rank(one), rank(two)];
        const differs = first.findIndex((value, place) => value !== second[place]);
        return differs < 0 ? one - two : second[differs] - first[differs];
      });
    }

    setSmall() {
      for (const each of this.shapes) {
        const bounds = each.shape.getBounds();
        const size = this.map.latLngToLayerPoint(bounds.getSouthEast())
          .subtract(this.map.latLngToLayerPoint(bounds.getNorthWest()));
        each.width = size.x;
        each.small = Math.max(size.x, size.y) < SMALL;
      }
      const many = this.shapes.filter((each) => each.small).length > MOST_RINGS;
      for (const each of this.shapes) {
        each.small = each.small && !many;
        each.ring.getElement().classList.toggle("awsd-off", !each.small);
      }
    }

    // --- layers ---------------------------------------------------------------------------------------------------

    listen() {
      this.root.querySelectorAll(".awsd-switch input").forEach((input) => {
        input.addEventListener("change", () => this.show(Number(input.value)));
        if (input.checked && input.value !== "0") input.checked = false;
      });
      this.root.querySelector(".awsd-switch input").checked = true; // a browser may restore another one
      this.root.addEventListener("keydown", (event) => { if (event.key === "Escape") this.close(); });
      this.map.on("click", () => this.choose(null));
      this.map.on("zoomend moveend", () => this.arrange());
      this.map.on("zoomend", () => { this.hover(null); this.outline("chosen", this.chosen); });
      this.map.on("dragstart dblclick", () => { this.moved = true; });
      this.map.getContainer().querySelectorAll(".leaflet-control-zoom a")
        .forEach((link) => link.addEventListener("click", () => { this.moved = true; }));
      new ResizeObserver(() => this.resize()).observe(this.map.getContainer());
      addEventListener("beforeprint", () => this.print(true));
      addEventListener("afterprint", () => this.print(false));
    }

    print(begins) { // no ResizeObserver runs while a page is printed, so the frame takes its printed size before
      this.root.classList.toggle("awsd-printing", begins);
      this.resize();
    }

    resize() {
      this.map.setMaxBounds(null); // bounds made for the old size would start a slide away from the new view
      this.map.invalidateSize({ animate: false, pan: this.moved });
      if (!this.moved) this.fit();
      else this.hold();
    }

    show(number) {
      const layer = this.layer = this.data.layers[number];
      this.shapes.forEach((each, index) => {
        const place = layer.index[index];
        for (const path of [each.shape.getElement(), each.ring.getElement()]) {
          path.classList.remove(...[...path.classList].filter((name) => /^awsd-\w+-\d$/.test(name)));
          if (place >= 0) path.classList.add(layer.classes[place][0]);
          path.setAttribute("fill", `url(#${this.hatch})`); // seen where no class sets a colour: no data
        }
        each.shape.getElement().setAttribute("aria-label",
          `${this.data.regions[index].name}, ${layer.title}: ${layer.shown[index]}`);
        const box = this.labels[index].box;
        box.querySelector(".awsd-mark").textContent = layer.marks[index];
        this.labels[index].colour = place >= 0 ? layer.classes[place][0] : "";
      });
      this.legend(layer);
      this.fillPanel();
      this.arrange();
    }

    legend(layer) {
      const list = make("ul");
      const add = (className, text) => {
        const row = make("li");
        row.append(make("span", "awsd-key " + className), make("span", "", text));
        list.append(row);
      };
      layer.classes.forEach(([className, text], place) => {
        if (!(layer.zero && place === 0)) add(className, text); // no region is at zero: no key for it
      });
      if (layer.index.includes(-1)) add("awsd-key-none", layer.missing);
      const parts = [make("h3", "", layer.unit || layer.title), list];
      if (layer.description) parts.push(make("p", "", layer.description));
      for (const note of layer.notes) parts.push(make("p", "awsd-layer-note", note));
      this.root.querySelector(".awsd-legend").replaceChildren(...parts);
    }

    // --- the panel ------------------------------------------------------------------------------------------------

    choose(index) {
      this.chosen = index;
      this.outline("chosen", index);
      this.shapes.forEach((each, place) => each.shape.getElement().setAttribute("aria-expanded", place === index));
      this.fillPanel();
      this.makeRoom();
    }

    /* On a phone the panel lies over the foot of the page: scroll the map above it. */
    makeRoom() {
      if (this.chosen === null || getComputedStyle(this.panel).position !== "fixed") return;
      const frame = this.map.getContainer().getBoundingClientRect();
      const hidden = frame.bottom - this.panel.getBoundingClientRect().top;
      if (hidden > 0) window.scrollBy(0, Math.min(hidden + 8, frame.top - 8));
    }

    close() {
      const region = this.chosen;
      if (region === null) return;
      this.choose(null);
      if (this.panel.contains(document.activeElement) || document.activeElement === document.body) {
        this.shapes[region].shape.getElement().focus();
      }
    }

    fillPanel() {
      const { panel, chosen, data, layer } = this;
      panel.classList.toggle("awsd-open", chosen !== null);
      if (chosen === null) {
        panel.replaceChildren(make("p", "awsd-hint", data.words.hint));
        return;
      }
      const region = data.regions[chosen];
      const head = make("div", "awsd-panel-head");
      const title = make("h3", "", region.name);
      title.append(make("small", "", region.kind));
      const button = make("button", "awsd-close", "×");
      button.type = "button";
      button.setAttribute("aria-label", data.words.close);
      button.addEventListener("click", () => {
        this.choose(null);
        this.shapes[data.regions.indexOf(region)].shape.getElement().focus({ preventScroll: true });
      });
      head.append(title, button);
      const list = make("dl");
      data.headings.forEach(([place, heading], row) => {
        const pair = make("div", data.layers[place] === layer ? "awsd-now" : "");
        pair.append(make("dt", "", heading), make("dd", "", region.facts[row]));
        list.append(pair);
      });
      const reason = layer.reasons[chosen];
      panel.replaceChildren(head, list, ...(reason ? [make("p", "awsd-reason", reason)] : []));
    }

    hint(index) {
      const box = make("div");
      box.append(make("strong", "", this.data.regions[index].name),
        make("span", "", `${this.layer.title}: ${this.layer.shown[index]}`));
      return box;
    }
  }

  return (map, ident) => new RegionLayer(map, ident);
})();
