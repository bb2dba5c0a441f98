using CallTracker.Media.Dtls;

namespace CallTracker.Media.Tests.Dtls;

/// <summary>Both ends of one association, and the wire between them, on which datagrams can be lost.</summary>
internal sealed class DtlsPair : IDisposable
{
    private readonly byte[] _flight = new byte[DtlsSession.FlightBytesMax];

    public DtlsPair(DtlsFingerprint? ofServer = null, DtlsFingerprint? ofClient = null)
    {
        Server = new DtlsSession(Identities.Ours, isServer: true, ofClient ?? Identities.Theirs.Fingerprint);
        Client = new DtlsSession(Identities.Theirs, isServer: false, ofServer ?? Identities.Ours.Fingerprint);
    }

    public DtlsSession Server { get; }

    public DtlsSession Client { get; }

    /// <summary>Each datagram in order, with its number; false loses it.</summary>
    public Func<int, bool> Passes { get; set; } = static _ => true;

    /// <summary>Datagrams sent, lost ones too.</summary>
    public int Sent { get; private set; }

    public int LongestBytes { get; private set; }

    public bool IsOver => Server.Result != DtlsResult.None && Client.Result != DtlsResult.None;

    /// <summary>Carries all that is to be sent; false when that was nothing.</summary>
    public bool Carry() => Carry(Client, Server) | Carry(Server, Client);

    /// <summary>A handshake on a wire that loses nothing.</summary>
    public void Run()
    {
        Client.Start();
        while (Carry())
        {
        }
    }

    public void Dispose()
    {
        Server.Dispose();
        Client.Dispose();
    }

    private bool Carry(DtlsSession from, DtlsSession to)
    {
        var length = from.TakeFlight(_flight);
        ReadOnlySpan<byte> flight = _flight.AsSpan(0, length);
        while (DtlsRecords.TryTake(ref flight, out var datagram))
        {
            LongestBytes = Math.Max(LongestBytes, datagram.Length);
            if (Passes(Sent++)) to.Take(datagram);
        }
        flight.Length.ShouldBe(0);
        return length > 0;
    }
}
