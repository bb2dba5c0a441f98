using CallTracker.Media.Dtls;

namespace CallTracker.Media.Relay;

/// <summary>
/// What the relay tells its owner; implemented by a struct. Called on the worker's thread from
/// <c>OnReadable</c> and <c>Tick</c>; the receiver may close the session from within.
/// </summary>
public interface IMediaEvents
{
    /// <summary>The first RTP packet was accepted from a side since its session opened.</summary>
    void OnFirstPacket(int session, int user, MediaSide side);

    /// <summary>A side that should send was silent too long. Told once per silence.</summary>
    void OnMediaTimeout(int session, int user, MediaSide side, MediaTimeoutKind kind);

    /// <summary>The side's address answers port-unreachable and sends nothing. Told once until it sends
    /// again.</summary>
    void OnPeerGone(int session, int user, MediaSide side);

    /// <summary>What a side was played is over, all of it; not told of what was stopped or replaced.</summary>
    void OnPlayed(int session, int user, MediaSide side);

    /// <summary>
    /// A side whose digits are listened to pressed a key and let it go. Not told of those that signalling brought.
    /// </summary>
    /// <param name="session">The session.</param>
    /// <param name="user">Its owner's number.</param>
    /// <param name="side">Who pressed it.</param>
    /// <param name="key">Its code (<see cref="Dtmf.DtmfKey"/>).</param>
    /// <param name="durationMs">How long.</param>
    void OnDigit(int session, int user, MediaSide side, byte key, int durationMs);

    /// <summary>The side's DTLS handshake failed, or was not done in time: there will be no media. Told once, after the
    /// answer.</summary>
    void OnKeysFailed(int session, int user, MediaSide side, DtlsResult why);
}
