/* Names and numbers on the map: the most important first, and only those that have room. */
const AwsdLabels = (() => {
  const { make } = awsdShapes;
  const SIDES = ["awsd-below", "awsd-above", "awsd-right", "awsd-left"];
  const MANY = 150; // regions from which on only those wide enough for a name are looked at
  const WIDE = 26; // pixels
  const LOUDEST = 40; // of many regions, those of the highest classes that are looked at though narrower
  const SHIFTS = { // from the anchor of a label to its upper left corner, as in map.css
    "": (width, height) => [-width / 2, -height / 2],
    "awsd-below": (width, height, unit) => [-width / 2, 11 * unit],
    "awsd-above": (width, height, unit) => [-width / 2, -height - 11 * unit],
    "awsd-right": (width, height, unit) => [13 * unit, -height / 2],
    "awsd-left": (width, height, unit) => [-width - 13 * unit, -height / 2],
    "awsd-beside": (width, height, unit) => [5 * unit, -height / 2],
  };
  const MOSTLY = 0.7; // of a label on the colour of its region, from which on it has the ink that reads on it
  const TRIES = 15; // places across and down a region where its label is tried if its own place is taken

  return class {
    constructor(app) {
      this.app = app;
      const { data } = app, { units } = data.neighbours || { units: [] };
      this.regions = data.regions.map((region) => ({ at: region.at, name: region.name, className: "awsd-label" }));
      this.countries = units.map((unit, place) => ({ ...unit, className: "awsd-country", land: app.around[place] }))
        .filter((unit) => unit.at).map((unit) => this.write(unit));
      this.towns = data.towns.map((town) => this.write({ ...town, className: "awsd-town" }));
    }

    /* Put a label into the page; those of regions come when they first have room. */
    write(label) {
      if (label.box) return label;
      label.box = make("div", label.className);
      label.box.setAttribute("aria-hidden", "true"); // the shapes say it
      label.box.append(make("span", "awsd-name", label.name));
      if (label.className === "awsd-label") label.box.append(make("span", "awsd-mark"));
      const icon = L.divIcon({ html: label.box, className: "awsd-anchor", iconSize: [0, 0] });
      L.marker(label.at, { icon, pane: "awsd-labels", interactive: false, keyboard: false }).addTo(this.app.map);
      return label;
    }

    /* All sizes are read at once and places worked out from them: asking the page after each label would take seconds
     * for 700 communes. */
    arrange() {
      const { app } = this, { map, shapes, now } = app;
      const order = this.order();
      for (const index of order) {
        const label = this.write(this.regions[index]);
        label.box.querySelector(".awsd-mark").textContent = now.marks[index];
        label.colour = app.styleOf(index);
      }
      const wanted = new Set(order);
      this.regions.forEach((label, index) => { if (label.box && !wanted.has(index)) label.box.className = "awsd-label awsd-off"; });
      const all = [...order.map((index) => this.regions[index]), ...this.countries, ...this.towns];
      for (const label of all) label.box.className = label.className;
      for (const label of all) {
        label.full = label.box.getBoundingClientRect();
        label.bare = label.box.firstChild.getBoundingClientRect();
        label.point = map.latLngToContainerPoint(label.at);
      }
      this.taken = this.obstacles();
      const written = new Set(), boxes = [];
      for (const index of order) {
        const { small, shape } = shapes[index], label = this.regions[index];
        const box = this.place(label, small ? SIDES : [""], small ? null : shape);
        if (box) boxes.push(box);
        // The ink of the class is for labels that stand on it; others have the ink of the map.
        label.box.dataset.on = box && !small && this.on(shape, box, MOSTLY) ? label.colour : "";
        if (box) written.add(label.name);
      }
      const near = map.getZoom() > app.home + 0.9, hidden = this.hideDots(boxes);
      this.countries.forEach((label) => this.place(label, [""], label.land, (box) => this.isFree(box)));
      this.towns.forEach((label, place) => this.place(label,
        !hidden[place] && (near || !written.has(label.name)) ? ["awsd-beside"] : []));
    }

    /* A dot under the name of a region would read as a sign of it, such as a decimal point. */
    hideDots(boxes) {
      return this.app.dots.map((dot) => {
        const { x, y } = this.app.map.latLngToContainerPoint(dot.getLatLng()), reach = 3 * this.app.unit;
        const under = boxes.some((box) => x > box.left - reach && x < box.right + reach && y > box.top && y < box.bottom);
        dot.getElement().classList.toggle("awsd-off", under);
        return under;
      });
    }

    /* Points of a box where land is looked for. */
    points({ left, top, right, bottom }) {
      const across = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((part) => left + part / 8 * (right - left));
      return across.flatMap((x) => [top, (top + bottom) / 2, bottom].map((y) => [x, y]));
    }

    /* Whether a box lies on a shape, wholly or by a part of it. */
    on(shape, box, part = 1) {
      const path = shape.getElement(), root = path.ownerSVGElement, points = this.points(box);
      let off = Math.floor((1 - part) * points.length);
      return points.every(([x, y]) => {
        const point = root.createSVGPoint(), layer = this.app.map.containerPointToLayerPoint([x, y]);
        point.x = layer.x;
        point.y = layer.y;
        if (!path.isPointInFill(point)) off -= 1;
        return off >= 0;
      });
    }

    /* Whether a box lies on no region: the name of a country stands in that country. */
    isFree(box) {
      const { map, shapes } = this.app, corner = (x, y) => map.containerPointToLatLng([x, y]);
      const bounds = L.latLngBounds(corner(box.left, box.top), corner(box.right, box.bottom));
      const points = this.points(box).map(([x, y]) => ({ left: x, right: x, top: y, bottom: y }));
      return shapes.every(({ shape }) => !shape.getBounds().intersects(bounds)
        || (!shape.getLatLngs().flat(2).some((vertex) => bounds.contains(vertex))
          && points.every((point) => !this.on(shape, point))));
    }

    /* Rings, badges and controls, which no label may cover or slip under. */
    obstacles() {
      const { map, root, shapes } = this.app;
      const frame = map.getContainer().getBoundingClientRect();
      const controls = [...root.querySelectorAll(".leaflet-control, .awsd-badge")].map((control) => {
        const { left, top, right, bottom } = control.getBoundingClientRect();
        return { left: left - frame.left, top: top - frame.top, right: right - frame.left, bottom: bottom - frame.top };
      });
      const rings = shapes.filter((each) => each.small).map((each) => {
        const { x, y } = map.latLngToContainerPoint(each.ring.getLatLng());
        const reach = 9 * this.app.unit;
        return { left: x - reach, top: y - reach, right: x + reach, bottom: y + reach };
      });
      return [...controls, ...rings, ...this.app.points.boxes()];
    }

    /* Put a label on the first of the sides where it has room, else elsewhere on its land; whole, else without its
     * number. */
    place(label, sides, land = null, allows = () => true) {
      for (const bare of label.bare.height < label.full.height ? [false, true] : [false]) {
        const size = bare ? label.bare : label.full, className = bare ? "awsd-bare" : "";
        for (const side of sides) {
          const [across, down] = SHIFTS[side](size.width, size.height, this.app.unit);
          const box = this.boxAt(label.point.x + across, label.point.y + down, size);
          if (this.hasRoom(box) && allows(box)) return this.put(label, box, `${side} ${className}`, [0, 0]);
        }
        for (const [across, down] of land ? this.shifts(land, label.point, size) : []) {
          const box = this.boxAt(label.point.x + across - size.width / 2, label.point.y + down - size.height / 2, size);
          if (this.hasRoom(box) && this.on(land, box) && allows(box)) return this.put(label, box, className, [across, down]);
        }
      }
      label.box.className = `${label.className} awsd-off`;
      return null;
    }

    /* Ways to other places within the bounds of a shape, the shortest first. */
    shifts(shape, point, size) {
      const bounds = shape.getBounds(), steps = [...Array(TRIES).keys()].map((place) => place / (TRIES - 1));
      const [low, high] = [bounds.getSouthWest(), bounds.getNorthEast()].map((at) => this.app.map.latLngToContainerPoint(at));
      const width = high.x - low.x - size.width, height = low.y - high.y - size.height;
      if (width <= 0 || height <= 0) return [];
      return steps.flatMap((x) => steps.map((y) => [low.x + size.width / 2 + x * width - point.x,
        high.y + size.height / 2 + y * height - point.y])).sort((one, two) => Math.hypot(...one) - Math.hypot(...two));
    }

    boxAt(left, top, { width, height }) {
      return { left, top, right: left + width, bottom: top + height };
    }

    hasRoom(box) {
      const { x: width, y: height } = this.app.map.getSize();
      return box.left >= 0 && box.top >= 0 && box.right <= width && box.bottom <= height
        && this.taken.every((other) => box.right < other.left || other.right < box.left
          || box.bottom < other.top || other.bottom < box.top);
    }

    put(label, box, className, [across, down]) {
      label.box.className = `${label.className} ${className}`;
      label.box.style.left = `${across}px`;
      label.box.style.top = `${down}px`;
      this.taken.push(box);
      return box;
    }

    /* Labels of regions with something to say first, the highest class before the others; in a class those of rings, for
     * they must stand beside them while others may move on their land. */
    order() {
      const { shapes, now } = this.app, many = shapes.length > MANY;
      const weights = shapes.map((_, index) => this.weight(index));
      const rank = (index) => [now.marks[index] ? 1 : 0, weights[index], shapes[index].small ? 1 : 0];
      const loud = new Set(!many ? [] : weights.map((_, index) => index).filter((index) => weights[index] > 0)
        .sort((one, two) => weights[two] - weights[one] || one - two).slice(0, LOUDEST));
      return shapes.map((_, index) => index)
        .filter((index) => !many || shapes[index].width > WIDE * this.app.unit || loud.has(index))
        .sort((one, two) => {
          const [first, second] = [rank(one), rank(two)];
          const differs = first.findIndex((value, place) => value !== second[place]);
          return differs < 0 ? one - two : second[differs] - first[differs];
        });
    }

    /* How much the class of a region has to say: of changes the larger either way, of classes of a kind the first. */
    weight(index) {
      const [, name, shade] = this.app.styleOf(index).match(/^awsd-([a-z]+)-(\d)$/) || [];
      if (!name || name === "zero") return 0;
      if (name === "balance") return Math.abs(shade - 3);
      if (["hotspot", "moran"].includes(name)) return this.app.now.marks[index] ? 9 - shade : 0;
      return name === "cross" && shade === "9" ? 0 : 1 + Number(shade);
    }
  };
})();
