//! The tracers, by go-ethereum's and Nitro's names.

use super::{
    bundlers::{self, BundlerOptions},
    calls, flat, hosts,
    prestate::{self, PrestateOptions},
    selectors,
    steps::{self, LoggerOptions},
    traced::Traced,
};
use crate::{
    chain::Chain,
    rpc::{
        error::RpcError,
        json,
        members::{member, plain},
        params::{Param, unexpected},
    },
    trace::{CallData, Wanted},
};
use alloy_primitives::{keccak256, map::AddressSet};
use serde_json::{Map, Value, json};
use std::time::Duration;

/// Longest name of a tracer that an error repeats; a script is longer, or has other signs than letters and digits.
const LONGEST_NAME: usize = 64;

/// What is shown of a trace.
#[derive(Debug)]
pub(super) enum Tracer {
    /// The tree of calls.
    Calls { only_top: bool, with_logs: bool },
    /// The calls in a row, as Parity had them.
    Flat(flat::FlatOptions),
    /// How often each selector was called, with the size of its arguments.
    Selectors { precompiles: AddressSet },
    /// What programs asked their host.
    Hosts,
    /// The state that was read.
    Prestate(PrestateOptions),
    /// Each instruction.
    Steps(LoggerOptions),
    /// What a bundler must know.
    Bundlers(BundlerOptions),
    /// What was hashed, by its hash.
    Hashed,
    /// How many instructions there are.
    StepCount,
    /// How often so many opcodes follow one another.
    Sequences(usize),
    /// Several of them, by name.
    Mux(Vec<(String, Self)>),
    /// Nothing.
    Noop,
    /// One, for a message that may take so long.
    Within(Duration, Box<Self>),
}

impl Tracer {
    /// What there is, for who asks for another one.
    const NAMES: &str = "callTracer, flatCallTracer, prestateTracer, erc7562Tracer, keccak256PreimageTracer, \
        4byteTracer, stylusTracer, opcountTracer, unigramTracer, bigramTracer, trigramTracer, muxTracer and noopTracer \
        are supported";

    /// The tracer of that name.
    pub(super) fn named(name: &str, config: &Value, chain: &Chain) -> Result<Self, RpcError> {
        let flags = |kind: &str| match config {
            Value::Null => Ok(Map::new()),
            Value::Object(members) => Ok(members.clone()),
            other => Err(RpcError::failed(unexpected(other, &format!("native.{kind}")))),
        };
        let flag = |members: &Map<String, Value>, name: &str| -> Result<bool, RpcError> {
            member(members, name).map(Option::unwrap_or_default).map_err(RpcError::failed)
        };
        Ok(match name {
            "callTracer" => {
                let config = flags("callTracerConfig")?;
                Self::Calls { only_top: flag(&config, "onlyTopCall")?, with_logs: flag(&config, "withLog")? }
            }
            "flatCallTracer" => {
                let config = flags("flatCallTracerConfig")?;
                let hidden = !flag(&config, "includePrecompiles")?;
                Self::Flat(flat::FlatOptions {
                    parity_errors: flag(&config, "convertParityErrors")?,
                    hidden: hidden.then(|| chain.precompiles().clone()),
                })
            }
            "4byteTracer" => Self::Selectors { precompiles: chain.precompiles().clone() },
            "stylusTracer" => Self::Hosts,
            "prestateTracer" => {
                let config = flags("prestateTracerConfig")?;
                let options = PrestateOptions {
                    diff: flag(&config, "diffMode")?,
                    no_code: flag(&config, "disableCode")?,
                    no_storage: flag(&config, "disableStorage")?,
                    with_empty: flag(&config, "includeEmpty")?,
                };
                if options.diff && options.with_empty {
                    return Err(RpcError::failed("cannot use diffMode with includeEmpty"));
                }
                Self::Prestate(options)
            }
            "erc7562Tracer" => {
                let config = flags("erc7562TracerConfig")?;
                let ignored = match plain(&config, "ignoredOpcodes") {
                    None => bundlers::ignored(),
                    Some(Value::Array(list)) => {
                        let codes: Result<_, _> = list.iter().map(|code| u64::read(code.clone())).collect();
                        codes.map_err(RpcError::failed)?
                    }
                    Some(other) => return Err(RpcError::failed(unexpected(other, "[]hexutil.Uint64"))),
                };
                Self::Bundlers(BundlerOptions { ignored, with_logs: flag(&config, "withLog")? })
            }
            "keccak256PreimageTracer" => Self::Hashed,
            "opcountTracer" => Self::StepCount,
            "unigramTracer" => Self::Sequences(1),
            "bigramTracer" => Self::Sequences(2),
            "trigramTracer" => Self::Sequences(3),
            "muxTracer" => {
                let inner = flags("muxTracerConfig")?;
                let inner = inner.into_iter().map(|(name, config)| {
                    let tracer = Self::named(&name, &config, chain)?;
                    Ok((name, tracer))
                });
                Self::Mux(inner.collect::<Result<_, RpcError>>()?)
            }
            "noopTracer" => Self::Noop,
            other => return Err(Self::unknown(other)),
        })
    }

