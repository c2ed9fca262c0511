//! A name server on loopback, which says what a test wants.

use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use hickory_proto::op::{Message, MessageType, ResponseCode};
use hickory_proto::rr::rdata::{A, AAAA, CNAME};
use hickory_proto::rr::{Name, RData, Record, RecordType};

/// A running server. Its thread ends with the test program.
pub struct Dns {
    pub address: SocketAddr,
    questions: Arc<AtomicUsize>,
}

/// What is said of a name.
pub enum Said {
    /// These addresses; of each question those of its kind.
    Addresses(Vec<IpAddr>),
    /// Another name for it, with these addresses.
    Alias(&'static str, Vec<IpAddr>),
    /// There is no such name.
    Nothing,
    /// Nothing at all.
    Silence,
}

impl Dns {
    /// Answers each question for a name, without its last dot, as `say` does, for no longer than now.
    pub fn start(say: impl Fn(&str) -> Said + Send + 'static) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        let questions = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&questions);
        thread::spawn(move || {
            let mut buffer = [0; 4_096];
            loop {
                let (length, from) = socket.recv_from(&mut buffer).unwrap();
                count.fetch_add(1, Ordering::Relaxed);
                let asked = Message::from_vec(&buffer[..length]).unwrap();
                if let Some(answer) = answer(&asked, &say) {
                    socket.send_to(&answer.to_vec().unwrap(), from).unwrap();
                }
            }
        });
        Self { address, questions }
    }

    /// Questions so far.
    pub fn questions(&self) -> usize {
        self.questions.load(Ordering::Relaxed)
    }
}

fn answer(asked: &Message, say: &impl Fn(&str) -> Said) -> Option<Message> {
    let query = asked.queries[0].clone();
    let (name, kind) = (query.name().clone(), query.query_type());
    let mut answer = Message::response(asked.metadata.id, asked.metadata.op_code);
    answer.metadata.message_type = MessageType::Response;
    answer.metadata.recursion_available = true;
    answer.add_query(query);
    let text = name.to_utf8();
    let (name, addresses) = match say(text.trim_end_matches('.')) {
        Said::Addresses(addresses) => (name, addresses),
        Said::Alias(other, addresses) => {
            let other = Name::from_utf8(other).unwrap();
            answer.add_answer(Record::from_rdata(name, 0, RData::CNAME(CNAME(other.clone()))));
            (other, addresses)
        }
        Said::Silence => return None,
        Said::Nothing => {
            answer.metadata.response_code = ResponseCode::NXDomain;
            return Some(answer);
        }
    };
    for address in addresses {
        let data = match (address, kind) {
            (IpAddr::V4(v4), RecordType::A) => RData::A(A(v4)),
            (IpAddr::V6(v6), RecordType::AAAA) => RData::AAAA(AAAA(v6)),
            _ => continue,
        };
        answer.add_answer(Record::from_rdata(name.clone(), 0, data));
    }
    Some(answer)
}
