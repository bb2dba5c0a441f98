namespace CallTracker.Calls.Routing;

/// <summary>Caller identity by PASSporT (RFC 8224) with a trunk.</summary>
[Flags]
public enum StirMode : byte
{
    /// <summary>Identity is neither read nor written.</summary>
    Off = 0,
    /// <summary>Calls from it are verified.</summary>
    Verify = 1,
    /// <summary>Calls to it are signed.</summary>
    Sign = 2,
    /// <summary>Verified and signed.</summary>
    Both = 3,
}
