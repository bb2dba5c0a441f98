namespace CallTracker.Calls.Access;

/// <summary>
/// One worker's counts of digest authentication. Written by the worker, read by the metrics thread without
/// synchronisation.
/// </summary>
public sealed class AccessCounters
{
    /// <summary>401 sent.</summary>
    public long Challenged { get; set; }

    /// <summary>Requests whose digest was right.</summary>
    public long Granted { get; set; }

    /// <summary>Right digests over a nonce that was too old, used before, or of another worker.</summary>
    public long Stale { get; set; }

    /// <summary>Wrong user or password.</summary>
    public long Denied { get; set; }

    /// <summary>Requests dropped without an answer because their source had guessed too often.</summary>
    public long Blocked { get; set; }

    /// <summary>REGISTER from strangers dropped because too many came at once.</summary>
    public long StrangersDropped { get; set; }

    /// <summary>Challenges of trunks that we answered.</summary>
    public long Answered { get; set; }

    /// <summary>Challenges of trunks that we did not answer: no credentials, or refused ones.</summary>
    public long Unanswered { get; set; }
}
