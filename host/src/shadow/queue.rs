//! What waits for a thread that may be slow: a few, and no more.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A queue with an end. Nobody waits to get in.
#[derive(Debug)]
pub struct Queue<T> {
    line: Mutex<Line<T>>,
    woken: Condvar,
    most: usize,
}

#[derive(Debug)]
struct Line<T> {
    waiting: VecDeque<T>,
    is_closed: bool,
}

impl<T> Queue<T> {
    /// A queue in which so many can wait.
    pub fn new(most: usize) -> Self {
        let line = Line { waiting: VecDeque::new(), is_closed: false };
        Self { line: Mutex::new(line), woken: Condvar::new(), most }
    }

    /// Puts one in at the end.
    ///
    /// # Errors
    /// Gives it back if the queue is full, or closed.
    pub fn push(&self, one: T) -> Result<(), T> {
        let mut line = self.line();
        if line.is_closed || line.waiting.len() >= self.most {
            return Err(one);
        }
        line.waiting.push_back(one);
        drop(line);
        self.woken.notify_one();
        Ok(())
    }

    /// Waits for the next one; `None` once the queue is closed.
    pub fn next(&self) -> Option<T> {
        let is_idle = |line: &mut Line<T>| !line.is_closed && line.waiting.is_empty();
        let line = self.woken.wait_while(self.line(), is_idle);
        line.unwrap_or_else(PoisonError::into_inner).waiting.pop_front()
    }

    /// Waits for so long, or until the queue is closed.
    pub fn pause(&self, time: Duration) {
        let waited = self.woken.wait_timeout_while(self.line(), time, |line| !line.is_closed);
        drop(waited);
    }

    /// Ends all waiting, and lets go of what has not come to its turn.
    pub fn close(&self) {
        let mut line = self.line();
        line.is_closed = true;
        let rest = std::mem::take(&mut line.waiting);
        drop(line);
        self.woken.notify_all();
        drop(rest);
    }

    /// How many wait.
    pub fn len(&self) -> usize {
        self.line().waiting.len()
    }

    fn line(&self) -> MutexGuard<'_, Line<T>> {
        self.line.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::*;

    #[test]
    fn a_full_queue_takes_no_more_and_a_closed_one_nothing() {
        let queue = Queue::new(2);
        assert_eq!((queue.push(1), queue.push(2), queue.push(3)), (Ok(()), Ok(()), Err(3)));
        assert_eq!((queue.next(), queue.len()), (Some(1), 1));
        queue.close();
        assert_eq!((queue.push(4), queue.next(), queue.len()), (Err(4), None, 0));
    }

    #[test]
    fn who_waits_is_woken() {
        let queue = Arc::new(Queue::new(1));
        let other = Arc::clone(&queue);
        let waiting = thread::spawn(move || {
            let first = other.next();
            // Until it is closed.
            other.pause(Duration::from_secs(3_600));
            (first, other.next())
        });
        queue.push(7).unwrap();
        while queue.len() > 0 {
            thread::yield_now();
        }
        queue.close();
        assert_eq!(waiting.join().unwrap(), (Some(7), None));
    }
}
