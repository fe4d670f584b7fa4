"""Still pictures of a map for reports and slides: PNG, SVG and PDF through matplotlib, in the style of the web map."""
