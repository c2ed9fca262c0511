//! The most that a plan takes where only pixels tell which part of a source is left.

use selvedge_plan::Plan;
use selvedge_plan::geometry::Size;

use super::Seen;
use crate::forecast::{Blueprint, Forecast};
use crate::placeholder;

/// What the plan takes at most, whatever part is left. `whole` is what it makes of all of it.
pub fn most(seen: &Seen<'_>, whole: &Blueprint, plan: &Plan) -> Forecast {
    let of_part = |part: Size| {
        let stored = whole.turn.inverse().size(part);
        seen.blueprint_of_part(stored, whole, plan)
    };
    let mut most = whole.forecast();
    let all = whole.turn.size(seen.size());
    for part in largest(all, plan) {
        // What would be too large is refused when it is found.
        let Ok(blueprint) = of_part(part) else { continue };
        let forecast = blueprint.of_any_part(whole, seen.finest_decode_memory()).forecast();
        most.memory = most.memory.max(forecast.memory);
        most.work = most.work.max(forecast.work);
    }
    if whole.joined().is_some() {
        // All pixels are held at once, and then the largest output beside them.
        let forecast = whole.forecast();
        most.memory = most.memory.saturating_add(forecast.memory);
        most.work = most.work.saturating_add(forecast.work);
    }
    most
}

