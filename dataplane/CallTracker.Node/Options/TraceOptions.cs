using System.Net;
using CallTracker.Backends.Tracing;
using CallTracker.Calls.Tracing;

namespace CallTracker.Node.Options;

/// <summary>The trace's settings from the environment. Read once at start; a bad value ends it.</summary>
internal sealed record TraceOptions
{
    /// <summary>Bytes of each worker's ring; 0 keeps no messages at all.</summary>
    public required int RingBytes { get; init; }
    /// <summary>True sends the trn_id to trusted trunks.</summary>
    public required bool ShowsCorrelationId { get; init; }
    public required TraceSettings Settings { get; init; }

    public static TraceOptions From(EnvironmentReader read, string nodeId)
    {
        var options = Read(read, nodeId);
        // The mirror reads the rings: without them it would be silent, and nobody would know why.
        return options.RingBytes > 0 || options.Settings.Hep is null
            ? options
            : throw new OptionException("CALLTRACKER_HEP needs CALLTRACKER_TRACE_MB to be more than 0.");
    }

    /// <summary>One worker's ring; null when none are kept.</summary>
    public TraceRing? MakeRing() => RingBytes == 0 ? null : new TraceRing(RingBytes);

    private static TraceOptions Read(EnvironmentReader read, string nodeId) => new()
    {
        RingBytes = read.Number("CALLTRACKER_TRACE_MB", 32, 0, 1024) * TraceRing.CapacityMin,
        ShowsCorrelationId = read.Number("CALLTRACKER_TRACE_HEADER", 0, 0, 1) == 1,
        Settings = new TraceSettings
        {
            NodeId = nodeId,
            SamplePpm = read.Number("CALLTRACKER_TRACE_SAMPLE", 0, 0, 1_000_000),
            RetentionDays = read.Number("CALLTRACKER_TRACE_DAYS", 14, 1, 3650),
            Hep = Receiver(read.Text("CALLTRACKER_HEP", "")),
            HepId = (uint)read.Number("CALLTRACKER_HEP_ID", 2001, 0, int.MaxValue),
            HepPassword = read.Text("CALLTRACKER_HEP_PASSWORD", ""),
        },
    };

    // host:port or [v6]:port; a name is looked up once, at start.
    private static IPEndPoint? Receiver(string text)
    {
        if (text.Length == 0) return null;
        if (IPEndPoint.TryParse(text, out var endpoint) && endpoint.Port > 0) return endpoint;
        var colon = text.LastIndexOf(':');
        if (colon <= 0 || !ushort.TryParse(text[(colon + 1)..], out var port) || port == 0)
            throw new OptionException("CALLTRACKER_HEP must be host:port.");
        try
        {
            return new IPEndPoint(Dns.GetHostAddresses(text[..colon])[0], port);
        }
        catch (Exception e) when (e is System.Net.Sockets.SocketException or ArgumentException)
        {
            throw new OptionException("CALLTRACKER_HEP names a host that cannot be found.");
        }
    }
}
