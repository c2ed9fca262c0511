//! What both plots have in common.

use std::fmt::Write;

/// Readable on a white page and on a black one; readers of both exist.
const STYLE: &str = "\
    text{font:13px system-ui,sans-serif;fill:#1f2328}\
    .title{font-size:15px;font-weight:600}.small{font-size:12px;fill:#59636e}.end{text-anchor:end}\
    .middle{text-anchor:middle}.faster{fill:#1a7f6b}.slower{fill:#b35900}.line{stroke:#59636e}\
    .one{fill:none;stroke:#59636e}.two{fill:none;stroke:#1a7f6b}.three{fill:none;stroke:#b35900}\
    .four{fill:none;stroke:#7a4fc0}.five{fill:none;stroke:#b0306a}\
    @media (prefers-color-scheme:dark){text{fill:#f0f6fc}.small{fill:#9198a1}\
    .faster{fill:#3fb99f}.slower{fill:#e08a3c}.line,.one{stroke:#9198a1}.two{stroke:#3fb99f}\
    .three{stroke:#e08a3c}.four{stroke:#a98be0}.five{stroke:#e077a5}}";

/// A drawing in the making; lengths are user units.
pub struct Svg(String);

impl Svg {
    /// An empty one of this size, with a title for those who do not see it.
    pub fn new(width: f64, height: f64, title: &str) -> Self {
        Self(format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\">\n<style>{STYLE}</style>\n\
             <title>{}</title>\n",
            escape(title)
        ))
    }

    /// Words at a point, by the classes of the style.
    pub fn text(&mut self, class: &str, x: f64, y: f64, words: &str) {
        let words = escape(words);
        self.element(&format!("<text class=\"{class}\" x=\"{x:.1}\" y=\"{y:.1}\">{words}</text>"));
    }

    /// Any other element.
    pub fn element(&mut self, element: &str) {
        // Writing into a string cannot fail.
        let _ = writeln!(self.0, "{element}");
    }

    /// The file.
    pub fn finish(mut self) -> String {
        self.0.push_str("</svg>\n");
        self.0
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
