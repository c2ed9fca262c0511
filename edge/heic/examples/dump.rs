use selvedge_pixels::{Budget, Job};
use std::io::Write;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let file = std::fs::read(&args[1]).unwrap();
    let mut trace = |_: &'static str| {};
    let mut job = Job::new(Budget::UNLIMITED, 0, &mut trace);
    let t = std::time::Instant::now();
    let d = match selvedge_heic::decode(&file, &mut job) { Ok(d) => d, Err(e) => { eprintln!("{e:?}"); return } };
    let s = selvedge_heic::read(&file).unwrap();
    eprintln!("{:?} {} {:?} chroma {:?} mem {} work {} in {:?}", d.planar.size, d.orientation, match d.tag { selvedge_pixels::Tag::Profile(p) => format!("icc {}", p.len()), t => format!("{t:?}") }, d.planar.planes.len(), s.memory(), s.work(), t.elapsed());
    let (w, h) = (d.planar.size.width as usize, d.planar.size.height as usize);
    let p = &d.planar.planes;
    let mut out = format!("P6\n{w} {h}\n255\n").into_bytes();
    for y in 0..h { for x in 0..w {
        let l = f64::from(p[0].samples[y*w+x]);
        let (b, r) = if p.len()==3 { let c=(y/2)*w.div_ceil(2)+x/2; (f64::from(p[1].samples[c])-128., f64::from(p[2].samples[c])-128.) } else {(0.,0.)};
        for v in [l+1.402*r, l-0.344136*b-0.714136*r, l+1.772*b] { out.push(v.round().clamp(0.,255.) as u8) }
    }}
    std::fs::File::create(&args[2]).unwrap().write_all(&out).unwrap();
}
