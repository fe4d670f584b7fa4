/* Small helpers of the map's script: elements, the shared arcs of the payload, hatches. Constant code: text of the data
 * goes through textContent or setAttribute("aria-label") only. */
"use strict";

const awsdShapes = (() => {
  const SVG = "http://www.w3.org/2000/svg";
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const VALUE = new Map([...DIGITS].map((sign, value) => [sign.charCodeAt(0), value]));
  const TURN = { up: 45, none: 45, down: -45, dots: 0, cross: 0 };

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function draw(tag, attributes, text) {
    const element = document.createElementNS(SVG, tag);
    for (const name in attributes) element.setAttribute(name, attributes[name]);
    if (text !== undefined) element.textContent = text;
    return element;
  }

  /* Whole numbers from text: 5 bits a sign, the lowest first; see arcs.py. */
  function decode(text) {
    const numbers = [];
    let value = 0, place = 1;
    for (let i = 0; i < text.length; i += 1) {
      const digit = VALUE.get(text.charCodeAt(i));
      value += (digit % 32) * place;
      place *= 32;
      if (digit < 32) {
        numbers.push(value % 2 ? -(value + 1) / 2 : value / 2);
        value = 0;
        place = 1;
      }
    }
    return numbers;
  }

  /* A line is steps of whole numbers: longitude and latitude of the first vertex, then differences. */
  function line(text, scale) {
    const steps = decode(text), points = [];
    let x = 0, y = 0;
    for (let i = 0; i < steps.length; i += 2) {
      x += steps[i];
      y += steps[i + 1];
      points.push([y / scale, x / scale]);
    }
    return points;
  }

  function ring(places, arcs) {
    const points = [];
    for (const place of places) {
      const arc = place < 0 ? arcs[~place].slice().reverse() : arcs[place];
      for (let i = 0; i < arc.length - 1; i += 1) points.push(arc[i]);
    }
    return points;
  }

  const polygons = (rings, arcs) => rings.map((parts) => parts.map((places) => ring(places, arcs)));

  /* The line around a group of units: the arcs that only one of them has. */
  function around(units, arcs) {
    const seen = new Map();
    for (const place of units.flatMap((unit) => unit.rings.flat(2))) {
      const arc = place < 0 ? ~place : place;
      seen.set(arc, (seen.get(arc) || 0) + 1);
    }
    return [...seen].filter(([, times]) => times === 1).map(([arc]) => arcs[arc]);
  }

  /* A pattern of lines or dots on a ground; the ground and, through --hatch, the lines have the colours of the class. */
  function hatch(id, kind, className) {
    const pattern = draw("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse",
      patternTransform: `rotate(${TURN[kind]})` });
    const group = draw("g", { class: className });
    const none = kind === "none";
    group.append(draw("rect", { class: none ? "awsd-hatch-ground" : "", width: 8, height: 8 }));
    const ink = none ? "awsd-hatch-line" : "awsd-hatch-ink";
    if (kind === "dots") group.append(draw("circle", { class: ink, cx: 4, cy: 4, r: 1.3 }));
    else group.append(draw("rect", { class: ink, width: 1.2, height: 8 }));
    if (kind === "cross") group.append(draw("rect", { class: ink, width: 8, height: 1.2 }));
    pattern.append(group);
    return pattern;
  }

  const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? values[name] : whole));

  return { make, draw, decode, line, polygons, around, hatch, fill };
})();
