namespace CallTracker.Calls.Access;

/// <summary>What the credentials of a request prove.</summary>
internal enum AccessResult : byte
{
    /// <summary>There are none that speak to us.</summary>
    Absent = 0,

    /// <summary>User and password are right, the nonce is too old or was used.</summary>
    Stale,

    /// <summary>User or password is wrong.</summary>
    Denied,
    Granted,
}
