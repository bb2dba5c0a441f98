using CallTracker.Core.Memory;
using CallTracker.Core.Time;

namespace CallTracker.Calls.Engine;

/// <summary>
/// The caller's side of RFC 3262: the reliable 18x that waits for its PRACK, and the one that waits for its turn. Part
/// of the call; its buffers are held only while something waits.
/// </summary>
internal struct ReliableRinging
{
    /// <summary>True when the caller takes reliable responses and its trunk's settings allow them.</summary>
    public bool IsWanted;

    /// <summary>CSeq number of the caller's INVITE, which RAck repeats.</summary>
    public uint InviteCSeq;

    /// <summary>The last number given; 0 before the first.</summary>
    public uint RSeq;

    /// <summary>The last one sent waits for its PRACK.</summary>
    public bool IsOpen;

    /// <summary>The one that waits holds SDP: no 2xx may overtake it (RFC 3262 section 3).</summary>
    public bool HasSdp;

    /// <summary>That SDP is an offer: the answer is in the PRACK.</summary>
    public bool IsOffer;

    /// <summary>Version in the o= line of the description that was last put into one.</summary>
    public ulong SdpVersion;

    /// <summary>Until it is sent again.</summary>
    public int IntervalMs;

    /// <summary>Monotonic time at which it was first sent.</summary>
    public long SentMs;
    public TimerHandle Timer;

    /// <summary>The response as sent.</summary>
    public StoredBody Sent;

    /// <summary>Status of the response that follows after the PRACK; 0 for none.</summary>
    public ushort NextCode;
    public StoredBody NextBody;

    /// <summary>Nothing is sent again any more; a PRACK that is still under way is recognised.</summary>
    public void Release(BufferPool buffers)
    {
        Sent.Release(buffers);
        NextBody.Release(buffers);
        NextCode = 0;
    }
}
