//! The pages of `docs/`, so that a rule that the code cites can be looked up here: U to P and B in [`rules`], N in
//! [`mirror`], C in [`cutover`], L in [`pull`], R in [`review`].

// The pages link to each other's files. In a module the first definition of a link counts, and leads to the module.

pub mod rules {
    //! [warnings.md]: super::warnings
    //! [plan-format.md]: super::plan_format
    //!
    #![doc = include_str!("../docs/rules.md")]
}

pub mod warnings {
    //! [rules.md]: super::rules
    //! [scim]: super::rules#9-scim-directories
    //!
    #![doc = include_str!("../docs/warnings.md")]
}

pub mod plan_format {
    //! [rules.md]: super::rules
    //! [warnings.md]: super::warnings
    //!
    #![doc = include_str!("../docs/plan-format.md")]
}

pub mod mirror {
    //! [warnings.md]: super::warnings
    //!
    #![doc = include_str!("../docs/mirror.md")]
}

pub mod cutover {
    #![doc = include_str!("../docs/cutover.md")]
}

pub mod pull {
    #![doc = include_str!("../docs/pull.md")]
}

pub mod apply {
    #![doc = include_str!("../docs/apply.md")]
}

pub mod review {
    //! [warnings.md]: super::warnings
    //!
    #![doc = include_str!("../docs/review.md")]
}
