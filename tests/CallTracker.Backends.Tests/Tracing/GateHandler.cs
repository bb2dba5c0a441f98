namespace CallTracker.Backends.Tests.Tracing;

/// <summary>A ClickHouse that is away until the gate is opened.</summary>
internal sealed class GateHandler : DelegatingHandler
{
    private volatile bool _isOpen;

    public GateHandler() : base(new HttpClientHandler())
    {
    }

    public bool IsOpen
    {
        get => _isOpen;
        set => _isOpen = value;
    }

    public int Refused { get; private set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        if (IsOpen) return base.SendAsync(request, ct);
        Refused++;
        throw new HttpRequestException("away");
    }
}
