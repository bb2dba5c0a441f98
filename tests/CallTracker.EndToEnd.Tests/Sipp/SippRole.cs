namespace CallTracker.EndToEnd.Tests.Sipp;

/// <summary>Which side of the call a script plays.</summary>
internal enum SippRole
{
    /// <summary>Sends the first INVITE.</summary>
    Caller,
    /// <summary>Receives it.</summary>
    Shop,
}
