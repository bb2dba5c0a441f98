using CallTracker.Media.Dtls;
using CallTracker.Media.Dtmf;
using CallTracker.Media.Relay;

namespace CallTracker.Media.Tests.Support;

/// <summary>Writes down what the relay tells, and closes the session from within when asked to.</summary>
internal struct RecordedEvents : IMediaEvents
{
    private readonly List<string> _told;

    public RecordedEvents(List<string> told)
    {
        _told = told;
        CloseWith = null;
    }

    public MediaRelay? CloseWith { get; set; }

    public readonly void OnFirstPacket(int session, int user, MediaSide side) => Tell($"first {user} {side}", session);

    public readonly void OnMediaTimeout(int session, int user, MediaSide side, MediaTimeoutKind kind) =>
        Tell($"timeout {user} {side} {kind}", session);

    public readonly void OnPeerGone(int session, int user, MediaSide side) => Tell($"gone {user} {side}", session);

    public readonly void OnPlayed(int session, int user, MediaSide side) => Tell($"played {user} {side}", session);

    public readonly void OnDigit(int session, int user, MediaSide side, byte key, int durationMs) =>
        Tell($"digit {user} {side} {(char)DtmfKey.ToText(key)} {durationMs}", session);

    public readonly void OnKeysFailed(int session, int user, MediaSide side, DtlsResult why) =>
        Tell($"no keys {user} {side} {why}", session);

    private readonly void Tell(string what, int session)
    {
        _told.Add(what);
        CloseWith?.Close(session, out _, out _);
    }
}
