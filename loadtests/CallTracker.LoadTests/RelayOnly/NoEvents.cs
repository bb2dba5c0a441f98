using CallTracker.Media.Dtls;
using CallTracker.Media.Relay;

namespace CallTracker.LoadTests.RelayOnly;

/// <summary>Nobody listens: the relay is measured alone.</summary>
internal struct NoEvents : IMediaEvents
{
    public readonly void OnFirstPacket(int session, int user, MediaSide side)
    {
    }

    public readonly void OnMediaTimeout(int session, int user, MediaSide side, MediaTimeoutKind kind)
    {
    }

    public readonly void OnPeerGone(int session, int user, MediaSide side)
    {
    }

    public readonly void OnPlayed(int session, int user, MediaSide side)
    {
    }

    public readonly void OnDigit(int session, int user, MediaSide side, byte key, int durationMs)
    {
    }

    public readonly void OnKeysFailed(int session, int user, MediaSide side, DtlsResult why)
    {
    }
}
