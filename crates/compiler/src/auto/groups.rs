//! Groups of options: what the decision tells apart.

use prequal::policy::{Cells, Id, Kind, Node, NodeId, OptionGroup, Precision, Program, Value};

use super::{nothing, too_many};
use crate::arena::Finished;
use crate::decide::Roots;
use crate::document::Sink;
use crate::features::BuiltFeature;
use crate::source::Span;
use crate::tables::BuiltTable;

/// The choices whose groups the compiler chooses. Those that flow together
/// into one step are one class and share their groups.
#[derive(Debug)]
pub(crate) struct Choices {
    pub(super) classes: Vec<Class>,
    /// The class that each step yields a value of.
    pub(super) of_step: Vec<Option<usize>>,
}

#[derive(Debug, Default)]
pub(super) struct Class {
    pub(super) features: Vec<usize>,
    options: Vec<Id>,
    /// Sets of options that something takes in, and not the others.
    sets: Vec<Vec<bool>>,
    /// Whether something tells every option from every other.
    whole: bool,
    site: Option<Span>,
    /// The group of each option, once settled.
    pub(super) group_of: Vec<usize>,
}

impl Choices {
    /// Looks at every step, row and bin that reads such a choice.
    pub(crate) fn of(
        features: &[BuiltFeature],
        finished: &Finished,
        tables: &[BuiltTable],
        roots: &Roots,
    ) -> Choices {
        let mut choices = Choices {
            classes: Vec::new(),
            of_step: Vec::new(),
        };
        for (index, feature) in features.iter().enumerate() {
            if let (Some(_), Kind::Choice(options)) = (feature.auto, &feature.feature.kind) {
                choices.classes.push(Class {
                    features: vec![index],
                    options: options.clone(),
                    ..Class::default()
                });
            }
        }
        let program = &finished.program;
        for (node, sites) in program.nodes.iter().zip(&finished.sites) {
            let class = choices.flow(node, program);
            choices.of_step.push(class);
            choices.read(node, program, tables, sites.first());
        }
        for characteristic in roots.characteristics() {
            for bin in &characteristic.bins {
                choices.take_in(characteristic.column.node, &bin.it.cells, Some(&bin.span));
            }
        }
        choices
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    pub(super) fn class(&self, node: NodeId) -> Option<usize> {
        self.of_step.get(usize::from(node)).copied().flatten()
    }

    /// The class of a step that hands a choice on.
    fn flow(&mut self, node: &Node, program: &Program) -> Option<usize> {
        if let Node::Input(input) = node {
            let holds = |class: &Class| class.features.contains(&usize::from(*input));
            return self.classes.iter().position(holds);
        }
        let handed = handed_on(node);
        let class = handed.iter().find_map(|operand| self.class(*operand))?;
        for operand in handed {
            match self.class(operand) {
                Some(other) if other != class => self.join(class, other),
                Some(_) => {}
                None if is_constant(operand, program) => {}
                None => self.tell_all_apart(class),
            }
        }
        Some(class)
    }

    /// What a step asks of the choices that it reads.
    fn read(&mut self, node: &Node, program: &Program, tables: &[BuiltTable], site: Option<&Span>) {
        match node {
            Node::Within(a, cells) => self.take_in(*a, cells, site),
            Node::Eq(a, b) => self.equal(*a, *b, program, site),
            Node::Lookup(table, operands)
            | Node::Collect {
                table, operands, ..
            } => {
                let Some(table) = tables.get(usize::from(*table)) else {
                    return;
                };
                for (row, span) in table.table.rows.iter().zip(&table.rows) {
                    for (operand, cells) in operands.iter().zip(&row.cells) {
                        self.take_in(*operand, cells, Some(span));
                    }
                }
            }
            Node::IsMissing(_) => {}
            other => {
                let handed = handed_on(other);
                let mut read = Vec::new();
                other.for_each_operand(|operand| read.push(operand));
                for operand in read.into_iter().filter(|o| !handed.contains(o)) {
                    if let Some(class) = self.class(operand) {
                        self.tell_all_apart(class);
                    }
                }
            }
        }
    }

    fn equal(&mut self, a: NodeId, b: NodeId, program: &Program, site: Option<&Span>) {
        for (this, other) in [(a, b), (b, a)] {
            let Some(class) = self.class(this) else {
                continue;
            };
            match (program.nodes.get(usize::from(other)), self.class(other)) {
                (Some(Node::Const(option)), _) => {
                    let cells = Cells::Of {
                        intervals: vec![(*option, *option)],
                        missing: false,
                    };
                    self.take_in(this, &cells, site);
                }
                (_, Some(other)) if other != class => {
                    self.join(class, other);
                    self.tell_all_apart(class);
                }
                _ => self.tell_all_apart(class),
            }
        }
    }

    fn take_in(&mut self, node: NodeId, cells: &Cells, site: Option<&Span>) {
        let class = self.class(node);
        if let Some(class) = class.and_then(|class| self.classes.get_mut(class)) {
            let options = 0..i64::try_from(class.options.len()).unwrap_or(0);
            let set: Vec<bool> = options.map(|o| cells.contains(Value::new(o))).collect();
            if set.contains(&true) && set.contains(&false) {
                class.site = class.site.take().or_else(|| site.cloned());
                class.sets.push(set);
            }
        }
    }

    fn tell_all_apart(&mut self, class: usize) {
        if let Some(class) = self.classes.get_mut(class) {
            class.whole = true;
        }
    }

    /// Makes two classes one.
    fn join(&mut self, kept: usize, other: usize) {
        let Some(taken) = self.classes.get_mut(other).map(std::mem::take) else {
            return;
        };
        if let Some(class) = self.classes.get_mut(kept) {
            class.features.extend(taken.features);
            class.sets.extend(taken.sets);
            class.whole |= taken.whole;
            class.site = class.site.take().or(taken.site);
        }
        for class in &mut self.of_step {
            if *class == Some(other) {
                *class = Some(kept);
            }
        }
    }

    /// Gives each of the features its groups.
    pub(crate) fn settle(&mut self, features: &mut [BuiltFeature], sink: &mut Sink) {
        for class in &mut self.classes {
            let groups = class.settle();
            let named: Vec<OptionGroup> = named(&class.options, &groups);
            for index in &class.features {
                let Some(feature) = features.get_mut(*index) else {
                    continue;
                };
                if groups.len() < 2 {
                    sink.push(nothing(feature, "nothing tells apart the options of"));
                }
                let cells = groups.len() as i64 + i64::from(feature.range.optional);
                if let Some(most) = feature.auto.filter(|most| cells > *most) {
                    let names: Vec<String> = named.iter().map(|g| format!("`{}`", g.id)).collect();
                    let from = class.site.as_ref().unwrap_or(&feature.span);
                    sink.push(too_many(feature, cells, most, "groups", &names, from));
                }
                feature.reduce_by(Precision::Groups(named.clone()));
            }
        }
    }
}

impl Class {
    /// Options that nothing tells apart are one group; the groups stand in the
    /// order of their first options.
    fn settle(&mut self) -> Vec<Vec<usize>> {
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for option in 0..self.options.len() {
            let alike = |group: &Vec<usize>| {
                group.first().is_some_and(|first| {
                    let mut sets = self.sets.iter();
                    !self.whole && sets.all(|set| set.get(option) == set.get(*first))
                })
            };
            let group = groups.iter().position(alike).unwrap_or_else(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            self.group_of.push(group);
            if let Some(group) = groups.get_mut(group) {
                group.push(option);
            }
        }
        groups
    }
}

/// The operands whose value a step hands on as it is.
pub(super) fn handed_on(node: &Node) -> Vec<NodeId> {
    match node {
        Node::Else(a, b) | Node::If(_, a, b) => vec![*a, *b],
        Node::When(_, a) => vec![*a],
        _ => Vec::new(),
    }
}

fn is_constant(node: NodeId, program: &Program) -> bool {
    matches!(program.nodes.get(usize::from(node)), Some(Node::Const(_)))
}

/// A group of one option keeps its name; several are joined with `-`, at most
/// as long as a name may be.
fn named(options: &[Id], groups: &[Vec<usize>]) -> Vec<OptionGroup> {
    let single = |group: &Vec<usize>| match group.as_slice() {
        [option] => options.get(*option).cloned(),
        _ => None,
    };
    let mut names: Vec<Option<Id>> = groups.iter().map(single).collect();
    for (at, group) in groups.iter().enumerate().filter(|(_, g)| g.len() != 1) {
        let members = group.iter().filter_map(|option| options.get(*option));
        let joined: Vec<&str> = members.map(Id::as_str).collect();
        let joined = joined.join("-");
        let name = (1..).find_map(|n: usize| {
            let suffix = if n == 1 {
                String::new()
            } else {
                format!("-{n}")
            };
            let kept: String = joined.chars().take(Id::MAX_LEN - suffix.len()).collect();
            let id = Id::try_from(kept + &suffix).ok()?;
            let taken = names.iter().flatten().any(|other| *other == id);
            (!taken && id.as_str() != "missing").then_some(id)
        });
        if let Some(slot) = names.get_mut(at) {
            *slot = name;
        }
    }
    let grouped = names.into_iter().zip(groups);
    let grouped = grouped.filter_map(|(id, group)| {
        let members = group
            .iter()
            .filter_map(|option| u16::try_from(*option).ok());
        Some(OptionGroup {
            id: id?,
            options: members.collect(),
        })
    });
    grouped.collect()
}

#[cfg(test)]
#[allow(clippy::expect_used, reason = "a test")]
mod tests {
    use super::*;

    fn id(text: &str) -> Id {
        Id::try_from(text.to_owned()).expect("a name")
    }

    #[test]
    fn names_of_groups_are_short_and_differ() {
        let long = "a-rather-long-name-of-an-option";
        let options = ["own", "rent", "family", "rent-family", long, "x"].map(id);
        let groups = [vec![0], vec![1, 2], vec![3], vec![4, 5, 0]];
        let names: Vec<String> = named(&options, &groups)
            .iter()
            .map(|group| group.id.to_string())
            .collect();
        let cut = "a-rather-long-name-of-an-option-x-own";
        assert_eq!(names, ["own", "rent-family-2", "rent-family", cut]);
        let many: Vec<Id> = (0..30).map(|n| id(&format!("option{n}"))).collect();
        let all = named(&many, &[(0..30).collect()]);
        assert!(
            all.iter()
                .all(|group| group.id.as_str().len() == Id::MAX_LEN)
        );
    }
}
