//! The started tasks and their progress. The number is limited, and the oldest tasks are forgotten first.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::answers::{Ids, State};
use crate::settings::Pace;

/// The maximum size of one remembered request, in bytes. In larger requests, long texts are cut.
const MOST_REQUEST: usize = 8 * 1024;
/// The length to which a long text is cut, in characters.
const TEXT_LEFT: usize = 200;
/// The length to which a long list is cut.
const ITEMS_LEFT: usize = 100;

/// A started task.
#[derive(Debug)]
pub(crate) struct Task {
    pub(crate) api: Arc<str>,
    pub(crate) operation: Arc<str>,
    /// All parameters by name, as JSON text, which takes a fifth of the memory of values.
    pub(crate) request: Arc<[u8]>,
    pub(crate) fails: bool,
    started: Instant,
    polls: u32,
    /// The progress that callbacks have reported, in percent.
    told: u32,
}

/// The current state of a task.
#[derive(Clone, Debug)]
pub(crate) struct TaskProgress {
    pub(crate) api: Arc<str>,
    pub(crate) operation: Arc<str>,
    pub(crate) request: Arc<[u8]>,
    pub(crate) fails: bool,
    /// The progress in percent; 100 is the end.
    pub(crate) progress: u32,
}

/// All tasks.
#[derive(Debug)]
pub(crate) struct Tasks {
    by_id: HashMap<Arc<str>, Task>,
    order: VecDeque<Arc<str>>,
    bytes: usize,
    made: u64,
    seed: u64,
    most: usize,
    most_bytes: usize,
}

impl Tasks {
    pub(crate) fn new(seed: u64, most: usize, most_bytes: usize) -> Self {
        Self { by_id: HashMap::new(), order: VecDeque::new(), bytes: 0, made: 0, seed, most, most_bytes }
    }

    /// Remembers a task, and returns its id.
    pub(crate) fn start(
        &mut self,
        api: &Arc<str>,
        operation: &Arc<str>,
        ids: &Ids,
        request: &Value,
        fails: bool,
    ) -> Arc<str> {
        let request = remembered(request);
        while self.by_id.len() >= self.most || self.bytes + request.len() > self.most_bytes {
            let Some(oldest) = self.order.pop_front() else { break };
            if let Some(task) = self.by_id.remove(&oldest) {
                self.bytes -= task.request.len();
            }
        }
        let id = self.next_id(ids);
        self.bytes += request.len();
        let task = Task {
            api: Arc::clone(api),
            operation: Arc::clone(operation),
            request: request.into(),
            fails,
            started: Instant::now(),
            polls: 0,
            told: 0,
        };
        match self.by_id.insert(Arc::clone(&id), task) {
            // It replaces the task with the same id.
            Some(other) => self.bytes -= other.request.len(),
            None => self.order.push_back(Arc::clone(&id)),
        }
        id
    }

    /// An unused id. A form with fewer ids than tasks repeats one.
    fn next_id(&mut self, ids: &Ids) -> Arc<str> {
        let mut id = ids.nth(self.seed, self.made);
        self.made += 1;
        for _ in 0..=self.by_id.len() {
            if !self.by_id.contains_key(id.as_str()) {
                break;
            }
            id = ids.nth(self.seed, self.made);
            self.made += 1;
        }
        id.into()
    }

    /// Returns a task without changing its progress.
    pub(crate) fn get(&self, id: &str) -> Option<&Task> {
        self.by_id.get(id)
    }

    /// A poll: counts it, and returns the progress of the task.
    pub(crate) fn poll(&mut self, id: &str, pace: Pace) -> Option<TaskProgress> {
        let task = self.by_id.get_mut(id)?;
        task.polls = task.polls.saturating_add(1);
        Some(task.progress_state(task.progress(pace)))
    }

    /// The progress of a task after the earlier polls.
    pub(crate) fn progress_of(&self, id: &str, pace: Pace) -> Option<TaskProgress> {
        let task = self.by_id.get(id)?;
        Some(task.progress_state(task.progress(pace)))
    }

    /// A callback has reported this progress. Later polls report at least as much.
    pub(crate) fn advance_by_callback(&mut self, id: &str, progress: u32) -> Option<TaskProgress> {
        let task = self.by_id.get_mut(id)?;
        task.told = task.told.max(progress);
        Some(task.progress_state(progress))
    }

    pub(crate) fn len(&self) -> usize {
        self.by_id.len()
    }
}

impl Task {
    fn progress(&self, pace: Pace) -> u32 {
        match pace {
            Pace::Polls(n) if self.polls >= n => 100,
            Pace::Polls(_) if self.polls == 0 => 0,
            Pace::Polls(n) => (100 * (u64::from(self.polls) - 1)).div_ceil(u64::from(n) - 1).min(99) as u32,
            Pace::Time(whole) => elapsed_share(self.started.elapsed(), whole),
        }
    }

    fn progress_state(&self, progress: u32) -> TaskProgress {
        TaskProgress {
            api: Arc::clone(&self.api),
            operation: Arc::clone(&self.operation),
            request: Arc::clone(&self.request),
            fails: self.fails,
            progress: progress.max(self.told),
        }
    }
}

