namespace CallTracker.Calls.Registration;

/// <summary>
/// How our registration with one trunk stands. Written by the worker that owns it, read by the metrics thread.
/// </summary>
/// <param name="trunkId">The trunk.</param>
public sealed class RegistrationState(string trunkId)
{
    private volatile bool _isRegistered;

    public string TrunkId { get; } = trunkId;

    /// <summary>True while the trunk's registrar holds our binding, as far as we know.</summary>
    public bool IsRegistered
    {
        get => _isRegistered;
        internal set => _isRegistered = value;
    }

    /// <summary>REGISTER that succeeded.</summary>
    public long Succeeded { get; internal set; }

    /// <summary>REGISTER that failed: refused, or unanswered.</summary>
    public long Failed { get; internal set; }
}
