//! The pages that say what a plan means, rule by rule: `(N8)` in the code is a rule of one of them.

/// What a plan means, rule by rule.
pub mod rules {
    #![doc = include_str!("../docs/rules.md")]
}

/// Every warning code: what happened, what the plan did, what to do.
pub mod warnings {
    #![doc = include_str!("../docs/warnings.md")]
}

/// What a plan and options are in JSON.
pub mod plan_format {
    #![doc = include_str!("../docs/plan-format.md")]
}

/// Tonight's plan against what Authio holds.
pub mod mirror {
    #![doc = include_str!("../docs/mirror.md")]
}

/// A move in phases.
pub mod cutover {
    #![doc = include_str!("../docs/cutover.md")]
}
