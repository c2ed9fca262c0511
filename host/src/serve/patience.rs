//! A connection that is given up when its client does not take what it asked for.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{self, Sleep};

/// What a client has to take in the time that it has: else one that takes a byte now and then would
/// hold a picture for ever.
const PORTION: usize = 16 << 10;

/// Writes with a time limit, from the moment when the other side stops taking bytes until it has taken
/// a portion, or all there is. Reads as it is.
#[derive(Debug)]
pub struct PatientWriter<S> {
    stream: S,
    limit: Duration,
    waiting: Option<(Pin<Box<Sleep>>, usize)>,
}

impl<S> PatientWriter<S> {
    /// The same stream with a limit.
    pub fn new(stream: S, limit: Duration) -> Self {
        Self { stream, limit, waiting: None }
    }

    /// What came of a try to write, or that the time is over.
    fn noted(
        &mut self,
        cx: &mut Context<'_>,
        tried: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match tried {
            Poll::Ready(Ok(count)) => {
                if let Some((_, taken)) = &mut self.waiting {
                    *taken = taken.saturating_add(count);
                }
                if self.waiting.as_ref().is_some_and(|(_, taken)| *taken >= PORTION) {
                    self.waiting = None;
                }
                Poll::Ready(Ok(count))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                let limit = self.limit;
                let begin = || (Box::pin(time::sleep(limit)), 0);
                let (sleep, _) = self.waiting.get_or_insert_with(begin);
                ready!(sleep.as_mut().poll(cx));
                let late = "the client does not take the answer";
                Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, late)))
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for PatientWriter<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for PatientWriter<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let tried = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.noted(cx, tried)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let tried = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.noted(cx, tried)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // All was taken: what is flushed was written before.
        self.waiting = None;
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    #[tokio::test(start_paused = true)]
    async fn who_takes_nothing_is_left() {
        let (mine, _theirs) = duplex(8);
        let mut mine = PatientWriter::new(mine, LIMIT);
        let error = mine.write_all(&[0; 100]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_a_byte_now_and_then_is_left_too() {
        let (mine, mut theirs) = duplex(8);
        let mut mine = PatientWriter::new(mine, LIMIT);
        tokio::spawn(async move {
            while theirs.read_u8().await.is_ok() {
                time::sleep(Duration::from_secs(10)).await;
            }
        });
        let error = mine.write_all(&[0; 100]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn who_takes_portions_may_take_long() {
        let (mine, mut theirs) = duplex(PORTION);
        let mut mine = PatientWriter::new(mine, LIMIT);
        let reader = tokio::spawn(async move {
            let (mut all, mut piece) = (0, vec![0; PORTION]);
            while let Ok(count @ 1..) = theirs.read(&mut piece).await {
                all += count;
                time::sleep(LIMIT - Duration::from_secs(1)).await;
            }
            all
        });
        mine.write_all(&vec![0; 20 * PORTION]).await.unwrap();
        // Between two answers there is no limit.
        mine.flush().await.unwrap();
        time::sleep(LIMIT * 10).await;
        mine.write_all(&[0; 10]).await.unwrap();
        drop(mine);
        assert_eq!(reader.await.unwrap(), 20 * PORTION + 10);
    }
}
