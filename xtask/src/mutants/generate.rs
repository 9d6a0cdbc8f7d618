//! The changes of a method's body: each is one edit of the source text.
//!
//! | change | what it asks |
//! |---|---|
//! | delete a statement, or the refusal of `let … else` | is each guard, effect and event needed? |
//! | negate a condition, swap a comparison, `&&` and `\|\|`, `+` and `-`, `true` and `false` | is each decision tested on both sides? |
//! | swap two guards that follow each other | is the order of refusals tested? |
//! | move a statement to the other side of a call | is it tested that effects come before calls, and what comes after them? |
//! | ignore a failure, answer `Ok(())` at once | is a call's failure passed on, is the rest done? |

use super::edit::{self, Mutant};
use eyre::{Result, WrapErr};
use std::ops::Range;
use syn::spanned::Spanned;
use syn::{BinOp, Block, Expr, ImplItem, Item, Lit, Pat, ReturnType, Signature, Stmt, TraitItem, TraitItemFn};

/// All mutants of the functions of a file, in the order of the text. No two have the same name.
///
/// # Errors
/// Where the text is not Rust.
pub(super) fn mutants(text: &str) -> Result<Vec<Mutant>> {
    let file = syn::parse_file(text).wrap_err("not Rust")?;
    let mut found = Vec::new();
    for item in &file.items {
        match item {
            Item::Fn(item) => function(text, &item.sig, &item.block, &mut found),
            Item::Impl(item) => {
                for item in &item.items {
                    if let ImplItem::Fn(item) = item {
                        function(text, &item.sig, &item.block, &mut found);
                    }
                }
            }
            // The methods that a component brings.
            Item::Trait(item) => {
                for item in &item.items {
                    if let TraitItem::Fn(TraitItemFn { sig, default: Some(body), .. }) = item {
                        function(text, sig, body, &mut found);
                    }
                }
            }
            _ => {}
        }
    }
    edit::number(&mut found);
    Ok(found)
}

fn function(text: &str, signature: &Signature, body: &Block, found: &mut Vec<Mutant>) {
    let mut walk = Walk { text, function: signature.ident.to_string(), found };
    walk.block(body);
    // A body that ends by handing on to another.
    let nothing = matches!(&signature.output, ReturnType::Type(_, output)
        if squeezed(&text[output.span().byte_range()]).starts_with("Result<(),"));
    if let (true, Some(Stmt::Expr(tail @ (Expr::Call(_) | Expr::MethodCall(_)), None))) = (nothing, body.stmts.last())
        && !walk.shown(tail).starts_with("Ok(")
    {
        walk.replace(tail, "Ok(())");
    }
}

struct Walk<'a> {
    text: &'a str,
    function: String,
    found: &'a mut Vec<Mutant>,
}

