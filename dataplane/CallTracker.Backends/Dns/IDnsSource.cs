namespace CallTracker.Backends.Dns;

/// <summary>Answers DNS questions; never throws but for cancellation. Any thread.</summary>
internal interface IDnsSource
{
    Task<DnsAnswer> AskAsync(string name, DnsType type, CancellationToken ct);
}
