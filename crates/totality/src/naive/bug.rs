//! Mistakes that whoever writes an interpreter may make, one at a time.

macro_rules! bugs {
    ($($(#[doc = $words:literal])+ $bug:ident,)*) => {
        /// A planted mistake.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
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
    /// the last row forgets the balloon
    BalloonForgotten,
    /// instalments of interest only pay back too
    InterestOnlyPaysBack,
    /// interest that is to be caught up bears interest
    CaughtUpIsCapitalised,
    /// interest that bears interest is caught up
    CapitalisedIsCaughtUp,
    /// grace ends an instalment early
    GraceIsShort,
    /// the season is that of the period's beginning
    SeasonOfTheMonthBefore,
    /// instalments change one later
    StepsComeLate,
    /// a flat fee is on what is left
    FlatOnWhatIsLeft,
    /// a month has four weeks
    FourWeeksAreAMonth,
    /// instalments stay at the end of the shortest month
    MonthEndsStayShort,
    /// the 31st counts by 30/360
    The31stCounts,
    /// all years have 365 days by actual/actual
    NoLeapYears,
    /// actual/360 is over 365
    Actual360By365,
    /// instalments are rounded to the unit, whatever the multiple
    MultipleLeftOut,
    /// instalments are rounded up, whatever the direction
    InstalmentsRoundedUp,
    /// a fee that is deducted is financed
    DeductedIsFinanced,
    /// a fee that is financed is deducted
    FinancedIsDeducted,
    /// a fee that the partner pays is paid by the borrower
    PartnersFeeIsTheBorrowers,
    /// a fee at the end is charged with each instalment
    EndFeeWithEach,
    /// a fee is charged where nothing is due
    FeeOnNothing,
    /// shares of fees are rounded down
    FeesRoundedDown,
    /// the annual rate is without fees
    RateWithoutFees,
    /// all of the loan is received
    AllIsReceived,
    /// the largest instalment is the first
    LargestIsTheFirst,
    /// the monthly rate of weeks is in proportion
    MonthlyRateByTheRuleOfThree,
    /// the simple rate is the nominal one
    SimpleRateIsNominal,
    /// the compound rate is the simple one
    CompoundRateIsSimple,
    /// what is affordable is rounded up to the step
    AffordableStepRoundsUp,
    /// what a month leaves is not there later
    NothingIsCarriedOver,
    /// every month has the capacity of January
    JanuaryForEveryMonth,
    /// discounts count from the last to the first
    DiscountsInReverse,
    /// what a discount leaves is rounded down
    DiscountsRoundedDown,
    /// the second discount does not count
    OneDiscountOnly,
    /// the ceiling bounds the nominal rate
    CeilingOnTheNominalRate,
    /// what is at the ceiling is above it
    CeilingIsAbove,
    /// the cheapest offer is recommended
    CheapestIsRecommended,
    /// the lender's first offer is recommended
    FirstIsRecommended,
    /// an offer's review does not count against it
    ReviewIsNoMatter,
    /// what suits does not count
    SuitsIgnored,
    /// headroom does not count
    HeadroomIgnored,
    /// headroom is less than four fifths
    HeadroomLeavesEqualOut,
    /// a price before any answer has discounts
    QuoteWithDiscounts,
    /// a price before any answer is of the first day
    QuoteOfTheFirstDay,
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
    /// read of the source: affordability of January is that of every month
    OneMonthForAll,
    /// read of the source: a fee that is deducted is paid up front
    FeesNeverDeducted,
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

    /// The same, if it is one in the arithmetic of loans.
    pub(crate) fn of_loans(self) -> Bugs {
        let loans = Bug::InterestRoundedDown..=Bug::JanuaryForEveryMonth;
        Bugs(self.0.filter(|bug| loans.contains(bug)))
    }

    /// Whether it is in.
    pub(crate) fn has(self, bug: Bug) -> bool {
        self.0 == Some(bug)
    }
}
