namespace CallTracker.Sip.Transactions;

/// <summary>How long a transaction lingers; each has its own queue, in which what came first is due first.</summary>
internal enum LingerTime : byte
{
    /// <summary>T4: timers I and K.</summary>
    T4 = 0,

    /// <summary>64*T1: timers J, L and M.</summary>
    GiveUp,

    /// <summary>At least 32 s: timer D.</summary>
    TimerD,
}
