// What folium's own markers and popups call and would fetch from the network, where nothing else brought it.
window.$ ??= text => {
  const holder = document.createElement("template");
  holder.innerHTML = text;
  return [...holder.content.childNodes];
};
L.AwesomeMarkers ??= {icon: () => new L.Icon.Default()};
L.Icon.Default.imagePath = "";
L.Icon.Default.mergeOptions(__PINS__);
