//! Mistakes that whoever writes an interpreter may make, one at a time.

macro_rules! bugs {
    ($($(#[doc = $words:literal])+ $bug:ident,)*) => {
        /// A planted mistake.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Bug {
            $($(#[doc = $words])+ $bug,)*
        }

        impl Bug {
            /// Every one.
            pub(crate) const ALL: &'static [Bug] = &[$(Bug::$bug,)*];

            /// What the mistake is.
            pub(crate) fn words(self) -> &'static str {
                match self {
                    $(Bug::$bug => concat!($($words,)+),)*
                }
            }
        }
    };
}

bugs! {
    /// rounding down goes toward zero
    DownTowardZero,
    /// rounding up adds one to whole numbers too
    UpAddsOneAlways,
    /// halves go away from zero
    HalvesAwayFromZero,
    /// halves go to the even neighbour
    HalvesToEven,
    /// what should be rounded is cut off
    HalvesCutOff,
    /// a feature's floor goes toward zero
    FloorTowardZero,
    /// a feature's ceil moves multiples of the step
    CeilMovesMultiples,
    /// a band's edge belongs to the band below
    EdgeBelongsBelow,
    /// the high end of a band is the next edge
    HighIsTheNextEdge,
    /// the low end of the lowest band is its first edge
    LowestIsTheFirstEdge,
    /// the middle of a band is rounded up
    MiddleRoundsUp,
    /// a group of options has the index of its first option
    GroupIsItsFirstOption,
    /// a cell's upper end is left out
    UpperEndLeftOut,
    /// a cell's lower end is left out
    LowerEndLeftOut,
    /// `-` does not take a missing value in
    AnyLeavesMissingOut,
    /// the last row that fits wins
    LastRowWins,
    /// a value of zero is taken for a missing one
    ZeroIsMissing,
    /// least and largest are swapped
    MinIsMax,
    /// `<` takes equal values in
    LessTakesEqualIn,
    /// `<=` leaves equal values out
    AtMostLeavesEqualOut,
    /// `if` takes the other branch
    BranchesSwapped,
    /// `or` is exclusive
    OrIsExclusive,
    /// the magnitude of a negative number is zero
    MagnitudeCutsOff,
    /// the quotient of a division by zero is zero, whatever `else` says
    DivisionByZeroIsZero,
    /// the scale of products is left out of small ones
    SmallProductsVanish,
    /// whole months do not look at the day
    MonthsIgnoreTheDay,
    /// whole months know no short months
    MonthsIgnoreShortMonths,
    /// whole years are the difference of years
    YearsByTheCalendar,
    /// whole years are rounded toward zero
    YearsTowardZero,
    /// a month later than the 31st is early in the month after
    MonthEndRunsOver,
    /// months count from zero
    MonthsFromZero,
    /// `when` is inverted
    WhenInverted,
    /// collecting looks at the first row only
    CollectStopsAtTheFirst,
    /// the least of no rows is zero
    LeastOfNothingIsZero,
    /// counting adds outputs up
    CountAddsUp,
    /// the variation divides by one less than there are
    VariationOfASample,
    /// what is missing counts as zero in a variation
    VariationCountsMissing,
    /// the root of a variation is rounded up
    VariationRoundsUp,
    /// an optional page is open until it is closed
    PagesStandOpen,
    /// a list has one entry more than it says
    OneEntryMore,
    /// a blank that means something is missing
    BlankIsMissing,
    /// the points that everyone starts with are left out
    StartLeftOut,
    /// the first card counts, whoever it is for
    FirstCardAlways,
    /// a grade begins above its bound
    GradeBoundLeftOut,
    /// the probability is that of going well
    ProbabilityOfGood,
    /// doubling the odds takes one point more
    DoublingIsOff,
    /// the base of the odds is left out
    BaseLeftOut,
    /// the first cap is left out
    FirstCapLeftOut,
    /// affordability does not bound
    AffordabilityLeftOut,
    /// what is affordable is rounded up to the step
    AffordableStepRoundsUp,
    /// the top of the grid is not rounded down to the step
    TopOffTheGrid,
    /// what binds is the last of equal bounds
    LastOfEqualBoundsBinds,
    /// the headline is the last of equal limits
    LastOfEqualLimits,
    /// offers are looked at with the amount asked for
    RulesAtTheAmountAsked,
    /// offers are looked at with the term asked for
    RulesAtTheTermAsked,
    /// an offer may be above the limit
    OfferAboveTheLimit,
    /// a product is offered to everyone
    ProductForEveryone,
    /// instalments are rounded to the nearest
    InstalmentToTheNearest,
    /// interest of a month is rounded down
    InterestRoundedDown,
    /// the last instalment is as level as the others
    LastRowIsLevel,
    /// what rounding leaves falls due at the end
    LastRowIsABalloon,
    /// the simple rate is the nominal one
    SimpleRateIsNominal,
    /// the compound rate is the simple one
    CompoundRateIsSimple,
    /// a knock-out does not stop the decision
    KnockoutGoesOn,
    /// reviews come before knock-outs
    ReviewsFirst,
    /// the same reasons are told twice
    ReasonsNotMerged,
    /// five reasons are told
    FiveReasons,
    /// reasons of bins do not add up
    ReasonsOfBinsApart,
    /// reasons of bins in the order of the card
    ReasonsInTheCardsOrder,
    /// the best bin has a reason too
    BestBinHasAReason,
    /// the limit's reason is left out
    LimitReasonLeftOut,
    /// alerts in declared order, whatever their level
    AlertsAsDeclared,
    /// a warning does not send to a person
    WarningsPass,
    /// read of the source: answers to what is not asked count
    UnaskedAnswersCount,
    /// read of the source: the condition of a page is left out
    PageConditionLeftOut,
    /// read of the source: a list has all the entries that it can have
    EveryEntryIsThere,
    /// read of the source: measured quantities are whole numbers
    RealsAreWhole,
    /// read of the source: the mean is cut off
    MeanCutOff,
    /// read of the source: a share is rounded to the nearest
    ShareToTheNearest,
    /// read of the source: the order of outputs is left out
    OrderLeftOut,
    /// read of the source: a feature is there whatever its condition
    FeatureConditionLeftOut,
    /// read of the source: `unseen` takes a missing value in
    UnseenTakesMissing,
    /// read of the source: all of no entries is false
    AllOfNothingIsFalse,
}

/// Which of them is in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Bugs(Option<Bug>);

impl Bugs {
    /// None: the interpreter as it is meant.
    pub(crate) const NONE: Bugs = Bugs(None);

    /// One.
    pub(crate) fn with(bug: Bug) -> Bugs {
        Bugs(Some(bug))
    }

    /// Whether it is in.
    pub(crate) fn has(self, bug: Bug) -> bool {
        self.0 == Some(bug)
    }
}
