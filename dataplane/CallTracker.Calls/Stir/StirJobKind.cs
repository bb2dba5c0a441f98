namespace CallTracker.Calls.Stir;

/// <summary>What is asked of the STIR service.</summary>
public enum StirJobKind : byte
{
    /// <summary>Is the caller's Identity good?</summary>
    Verify,
    /// <summary>A <c>shaken</c> PASSporT for a call that brought none (RFC 8588).</summary>
    SignShaken,
    /// <summary>A <c>div</c> PASSporT for a call that is forwarded (RFC 8946).</summary>
    SignDiversion,
}
