//! What a vault holds, and who tries to take more of it while it pays.

use alloy::{
    primitives::{Address, Bytes, FixedBytes, U256},
    sol,
    sol_types::{SolCall, SolError, SolValue},
};
use consilium_deploy::vault::Vault;
use eyre::Result;
use harness::{dao::whole, peers};

use crate::setup::{World, terms};

sol! {
    interface Tokens {
        function transfer(address to, uint256 value) external returns (bool);
        function balanceOf(address account) external view returns (uint256);
        function ownerOf(uint256 id) external view returns (address);
        function mint(address to, uint256 id) external;
        function safeTransferFrom(address from, address to, uint256 id) external;
    }
    interface Shares {
        function mint(address to, uint256[] ids, uint256[] amounts) external;
        function balanceOf(address account, uint256 id) external view returns (uint256);
    }
    interface Thief {
        event Tried(bool success, bytes answer);
        function arm(bytes[] calls) external;
    }
}

async fn view<C: SolCall>(world: &World, at: Address, call: C) -> Result<C::Return> {
    Ok(world.chain.ask(Address::ZERO, at, call.abi_encode()).await?.output::<C>())
}

fn execute(target: Address, value: U256, call: impl SolCall) -> Vault::executeCall {
    Vault::executeCall { target, value, data: call.abi_encode().into() }
}

#[tokio::test]
async fn it_takes_and_gives_tokens_of_every_kind() -> Result<()> {
    let world = World::start().await?;
    let (vault, practice) = (world.vault, Address::repeat_byte(0x50));
    let coin = peers::create(&world.chain, "VaultCoin", &(vault, whole(7)).abi_encode()).await?;
    let pay = Tokens::transferCall { to: practice, value: whole(2) };
    world.calls(world.owner, execute(coin, U256::ZERO, pay)).await?.succeeded();
    assert_eq!(view(&world, coin, Tokens::balanceOfCall { account: practice }).await?, whole(2));

    let (deed, shares) =
        (peers::create(&world.chain, "VaultDeed", &[]).await?, peers::create(&world.chain, "VaultShares", &[]).await?);
    let dev = world.chain.dev_account()?;
    let id = U256::from(5);
    assert!(dev.send(deed, Tokens::mintCall { to: vault, id }.abi_encode()).await?.status());
    let give = Tokens::safeTransferFromCall { from: vault, to: practice, id };
    world.calls(world.owner, execute(deed, U256::ZERO, give)).await?.succeeded();
    assert_eq!(view(&world, deed, Tokens::ownerOfCall { id }).await?, practice);
    for ids in [vec![U256::from(1)], vec![U256::from(2), U256::from(3)]] {
        let mint = Shares::mintCall { to: vault, amounts: ids.clone(), ids: ids.clone() };
        assert!(dev.send(shares, mint.abi_encode()).await?.status());
        assert_eq!(view(&world, shares, Shares::balanceOfCall { account: vault, id: ids[0] }).await?, ids[0]);
    }
    for (interface, known) in [("01ffc9a7", true), ("150b7a02", true), ("4e2312e0", true), ("ffffffff", false)] {
        let interfaceId: FixedBytes<4> = interface.parse()?;
        assert_eq!(world.view(Vault::supportsInterfaceCall { interfaceId }).await?, known, "{interface}");
    }
    Ok(())
}

/// A token, or an account that is paid, calls back: everything is refused, and it has what the owner paid.
#[tokio::test]
async fn who_is_paid_takes_no_more() -> Result<()> {
    let world = World::start().await?;
    let thief = peers::create(&world.chain, "VaultThief", &[]).await?;
    let drain = Vault::executeCall { target: thief, value: whole(9), data: Bytes::new() };
    let calls: Vec<Bytes> = [
        drain.abi_encode(),
        Vault::transferOwnershipCall { newOwner: thief, newPrograms: vec![] }.abi_encode(),
        Vault::setTermsCall { newTerms: terms(thief) }.abi_encode(),
        Vault::setProgramsCall { newPrograms: vec![] }.abi_encode(),
        Vault::reportCall { program: world.mortal }.abi_encode(),
        Vault::escapeCall { program: world.mortal }.abi_encode(),
    ]
    .map(Bytes::from)
    .to_vec();
    let arm = Thief::armCall { calls }.abi_encode();
    assert!(world.chain.dev_account()?.send(thief, arm).await?.status());
    let account = thief;
    let refusal = Bytes::from(Vault::OwnableUnauthorizedAccount { account }.abi_encode());
    let mut refusals = vec![refusal; 4];
    refusals.push(Vault::NotTopLevel {}.abi_encode().into());
    refusals.push(Vault::UnauthorizedHeir { account }.abi_encode().into());
    let pay = Tokens::transferCall { to: thief, value: whole(1) };
    for payment in
        [Vault::executeCall { target: thief, value: whole(1), data: Bytes::new() }, execute(thief, U256::ZERO, pay)]
    {
        let answer = world.calls(world.owner, payment).await?;
        let tried = harness::answer::events_among::<Thief::Tried>(&answer.succeeded().logs, thief)?;
        assert_eq!(tried.iter().map(|tried| tried.answer.clone()).collect::<Vec<_>>(), refusals);
        assert!(tried.iter().all(|tried| !tried.success));
    }
    assert_eq!(world.balance(world.vault).await?, whole(9));
    Ok(())
}
