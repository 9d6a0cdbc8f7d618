//! Frames: EVM code on revm's interpreter, programs on the WASM engine, one inside the other to any depth.

use std::{
    borrow::Cow,
    convert::Infallible,
    ops::{Deref, DerefMut},
    sync::{Arc, LazyLock},
};

use alloy_primitives::Bytes;
use revm::{
    bytecode::opcode::{self, OpCode},
    context::{ContextError, OutFrame},
    handler::{EthFrame, FrameData, FrameResult, ItemOrResult, instructions::EthInstructions},
    interpreter::{
        CallInputs, CallOutcome, CallScheme, CreateOutcome, FrameInput, Gas, InstructionResult, InterpreterAction,
        InterpreterResult,
        interpreter::EthInterpreter,
        interpreter_action::FrameInit,
        interpreter_types::{Jumps, LegacyBytecode},
    },
    primitives::constants::CALL_STACK_LIMIT,
    state::Account,
};

use super::{Context, counted, create, opcodes, precompiles::Precompiles, status::failure_text, steps, told};
use crate::trace::Step;

static INSTRUCTIONS: LazyLock<EthInstructions<EthInterpreter, Context>> = LazyLock::new(opcodes::table);

/// How deep calls nest at most.
const DEEPEST: usize = CALL_STACK_LIMIT as usize;

/// Runs frames. While a program runs, the machine is inside the program's store, and comes back from there.
pub struct Machine(Option<Box<Parts>>);

/// What frames work on.
pub struct Parts {
    /// State, session and settings.
    pub(crate) context: Context,
    /// Frames not in use, kept for their stacks.
    spare: Vec<EthFrame>,
}

impl Deref for Machine {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        self.0.as_ref().expect("frames run only where the machine is")
    }
}

impl DerefMut for Machine {
    fn deref_mut(&mut self) -> &mut Parts {
        self.0.as_mut().expect("frames run only where the machine is")
    }
}

impl Machine {
    /// A machine for one message.
    pub(crate) fn new(context: Context) -> Self {
        Self(Some(Box::new(Parts { context, spare: Vec::new() })))
    }

    /// Gives the context back.
    pub(crate) fn into_context(self) -> Context {
        self.0.expect("no frame is running").context
    }

    /// Moves the machine out, into the store of a program that is about to run.
    pub(crate) fn depart(&mut self) -> Self {
        Self(self.0.take())
    }

    /// Takes the machine back from the store of a program that has ended.
    pub(crate) fn come_back(&mut self, from: &mut Self) {
        self.0 = from.0.take();
    }

    /// Runs a frame, and all frames that it calls, to the end.
    pub(crate) fn run(&mut self, init: FrameInit) -> FrameResult {
        if self.context.chain.must_stop() {
            return stopped(&init.frame_input);
        }
        if self.context.chain.recorder.is_some() {
            told::enter(&mut self.context, &init.frame_input);
            self.context.chain.counted.refunds.push(0);
        }
        let depth = init.depth;
        let mut frame = self.spare.pop().unwrap_or_default();
        let result = match self.begin(&mut frame, init) {
            ItemOrResult::Result(result) => result,
            ItemOrResult::Item(()) => self.run_begun(&mut frame),
        };
        self.spare.push(frame);
        if self.context.chain.recorder.is_some() {
            self.context.chain.counted.refunds.pop();
            told::exit(&mut self.context, depth, &result);
        }
        result
    }

    /// Checks depth, moves value, runs precompiles; a frame that has code to run is set up.
    fn begin(&mut self, frame: &mut EthFrame, mut init: FrameInit) -> ItemOrResult<(), FrameResult> {
        if let FrameInput::Call(inputs) = &mut init.frame_input
            && self.is_delegated_to_precompile(inputs.bytecode_address)
        {
            inputs.known_bytecode = Default::default();
        }
        if let FrameInput::Call(inputs) = &init.frame_input
            && init.depth <= DEEPEST
            && self.calls_nobody(inputs)
        {
            let result = InterpreterResult::new(InstructionResult::Stop, Bytes::new(), Gas::new(inputs.gas_limit));
            let outcome = CallOutcome::new(result, inputs.return_memory_offset.clone());
            return ItemOrResult::Result(FrameResult::Call(outcome));
        }
        let begun: Result<_, ContextError<Infallible>> =
            EthFrame::init_with_context(OutFrame::new_init(frame), &mut self.context, &mut Precompiles, init);
        match begun.expect("neither the state nor a precompile fails fatally") {
            ItemOrResult::Item(_) => ItemOrResult::Item(()),
            ItemOrResult::Result(result) => ItemOrResult::Result(result),
        }
    }

    /// Whether a plain call without value goes to an account that does not exist: nothing is done then, and the account
    /// still does not exist, which a program sees by its code hash. revm would touch it, as a static call does.
    fn calls_nobody(&self, inputs: &CallInputs) -> bool {
        let chain = &self.context.chain;
        let account = self.context.journaled_state.state.get(&inputs.target_address);
        inputs.scheme == CallScheme::Call
            && inputs.call_value().is_zero()
            && account.is_some_and(Account::is_loaded_as_not_existing_not_touched)
            && !chain.runs_precompile(inputs.target_address)
    }

    fn is_delegated_to_precompile(&self, address: alloy_primitives::Address) -> bool {
        let account = self.context.journaled_state.state.get(&address);
        let delegate = account.and_then(|account| account.info.code.as_ref()?.eip7702_address());
        delegate.is_some_and(|delegate| self.context.chain.runs_precompile(delegate))
    }