impl Walk<'_> {
    fn block(&mut self, block: &Block) {
        for statement in &block.stmts {
            self.statement(statement);
        }
        for pair in block.stmts.windows(2) {
            if self.is_guard(&pair[0]) && self.is_guard(&pair[1]) {
                let what = format!("swap {} and {}", self.shown(&pair[0]), self.shown(&pair[1]));
                self.move_behind(&pair[0], &pair[1], what);
            }
        }
        for (index, call) in block.stmts.iter().enumerate() {
            if !matches!(call, Stmt::Expr(..)) || !self.is_outward(call) {
                continue;
            }
            let (before, after) = (&block.stmts[..index], &block.stmts[index + 1..]);
            for moved in before {
                if !self.is_movable(moved) {
                    continue;
                }
                let what = format!("move {} behind {}", self.shown(moved), self.shown(call));
                self.move_behind(moved, call, what);
            }
            for moved in after {
                if !self.is_movable(moved) {
                    continue;
                }
                let what = format!("move {} before {}", self.shown(moved), self.shown(call));
                self.move_before(moved, call, what);
            }
        }
    }

    fn statement(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Local(local) => {
                if let Some(init) = &local.init {
                    self.expression(&init.expr);
                    if let Some((_, diverge)) = &init.diverge {
                        self.expression(diverge);
                        self.default(statement, &local.pat, &init.expr, diverge);
                    }
                }
            }
            Stmt::Expr(expression, end) => {
                let jump = matches!(expression, Expr::Return(_) | Expr::Break(_) | Expr::Continue(_));
                if !jump && (end.is_some() || self.is_guard(statement)) {
                    self.change(
                        statement.span().byte_range(),
                        String::new(),
                        format!("delete {}", self.shown(statement)),
                    );
                }
                if let (Expr::Try(failing), Some(_), true) = (expression, end, self.is_outward(statement)) {
                    let with = format!("let _ = {}", &self.text[failing.expr.span().byte_range()]);
                    self.change(expression.span().byte_range(), with, format!("ignore {}", self.shown(statement)));
                }
                self.expression(expression);
            }
            // `ensure!(…);` and the like.
            Stmt::Macro(_) => {
                self.change(statement.span().byte_range(), String::new(), format!("delete {}", self.shown(statement)));
            }
            Stmt::Item(_) => {}
        }
    }

    fn expression(&mut self, expression: &Expr) {
        match expression {
            Expr::Binary(binary) => {
                if let Some(with) = other(&binary.op) {
                    let what = format!("{with} in {}", self.shown(expression));
                    self.change(binary.op.span().byte_range(), with.to_owned(), what);
                }
                self.expression(&binary.left);
                self.expression(&binary.right);
            }
            Expr::If(branch) => {
                self.negate(&branch.cond);
                self.expression(&branch.cond);
                self.block(&branch.then_branch);
                if let Some((_, other)) = &branch.else_branch {
                    self.expression(other);
                }
            }
            Expr::Lit(literal) => {
                if let Lit::Bool(value) = &literal.lit {
                    self.replace(expression, if value.value { "false" } else { "true" });
                }
            }
            Expr::Match(choice) => {
                self.expression(&choice.expr);
                for arm in &choice.arms {
                    if let Pat::Guard(pattern) = &arm.pat {
                        self.negate(&pattern.guard);
                        self.expression(&pattern.guard);
                    }
                    self.expression(&arm.body);
                }
            }
            Expr::Loop(repeated) => self.block(&repeated.body),
            Expr::While(repeated) => {
                self.expression(&repeated.cond);
                self.block(&repeated.body);
            }
            Expr::ForLoop(repeated) => {
                self.expression(&repeated.expr);
                self.block(&repeated.body);
            }
            Expr::Block(inner) => self.block(&inner.block),
            Expr::Call(call) => call.args.iter().for_each(|argument| self.expression(argument)),
            Expr::MethodCall(call) => {
                self.expression(&call.receiver);
                call.args.iter().for_each(|argument| self.expression(argument));
            }
            Expr::Struct(fields) => fields.fields.iter().for_each(|field| self.expression(&field.expr)),
            Expr::Tuple(tuple) => tuple.elems.iter().for_each(|element| self.expression(element)),
            Expr::Array(array) => array.elems.iter().for_each(|element| self.expression(element)),
            Expr::Assign(assigned) => self.expression(&assigned.right),
            Expr::Closure(closure) => self.expression(&closure.body),
            Expr::Let(bound) => self.expression(&bound.expr),
            Expr::Return(returned) => returned.expr.iter().for_each(|value| self.expression(value)),
            Expr::Try(inner) => self.expression(&inner.expr),
            Expr::Paren(inner) => self.expression(&inner.expr),
            Expr::Unary(inner) => self.expression(&inner.expr),
            Expr::Reference(inner) => self.expression(&inner.expr),
            Expr::Cast(inner) => self.expression(&inner.expr),
            Expr::Field(inner) => self.expression(&inner.base),
            _ => {}
        }
    }

    /// `let Some(one) = found else { return Err(…) };` goes on with the type's default instead.
    fn default(&mut self, statement: &Stmt, pattern: &Pat, value: &Expr, diverge: &Expr) {
        let Pat::TupleStruct(pattern) = pattern else { return };
        if let (Some(bound), 1) = (pattern.elems.first(), pattern.elems.len())
            && self.whole(diverge).contains("return Err(")
        {
            let [bound, value] = [bound.span(), value.span()].map(|span| &self.text[span.byte_range()]);
            let with = format!("let {bound} = ({value}).unwrap_or_default();");
            self.change(
                statement.span().byte_range(),
                with,
                format!("delete the refusal of {}", self.shown(statement)),
            );
        }
    }

    /// A condition that binds names cannot be negated, and of `==` and `!=` each is the other's negation already.
    fn negate(&mut self, condition: &Expr) {
        let equality = matches!(condition, Expr::Binary(binary) if matches!(binary.op, BinOp::Eq(_) | BinOp::Ne(_)));
        let range = condition.span().byte_range();
        if equality || self.text[range.clone()].contains("let ") {
            return;
        }
        let with = format!("!({})", &self.text[range.clone()]);
        self.change(range, with, format!("negate {}", self.shown(condition)));
    }

    fn replace(&mut self, old: &impl Spanned, with: &str) {
        let what = format!("{with} for {}", self.shown(old));
        self.change(old.span().byte_range(), with.to_owned(), what);
    }

    fn move_behind(&mut self, moved: &Stmt, other: &Stmt, what: String) {
        let (from, to) = (moved.span().byte_range(), other.span().byte_range());
        let with = [&self.text[from.end..to.end], " ", &self.text[from.clone()]].concat();
        self.change(from.start..to.end, with, what);
    }

    fn move_before(&mut self, moved: &Stmt, other: &Stmt, what: String) {
        let (from, to) = (moved.span().byte_range(), other.span().byte_range());
        let with = [&self.text[from.clone()], " ", &self.text[to.start..from.start]].concat();
        self.change(to.start..from.end, with, what);
    }

    fn change(&mut self, range: Range<usize>, with: String, what: String) {
        self.found.push(Mutant::new(format!("{}: {what}", self.function), range, with));
    }

    /// A statement that may refuse and does nothing else.
    fn is_guard(&self, statement: &Stmt) -> bool {
        let text = self.whole(statement);
        match statement {
            Stmt::Expr(Expr::If(branch), _) => branch.else_branch.is_none() && text.contains("return Err("),
            Stmt::Expr(Expr::Try(_), Some(_)) => !self.is_outward(statement),
            Stmt::Macro(_) => text.starts_with("ensure!"),
            _ => false,
        }
    }

    /// A statement that can stand elsewhere in its block.
    fn is_movable(&self, statement: &Stmt) -> bool {
        let jump = |expression: &Expr| matches!(expression, Expr::Return(_) | Expr::Break(_) | Expr::Continue(_));
        matches!(statement, Stmt::Expr(expression, Some(_)) if !jump(expression)) && !self.is_outward(statement)
    }

    /// Whether a statement calls other code: by the ABI layer's typed calls, which take the contract itself as their first
    /// argument, or by a raw call.
    fn is_outward(&self, statement: &Stmt) -> bool {
        let text: String = self.whole(statement).split(' ').collect();
        let typed = text.match_indices("(self").any(|(at, found)| {
            let next = text[at + found.len()..].chars().next();
            matches!(next, Some(',' | ')')) && !text[..at].ends_with(".log")
        });
        typed || ["self.call(", "self.static_call(", "self.perform("].iter().any(|call| text.contains(call))
    }

    /// A part of the source on one line.
    fn whole(&self, part: &impl Spanned) -> String {
        squeezed(&self.text[part.span().byte_range()])
    }

    /// The same, not too long.
    fn shown(&self, part: &impl Spanned) -> String {
        let text = self.whole(part);
        match text.char_indices().nth(100) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        }
    }
}

/// What a comparison or an operator is changed to.
fn other(operator: &BinOp) -> Option<&'static str> {
    Some(match operator {
        BinOp::Eq(_) => "!=",
        BinOp::Ne(_) => "==",
        BinOp::Lt(_) => "<=",
        BinOp::Le(_) => "<",
        BinOp::Gt(_) => ">=",
        BinOp::Ge(_) => ">",
        BinOp::And(_) => "||",
        BinOp::Or(_) => "&&",
        BinOp::Add(_) => "-",
        BinOp::Sub(_) => "+",
        BinOp::AddAssign(_) => "-=",
        BinOp::SubAssign(_) => "+=",
        _ => return None,
    })
}

fn squeezed(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
