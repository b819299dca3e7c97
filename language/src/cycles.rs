//! Finds the nodes of a graph that lead back to themselves. Time and memory are linear in nodes and edges, without
//! recursion.

/// The cycles of a graph whose nodes are numbers.
#[derive(Debug, Default, Hash)]
pub struct Cycles {
    /// For each node the number of its component: nodes of one component all lead to each other.
    component: Vec<usize>,
    /// Nodes on a cycle.
    on_cycle: Vec<bool>,
    /// The nodes by component; a component comes after those that it leads to.
    components: Vec<Vec<usize>>,
}

/// A node whose followers are being looked at.
struct Open {
    node: usize,
    followers: Vec<usize>,
    /// The earliest node that it is known to lead back to, by order of arrival.
    earliest: usize,
}

impl Cycles {
    /// Of the nodes below `n`; `followers` are those that an edge leads to.
    pub fn of(n: usize, followers: impl Fn(usize) -> Vec<usize>) -> Self {
        const NEVER: usize = usize::MAX;
        let mut cycles = Self { component: vec![NEVER; n], on_cycle: vec![false; n], components: Vec::new() };
        let mut arrival = vec![NEVER; n];
        let mut arrived = 0;
        // Nodes that were visited and have no component yet.
        let mut waiting: Vec<usize> = Vec::new();
        for start in 0..n {
            let mut next = (arrival[start] == NEVER).then_some(start);
            let mut path: Vec<Open> = Vec::new();
            loop {
                if let Some(node) = next.take() {
                    arrival[node] = arrived;
                    waiting.push(node);
                    path.push(Open { node, followers: followers(node), earliest: arrived });
                    arrived += 1;
                }
                let Some(open) = path.last_mut() else { break };
                if let Some(follower) = open.followers.pop() {
                    cycles.on_cycle[open.node] |= follower == open.node;
                    if arrival[follower] == NEVER {
                        next = Some(follower);
                    } else if cycles.component[follower] == NEVER {
                        open.earliest = open.earliest.min(arrival[follower]);
                    }
                    continue;
                }
                let Some(done) = path.pop() else { break };
                if let Some(before) = path.last_mut() {
                    before.earliest = before.earliest.min(done.earliest);
                }
                if done.earliest == arrival[done.node] {
                    let from = waiting.iter().rposition(|it| *it == done.node).unwrap_or_default();
                    let members = waiting.split_off(from);
                    for member in &members {
                        cycles.component[*member] = done.node;
                        cycles.on_cycle[*member] |= members.len() > 1;
                    }
                    cycles.components.push(members);
                }
            }
        }
        cycles
    }

    /// Whether a node leads back to itself.
    pub fn is_on_one(&self, node: usize) -> bool {
        self.on_cycle[node]
    }

    /// The nodes by component; a component comes after those that it leads to.
    pub fn components(&self) -> &[Vec<usize>] {
        &self.components
    }

    /// Whether two nodes lead to each other; each leads to itself.
    pub fn are_together(&self, a: usize, b: usize) -> bool {
        self.component[a] == self.component[b]
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::Cycles;

    #[track_caller]
    fn check(n: usize, edges: &[(usize, usize)], on_a_cycle: &[usize], together: &[(usize, usize)]) {
        let followers = |node| edges.iter().filter(|it| it.0 == node).map(|it| it.1).collect();
        let cycles = Cycles::of(n, followers);
        assert_eq!((0..n).filter(|it| cycles.is_on_one(*it)).collect::<Vec<_>>(), on_a_cycle, "{edges:?}");
        let place = |node| cycles.components().iter().position(|it| it.contains(&node));
        assert!(edges.iter().all(|(from, to)| place(*from) >= place(*to)), "{edges:?}: {:?}", cycles.components());
        for a in 0..n {
            for b in 0..a {
                let expected = together.contains(&(b, a));
                assert_eq!(cycles.are_together(a, b), expected, "{edges:?}: {b} and {a}");
            }
        }
    }

    #[test]
    fn what_leads_back_is_found() {
        check(0, &[], &[], &[]);
        check(2, &[(0, 1)], &[], &[]);
        check(2, &[(0, 0), (0, 1)], &[0], &[]);
        check(3, &[(0, 1), (1, 0), (1, 2)], &[0, 1], &[(0, 1)]);
        check(4, &[(3, 2), (2, 1), (1, 3), (0, 1)], &[1, 2, 3], &[(1, 2), (1, 3), (2, 3)]);
        // Two cycles, one leading to the other; a diamond is none.
        check(5, &[(0, 1), (1, 0), (1, 2), (2, 3), (3, 2), (3, 4)], &[0, 1, 2, 3], &[(0, 1), (2, 3)]);
        check(4, &[(0, 1), (0, 2), (1, 3), (2, 3)], &[], &[]);
        // Two cycles that share a node.
        check(3, &[(0, 1), (1, 0), (1, 2), (2, 1)], &[0, 1, 2], &[(0, 1), (0, 2), (1, 2)]);
    }

    #[test]
    fn every_node_is_asked_once_however_long_the_chain() {
        for last in [0, 1] {
            let asked = Cell::new(0);
            const LONG: usize = 100_000;
            let cycles = Cycles::of(LONG, |node| {
                asked.set(asked.get() + 1);
                if node + 1 < LONG { vec![node + 1] } else { vec![0; last] }
            });
            assert_eq!(asked.get(), LONG);
            assert_eq!(cycles.is_on_one(LONG / 2), last == 1);
        }
    }
}
