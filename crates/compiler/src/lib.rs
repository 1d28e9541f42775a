//! Policy source to compiled policy.