/// Sizes, of parts of the turned picture or of what is as large as one is made, of which the largest
/// outputs come: the wide ones, the tall ones, and those that fill the box.
///
/// Where one side alone is asked for and the fit enlarges, a thin part may come to more than all of
/// them, up to the limit of outputs. To forecast that would refuse what hardly ever happens; it is
/// admitted anew when it is found.
fn largest(all: Size, plan: &Plan) -> Vec<Size> {
    let reduced = placeholder::reduced(plan);
    let plan = reduced.as_ref().unwrap_or(plan);
    let asked =
        Size { width: plan.width.unwrap_or(all.width), height: plan.height.unwrap_or(all.height) };
    let width = asked.width.min(all.width);
    let height = asked.height.min(all.height);
    let mut sizes =
        vec![all, Size { width, ..all }, Size { height, ..all }, Size { width, height }];
    if plan.width.is_some() && plan.height.is_some() {
        // Filled, and with a line of background left: that may be of another format.
        let less = |side: u32| side.saturating_sub(1).max(1);
        let narrower = Size { width: less(asked.width), ..asked };
        sizes.extend([asked, narrower, Size { height: less(asked.height), ..asked }]);
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::{Form, Format, Header, Planes};
    use crate::colours::Colours;
    use crate::raster::{Channels, Space};
    use selvedge_plan::options::edges::Edges;
    use selvedge_plan::options::gravity::{Gravity, Point};
    use selvedge_plan::options::trim::{Rectangle, Trim};
    use selvedge_plan::{Client, Options};

    const PLANS: [&str; 24] = [
        "quality=80",
        "width=400",
        "height=300",
        "width=400,height=300",
        "width=10",
        "width=3000,format=webp",
        "width=600,height=500,fit=contain",
        "width=700,height=70,fit=contain,padding=9",
        "width=900,height=700,fit=scale-up",
        "width=300,height=900,fit=cover",
        "width=300,height=300,fit=cover,gravity=auto",
        "width=500,height=200,fit=pad,background=#00000080",
        "width=500,height=900,fit=squeeze,rotate=90",
        "width=700,height=400,fit=crop",
        "width=700,height=400,fit=aspect-crop,gravity=entropy",
        "width=400,blur=9,sharpen=2",
        "width=400,rotate=20",
        "width=400,height=300,fit=contain,rotate=20,border=3",
        "width=400,linear=true",
        "width=600,height=800,fit=contain,linear=true",
        "width=400,crop=9;9;200;300",
        "width=200,radius=20,format=png",
        "format=json",
        "width=800,format=png,flip=h",
    ];

    fn headers() -> Vec<Header> {
        let planes = |space, factors| Form::Planes(Planes { space, factors });
        let of = |format, form, progressive, orientation| Header {
            format,
            size: Size { width: 1, height: 1 },
            orientation,
            form,
            depth: 8,
            progressive,
            colours: Colours::SRGB,
        };
        let halved = [(2, 2), (1, 1), (1, 1), (0, 0)];
        vec![
            of(Format::Jpeg, planes(Space::YCbCr, halved), true, 6),
            of(Format::Jpeg, planes(Space::YCbCr, [(2, 1), (1, 1), (1, 1), (0, 0)]), false, 1),
            of(Format::Jpeg, planes(Space::YCbCr, [(1, 1); 4]), true, 1),
            of(Format::Jpeg, planes(Space::Ycck, [(2, 2), (1, 1), (1, 1), (2, 2)]), false, 3),
            of(Format::Jpeg, planes(Space::Grey, [(1, 1), (0, 0), (0, 0), (0, 0)]), true, 1),
            of(Format::Png, Form::Packed(Channels::Rgba), false, 1),
            of(Format::Png, Form::Packed(Channels::Rgb), true, 5),
            of(Format::Webp, planes(Space::YCbCr, halved), false, 1),
        ]
    }

    #[test]
    fn no_part_takes_more_than_was_forecast_of_all() {
        let mut state = 7_u64;
        let mut below = move |most: u32| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            ((state >> 33) % u64::from(most.max(1))) as u32
        };
        let (mut compared, mut wrong) = (0, Vec::new());
        for round in 0..400 {
            let side = |exponent: u32, more: u32| (1 << exponent) + more % (1 << exponent);
            let size = Size {
                width: side(below(13), below(1 << 13)),
                height: side(below(13), below(1 << 13)),
            };
            for header in headers() {
                let header = Header { size, ..header };
                let seen = Seen::File(&[], &header);
                let options = PLANS[(below(PLANS.len() as u32)) as usize];
                // Where the eye goes is looked for with a surround and without.
                let looks = options.contains("gravity") && below(2) == 0;
                let text =
                    if looks { options.to_owned() } else { format!("{options},trim=border") };
                let options = Options::parse(&text).unwrap();
                let plan = Plan::new(&options, &Client::default()).unwrap();
                let Ok((_, forecast)) = seen.forecast(&plan) else { continue };
                for _ in 0..12 {
                    let upright = header.turn().size(size);
                    let mut span = |side: u32| {
                        let start = below(side);
                        // Thin ones as often as wide ones.
                        let most = side - start;
                        let length =
                            1 + if below(2) == 0 { below(most) } else { below(most.min(9)) };
                        (start, side - start - length.min(most))
                    };
                    let (across, down) = (span(upright.width), span(upright.height));
                    let edges =
                        Edges { left: across.0, right: across.1, top: down.0, bottom: down.1 };
                    let rectangle = Rectangle { edges, ..Rectangle::default() };
                    let trim = plan.trim.map(|_| Trim::Rectangle(rectangle));
                    let gravity = match plan.gravity {
                        Gravity::Auto | Gravity::Entropy => {
                            let part = |n: u32| n % (Point::ONE + 1);
                            let point = Point::new(part(below(u32::MAX)), part(below(u32::MAX)));
                            Gravity::Point(point.unwrap())
                        }
                        given => given,
                    };
                    let settled = Plan { trim, gravity, ..plan.clone() };
                    let Ok((_, found)) = seen.forecast(&settled) else { continue };
                    let what = format!("{round}: {text} {header:?} {edges:?}");
                    if found.memory > forecast.memory || found.work > forecast.work {
                        wrong.push(format!("{what}: {found:?}, not {forecast:?}"));
                    }
                    compared += 1;
                }
            }
        }
        assert!(wrong.is_empty(), "{} of {compared}:\n{}", wrong.len(), wrong.join("\n"));
        assert!(compared > 20_000, "{compared}");
    }
    #[test]
    fn joined_planes_are_held_beside_the_largest_output() {
        let size = Size { width: 6_000, height: 6_000 };
        for header in headers() {
            let header = Header { size, orientation: 1, ..header };
            let seen = Seen::File(&[], &header);
            let forecast = |options: &str| {
                let plan = Plan::new(&Options::parse(options).unwrap(), &Client::default());
                seen.forecast(&plan.unwrap()).unwrap().1
            };
            for options in ["width=400,linear=true", "width=400,linear=true,blur=3"] {
                let all = forecast(&format!("{options},trim=border"));
                let part = forecast(&format!("{options},trim=0;5600;0;0"));
                assert!(part.memory <= all.memory, "{options} {header:?}: {part:?} {all:?}");
                assert!(part.work <= all.work, "{options} {header:?}: {part:?} {all:?}");
            }
        }
    }
}
