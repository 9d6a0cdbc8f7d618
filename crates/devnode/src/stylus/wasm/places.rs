//! The places in Nitro that report failures: its errors name file and line, which move from release to release.

/// Places in `prover/src` that lie elsewhere in v3.10 than in v3.9.8.
const MOVED: &[(&str, &str)] = &[
    ("binary.rs:216:14", "binary.rs:219:14"),
    ("binary.rs:329:10", "binary.rs:345:10"),
    ("binary.rs:391:25", "binary.rs:410:25"),
    ("binary.rs:435:27", "binary.rs:455:27"),
    ("binary.rs:439:62", "binary.rs:459:62"),
    ("binary.rs:448:41", "binary.rs:468:41"),
    ("binary.rs:450:18", "binary.rs:470:18"),
    ("binary.rs:465:17", "binary.rs:486:13"),
    ("binary.rs:479:13", "binary.rs:499:13"),
    ("binary.rs:486:9", "binary.rs:506:9"),
    ("binary.rs:489:9", "binary.rs:509:9"),
    ("binary.rs:635:40", "binary.rs:655:40"),
    ("binary.rs:636:54", "binary.rs:656:54"),
    ("binary.rs:637:53", "binary.rs:657:53"),
    ("binary.rs:662:13", "binary.rs:684:13"),
    ("binary.rs:673:9", "binary.rs:695:9"),
    ("binary.rs:674:9", "binary.rs:696:9"),
    ("binary.rs:675:9", "binary.rs:697:9"),
    ("binary.rs:676:9", "binary.rs:698:9"),
    ("binary.rs:677:9", "binary.rs:699:9"),
    ("binary.rs:678:9", "binary.rs:700:9"),
    ("binary.rs:680:13", "binary.rs:702:13"),
    ("binary.rs:681:13", "binary.rs:703:13"),
    ("binary.rs:685:13", "binary.rs:707:13"),
    ("binary.rs:689:9", "binary.rs:711:9"),
    ("binary.rs:692:9", "binary.rs:714:9"),
    ("binary.rs:706:13", "binary.rs:728:13"),
    ("binary.rs:709:13", "binary.rs:731:13"),
    ("binary.rs:720:13", "binary.rs:742:13"),
    ("binary.rs:724:13", "binary.rs:746:13"),
    ("binary.rs:728:13", "binary.rs:750:13"),
    ("machine.rs:408:17", "machine.rs:411:25"),
    ("machine.rs:415:13", "machine.rs:420:13"),
    ("machine.rs:520:17", "machine.rs:529:17"),
    ("machine.rs:575:13", "machine.rs:584:13"),
    ("programs/depth.rs:176:13", "programs/depth.rs:179:13"),
    ("programs/depth.rs:513:13", "programs/depth.rs:521:13"),
    ("programs/dynamic.rs:143:17", "programs/dynamic.rs:144:17"),
    ("programs/heap.rs:50:13", "programs/heap.rs:55:13"),
    ("programs/heap.rs:62:13", "programs/heap.rs:79:13"),
    ("programs/mod.rs:348:28", "programs/mod.rs:362:28"),
    ("programs/mod.rs:373:13", "programs/mod.rs:403:28"),
    ("programs/mod.rs:379:13", "programs/mod.rs:393:13"),
    ("programs/mod.rs:473:13", "programs/mod.rs:510:13"),
];

/// The place in Nitro v3.10 that reports what one of v3.9.8 did.
pub(super) fn in_v3_10(place: &str) -> String {
    let inner = place.trim_start_matches("prover/src/");
    let moved = MOVED.iter().find(|(before, _)| *before == inner).map_or(inner, |(_, after)| after);
    format!("crates/prover/src/{moved}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_moves_or_only_its_folder_does() {
        assert_eq!(in_v3_10("prover/src/programs/mod.rs:473:13"), "crates/prover/src/programs/mod.rs:510:13");
        assert_eq!(in_v3_10("prover/src/wavm.rs:1012:32"), "crates/prover/src/wavm.rs:1012:32");
    }
}
