//! What the naive interpreter cannot go on after: in a policy that compiles,
//! each of them but the last two is a fault of the product.

/// A result of the naive interpreter.
pub(crate) type Found<T> = Result<T, Fault>;

/// Why there is no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// A name, step, input, table or reason that is not there.
    NotThere,
    /// A missing value where one is needed.
    Missing,
    /// A magnitude above 2^53 − 1.
    Overflow,
    /// A division by zero, and nothing says what happens then.
    DivisionByZero,
    /// A truth value that is neither 0 nor 1.
    NotBoolean,
    /// A day outside the years 1 to 9999.
    NotADate,
    /// A loan without principal, months or rate in bounds.
    NotALoan,
    /// A table or card without a row or bin for its inputs.
    Gap,
    /// Two rows of a table that may have but one.
    TwoRows,
    /// A step so fine beside the rounding of instalments that the largest loan
    /// is not promised.
    TooFine,
    /// A real number so near to where it is rounded that doubles may differ.
    TooNear,
}
