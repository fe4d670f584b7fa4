/* Names and numbers on the map: the most important first, and only those that have room. */
const AwsdLabels = (() => {
  const { make } = awsdShapes;
  const SIDES = ["awsd-below", "awsd-above", "awsd-right", "awsd-left"];
  const MANY = 150; // regions from which on only those wide enough for a name are looked at
  const WIDE = 26; // pixels
  const SHIFTS = { // from the anchor of a label to its upper left corner, as in map.css
    "": (width, height) => [-width / 2, -height / 2],
    "awsd-below": (width) => [-width / 2, 11],
    "awsd-above": (width, height) => [-width / 2, -height - 11],
    "awsd-right": (width, height) => [13, -height / 2],
    "awsd-left": (width, height) => [-width - 13, -height / 2],
    "awsd-beside": (width, height) => [5, -height / 2],
  };

  return class {
    constructor(app) {
      this.app = app;
      const { data } = app, { units } = data.neighbours || { units: [] };
      this.regions = data.regions.map((region) => ({ at: region.at, name: region.name, className: "awsd-label" }));
      this.countries = units.filter((unit) => unit.at).map((unit) => this.write({ ...unit, className: "awsd-country" }));
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
      const written = new Set();
      for (const index of order) {
        const { small, width } = shapes[index], label = this.regions[index];
        const box = this.place(label, small ? SIDES : [""]);
        // The ink of the class is for labels that stand on it; others have the ink of the map.
        label.box.dataset.on = box && !small && box.right - box.left <= 1.15 * width ? label.colour : "";
        if (box) written.add(label.name);
      }
      const near = map.getZoom() > app.home + 0.9;
      this.countries.forEach((label) => this.place(label, [""]));
      this.towns.forEach((label) => this.place(label, near || !written.has(label.name) ? ["awsd-beside"] : []));
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
        return { left: x - 9, top: y - 9, right: x + 9, bottom: y + 9 };
      });
      return [...controls, ...rings, ...this.app.points.boxes()];
    }

    /* Put a label on the first of the sides where it has room, whole or else without its number. */
    place(label, sides) {
      const { x: width, y: height } = this.app.map.getSize();
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
      const { shapes, now } = this.app, many = shapes.length > MANY;
      const rank = (index) => [shapes[index].small ? 0 : 1, now.marks[index] ? 1 : 0, now.index[index]];
      return shapes.map((_, index) => index).filter((index) => !many || shapes[index].width > WIDE)
        .sort((one, two) => {
          const [first, second] = [rank(one), rank(two)];
          const differs = first.findIndex((value, place) => value !== second[place]);
          return differs < 0 ? one - two : second[differs] - first[differs];
        });
    }
  };
})();