    fn run_begun(&mut self, frame: &mut EthFrame) -> FrameResult {
        // Nitro counts what runs under an address, to tell a program whether it is being re-entered.
        let span = match &frame.input {
            FrameInput::Call(inputs) => {
                let borrowed = matches!(inputs.scheme, CallScheme::DelegateCall | CallScheme::CallCode);
                (!borrowed).then_some(inputs.target_address)
            }
            _ => Some(frame.interpreter.input.target_address),
        };
        if let Some(address) = span {
            *self.context.chain.spans.entry(address).or_default() += 1;
        }
        self.context.chain.senders.push(frame.interpreter.input.caller_address);
        let result = self.drive(frame);
        self.context.chain.senders.pop();
        if let Some(address) = span
            && let Some(count) = self.context.chain.spans.get_mut(&address)
        {
            *count -= 1;
        }
        result
    }

    fn drive(&mut self, frame: &mut EthFrame) -> FrameResult {
        let chain = &self.context.chain;
        if chain.runtime.programs.is_program(&frame.interpreter.bytecode, chain.version()) {
            let programs = Arc::clone(&chain.runtime.programs);
            let result = programs.run(self, frame);
            if self.context.chain.is_watched() && !result.is_ok() {
                self.show_failure(frame, result.result);
            }
            return self.end(frame, result);
        }
        let (is_watched, is_counted) = (chain.is_watched(), chain.resources.is_some());
        loop {
            let (instructions, prices) = (INSTRUCTIONS.instruction_table(), INSTRUCTIONS.gas_table());
            let (interpreter, context) = (&mut frame.interpreter, &mut self.context);
            let action = match (is_watched, is_counted) {
                (false, false) => steps::run_plain(interpreter, instructions, prices, context),
                (false, true) => counted::run(interpreter, instructions, prices, context),
                (true, _) => steps::run(interpreter, instructions, prices, context),
            };
            match action {
                InterpreterAction::Return(result) => return self.end(frame, result),
                InterpreterAction::NewFrame(frame_input) => {
                    let memory = frame.interpreter.memory.new_child_context();
                    let result = self.run(FrameInit { depth: frame.depth + 1, memory, frame_input });
                    let returned: Result<(), ContextError<Infallible>> = frame.return_result(&mut self.context, result);
                    returned.expect("the state does not fail");
                    if self.context.chain.must_stop() {
                        let mut gas = frame.interpreter.gas;
                        gas.spend_all();
                        let result = InterpreterResult::new(InstructionResult::OutOfGas, Bytes::new(), gas);
                        return self.end(frame, result);
                    }
                }
            }
        }
    }

    /// Tells who records the message that a program failed: as an instruction at its beginning.
    fn show_failure(&mut self, frame: &EthFrame, result: InstructionResult) {
        let failure = self.context.chain.failure.as_ref().filter(|(at, _)| *at == frame.depth);
        let text = match (result, failure) {
            (InstructionResult::Revert, _) => "execution reverted".to_owned(),
            (_, Some((_, text))) => text.clone().into_owned(),
            _ => failure_text(result).into_owned(),
        };
        let address = frame.interpreter.input.target_address;
        let step = Step::made_up(opcode::STOP, frame.depth + 1, address, &[]);
        told::tell(&mut self.context, |sink, state| sink.made_up(&step, 0, Some(text), state));
    }

    /// Commits or reverts what the frame did.
    fn end(&mut self, frame: &mut EthFrame, mut result: InterpreterResult) -> FrameResult {
        let session = &mut self.context.chain;
        let is_told = session.failure.as_ref().is_some_and(|(at, _)| *at == frame.depth);
        if session.tells_failures_at(frame.depth)
            && !is_told
            && let Some(text) = describe(frame, result.result)
        {
            session.failure = Some((frame.depth, text));
        }
        if self.context.chain.recorder.is_some() {
            told::has_run(&mut self.context);
        }
        match &frame.data {
            FrameData::Create(data) => {
                let address = data.created_address;
                create::finish(&mut self.context, frame.checkpoint, &mut result, (address, frame.depth));
                FrameResult::Create(CreateOutcome::new(result, Some(address)))
            }
            FrameData::Call(_) => {
                let ended: Result<_, ContextError<Infallible>> =
                    frame.process_next_action(&mut self.context, InterpreterAction::Return(result));
                match ended.expect("the state does not fail") {
                    ItemOrResult::Result(result) => result,
                    ItemOrResult::Item(_) => unreachable!("a return does not begin a frame"),
                }
            }
        }
    }
}

/// What comes of a frame that does not begin, because the message ends.
fn stopped(input: &FrameInput) -> FrameResult {
    let result = |gas_limit| {
        let mut gas = Gas::new(gas_limit);
        gas.spend_all();
        InterpreterResult::new(InstructionResult::OutOfGas, Bytes::new(), gas)
    };
    match input {
        FrameInput::Call(inputs) => {
            let range = inputs.return_memory_offset.clone();
            FrameResult::Call(CallOutcome::new(result(inputs.gas_limit), range))
        }
        FrameInput::Create(inputs) => FrameResult::Create(CreateOutcome::new(result(inputs.gas_limit()), None)),
        FrameInput::Empty => unreachable!("revm makes frames of calls and creations only"),
    }
}

/// Texts of failures that name the opcode or the stack.
fn describe(frame: &EthFrame, result: InstructionResult) -> Option<Cow<'static, str>> {
    let code = &frame.interpreter.bytecode;
    let at = code.pc().checked_sub(1)?;
    let opcode = *code.bytecode_slice().get(at)?;
    match result {
        InstructionResult::OpcodeNotFound => Some(format!("invalid opcode: opcode {opcode:#x} not defined").into()),
        InstructionResult::StackUnderflow => {
            let inputs = OpCode::new(opcode)?.inputs();
            Some(format!("stack underflow ({} <=> {inputs})", frame.interpreter.stack.len()).into())
        }
        _ => None,
    }
}
