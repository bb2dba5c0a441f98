namespace CallTracker.Media.Dtls;

/// <summary>
/// What a worker's handshakes and ICE did since start. The worker alone writes; other threads may read at any time.
/// </summary>
public sealed class DtlsCounters
{
    private readonly long[] _ended = new long[(int)DtlsResult.Excess + 1];
    private long _checks;
    private long _consentsLost;

    /// <summary>Connectivity checks answered.</summary>
    public long Checks => Volatile.Read(ref _checks);

    /// <summary>Times that a peer sent no check for 30 s (RFC 7675).</summary>
    public long ConsentsLost => Volatile.Read(ref _consentsLost);

    /// <summary>Handshakes that ended so.</summary>
    public long Ended(DtlsResult result) => Volatile.Read(ref _ended[(int)result]);

    internal void AddEnded(DtlsResult result) => _ended[(int)result]++;

    internal void AddCheck() => _checks++;

    internal void AddConsentLost() => _consentsLost++;
}
