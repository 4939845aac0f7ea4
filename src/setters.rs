//! Setters, a row each.

/// Methods of a record or a builder that each set one of its fields, or add to it.
macro_rules! setters {
    ($builder:ident: $(
        $(#[$doc:meta])*
        $name:ident($($argument:ident: $type:ty),*) |$it:ident| $set:expr;
    )*) => {
        impl $builder {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $name(mut self, $($argument: $type),*) -> Self {
                    let $it = &mut self;
                    $set;
                    self
                }
            )*
        }
    };
}
