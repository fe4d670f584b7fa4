/* Find a region by its name: accents, case and apostrophes do not matter; arrows, Enter and Escape work. */
const AwsdSearch = (() => {
  const { make, fill } = awsdShapes;
  const MOST = 12;

  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase()
    .replace(/[\s'’`-]+/g, " ").trim();

  return class {
    constructor(app) {
      this.app = app;
      this.box = app.root.querySelector(".awsd-search");
      this.input = this.box.querySelector("input");
      this.list = this.box.querySelector("ul");
      this.said = this.box.querySelector("span");
      this.names = app.data.regions.map((region) => fold(region.name));
      this.found = [];
      this.input.value = "";
      this.input.addEventListener("input", () => this.look());
      this.input.addEventListener("keydown", (event) => this.key(event));
      this.input.addEventListener("blur", () => this.close());
    }

    look() {
      const asked = fold(this.input.value);
      const first = (index) => (this.names[index].startsWith(asked) ? 0 : this.names[index].includes(" " + asked) ? 1 : 2);
      this.found = !asked ? [] : this.names.map((_, index) => index).filter((index) => this.names[index].includes(asked))
        .sort((one, two) => first(one) - first(two) || one - two);
      const { words, regions } = this.app.data;
      this.said.textContent = !asked ? "" : this.found.length ? fill(words.search_found, { n: this.found.length })
        : words.search_none;
      const options = this.found.slice(0, MOST).map((index, place) => {
        const option = make("li", "", regions[index].name);
        option.setAttribute("role", "option");
        option.id = `${this.list.id}-${place}`;
        option.addEventListener("mousedown", (event) => { event.preventDefault(); this.take(place); });
        return option;
      });
      if (asked && !options.length) {
        const none = make("li", "awsd-nothing", words.search_none);
        none.setAttribute("role", "option");
        none.setAttribute("aria-disabled", "true");
        options.push(none);
      }
      this.list.replaceChildren(...options);
      this.list.hidden = !asked;
      this.input.setAttribute("aria-expanded", String(Boolean(asked)));
      this.mark(this.found.length ? 0 : -1);
    }

    mark(place) {
      this.at = place;
      [...this.list.children].forEach((option, other) => option.setAttribute("aria-selected", String(other === place)));
      if (place >= 0) this.input.setAttribute("aria-activedescendant", this.list.children[place].id);
      else this.input.removeAttribute("aria-activedescendant");
      if (place >= 0) this.list.children[place].scrollIntoView({ block: "nearest" });
    }

    key(event) {
      const count = Math.min(this.found.length, MOST);
      if (event.key === "Escape" && !this.list.hidden) {
        this.close();
        event.stopPropagation();
      } else if (count && !this.list.hidden && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
        this.mark((this.at + (event.key === "ArrowDown" ? 1 : count - 1)) % count);
        event.preventDefault();
      } else if (event.key === "Enter" && count && this.at >= 0 && !this.list.hidden) {
        this.take(this.at);
        event.preventDefault();
      }
    }

    take(place) {
      const index = this.found[place];
      this.input.value = this.app.data.regions[index].name;
      this.close();
      this.app.choose(index);
      this.app.bringIntoView(index);
    }

    close() {
      this.list.hidden = true;
      this.input.setAttribute("aria-expanded", "false");
      this.input.removeAttribute("aria-activedescendant");
    }
  };
})();
