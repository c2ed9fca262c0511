//! What is asked of every file: each fit, gravity, turn and format at least once, both ways of
//! scaling, and nothing at all.

/// A plan, and what the client says that it accepts.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// The options as in an address.
    pub options: &'static str,
    /// The Accept header.
    pub accept: &'static str,
}

const fn plan(options: &'static str) -> Plan {
    Plan { options, accept: "*/*" }
}

/// All of them.
pub const PLANS: &[Plan] = &[
    plan("quality=85"),
    plan("width=320"),
    plan("width=150,dpr=2.5,quality=40,format=jpeg,background=navy"),
    plan("width=400,height=300,fit=contain,format=png"),
    plan("width=300,height=300,fit=cover,gravity=top,format=jpeg,quality=60"),
    plan("width=301,height=200,fit=cover,gravity=0.9x0.2,format=webp"),
    plan("width=257,height=131,fit=crop,gravity=right"),
    plan("width=640,height=640,fit=aspect-crop,gravity=bottom,format=webp,quality=100"),
    plan("width=333,height=222,fit=pad,background=%23f08040cc,format=png"),
    plan("width=120,height=90,fit=pad,flip=hv"),
    plan("width=200,height=350,fit=squeeze,gravity=left,quality=1"),
    plan("width=1500,fit=scale-up,format=jpeg"),
    plan("width=240,rotate=90,flip=h,format=png"),
    plan("height=180,rotate=270,flip=v,damaged=keep"),
    plan("width=256,max-bytes=4000,format=jpeg"),
    plan("trim=3;5;7;11,width=200,crop=10;10;100;80,format=png"),
    Plan {
        options: "width=500,rotate=180,fit=scale-down,format=auto",
        accept: "image/avif,image/webp,*/*;q=0.8",
    },
];