/// The state at this progress in percent: first pending, then stage by stage, then the end.
pub(crate) fn state(progress: u32, stages: &[String], fails: bool) -> State {
    if progress >= 100 {
        return if fails { State::Failed } else { State::Completed };
    }
    let step = progress as usize * (stages.len() + 1) / 100;
    match step.checked_sub(1).and_then(|it| stages.get(it)) {
        Some(stage) => State::Stage(stage.clone()),
        None => State::Pending,
    }
}

/// The progress of a task that has just reached a stage, counted from 0.
pub(crate) fn progress_of_stage(stage: usize, stages: usize) -> u32 {
    u32::try_from((100 * (stage + 1)).div_ceil(stages + 1)).unwrap_or(99).min(99)
}

fn elapsed_share(time: Duration, whole: Duration) -> u32 {
    if time >= whole {
        return 100;
    }
    u32::try_from(100 * time.as_micros() / whole.as_micros().max(1)).unwrap_or(99)
}

fn remembered(request: &Value) -> Vec<u8> {
    let text = request.to_string();
    if text.len() <= MOST_REQUEST {
        return text.into_bytes();
    }
    let mut short = request.clone();
    shorten(&mut short);
    let text = short.to_string();
    if text.len() <= 4 * MOST_REQUEST { text.into_bytes() } else { b"{}".to_vec() }
}

fn shorten(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some((end, _)) = text.char_indices().nth(TEXT_LEFT) {
                text.truncate(end);
            }
        }
        Value::Array(items) => {
            items.truncate(ITEMS_LEFT);
            items.iter_mut().for_each(shorten);
        }
        Value::Object(fields) => fields.values_mut().for_each(shorten),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a panic is how a test fails")]

    use serde_json::json;

    use super::*;

    fn tasks(most: usize, bytes: usize) -> Tasks {
        Tasks::new(7, most, bytes)
    }

    fn start(tasks: &mut Tasks, request: &Value) -> Arc<str> {
        tasks.start(&"a".into(), &"b.c".into(), &Ids::default(), request, false)
    }

    #[test]
    fn states_follow_in_order() {
        let stages = ["sketched".to_owned(), "inked".to_owned()];
        let of = |progress| state(progress, &stages, false);
        assert_eq!(of(0), State::Pending);
        assert_eq!(of(33), State::Pending);
        assert_eq!(of(34), State::Stage("sketched".to_owned()));
        assert_eq!(of(67), State::Stage("inked".to_owned()));
        assert_eq!(of(99), State::Stage("inked".to_owned()));
        assert_eq!(of(100), State::Completed);
        assert_eq!(state(100, &stages, true), State::Failed);
        for (index, stage) in stages.iter().enumerate() {
            assert_eq!(of(progress_of_stage(index, 2)), State::Stage(stage.clone()));
        }
    }

    #[test]
    fn polls_advance_a_task() {
        let mut tasks = tasks(10, 1000);
        let id = start(&mut tasks, &json!({}));
        let progress = |tasks: &mut Tasks| tasks.poll(&id, Pace::Polls(3)).unwrap().progress;
        assert_eq!([(); 4].map(|()| progress(&mut tasks)), [0, 50, 100, 100]);
        assert_eq!(tasks.progress_of(&id, Pace::Polls(3)).unwrap().progress, 100);
        assert_eq!(tasks.progress_of(&id, Pace::Polls(9)).unwrap().progress, 38);
        assert!(tasks.poll("task_0", Pace::Polls(3)).is_none());
        let id = start(&mut tasks, &json!({}));
        assert_eq!(tasks.poll(&id, Pace::Polls(1)).unwrap().progress, 100);
        let id = start(&mut tasks, &json!({}));
        assert_eq!(tasks.poll(&id, Pace::Polls(0)).unwrap().progress, 100);
        let id = start(&mut tasks, &json!({}));
        tasks.advance_by_callback(&id, 100);
        assert_eq!(tasks.poll(&id, Pace::Polls(9)).unwrap().progress, 100);
    }

    #[test]
    fn the_oldest_are_forgotten() {
        let mut tasks = tasks(2, 1000);
        let ids = [(); 3].map(|()| start(&mut tasks, &json!({"a": 1})));
        assert!(tasks.get(&ids[0]).is_none());
        assert!(tasks.get(&ids[1]).is_some() && tasks.get(&ids[2]).is_some());
        assert_eq!(tasks.len(), 2);
        let mut tasks = self::tasks(100, 20);
        let ids = [(); 3].map(|()| start(&mut tasks, &json!({"a": 1234})));
        assert!(tasks.get(&ids[0]).is_none() && tasks.get(&ids[2]).is_some());
        assert_eq!(tasks.bytes, 20);
    }

    #[test]
    fn long_requests_are_cut() {
        let long = json!({"model": "m", "data": "x".repeat(100_000), "all": vec![1; 5000]});
        let kept: Value = serde_json::from_slice(&remembered(&long)).unwrap();
        assert_eq!(kept["model"], "m");
        assert_eq!(kept["data"].as_str().unwrap().len(), TEXT_LEFT);
        assert_eq!(kept["all"].as_array().unwrap().len(), ITEMS_LEFT);
    }
}
