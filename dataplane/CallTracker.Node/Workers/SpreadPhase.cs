namespace CallTracker.Node.Workers;

/// <summary>Which workers take new calls, see <see cref="CallSpread"/>.</summary>
internal enum SpreadPhase
{
    /// <summary>The first takes all: one is enough.</summary>
    Gathered,
    /// <summary>All take their share, but the first may still know an INVITE that is repeated.</summary>
    Opening,
    /// <summary>All take their share.</summary>
    Spread,
    /// <summary>The first takes all, but another may still know an INVITE that is repeated.</summary>
    Closing,
}
