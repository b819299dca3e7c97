//! Access tokens: where they come from, and a cache that all calls of a client share.

use std::cell::Cell;
use std::error::Error as StdError;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use crate::{BoxFuture, Clock, Error, Result, Secret};

/// Fetches access tokens that are sent as a credential.
///
/// The client keeps a token until it is about to expire or the server refuses it, and fetches one for all calls that need
/// it: a source only has to get a new one. It must not make calls that need its own token. With a [blocking
/// client](crate::blocking), its future must not wait.
///
/// ```
/// use std::time::Duration;
/// use specwright_runtime::{BoxFuture, Token, TokenError, TokenSource};
///
/// /// Reads the token that another program renews.
/// #[derive(Debug)]
/// struct TokenFile(std::path::PathBuf);
///
/// impl TokenSource for TokenFile {
///     fn fetch(&self) -> BoxFuture<'_, Result<Token, TokenError>> {
///         Box::pin(async {
///             let text = std::fs::read_to_string(&self.0)?;
///             Ok(Token::new(text).expires_in(Duration::from_secs(300)))
///         })
///     }
/// }
/// ```
pub trait TokenSource: fmt::Debug + Send + Sync + 'static {
    /// Fetches a new token.
    ///
    /// # Errors
    /// Whatever prevents it. All calls that wait for the token fail with this error.
    fn fetch(&self) -> BoxFuture<'_, Result<Token, TokenError>>;
}

/// Why there is no token.
pub type TokenError = Box<dyn StdError + Send + Sync>;

/// An access token. `Debug` does not show it.
#[derive(Clone, Debug)]
pub struct Token {
    pub(crate) secret: Secret,
    pub(crate) lifetime: Option<Duration>,
}

impl Token {
    /// A token that is valid until the server refuses it.
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self { secret: secret.into(), lifetime: None }
    }

    /// How long it is valid from the moment when it was requested. The client fetches another one a little earlier.
    #[must_use]
    pub fn expires_in(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }
}

/// A token is renewed this long before it expires, or a tenth of its lifetime if that is shorter.
const MARGIN: Duration = Duration::from_secs(60);

/// A token that was fetched.
#[derive(Debug)]
pub(crate) struct HeldToken {
    pub(crate) secret: Secret,
    renew_at: Option<Instant>,
    expires_at: Option<Instant>,
}

impl HeldToken {
    fn new(token: Token, requested_at: Instant) -> Self {
        let at = |after: Duration| requested_at.checked_add(after);
        let lifetime = token.lifetime;
        Self {
            secret: token.secret,
            renew_at: lifetime.and_then(|it| at(it - MARGIN.min(it / 10))),
            expires_at: lifetime.and_then(at),
        }
    }
}

pub(crate) type FetchToken = BoxFuture<'static, Result<Token>>;

/// Fetches a token once for all who need it, and keeps it.
///
/// The future that fetches is kept here and not in a call: a call that is dropped abandons nothing, and the next one goes
/// on with it. A token server may have replaced its refresh token meanwhile.
pub(crate) struct TokenCache {
    state: Mutex<State>,
    waiting: Arc<Waiting>,
}

#[derive(Default)]
struct State {
    held: Option<Arc<HeldToken>>,
    fetching: Option<(Instant, FetchToken)>,
    /// The number of fetches that ended.
    ended: u64,
    /// Why the last fetch failed, if it did.
    failure: Option<Arc<Error>>,
}

impl TokenCache {
    pub(crate) fn new() -> Self {
        Self { state: Mutex::default(), waiting: Arc::default() }
    }

    /// The token that would be sent now.
    pub(crate) fn held(&self) -> Option<Arc<HeldToken>> {
        self.state().held.clone()
    }

    /// Forgets a token that the server refused, unless there is another one already.
    pub(crate) fn reject(&self, refused: &Arc<HeldToken>) {
        let mut state = self.state();
        if state.held.as_ref().is_some_and(|it| Arc::ptr_eq(it, refused)) {
            state.held = None;
        }
    }

    /// A token that has not expired: the one that is there, or one that `fetch` starts to fetch, once for all who wait.
    pub(crate) async fn get(
        &self,
        clock: &dyn Clock,
        fetch: impl Fn() -> FetchToken,
    ) -> Result<Arc<HeldToken>, Arc<Error>> {
        let mut since = None;
        poll_fn(|context| {
            let here = std::ptr::from_ref(self) as usize;
            if FETCHING.get() == here {
                let message = "the source of the token makes a call that needs the token itself";
                return Poll::Ready(Err(Arc::new(Error::config(message))));
            }
            let mut state = self.state();
            let now = clock.now();
            if let Some(held) = state.held.as_ref().filter(|it| it.renew_at.is_none_or(|at| now < at)) {
                return Poll::Ready(Ok(Arc::clone(held)));
            }
            let began = *since.get_or_insert(state.ended);
            if state.ended > began
                && let Some(outcome) = state.outcome(now)
            {
                return Poll::Ready(outcome);
            }
            self.waiting.add(context.waker());
            let (requested_at, mut fetching) = state.fetching.take().unwrap_or_else(|| (now, fetch()));
            let outer = FETCHING.replace(here);
            let reset = Reset(outer);
            let polled = fetching.as_mut().poll(&mut Context::from_waker(&Waker::from(Arc::clone(&self.waiting))));
            drop(reset);
            let Poll::Ready(fetched) = polled else {
                state.fetching = Some((requested_at, fetching));
                return Poll::Pending;
            };
            state.ended += 1;
            match fetched {
                Ok(token) => {
                    let held = Arc::new(HeldToken::new(token, requested_at));
                    state.held = Some(Arc::clone(&held));
                    state.failure = None;
                    self.waiting.wake_all();
                    Poll::Ready(Ok(held))
                }
                Err(error) => {
                    let error = Arc::new(error);
                    state.failure = Some(Arc::clone(&error));
                    self.waiting.wake_all();
                    Poll::Ready(state.outcome(clock.now()).unwrap_or(Err(error)))
                }
            }
        })
        .await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A source that panics leaves no fetch behind, and the rest is whole.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// What a fetch brought that has ended: a token, even one that lives only for this call, or a failure. A token that
    /// should have been renewed is good until it expires.
    fn outcome(&self, now: Instant) -> Option<Result<Arc<HeldToken>, Arc<Error>>> {
        let held = self.held.as_ref();
        match &self.failure {
            None => held.map(|it| Ok(Arc::clone(it))),
            Some(error) => match held.filter(|it| it.expires_at.is_none_or(|at| now < at)) {
                Some(held) => Some(Ok(Arc::clone(held))),
                None => Some(Err(Arc::clone(error))),
            },
        }
    }
}

impl fmt::Debug for TokenCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenCache")
    }
}

thread_local! {
    /// The cache whose fetch this thread polls.
    static FETCHING: Cell<usize> = const { Cell::new(0) };
}

/// Sets [`FETCHING`] back, also if the source panics.
struct Reset(usize);

impl Drop for Reset {
    fn drop(&mut self) {
        FETCHING.set(self.0);
    }
}

/// The wakers of all calls that wait for a fetch.
#[derive(Default)]
struct Waiting(Mutex<Vec<Waker>>);

impl Waiting {
    fn add(&self, waker: &Waker) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.iter().any(|it| it.will_wake(waker)) {
            all.push(waker.clone());
        }
    }

    fn wake_all(&self) {
        let all = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        all.into_iter().for_each(Waker::wake);
    }
}

impl Wake for Waiting {
    fn wake(self: Arc<Self>) {
        self.wake_all();
    }
}
