using CallTracker.Core.Net;
using CallTracker.Media.Ice;

namespace CallTracker.Media.Dtls;

/// <summary>
/// DTLS and ICE on one side of a session. Lent by <see cref="DtlsDesk"/> as long as the side's SDP says so; its worker
/// alone touches it.
/// </summary>
internal sealed class DtlsSide
{
    /// <summary>The side's number.</summary>
    public int Number;
    public DtlsRemote Remote;
    public DtlsLocal Local;
    public IceLite Ice;
    /// <summary>Null until the first datagram of a handshake goes either way, and some time after it is done.</summary>
    public DtlsSession? Session;
    /// <summary>None until the handshake is done or failed.</summary>
    public DtlsResult Result;
    /// <summary>Where the handshake's datagrams go: from where the last good one came.</summary>
    public IpEndpoint Peer;
    /// <summary>From when on the handshake's time counts; -1 before the call is answered.</summary>
    public long SinceMs;
    /// <summary>When it was done.</summary>
    public long DoneMs;
    public bool IsFailureTold;
    /// <summary>No check came for too long: nothing may be sent until one does.</summary>
    public bool IsConsentLost;

    public bool IsDone => Result == DtlsResult.Ok;

    /// <summary>A new association: what the one before agreed on is void.</summary>
    public void Begin(int number, in DtlsRemote remote, in DtlsLocal local)
    {
        EndSession();
        (Number, Remote, Local, Result, Peer) = (number, remote, local, DtlsResult.None, default);
        (SinceMs, DoneMs, IsFailureTold, IsConsentLost) = (-1, -1, false, false);
        Ice.Begin(local.Ice, remote.IceHash);
    }

    /// <summary>Gives up the handshake's native memory.</summary>
    public void EndSession()
    {
        Session?.Dispose();
        Session = null;
    }
}