    /// What must be recorded for it.
    pub(super) fn wanted(&self) -> Wanted {
        let bare = Wanted::bare();
        let counting = |len: usize| {
            let mut wanted = bare;
            wanted.counts[len] = true;
            wanted
        };
        match self {
            Self::Calls { only_top: true, .. } => Wanted { data: CallData::Outermost, ..bare },
            Self::Calls { .. } | Self::Flat(_) | Self::Selectors { .. } => Wanted { data: CallData::All, ..bare },
            Self::Hosts => Wanted { hosts: true, ..bare },
            Self::Prestate(_) => Wanted { prestate: true, ..bare },
            Self::Steps(options) => Wanted { steps: Some(options.steps), ..bare },
            Self::Bundlers(_) => Wanted { notes: true, data: CallData::All, ..bare },
            Self::Hashed => Wanted { notes: true, ..bare },
            Self::StepCount => counting(0),
            Self::Sequences(len) => counting(*len),
            Self::Mux(tracers) => tracers.iter().map(|(_, tracer)| tracer.wanted()).fold(bare, Wanted::and),
            Self::Noop => bare,
            Self::Within(timeout, tracer) => Wanted { timeout: *timeout, ..tracer.wanted() },
        }
    }

    /// Any other name, or, as with go-ethereum, a script.
    fn unknown(name: &str) -> RpcError {
        if name.is_empty() {
            // The script that says nothing, in the words of Nitro's engine.
            return RpcError::failed("SyntaxError: SyntaxError: (anonymous): Line 1:3 Unexpected token )");
        }
        let is_name = name.len() <= LONGEST_NAME && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
        RpcError::failed(match is_name {
            true => format!("tracer {name:?} is not supported: {}", Self::NAMES),
            false => {
                "tracers in JavaScript are not supported: name one, as callTracer, prestateTracer or stylusTracer. \
                      With `cargo stylus trace`, `replay` and `simulate` add -u (--use-native-tracer)"
                    .to_owned()
            }
        })
    }

    /// What it says.
    pub(super) fn show(&self, traced: &Traced) -> Result<Value, RpcError> {
        // Of a filtered transaction nothing is executed.
        let ran = !traced.trace.call.kind.is_empty();
        Ok(match self {
            Self::Calls { .. } if !ran => return Err(RpcError::failed("incorrect number of top-level calls")),
            Self::Flat(_) if !ran => return Err(RpcError::failed("invalid number of calls")),
            Self::Calls { only_top, with_logs } => calls::show(traced, *only_top, *with_logs),
            Self::Flat(options) => flat::show(traced, options),
            Self::Selectors { precompiles } => selectors::show(&traced.trace.call, precompiles),
            Self::Hosts => match &traced.trace.hosts {
                Ok(steps) => hosts::show(steps),
                Err(text) => return Err(RpcError::failed(text.clone())),
            },
            Self::Prestate(options) => {
                traced.trace.prestate.as_ref().map_or_else(|| json!({}), |state| prestate::show(state, *options))
            }
            Self::Steps(options) => steps::show(traced, *options),
            Self::Bundlers(options) => bundlers::show(traced, options),
            Self::Hashed => {
                let hashed = traced.trace.hashed.iter();
                hashed.map(|bytes| (keccak256(bytes).to_string(), json::data(bytes))).collect()
            }
            Self::StepCount => json!(traced.trace.counts.steps),
            Self::Sequences(len) => steps::sequences(&traced.trace.counts, *len),
            Self::Mux(tracers) => {
                let mut answers = Map::new();
                for (name, tracer) in tracers {
                    answers.insert(name.clone(), tracer.show(traced)?);
                }
                Value::Object(answers)
            }
            Self::Noop => json!({}),
            Self::Within(_, tracer) => tracer.show(traced)?,
        })
    }
}
